import type { Columns } from '../db/columns.postgres.ts'

export const auditTables = (c: Columns) => ({
  /** One row per accepted write and per refused credential. Names of fields, never what stood in them. */
  audit: c.table(
    'audit',
    {
      id: c.text('id').primaryKey(),
      at: c.instant('at').notNull(),
      /** The key that did it; null where the credential is nobody's. */
      actorId: c.text('actor_id'),
      actorName: c.text('actor_name'),
      requestId: c.text('request_id').notNull(),
      outcome: c.text('outcome').$type<'accepted' | 'refused'>().notNull(),
      action: c.text('action').notNull(),
      /** 1, but for refusals that were too many for a row each. */
      times: c.integer('times').notNull(),
      subjectKind: c.text('subject_kind'),
      subjectId: c.text('subject_id'),
      version: c.integer('version'),
      changed: c.json('changed').$type<string[]>().notNull(),
    },
    (t) => [
      c.index('audit_at_id_idx').on(t.at, t.id),
      c.index('audit_subject_id_at_idx').on(t.subjectId, t.at, t.id),
      c.index('audit_actor_id_at_idx').on(t.actorId, t.at, t.id),
    ],
  ),
})
