import * as z from 'zod'
import { Actor, Author, Image, Provenance, Section, Source, Tag } from '../articles/schema.ts'
import { Body } from '../body/schema.ts'
import { storedLink } from '../headlines/link-schema.ts'
import { Backfill } from '../headlines/schema.ts'
import { instant } from '../shared/fields.ts'
import type { TableName } from './look.ts'

// What stands in the columns that hold JSON. A test says that each such column has a shape.

const text = z.string().nullable()

const articleContent = z.strictObject({
  slug: z.string(),
  externalId: text,
  headline: z.string(),
  language: z.string(),
  alternativeHeadline: text,
  kicker: text,
  standfirst: text,
  byline: text,
  dateline: text,
  section: Section.required({ slug: true }).nullable(),
  tags: z.array(Tag.required({ slug: true })),
  authors: z.array(Author.required({ slug: true })),
  image: Image.nullable(),
  source: Source.nullable(),
  canonicalUrl: text,
  notes: text,
  provenance: Provenance.nullable(),
  body: Body,
})

const { position: _, ...linkFields } = storedLink
const link = z.strictObject(linkFields)
const listContent = z.strictObject({
  title: text,
  description: text,
  language: text,
  followsStories: z.boolean(),
  maxItems: z.int().nullable(),
  backfill: Backfill.nullable(),
  items: z.array(link),
})
const removed = z.strictObject({ link, position: z.int(), removedAt: instant, removedBy: Actor })

const placedRail = z.strictObject({ key: z.string(), priority: z.int() })
const frontContent = z.strictObject({
  title: z.string(),
  description: text,
  language: text,
  rails: z.array(placedRail),
})

const texts = z.array(z.string())
const anything = z.looseObject({})
const termDetails = z.strictObject({
  description: z.string().optional(),
  uri: z.string().optional(),
  url: z.string().optional(),
  jobTitle: z.string().optional(),
  image: Image.optional(),
  sameAs: texts.optional(),
})
const correction = z.strictObject({ kind: z.literal('correction'), text: z.string(), publishedAt: instant })
const brokenLock = z.strictObject({ from: Actor, by: Actor, reason: z.string(), at: instant })
const counts = z.record(z.string(), z.int().min(0))

/** JSON that is kept as text, as it is sent. */
const jsonOf = (shape: z.ZodType, wrap = (text: string) => text) =>
  z
    .string()
    .transform((value, context) => {
      try {
        return JSON.parse(wrap(value)) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: 'is no JSON' })
        return z.NEVER
      }
    })
    .pipe(shape)

/** An edition's card has no outer braces, to be joined to the rest. */
const card = jsonOf(z.looseObject({ headline: z.string(), language: z.string() }), (inner) => `{${inner}}`)
const face = jsonOf(anything)

interface Shaped {
  table: TableName
  key: readonly string[]
  /** How many rows are read at a time. */
  many: number
  columns: Record<string, z.ZodType>
}

export const shapes: Shaped[] = [
  {
    table: 'articleVersions',
    key: ['articleId', 'version'],
    many: 50,
    columns: { content: articleContent.nullable() },
  },
  { table: 'articleLocks', key: ['articleId'], many: 500, columns: { broken: brokenLock.nullable() } },
  { table: 'headlineLists', key: ['id'], many: 100, columns: { removed: z.array(removed) } },
  { table: 'headlineListVersions', key: ['listId', 'version'], many: 50, columns: { content: listContent.nullable() } },
  {
    table: 'listEditions',
    key: ['listId', 'version'],
    many: 50,
    columns: { card: face, items: jsonOf(z.array(anything)), needs: jsonOf(anything.nullable()) },
  },
  { table: 'frontVersions', key: ['key', 'version'], many: 100, columns: { content: frontContent } },
  {
    table: 'frontEditions',
    key: ['key', 'version'],
    many: 100,
    columns: { card: face, rails: jsonOf(z.array(placedRail)) },
  },
  { table: 'terms', key: ['kind', 'key'], many: 500, columns: { details: termDetails } },
  { table: 'editions', key: ['articleId', 'edition'], many: 200, columns: { corrections: z.array(correction), card } },
  {
    table: 'editionBodies',
    key: ['articleId', 'edition'],
    many: 50,
    columns: {
      html: jsonOf(z.string()),
      blocks: jsonOf(z.array(anything)),
      markdown: jsonOf(z.string()),
      text: jsonOf(z.string()),
    },
  },
  { table: 'releaseItems', key: ['releaseId', 'kind', 'subject'], many: 100, columns: { plan: anything.nullable() } },
  { table: 'importJobs', key: ['id'], many: 500, columns: { options: anything, counts } },
  { table: 'importRecords', key: ['jobId', 'number'], many: 500, columns: { warnings: texts } },
  { table: 'webhooks', key: ['id'], many: 500, columns: { kinds: texts, sections: texts, paths: texts } },
  {
    table: 'idempotencyKeys',
    key: ['callerId', 'digest'],
    many: 100,
    columns: { headers: z.record(z.string(), z.string()) },
  },
  { table: 'events', key: ['seq'], many: 500, columns: { payload: anything } },
  { table: 'audit', key: ['id'], many: 500, columns: { changed: texts } },
  { table: 'keys', key: ['id'], many: 500, columns: { scopes: texts } },
]
