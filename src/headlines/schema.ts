import * as z from 'zod'
import { Actor, Image } from '../articles/schema.ts'
import { instant, language, line, prose, uuid, webAddress } from '../shared/fields.ts'

export const RailKey = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
    error: 'Must be lower-case letters, digits and single hyphens, as in "home-top"',
  })

const ArticleTarget = z
  .strictObject({ kind: z.literal('article'), id: uuid })
  .meta({ id: 'ArticleTarget', description: 'An article of ours; headline and address follow it' })

const UrlTarget = z
  .strictObject({ kind: z.literal('url'), url: webAddress })
  .meta({ id: 'UrlTarget', description: 'A page elsewhere' })

export const LinkTarget = z
  .discriminatedUnion('kind', [ArticleTarget, UrlTarget])
  .meta({ id: 'LinkTarget', description: 'What a headline link points at' })
export type LinkTarget = z.output<typeof LinkTarget>

export const Prominence = z
  .enum(['low', 'normal', 'high', 'max'])
  .meta({ id: 'Prominence', description: 'How much room the headline should get' })

const linkFields = {
  headline: line(300)
    .nullish()
    .meta({ description: "Needed unless the target is an article; then it overrides the article's" }),
  kicker: line(100).nullish(),
  summary: prose(2000).nullish(),
  image: Image.nullish(),
  label: line(50).nullish().meta({ description: 'As in "live", "analysis", "sponsored"' }),
  prominence: Prominence.optional(),
  target: LinkTarget.nullish().meta({ description: 'null for a pending headline: its story is not written yet' }),
  note: prose(2000).nullish().meta({ description: 'For the desk. Never delivered' }),
  followsStory: z.boolean().optional().meta({
    description: 'Whether a pending headline is pointed at the article of that headline when it is published',
    example: true,
  }),
}

const followsStories = z.boolean().optional().meta({
  description: 'Whether its pending headlines are pointed at their articles when these are published',
  example: true,
})

const needsHeadline = {
  check: (link: { headline?: string | null | undefined; target?: { kind: string } | null | undefined }) =>
    typeof link.headline === 'string' || link.target?.kind === 'article',
  error: 'A link needs a headline unless it points at an article',
}

export const HeadlineLinkCreate = z
  .strictObject(linkFields)
  .refine(needsHeadline.check, { error: needsHeadline.error, path: ['headline'] })
  .meta({ id: 'HeadlineLinkCreate', description: 'A new headline link, added at the end of its list' })

export const HeadlineLinkWrite = z
  .strictObject({
    id: uuid
      .optional()
      .meta({ description: 'Of a link that is in the list already. Alone it keeps the link as it is' }),
    ...linkFields,
  })
  .refine((link) => isKept(link) || needsHeadline.check(link), { error: needsHeadline.error, path: ['headline'] })
  .meta({
    id: 'HeadlineLinkWrite',
    description: 'One link of a whole list; `{"id": …}` alone only says where it stands now',
  })

export const HeadlineLinkPatch = z
  .strictObject(linkFields)
  .partial()
  .meta({ id: 'HeadlineLinkPatch', description: 'A JSON Merge Patch (RFC 7396) of one link' })

export type LinkFields = z.output<typeof HeadlineLinkPatch> & { id?: string | undefined }

/** Whether a link is only named: it keeps its fields, and its place in the new list is all that is said. */
export const isKept = (link: LinkFields): boolean => link.id !== undefined && Object.keys(link).length === 1

export const LINKS_MAX = 500
const items = z.array(HeadlineLinkWrite).max(LINKS_MAX)

export const HeadlinesReplace = z.strictObject({ items }).meta({
  id: 'HeadlinesReplace',
  description: 'The whole list in its new order. A link keeps its id by `id`, or by its target',
})

export const RailCreate = z
  .strictObject({
    key: RailKey.meta({ description: 'The address; it does not change' }),
    title: line(200),
    description: prose(2000).nullish(),
    language: language.nullish(),
    followsStories,
    items: items.optional(),
  })
  .meta({ id: 'RailCreate', description: 'A new rail' })

export const RailReplace = z
  .strictObject({
    title: line(200),
    description: prose(2000).nullish(),
    language: language.nullish(),
    followsStories,
    items,
  })
  .meta({ id: 'RailReplace', description: 'A whole rail: what is left out is emptied' })

/** What a rail says of itself. */
export const RailFields = z.strictObject({
  title: line(200),
  description: prose(2000).nullish(),
  language: language.nullish(),
  followsStories,
})

export const RailPatch = RailFields.partial().meta({
  id: 'RailPatch',
  description: 'A JSON Merge Patch (RFC 7396) of what a rail says of itself',
})

/** A stored link: all its fields, its id, its place being its index. */
export interface StoredLink {
  id: string
  headline: string | null
  kicker: string | null
  summary: string | null
  image: z.output<typeof Image> | null
  label: string | null
  prominence: z.output<typeof Prominence>
  target: LinkTarget | null
  note: string | null
  followsStory: boolean
}

/** What one version of a list holds. This is what is stored. */
export interface ListContent {
  title: string | null
  description: string | null
  language: string | null
  followsStories: boolean
  items: StoredLink[]
}

export const EditorialHeadlineLink = z
  .strictObject({
    id: uuid,
    position: z.int().meta({ description: 'From 0' }),
    headline: z.string().nullable(),
    kicker: z.string().nullable(),
    summary: z.string().nullable(),
    image: Image.nullable(),
    label: z.string().nullable(),
    prominence: Prominence,
    target: LinkTarget.nullable(),
    note: z.string().nullable(),
    followsStory: z.boolean(),
  })
  .meta({ id: 'EditorialHeadlineLink', description: 'A headline link as the desk sees it' })

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

export const ListVersion = z
  .strictObject({
    ...versionSummary,
    title: z.string().nullable().meta({ description: "null for an article's links, as are the two that follow" }),
    description: z.string().nullable(),
    language: z.string().nullable(),
    followsStories: z.boolean().meta({ description: "true for an article's links" }),
    items: z.array(EditorialHeadlineLink),
  })
  .meta({ id: 'ListVersion', description: 'One version of a list of headlines' })

export type ListVersionSummary = z.output<typeof ListVersionSummary>
export type ListVersion = z.output<typeof ListVersion>
export type EditorialHeadlines = z.output<typeof EditorialHeadlines>
export type EditorialRail = z.output<typeof EditorialRail>
export type EditorialHeadlineLinkInPlace = z.output<typeof EditorialHeadlineLinkInPlace>
