import {
  chmodSync,
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { migrationsFolder } from './migrations.ts'

// The file of an embedded database as a file: copied while others write, looked at, and put in the place of another one.

/** Why a file cannot be taken; the message is for people. */
export class FileFault extends Error {
  override readonly name = 'FileFault'
}

/** The file of a database address, or FileFault for a server's, whose own tools do this. */
export function databaseFile(url: string): string {
  if (url.startsWith('file:')) return url.slice('file:'.length)
  throw new FileFault('PostgreSQL is backed up with its own tools: docs/backup.md has the commands')
}

function syncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/**
 * Copies the database to `target`, as it is at one instant, while others read and write. VACUUM INTO: it reads in one transaction,
 * where the backup of the driver starts anew with each write of another connection; and what was erased is not in it.
 */
export function copyDatabase(file: string, target: string): void {
  if (!existsSync(file)) throw new FileFault(`There is no database ${file}`)
  // Nobody else may read it, from the first byte on: it holds digests of keys and secrets of webhooks.
  closeSync(openSync(target, 'wx', 0o600))
  const client = new Sqlite(file, { fileMustExist: true })
  try {
    client.pragma('busy_timeout = 10000')
    client.prepare('VACUUM INTO ?').run(target)
  } finally {
    client.close()
  }
  syncPath(target)
}

/** Whether two paths lead to one file. */
export function isSameFile(one: string, other: string): boolean {
  if (!existsSync(one) || !existsSync(other)) return false
  const [a, b] = [statSync(one), statSync(other)]
  return a.dev === b.dev && a.ino === b.ino
}

/** What is wrong with a file as a database of this program; nothing where it is sound. */
export function faultsOf(file: string): string[] {
  let client: Sqlite.Database
  try {
    client = new Sqlite(file, { readonly: true, fileMustExist: true })
  } catch (error) {
    return [`It cannot be opened: ${(error as Error).message}`]
  }
  try {
    const integrity = client.pragma('integrity_check(10)') as { integrity_check: string }[]
    const broken = integrity.map((row) => row.integrity_check).filter((each) => each !== 'ok')
    const keys = client.pragma('foreign_key_check') as { table: string }[]
    const unindexed = hasWords(client)
      ? (client
          .prepare(
            'select place from edition_words where place not in (select id from edition_words_index_docsize) limit 5',
          )
          .pluck()
          .all() as number[])
      : []
    return [
      ...broken,
      ...new Set(keys.map(({ table }) => `Rows of ${table} point at nothing`)),
      ...unindexed.map((place) => `The words at ${place} are not in the index of words`),
    ]
  } catch (error) {
    return [`It cannot be read: ${(error as Error).message}`]
  } finally {
    client.close()
  }
}

const hasWords = (client: Sqlite.Database): boolean =>
  client.prepare("select 1 from sqlite_master where name = 'edition_words_index'").get() !== undefined

/** How many steps of the schema a file has; undefined where it is no database of this program. */
export function stepsOf(file: string): number | undefined {
  const client = new Sqlite(file, { readonly: true, fileMustExist: true })
  try {
    return client.prepare('select count(*) from __drizzle_migrations').pluck().get() as number
  } catch {
    return undefined
  } finally {
    client.close()
  }
}

/** How many steps this program knows. */
export const knownSteps = (): number => readMigrationFiles({ migrationsFolder: migrationsFolder('sqlite') }).length

/** Makes one file of a database and its log, so that whoever looks at it leaves nothing beside it. */
export function joinLog(file: string): void {
  const client = new Sqlite(file, { fileMustExist: true })
  try {
    client.pragma('journal_mode = DELETE')
  } finally {
    client.close()
  }
  syncPath(file)
}

/** Gives a file that is whole its name, for good. Throws FileFault where there is one of that name, unless it may be replaced. */
export function settle(part: string, path: string, mayReplace: boolean): void {
  if (mayReplace) renameSync(part, path)
  else {
    try {
      linkSync(part, path)
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error
      throw new FileFault(`${path} is there already: name another file, or give --force`)
    }
    rmSync(part)
  }
  syncPath(dirname(path))
}

const copyWhole = (from: string, to: string): void => {
  copyFileSync(from, `${to}.part`)
  syncPath(`${to}.part`)
  renameSync(`${to}.part`, to)
}

/** Lets a new file be whose the old one was: the server must be able to open it. */
function keepOwner(old: string, fresh: string): void {
  const { uid, gid, mode } = statSync(old)
  chmodSync(fresh, mode & 0o777)
  if (process.getuid?.() === 0) chownSync(fresh, uid, gid)
}

/**
 * Puts the database `source` in the place of `file`, and keeps that as `aside`. Killed at any moment, there is the old one or the new
 * one, whole. Throws FileFault where a process has the old one open.
 */
export function replaceDatabase(source: string, named: string, aside: string): void {
  // A link stays one, and what it leads to is replaced.
  const file = existsSync(named) ? realpathSync(named) : named
  const part = `${file}.restoring`
  copyFileSync(source, part)
  if (existsSync(file)) keepOwner(file, part)
  syncPath(part)
  const faults = faultsOf(part)
  // What the look at it has left beside it.
  for (const end of ['-wal', '-shm']) rmSync(part + end, { force: true })
  if (faults.length > 0) throw new FileFault(`The copy is not sound, and nothing was changed: ${faults.join('; ')}`)
  if (!existsSync(file)) {
    // The log of a database that is gone: the new one must not take it for its own.
    setLogAside(file, aside)
    settle(part, file, true)
    return
  }
  const client = new Sqlite(file)
  try {
    if (!holdAlone(client)) {
      client.close()
      setLogAside(file, aside)
    }
    copyWhole(file, aside)
    settle(part, file, true)
  } finally {
    rmSync(part, { force: true })
    client.close()
  }
}

/**
 * Keeps everybody else from a database until it is closed. Answers false for one that is damaged, which is what one restores
 * for: nobody can work with it. Throws FileFault where a process has it open.
 */
function holdAlone(client: Sqlite.Database): boolean {
  try {
    client.pragma('busy_timeout = 1000')
    // Out of the mode in which others can have it open: that takes the whole file, and its log goes into it.
    client.pragma('journal_mode = DELETE')
    client.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    const code = String((error as { code?: string }).code)
    if (code.startsWith('SQLITE_BUSY')) throw new FileFault('A process has the database open: end the server first')
    if (/^SQLITE_(?:NOTADB|CORRUPT)/.test(code)) return false
    throw error
  }
}

/** Keeps the log of a database beside what is kept of it. */
function setLogAside(file: string, aside: string): void {
  for (const end of ['-wal', '-shm']) if (existsSync(file + end)) renameSync(file + end, aside + end)
}
