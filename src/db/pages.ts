import { getTableColumns, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Db } from './database.ts'
import type { Tables } from './tables.ts'

// Whole tables, for what goes through all there is: exports and the doctor.

export type TableName = keyof Tables
export type AnyRow = Record<string, unknown>

/** A table and its columns, as PostgreSQL's are typed: both engines are asked alike. */
export const tableOf = (tables: Tables, name: TableName): PgTable => tables[name] as unknown as PgTable
export const columnsOf = (tables: Tables, name: TableName): Record<string, PgColumn> =>
  getTableColumns(tableOf(tables, name)) as Record<string, PgColumn>

export interface Walk {
  /** The columns that tell rows apart, in whose order they come. */
  key: readonly string[]
  /** How many are read at a time: fewer where they are large. */
  many: number
}

/** All rows of a table, page by page; of each what is `selected`, the key among it. */
export async function* pages(
  db: Db,
  tables: Tables,
  name: TableName,
  { key, many }: Walk,
  selected: Record<string, PgColumn | SQL>,
): AsyncGenerator<AnyRow[]> {
  const columns = columnsOf(tables, name)
  const order = key.map((each) => columns[each] as PgColumn)
  const list = (all: unknown[]): SQL =>
    sql`(${sql.join(
      all.map((each) => sql`${each}`),
      sql`, `,
    )})`
  for (let last: AnyRow | undefined; ; ) {
    const from = last
    const beyond = from && sql`${list(order)} > ${list(key.map((each) => from[each]))}`
    const rows: AnyRow[] = await db
      .select(selected)
      .from(tableOf(tables, name))
      .where(beyond)
      .orderBy(...order)
      .limit(many)
    yield rows
    last = rows.at(-1)
    if (rows.length < many) return
  }
}
