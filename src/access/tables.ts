import type { Columns } from '../db/columns.postgres.ts'

export const accessTables = (c: Columns) => ({
  /** API keys. Only the SHA-256 of a key is kept; `hint` is its last four characters, to tell keys apart in a list. */
  keys: c.table(
    'keys',
    {
      id: c.text('id').primaryKey(),
      name: c.text('name').notNull(),
      role: c.text('role').notNull(),
      /** Scopes besides those of the role. */
      scopes: c.json('scopes').$type<string[]>().notNull(),
      hash: c.text('hash').notNull(),
      hint: c.text('hint').notNull(),
      createdAt: c.instant('created_at').notNull(),
      revokedAt: c.instant('revoked_at'),
    },
    (t) => [c.uniqueIndex('keys_hash_key').on(t.hash)],
  ),
})
