import { createHash } from 'node:crypto'
import { type Column, getTableColumns, getTableName, type Placeholder, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable, PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Db } from './database.ts'

// Statements that are run for every write are put together once for each connection: building one takes drizzle some forty times
// as long as SQLite takes to run it. On PostgreSQL they are prepared under a name of their own there, too.

type Values = Record<string, unknown>

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

/** Runs a statement that is put together once, under this name, with what is given for its placeholders. */
export const runKept = <Result>(
  db: Db,
  name: string,
  query: () => { prepare: (name: string) => { execute: (given?: Values) => Promise<Result> } },
  given: Values = {},
): Promise<Result> => once(db, name, (as) => query().prepare(as)).execute(given)

/**
 * Placeholders for some values, as many as the next power of two, so that few statements are built for however many; and what is given for
 * them: the last value fills them up. For statements to which it makes no difference that a value comes twice.
 */
export function placesFor(values: string[]) {
  const many = 2 ** Math.ceil(Math.log2(values.length))
  const places = allPlaces.get(many) ?? Array.from({ length: many }, (_, n) => sql.placeholder(`value${n}`))
  allPlaces.set(many, places)
  return { places, given: Object.fromEntries(places.map(({ name }, n) => [name, values[n] ?? values.at(-1)])) }
}
const allPlaces = new Map<number, Placeholder<string>[]>()

type Row<Table extends PgTable> = Table['$inferInsert']

/** Placeholders for these columns of the nth row: bare ones, as drizzle would else encode NULL like a value. */
const placeholders = (names: string[], n = 0): Record<string, SQL> =>
  Object.fromEntries(names.map((name) => [name, sql`${sql.placeholder(`${name} ${n}`)}`] as const))

/** What is given for them, in the form that the driver takes. */
function givenFor(columns: Record<string, Column>, row: object, n = 0, given: Values = {}): Values {
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
    const given: Values = {}
    for (const [n, row] of some.entries()) givenFor(columns, row, n, given)
    await statement.execute(given)
  }
}

/** Well below the parameters that a statement may have. */
const ROWS_AT_ONCE = 64

/** One row of a table as placeholders for all of its columns, and what is given for them; for what `insertRows` does not do. */
export const rowPlaces = <Table extends PgTable>(table: Table): Row<Table> =>
  placeholders(Object.keys(getTableColumns(table))) as Row<Table>
export const rowGiven = <Table extends PgTable>(table: Table, row: Row<Table>): Values =>
  givenFor(getTableColumns(table), row)

export const insertRow = <Table extends PgTable>(db: Db, table: Table, row: Row<Table>): Promise<void> =>
  insertRows(db, table, [row])

/** The same, or changes the row that has this key already. */
export async function putRow<Table extends PgTable>(
  db: Db,
  table: Table,
  target: PgColumn,
  row: Row<Table>,
): Promise<void> {
  const statement = once(db, `put ${getTableName(table)}`, (as) => {
    const values = rowPlaces(table)
    const set = values as PgUpdateSetSource<Table>
    return db.insert(table).values(values).onConflictDoUpdate({ target, set }).prepare(as)
  })
  await statement.execute(rowGiven(table, row))
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
