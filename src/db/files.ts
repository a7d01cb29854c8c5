import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { codeOf } from './failure.ts'

// The file of an embedded database as a file: copied while others write, and given its name when it is whole.

/** Why a file cannot be taken; the message is for people. */
export class FileFault extends Error {
  override readonly name = 'FileFault'
}

/** The file of a database address, or FileFault for a server's, whose own tools do this. */
export function databaseFile(url: string): string {
  if (url.startsWith('file:')) return url.slice('file:'.length)
  throw new FileFault('PostgreSQL is backed up with its own tools: docs/backup.md has the commands')
}

export function syncPath(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Whether two paths lead to one file. */
export function isSameFile(one: string, other: string): boolean {
  if (!existsSync(one) || !existsSync(other)) return false
  const [a, b] = [statSync(one), statSync(other)]
  return a.dev === b.dev && a.ino === b.ino
}

const isUnreadable = (error: unknown): boolean =>
  /^SQLITE_(?:CANTOPEN|READONLY|PERM|AUTH)|^E(?:ACCES|PERM)$/.test(codeOf(error))

/** A fault of its own for what this user may not read or write: that says nothing of the file. */
export function sayUnreadable(file: string, error: unknown): never {
  if (!isUnreadable(error)) throw error
  const why = (error as Error).message
  throw new FileFault(
    `${file} cannot be read by this user: ${why}\nUnless it is a backup, SQLite writes beside it to read it: this user needs to write in ${dirname(file)} as well.`,
  )
}

/**
 * Copies the database to `target`, as it is at one instant, while others read and write. VACUUM INTO: it reads in one transaction,
 * where the backup of the driver starts anew with each write of another connection; and what was erased is not in it.
 */
export function copyDatabase(file: string, target: string): void {
  if (!existsSync(file)) throw new FileFault(`There is no database ${file}`)
  try {
    // Nobody else may read it, from the first byte on: it holds digests of keys and secrets of webhooks.
    closeSync(openSync(target, 'wx', 0o600))
  } catch (error) {
    throw new FileFault(`No backup can be written in ${dirname(target)}: ${(error as Error).message}`)
  }
  let client: Sqlite.Database | undefined
  try {
    client = new Sqlite(file, { readonly: true, fileMustExist: true })
    client.pragma('busy_timeout = 10000')
    client.prepare('VACUUM INTO ?').run(target)
  } catch (error) {
    sayUnreadable(file, error)
  } finally {
    client?.close()
  }
  syncPath(target)
}

/** A file beside another one for what is not whole yet; by its name it is known whose it is, once that is gone. */
export const partOf = (path: string): string => `${path}.part-${hostname()}-${process.pid}`

/** Removes what processes of this machine have left in the folder of `path` that were killed before they were done. */
export function clearParts(path: string): void {
  const folder = dirname(path)
  if (!existsSync(folder)) return
  const known = basename(partOf('')).replace(/\d+$/, '')
  for (const name of readdirSync(folder)) {
    const at = name.lastIndexOf(known)
    const pid = at < 0 ? undefined : /^(\d+)(?:-wal|-shm|-journal)?$/.exec(name.slice(at + known.length))?.[1]
    if (pid !== undefined && !isRunning(Number(pid))) rmSync(join(folder, name), { force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's.
    return codeOf(error) === 'EPERM'
  }
}

/** Removes what is not needed any more, with what SQLite has put beside it. */
export function removePart(part: string): void {
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(part + end, { force: true })
}

/** Gives a file that is whole its name, for good. Throws FileFault where there is one of that name, unless it may be replaced. */
export function settle(part: string, path: string, mayReplace: boolean, link = linkSync): void {
  if (mayReplace) renameSync(part, path)
  else {
    try {
      link(part, path)
      rmSync(part)
    } catch (error) {
      if (codeOf(error) === 'EEXIST') throw isThere(path)
      takeName(part, path)
    }
  }
  syncPath(dirname(path))
}

/** Where a file cannot have two names (exFAT, many shares): takes the name with an empty file, which nobody else can do then. */
function takeName(part: string, path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? isThere(path) : error
  }
  renameSync(part, path)
}

const isThere = (path: string) => new FileFault(`${path} is there already: name another file, or give --force`)

export const copyWhole = (from: string, to: string): void => {
  const part = partOf(to)
  copyFileSync(from, part)
  syncPath(part)
  renameSync(part, to)
}
