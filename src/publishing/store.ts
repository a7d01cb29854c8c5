import { and, eq, gt, lt } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'

type PublishingTables = Pick<Tables, 'editions' | 'editionBodies' | 'editionTerms' | 'addresses'>

export const publishingStore = (db: Db, { editions, editionBodies, editionTerms, addresses }: PublishingTables) => ({
  edition: async (articleId: string, edition: number) =>
    (
      await db
        .select({ updatedAt: editions.updatedAt })
        .from(editions)
        .where(and(eq(editions.articleId, articleId), eq(editions.edition, edition)))
    )[0],

  /** Ends what is visible of the article at `at`. */
  endEdition: (articleId: string, at: string) =>
    db
      .update(editions)
      .set({ liveUntil: at })
      .where(and(eq(editions.articleId, articleId), gt(editions.liveUntil, at))),

  /** Takes editions that ended before `endedBefore` out of the list indexes. */
  supersede: async (articleId: string, endedBefore: string) => {
    const ended = await db
      .update(editions)
      .set({ superseded: true })
      .where(
        and(eq(editions.articleId, articleId), eq(editions.superseded, false), lt(editions.liveUntil, endedBefore)),
      )
      .returning({ edition: editions.edition })
    for (const { edition } of ended) {
      await db
        .update(editionTerms)
        .set({ superseded: true })
        .where(and(eq(editionTerms.articleId, articleId), eq(editionTerms.edition, edition)))
    }
  },

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
})
