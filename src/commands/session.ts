import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, databaseSettings, readConfig } from '../config.ts'
import { databaseFile } from '../db/files.ts'
import { migrateDatabase, openDatabase } from '../db/open.ts'
import { buildServices } from '../services.ts'
import { systemClock } from '../shared/clock.ts'
import { newId } from '../shared/ids.ts'
import { CommandError } from './usage.ts'

/** The settings of this process. */
export const settingsOf = (): Config => readConfig(process.env)

interface SessionOptions {
  /** Where nothing is written, a database that is not there is a mistake, and none is made. */
  mustExist?: boolean
  /** Nothing is kept: where there is no database an empty one will do, beside the system's other temporary files. */
  isTrial?: boolean
}

/** Runs `work` with the services on an up-to-date database, also while a server is running on it. */
export async function withServices<T>(
  work: (services: ReturnType<typeof buildServices>, config: Config) => Promise<T>,
  { mustExist = false, isTrial = false }: SessionOptions = {},
): Promise<T> {
  const settings = settingsOf()
  const url = settings.DATABASE_URL
  const isThere = !url.startsWith('file:') || existsSync(databaseFile(url))
  if (mustExist && !isThere) throw new CommandError(`There is no database ${databaseFile(url)} (DATABASE_URL)`)
  const folder = isTrial && !isThere ? mkdtempSync(join(tmpdir(), 'dateline-trial-')) : undefined
  const config = folder === undefined ? settings : { ...settings, DATABASE_URL: `file:${join(folder, 'trial.db')}` }
  try {
    await migrateDatabase(config.DATABASE_URL)
    const db = await openDatabase(databaseSettings(config), () => undefined)
    try {
      return await work(buildServices({ config, db, clock: systemClock, ids: newId }), config)
    } finally {
      await db.close()
    }
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true })
  }
}
