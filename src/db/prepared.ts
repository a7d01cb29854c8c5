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

/** Which of these are null, as NULL is said in the statement: drizzle would else encode it like a value. */
const signatureOf = (row: object, names: string[]): string =>
  names.map((name) => ((row as Record<string, unknown>)[name] == null ? '0' : '1')).join('')

/** Placeholders for what has a value, and NULL for what has none. */
const placeholders = (names: string[], signature: string): Record<string, SQL> =>
  Object.fromEntries(
    names.map((name, n) => [name, signature[n] === '0' ? sql`null` : sql.placeholder(name)] as const),
  ) as Record<string, SQL>

/** Inserts one row, all of whose columns are in `row` or null. */
export async function insertRow<Table extends PgTable>(db: Db, table: Table, row: Row<Table>): Promise<void> {
  const names = Object.keys(getTableColumns(table))
  const signature = signatureOf(row, names)
  const statement = once(db, `insert ${getTableName(table)} ${signature}`, (as) =>
    db
      .insert(table)
      .values(placeholders(names, signature) as Row<Table>)
      .prepare(as),
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
  const names = Object.keys(getTableColumns(table))
  const signature = signatureOf(row, names)
  const statement = once(db, `put ${getTableName(table)} ${signature}`, (as) => {
    const values = placeholders(names, signature)
    const set = values as PgUpdateSetSource<Table>
    return db
      .insert(table)
      .values(values as Row<Table>)
      .onConflictDoUpdate({ target, set })
      .prepare(as)
  })
  await statement.execute(row as Record<string, unknown>)
}

/** What a statement sets, as placeholders, with a name for these columns; null stays null. */
export function settingOf(changes: object): { set: Record<string, SQL>; name: string } {
  const names = Object.keys(changes).filter((name) => (changes as Record<string, unknown>)[name] !== undefined)
  const signature = signatureOf(changes, names)
  return { set: placeholders(names, signature), name: `${names.join()} ${signature}` }
}
