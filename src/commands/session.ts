import { type Config, databaseSettings, readConfig } from '../config.ts'
import { migrateDatabase, openDatabase } from '../db/open.ts'
import { buildServices } from '../services.ts'
import { systemClock } from '../shared/clock.ts'
import { newId } from '../shared/ids.ts'

/** The settings of this process. */
export const settingsOf = (): Config => readConfig(process.env)

/** Runs `work` with the services on an up-to-date database, also while a server is running on it. */
export async function withServices<T>(
  work: (services: ReturnType<typeof buildServices>, config: Config) => Promise<T>,
): Promise<T> {
  const config = settingsOf()
  await migrateDatabase(config.DATABASE_URL)
  const db = await openDatabase(databaseSettings(config), () => undefined)
  try {
    return await work(buildServices({ config, db, clock: systemClock, ids: newId }), config)
  } finally {
    await db.close()
  }
}
