import { and, asc, desc, eq, gt, inArray, isNotNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { newestOfEach } from '../db/newest.ts'
import { once } from '../db/prepared.ts'
import type { PublishedTables } from '../db/tables.ts'
import type { Wanted } from '../shared/filters.ts'
import type { Place } from '../shared/place.ts'
import { type FaceCache, faceCache, faceStore, taxonomyVersion } from './face-store.ts'
import { frontStore } from './front-store.ts'
import { embargoedIn, listStore } from './list-store.ts'
import type { EditionRow, LinkedRow, ListEditionRow } from './rows.ts'
import type { BodyForm } from './schema.ts'
import { searchStore } from './search-store.ts'
import { sitemapStore } from './sitemap-store.ts'
import { termStore } from './term-store.ts'

export type DeliveryStore = ReturnType<typeof deliveryStore>

/** Below SQLite's limit of 32,766 parameters in a statement. */
const IDS_AT_ONCE = 10_000
/** Up to so many the statement is kept: what a front page needs. */
const IDS_PREPARED = 256

/**
 * Reads what is public at one instant, and nothing else: it is handed the published tables only. The hot statements are
 * prepared once. Every statement of an answer is given the same `now`, so that no answer shows half of a publication.
 */
export function deliveryStore(db: Db, tables: PublishedTables, cache: FaceCache = faceCache()) {
  const names = faceStore(db, tables, cache)
  const { editions, editionBodies, editionTerms, addresses, formerPaths, listEditions, tombstones } = tables
  const now = sql.placeholder('now')
  const visible = (at: string | SQL | typeof now) => and(lte(editions.liveFrom, at), gt(editions.liveUntil, at))
  const embargoed = (at: string | typeof now) => embargoedIn(tables, at)
  const visibleList = and(lte(listEditions.liveFrom, now), gt(listEditions.liveUntil, now))

  const linkColumns = {
    articleId: editions.articleId,
    slug: editions.slug,
    section: editions.section,
    publishedAt: editions.publishedAt,
    card: editions.card,
    taxonomy: taxonomyVersion(tables),
  }
  const columns = (forms: BodyForm[]) => ({
    ...linkColumns,
    edition: editions.edition,
    updatedAt: editions.updatedAt,
    liveFrom: editions.liveFrom,
    contentVersion: editions.contentVersion,
    ...Object.fromEntries(forms.map((form) => [form, editionBodies[form]])),
  })
  // A column that is never null comes first: drizzle takes a joined row for missing if its first column is null.
  const listColumns = {
    updatedAt: listEditions.updatedAt,
    key: listEditions.key,
    card: listEditions.card,
    items: listEditions.items,
    needs: listEditions.needs,
    digest: listEditions.digest,
  }
  const sameEdition = and(eq(editionBodies.articleId, editions.articleId), eq(editionBodies.edition, editions.edition))

  /** One statement for an article with its links; prepared per set of body forms, on first use. */
  const prepareArticle = (forms: BodyForm[], by: 'id' | 'slug', isEmbargo: boolean) => {
    const from = db.select({ edition: columns(forms), list: listColumns }).from(editions)
    const base = by === 'slug' ? from.innerJoin(addresses, eq(addresses.articleId, editions.articleId)) : from
    const withBody = forms.length > 0 ? base.innerJoin(editionBodies, sameEdition) : base
    const wanted =
      by === 'slug'
        ? and(eq(addresses.slug, sql.placeholder('key')), isEmbargo ? undefined : lte(addresses.since, now))
        : eq(editions.articleId, sql.placeholder('key'))
    return withBody
      .leftJoin(listEditions, and(eq(listEditions.listId, editions.articleId), visibleList))
      .where(and(wanted, isEmbargo ? embargoed(now) : visible(now)))
      .prepare(`article_by_${by}_${forms.join('_')}${isEmbargo ? '_embargo' : ''}`)
  }
  const prepared = new Map<string, ReturnType<typeof prepareArticle>>()

  const rail = db
    .select(listColumns)
    .from(listEditions)
    .where(and(eq(listEditions.key, sql.placeholder('key')), visibleList))
    .prepare('rail_by_key')

  const visibleAmong = (ids: (string | ReturnType<typeof sql.placeholder>)[], at: string | typeof now) =>
    db
      .select(linkColumns)
      .from(editions)
      .where(and(inArray(editions.articleId, ids), visible(at)))

  /** By a statement for some power of two, which is built once: the last id fills it up, and is found once all the same. */
  async function visibleAmongFew(ids: string[], at: string): Promise<LinkedRow[]> {
    const many = 2 ** Math.ceil(Math.log2(ids.length))
    const names = Array.from({ length: many }, (_, n) => `id${n}`)
    const statement = once(db, `visible ${many}`, (preparedName) =>
      visibleAmong(
        names.map((name) => sql.placeholder(name)),
        now,
      ).prepare(preparedName),
    )
    const given = Object.fromEntries(names.map((name, n) => [name, ids[n] ?? ids.at(-1)]))
    return (await statement.execute({ ...given, now: at })) as LinkedRow[]
  }

  return {
    ...frontStore(db, tables),
    ...names,
    ...termStore(db, tables),
    ...sitemapStore(db, tables, names),
    ...listStore(db, tables, { columnsOf: columns, faced: names.faced }),
    ...searchStore(db, tables, { columnsOf: columns, embargoedIn, faced: names.faced }),

    /** The visible edition of an article with its links; by slug, former ones included. */
    async article(by: 'id' | 'slug', key: string, forms: BodyForm[], at: string, isEmbargo = false) {
      const name = `${by} ${forms.join()} ${isEmbargo}`
      const statement = prepared.get(name) ?? prepareArticle(forms, by, isEmbargo)
      prepared.set(name, statement)
      const rows = (await statement.execute({ key, now: at })) as { edition: EditionRow; list: ListEditionRow | null }[]
      const [row] = rows
      const [edition] = row ? await names.faced([row.edition]) : []
      return row && edition && { ...row, edition }
    },

    /** The article that came from a path of the site that went before. */
    atFormerPath: async (path: string): Promise<string | undefined> =>
      (await db.select({ id: formerPaths.articleId }).from(formerPaths).where(eq(formerPaths.path, path)))[0]?.id,

    /** What is left of an article that readers once had and that is gone for good. */
    async tombstone(by: 'id' | 'slug', key: string, at: string) {
      const from = db.select({ reason: tombstones.reason }).from(tombstones)
      const found =
        by === 'id'
          ? from.where(and(eq(tombstones.articleId, key), eq(tombstones.wasPublic, true)))
          : from
              .innerJoin(addresses, eq(addresses.articleId, tombstones.articleId))
              .where(and(eq(addresses.slug, key), lte(addresses.since, at), eq(tombstones.wasPublic, true)))
      return (await found)[0]
    },

    /** The links of an article as readers would get them, whether or not it is public itself. */
    linksOf: async (articleId: string, at: string) =>
      (
        await db
          .select(listColumns)
          .from(listEditions)
          .where(
            and(eq(listEditions.listId, articleId), lte(listEditions.liveFrom, at), gt(listEditions.liveUntil, at)),
          )
      )[0] as ListEditionRow | undefined,

    rail: async (key: string, at: string) => ((await rail.execute({ key, now: at })) as ListEditionRow[])[0],

    /** By key. Going back, the rows come in the opposite order. */
    rails: async (limit: number, place: Place | undefined, at: string) => {
      const back = place?.direction === 'before'
      const rows = await db
        .select(listColumns)
        .from(listEditions)
        .where(
          and(
            isNotNull(listEditions.key),
            lte(listEditions.liveFrom, at),
            gt(listEditions.liveUntil, at),
            place && (back ? lt : gt)(listEditions.key, place.id),
          ),
        )
        .orderBy(back ? desc(listEditions.key) : asc(listEditions.key))
        .limit(limit)
      return rows as ListEditionRow[]
    },

    /** The visible editions of these articles, in no order. One statement, unless there are more than one can take. */
    visible: async (articleIds: string[], at: string): Promise<LinkedRow[]> => {
      const found: LinkedRow[] = []
      for (let from = 0; from < articleIds.length; from += IDS_AT_ONCE) {
        const some = articleIds.slice(from, from + IDS_AT_ONCE)
        const rows = some.length > IDS_PREPARED ? await visibleAmong(some, at) : await visibleAmongFew(some, at)
        found.push(...rows)
      }
      return names.faced(found)
    },

    /** The ids of the newest articles, of each that is wanted one list, also in one statement for all. */
    newest: (wanted: Wanted[], at: string, isLacking: boolean): Promise<string[][]> =>
      newestOfEach(db, { editions, editionTerms, termSlugs: tables.termSlugs }, wanted, at, isLacking),
  }
}
