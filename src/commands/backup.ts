import { existsSync, rmSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { databaseSettings } from '../config.ts'
import {
  copyDatabase,
  databaseFile,
  FileFault,
  faultsOf,
  isSameFile,
  joinLog,
  knownSteps,
  replaceDatabase,
  settle,
  stepsOf,
} from '../db/files.ts'
import { migrateDatabase, openDatabase } from '../db/open.ts'
import { systemClock } from '../shared/clock.ts'
import { type Finding, upkeepService } from '../upkeep/service.ts'
import { settingsOf } from './session.ts'
import { CommandError, parseCommand } from './usage.ts'

const backupUsage = `Usage: npx dateline backup [--force] FILE
  Copies the database as it is at this instant, while the server runs, and looks at the copy before it gets its name.`
const restoreUsage = `Usage: npx dateline restore FILE
  Puts a backup in the place of the database, which is kept beside it. The server must not run.`
const doctorUsage = `Usage: npx dateline doctor [--json]
  Looks whether everything in the database fits together. Changes nothing; works while the server runs.`

const problemsOf = (found: Finding[]): string[] => found.flatMap(({ problems }) => problems)

/** What is wrong with a copy, and up to which event it goes. One of an earlier schema is looked at as a file only. */
async function examineCopy(file: string): Promise<{ problems: string[]; newest: string }> {
  const problems = faultsOf(file)
  if (problems.length > 0 || stepsOf(file) !== knownSteps()) return { problems, newest: '' }
  const db = await openDatabase(
    { url: `file:${file}`, connectionsMax: 1, statementTimeoutMs: 600_000 },
    () => undefined,
  )
  try {
    const upkeep = upkeepService({ db })
    return { problems: problemsOf(await upkeep.examine()), newest: `, up to event ${await upkeep.newestEvent()}` }
  } finally {
    await db.close()
  }
}

/** The command's answer to what a file is not: its reason, and exit code 1. */
async function tellingFaults(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

export async function backup(args: string[]): Promise<number> {
  const options = { force: { type: 'boolean', default: false } } as const
  const { values, positionals } = parseCommand({ args, options, allowPositionals: true }, backupUsage)
  const [path] = positionals
  if (path === undefined || positionals.length > 1) throw new CommandError(backupUsage)
  return tellingFaults(async () => {
    const file = databaseFile(settingsOf().DATABASE_URL)
    if (['', '-wal', '-shm'].some((end) => isSameFile(path, file + end)))
      throw new FileFault(`${path} is the database itself`)
    if (existsSync(path) && !values.force)
      throw new FileFault(`${path} is there already: name another file, or give --force`)
    const part = `${path}.part-${process.pid}`
    try {
      copyDatabase(file, part)
      const { problems, newest } = await examineCopy(part)
      if (problems.length > 0) {
        throw new FileFault(
          `The copy is not sound, and was thrown away:\n  ${problems.join('\n  ')}\nLook at the database: npx dateline doctor`,
        )
      }
      joinLog(part)
      settle(part, path, values.force)
      process.stdout.write(`${path}: ${statSync(path).size} bytes, checked${newest}\n`)
    } finally {
      for (const end of ['', '-wal', '-shm']) rmSync(part + end, { force: true })
    }
    return 0
  })
}

export async function restore(args: string[]): Promise<number> {
  const { positionals } = parseCommand({ args, options: {}, allowPositionals: true }, restoreUsage)
  const [path] = positionals
  if (path === undefined || positionals.length > 1) throw new CommandError(restoreUsage)
  return tellingFaults(async () => {
    const { DATABASE_URL } = settingsOf()
    const file = databaseFile(DATABASE_URL)
    if (!existsSync(path)) throw new FileFault(`There is no file ${path}`)
    if (isSameFile(path, file)) throw new FileFault(`${path} is the database itself`)
    if (existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 0)
      throw new FileFault(`${path} has a log beside it: it is no backup, but a database in use`)
    const faults = faultsOf(path)
    if (faults.length > 0)
      throw new FileFault(`The backup is not sound, and nothing was changed:\n  ${faults.join('\n  ')}`)
    const steps = stepsOf(path)
    if (steps === undefined) throw new FileFault(`${path} is no database of Dateline. Nothing was changed.`)
    if (steps > knownSteps())
      throw new FileFault(`${path} is of a later version of Dateline than this one. Nothing was changed.`)
    const aside = `${file}.before-${systemClock.now().replaceAll(/[:.]/g, '')}`
    const wasThere = existsSync(file)
    replaceDatabase(path, file, aside)
    await migrateDatabase(DATABASE_URL)
    process.stdout.write(`${file} is the backup now${wasThere ? `; what was there before is ${aside}` : ''}\n`)
    return 0
  })
}

export async function doctor(args: string[]): Promise<number> {
  const options = { json: { type: 'boolean', default: false } } as const
  const { values } = parseCommand({ args, options }, doctorUsage)
  const config = settingsOf()
  const isFile = config.DATABASE_URL.startsWith('file:')
  const file = isFile ? databaseFile(config.DATABASE_URL) : undefined
  if (file !== undefined && !existsSync(file)) {
    process.stderr.write(`There is no database ${file} (in ${dirname(resolve(file))})\n`)
    return 1
  }
  const advice = 'The file itself is damaged: restore a backup.'
  const found: Finding[] = []
  if (file !== undefined) {
    found.push({ check: 'the file is sound', problems: faultsOf(file), advice })
    const steps = stepsOf(file) ?? 0
    const isNewest = steps === knownSteps()
    const problems = isNewest ? [] : [`the schema has ${steps} steps, and this program knows ${knownSteps()}`]
    found.push({
      check: 'the schema is that of this program',
      problems,
      advice: 'Bring it up to date: npm run migrate',
    })
  }
  if (problemsOf(found).length === 0) {
    const db = await openDatabase({ ...databaseSettings(config), statementTimeoutMs: 600_000 }, () => undefined)
    try {
      found.push(...(await upkeepService({ db }).examine()))
    } finally {
      await db.close()
    }
  }
  process.stdout.write(values.json ? `${JSON.stringify(found)}\n` : found.map(shown).join(''))
  return problemsOf(found).length > 0 ? 1 : 0
}

const shown = ({ check, problems, advice }: Finding): string =>
  problems.length === 0
    ? `ok     ${check}\n`
    : `WRONG  ${check}\n${problems.map((each) => `       ${each}\n`).join('')}       ${advice}\n`
