import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Columns } from './columns.postgres.ts'

/** The same words in SQLite. The program is typed as PostgreSQL narrowed to what both understand: hence the cast. */
export const columns = {
  table: sqliteTable,
  text,
  integer,
  long: integer,
  boolean: (name?: string) => (name === undefined ? integer({ mode: 'boolean' }) : integer(name, { mode: 'boolean' })),
  instant: text,
  json: (name?: string) => (name === undefined ? text({ mode: 'json' }) : text(name, { mode: 'json' })),
  words: (name: string) => text(name, { mode: 'json' }),
  index,
  uniqueIndex,
  primaryKey,
} as unknown as Columns
