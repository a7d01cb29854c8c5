import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { columns } from './columns.sqlite.ts'
import type { Db } from './database.ts'
import { indexFaults } from './index-of-words.ts'
import { type OwnCheck, schemaCheck } from './own-check.ts'
import type { Reading } from './reading.ts'
import { fileFaults, isDamage, schemaFaults } from './soundness.ts'
import { defineTables } from './tables.ts'

export function readSqlite(file: string): Reading {
  const client = new Sqlite(file, { readonly: true, fileMustExist: true })
  client.pragma('busy_timeout = 10000')
  return {
    tables: defineTables(columns),
    instant: async (work) => {
      client.exec('BEGIN')
      try {
        // The instant is that of the first look.
        despiteDamage(() => client.prepare('select count(*) from sqlite_master').get())
        return await work(drizzle(client) as unknown as Db, ownChecks(client))
      } finally {
        despiteDamage(() => client.exec('COMMIT'))
      }
    },
    close: async () => void client.close(),
  }
}

/** What is damaged is told by the checks. */
function despiteDamage(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    if (!isDamage(error)) throw error
  }
}

const ownChecks = (client: Sqlite.Database): OwnCheck[] => [
  {
    kind: 'file',
    says: 'the file is sound',
    advice: 'The file itself is damaged: restore a backup.',
    isFirst: true,
    find: () => fileFaults(client).map((what) => ({ id: 'file', what })),
  },
  schemaCheck(() => schemaFaults(client)),
  {
    kind: 'search-index',
    says: 'the index of words has the words of what is searched',
    advice: 'Export everything and load it into a new database: the index is made anew.',
    isFirst: false,
    find: () => indexFaults(client),
  },
]
