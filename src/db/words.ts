import { and, gte, lt, type SQL, sql } from 'drizzle-orm'
import type { Question, Sought } from '../shared/question.ts'
import { type WordField, wordFields } from '../shared/words.ts'
import type { Db } from './database.ts'
import type { PublishedTables } from './tables.ts'
import { WEIGHTS } from './vector.ts'

// How editions are found by their words, in the index that each engine has for that. What goes into it is made of words
// that were folded (src/shared/words.ts), so that nothing a reader writes is ever read as the engine's own language.

/** All of `terms` in some of the fields, none of `without` in any field, and not all of `terms` as `unlike` has it. */
export interface WordMatch {
  terms: Sought[]
  fields: readonly WordField[]
  without: Sought[]
  unlike?: Pick<WordMatch, 'terms' | 'fields'> | undefined
}

/**
 * What matches a question in tiers, each without what the ones before have: first where all words are in the headline as
 * they were asked for, then where the headline has words that begin so, then with the standfirst and what is around it,
 * then anywhere. The same on both engines, and each tier in an order by which pages can go on.
 */
export function tiersOf({ wanted, unwanted }: Question): WordMatch[] {
  const whole = wanted.map(({ words }) => ({ words, isPrefix: false }))
  const hasPrefix = wanted.some(({ isPrefix }) => isPrefix)
  const tiers = [
    ...(hasPrefix ? [{ terms: whole, fields: wordFields.slice(0, 1) }] : []),
    { terms: wanted, fields: wordFields.slice(0, 1) },
    { terms: wanted, fields: wordFields.slice(0, 2) },
    { terms: wanted, fields: wordFields },
  ]
  return tiers.map((tier, n) => ({ ...tier, without: unwanted, unlike: tiers[n - 1] }))
}

/** All that matches a question, as one tier. */
export const allOf = ({ wanted, unwanted }: Question): WordMatch[] => [
  { terms: wanted, fields: wordFields, without: unwanted },
]

type WordTables = Pick<PublishedTables, 'editions' | 'editionWords'>

/** Where words are looked for, each with its edition; `order` is the column whose order the index may walk in. */
export interface FoundByWords {
  from: SQL
  where: SQL
  order: SQL
}

export function foundByWords({ editions, editionWords }: WordTables, match: WordMatch): FoundByWords {
  const isSameEdition = sql`${editions.articleId} = ${editionWords.articleId} and ${editions.edition} = ${editionWords.edition}`
  if (!editionWords.place.columnType.startsWith('SQLite')) {
    return {
      from: sql`${editionWords} cross join ${editions}`,
      where: sql`${editionWords.words} @@ ${inPostgres(match)}::tsquery and ${isSameEdition}`,
      order: sql`${editionWords.place}`,
    }
  }
  const index = sql`edition_words_index`
  const rowid = sql`edition_words_index.rowid`
  return {
    // In this order: SQLite takes a cross join as it is written, and the index walks in the order of its rows.
    from: sql`${index} cross join ${editionWords} cross join ${editions}`,
    where: sql`${index} match ${inSqlite(match)} and ${editionWords.place} = ${rowid} and ${isSameEdition}`,
    order: rowid,
  }
}

/** In the language of FTS5. */
function inSqlite({ terms, fields, without, unlike }: WordMatch): string {
  const term = ({ words, isPrefix, ends }: Sought) => {
    if (!isPrefix || ends === undefined) return `"${words.join(' ')}"${isPrefix ? ' *' : ''}`
    const all = [words.at(-1) ?? '', ...ends].map((end) => `"${[...words.slice(0, -1), end].join(' ')}"`)
    return `(${[...new Set(all)].join(' OR ')})`
  }
  const all = (part: Pick<WordMatch, 'terms' | 'fields'>) => {
    const wanted = `(${part.terms.map(term).join(' AND ')})`
    return part.fields.length === wordFields.length ? wanted : `({${part.fields.join(' ')}} : ${wanted})`
  }
  const not = [...without.map(term), ...(unlike ? [all(unlike)] : [])]
  return not.length === 0 ? all({ terms, fields }) : `${all({ terms, fields })} NOT (${not.join(' OR ')})`
}

/** In the language of `tsquery`. A phrase is looked for in each field by itself, or it could reach from one into the next. */
function inPostgres({ terms, fields, without, unlike }: WordMatch): string {
  const weightsOf = (wanted: readonly WordField[]) => wanted.map((field) => WEIGHTS[wordFields.indexOf(field)])
  const term = ({ words, isPrefix }: Sought, wanted: readonly WordField[]) => {
    const one = (weights: string) =>
      words.map((word, n) => `'${word}':${isPrefix && n === words.length - 1 ? '*' : ''}${weights}`).join(' <-> ')
    if (words.length === 1) return one(weightsOf(wanted).join(''))
    return `(${weightsOf(wanted)
      .map((weight) => `(${one(weight ?? '')})`)
      .join(' | ')})`
  }
  const all = (part: Pick<WordMatch, 'terms' | 'fields'>) =>
    `(${part.terms.map((each) => term(each, part.fields)).join(' & ')})`
  const not = [...without.map((each) => term(each, wordFields)), ...(unlike ? [all(unlike)] : [])]
  return [all({ terms, fields }), ...not.map((each) => `!${each}`)].join(' & ')
}

/** More of them are looked for as a beginning. */
const ENDS_MAX = 64

/**
 * A question whose beginnings of words are the words that there are, where they are few. FTS5 gathers all that begins so
 * before it looks at the first; single words it walks over as it goes. PostgreSQL has an index for beginnings.
 */
export async function withEnds(
  db: Db,
  { editionWords, vocabulary }: Pick<PublishedTables, 'editionWords' | 'vocabulary'>,
  question: Question,
): Promise<Question> {
  if (!editionWords.place.columnType.startsWith('SQLite')) return question
  const ended = async (term: Sought): Promise<Sought> => {
    const begin = term.words.at(-1)
    if (!term.isPrefix || begin === undefined) return term
    const rows = await db
      .select({ word: vocabulary.word })
      .from(vocabulary)
      .where(and(gte(vocabulary.word, begin), lt(vocabulary.word, `${begin}\u{10FFFF}`)))
      .limit(ENDS_MAX + 1)
    return rows.length > ENDS_MAX ? term : { ...term, ends: rows.map(({ word }) => word) }
  }
  return {
    ...question,
    wanted: await Promise.all(question.wanted.map(ended)),
    unwanted: await Promise.all(question.unwanted.map(ended)),
  }
}
