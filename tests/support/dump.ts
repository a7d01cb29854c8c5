import { getTableName, type Table } from 'drizzle-orm'
import type { Database } from '../../src/db/database.ts'

/** Every row of every table as text, to look for something, or to compare. */
export async function dump({ read, tables }: Pick<Database, 'read' | 'tables'>): Promise<Record<string, string[]>> {
  const all: [string, string[]][] = []
  for (const table of Object.values(tables)) {
    const rows: unknown[] = await read.select().from(table)
    all.push([getTableName(table as Table), rows.map((row) => JSON.stringify(row)).toSorted()])
  }
  return Object.fromEntries(all)
}
