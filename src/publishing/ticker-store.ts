import { and, eq, gt, inArray, lt, lte, max, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { holdTaxonomy } from '../db/sharing.ts'
import type { Tables } from '../db/tables.ts'
import { wordsStore } from './words-store.ts'

type TickerTables = Pick<
  Tables,
  | 'editions'
  | 'editionBodies'
  | 'editionTerms'
  | 'editionWords'
  | 'vocabulary'
  | 'instants'
  | 'taxonomy'
  | 'terms'
  | 'termSlugs'
>

/** What the clock has to do with editions. Each statement takes its rows by what it changes, so two nodes never do the same. */
export const tickerStore = (db: Db, tables: TickerTables) => {
  const { editions, editionTerms } = tables
  const words = wordsStore(db, tables)
  const isReal = lt(editions.liveFrom, editions.liveUntil)
  const hasBegun = (now: string) => and(eq(editions.beginNoted, false), lte(editions.liveFrom, now))
  const hasEnded = (now: string) => and(eq(editions.endNoted, false), lte(editions.liveUntil, now))
  const isOld = (endedBefore: string) => and(eq(editions.superseded, false), lt(editions.liveUntil, endedBefore))
  /** By a clock that was set back, what was taken out of the indexes may be visible again, or will be. */
  const isBack = (now: string) => and(eq(editions.superseded, true), gt(editions.liveUntil, now), isReal)
  const facts = {
    articleId: editions.articleId,
    edition: editions.edition,
    contentVersion: editions.contentVersion,
    liveFrom: editions.liveFrom,
    liveUntil: editions.liveUntil,
    expiresAt: editions.expiresAt,
    card: editions.card,
    slug: editions.slug,
  }
  const of = (articleIds: string[], condition: SQL | undefined) =>
    articleIds.length === 0 ? sql`false` : and(inArray(editions.articleId, articleIds), condition)

  return {
    unlistedWords: words.unlisted,
    listWords: words.list,

    /**
     * Deletes the instants that passed before `before`, but for the last of them: of what was before that one nothing is known
     * any more. Many nodes may do so at once.
     */
    forgetInstants: async (before: string): Promise<void> => {
      const { at } = tables.instants
      const [last] = await db
        .select({ at: max(at) })
        .from(tables.instants)
        .where(lt(at, before))
      if (last?.at) await db.delete(tables.instants).where(lt(at, last.at))
    },

    /** Some of the articles with editions for which there is something to do. */
    due: async (now: string, endedBefore: string, most: number): Promise<string[]> => {
      const ids = new Set<string>()
      for (const due of [hasBegun(now), hasEnded(now), isOld(endedBefore), isBack(now)]) {
        const found = await db.selectDistinct({ id: editions.articleId }).from(editions).where(due).limit(most)
        for (const { id } of found) ids.add(id)
      }
      return [...ids].slice(0, most)
    },

    /** Editions that have begun by the clock and were not noted; an event unless something came before. */
    noteBegun: async (now: string, articleIds: string[]) => {
      const begun = await db
        .update(editions)
        .set({ beginNoted: true })
        .where(of(articleIds, hasBegun(now)))
        .returning({ ...facts, corrections: editions.corrections })
      return begun.map((each) => ({ ...each, isEvent: each.liveFrom < each.liveUntil }))
    },

    /** Editions that have ended and were not noted; an event only where they ended by themselves. */
    noteEnded: async (now: string, articleIds: string[]) => {
      const ended = await db
        .update(editions)
        .set({ endNoted: true })
        .where(of(articleIds, hasEnded(now)))
        .returning(facts)
      return ended.map((each) => ({
        ...each,
        isEvent: each.liveUntil === each.expiresAt && each.liveFrom < each.liveUntil,
      }))
    },

    /** Takes editions that ended before `endedBefore` out of the list indexes. */
    supersede: (endedBefore: string, articleIds: string[]) => mark(of(articleIds, isOld(endedBefore)), true),

    /** Takes editions back into them that have not ended after all. */
    revive: (now: string, articleIds: string[]) => mark(of(articleIds, isBack(now)), false),
  }

  async function mark(condition: SQL | undefined, superseded: boolean): Promise<void> {
    const marked = await db.update(editions).set({ superseded }).where(condition).returning(facts)
    if (marked.length === 0) return
    await holdTaxonomy(db, tables)
    await (superseded ? words.remove(marked) : words.restore(marked))
    for (let at = 0; at < marked.length; at += 100) {
      const these = marked
        .slice(at, at + 100)
        .map(({ articleId, edition }) => and(eq(editionTerms.articleId, articleId), eq(editionTerms.edition, edition)))
      await db
        .update(editionTerms)
        .set({ superseded })
        .where(or(...these))
    }
  }
}
