import { createHash } from 'node:crypto'
import { type Column, getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable, PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Db } from './database.ts'

// Statements that are run for every write are put together once for each connection: building one takes drizzle some forty times
// as long as SQLite takes to run it. On PostgreSQL they are prepared under a name of their own there, too.

const kept = new WeakMap<Db, Map<string, unknown>>()

/** What `build` makes for this connection, the first time that it is asked for under this name. */
export function once<Made>(db: Db, name: string, build: (preparedName: string) => Made): Made {
  const all = kept.get(db) ?? new Map<string, unknown>()
  if (all.size === 0) kept.set(db, all)
  const known = all.get(name) as Made | undefined
  if (known !== undefined) return known
  // PostgreSQL cuts names after 63 bytes.
  const made = build(`d${createHash('sha1').update(name).digest('hex').slice(0, 20)}`)
  all.set(name, made)
  return made
}

/**
 * Placeholders for some values, as many as the next power of two, so that few statements are built for however many; and what is given for
 * them: the last value fills them up. For statements to which it makes no difference that a value comes twice.
 */
export function placesFor(values: string[]) {
  const names = Array.from({ length: 2 ** Math.ceil(Math.log2(values.length)) }, (_, n) => `value${n}`)
  return {
    places: names.map((name) => sql.placeholder(name)),
    given: Object.fromEntries(names.map((name, n) => [name, values[n] ?? values.at(-1)])),
  }
}

type Row<Table extends PgTable> = Table['$inferInsert']
type Values = Record<string, unknown>

/** Placeholders for these columns of the nth row: bare ones, as drizzle would else encode NULL like a value. */
const placeholders = (names: string[], n = 0): Record<string, SQL> =>
  Object.fromEntries(names.map((name) => [name, sql`${sql.placeholder(`${name} ${n}`)}`] as const))

/** What is given for them, in the form that the driver takes. */
function givenFor(columns: Record<string, Column>, row: object, n = 0): Values {
  const given: Values = {}
  for (const name in columns) {
    const value = (row as Values)[name] ?? null
    given[`${name} ${n}`] = value === null ? null : columns[name]?.mapToDriverValue(value)
  }
  return given
}

/** Inserts rows, all of whose columns are in them or null: some power of two by each statement, so that few are built for however many. */
export async function insertRows<Table extends PgTable>(db: Db, table: Table, rows: Row<Table>[]): Promise<void> {
  const columns = getTableColumns(table)
  for (let from = 0; from < rows.length; ) {
    const many = Math.min(ROWS_AT_ONCE, 2 ** Math.floor(Math.log2(rows.length - from)))
    const some = rows.slice(from, from + many)
    from += many
    const statement = once(db, `insert ${many} ${getTableName(table)}`, (as) =>
      db
        .insert(table)
        .values(some.map((_row, n) => placeholders(Object.keys(columns), n)) as Row<Table>[])
        .prepare(as),
    )
    await statement.execute(Object.assign({}, ...some.map((row, n) => givenFor(columns, row, n))))
  }
}

/** Well below the parameters that a statement may have. */
const ROWS_AT_ONCE = 64

export const insertRow = <Table extends PgTable>(db: Db, table: Table, row: Row<Table>): Promise<void> =>
  insertRows(db, table, [row])

/** The same, or changes the row that has this key already. */
export async function putRow<Table extends PgTable>(
  db: Db,
  table: Table,
  target: PgColumn,
  row: Row<Table>,
): Promise<void> {
  const columns = getTableColumns(table)
  const statement = once(db, `put ${getTableName(table)}`, (as) => {
    const values = placeholders(Object.keys(columns))
    const set = values as PgUpdateSetSource<Table>
    return db
      .insert(table)
      .values(values as Row<Table>)
      .onConflictDoUpdate({ target, set })
      .prepare(as)
  })
  await statement.execute(givenFor(columns, row))
}

/** What a statement sets, as placeholders, with a name for these columns and what is given for them. */
export function settingOf<Table extends PgTable>(table: Table, changes: Partial<Row<Table>>) {
  const columns = Object.fromEntries(
    Object.entries(getTableColumns(table)).filter(([name]) => (changes as Values)[name] !== undefined),
  )
  const names = Object.keys(columns)
  return {
    set: placeholders(names) as PgUpdateSetSource<Table>,
    name: `${getTableName(table)} ${names.join()}`,
    given: givenFor(columns, changes),
  }
}
