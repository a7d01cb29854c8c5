import { sql } from 'drizzle-orm'
import { initialOf } from '../shared/words.ts'
import type { Db } from './database.ts'
import { once } from './prepared.ts'
import type { Tables } from './tables.ts'

/**
 * Takes words into the vocabulary that it has not, each with an article that has it. They go as one value: as rows of a statement, the hundreds of words of one article
 * would take longer than all else that is written of it.
 */
export async function noteWords(
  db: Db,
  { vocabulary }: Pick<Tables, 'vocabulary'>,
  words: (readonly [word: string, articleId: string])[],
): Promise<void> {
  if (words.length === 0) return
  const values = JSON.stringify(words.map(([word, articleId]) => [word, initialOf(word), word.length, articleId]))
  const json = sql.placeholder('values')
  const isSqlite = vocabulary.word.columnType.startsWith('SQLite')
  const columns = isSqlite
    ? {
        word: sql`value ->> 0`,
        initial: sql`value ->> 1`,
        length: sql`value ->> 2`,
        by: sql`value ->> 3`,
        from: sql`json_each(${json})`,
        no: sql`0`,
      }
    : {
        word: sql`value ->> 0`,
        initial: sql`value ->> 1`,
        length: sql`(value ->> 2)::integer`,
        by: sql`value ->> 3`,
        from: sql`jsonb_array_elements(${json}::jsonb) as words(value)`,
        no: sql`false`,
      }
  const { word, initial, length, by, from, no } = columns
  const statement = once(db, 'note words', (as) =>
    db
      .insert(vocabulary)
      // "where true", without which SQLite takes ON for a condition of a join.
      .select(sql`select ${word}, ${initial}, ${length}, ${by}, ${no} from ${from} where true`)
      .onConflictDoNothing()
      .prepare(as),
  )
  await statement.execute({ values })
}
