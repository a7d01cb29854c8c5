import * as z from 'zod'
import { Actor } from '../articles/schema.ts'
import { instant, language, line, prose, uuid } from '../shared/fields.ts'
import { articleFilters } from '../shared/filters.ts'
import {
  EditorialHeadlineLink,
  HeadlineLinkWrite,
  LINKS_MAX,
  RailKey,
  type StoredLink,
  storedLink,
} from './link-schema.ts'

// Lists of headline links: those of articles, and rails. link-schema.ts has the links.

const items = z.array(HeadlineLinkWrite).max(LINKS_MAX)

export const HeadlinesReplace = z.strictObject({ items }).meta({
  id: 'HeadlinesReplace',
  description: 'The whole list in its new order. A link keeps its id by `id`, or by its target',
})

const followsStories = z.boolean().optional().meta({
  description: 'Whether its pending headlines are pointed at their articles when these are published',
  example: true,
})

const maxItems = z
  .int()
  .min(1)
  .max(LINKS_MAX)
  .nullish()
  .meta({ description: `The most items that it may hold; null for ${LINKS_MAX}` })

export const Backfill = z
  .strictObject({
    ...articleFilters,
    limit: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'The most that are filled in. Without it up to `maxItems`, or 20 items altogether' }),
  })
  .meta({
    id: 'Backfill',
    description:
      'With what a rail fills up, after its items: the newest articles that match and are not in it, by the filters of the list of articles',
    example: { section: 'world', limit: 5 },
  })
const backfill = Backfill.nullish().meta({ description: 'null where it does not fill up' })

/** What a rail says of itself. */
export const RailFields = z.strictObject({
  title: line(200),
  description: prose(2000).nullish(),
  language: language.nullish(),
  followsStories,
  maxItems,
  backfill,
})
export type RailFields = z.output<typeof RailFields>

export const RailCreate = z
  .strictObject({
    key: RailKey.meta({ description: 'The address; it does not change' }),
    ...RailFields.shape,
    items: items.optional(),
  })
  .meta({ id: 'RailCreate', description: 'A new rail' })

export const RailReplace = z
  .strictObject({ ...RailFields.shape, items })
  .meta({ id: 'RailReplace', description: 'A whole rail: what is left out is emptied' })

export const RailPatch = RailFields.partial().meta({
  id: 'RailPatch',
  description: 'A JSON Merge Patch (RFC 7396) of what a rail says of itself',
})

/** What one version of a list holds. This is what is stored. */
export interface ListContent {
  title: string | null
  description: string | null
  language: string | null
  followsStories: boolean
  maxItems: number | null
  backfill: z.output<typeof Backfill> | null
  items: StoredLink[]
}

const listFields = { version: z.int(), updatedAt: instant, items: z.array(EditorialHeadlineLink) }

export const EditorialHeadlines = z
  .strictObject({
    articleId: uuid,
    updatedBy: Actor.nullable().meta({ description: 'null while nobody has written the list' }),
    ...listFields,
  })
  .meta({ id: 'EditorialHeadlines', description: "An article's headline links, with a version and ETag of their own" })

export const EditorialRail = z
  .strictObject({
    key: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    language: z.string().nullable(),
    followsStories: z.boolean(),
    maxItems: z.int().nullable(),
    backfill: Backfill.nullable(),
    updatedBy: Actor,
    scheduled: z
      .strictObject({ liveFrom: instant, releaseId: uuid })
      .nullable()
      .meta({ description: 'When a release changes what it holds; null where none will' }),
    ...listFields,
  })
  .meta({ id: 'EditorialRail', description: 'A rail as the desk sees it' })

export const EditorialHeadlineLinkInPlace = z
  .strictObject({
    ...EditorialHeadlineLink.shape,
    list: z
      .strictObject({ articleId: uuid.nullable(), railKey: z.string().nullable(), version: z.int() })
      .meta({ id: 'LinkPlace', description: 'Where the link stands; the version is what If-Match is compared with' }),
  })
  .meta({ id: 'EditorialHeadlineLinkInPlace', description: 'One link and the list that it stands in' })

const versionSummary = {
  version: z.int(),
  action: z.string().meta({ description: 'What was done, as in "create", "replace", "append". Actions may be added' }),
  isPlan: z.boolean().meta({ description: 'Whether it says what a release was to bring later' }),
  createdAt: instant,
  createdBy: Actor,
}
export const ListVersionSummary = z
  .strictObject(versionSummary)
  .meta({ id: 'ListVersionSummary', description: 'One write on a list of headlines: who and when' })

const VersionedLink = z
  .strictObject(storedLink)
  .meta({ id: 'VersionedHeadlineLink', description: 'A headline link as it was written' })
export const ListVersion = z
  .strictObject({
    ...versionSummary,
    title: z.string().nullable().meta({ description: "null for an article's links, as are the three that follow" }),
    description: z.string().nullable(),
    language: z.string().nullable(),
    followsStories: z.boolean().meta({ description: "true for an article's links" }),
    maxItems: z.int().nullable(),
    backfill: Backfill.nullable(),
    items: z.array(VersionedLink),
  })
  .meta({ id: 'ListVersion', description: 'One version of a list of headlines' })

export type ListVersionSummary = z.output<typeof ListVersionSummary>
export type ListVersion = z.output<typeof ListVersion>
export type EditorialHeadlines = z.output<typeof EditorialHeadlines>
export type EditorialRail = z.output<typeof EditorialRail>
export type EditorialHeadlineLinkInPlace = z.output<typeof EditorialHeadlineLinkInPlace>
