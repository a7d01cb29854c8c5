import { and, eq, gt, inArray, lt, lte, ne, or } from 'drizzle-orm'
import { readFor } from '../db/chunks.ts'
import type { Db } from '../db/database.ts'
import { noteInstants } from '../db/instants.ts'
import type { Tables } from '../db/tables.ts'
import { FOREVER } from '../shared/clock.ts'
import type { ListContent } from './schema.ts'

type Rendered = Pick<Tables['listEditions']['$inferInsert'], 'card' | 'items' | 'needs' | 'digest'>

type Ended = Pick<Tables['headlineLists']['$inferSelect'], 'id' | 'version' | 'updatedAt'>

/** An instant at which a link of a list comes or goes. */
type Window = Tables['listWindows']['$inferSelect']

/** What readers get of lists, and from when until when; and what is planned for them. */
export const listEditionStore = (
  db: Db,
  tables: Pick<Tables, 'listEditions' | 'listWindows' | 'headlineListVersions' | 'instants'>,
) => {
  const { listEditions, listWindows, headlineListVersions } = tables
  return {
    /** What is visible of a list at `now`, and goes on until `until`: what is scheduled, or without an end. */
    edition: async (listId: string, now: string, until: string) =>
      (
        await db
          .select({
            card: listEditions.card,
            items: listEditions.items,
            needs: listEditions.needs,
            updatedAt: listEditions.updatedAt,
          })
          .from(listEditions)
          .where(
            and(
              eq(listEditions.listId, listId),
              lte(listEditions.liveFrom, now),
              eq(listEditions.liveUntil, until),
              lt(listEditions.liveFrom, listEditions.liveUntil),
            ),
          )
      )[0],
    /** Ends what is visible of a list at `at`, but for the edition of `planned`, which begins later. */
    endEdition: (listId: string, at: string, planned = 0) =>
      db
        .update(listEditions)
        .set({ liveUntil: at })
        .where(and(eq(listEditions.listId, listId), gt(listEditions.liveUntil, at), ne(listEditions.version, planned))),
    /** Ends what is visible under a key at `at`, whichever list it belonged to; but for what is planned for this one. */
    endEditionsOfKey: (key: string, at: string, listId: string, planned = 0) =>
      db
        .update(listEditions)
        .set({ liveUntil: at })
        .where(
          and(
            eq(listEditions.key, key),
            gt(listEditions.liveUntil, at),
            or(ne(listEditions.listId, listId), ne(listEditions.version, planned)),
          ),
        ),
    /**
     * Ends all that readers have or had under the key of a list that is deleted. One that they never had leaves an empty
     * interval: its versions are not to come again under the key.
     */
    endKey: async (key: string, { id: listId, version, updatedAt }: Ended) => {
      await db
        .update(listEditions)
        .set({ liveUntil: updatedAt })
        .where(and(eq(listEditions.key, key), gt(listEditions.liveUntil, updatedAt)))
      await noteInstants(db, tables, [updatedAt])
      const nothing = { card: '{}', items: '[]', needs: 'null', digest: '' }
      const never = { liveFrom: updatedAt, liveUntil: updatedAt, updatedAt }
      await db
        .insert(listEditions)
        .values({ listId, version, key, ...nothing, ...never })
        .onConflictDoNothing()
    },
    /** Lets what is visible of a list go on without an end, where it was to end at `until`. */
    goOn: (listId: string, until: string) =>
      db
        .update(listEditions)
        .set({ liveUntil: FOREVER })
        .where(
          and(
            eq(listEditions.listId, listId),
            eq(listEditions.liveUntil, until),
            lt(listEditions.liveFrom, listEditions.liveUntil),
          ),
        ),
    /** Makes an edition that has not begun as if it had never been planned. */
    cancelEdition: (listId: string, version: number) =>
      db
        .update(listEditions)
        .set({ liveUntil: listEditions.liveFrom })
        .where(and(eq(listEditions.listId, listId), eq(listEditions.version, version))),
    /** Gives another face to what is planned and has not come. */
    replan: async (listId: string, version: number, content: ListContent, rendered: Rendered) => {
      await db
        .update(headlineListVersions)
        .set({ content })
        .where(and(eq(headlineListVersions.listId, listId), eq(headlineListVersions.version, version)))
      await db
        .update(listEditions)
        .set(rendered)
        .where(and(eq(listEditions.listId, listId), eq(listEditions.version, version)))
    },
    planned: async (listId: string, version: number) =>
      (
        await db
          .select({ content: headlineListVersions.content })
          .from(headlineListVersions)
          .where(and(eq(headlineListVersions.listId, listId), eq(headlineListVersions.version, version)))
      )[0]?.content ?? undefined,
    /** Its beginning is noted, and when its links come and go. */
    insertEdition: async (row: typeof listEditions.$inferInsert): Promise<void> => {
      await db.insert(listEditions).values(row)
      const windows = [...row.items.matchAll(/"(?:startsAt|endsAt)":"([^"]+)"/g)].map(([, at = '']) => at)
      const later = windows.filter((at) => at > row.liveFrom)
      await noteInstants(db, tables, [row.liveFrom, ...later])
      const { listId } = row
      const noted = [...new Set(later)].map((at) => ({ listId, at }))
      if (noted.length > 0) await db.insert(listWindows).values(noted).onConflictDoNothing()
    },
    /** When links of lists have come or gone by `now`, and nobody has told it. */
    dueWindows: (now: string, most: number): Promise<Window[]> =>
      db
        .select()
        .from(listWindows)
        .where(lte(listWindows.at, now))
        .orderBy(listWindows.at, listWindows.listId)
        .limit(most),
    /** Takes these, and answers those that nobody else has taken. */
    takeWindows: async (due: Window[]): Promise<Window[]> => {
      const taken: Window[] = []
      for (const { listId, at } of due) {
        const mine = and(eq(listWindows.listId, listId), eq(listWindows.at, at))
        taken.push(...(await db.delete(listWindows).where(mine).returning()))
      }
      return taken
    },
    /** The same of one list, all that has passed: for who gives it another edition. */
    takeWindowsOf: async (listId: string, now: string): Promise<string[]> =>
      (
        await db
          .delete(listWindows)
          .where(and(eq(listWindows.listId, listId), lte(listWindows.at, now)))
          .returning({ at: listWindows.at })
      ).map(({ at }) => at),
    /** What readers have of these lists at `now`. */
    visible: (listIds: string[], now: string) =>
      readFor(listIds, (some) =>
        db
          .select({
            listId: listEditions.listId,
            key: listEditions.key,
            version: listEditions.version,
            items: listEditions.items,
          })
          .from(listEditions)
          .where(
            and(inArray(listEditions.listId, some), lte(listEditions.liveFrom, now), gt(listEditions.liveUntil, now)),
          ),
      ),
  }
}
