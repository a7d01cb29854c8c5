import { and, eq, inArray, sql } from 'drizzle-orm'
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
  const missing = isSqlite(vocabulary) ? await missingOf(db, vocabulary, words) : words
  if (missing.length === 0) return
  const values = JSON.stringify(missing.map(([word, articleId]) => [word, initialOf(word), word.length, articleId]))
  const json = sql.placeholder('values')
  const columns = isSqlite(vocabulary)
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

/** Those that it has not, of which there are few: on SQLite, where nobody else writes meanwhile, a look is quicker than to try. */
async function missingOf<Word extends readonly [word: string, ...unknown[]]>(
  db: Db,
  vocabulary: Tables['vocabulary'],
  words: Word[],
): Promise<Word[]> {
  const statement = once(db, 'missing words', (as) =>
    db
      .select({ word: sql<string>`value` })
      .from(sql`json_each(${sql.placeholder('values')})`)
      .where(sql`value not in (select ${vocabulary.word} from ${vocabulary})`)
      .prepare(as),
  )
  const missing = new Set(
    (await statement.execute({ values: JSON.stringify(words.map(([word]) => word)) })).map(({ word }) => word),
  )
  return words.filter(([word]) => missing.has(word))
}

/** Makes words public in it. These go as one value, too. */
export async function showWords(db: Db, { vocabulary }: Pick<Tables, 'vocabulary'>, words: string[]): Promise<void> {
  if (words.length === 0) return
  const json = sql.placeholder('values')
  const from = isSqlite(vocabulary)
    ? sql`json_each(${json})`
    : sql`json_array_elements_text(${json}::json) as words(value)`
  const statement = once(db, 'show words', (as) =>
    db
      .update(vocabulary)
      .set({ isPublic: true })
      .where(and(inArray(vocabulary.word, sql`(select value from ${from})`), eq(vocabulary.isPublic, false)))
      .prepare(as),
  )
  await statement.execute({ values: JSON.stringify(words) })
}

const isSqlite = ({ word }: Tables['vocabulary']): boolean => word.columnType.startsWith('SQLite')
