import type { Columns } from '../db/columns.postgres.ts'

export const leaseTables = (c: Columns) => ({
  /** What one process of several does for all of them, and until when it is believed to. */
  leases: c.table('leases', {
    name: c.text('name').primaryKey(),
    holder: c.text('holder').notNull(),
    until: c.instant('until').notNull(),
  }),
})
