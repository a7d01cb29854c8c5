import { closeSync, copyFileSync, existsSync, fsyncSync, linkSync, openSync, renameSync, rmSync } from 'node:fs'
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
  const client = new Sqlite(file, { fileMustExist: true })
  try {
    client.pragma('busy_timeout = 10000')
    client.prepare('VACUUM INTO ?').run(target)
  } finally {
    client.close()
  }
  syncPath(target)
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
    return [...broken, ...new Set(keys.map(({ table }) => `Rows of ${table} point at nothing`))]
  } catch (error) {
    return [`It cannot be read: ${(error as Error).message}`]
  } finally {
    client.close()
  }
}

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

/** Renames a file that is whole to its name, for good. */
export function settle(part: string, path: string): void {
  renameSync(part, path)
  syncPath(dirname(path))
}

/**
 * Puts the database `source` in the place of `file`, and keeps that as `aside`. Killed at any moment, there is the old one or the new
 * one, whole. Throws FileFault where a process has the old one open.
 */
export function replaceDatabase(source: string, file: string, aside: string): void {
  const part = `${file}.restoring`
  copyFileSync(source, part)
  syncPath(part)
  if (!existsSync(file)) {
    settle(part, file)
    return
  }
  const client = new Sqlite(file)
  try {
    client.pragma('busy_timeout = 1000')
    // Out of the mode in which others can have it open: that takes the whole file, and its log goes into it.
    client.pragma('journal_mode = DELETE')
    client.exec('BEGIN EXCLUSIVE')
    linkSync(file, aside)
    settle(part, file)
  } catch (error) {
    rmSync(part, { force: true })
    if (String((error as { code?: string }).code).startsWith('SQLITE_BUSY'))
      throw new FileFault('A process has the database open: end the server first')
    throw error
  } finally {
    client.close()
  }
}
