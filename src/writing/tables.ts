import type { Columns } from '../db/columns.postgres.ts'

export const writingTables = (c: Columns) => ({
  /**
   * Writes that were done under an Idempotency-Key, with their answers, for as long as they may be repeated. Of the key
   * only a digest is kept; `body` is null where the answer is not kept (a secret, or a text that was erased since).
   */
  idempotencyKeys: c.table(
    'idempotency_keys',
    {
      callerId: c.text('caller_id').notNull(),
      /** A digest of method, path and key. */
      digest: c.text('digest').notNull(),
      /** A digest of all that the request asked for. */
      request: c.text('request').notNull(),
      status: c.integer('status').notNull(),
      headers: c.json('headers').$type<Record<string, string>>().notNull(),
      body: c.text('body'),
      createdAt: c.instant('created_at').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.callerId, t.digest] }),
      c.index('idempotency_keys_created_at_idx').on(t.createdAt),
    ],
  ),
})
