import { and, asc, desc, eq, gt, inArray, lt, lte } from 'drizzle-orm'
import { readFor } from '../db/chunks.ts'
import type { Db } from '../db/database.ts'
import type { PublishedTables } from '../db/tables.ts'
import type { Place } from '../shared/place.ts'

/** The part of the store that fronts need: which are visible, and which of their rails. */
export const frontStore = (db: Db, { frontEditions, listEditions }: PublishedTables) => {
  const visible = (at: string) => and(lte(frontEditions.liveFrom, at), gt(frontEditions.liveUntil, at))
  const visibleRails = (keys: string[], at: string) =>
    and(inArray(listEditions.key, keys), lte(listEditions.liveFrom, at), gt(listEditions.liveUntil, at))

  return {
    front: async (key: string, at: string) =>
      (
        await db
          .select()
          .from(frontEditions)
          .where(and(eq(frontEditions.key, key), visible(at)))
      )[0],

    /** By key. Going back, the rows come in the opposite order. */
    fronts: (limit: number, place: Place | undefined, at: string) => {
      const back = place?.direction === 'before'
      return db
        .select()
        .from(frontEditions)
        .where(and(visible(at), place && (back ? lt : gt)(frontEditions.key, place.id)))
        .orderBy(back ? desc(frontEditions.key) : asc(frontEditions.key))
        .limit(limit)
    },

    /** Those of these rails that are there, in no order. */
    railsByKeys: (keys: string[], at: string) =>
      readFor(keys, (some) => db.select().from(listEditions).where(visibleRails(some, at))),

    /** Their keys alone. */
    railKeys: async (keys: string[], at: string): Promise<Set<string | null>> => {
      const rows = await readFor(keys, (some) =>
        db.select({ key: listEditions.key }).from(listEditions).where(visibleRails(some, at)),
      )
      return new Set(rows.map(({ key }) => key))
    },
  }
}
