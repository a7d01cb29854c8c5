import type { Database } from '../../src/db/database.ts'

/** Everything that stands in the database: each table's rows as text, in order. */
export async function dumpOf({ read, tables }: Pick<Database, 'read' | 'tables'>): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {}
  for (const [name, table] of Object.entries(tables)) {
    dump[name] = (await read.select().from(table)).map((row) => JSON.stringify(row)).sort()
  }
  return dump
}
