import { and, desc, eq, exists, gt, inArray, lt, lte, type SQL, sql } from 'drizzle-orm'
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

type TellingTables = Pick<Tables, 'editions' | 'editionBodies' | 'editionTerms' | 'headlineLinks' | 'headlineLists'>

/** What the log is told of articles besides what has happened. */
export const tellingStore = (
  db: Db,
  { editions, editionBodies, editionTerms, headlineLinks, headlineLists }: TellingTables,
) => {
  /** The newest edition of an article among some that readers had, have or will have. */
  const newest = async (articleId: string, which: SQL): Promise<Told | undefined> =>
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
        .where(and(eq(editions.articleId, articleId), which, lt(editions.liveFrom, editions.liveUntil)))
        .orderBy(desc(editions.edition))
        .limit(1)
    )[0]

  return {
    /** The last edition of an article before this one. */
    before: (articleId: string, edition: number) => newest(articleId, lt(editions.edition, edition)),

    /** The last that had begun at an instant. */
    begunBy: (articleId: string, at: string) => newest(articleId, lte(editions.liveFrom, at)),

    /** The keys of the sections of an edition, or of all up to it. */
    sectionsOf: async (articleId: string, edition: number, isUpTo = false): Promise<string[]> =>
      (
        await db
          .selectDistinct({ key: editionTerms.slug })
          .from(editionTerms)
          .where(
            and(
              eq(editionTerms.articleId, articleId),
              isUpTo ? lte(editionTerms.edition, edition) : eq(editionTerms.edition, edition),
              eq(editionTerms.kind, 'section'),
            ),
          )
          .orderBy(editionTerms.slug)
      ).map(({ key }) => key),

    /** Whether the text of one edition differs from that of another. */
    isBodyChanged: async (articleId: string, a: number, b: number): Promise<boolean> =>
      (
        await db
          .selectDistinct({ blocks: editionBodies.blocks })
          .from(editionBodies)
          .where(and(eq(editionBodies.articleId, articleId), inArray(editionBodies.edition, [a, b])))
      ).length > 1,

    /**
     * The articles that readers have at `at` and that have a link to it, whether or not that shows at the moment. Rails need not be
     * named: whatever shows one is named by what shows several articles, too. An article comes as often as it has such links: to sort
     * that out here is quicker.
     */
    ownersOf: (articleId: string, at: string) => {
      const isSeen = db
        .select({ id: editions.articleId })
        .from(editions)
        .where(
          and(
            eq(editions.articleId, headlineLists.id),
            lte(editions.liveFrom, sql.placeholder('at')),
            gt(editions.liveUntil, sql.placeholder('at')),
          ),
        )
      const statement = once(db, 'owners of links', (as) =>
        db
          .select({ listId: headlineLists.id })
          .from(headlineLinks)
          .innerJoin(headlineLists, eq(headlineLists.id, headlineLinks.listId))
          .where(
            and(
              eq(headlineLinks.targetArticleId, sql.placeholder('articleId')),
              // Not by the key that these have not: SQLite would walk the lists of all articles by its index.
              eq(headlineLists.kind, 'article'),
              exists(isSeen),
            ),
          )
          .prepare(as),
      )
      return statement.execute({ articleId, at })
    },
  }
}
