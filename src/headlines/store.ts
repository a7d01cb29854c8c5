import { and, asc, desc, eq, gt, inArray, lt } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { FOREVER } from '../shared/clock.ts'
import type { Place } from '../shared/place.ts'

type HeadlineTables = Pick<Tables, 'headlineLists' | 'headlineListVersions' | 'headlineLinks' | 'listEditions'>
export type ListRow = Tables['headlineLists']['$inferSelect']
export type ListVersionRow = Tables['headlineListVersions']['$inferSelect']

/** Inserts stay below SQLite's limit of 32,766 parameters in a statement. */
const ROWS_AT_ONCE = 500

export const headlineStore = (
  db: Db,
  { headlineLists, headlineListVersions, headlineLinks, listEditions }: HeadlineTables,
) => {
  const current = () =>
    db
      .select({ list: headlineLists, content: headlineListVersions.content })
      .from(headlineLists)
      .innerJoin(
        headlineListVersions,
        and(eq(headlineListVersions.listId, headlineLists.id), eq(headlineListVersions.version, headlineLists.version)),
      )

  return {
    byId: async (id: string) => (await current().where(eq(headlineLists.id, id)))[0],
    byKey: async (key: string) => (await current().where(eq(headlineLists.key, key)))[0],
    byLink: async (linkId: string) =>
      (
        await current()
          .innerJoin(headlineLinks, eq(headlineLinks.listId, headlineLists.id))
          .where(eq(headlineLinks.id, linkId))
      )[0],
    /** By key. Going back, the rows come in the opposite order. */
    rails: (limit: number, place: Place | undefined) => {
      const back = place?.direction === 'before'
      return current()
        .where(and(eq(headlineLists.kind, 'rail'), place && (back ? lt : gt)(headlineLists.key, place.id)))
        .orderBy(back ? desc(headlineLists.key) : asc(headlineLists.key))
        .limit(limit)
    },

    /** False if the list has come into being meanwhile. */
    insert: async (row: ListRow) =>
      (await db.insert(headlineLists).values(row).onConflictDoNothing().returning({ id: headlineLists.id })).length > 0,

    /** False if the list does not stand at `version` any more. */
    update: async (id: string, version: number, changes: Partial<ListRow>) =>
      (
        await db
          .update(headlineLists)
          .set({ ...changes, version: version + 1 })
          .where(and(eq(headlineLists.id, id), eq(headlineLists.version, version)))
          .returning({ id: headlineLists.id })
      ).length > 0,

    remove: (id: string) => db.delete(headlineLists).where(eq(headlineLists.id, id)),

    insertVersion: (row: ListVersionRow) => db.insert(headlineListVersions).values(row),

    removeLinks: async (ids: string[]) => {
      if (ids.length > 0) await db.delete(headlineLinks).where(inArray(headlineLinks.id, ids))
    },
    insertLinks: async (rows: (typeof headlineLinks.$inferInsert)[]) => {
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        await db.insert(headlineLinks).values(rows.slice(at, at + ROWS_AT_ONCE))
      }
    },

    /** What is visible of a list, and has no end yet. */
    edition: async (listId: string) =>
      (
        await db
          .select({ card: listEditions.card, items: listEditions.items, updatedAt: listEditions.updatedAt })
          .from(listEditions)
          .where(and(eq(listEditions.listId, listId), eq(listEditions.liveUntil, FOREVER)))
      )[0],
    /** Ends what is visible of a list at `at`. */
    endEdition: (listId: string, at: string) =>
      db
        .update(listEditions)
        .set({ liveUntil: at })
        .where(and(eq(listEditions.listId, listId), gt(listEditions.liveUntil, at))),
    /** Ends what is visible under a key at `at`, whichever list it belonged to. */
    endEditionsOfKey: (key: string, at: string) =>
      db
        .update(listEditions)
        .set({ liveUntil: at })
        .where(and(eq(listEditions.key, key), gt(listEditions.liveUntil, at))),
    insertEdition: (row: Omit<typeof listEditions.$inferInsert, 'liveUntil'>) =>
      db.insert(listEditions).values({ ...row, liveUntil: FOREVER }),
  }
}
