import * as z from 'zod'
import { Actor } from '../audit/schema.ts'
import { type Block, Body } from '../body/schema.ts'
import { instant, language, line, prose, slug, uuid, webAddress } from '../shared/fields.ts'

export const Section = z
  .strictObject({
    slug: slug.optional().meta({ description: 'Derived from the name where it is missing' }),
    name: line(100),
  })
  .meta({ id: 'Section', description: 'The part of the publication that an article belongs to' })

export const Tag = z
  .strictObject({ slug: slug.optional(), name: line(100), uri: webAddress.optional() })
  .meta({ id: 'Tag', description: 'A subject; `uri` names it in a vocabulary such as IPTC Media Topics' })

export const Author = z
  .strictObject({ slug: slug.optional(), name: line(200), url: webAddress.optional() })
  .meta({ id: 'Author', description: 'A person or desk that wrote the article' })

export const Image = z
  .strictObject({
    url: webAddress,
    alt: z.string().max(1000).meta({ description: 'What the picture shows; empty for pure decoration' }),
    caption: prose(2000).optional(),
    credit: line(300).optional(),
    width: z.int().min(1).max(100_000).optional(),
    height: z.int().min(1).max(100_000).optional(),
    focalPoint: z
      .strictObject({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) })
      .optional()
      .meta({ description: 'The point that a crop must keep, as fractions of width and height from the top left' }),
  })
  .meta({ id: 'Image', description: 'A picture by its address' })

export const Source = z
  .strictObject({ name: line(300), url: webAddress.optional() })
  .meta({ id: 'Source', description: 'Where the article was taken from' })

/** Where an imported article came from, and which of its fields were made up from others. Set by the program only. */
export const Provenance = z
  .strictObject({
    kind: z.enum(['document']),
    file: z.string(),
    sha256: z.string(),
    importedAt: instant,
    derived: z.array(z.string()).meta({ description: 'Fields that the source did not have' }),
    publishedAt: instant.nullable().meta({
      description: 'When it was first published there, where that is known: its first publication here keeps that date',
    }),
  })
  .meta({ id: 'Provenance', description: 'Where an imported article came from' })

export const HEADLINE_LENGTH_MAX = 300

/** The fields that an editor writes, but for the body. `null` and leaving a field out mean the same. */
const writable = {
  headline: line(HEADLINE_LENGTH_MAX).meta({
    example: 'U.S. and Russian officials met for six hours in Istanbul on Thursday to address diplomatic issues',
  }),
  slug: slug.optional().meta({ description: 'Derived from the headline when the article is created without one' }),
  language: language.optional(),
  alternativeHeadline: line(300).nullish(),
  kicker: line(100).nullish().meta({ description: 'A word or two above the headline' }),
  standfirst: prose(2000).nullish().meta({ description: 'The paragraph between headline and text' }),
  byline: line(300).nullish().meta({ description: 'As printed. Made from the authors where it is missing' }),
  dateline: line(200).nullish().meta({ description: 'Where it was written, as in "ISTANBUL"' }),
  section: Section.nullish(),
  tags: z.array(Tag).max(50).optional(),
  authors: z.array(Author).max(50).optional(),
  image: Image.nullish(),
  source: Source.nullish(),
  canonicalUrl: webAddress.nullish().meta({ description: 'The address of the original, for republished articles' }),
  externalId: line(200).nullish().meta({ description: 'The id in another system; unique' }),
  notes: prose(20_000).nullish().meta({ description: 'For the desk. Never delivered' }),
  changeNote: prose(2000)
    .optional()
    .meta({ description: 'Why this is written: kept with the version in the history, never delivered' }),
}

const bodyForms = {
  body: Body.optional(),
  bodyHtml: z.string().max(1_000_000).optional().meta({ description: 'HTML, sanitised and kept as blocks' }),
  bodyMarkdown: z
    .string()
    .max(1_000_000)
    .optional()
    .meta({ description: 'CommonMark with GFM tables and strike-through' }),
  bodyText: z.string().max(1_000_000).optional().meta({ description: 'Plain text; a blank line ends a paragraph' }),
}
export const bodyFormNames = Object.keys(bodyForms) as (keyof typeof bodyForms)[]

/** Looked at also where other fields are wrong, so that all faults are told at once. */
const always = ({ value }: { value: unknown }) => typeof value === 'object' && value !== null

const atMostOneBody = {
  check: (fields: object) => bodyFormNames.filter((form) => form in fields).length <= 1,
  error: 'Give the text in one form only: body, bodyHtml, bodyMarkdown or bodyText',
}

export const ArticleReplace = z
  .strictObject({ ...writable, ...bodyForms })
  .refine(atMostOneBody.check, { error: atMostOneBody.error, path: ['body'], when: always })
  .refine((fields) => bodyFormNames.some((form) => form in fields), {
    error: 'Give the text as body, bodyHtml, bodyMarkdown or bodyText; "bodyText": "" empties it',
    path: ['body'],
    when: always,
  })
  .meta({ id: 'ArticleReplace', description: 'A whole article: what is left out is emptied. Exactly one body field' })

export const ArticleCreate = z
  .strictObject({
    ...writable,
    ...bodyForms,
    publish: z.boolean().optional().meta({ description: 'Publish it at once' }),
  })
  .refine(atMostOneBody.check, { error: atMostOneBody.error, path: ['body'], when: always })
  .meta({ id: 'ArticleCreate', description: 'A new article. At most one body field; without one the text is empty' })

export const ArticlePatch = z
  .strictObject({ ...writable, ...bodyForms })
  .partial()
  .refine(atMostOneBody.check, { error: atMostOneBody.error, path: ['body'], when: always })
  .meta({ id: 'ArticlePatch', description: 'A JSON Merge Patch (RFC 7396): what is left out stays, null empties' })

export type ArticleFields = z.output<typeof ArticlePatch>

/** What one version of an article says. This is what is stored. */
export interface ArticleContent {
  slug: string
  externalId: string | null
  headline: string
  language: string
  alternativeHeadline: string | null
  kicker: string | null
  standfirst: string | null
  byline: string | null
  dateline: string | null
  section: { slug: string; name: string } | null
  tags: { slug: string; name: string; uri?: string | undefined }[]
  authors: { slug: string; name: string; url?: string | undefined }[]
  image: z.output<typeof Image> | null
  source: z.output<typeof Source> | null
  canonicalUrl: string | null
  notes: string | null
  provenance: z.output<typeof Provenance> | null
  body: Block[]
}

export const ArticleState = z
  .enum(['draft', 'scheduled', 'live', 'liveWithChanges', 'withdrawn', 'killed', 'trashed'])
  .meta({ id: 'ArticleState', description: 'Where an article stands. States may be added' })
export type ArticleState = z.output<typeof ArticleState>

export { Actor }

export const Lock = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    since: instant,
    until: instant.meta({ description: 'When it ends by itself, unless it is renewed' }),
  })
  .meta({ id: 'Lock', description: 'Who says to be at work on it. A courtesy: the version check decides' })
export type Lock = z.output<typeof Lock>

export const BrokenLock = z
  .strictObject({ from: Actor, by: Actor, reason: z.string(), at: instant })
  .meta({ id: 'BrokenLock', description: 'A lock that was ended by somebody else than its holder, and why' })
export type BrokenLock = z.output<typeof BrokenLock>

export const LockState = z
  .strictObject({
    articleId: uuid,
    lockedBy: Lock.nullable().meta({ description: 'Who says to be at work on it; null where nobody does' }),
    broken: BrokenLock.nullable().meta({ description: 'The last time that somebody broke the lock of another' }),
  })
  .meta({ id: 'LockState', description: 'The lock of an article' })
export type LockState = z.output<typeof LockState>

/** How long a lock lasts that does not say. */
export const LOCK_S_DEFAULT = 300
export const LockWrite = z
  .strictObject({
    expiresInS: z
      .int()
      .min(30)
      .max(3600)
      .optional()
      .meta({ description: `In how many seconds it ends by itself. ${LOCK_S_DEFAULT}, if left out`, example: 300 }),
    breakReason: prose(500).optional().meta({ description: 'Why you take it from whoever has it; editors only' }),
  })
  .meta({ id: 'LockWrite', description: 'How long you will be at work on it' })

const note = prose(2000).optional().meta({ description: 'Why, for the desk: kept with the version, never delivered' })
export const Note = z.strictObject({ note }).meta({ id: 'Note', description: 'Why something is done' })

const Scheduled = z
  .strictObject({
    liveFrom: instant,
    liveUntil: instant.nullable(),
    embargo: z.boolean().meta({ description: 'Whether partners with the scope for it may read it before' }),
    releaseId: uuid.nullable().meta({ description: 'The release that scheduled it' }),
  })
  .meta({ id: 'Scheduled', description: 'What readers will see later' })

/** What editors get of an article, without its body: the entry of a list. */
const summary = {
  id: uuid,
  slug: z.string(),
  state: ArticleState,
  version: z.int().meta({ description: 'Grows by one with each write; the ETag is this number in quotes' }),
  headline: z.string(),
  language: z.string(),
  alternativeHeadline: z.string().nullable(),
  kicker: z.string().nullable(),
  standfirst: z.string().nullable(),
  byline: z.string().nullable(),
  dateline: z.string().nullable(),
  section: Section.nullable(),
  tags: z.array(Tag),
  authors: z.array(Author),
  image: Image.nullable(),
  source: Source.nullable(),
  canonicalUrl: z.string().nullable(),
  externalId: z.string().nullable(),
  notes: z.string().nullable(),
  provenance: Provenance.nullable(),
  createdAt: instant,
  createdBy: Actor,
  updatedAt: instant.meta({ description: 'When this version was written' }),
  updatedBy: Actor,
  publishedAt: instant.nullable().meta({ description: 'When it was first public' }),
  liveFrom: instant.nullable().meta({ description: 'From when readers see it, or saw it last' }),
  liveUntil: instant.nullable().meta({ description: 'Until when; null for no end' }),
  scheduled: Scheduled.nullable().meta({ description: 'The edition that begins later; null where there is none' }),
  killReason: z.string().nullable().meta({ description: 'The code that readers get, where it was killed' }),
  lockedBy: Lock.nullable().meta({ description: 'Who says to be at work on it' }),
  edition: z.int().meta({ description: 'The number of the newest edition; 0 before the first' }),
}

export const EditorialArticleSummary = z
  .strictObject(summary)
  .meta({ id: 'EditorialArticleSummary', description: 'An article as the desk sees it, without its text' })

const LinkPlace = z.strictObject({ linkId: uuid, articleId: uuid.nullable(), railKey: z.string().nullable() })

export const Effects = z
  .strictObject({
    redirects: z.array(z.string()).meta({ description: 'Former slugs that lead readers to it' }),
    links: z.array(LinkPlace).meta({
      description: 'Headline links that point at it, of those that you may read: readers see them while it is public',
    }),
    comesAlive: z.array(LinkPlace).meta({
      description: 'Pending headlines that are pointed at it by this, or will be when what is scheduled begins',
    }),
    editions: z
      .array(z.strictObject({ edition: z.int(), liveFrom: instant, liveUntil: instant.nullable() }))
      .meta({ description: 'What readers see and when, from now on' }),
  })
  .meta({ id: 'Effects', description: 'What a write does beside the article itself' })
export type Effects = z.output<typeof Effects>

export const EditorialArticle = z
  .strictObject({
    ...summary,
    body: Body,
    effects: Effects.optional().meta({ description: 'In the answer to a dry run only' }),
  })
  .meta({ id: 'EditorialArticle', description: 'An article as the desk sees it' })

export type EditorialArticleSummary = z.output<typeof EditorialArticleSummary>
export type EditorialArticle = z.output<typeof EditorialArticle>
