import { chmodSync, chownSync, copyFileSync, existsSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { clearParts, copyWhole, FileFault, partOf, removePart, settle, syncPath } from './files.ts'
import { faultsOf, knownSteps, stepsOf } from './soundness.ts'

// A database in the place of another one.

/** Called when a step is done; tests end the process there. */
export type OnStep = (step: 'copied' | 'looked' | 'held' | 'kept' | 'replaced') => void

/**
 * Puts the database `source` in the place of `file`, and keeps that as `aside`. Killed at any moment, there is the old one or the new
 * one, whole. Looks at a copy of its own: of `source` nothing but its bytes is read. Throws FileFault where a process has the old one
 * open, or the new one is not sound.
 */
export function replaceDatabase(source: string, named: string, aside: string, onStep: OnStep = () => undefined): void {
  // A link stays one, and what it leads to is replaced.
  const file = existsSync(named) ? realpathSync(named) : named
  clearParts(file)
  const part = partOf(file)
  try {
    copyFileSync(source, part)
    if (existsSync(file)) keepOwner(file, part)
    syncPath(part)
    onStep('copied')
    refuseUnsound(source, part)
    onStep('looked')
    if (existsSync(file)) replace(part, file, aside, onStep)
    else {
      // The log of a database that is gone: the new one must not take it for its own.
      setLogAside(file, aside)
      settle(part, file, false)
    }
    onStep('replaced')
  } finally {
    removePart(part)
  }
}

/** Throws where the copy is no database that this program can work with. */
function refuseUnsound(source: string, part: string): void {
  const faults = faultsOf(part)
  if (faults.length > 0)
    throw new FileFault(`${source} is not sound, and nothing was changed:\n  ${faults.join('\n  ')}`)
  const steps = stepsOf(part)
  if (steps === undefined) throw new FileFault(`${source} is no database of Dateline. Nothing was changed.`)
  if (steps > knownSteps())
    throw new FileFault(`${source} is of a later version of Dateline than this one. Nothing was changed.`)
  // What the look at it has left beside it.
  for (const end of ['-wal', '-shm']) rmSync(part + end, { force: true })
}

function replace(part: string, file: string, aside: string, onStep: OnStep): void {
  const before = statSync(file)
  const client = new Sqlite(file)
  try {
    if (!holdAlone(client)) {
      client.close()
      setLogAside(file, aside)
    }
    // Another restore may have been first: what it has put there may have been opened since.
    if (statSync(file).ino !== before.ino)
      throw new FileFault('Another process has just replaced the database. Nothing was changed.')
    onStep('held')
    copyWhole(file, aside)
    onStep('kept')
    settle(part, file, true)
  } finally {
    client.close()
  }
}

/** Lets a new file be whose the old one was: the server must be able to open it. */
function keepOwner(old: string, fresh: string): void {
  const { uid, gid, mode } = statSync(old)
  chmodSync(fresh, mode & 0o777)
  if (process.getuid?.() === 0) chownSync(fresh, uid, gid)
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
