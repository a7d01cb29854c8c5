import type { Database } from './database.ts'
import { migratePostgres, openPostgres } from './postgres.ts'
import { migrateSqlite, openSqlite } from './sqlite.ts'

export interface DatabaseSettings {
  /** `file:path/to.db` for SQLite, `postgres://…` or `postgresql://…` for PostgreSQL. */
  url: string
  connectionsMax: number
  statementTimeoutMs: number
}

const sqliteFile = (url: string): string | undefined =>
  url.startsWith('file:') ? url.slice('file:'.length) : undefined

/** Brings the database at `url` up to date. Safe to call again, and from several processes at once. */
export async function migrateDatabase(url: string): Promise<void> {
  const file = sqliteFile(url)
  if (file === undefined) await migratePostgres(url)
  else migrateSqlite(file)
}

export function openDatabase(settings: DatabaseSettings, onIdleError: (error: Error) => void): Database {
  const file = sqliteFile(settings.url)
  return file === undefined ? openPostgres({ ...settings, onIdleError }) : openSqlite(file)
}
