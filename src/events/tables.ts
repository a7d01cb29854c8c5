import type { Columns } from '../db/columns.postgres.ts'
import type { EventKind, EventPayload } from './schema.ts'

export const eventTables = (c: Columns) => ({
  /** Every change, one row each, written in the change's own transaction; never changed afterwards. */
  events: c.table(
    'events',
    {
      /** From 1 on, without gaps, in the order in which transactions are done: who has read up to one misses none before. */
      seq: c.long('seq').primaryKey(),
      /** The same among those that are public: readers must not learn from it what the desk does. Null for the others. */
      publicSeq: c.long('public_seq'),
      id: c.text('id').notNull(),
      kind: c.text('kind').$type<EventKind>().notNull(),
      at: c.instant('at').notNull(),
      /** Whether it is of something that readers see; the others are for the desk alone. */
      isPublic: c.boolean('is_public').notNull(),
      subjectKind: c.text('subject_kind').notNull(),
      subjectId: c.text('subject_id').notNull(),
      payload: c.json('payload').$type<EventPayload>().notNull(),
    },
    (t) => [
      c.uniqueIndex('events_id_key').on(t.id),
      c.index('events_is_public_seq_idx').on(t.isPublic, t.seq),
      c.uniqueIndex('events_public_seq_key').on(t.publicSeq),
      c.index('events_subject_kind_subject_id_seq_idx').on(t.subjectKind, t.subjectId, t.seq),
    ],
  ),
  /** One row: the last numbers that were given. Whoever takes the next one holds it until the transaction is done. */
  eventCounter: c.table('event_counter', {
    id: c.integer('id').primaryKey(),
    last: c.long('last').notNull(),
    lastPublic: c.long('last_public').notNull(),
  }),
})
