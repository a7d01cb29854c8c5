import * as z from 'zod'
import { Actor, ArticleState } from '../articles/schema.ts'
import { HeadlineLinkWrite, LINKS_MAX, RailKey } from '../headlines/link-schema.ts'
import { cursor, limit, Page } from '../http/paging.ts'
import { instant, line, prose, uuid } from '../shared/fields.ts'
import { instantInput } from '../shared/instant.ts'

export const PIECES_MAX = 100

const seenVersion = z
  .int()
  .min(0)
  .max(2_147_483_647)
  .optional()
  .meta({ description: 'The version that you have looked at. The present one, if left out; refused if it is another' })
const items = z
  .array(HeadlineLinkWrite)
  .max(LINKS_MAX)
  .meta({ description: 'All that the rail will hold, in order; the rest of the rail stays as it is then' })
const plannedItems = items.optional().meta({
  description:
    'All that a live rail will hold, in order; the rest of it stays as it is then. Left out for a staged rail: its draft comes as it stands when the release is scheduled',
})

export const PieceWrite = z
  .discriminatedUnion('kind', [
    z
      .strictObject({ kind: z.literal('article'), id: uuid, version: seenVersion })
      .meta({ id: 'ReleaseArticleWrite', description: 'An article, which will be published as it stands' }),
    z
      .strictObject({ kind: z.literal('rail'), key: RailKey, items: plannedItems, version: seenVersion })
      .meta({ id: 'ReleaseRailWrite', description: 'A rail, and what it will hold' }),
  ])
  .meta({ id: 'ReleaseItemWrite', description: 'A piece to add to a release' })
export type PieceWrite = z.output<typeof PieceWrite>

const title = line(200).meta({ description: 'For the desk' })
export const ReleaseCreate = z
  .strictObject({ title, items: z.array(PieceWrite).max(PIECES_MAX).optional() })
  .meta({ id: 'ReleaseCreate', description: 'A new release' })

/** What a release says of itself. */
export const ReleaseFields = z.strictObject({ title })

export const ReleasePatch = ReleaseFields.partial().meta({
  id: 'ReleasePatch',
  description: 'A JSON Merge Patch (RFC 7396) of a release',
})

export const ReleaseSchedule = z
  .strictObject({
    liveFrom: instantInput.optional().meta({ description: 'When all pieces change at once. Now, if left out' }),
    acceptChanges: z
      .boolean()
      .optional()
      .meta({ description: 'Take the pieces as they stand, also those that have changed since they were added' }),
    note: prose(2000).optional().meta({ description: 'Why, for the desk: kept with the versions of the articles' }),
  })
  .meta({ id: 'ReleaseSchedule', description: 'When a release comes' })
export type ReleaseSchedule = z.output<typeof ReleaseSchedule>

export const ReleaseState = z
  .enum(['open', 'scheduled', 'released', 'cancelled'])
  .meta({ id: 'ReleaseState', description: 'Where a release stands. States may be added' })
export type ReleaseState = z.output<typeof ReleaseState>

const piece = {
  version: z.int().meta({ description: 'The version that was looked at, or that scheduling has made of it' }),
  currentVersion: z.int().nullable().meta({ description: 'The version that stands; null where the piece is gone' }),
  hasChanged: z.boolean().meta({ description: 'Whether it was written since' }),
  isPlanned: z.boolean().meta({ description: 'Whether it will change when the release comes' }),
}
const ArticlePiece = z
  .strictObject({
    kind: z.literal('article'),
    id: uuid,
    headline: z.string().nullable(),
    state: ArticleState.nullable(),
    ...piece,
  })
  .meta({ id: 'ReleaseArticle', description: 'An article of a release' })
const RailPiece = z
  .strictObject({
    kind: z.literal('rail'),
    key: z.string(),
    title: z.string().nullable(),
    ...piece,
    items: items.nullable(),
  })
  .meta({ id: 'ReleaseRail', description: 'A rail of a release, and what it will hold' })

const summary = {
  id: uuid,
  title: z.string(),
  state: ReleaseState,
  version: z.int().meta({ description: 'Grows by one with each write; the ETag is this number in quotes' }),
  liveFrom: instant.nullable().meta({ description: 'When it comes, has come or was to come' }),
  itemCount: z.int(),
  createdAt: instant,
  createdBy: Actor,
  updatedAt: instant,
  updatedBy: Actor,
}
export const ReleaseSummary = z
  .strictObject(summary)
  .meta({ id: 'ReleaseSummary', description: 'A release without its pieces' })
export type ReleaseSummary = z.output<typeof ReleaseSummary>
export const Release = z
  .strictObject({ ...summary, items: z.array(z.discriminatedUnion('kind', [ArticlePiece, RailPiece])) })
  .meta({ id: 'Release', description: 'Articles and rails that change at one instant' })
export type Release = z.output<typeof Release>
export type ShownPiece = Release['items'][number]

export const ReleasePage = z
  .strictObject({ data: z.array(ReleaseSummary), page: Page })
  .meta({ id: 'ReleasePage', description: 'Releases, last changed first' })
export const ReleaseListQuery = z.strictObject({
  state: ReleaseState.optional().meta({ description: 'Only those that stand there' }),
  limit,
  cursor,
})
export const ReleaseId = z.object({
  id: z.string().max(200).meta({ description: 'The id of a release', example: '019b0f70-11d0-7c44-8a10-3c2f6a0e5b01' }),
})
export const PieceAddress = ReleaseId.extend({
  kind: z.string().max(20).meta({ description: '`article` or `rail`', example: 'article' }),
  subject: z.string().max(200).meta({
    description: 'The id of the article, or the key of the rail',
    example: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02',
  }),
})

export const ScheduleEntry = z
  .strictObject({
    at: instant,
    kind: z.enum(['publish', 'update', 'expire', 'release', 'railChange']).meta({
      description:
        '`publish`: readers see an article that they do not see before; `update`: another edition of it; `expire`: it is gone again. Kinds may be added',
    }),
    articleId: uuid.optional(),
    headline: z.string().optional(),
    edition: z.int().optional(),
    version: z.int().optional().meta({ description: 'The version of the article, or of the rail, that is meant' }),
    embargo: z.boolean().optional(),
    railKey: z.string().optional(),
    title: z.string().optional().meta({ description: 'Of the rail, or of the release' }),
    releaseId: uuid.optional().meta({ description: 'The release, or the one that it is a piece of' }),
  })
  .meta({ id: 'ScheduleEntry', description: 'One thing that will happen by the clock' })
export type ScheduleEntry = z.output<typeof ScheduleEntry>
export const SchedulePage = z
  .strictObject({ data: z.array(ScheduleEntry), page: Page })
  .meta({ id: 'SchedulePage', description: 'What will happen, in the order of time' })
export const ScheduleQuery = z.strictObject({
  until: instantInput.optional().meta({ description: 'Only what happens until then' }),
  limit,
  cursor,
})
