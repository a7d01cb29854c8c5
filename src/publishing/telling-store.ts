import { and, desc, eq, exists, isNotNull, isNull, lt, lte, or, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { once } from '../db/prepared.ts'
import type { Tables } from '../db/tables.ts'

/** What the log is told of an edition. */
export interface Told {
  articleId: string
  edition: number
  slug: string
  card: string
  liveFrom: string
  liveUntil: string
  /** The keys of its section and those above it, where they are known. */
  sections?: string[]
}

type TellingTables = Pick<Tables, 'editions' | 'editionTerms' | 'headlineLinks' | 'headlineLists' | 'listEditions'>

/** What the log is told of articles besides what has happened. */
export const tellingStore = (
  db: Db,
  { editions, editionTerms, headlineLinks, headlineLists, listEditions }: TellingTables,
) => ({
  /** The last edition of an article before this one. */
  before: async (articleId: string, edition: number): Promise<Told | undefined> =>
    (
      await db
        .select({
          articleId: editions.articleId,
          edition: editions.edition,
          slug: editions.slug,
          card: editions.card,
          liveFrom: editions.liveFrom,
          liveUntil: editions.liveUntil,
        })
        .from(editions)
        .where(
          and(
            eq(editions.articleId, articleId),
            lt(editions.edition, edition),
            lt(editions.liveFrom, editions.liveUntil),
          ),
        )
        .orderBy(desc(editions.edition))
        .limit(1)
    )[0],

  sectionsOf: async (articleId: string, edition: number): Promise<string[]> =>
    (
      await db
        .select({ key: editionTerms.slug })
        .from(editionTerms)
        .where(
          and(
            eq(editionTerms.articleId, articleId),
            eq(editionTerms.edition, edition),
            eq(editionTerms.kind, 'section'),
          ),
        )
        .orderBy(editionTerms.slug)
    ).map(({ key }) => key),

  /** The lists that have a link to it, be that link seen or not; of rails and articles that were public by `at`. */
  ownersOf: (articleId: string, at: string) => {
    const wasArticle = db
      .select({ id: editions.articleId })
      .from(editions)
      .where(and(eq(editions.articleId, headlineLists.id), lte(editions.liveFrom, sql.placeholder('at'))))
    const wasRail = db
      .select({ id: listEditions.listId })
      .from(listEditions)
      .where(and(eq(listEditions.listId, headlineLists.id), lte(listEditions.liveFrom, sql.placeholder('at'))))
    const statement = once(db, 'owners of links', (as) =>
      db
        .selectDistinct({ listId: headlineLists.id, key: headlineLists.key })
        .from(headlineLinks)
        .innerJoin(headlineLists, eq(headlineLists.id, headlineLinks.listId))
        .where(
          and(
            eq(headlineLinks.targetArticleId, sql.placeholder('articleId')),
            or(and(isNull(headlineLists.key), exists(wasArticle)), and(isNotNull(headlineLists.key), exists(wasRail))),
          ),
        )
        .prepare(as),
    )
    return statement.execute({ articleId, at })
  },
})
