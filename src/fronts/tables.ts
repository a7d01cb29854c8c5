import type { Columns } from '../db/columns.postgres.ts'
import type { FrontContent } from './schema.ts'

export const frontTables = (c: Columns) => {
  /** Pages made of rails. The row of a deleted one stays, so that what is made under its key goes on counting versions. */
  const fronts = c.table('fronts', {
    key: c.text('key').primaryKey(),
    version: c.integer('version').notNull(),
    isDeleted: c.boolean('is_deleted').notNull(),
    updatedAt: c.instant('updated_at').notNull(),
    updatedById: c.text('updated_by_id').notNull(),
    updatedByName: c.text('updated_by_name').notNull(),
  })
  /** What a front was after each write; never changed. */
  const frontVersions = c.table(
    'front_versions',
    {
      key: c.text('key').notNull(),
      version: c.integer('version').notNull(),
      action: c.text('action').notNull(),
      content: c.json('content').$type<FrontContent>().notNull(),
      createdAt: c.instant('created_at').notNull(),
      createdById: c.text('created_by_id').notNull(),
      createdByName: c.text('created_by_name').notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.key, t.version] })],
  )
  /** What readers get of a front: immutable, visible while `liveFrom <= now < liveUntil`. */
  const frontEditions = c.table(
    'front_editions',
    {
      key: c.text('key').notNull(),
      version: c.integer('version').notNull(),
      liveFrom: c.instant('live_from').notNull(),
      liveUntil: c.instant('live_until').notNull(),
      /** When readers last saw it change. */
      updatedAt: c.instant('updated_at').notNull(),
      /** JSON text: the front's own fields, then its rails with their priorities (fronts/edition.ts). */
      card: c.text('card').notNull(),
      rails: c.text('rails').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.key, t.version] }),
      c.index('front_editions_key_live_until_idx').on(t.key, t.liveUntil),
    ],
  )
  return { fronts, frontVersions, frontEditions }
}
