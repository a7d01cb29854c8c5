import { and, desc, eq, gt, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { beyond } from '../db/keyset.ts'
import type { Tables } from '../db/tables.ts'
import type { Place } from '../shared/place.ts'
import type { ArticleContent, ArticleState } from './schema.ts'

export type ArticleRow = Tables['articles']['$inferSelect']

interface ListQuery {
  state: ArticleState | undefined
  createdById: string | undefined
  now: string
  limit: number
  place: Place | undefined
}

export const articleStore = (
  db: Db,
  { articles, articleVersions, slugs }: Pick<Tables, 'articles' | 'articleVersions' | 'slugs'>,
) => {
  /** An article with what it says now. */
  const current = () =>
    db
      .select({ article: articles, content: articleVersions.content })
      .from(articles)
      .innerJoin(
        articleVersions,
        and(eq(articleVersions.articleId, articles.id), eq(articleVersions.version, articles.contentVersion)),
      )

  return {
    insert: (row: typeof articles.$inferInsert) => db.insert(articles).values(row),

    insertVersion: (row: typeof articleVersions.$inferInsert) => db.insert(articleVersions).values(row),

    /** Changes the article if it still stands at `version`; undefined if it does not. */
    update: async (id: string, version: number, changes: Partial<typeof articles.$inferInsert>) =>
      (
        await db
          .update(articles)
          .set({ ...changes, version: version + 1 })
          .where(and(eq(articles.id, id), eq(articles.version, version)))
          .returning()
      )[0],

    byId: async (id: string) =>
      (await current().where(eq(articles.id, id)))[0] as { article: ArticleRow; content: ArticleContent } | undefined,

    byImportedFrom: async (source: string) =>
      (await db.select().from(articles).where(eq(articles.importedFrom, source)))[0],

    /** Keeps others from writing the article until this transaction ends; undefined if there is none. */
    hold: async (id: string) => (await db.update(articles).set({ id }).where(eq(articles.id, id)).returning())[0],

    any: async () => (await db.select({ id: articles.id }).from(articles).limit(1)).length > 0,

    standings: (ids: string[]) => db.select().from(articles).where(inArray(articles.id, ids)),

    /** Newest change first. Going back, the rows come in the opposite order. */
    list: ({ state, createdById, now, limit, place }: ListQuery) => {
      const back = place?.direction === 'before'
      return current()
        .where(
          and(
            inState(state, now),
            createdById === undefined
              ? undefined
              : and(eq(articles.createdById, createdById), isNull(articles.firstPublishedAt)),
            place && beyond(articles.updatedAt, articles.id, place),
          ),
        )
        .orderBy(...(back ? [articles.updatedAt, articles.id] : [desc(articles.updatedAt), desc(articles.id)]))
        .limit(limit) as Promise<{ article: ArticleRow; content: ArticleContent }[]>

      /** The same distinction as `stateOf` in rules.ts, as a condition. Without a state, all but the trash. */
      function inState(wanted: ArticleState | undefined, at: string): SQL | undefined {
        const isLive = and(lte(articles.liveFrom, at), or(isNull(articles.liveUntil), gt(articles.liveUntil, at)))
        const notTrashed = isNull(articles.trashedAt)
        switch (wanted) {
          case undefined:
            return notTrashed
          case 'trashed':
            return isNotNull(articles.trashedAt)
          case 'draft':
            return and(notTrashed, isNull(articles.firstPublishedAt))
          case 'live':
            return and(notTrashed, isLive, eq(articles.contentVersion, articles.publishedContentVersion))
          case 'liveWithChanges':
            return and(notTrashed, isLive, sql`${articles.contentVersion} <> ${articles.publishedContentVersion}`)
          case 'withdrawn':
            return and(notTrashed, isNotNull(articles.firstPublishedAt), sql`not (${isLive})`)
        }
      }
    },

    /** Takes the slug for the article. False if another article has it; true too if it is the article's already. */
    takeSlug: async (slug: string, articleId: string) => {
      const taken = await db
        .insert(slugs)
        .values({ slug, articleId })
        .onConflictDoNothing()
        .returning({ slug: slugs.slug })
      if (taken.length > 0) return true
      const held = await db.select().from(slugs).where(eq(slugs.slug, slug))
      return held[0]?.articleId === articleId
    },

    setSlug: (id: string, slug: string) => db.update(articles).set({ slug }).where(eq(articles.id, id)),

    freeSlug: (slug: string, articleId: string) =>
      db.delete(slugs).where(and(eq(slugs.slug, slug), eq(slugs.articleId, articleId))),
  }
}
