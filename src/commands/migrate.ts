import { readConfig } from '../config.ts'
import { migrateDatabase } from '../db/open.ts'

/** Brings the database up to date. The server does the same at its start; this is for doing it beforehand. */
export async function migrate(): Promise<number> {
  await migrateDatabase(readConfig(process.env).DATABASE_URL)
  process.stdout.write('The database is up to date.\n')
  return 0
}
