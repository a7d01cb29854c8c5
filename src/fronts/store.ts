import { and, asc, desc, eq, getTableColumns, gt, lt, lte } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { noteInstants } from '../db/instants.ts'
import type { Tables } from '../db/tables.ts'
import { FOREVER } from '../shared/clock.ts'
import type { Place, VersionPlace } from '../shared/place.ts'

type FrontTables = Pick<Tables, 'fronts' | 'frontVersions' | 'frontEditions' | 'instants'>
export type FrontRow = Tables['fronts']['$inferSelect']
export type FrontVersionRow = Tables['frontVersions']['$inferSelect']

export const frontStore = (db: Db, tables: FrontTables) => {
  const { fronts, frontVersions, frontEditions } = tables
  /** Fronts with what they hold. */
  const current = () =>
    db
      .select({ front: fronts, content: frontVersions.content })
      .from(fronts)
      .innerJoin(frontVersions, and(eq(frontVersions.key, fronts.key), eq(frontVersions.version, fronts.version)))

  return {
    /** Be it deleted or not. */
    byKey: async (key: string) => (await current().where(eq(fronts.key, key)))[0],

    /** By key. Going back, the rows come in the opposite order. */
    list: (limit: number, place: Place | undefined) => {
      const back = place?.direction === 'before'
      return current()
        .where(and(eq(fronts.isDeleted, false), place && (back ? lt : gt)(fronts.key, place.id)))
        .orderBy(back ? desc(fronts.key) : asc(fronts.key))
        .limit(limit)
    },

    version: async (key: string, version: number) =>
      (
        await db
          .select()
          .from(frontVersions)
          .where(and(eq(frontVersions.key, key), eq(frontVersions.version, version)))
      )[0],

    /** The rows of versions, newest first, without what they hold. Going back, they come in the opposite order. */
    versions: (key: string, limit: number, place: VersionPlace | undefined) => {
      const back = place?.direction === 'before'
      const { content: _content, ...facts } = getTableColumns(frontVersions)
      return db
        .select(facts)
        .from(frontVersions)
        .where(and(eq(frontVersions.key, key), place && (back ? gt : lt)(frontVersions.version, place.version)))
        .orderBy(back ? frontVersions.version : desc(frontVersions.version))
        .limit(limit)
    },

    /** Stores the next version of a front. False if it is not at the one before it any more. */
    put: async (row: FrontRow) => {
      const stored =
        row.version === 1
          ? await db.insert(fronts).values(row).onConflictDoNothing().returning({ key: fronts.key })
          : await db
              .update(fronts)
              .set(row)
              .where(and(eq(fronts.key, row.key), eq(fronts.version, row.version - 1)))
              .returning({ key: fronts.key })
      return stored.length > 0
    },
    insertVersion: (row: FrontVersionRow) => db.insert(frontVersions).values(row),

    /** What readers see of a front at `at`, if that goes on without an end. */
    edition: async (key: string, at: string) =>
      (
        await db
          .select()
          .from(frontEditions)
          .where(and(eq(frontEditions.key, key), lte(frontEditions.liveFrom, at), eq(frontEditions.liveUntil, FOREVER)))
      )[0],
    /** Ends what is visible of a front at `at`; by a clock that was set back also what has ended later, or begins later. */
    endEditions: async (key: string, at: string) => {
      await db
        .update(frontEditions)
        .set({ liveUntil: at })
        .where(and(eq(frontEditions.key, key), gt(frontEditions.liveUntil, at)))
      await noteInstants(db, tables, [at])
    },
    insertEdition: async (row: typeof frontEditions.$inferInsert) => {
      await db.insert(frontEditions).values(row)
      await noteInstants(db, tables, [row.liveFrom])
    },
  }
}
