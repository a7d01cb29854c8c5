import { and, desc, eq, exists, gt, inArray, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { once, runKept } from '../db/prepared.ts'
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
  /** The newest edition of an article among some that readers had, have or will have; `name` is that of the statement. */
  const newest = async (name: string, which: SQL, given: { articleId: string; bound: unknown }) => {
    const query = () =>
      db
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
          and(eq(editions.articleId, sql.placeholder('articleId')), which, lt(editions.liveFrom, editions.liveUntil)),
        )
        .orderBy(desc(editions.edition))
        .limit(1)
    return (await runKept(db, name, query, given))[0]
  }
  const bound = sql.placeholder('bound')

  return {
    /** The last edition of an article before this one. */
    before: (articleId: string, edition: number): Promise<Told | undefined> =>
      newest('edition before', lt(editions.edition, bound), { articleId, bound: edition }),

    /** The last that had begun at an instant. */
    begunBy: (articleId: string, at: string): Promise<Told | undefined> =>
      newest('edition begun by', lte(editions.liveFrom, bound), { articleId, bound: at }),

    /** The keys of the sections of an edition, or of all up to it. */
    sectionsOf: async (articleId: string, edition: number, isUpTo = false): Promise<string[]> => {
      const query = () =>
        db
          .selectDistinct({ key: editionTerms.slug })
          .from(editionTerms)
          .where(
            and(
              eq(editionTerms.articleId, sql.placeholder('articleId')),
              isUpTo ? lte(editionTerms.edition, bound) : eq(editionTerms.edition, bound),
              eq(editionTerms.kind, 'section'),
            ),
          )
          .orderBy(editionTerms.slug)
      const name = isUpTo ? 'sections up to edition' : 'sections of edition'
      return (await runKept(db, name, query, { articleId, bound: edition })).map(({ key }) => key)
    },

    /** Whether the text of one edition differs from that of another. */
    isBodyChanged: async (articleId: string, a: number, b: number): Promise<boolean> => {
      const isOne = inArray(editionBodies.edition, [sql.placeholder('a'), sql.placeholder('b')])
      const query = () =>
        db
          .selectDistinct({ blocks: editionBodies.blocks })
          .from(editionBodies)
          .where(and(eq(editionBodies.articleId, sql.placeholder('articleId')), isOne))
      return (await runKept(db, 'texts of two editions', query, { articleId, a, b })).length > 1
    },

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
