import type { Db } from './database.ts'
import { openingFailure } from './opening.ts'
import type { OwnCheck } from './own-check.ts'
import type { Tables } from './tables.ts'

// A database that is looked at as a whole, and never written: not even its file is opened for writing.

export interface Reading {
  tables: Tables
  /** Runs `work` on the database as it is at one instant, while others write. */
  instant<T>(work: (read: Db, own: OwnCheck[]) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export async function openToRead(url: string): Promise<Reading> {
  try {
    if (url.startsWith('file:')) return (await import('./reading-sqlite.ts')).readSqlite(url.slice('file:'.length))
    return (await import('./reading-postgres.ts')).readPostgres(url)
  } catch (error) {
    throw openingFailure(url, error)
  }
}
