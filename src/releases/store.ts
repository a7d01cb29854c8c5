import { and, asc, count, desc, eq, gt, inArray, lte, type SQL } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { ahead, beyond } from '../db/keyset.ts'
import type { Tables } from '../db/tables.ts'
import type { Place, Span } from '../shared/place.ts'
import type { ReleaseState } from './schema.ts'

type ReleaseTables = Pick<Tables, 'releases' | 'releaseItems'>
export type ReleaseRow = Tables['releases']['$inferSelect']
export type PieceRow = Tables['releaseItems']['$inferSelect']
type PieceKey = Pick<PieceRow, 'releaseId' | 'kind' | 'subject'>

export const releaseStore = (db: Db, { releases, releaseItems }: ReleaseTables) => {
  const isPiece = ({ releaseId, kind, subject }: PieceKey) =>
    and(eq(releaseItems.releaseId, releaseId), eq(releaseItems.kind, kind), eq(releaseItems.subject, subject))

  /** The same distinction as `stateOf` in rules.ts, as a condition. */
  function inState(state: ReleaseState | undefined, now: string): SQL | undefined {
    if (state === undefined) return undefined
    if (state === 'released') return and(eq(releases.state, 'scheduled'), lte(releases.liveFrom, now))
    return and(eq(releases.state, state), state === 'scheduled' ? gt(releases.liveFrom, now) : undefined)
  }

  return {
    insert: (row: ReleaseRow) => db.insert(releases).values(row),

    byId: async (id: string) => (await db.select().from(releases).where(eq(releases.id, id)))[0],

    /** Keeps others from writing the release until this transaction ends; undefined if there is none. */
    hold: async (id: string) => (await db.update(releases).set({ id }).where(eq(releases.id, id)).returning())[0],

    /** Changes the release if it still stands at `version`; undefined if it does not. */
    update: async (id: string, version: number, changes: Partial<ReleaseRow>) =>
      (
        await db
          .update(releases)
          .set({ ...changes, version: version + 1 })
          .where(and(eq(releases.id, id), eq(releases.version, version)))
          .returning()
      )[0],

    remove: async (id: string) => {
      await db.delete(releaseItems).where(eq(releaseItems.releaseId, id))
      await db.delete(releases).where(eq(releases.id, id))
    },

    /** Last changed first. Going back, the rows come in the opposite order. */
    list: (state: ReleaseState | undefined, limit: number, place: Place | undefined, now: string) => {
      const back = place?.direction === 'before'
      return db
        .select()
        .from(releases)
        .where(and(inState(state, now), place && beyond(releases.updatedAt, releases.id, place)))
        .orderBy(...(back ? [releases.updatedAt, releases.id] : [desc(releases.updatedAt), desc(releases.id)]))
        .limit(limit)
    },

    /** Releases that are still to come, in the order of time. */
    ahead: (span: Span) => {
      const { condition, order } = ahead(releases.liveFrom, releases.id, span)
      return db
        .select()
        .from(releases)
        .where(and(eq(releases.state, 'scheduled'), condition))
        .orderBy(...order)
        .limit(span.limit)
    },

    pieces: (releaseId: string) =>
      db.select().from(releaseItems).where(eq(releaseItems.releaseId, releaseId)).orderBy(asc(releaseItems.position)),

    /** How many pieces each of these releases has; none is left out. */
    counts: async (ids: string[]) =>
      ids.length === 0
        ? []
        : db
            .select({ releaseId: releaseItems.releaseId, count: count() })
            .from(releaseItems)
            .where(inArray(releaseItems.releaseId, ids))
            .groupBy(releaseItems.releaseId),

    addPiece: (row: PieceRow) => db.insert(releaseItems).values(row),
    removePiece: (piece: PieceKey) => db.delete(releaseItems).where(isPiece(piece)),
    setPieceVersion: (piece: PieceKey, version: number) =>
      db.update(releaseItems).set({ version }).where(isPiece(piece)),
  }
}
