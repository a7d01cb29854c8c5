import { AsyncLocalStorage } from 'node:async_hooks'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import type { Tables } from './tables.ts'

/** All that a store may use of drizzle: what means the same on both engines. */
export type Db = Pick<
  PgDatabase<PgQueryResultHKT, Record<string, never>>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'with' | '$with' | '$count'
>

/**
 * The doors to the database. `read` never sees an open write. `write` runs `work` as one transaction: all of it
 * or none; nothing slow belongs inside, because on SQLite every other writer waits. An error thrown by `work` rolls back. Where
 * it `mayShare`, one commit may serve several such writes that wait at the same time; each still stands or falls alone.
 */
export interface Database {
  engine: 'sqlite' | 'postgres'
  tables: Tables
  read: Db
  /**
   * Runs `work`, which may only read, on the database as it is at one instant. `state` is a name of that: another one
   * whenever something was written in between, so that what is dear to count need not be counted again.
   */
  snapshot<T>(work: (read: Db, state: () => Promise<string>) => Promise<T>): Promise<T>
  /** The stretch of time around `at` in which readers get the same, as far as it is committed by now, by whichever process. */
  stretch(at: string): Promise<Stretch> | Stretch
  /** Whether a snapshot costs next to nothing, so that what may need one is best read in one from the start. */
  isSnapshotCheap: boolean
  /** A snapshot on a connection of its own, for work that takes long: other snapshots do not wait for it. */
  instant<T>(work: (read: Db) => Promise<T>): Promise<T>
  write<T>(work: (tx: Db) => Promise<T>, mayShare?: boolean): Promise<T>
  atEnd: AtEnd
  /** Leaves nothing in files that was erased from the tables, as far as that is this program's to do. */
  tidy(): Promise<void>
  /** Throws when the database cannot answer. */
  ping(): Promise<void>
  close(): Promise<void>
}

/** What is done at the end of each write, as part of it, and what where it fails. */
export interface AtEnd {
  commit: (tx: Db) => Promise<void>
  rollback: (tx: Db) => void
  /** The same for a transaction, which may serve several writes; where it is rolled back, nothing may be left of any. */
  last: (tx: Db) => Promise<void>
  undone: (tx: Db) => void
}

/** A time in which readers get the same. */
export interface Stretch {
  /**
   * A name of what is committed and of the instant with which it begins (instants.ts): whoever meets the same name gets the
   * same answers. Undefined where nothing is known of when it began.
   */
  name: string | undefined
  /** The next instant at which something is to change; null where none is planned. */
  until: string | null
}

const writing = new AsyncLocalStorage<true>()

/** A write inside a write would wait for itself on SQLite and be a second transaction on PostgreSQL: refuse it at once. */
export function guardNestedWrite<T>(work: () => Promise<T>): Promise<T> {
  if (writing.getStore()) throw new Error('A write was started inside another write')
  return writing.run(true, work)
}

/** Nothing is done at the end of a transaction until somebody says what. */
export const nothingAtEnd = (): AtEnd => ({
  commit: async () => undefined,
  rollback: () => undefined,
  last: async () => undefined,
  undone: () => undefined,
})
