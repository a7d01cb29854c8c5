import * as z from 'zod'
import { limit } from '../http/paging.ts'
import { instant } from '../shared/fields.ts'

const WAIT_MAX_S = 30

export const ChangeEvent = z
  .strictObject({
    id: z.string().meta({ description: 'The same wherever the event is told' }),
    kind: z.string().meta({
      description:
        'What has happened, as in "article.published", "article.withdrawn", "rail.changed". Kinds may be added: what you do not know, read again or leave alone',
    }),
    at: instant,
    subject: z.strictObject({
      kind: z.string().meta({ description: 'article, rail, front, section, tag or author. Kinds may be added' }),
      id: z
        .string()
        .meta({ description: 'The id of an article, the key of a rail or front, of a term the slug it was born with' }),
    }),
    version: z.int().optional().meta({ description: 'The edition of an article, or the version of anything else' }),
    slug: z.string().optional().meta({
      description:
        'Of an article, like `headline` and `url`: there while readers have the edition that the event is of',
    }),
    headline: z.string().optional(),
    url: z.string().optional().meta({ description: 'Where readers find it' }),
    language: z.string().optional(),
    sections: z.array(z.string()).optional().meta({ description: 'Keys of its section and those above it' }),
    formerSlug: z.string().optional().meta({
      description: 'The slug before, where it moved: there while readers have the article, and leading to it',
    }),
    changed: z.array(z.string()).optional().meta({
      description: 'Names of the fields that readers get otherwise than before, as in `["body", "headline"]`',
    }),
    reason: z.string().nullable().optional().meta({ description: 'Why it was killed, as a code' }),
    tags: z.array(z.string()).optional().meta({
      description: 'By which names caches take out what shows it: the names that answers have with `CACHE_TAGS`',
    }),
  })
  .meta({ id: 'ChangeEvent', description: 'Something that readers see has changed, or is gone' })
export type ChangeEvent = z.output<typeof ChangeEvent>

export const ChangePage = z
  .strictObject({
    data: z.array(ChangeEvent),
    page: z.strictObject({
      limit: z.int(),
      next: z
        .string()
        .meta({ description: 'For `after`: what comes from here on. Always there, also where nothing has come' }),
    }),
  })
  .meta({ id: 'ChangePage', description: 'Changes in the order in which they were done' })

const cursor = z.string().max(200)

export const StreamQuery = z.strictObject({
  after: cursor.optional().meta({
    description:
      '`page.next` of `/v1/changes`, or the `id:` line of an event of the stream (not the `id` in its data): what came after that comes first. From now on, if left out',
  }),
})
export const StreamHeaders = z.object({
  'last-event-id': cursor.or(z.literal('')).optional().meta({
    description: 'The `id` of the last event that came. An `EventSource` sends it by itself; it goes before `after`',
  }),
})

/** An event of the desk: with what the log knows of it. */
export const DeskEvent = z
  .strictObject({
    seq: z.int().meta({ description: 'Its number among all events; without gaps, in the order of commits' }),
    id: z.string(),
    kind: z.string().meta({
      description: 'As in `/v1/changes`, or "desk." and the operation that wrote, as in "desk.replaceArticle"',
    }),
    at: instant,
    subject: z.strictObject({ kind: z.string(), id: z.string() }),
    version: z.int().optional().meta({
      description:
        'Of "article." events the edition that readers have; of "desk." events the version that the write has made, be it of an article or of anything else',
    }),
    slug: z.string().optional().meta({ description: 'Like all that follows as it was then, be it public now or not' }),
    formerSlug: z.string().optional(),
    headline: z.string().optional(),
    sections: z.array(z.string()).optional(),
    formerSections: z.array(z.string()).optional(),
    language: z.string().optional(),
    changed: z.array(z.string()).optional(),
    reason: z.string().nullable().optional(),
    tags: z.array(z.string()).optional(),
  })
  .meta({ id: 'DeskEvent', description: 'Something that was done at the desk or that readers see' })

export const DeskEventPage = z
  .strictObject({ data: z.array(DeskEvent), page: z.strictObject({ limit: z.int(), next: z.string() }) })
  .meta({ id: 'DeskEventPage', description: 'Events in the order in which they were done' })

export const ChangeQuery = z.strictObject({
  after: cursor.optional().meta({
    description: '`page.next` of an earlier answer. From the first change on if left out',
  }),
  limit,
  wait: z
    .string()
    .refine((value) => /^\d{1,2}$/.test(value) && Number(value) <= WAIT_MAX_S, {
      error: `Must be a whole number of seconds from 0 to ${WAIT_MAX_S}`,
    })
    .transform(Number)
    .optional()
    .meta({
      description: 'Seconds to wait for something to come, where there is nothing yet',
      override: { type: 'integer', minimum: 0, maximum: WAIT_MAX_S },
      example: 20,
    }),
})

export const StreamText = z.string().meta({ id: 'ChangeStream', description: 'Server-Sent Events (WHATWG HTML, 9.2)' })
