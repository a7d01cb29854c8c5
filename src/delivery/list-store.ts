import { and, asc, count, desc, eq, gt, inArray, lt, lte, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Db } from '../db/database.ts'
import { beyond } from '../db/keyset.ts'
import { matching, visibleInOrder } from '../db/newest.ts'
import { once } from '../db/prepared.ts'
import type { PublishedTables } from '../db/tables.ts'
import type { ListFilters, Sort } from '../shared/filters.ts'
import type { Place } from '../shared/place.ts'
import type { EditionRow, ListEditionRow } from './rows.ts'
import type { BodyForm } from './schema.ts'

/** Which of the editions are meant: those of now, of another instant, or those under embargo. */
export type Look = 'now' | 'then' | 'embargo'

/** An edition in a list, and whether the indexes of what is public now lack one that is. */
export interface ListedRow extends EditionRow {
  isLacking: boolean
}

/** What is looked for in a list of articles, and in which order. */
export interface ListQuestion {
  filters: ListFilters
  sort: Sort
  at: string
  look: Look
}

interface Wanted {
  forms: BodyForm[]
  limit: number
  place: Place | undefined
}

/** The same with what is filled in when the statement is run. */
type Parameterised<Of> = {
  [Name in keyof Of]: Name extends 'at' | 'id' | 'limit'
    ? Of[Name] | Placeholder
    : Name extends 'place'
      ? (Pick<Place, 'direction'> & { at: string | Placeholder; id: string | Placeholder }) | undefined
      : Of[Name]
}

/** What is to be public later, and partners may read before. */
export const embargoedIn = ({ editions }: PublishedTables, at: string | SQL | ReturnType<typeof sql.placeholder>) =>
  and(gt(editions.liveFrom, at), lt(editions.liveFrom, editions.liveUntil), eq(editions.embargo, true))

/** How editions are read: which columns, and as they are shown now. */
export interface Shown {
  columnsOf: (forms: BodyForm[]) => Record<string, PgColumn | SQL>
  faced: <Row extends EditionRow & { taxonomy?: number | null }>(rows: Row[]) => Promise<Row[]>
}

/** The part of the store that lists of articles need. */
export function listStore(db: Db, tables: PublishedTables, { columnsOf, faced }: Shown) {
  const { editions, editionBodies, editionTerms, listEditions } = tables
  const sameBody = and(eq(editionBodies.articleId, editions.articleId), eq(editionBodies.edition, editions.edition))
  /**
   * The last end of what was taken out of the indexes of what is public now, be it by a clock that was ahead of this one.
   * Found by its index: PostgreSQL, asked whether there is any that ends later, reads the whole table.
   */
  const lastEnd = db
    .select({ at: editions.liveUntil })
    .from(editions)
    .where(eq(editions.superseded, true))
    .orderBy(desc(editions.liveUntil))
    .limit(1)

  /** Only the editions of now are in the indexes that are kept small; the past has one of its own. */
  const found = ({ filters, sort, at, look }: Parameterised<ListQuestion>) => {
    const order = sort === '-updatedAt' ? 'updatedAt' : 'publishedAt'
    const half = look === 'now' ? false : undefined
    const { by, isSameEdition, where } = matching(db, tables, filters, half, order)
    const isSeen = look === 'embargo' ? embargoedIn(tables, at) : visibleInOrder(tables, at)
    return { by, order: by[order], isSameEdition, where: and(where, isSeen) }
  }

  const listQuery = (question: Parameterised<ListQuestion>, { forms, limit, place }: Parameterised<Wanted>) => {
    const { by, order, isSameEdition, where } = found(question)
    const { sort, filters, at } = question
    const isUp = (sort === 'publishedAt') !== (place?.direction === 'before')
    const from = place && ({ ...place, direction: isUp ? 'before' : 'after' } as const)
    const joined = db.select({ ...columnsOf(forms), isLacking: sql<unknown>`${lastEnd} > ${at}` }).from(editions)
    const led = by === editions ? joined : joined.innerJoin(editionTerms, isSameEdition)
    // A few articles are found by their ids and put in order then, whatever index there is of the order.
    const keys = [filters.ids === undefined ? order : sql`coalesce(${order}, ${order})`, by.articleId]
    return (forms.length > 0 ? led.innerJoin(editionBodies, sameBody) : led)
      .where(and(where, from && beyond(order, by.articleId, from)))
      .orderBy(...keys.map((key) => (isUp ? asc(key) : desc(key))))
      .limit(limit)
  }

  /** Without filters there are few such statements: each is built once. */
  const listOfAll = ({ sort, look, at }: ListQuestion, { forms, limit, place }: Wanted) => {
    const statement = once(db, `list ${sort} ${look} ${forms.join()} ${place?.direction}`, (name) => {
      const [given, fill] = [{ filters: {}, sort, look, at: sql.placeholder('at') }, sql.placeholder('limit')]
      const from = place && {
        direction: place.direction,
        at: sql.placeholder('placeAt'),
        id: sql.placeholder('placeId'),
      }
      return listQuery(given, { forms, limit: fill, place: from }).prepare(name)
    })
    return statement.execute({ at, limit, placeAt: place?.at, placeId: place?.id }) as ReturnType<typeof listQuery>
  }

  return {
    /** In the order of `sort`. Going back, the rows come in the opposite one. */
    list: async (question: ListQuestion, wanted: Wanted): Promise<ListedRow[]> => {
      const isOfAll = Object.values(question.filters).every((each) => each === undefined)
      const rows = await (isOfAll ? listOfAll(question, wanted) : listQuery(question, wanted))
      return faced(rows.map((row) => ({ ...(row as unknown as EditionRow), isLacking: Boolean(row.isLacking) })))
    },

    /** How many there are altogether. */
    count: async (question: ListQuestion): Promise<number> => {
      const { by, isSameEdition, where } = found(question)
      const all = db.select({ all: count() }).from(editions)
      const [row] = await (by === editions ? all : all.innerJoin(editionTerms, isSameEdition)).where(where)
      return row?.all ?? 0
    },

    isLacking: async (at: string): Promise<boolean> => (await lastEnd).some((last) => last.at > at),

    /** The lists of these articles, by their ids. */
    linksOfEach: async (articleIds: string[], at: string): Promise<Map<string, ListEditionRow>> => {
      const rows = await db
        .select()
        .from(listEditions)
        .where(
          and(inArray(listEditions.listId, articleIds), lte(listEditions.liveFrom, at), gt(listEditions.liveUntil, at)),
        )
      return new Map(rows.map((row) => [row.listId, row]))
    },
  }
}
