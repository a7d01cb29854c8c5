import { and, asc, desc, eq, gt, inArray, isNotNull, isNull, lt, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { once } from '../db/prepared.ts'
import type { Tables } from '../db/tables.ts'
import type { Place } from '../shared/place.ts'
import type { ListContent } from './schema.ts'

type PlaceTables = Pick<
  Tables,
  'headlineLists' | 'headlineLinks' | 'headlineListVersions' | 'listEditions' | 'articles'
>

/** Before every plan. SQLite looks a comparison up in an index, and `is not null` not. */
const EPOCH = '1970-01-01T00:00:00.000Z'

/** Whose lists are looked at: `createdById` is a contributor's, who knows of their own drafts only. */
export interface Seen {
  rails: boolean
  createdById: string | undefined
}

/** Where links stand, found by the index over the newest versions of all lists. */
export const placeStore = (
  db: Db,
  { headlineLists, headlineLinks, headlineListVersions, listEditions, articles }: PlaceTables,
) => {
  /** Not the links of articles that are put away: nobody may write those. */
  const inUse = or(eq(headlineLists.kind, 'rail'), and(isNull(articles.trashedAt), isNull(articles.killedAt)))
  const links = () =>
    db
      .select({ id: headlineLinks.id, listId: headlineLinks.listId, key: headlineLists.key })
      .from(headlineLinks)
      .innerJoin(headlineLists, eq(headlineLists.id, headlineLinks.listId))
      .leftJoin(articles, eq(articles.id, headlineLinks.listId))

  /** Newest first by the ids of links. Going back, the rows come in the opposite order. */
  function page(which: SQL | undefined, { rails, createdById }: Seen, limit: number, place: Place | undefined) {
    const back = place?.direction === 'before'
    const isTheirs =
      createdById === undefined
        ? undefined
        : or(
            eq(headlineLists.kind, 'rail'),
            and(eq(articles.createdById, createdById), isNull(articles.firstPublishedAt)),
          )
    return links()
      .where(
        and(
          which,
          inUse,
          isTheirs,
          rails ? undefined : ne(headlineLists.kind, 'rail'),
          place && (back ? gt : lt)(headlineLinks.id, place.id),
        ),
      )
      .orderBy(back ? asc(headlineLinks.id) : desc(headlineLinks.id))
      .limit(limit)
  }

  /** Lists with a plan, and staged rails: by the indexes of times and keys, as there may be as many lists as articles. */
  const few = () =>
    db
      .select({ id: headlineLists.id })
      .from(headlineLists)
      .where(
        or(
          gt(headlineLists.scheduledFrom, EPOCH),
          and(gt(headlineLists.key, ''), isNotNull(headlineLists.publishedVersion)),
        ),
      )

  return {
    /** Links anywhere, without those below them; or all that wait for their story, there too. */
    links: (isPending: boolean, seen: Seen, limit: number, place: Place | undefined) =>
      page(isPending ? eq(headlineLinks.isPending, true) : isNull(headlineLinks.parentId), seen, limit, place),

    pointingAt: (articleId: string, seen: Seen, limit: number, place: Place | undefined) =>
      page(eq(headlineLinks.targetArticleId, articleId), seen, limit, place),

    /** The lists in which a link waits for a story of this headline. */
    waiting: (digest: string) => {
      const isIt = and(eq(headlineLinks.pendingDigest, sql.placeholder('digest')), inUse)
      return once(db, 'waiting links', (as) => links().where(isIt).prepare(as)).execute({ digest })
    },

    /**
     * What is planned for lists, also what has come and was not noted, and what readers have of staged rails: the index has
     * what the desk holds.
     */
    aside: async () => {
      const statement = once(db, 'lists aside', (as) =>
        db
          .select({ listId: headlineLists.id, key: headlineLists.key, content: headlineListVersions.content })
          .from(headlineLists)
          .innerJoin(
            headlineListVersions,
            and(
              eq(headlineListVersions.listId, headlineLists.id),
              or(
                eq(headlineListVersions.version, headlineLists.scheduledVersion),
                eq(headlineListVersions.version, headlineLists.publishedVersion),
              ),
            ),
          )
          .where(inArray(headlineLists.id, few()))
          .prepare(as),
      )
      const rows = await statement.execute()
      return rows as { listId: string; key: string | null; content: ListContent }[]
    },

    /** Keeps others from writing a list until this transaction ends; false if there is none. */
    hold: async (id: string) =>
      (await db.update(headlineLists).set({ id }).where(eq(headlineLists.id, id)).returning({ id: headlineLists.id }))
        .length > 0,

    /** Gives other items to what is planned and has not come. */
    replaceInPlan: async (
      listId: string,
      version: number,
      content: ListContent,
      rendered: { items: string; needs: string; digest: string },
    ) => {
      const { items, needs, digest } = rendered
      await db
        .update(headlineListVersions)
        .set({ content })
        .where(and(eq(headlineListVersions.listId, listId), eq(headlineListVersions.version, version)))
      await db
        .update(listEditions)
        .set({ items, needs, digest })
        .where(and(eq(listEditions.listId, listId), eq(listEditions.version, version)))
    },
  }
}
