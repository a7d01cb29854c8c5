import type { Columns } from '../db/columns.postgres.ts'
import type { RailPlan } from '../headlines/schema.ts'

export const releaseTables = (c: Columns) => {
  /** Articles and rails that change at one instant. */
  const releases = c.table(
    'releases',
    {
      id: c.text('id').primaryKey(),
      title: c.text('title').notNull(),
      version: c.integer('version').notNull(),
      state: c.text('state').$type<'open' | 'scheduled' | 'cancelled'>().notNull(),
      /** When it is or was due; null while it is open. */
      liveFrom: c.instant('live_from'),
      createdAt: c.instant('created_at').notNull(),
      createdById: c.text('created_by_id').notNull(),
      createdByName: c.text('created_by_name').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
      updatedById: c.text('updated_by_id').notNull(),
      updatedByName: c.text('updated_by_name').notNull(),
    },
    (t) => [
      c.index('releases_updated_at_id_idx').on(t.updatedAt, t.id),
      c.index('releases_state_live_from_idx').on(t.state, t.liveFrom, t.id),
    ],
  )
  const releaseItems = c.table(
    'release_items',
    {
      releaseId: c
        .text('release_id')
        .notNull()
        .references(() => releases.id),
      kind: c.text('kind').$type<'article' | 'rail'>().notNull(),
      /** The id of the article, or the key of the rail. */
      subject: c.text('subject').notNull(),
      /** The version that was looked at when the piece was added. */
      version: c.integer('version').notNull(),
      /** What the rail will hold; null for articles. */
      plan: c.json('plan').$type<RailPlan>(),
      position: c.integer('position').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.releaseId, t.kind, t.subject] }),
      c.index('release_items_subject_idx').on(t.subject),
    ],
  )
  return { releases, releaseItems }
}
