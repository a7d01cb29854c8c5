import { and, desc, eq, gt, isNull, lt, lte } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { ahead } from '../db/keyset.ts'
import type { Tables } from '../db/tables.ts'
import { FOREVER } from '../shared/clock.ts'
import type { Span } from '../shared/place.ts'

type PublishingTables = Pick<Tables, 'articles' | 'editions' | 'editionBodies' | 'editionTerms' | 'addresses'>

/** Editions are immutable but for their end, which may come earlier than their publication asked for. */
export const publishingStore = (
  db: Db,
  { articles, editions, editionBodies, editionTerms, addresses }: PublishingTables,
) => {
  const facts = {
    edition: editions.edition,
    contentVersion: editions.contentVersion,
    liveFrom: editions.liveFrom,
    liveUntil: editions.liveUntil,
    updatedAt: editions.updatedAt,
    corrections: editions.corrections,
  }
  const of = (articleId: string) => eq(editions.articleId, articleId)
  const isReal = lt(editions.liveFrom, editions.liveUntil)

  async function supersedeTerms(ended: { articleId: string; edition: number }[]): Promise<void> {
    for (const { articleId, edition } of ended) {
      await db
        .update(editionTerms)
        .set({ superseded: true })
        .where(and(eq(editionTerms.articleId, articleId), eq(editionTerms.edition, edition)))
    }
  }
  const named = { articleId: editions.articleId, edition: editions.edition }

  /** Makes editions that have not begun as if they had never been planned. */
  async function cancelAhead(articleId: string, now: string): Promise<void> {
    const cancelled = await db
      .update(editions)
      .set({ liveUntil: editions.liveFrom, superseded: true, beginNoted: true, endNoted: true })
      .where(and(of(articleId), gt(editions.liveFrom, now), isReal))
      .returning(named)
    await supersedeTerms(cancelled)
    // The one that is visible goes on as long as it was published for.
    await db
      .update(editions)
      .set({ liveUntil: editions.expiresAt })
      .where(and(of(articleId), lte(editions.liveFrom, now), gt(editions.liveUntil, now)))
    await db.delete(addresses).where(and(eq(addresses.articleId, articleId), gt(addresses.since, now)))
  }

  /** Another edition of the same article. */
  const other = db
    .select({ articleId: editions.articleId, from: editions.liveFrom, until: editions.liveUntil })
    .from(editions)
    .where(isReal)
    .as('other')
  const planned = {
    articleId: editions.articleId,
    edition: editions.edition,
    version: editions.contentVersion,
    embargo: editions.embargo,
    card: editions.card,
  }

  return {
    /** Editions that will begin, in the order of time; `follows` is null where readers see none just before. */
    beginnings: (span: Span) => {
      const { condition, order } = ahead(editions.liveFrom, editions.articleId, span)
      return db
        .select({ ...planned, at: editions.liveFrom, follows: other.until, releaseId: articles.releaseId })
        .from(editions)
        .innerJoin(articles, and(eq(articles.id, editions.articleId), eq(articles.scheduledFrom, editions.liveFrom)))
        .leftJoin(other, and(eq(other.articleId, editions.articleId), eq(other.until, editions.liveFrom)))
        .where(and(eq(editions.beginNoted, false), isReal, condition))
        .orderBy(...order)
        .limit(span.limit)
    },

    /** Editions that will end by themselves, without another one that follows at once. */
    expiries: (span: Span) => {
      const { condition, order } = ahead(editions.liveUntil, editions.articleId, span)
      return db
        .select({ ...planned, at: editions.liveUntil })
        .from(editions)
        .leftJoin(other, and(eq(other.articleId, editions.articleId), eq(other.from, editions.liveUntil)))
        .where(
          and(
            eq(editions.endNoted, false),
            eq(editions.liveUntil, editions.expiresAt),
            lt(editions.liveUntil, FOREVER),
            isReal,
            isNull(other.from),
            condition,
          ),
        )
        .orderBy(...order)
        .limit(span.limit)
    },

    /** The newest edition that has begun, however it ended. */
    begun: async (articleId: string, now: string) =>
      (
        await db
          .select(facts)
          .from(editions)
          .where(and(of(articleId), lte(editions.liveFrom, now), isReal))
          .orderBy(desc(editions.edition))
          .limit(1)
      )[0],

    /** What is visible of the article and what will be, in order. */
    fromNowOn: (articleId: string, now: string) =>
      db
        .select(facts)
        .from(editions)
        .where(and(of(articleId), gt(editions.liveUntil, now), isReal))
        .orderBy(editions.liveFrom),

    cancelAhead,

    /** Ends what is visible of the article at `at`, which is now or later. What was planned must have been cancelled before. */
    cut: (articleId: string, at: string, byHand: boolean) =>
      db
        .update(editions)
        .set({ liveUntil: at, ...(byHand && { endNoted: true }) })
        .where(and(of(articleId), gt(editions.liveUntil, at))),

    /** Takes everything that was ever visible of the article out of the past too. */
    seal: async (articleId: string) => {
      const sealed = await db
        .update(editions)
        .set({ liveUntil: editions.liveFrom, superseded: true, beginNoted: true, endNoted: true })
        .where(of(articleId))
        .returning(named)
      await supersedeTerms(sealed)
    },

    /** Takes editions of the article that ended before `endedBefore` out of the list indexes. */
    supersede: async (articleId: string, endedBefore: string) =>
      supersedeTerms(
        await db
          .update(editions)
          .set({ superseded: true })
          .where(and(of(articleId), eq(editions.superseded, false), lt(editions.liveUntil, endedBefore)))
          .returning(named),
      ),

    insertEdition: async (
      edition: typeof editions.$inferInsert,
      body: typeof editionBodies.$inferInsert,
      terms: (typeof editionTerms.$inferInsert)[],
    ) => {
      await db.insert(editions).values(edition)
      await db.insert(editionBodies).values(body)
      if (terms.length > 0) await db.insert(editionTerms).values(terms)
    },

    /** From `since` on readers know the article by this slug. The earliest time counts. */
    openAddress: (slug: string, articleId: string, since: string) =>
      db
        .insert(addresses)
        .values({ slug, articleId, since })
        .onConflictDoUpdate({
          target: addresses.slug,
          set: { since },
          setWhere: gt(addresses.since, since),
        }),

    slugsOf: async (articleId: string) =>
      (await db.select({ slug: addresses.slug }).from(addresses).where(eq(addresses.articleId, articleId))).map(
        ({ slug }) => slug,
      ),
  }
}
