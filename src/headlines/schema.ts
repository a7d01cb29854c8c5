import * as z from 'zod'
import { Actor } from '../articles/schema.ts'
import { instant, language, line, prose, uuid } from '../shared/fields.ts'
import { articleFilters } from '../shared/filters.ts'
import { instantInput } from '../shared/instant.ts'
import {
  below,
  EditorialHeadlineLink,
  HeadlineLinkWrite,
  LINKS_MAX,
  type LinkFields,
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

const PublishMode = z.enum(['live', 'staged']).meta({
  id: 'PublishMode',
  description: '`live`: each write is public at once. `staged`: writes wait in a draft until it is published',
})
export type PublishMode = z.output<typeof PublishMode>
const publishMode = PublishMode.optional()
/** The same, and how it is published. */
export const RailWrite = RailFields.extend({
  publishMode: publishMode.meta({ description: 'How writes become public. It stays as it is, if left out' }),
})

export const RailCreate = z
  .strictObject({
    key: RailKey.meta({ description: 'The address; it does not change' }),
    ...RailFields.shape,
    publishMode: publishMode.meta({ description: 'How writes become public; `live`, if left out' }),
    items: items.optional(),
  })
  .meta({ id: 'RailCreate', description: 'A new rail' })

export const RailReplace = z
  .strictObject({ ...RailWrite.shape, items })
  .meta({ id: 'RailReplace', description: 'A whole rail: what is left out is emptied, but for `publishMode`' })

export const RailPatch = RailWrite.partial().meta({
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
    publishMode: PublishMode,
    publishedVersion: z
      .int()
      .nullable()
      .meta({ description: 'The version whose fields and items readers have; null while they have none' }),
    hasChanges: z.boolean().meta({ description: 'Whether a staged rail holds something that readers do not have' }),
    updatedBy: Actor,
    scheduled: z
      .strictObject({
        liveFrom: instant,
        version: z.int().meta({ description: 'The version that says what comes' }),
        releaseId: uuid
          .nullable()
          .meta({ description: 'The release that brings it; null for a publication of its own' }),
      })
      .nullable()
      .meta({ description: 'When what readers have of it will change; null where nothing is planned' }),
    ...listFields,
  })
  .meta({ id: 'EditorialRail', description: 'A rail as the desk sees it' })

export const EditorialHeadlineLinkInPlace = z
  .strictObject({
    ...EditorialHeadlineLink.shape,
    ...below,
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

export const VersionedLink = z
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

export const RailPublish = z
  .strictObject({
    liveFrom: instantInput.nullish().meta({ description: 'When readers get it. Now, if left out' }),
  })
  .meta({ id: 'RailPublish', description: 'When the draft of a staged rail becomes public' })

export const RemovedLinks = z
  .strictObject({
    version: z.int().meta({ description: 'Of the list; what If-Match is compared with' }),
    data: z.array(
      z
        .strictObject({
          link: VersionedLink.omit({ position: true }),
          position: z.int().meta({ description: 'Where it stood' }),
          removedAt: instant,
          removedBy: Actor,
        })
        .meta({ id: 'RemovedLink', description: 'A link that was taken out, as it was' }),
    ),
  })
  .meta({ id: 'RemovedLinks', description: 'The last 20 links that were taken out of a list, the last one first' })

export type ListVersionSummary = z.output<typeof ListVersionSummary>
export type ListVersion = z.output<typeof ListVersion>
export type EditorialHeadlines = z.output<typeof EditorialHeadlines>
/** What a release plans for a rail: the items of a live one; nothing for a staged one, whose draft comes. */
export interface RailPlan {
  items?: LinkFields[] | undefined
}

export type RemovedLinks = z.output<typeof RemovedLinks>
export type EditorialRail = z.output<typeof EditorialRail>
export type EditorialHeadlineLinkInPlace = z.output<typeof EditorialHeadlineLinkInPlace>
