import { type AnyColumn, count, getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'

// What a check is, and what all of them are made with. Checks only read, and hold no more than a page of rows.

/** Something that is wrong with what has this id. */
export interface Fault {
  id: string
  what: string
}

export interface Check {
  /** A short name for programs. */
  kind: string
  /** What is so where all is well. */
  says: string
  /** What to do where it is not. */
  advice: string
  find: (look: Look) => AsyncIterable<Fault>
}

/** The database at one instant. */
export interface Look {
  read: Db
  tables: Tables
  /** The clock's present, or the last thing that happened where the clock was set back: nobody is behind what is later. */
  latest: string
}

export type TableName = keyof Tables
type Row = Record<string, unknown>

/** So many faults of a kind are named; more help nobody. */
export const NAMED = 5

export const RESTORE = 'Restore a backup of which the doctor says that all is well.'
export const REINDEX = 'Export everything and load it into a new database: the words are made anew there.'
export const REPUBLISH = `Published again, these articles are right for readers from then on. For what was before: ${RESTORE}`

export const tableOf = (tables: Tables, name: TableName): PgTable => tables[name] as unknown as PgTable

export const columnsOf = (tables: Tables, name: TableName): Record<string, PgColumn> =>
  getTableColumns(tableOf(tables, name)) as Record<string, PgColumn>

/** The values of columns, with blanks between them: what a row is called. */
export const joined = (...columns: AnyColumn[]): SQL =>
  sql.join(
    columns.map((column) => sql`${column}`),
    sql` || ' ' || `,
  )

/** Rows that should not be there, each under its `name`. */
export async function* wrong(rows: PromiseLike<{ name: unknown }[]>, what: string): AsyncGenerator<Fault> {
  for (const { name } of await rows) yield { id: String(name), what }
}

/** A column as it is stored, also where that is no JSON. */
export const raw = (column: AnyColumn): SQL<unknown> => sql<unknown>`${column}`

/** What a raw column of JSON holds: one driver has read it already; undefined where it cannot be read. */
export function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}

/** How many rows a table has. */
export async function countOf({ read, tables }: Pick<Look, 'read' | 'tables'>, name: TableName): Promise<number> {
  const [row] = await read.select({ many: count() }).from(tableOf(tables, name))
  return row?.many ?? 0
}

interface Walk {
  /** The columns that tell rows apart, in whose order they come. */
  key: readonly string[]
  /** How many are read at a time: fewer where they are large. */
  many: number
  where?: SQL | undefined
}

/** All rows of a table, some at a time; JSON as it is stored. */
export async function* pagesOf({ read, tables }: Look, name: TableName, walk: Walk): AsyncGenerator<Row[]> {
  const columns = columnsOf(tables, name)
  const selected = Object.fromEntries(
    Object.entries(columns).map(([each, column]) => [each, column.dataType === 'json' ? raw(column) : column]),
  )
  const order = walk.key.map((each) => columns[each] as PgColumn)
  const list = (all: unknown[]): SQL =>
    sql`(${sql.join(
      all.map((each) => sql`${each}`),
      sql`, `,
    )})`
  for (let last: Row | undefined; ; ) {
    const from = last
    const beyond = from && sql`${list(order)} > ${list(walk.key.map((each) => from[each]))}`
    const conditions = [walk.where, beyond].filter((each) => each !== undefined)
    const rows: Row[] = await read
      .select(selected)
      .from(tableOf(tables, name))
      .where(conditions.length === 0 ? undefined : sql.join(conditions, sql` and `))
      .orderBy(...order)
      .limit(walk.many)
    yield rows
    last = rows.at(-1)
    if (rows.length < walk.many) return
  }
}
