import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { once } from '../db/prepared.ts'
import type { Tables } from '../db/tables.ts'

export const accessStore = (db: Db, { keys }: Pick<Tables, 'keys'>) => ({
  insert: (row: typeof keys.$inferInsert) => db.insert(keys).values(row),
  insertFirst: async (row: typeof keys.$inferInsert) =>
    (await db.insert(keys).values(row).onConflictDoNothing().returning({ id: keys.id })).length > 0,
  byHash: async (hash: string) => {
    const isIt = eq(keys.hash, sql.placeholder('hash'))
    return (await once(db, 'key by hash', (as) => db.select().from(keys).where(isIt).prepare(as)).execute({ hash }))[0]
  },
  byId: async (id: string) => (await db.select().from(keys).where(eq(keys.id, id)))[0],
  standing: (ids: string[]) =>
    db
      .select({ id: keys.id })
      .from(keys)
      .where(and(inArray(keys.id, ids), isNull(keys.revokedAt))),
  all: () => db.select().from(keys).orderBy(desc(keys.createdAt), desc(keys.id)),
  count: () => db.$count(keys),
  revoke: async (id: string, at: string) =>
    (await db.update(keys).set({ revokedAt: at }).where(eq(keys.id, id)).returning())[0],
})
