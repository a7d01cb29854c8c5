import type { Columns } from '../db/columns.postgres.ts'

export const previewTables = (c: Columns) => ({
  /** Addresses that show something before it is public, to whoever has them. Only the digest of an address is kept. */
  previews: c.table(
    'previews',
    {
      id: c.text('id').primaryKey(),
      hash: c.text('hash').notNull(),
      kind: c.text('kind').$type<'article' | 'rail'>().notNull(),
      /** The id of the article, or the key of the rail. */
      subject: c.text('subject').notNull(),
      /** The instant that it shows; null for what stands on the desk. */
      showsAt: c.instant('shows_at'),
      /** For the desk: whom it was made for. */
      note: c.text('note'),
      createdAt: c.instant('created_at').notNull(),
      createdById: c.text('created_by_id').notNull(),
      createdByName: c.text('created_by_name').notNull(),
      expiresAt: c.instant('expires_at').notNull(),
      revokedAt: c.instant('revoked_at'),
    },
    (t) => [
      c.uniqueIndex('previews_hash_key').on(t.hash),
      c.index('previews_subject_idx').on(t.subject),
      c.index('previews_created_at_id_idx').on(t.createdAt, t.id),
    ],
  ),
})
