import { sql } from 'drizzle-orm'
import type { Db } from './database.ts'
import { once } from './prepared.ts'
import type { Tables } from './tables.ts'

/**
 * Notes when readers may see something else, so that nobody keeps an answer beyond that: every instant at which what is public
 * begins or ends, also this one, as another process may have a clock that is behind, or this one be set back. What was planned
 * and is taken back stays noted: a cache asks once more than it has to.
 */
export async function noteInstants(db: Db, { instants }: Pick<Tables, 'instants'>, noted: string[]): Promise<void> {
  const statement = once(db, 'note instant', (as) =>
    db
      .insert(instants)
      .values({ at: sql.placeholder('at') })
      .onConflictDoNothing()
      .prepare(as),
  )
  for (const at of [...new Set(noted)].sort()) await statement.execute({ at })
}
