import * as z from 'zod'
import { instant, line, uuid } from '../shared/fields.ts'
import { instantInput } from '../shared/instant.ts'

export const Actor = z
  .strictObject({ id: z.string(), name: z.string() })
  .meta({ id: 'Actor', description: 'The key that did it' })
/** Who did something: a key, or nobody known. */
export type Actor = z.output<typeof Actor>

/** What is noted of one accepted write, or of one refused credential. */
export interface Entry {
  actor: Actor | null
  requestId: string
  /** The operation, as the OpenAPI document names it; "goLive" and "expire" for what the clock did. */
  action: string
  outcome: 'accepted' | 'refused'
  subject?: { kind: string; id: string; version?: number | undefined; changed?: string[] | undefined }
}

/** A request whose key was not taken, or whose key does not allow what it asked for. */
export interface Refusal extends Pick<Entry, 'actor' | 'requestId' | 'action'> {
  at: string
  /** Where it has been tried to write it: that may have been done, though nobody said so. */
  id?: string
  /** More than 1 where a row stands for those that were too many. */
  times: number
}

/** The action of the row that says how many refusals were not noted one by one. */
export const TOO_MANY = 'refusedTooOften'

const Outcome = z.enum(['accepted', 'refused'])

export const AuditEntry = z
  .strictObject({
    id: uuid,
    at: instant,
    actor: Actor.nullable().meta({ description: 'null where the key that was sent is nobody’s' }),
    requestId: z.string().meta({ description: 'The `X-Request-Id` of the answer, as in the log' }),
    outcome: Outcome,
    action: z.string().meta({
      description: `The operationId; \`goLive\` and \`expire\` for what the clock did, \`linkPendingHeadline\` for a list whose pending headline was pointed at a story by its publication, \`${TOO_MANY}\` for refusals without a row of their own`,
    }),
    times: z.int().meta({ description: '1, but for refusals that were too many for a row each' }),
    subject: z
      .strictObject({
        kind: z
          .string()
          .meta({ description: 'As in "article", "headlines", "rail", "front", "key". Kinds may be added' }),
        id: z.string().meta({ description: 'Its id, or the key of a rail or front' }),
        version: z.int().nullable().meta({
          description: 'The version that was made; for `goLive` and `expire` the one that readers got',
        }),
        changed: z.array(z.string()).meta({ description: 'The names of the fields that changed' }),
      })
      .nullable()
      .meta({ description: 'What it was done to; null for a refusal' }),
  })
  .meta({ id: 'AuditEntry', description: 'Who did what. Names of fields only, never what stood in them' })
export type AuditEntry = z.output<typeof AuditEntry>

/** Which entries are asked for. */
export const auditFilters = {
  actor: line(200).optional().meta({ description: 'The id of a key' }),
  action: line(100).optional().meta({ description: 'An operationId, `goLive` or `expire`', example: 'publishArticle' }),
  subject: line(200).optional().meta({ description: 'An id, or the key of a rail or front' }),
  kind: line(50).optional().meta({ description: 'What it was done to', example: 'article' }),
  outcome: Outcome.optional().meta({ description: 'Writes that were accepted, or keys that were refused' }),
  after: instantInput.optional().meta({ description: 'Only what is later than this instant' }),
  before: instantInput.optional().meta({ description: 'Only what is earlier than this instant' }),
}
const AuditFilters = z.object(auditFilters)
export type AuditFilters = z.output<typeof AuditFilters>
