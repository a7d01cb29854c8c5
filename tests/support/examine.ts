import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { Db } from '../../src/db/database.ts'
import { openToRead, type Reading } from '../../src/db/reading.ts'
import { postgresChecks } from '../../src/db/reading-postgres.ts'
import { type Examined, upkeepService } from '../../src/upkeep/service.ts'
import type { TestApp } from './app.ts'
import { engine } from './database.ts'

export type Damage = (tx: Db, tables: TestApp['db']['tables']) => PromiseLike<unknown>

/** What the doctor finds, kind by kind. */
export const kindsOf = ({ findings }: Examined): Record<string, string[]> =>
  Object.fromEntries(
    findings
      .filter(({ faults }) => faults.length > 0)
      .map(({ kind, faults }) => [kind, faults.map(({ id, what }) => `${id} ${what}`)]),
  )

const examined = async (reading: Reading, { clock }: TestApp): Promise<Record<string, string[]>> =>
  kindsOf(await upkeepService({ reading, clock }).examine())

/** The doctor's findings in the database as it stands. */
export async function findings(app: TestApp): Promise<Record<string, string[]>> {
  const reading = await openToRead(app.url)
  try {
    return await examined(reading, app)
  } finally {
    await reading.close()
  }
}

/** The same in a copy that was damaged by hand, past everything that the program would do. */
export const findingsAfter = (app: TestApp, damage: Damage): Promise<Record<string, string[]>> =>
  engine === 'sqlite' ? inCopy(app, damage) : inTransaction(app, damage)

async function inCopy(app: TestApp, damage: Damage): Promise<Record<string, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-doctor-'))
  try {
    const file = join(folder, 'copy.db')
    await app.db.tidy()
    cpSync(app.url.slice('file:'.length), file)
    const client = new Sqlite(file)
    client.pragma('foreign_keys = OFF')
    await damage(drizzle(client) as unknown as Db, app.db.tables)
    client.close()
    const reading = await openToRead(`file:${file}`)
    const found = await examined(reading, app)
    await reading.close()
    return found
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function inTransaction(app: TestApp, damage: Damage): Promise<Record<string, string[]>> {
  const undone = new Error('taken back')
  let found: Record<string, string[]> = {}
  await app.db
    .write(async (tx) => {
      await damage(tx, app.db.tables)
      const reading: Reading = {
        tables: app.db.tables,
        instant: (work) => work(tx, postgresChecks(tx)),
        close: async () => undefined,
      }
      found = await examined(reading, app)
      throw undone
    })
    .catch((error) => {
      if (error !== undone) throw error
    })
  return found
}
