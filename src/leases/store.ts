import { and, eq, gt, lte, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'

export const leaseStore = (db: Db, { leases }: Pick<Tables, 'leases'>) => ({
  get: async (name: string) => (await db.select().from(leases).where(eq(leases.name, name)))[0],

  /** Takes or renews a lease that is the holder's, or that is over. Whether it is the holder's now. */
  async take(name: string, holder: string, until: string, free: { before: string; after: string }): Promise<boolean> {
    const taken = await db
      .insert(leases)
      .values({ name, holder, until })
      .onConflictDoUpdate({
        target: leases.name,
        set: { holder, until },
        setWhere: sql`${eq(leases.holder, holder)} or ${lte(leases.until, free.before)} or ${gt(leases.until, free.after)}`,
      })
      .returning({ holder: leases.holder })
    return taken.length > 0
  },

  release: async (name: string, holder: string): Promise<void> => {
    await db.delete(leases).where(and(eq(leases.name, name), eq(leases.holder, holder)))
  },
})
