import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'

export const auditStore = (db: Db, { audit }: Pick<Tables, 'audit'>) => ({
  insert: (row: typeof audit.$inferInsert) => db.insert(audit).values(row),
})
