import { existsSync, statSync } from 'node:fs'
import { clearParts, copyDatabase, FileFault, isSameFile, partOf, removePart, settle } from '../db/files.ts'
import { openToRead } from '../db/reading.ts'
import { faultsOf, knownSteps, stepsOf } from '../db/soundness.ts'
import { systemClock } from '../shared/clock.ts'
import { type Examined, upkeepService } from '../upkeep/service.ts'

/** Called when a step is done; tests end the process there. */
export type OnStep = (step: 'copied' | 'checked' | 'named') => void

export interface Copied {
  bytes: number
  /** What the quick checks have found in the copy; undefined for one of another schema, which is looked at as a file only. */
  examined: Examined | undefined
}

/**
 * Copies a database to `path`, which has its name only when it is whole and on the disk. A file that is damaged is thrown away;
 * what else is wrong with the database is kept and told, as a backup with a fault is better than none.
 */
export async function makeBackup(
  file: string,
  path: string,
  mayReplace: boolean,
  onStep: OnStep = () => undefined,
): Promise<Copied> {
  if (['', '-wal', '-shm'].some((end) => isSameFile(path, file + end)))
    throw new FileFault(`${path} is the database itself`)
  if (existsSync(path) && !mayReplace)
    throw new FileFault(`${path} is there already: name another file, or give --force`)
  const part = partOf(path)
  try {
    // First, as they take the room that this one needs.
    clearParts(path)
    copyDatabase(file, part)
    onStep('copied')
    const faults = faultsOf(part)
    if (faults.length > 0) {
      throw new FileFault(
        `The copy is not sound, and was thrown away:\n  ${faults.join('\n  ')}\nLook at the database: npx dateline doctor`,
      )
    }
    const steps = stepsOf(part)
    if (steps === undefined) throw new FileFault(`${file} is no database of Dateline`)
    const examined = steps === knownSteps() ? await examine(`file:${part}`, true) : undefined
    onStep('checked')
    settle(part, path, mayReplace)
    onStep('named')
    return { bytes: statSync(path).size, examined }
  } finally {
    removePart(part)
  }
}

/** All checks, or the quick ones, on the database at `url`, which is opened for reading only. */
export async function examine(url: string, isQuick = false): Promise<Examined> {
  const reading = await openToRead(url)
  try {
    return await upkeepService({ reading, clock: systemClock }).examine({ isQuick })
  } finally {
    await reading.close()
  }
}

/** The command's answer to what a file is not: its reason, and exit code 1. */
export async function tellingFaults(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}
