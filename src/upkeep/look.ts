import { type AnyColumn, count, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { type AnyRow, columnsOf, pages, type TableName, tableOf, type Walk } from '../db/pages.ts'
import type { Tables } from '../db/tables.ts'

export type { TableName }

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

/** So many faults of a kind are named; more help nobody. */
export const NAMED = 5

export const RESTORE = 'Restore a backup of which the doctor says that all is well.'
export const REINDEX = 'Export everything and load it into a new database: the words are made anew there.'
export const REPUBLISH = `Published again, these articles are right for readers from then on. For what was before: ${RESTORE}`

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

/** All rows of a table, some at a time; JSON as it is stored. */
export function pagesOf({ read, tables }: Look, name: TableName, walk: Walk): AsyncGenerator<AnyRow[]> {
  const columns = Object.entries(columnsOf(tables, name))
  const stored = columns.map(([each, column]) => [each, column.dataType === 'json' ? raw(column) : column] as const)
  return pages(read, tables, name, walk, Object.fromEntries(stored))
}
