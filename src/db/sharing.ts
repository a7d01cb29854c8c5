import type { Db } from './database.ts'
import { once } from './prepared.ts'
import type { Tables } from './tables.ts'

/**
 * Reads rows that nobody may change before the transaction ends, while others may read them so as well. On SQLite one
 * transaction writes at a time anyway.
 */
const sharing = <Query extends object>(query: Query): Query =>
  'for' in query ? (query as Query & { for: (strength: 'share') => Query }).for('share') : query

/**
 * Nobody renames or moves a section, tag or author before the transaction ends; others may hold it so too. To be called
 * before terms of editions are written, as who moves a section copies them.
 */
export async function holdTaxonomy(db: Db, { taxonomy }: Pick<Tables, 'taxonomy'>): Promise<void> {
  const statement = once(db, 'hold taxonomy', (as) =>
    sharing(db.select({ version: taxonomy.version }).from(taxonomy)).prepare(as),
  )
  await statement.execute()
}
