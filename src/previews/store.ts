import { and, desc, eq, gt, isNull, lt } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { beyond } from '../db/keyset.ts'
import type { Tables } from '../db/tables.ts'
import type { Place } from '../shared/place.ts'

export type PreviewRow = Tables['previews']['$inferSelect']

interface ListQuery {
  createdById: string | undefined
  now: string
  limit: number
  place: Place | undefined
}

export const previewStore = (db: Db, { previews }: Pick<Tables, 'previews'>) => ({
  insert: (row: PreviewRow) => db.insert(previews).values(row),
  byHash: async (hash: string) => (await db.select().from(previews).where(eq(previews.hash, hash)))[0],
  byId: async (id: string) => (await db.select().from(previews).where(eq(previews.id, id)))[0],
  /** The first time counts. */
  revoke: (id: string, at: string) =>
    db
      .update(previews)
      .set({ revokedAt: at })
      .where(and(eq(previews.id, id), isNull(previews.revokedAt))),
  forget: (createdBefore: string) => db.delete(previews).where(lt(previews.createdAt, createdBefore)),

  /** Those that are open, newest first. Going back, the rows come in the opposite order. */
  list: ({ createdById, now, limit, place }: ListQuery) => {
    const back = place?.direction === 'before'
    return db
      .select()
      .from(previews)
      .where(
        and(
          isNull(previews.revokedAt),
          gt(previews.expiresAt, now),
          createdById === undefined ? undefined : eq(previews.createdById, createdById),
          place && beyond(previews.createdAt, previews.id, place),
        ),
      )
      .orderBy(...(back ? [previews.createdAt, previews.id] : [desc(previews.createdAt), desc(previews.id)]))
      .limit(limit)
  },
})
