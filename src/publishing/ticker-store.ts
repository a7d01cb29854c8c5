import { and, eq, gt, inArray, lt, lte, or, type SQL } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'

/** What the clock has to do with editions. Each statement takes its rows by what it changes, so two nodes never do the same. */
export const tickerStore = (db: Db, { editions, editionTerms }: Pick<Tables, 'editions' | 'editionTerms'>) => {
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
  }
  const some = (condition: SQL | undefined, most: number) =>
    and(
      condition,
      inArray(
        editions.articleId,
        db.selectDistinct({ articleId: editions.articleId }).from(editions).where(condition).limit(most),
      ),
    )

  return {
    isDue: async (now: string, endedBefore: string) => {
      for (const due of [hasBegun(now), hasEnded(now), isOld(endedBefore), isBack(now)]) {
        if ((await db.select({ id: editions.articleId }).from(editions).where(due).limit(1)).length > 0) return true
      }
      return false
    },

    /** Editions that have begun by the clock and were not noted; an event unless something came before. */
    noteBegun: async (now: string, most: number) => {
      const begun = await db
        .update(editions)
        .set({ beginNoted: true })
        .where(some(hasBegun(now), most))
        .returning({ ...facts, card: editions.card })
      return begun.map((each) => ({ ...each, isEvent: each.liveFrom < each.liveUntil }))
    },

    /** Editions that have ended and were not noted; an event only where they ended by themselves. */
    noteEnded: async (now: string, most: number) => {
      const ended = await db
        .update(editions)
        .set({ endNoted: true })
        .where(some(hasEnded(now), most))
        .returning(facts)
      return ended.map((each) => ({
        ...each,
        isEvent: each.liveUntil === each.expiresAt && each.liveFrom < each.liveUntil,
      }))
    },

    /** Takes editions that ended before `endedBefore` out of the list indexes. Answers how many. */
    supersede: (endedBefore: string, most: number) => mark(isOld(endedBefore), true, most),

    /** Takes editions back into them that have not ended after all. */
    revive: (now: string, most: number) => mark(isBack(now), false, most),
  }

  async function mark(condition: SQL | undefined, superseded: boolean, most: number): Promise<number> {
    const marked = await db.update(editions).set({ superseded }).where(some(condition, most)).returning(facts)
    for (let at = 0; at < marked.length; at += 100) {
      const these = marked
        .slice(at, at + 100)
        .map(({ articleId, edition }) => and(eq(editionTerms.articleId, articleId), eq(editionTerms.edition, edition)))
      await db
        .update(editionTerms)
        .set({ superseded })
        .where(or(...these))
    }
    return marked.length
  }
}
