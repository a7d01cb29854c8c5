import type { Db } from './database.ts'
import type { Tables } from './tables.ts'

/**
 * Notes when readers may see something else, so that no shared cache keeps an answer beyond that. What was planned and is
 * taken back stays noted: a cache asks once more than it has to.
 */
export async function noteInstants(db: Db, { instants }: Pick<Tables, 'instants'>, noted: string[]): Promise<void> {
  const rows = [...new Set(noted)].sort().map((at) => ({ at }))
  if (rows.length > 0) await db.insert(instants).values(rows).onConflictDoNothing()
}
