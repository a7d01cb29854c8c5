import type { Database } from './database.ts'
import { openingFailure } from './opening.ts'

export interface DatabaseSettings {
  /** `file:path/to.db` for SQLite, `postgres://…` or `postgresql://…` for PostgreSQL. */
  url: string
  connectionsMax: number
  statementTimeoutMs: number
}

// Only the engine that runs is loaded: half of the time of a start goes into loading.

const sqliteFile = (url: string): string | undefined =>
  url.startsWith('file:') ? url.slice('file:'.length) : undefined

/** Brings the database at `url` up to date. Safe to call again, and from several processes at once. */
export async function migrateDatabase(url: string): Promise<void> {
  const file = sqliteFile(url)
  try {
    if (file === undefined) await (await import('./postgres.ts')).migratePostgres(url)
    else (await import('./sqlite.ts')).migrateSqlite(file)
  } catch (error) {
    throw openingFailure(url, error)
  }
}

export async function openDatabase(
  settings: DatabaseSettings,
  onConnectionLost: (error: Error) => void,
): Promise<Database> {
  const file = sqliteFile(settings.url)
  try {
    if (file !== undefined) return (await import('./sqlite.ts')).openSqlite(file)
    return (await import('./postgres.ts')).openPostgres({ ...settings, onConnectionLost })
  } catch (error) {
    throw openingFailure(settings.url, error)
  }
}
