import { and, eq, exists, lte, sql } from 'drizzle-orm'
import { FOREVER } from '../shared/clock.ts'
import type { ArticleFilters, Wanted } from '../shared/filters.ts'
import type { Db } from './database.ts'
import type { PublishedTables } from './tables.ts'

type EditionTables = Pick<PublishedTables, 'editions' | 'editionTerms'>

/**
 * How editions are found that match, in the order of an index: `by` is the table whose `publishedAt` and `articleId` are
 * that order. Where it is the terms', they are to be joined (`isSameEdition`): the index of a term leads, so that a rare
 * tag costs no more than a common one. The indexes of terms are halves, of what is superseded and what is not; without
 * `isSuperseded` both are looked through, by the index of all editions.
 */
export function matching(
  db: Db,
  { editions, editionTerms }: EditionTables,
  filters: ArticleFilters,
  isSuperseded: boolean | undefined,
) {
  const terms = (['tag', 'author'] as const).flatMap((kind) =>
    filters[kind] === undefined ? [] : [and(eq(editionTerms.kind, kind), eq(editionTerms.slug, filters[kind]))],
  )
  const isSameEdition = and(eq(editionTerms.articleId, editions.articleId), eq(editionTerms.edition, editions.edition))
  const [first, ...others] = isSuperseded === undefined ? [undefined, ...terms] : terms
  const by = first === undefined ? editions : editionTerms
  const has = (term: typeof first) =>
    exists(db.select({ slug: editionTerms.slug }).from(editionTerms).where(and(term, isSameEdition)))
  const where = and(
    first,
    ...others.map(has),
    isSuperseded === undefined ? undefined : eq(by.superseded, isSuperseded),
    filters.section === undefined ? undefined : eq(editions.section, filters.section),
  )
  return { by, isSameEdition, where }
}

/**
 * Whether an edition is visible, for lists, whose index is that of their order: most editions that are in it are visible.
 * By the index of ends, which the ticker needs, all of them would be found and then put in order; `coalesce` takes that
 * one away.
 */
export const visibleInOrder = ({ editions }: Pick<EditionTables, 'editions'>, at: string) =>
  and(lte(editions.liveFrom, at), sql`coalesce(${editions.liveUntil}, ${FOREVER}) > ${at}`)

/** SQLite takes at most 500 selects in one, and there may be two for each that is wanted. */
const AT_ONCE = 200

/**
 * The ids of the newest articles that are visible at `at` for each that is wanted, newest first, in one statement unless
 * there are more than one can take. Where the halves of what is not superseded lack something that is visible then, the
 * others are looked through too.
 */
export async function newestOfEach(
  db: Db,
  tables: EditionTables,
  wanted: Wanted[],
  at: string,
  isLacking: boolean,
): Promise<string[][]> {
  const { editions, editionTerms } = tables
  const isVisible = visibleInOrder(tables, at)
  const newest = ({ filters, most }: Wanted, isSuperseded: boolean | undefined) => {
    const { by, isSameEdition, where } = matching(db, tables, filters, isSuperseded)
    const from = by === editions ? editions : sql`${editions} inner join ${editionTerms} on ${isSameEdition}`
    const [order, id] = [by.publishedAt, by.articleId]
    // A select around it, because SQLite takes a limit at the end of them all only.
    return sql`select * from (select ${id} as id, ${order} as at from ${from} where ${and(where, isVisible)} order by ${order} desc, ${id} desc limit ${most}) as half`
  }
  // Without any filter the index of all is in their order.
  const halvesOf = ({ filters }: Wanted) =>
    !isLacking ? [false] : Object.keys(filters).length === 0 ? [undefined] : [false, true]
  const found: string[][] = []
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const some = wanted.slice(from, from + AT_ONCE)
    // One row for each: what a row costs to read is more than what it costs to find.
    const each = some.map((one, n) => {
      const all = sql.join(
        halvesOf(one).map((half) => newest(one, half)),
        sql` union all `,
      )
      return sql`select cast(${n} as integer) as n, string_agg(id, ' ' order by at desc, id desc) as ids from (${all}) as one`
    })
    const rows = await db
      .select({ n: sql<number>`n`, ids: sql<string | null>`ids` })
      .from(sql`(${sql.join(each, sql` union all `)}) as found`)
    const byPlace = new Map(rows.map(({ n, ids }) => [n, ids?.split(' ') ?? []]))
    found.push(...some.map(({ most }, n) => byPlace.get(n)?.slice(0, most) ?? []))
  }
  return found
}
