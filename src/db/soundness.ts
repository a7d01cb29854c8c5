import Sqlite from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { codeOf } from './failure.ts'
import { sayUnreadable } from './files.ts'
import { migrationsFolder } from './migrations.ts'
import { type OwnFault, otherSteps } from './own-check.ts'

// Whether a file of SQLite is sound, and has the schema of this program.

/** Opens a file to look at it. FileFault where this user may not, which says nothing of the file. */
function looking<T>(file: string, look: (client: Sqlite.Database) => T): T {
  let client: Sqlite.Database | undefined
  try {
    client = new Sqlite(file, { readonly: true, fileMustExist: true })
    return look(client)
  } catch (error) {
    return sayUnreadable(file, error)
  } finally {
    client?.close()
  }
}

/** What is wrong with a file as a database, whoever made it; nothing where it is sound. */
export const faultsOf = (file: string): string[] => looking(file, fileFaults)

/** How many steps of the schema a file has; undefined where it is no database of this program. */
export const stepsOf = (file: string): number | undefined => looking(file, stepsIn)

/** Whether an error says that the file is damaged, or is no database at all. */
export const isDamage = (error: unknown): boolean => /^SQLITE_(?:CORRUPT|NOTADB|FORMAT|IOERR|ERROR)/.test(codeOf(error))

/** What the engine finds wrong with its file. */
export function fileFaults(client: Sqlite.Database): string[] {
  try {
    const integrity = client.pragma('integrity_check(10)') as { integrity_check: string }[]
    const broken = integrity.map((row) => row.integrity_check).filter((each) => each !== 'ok')
    const keys = client.pragma('foreign_key_check') as { table: string }[]
    return [...broken, ...new Set(keys.map(({ table }) => `Rows of ${table} point at nothing`))]
  } catch (error) {
    if (!isDamage(error)) throw error
    return [`It cannot be read: ${(error as Error).message}`]
  }
}

const stepFiles = () => readMigrationFiles({ migrationsFolder: migrationsFolder('sqlite') })

/** How many steps this program knows. */
export const knownSteps = (): number => stepFiles().length

/** How many steps of the schema there are; undefined where it is no database of this program. */
export function stepsIn(client: Sqlite.Database): number | undefined {
  const table = "select 1 from sqlite_master where type = 'table' and name = '__drizzle_migrations'"
  if (client.prepare(table).get() === undefined) return undefined
  return client.prepare('select count(*) from __drizzle_migrations').pluck().get() as number
}

/** What the schema lacks, or has otherwise: tables, indexes and the triggers that keep the index of words. */
export function* schemaFaults(client: Sqlite.Database): Generator<OwnFault> {
  const steps = stepsIn(client)
  if (steps === undefined) {
    yield { id: 'schema', what: 'is none of Dateline' }
    return
  }
  if (steps !== knownSteps()) {
    yield otherSteps(steps, knownSteps())
    return
  }
  const has = namedIn(client)
  for (const [name, text] of wantedNames()) {
    const found = has.get(name)
    if (found !== text)
      yield { id: name, what: found === undefined ? 'is missing from the schema' : 'is another one than it should be' }
  }
  for (const name of has.keys())
    if (name.startsWith('trigger ') && !wantedNames().has(name))
      yield { id: name, what: 'is nothing of ours, and may change what is written' }
}

let wanted: Map<string, string> | undefined

/** The schema as the steps make it, in an empty database in memory. */
function wantedNames(): Map<string, string> {
  if (wanted) return wanted
  const fresh = new Sqlite(':memory:')
  for (const { sql } of stepFiles()) for (const statement of sql) fresh.exec(statement)
  wanted = namedIn(fresh)
  fresh.close()
  return wanted
}

function namedIn(client: Sqlite.Database): Map<string, string> {
  const rows = client
    .prepare("select type, name, sql from sqlite_master where sql is not null and name <> '__drizzle_migrations'")
    .all() as { type: string; name: string; sql: string }[]
  return new Map(rows.map(({ type, name, sql }) => [`${type} ${name}`, sql]))
}
