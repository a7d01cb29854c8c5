import { and, asc, desc, eq, gt, inArray, isNotNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { PublishedTables } from '../db/tables.ts'
import type { Place } from '../shared/place.ts'
import type { BodyForm } from './schema.ts'

export interface EditionRow {
  articleId: string
  slug: string
  edition: number
  publishedAt: string
  card: string
  html?: string
  blocks?: string
  markdown?: string
  text?: string
}

export interface ListEditionRow {
  key: string | null
  liveFrom: string
  card: string
  items: string
  targets: string
  digest: string
}

export interface ArticleFilters {
  section?: string | undefined
  tag?: string | undefined
  author?: string | undefined
}

/**
 * Reads what is public at one instant, and nothing else: it is handed the published tables only. The hot statements are
 * prepared once. Every statement of an answer is given the same `now`, so that no answer shows half of a publication.
 */
export function deliveryStore(
  db: Db,
  { editions, editionBodies, editionTerms, addresses, listEditions }: PublishedTables,
) {
  const now = sql.placeholder('now')
  const visible = (at: string | SQL | typeof now) => and(lte(editions.liveFrom, at), gt(editions.liveUntil, at))
  const visibleList = and(lte(listEditions.liveFrom, now), gt(listEditions.liveUntil, now))

  const columns = (forms: BodyForm[]) => ({
    articleId: editions.articleId,
    slug: editions.slug,
    edition: editions.edition,
    publishedAt: editions.publishedAt,
    card: editions.card,
    ...Object.fromEntries(forms.map((form) => [form, editionBodies[form]])),
  })
  // A column that is never null comes first: drizzle takes a joined row for missing if its first column is null.
  const listColumns = {
    liveFrom: listEditions.liveFrom,
    key: listEditions.key,
    card: listEditions.card,
    items: listEditions.items,
    targets: listEditions.targets,
    digest: listEditions.digest,
  }
  const sameEdition = and(eq(editionBodies.articleId, editions.articleId), eq(editionBodies.edition, editions.edition))

  /** One statement for an article with its links; prepared per set of body forms, on first use. */
  const prepareArticle = (forms: BodyForm[], by: 'id' | 'slug') => {
    const from = db.select({ edition: columns(forms), list: listColumns }).from(editions)
    const base = by === 'slug' ? from.innerJoin(addresses, eq(addresses.articleId, editions.articleId)) : from
    const withBody = forms.length > 0 ? base.innerJoin(editionBodies, sameEdition) : base
    const wanted =
      by === 'slug'
        ? and(eq(addresses.slug, sql.placeholder('key')), lte(addresses.since, now))
        : eq(editions.articleId, sql.placeholder('key'))
    return withBody
      .leftJoin(listEditions, and(eq(listEditions.listId, editions.articleId), visibleList))
      .where(and(wanted, visible(now)))
      .prepare(`article_by_${by}_${forms.join('_')}`)
  }
  const prepared = new Map<string, ReturnType<typeof prepareArticle>>()

  const rail = db
    .select(listColumns)
    .from(listEditions)
    .where(and(eq(listEditions.key, sql.placeholder('key')), visibleList))
    .prepare('rail_by_key')

  const rails = db
    .select(listColumns)
    .from(listEditions)
    .where(and(isNotNull(listEditions.key), visibleList))
    .orderBy(asc(listEditions.key))
    .prepare('rails')

  return {
    /** The visible edition of an article with its links; by slug, former ones included. */
    async article(by: 'id' | 'slug', key: string, forms: BodyForm[], at: string) {
      const name = `${by} ${forms.join()}`
      const statement = prepared.get(name) ?? prepareArticle(forms, by)
      prepared.set(name, statement)
      const rows = (await statement.execute({ key, now: at })) as { edition: EditionRow; list: ListEditionRow | null }[]
      return rows[0]
    },

    rail: async (key: string, at: string) => ((await rail.execute({ key, now: at })) as ListEditionRow[])[0],

    rails: async (at: string) => (await rails.execute({ now: at })) as ListEditionRow[],

    /** The visible editions of these articles, in no order. */
    targets: async (articleIds: string[], at: string): Promise<EditionRow[]> =>
      articleIds.length === 0
        ? []
        : ((await db
            .select(columns([]))
            .from(editions)
            .where(and(inArray(editions.articleId, articleIds), visible(at)))) as EditionRow[]),

    /** Newest first publication first. Going back, the rows come in the opposite order. */
    list: async (filters: ArticleFilters, forms: BodyForm[], limit: number, place: Place | undefined, at: string) => {
      const back = place?.direction === 'before'
      const beyond = back ? gt : lt
      const has = (kind: 'tag' | 'author', slug: string | undefined) =>
        slug === undefined
          ? undefined
          : inArray(
              editions.articleId,
              db
                .select({ articleId: editionTerms.articleId })
                .from(editionTerms)
                .where(
                  and(
                    eq(editionTerms.kind, kind),
                    eq(editionTerms.slug, slug),
                    eq(editionTerms.superseded, false),
                    eq(editionTerms.edition, editions.edition),
                  ),
                ),
            )
      const from = db.select(columns(forms)).from(editions)
      const rows = await (forms.length > 0 ? from.innerJoin(editionBodies, sameEdition) : from)
        .where(
          and(
            eq(editions.superseded, false),
            filters.section === undefined ? undefined : eq(editions.section, filters.section),
            has('tag', filters.tag),
            has('author', filters.author),
            visible(at),
            place &&
              or(
                beyond(editions.publishedAt, place.at),
                and(eq(editions.publishedAt, place.at), beyond(editions.articleId, place.id)),
              ),
          ),
        )
        .orderBy(
          ...(back
            ? [editions.publishedAt, editions.articleId]
            : [desc(editions.publishedAt), desc(editions.articleId)]),
        )
        .limit(limit)
      return rows as EditionRow[]
    },
  }
}
