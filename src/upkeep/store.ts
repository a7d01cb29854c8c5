import {
  aliasedTable,
  and,
  count,
  eq,
  getTableColumns,
  gt,
  isNull,
  lt,
  max,
  ne,
  notExists,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'

/** So many are named; more help nobody. */
const NAMED = 5

export type TableName = keyof Tables

/** Looks for rows that should not be there. Each answers the names of some of them. */
export const upkeepStore = (db: Db, tables: Tables) => {
  const { articles, articleVersions, slugs, editions, editionTerms, editionWords, addresses } = tables
  const { headlineLists, headlineListVersions, headlineLinks, events, eventCounter, terms, termSlugs } = tables

  /** Rows of `child` for which `parent` has none under the same columns. */
  async function orphans(childName: TableName, parentName: TableName, pairs: [string, string][]): Promise<string[]> {
    const [child, parent] = [tables[childName] as unknown as PgTable, tables[parentName] as unknown as PgTable]
    const [from, to] = [columnsOf(child), columnsOf(parent)]
    const isIts = and(...pairs.map(([own, its]) => eq(to[its] as PgColumn, sql`${from[own]}`)))
    const named = pairs.map(([own]) => from[own] as PgColumn)
    const rows = await db
      .select({ name: joined(named) })
      .from(child)
      .where(notExists(db.select({ one: sql`1` }).from(parent).where(isIts)))
      .limit(NAMED)
    return rows.map(({ name }) => String(name))
  }

  const named = async (rows: PromiseLike<{ name: unknown }[]>): Promise<string[]> =>
    (await rows).map(({ name }) => String(name))
  const other = aliasedTable(editions, 'other')

  return {
    orphans,

    /** Articles of which two editions are visible at one instant. */
    overlapping: () =>
      named(
        db
          .selectDistinct({ name: editions.articleId })
          .from(editions)
          .innerJoin(other, and(eq(other.articleId, editions.articleId), lt(editions.edition, other.edition)))
          .where(
            and(
              lt(editions.liveFrom, editions.liveUntil),
              lt(other.liveFrom, other.liveUntil),
              lt(editions.liveFrom, other.liveUntil),
              lt(other.liveFrom, editions.liveUntil),
            ),
          )
          .limit(NAMED),
      ),

    /** Articles whose number of editions is not that of their newest one. */
    miscounted: async () => {
      const newest = db
        .select({ articleId: editions.articleId, edition: max(editions.edition).as('newest') })
        .from(editions)
        .groupBy(editions.articleId)
        .as('newest')
      return named(
        db
          .select({ name: articles.id })
          .from(articles)
          .leftJoin(newest, eq(newest.articleId, articles.id))
          .where(ne(articles.edition, sql`coalesce(${newest.edition}, 0)`))
          .limit(NAMED),
      )
    },

    /** Articles without the text that they say. */
    speechless: () =>
      named(
        db
          .select({ name: articles.id })
          .from(articles)
          .leftJoin(
            articleVersions,
            and(eq(articleVersions.articleId, articles.id), eq(articleVersions.version, articles.contentVersion)),
          )
          .where(isNull(articleVersions.content))
          .limit(NAMED),
      ),

    /** Articles that do not hold their slug. */
    slugless: () =>
      named(
        db
          .select({ name: articles.id })
          .from(articles)
          .leftJoin(slugs, and(eq(slugs.slug, articles.slug), eq(slugs.articleId, articles.id)))
          .where(isNull(slugs.slug))
          .limit(NAMED),
      ),

    /** Editions that are in the lists, and not in the index of words. */
    unsearchable: () =>
      named(
        db
          .select({ name: joined([editions.articleId, editions.edition]) })
          .from(editions)
          .leftJoin(
            editionWords,
            and(eq(editionWords.articleId, editions.articleId), eq(editionWords.edition, editions.edition)),
          )
          .where(and(eq(editions.superseded, false), isNull(editionWords.place)))
          .limit(NAMED),
      ),

    /** Entries of lists that are not as their edition is. */
    outOfStep: () =>
      named(
        db
          .select({
            name: joined([editionTerms.articleId, editionTerms.edition, editionTerms.kind, editionTerms.slug]),
          })
          .from(editionTerms)
          .innerJoin(
            editions,
            and(eq(editions.articleId, editionTerms.articleId), eq(editions.edition, editionTerms.edition)),
          )
          .where(
            or(
              ne(editionTerms.superseded, editions.superseded),
              ne(editionTerms.publishedAt, editions.publishedAt),
              ne(editionTerms.updatedAt, editions.updatedAt),
            ),
          )
          .limit(NAMED),
      ),

    /** Editions without an entry for their language, by which every list has them. */
    unlisted: () => {
      const language = and(
        eq(editionTerms.articleId, editions.articleId),
        eq(editionTerms.edition, editions.edition),
        eq(editionTerms.kind, 'language'),
      )
      return named(
        db
          .select({ name: joined([editions.articleId, editions.edition]) })
          .from(editions)
          .leftJoin(editionTerms, language)
          .where(isNull(editionTerms.slug))
          .limit(NAMED),
      )
    },

    /** Editions at whose slug nobody finds their article. */
    unreachable: () =>
      named(
        db
          .select({ name: joined([editions.articleId, editions.edition]) })
          .from(editions)
          .leftJoin(addresses, and(eq(addresses.slug, editions.slug), eq(addresses.articleId, editions.articleId)))
          .where(and(isNull(addresses.slug), lt(editions.liveFrom, editions.liveUntil)))
          .limit(NAMED),
      ),

    /** Terms that are not found by their own slug. */
    nameless: () =>
      named(
        db
          .select({ name: joined([terms.kind, terms.key]) })
          .from(terms)
          .leftJoin(
            termSlugs,
            and(eq(termSlugs.kind, terms.kind), eq(termSlugs.slug, terms.slug), eq(termSlugs.key, terms.key)),
          )
          .where(isNull(termSlugs.slug))
          .limit(NAMED),
      ),

    /** A page of lists after an id, each with what it holds and the ids in the index of links. */
    async *lists(): AsyncGenerator<{ id: string; content: unknown; indexed: string[] }> {
      for (let last = ''; ; ) {
        const rows = await db
          .select({ id: headlineLists.id, content: headlineListVersions.content })
          .from(headlineLists)
          .innerJoin(
            headlineListVersions,
            and(
              eq(headlineListVersions.listId, headlineLists.id),
              eq(headlineListVersions.version, headlineLists.contentVersion),
            ),
          )
          .where(gt(headlineLists.id, last))
          .orderBy(headlineLists.id)
          .limit(PAGE)
        for (const { id, content } of rows) {
          const links = await db
            .select({ id: headlineLinks.id })
            .from(headlineLinks)
            .where(eq(headlineLinks.listId, id))
          yield { id, content, indexed: links.map((link) => link.id) }
        }
        last = rows.at(-1)?.id ?? last
        if (rows.length < PAGE) return
      }
    },

    /** The counter of events, and what there is of them. */
    async log() {
      const [row] = await db
        .select({
          all: count(),
          last: max(events.seq),
          ofPublic: count(events.publicSeq),
          lastPublic: max(events.publicSeq),
        })
        .from(events)
      const [counter] = await db.select().from(eventCounter)
      return {
        all: row?.all ?? 0,
        last: Number(row?.last ?? 0),
        ofPublic: row?.ofPublic ?? 0,
        lastPublic: Number(row?.lastPublic ?? 0),
        counter,
      }
    },
  }
}

const PAGE = 200

const columnsOf = (table: PgTable): Record<string, PgColumn> => getTableColumns(table) as Record<string, PgColumn>
const joined = (columns: PgColumn[]): SQL =>
  sql.join(
    columns.map((column) => sql`${column}`),
    sql` || ' ' || `,
  )
