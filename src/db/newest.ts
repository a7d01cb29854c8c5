import { and, type Column, eq, exists, inArray, lte, type SQL, sql } from 'drizzle-orm'
import { FOREVER } from '../shared/clock.ts'
import {
  type ArticleFilters,
  type ListFilters,
  type TermKind,
  termKinds,
  type Wanted,
  wantedLanguage,
} from '../shared/filters.ts'
import type { Db } from './database.ts'
import type { PublishedTables } from './tables.ts'

type EditionTables = Pick<PublishedTables, 'editions' | 'editionTerms' | 'termSlugs'>

/** What a term is found by: the key of the section, tag or author that has or had this slug; a language as it is. */
const keyOf = ({ termSlugs }: EditionTables, kind: TermKind, wanted: string): SQL | string =>
  kind === 'language'
    ? wantedLanguage(wanted)
    : sql`coalesce((select ${termSlugs.key} from ${termSlugs} where ${termSlugs.kind} = ${kind} and ${termSlugs.slug} = ${wanted}), ${wanted})`

/** One condition for each term that is asked for, the one first of which there are likely to be fewest. */
const termsOf = (tables: EditionTables, filters: ArticleFilters) =>
  termKinds.flatMap((kind) => {
    const wanted = filters[kind]
    return wanted === undefined
      ? []
      : [and(eq(tables.editionTerms.kind, kind), eq(tables.editionTerms.slug, keyOf(tables, kind, wanted)))]
  })

const isSameEditionIn = ({ editions, editionTerms }: EditionTables) =>
  and(eq(editionTerms.articleId, editions.articleId), eq(editionTerms.edition, editions.edition))

/** Where something else leads: the conditions that editions meet which have these terms. */
const having = (db: Db, tables: EditionTables, terms: (SQL | undefined)[]): SQL[] =>
  terms.map((term) =>
    exists(
      db
        .select({ slug: tables.editionTerms.slug })
        .from(tables.editionTerms)
        .where(and(term, isSameEditionIn(tables))),
    ),
  )

/** The time by which a list is in order; null where something else decides. */
type Order = 'publishedAt' | 'updatedAt' | null

/**
 * A time that is not the order's, without its index: SQLite would find by that and put what it has found in order.
 * PostgreSQL knows how many rows it would find, and is told the truth.
 */
const aside = (column: Column) =>
  column.columnType.startsWith('SQLite') ? sql`coalesce(${column}, ${column})` : column

/** Times and ids, on whichever table leads: both know them. */
function within(by: EditionTables['editions'] | EditionTables['editionTerms'], filters: ListFilters, order: Order) {
  const time = (name: 'publishedAt' | 'updatedAt') => (name === order ? by[name] : aside(by[name]))
  const { publishedAfter, publishedBefore, updatedAfter, ids } = filters
  return and(
    publishedAfter === undefined ? undefined : sql`${time('publishedAt')} >= ${publishedAfter}`,
    publishedBefore === undefined ? undefined : sql`${time('publishedAt')} < ${publishedBefore}`,
    updatedAfter === undefined ? undefined : sql`${time('updatedAt')} >= ${updatedAfter}`,
    ids === undefined ? undefined : inArray(by.articleId, ids),
  )
}

/** All that filters ask of an edition, for queries over editions in which something else leads: an index of words, say. */
export const conditionsOf = (db: Db, tables: EditionTables, filters: ListFilters): SQL | undefined =>
  and(...having(db, tables, termsOf(tables, filters)), within(tables.editions, filters, null))

/**
 * How editions are found that match, in the order of an index: `by` is the table whose times and `articleId` are
 * that order. Where it is the terms', they are to be joined (`isSameEdition`): the index of a term leads, so that a rare
 * tag costs no more than a common one. The indexes of terms are halves, of what is superseded and what is not; without
 * `isSuperseded` both are looked through, by the index of all editions. A few articles by their ids are found by these.
 */
export function matching(
  db: Db,
  tables: EditionTables,
  { ids, ...filters }: ListFilters,
  isSuperseded: boolean | undefined,
  order: Order = 'publishedAt',
) {
  const { editions, editionTerms } = tables
  const terms = termsOf(tables, filters)
  const [first, ...others] = isSuperseded === undefined || ids !== undefined ? [undefined, ...terms] : terms
  const by = first === undefined ? editions : editionTerms
  const where = and(
    first,
    ...having(db, tables, others),
    isSuperseded === undefined || ids !== undefined ? undefined : eq(by.superseded, isSuperseded),
    within(by, { ...filters, ids }, order),
  )
  return { by, isSameEdition: isSameEditionIn(tables), where }
}

/**
 * Whether an edition is visible, for lists, whose index is that of their order: most editions that are in it are visible.
 * By the index of ends, which the ticker needs, all of them would be found and then put in order; `coalesce` takes that
 * one away.
 */
export const visibleInOrder = (
  { editions }: Pick<PublishedTables, 'editions'>,
  at: string | ReturnType<typeof sql.placeholder>,
) => and(lte(editions.liveFrom, at), sql`coalesce(${editions.liveUntil}, ${FOREVER}) > ${at}`)

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
  if (wanted.length === 0) return []
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
