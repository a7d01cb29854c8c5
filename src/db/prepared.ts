import { createHash } from 'node:crypto'
import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
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

/** Placeholders for what has a value, and NULL for what has none, which drizzle would else encode like a value. */
function placeholders(row: object, names: string[]): { values: Record<string, SQL>; signature: string } {
  const given = row as Record<string, unknown>
  const isNull = (name: string) => given[name] === null || given[name] === undefined
  const values = names.map((name) => [name, isNull(name) ? sql`null` : sql.placeholder(name)] as const)
  return {
    values: Object.fromEntries(values) as Record<string, SQL>,
    signature: names.map((name) => (isNull(name) ? '0' : '1')).join(''),
  }
}

/** Inserts one row, all of whose columns are in `row` or null. */
export async function insertRow<Table extends PgTable>(db: Db, table: Table, row: Row<Table>): Promise<void> {
  const { values, signature } = placeholders(row, Object.keys(getTableColumns(table)))
  const statement = once(db, `insert ${getTableName(table)} ${signature}`, (name) =>
    db
      .insert(table)
      .values(values as Row<Table>)
      .prepare(name),
  )
  await statement.execute(row as Record<string, unknown>)
}

/** The same, or changes the row that has this key already. */
export async function putRow<Table extends PgTable>(
  db: Db,
  table: Table,
  target: PgColumn,
  row: Row<Table>,
): Promise<void> {
  const { values, signature } = placeholders(row, Object.keys(getTableColumns(table)))
  const statement = once(db, `put ${getTableName(table)} ${signature}`, (name) =>
    db
      .insert(table)
      .values(values as Row<Table>)
      .onConflictDoUpdate({ target, set: values as PgUpdateSetSource<Table> })
      .prepare(name),
  )
  await statement.execute(row as Record<string, unknown>)
}

/** What a statement sets, as placeholders, with a name for these columns; null stays null. */
export function settingOf(changes: object): { set: Record<string, SQL>; name: string } {
  const names = Object.keys(changes).filter((name) => (changes as Record<string, unknown>)[name] !== undefined)
  const { values, signature } = placeholders(changes, names)
  return { set: values, name: `${names.join()} ${signature}` }
}
