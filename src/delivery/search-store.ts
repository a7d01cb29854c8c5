import { and, between, count, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { conditionsOf, visibleInOrder } from '../db/newest.ts'
import type { PublishedTables } from '../db/tables.ts'
import { foundByWords, type WordMatch, withEnds } from '../db/words.ts'
import type { ListFilters, Sort } from '../shared/filters.ts'
import type { Place } from '../shared/place.ts'
import type { Question } from '../shared/question.ts'
import { initialOf } from '../shared/words.ts'
import type { Shown } from './list-store.ts'
import type { EditionRow } from './rows.ts'
import type { BodyForm } from './schema.ts'

/** An edition that matches: how well, 0 best, and which it is in the order of publication. */
export interface HitRow extends EditionRow {
  tier: number
  nth: number
}

/** What is looked for: each of `tiers` holds what matches worse than those before, and no edition is in two of them. */
export interface HitQuestion {
  tiers: WordMatch[]
  filters: ListFilters
  sort: Sort
  at: string
  isEmbargo: boolean
}

/** How many words of one first letter and about one length are compared with a misspelt one. */
const CANDIDATES_MAX = 20_000

/** The part of the store that finds editions by their words. */
export function searchStore(
  db: Db,
  tables: PublishedTables,
  { columnsOf, faced, embargoedIn }: Shown & { embargoedIn: (tables: PublishedTables, at: string) => SQL | undefined },
) {
  const { editions, editionBodies, editionTerms, editionWords, vocabulary } = tables
  const sameBody = and(eq(editionBodies.articleId, editions.articleId), eq(editionBodies.edition, editions.edition))
  const isHit = sql`${editions.articleId} = hit.article_id and ${editions.edition} = hit.edition`
  const byChange = sql`hit.updated_at`
  const [tier, nth] = [sql`hit.tier`, sql`hit.nth`]

  /** Those of one tier, the newest first or last, at most so many. */
  function hitsOf(
    match: WordMatch,
    number: number,
    { filters, at, isEmbargo }: HitQuestion,
    { isUp, most, beyond, byUpdate }: { isUp: boolean; most: number; beyond?: SQL | undefined; byUpdate?: boolean },
  ): SQL {
    const { from, where, order } = foundByWords(tables, match)
    const isSeen = isEmbargo ? embargoedIn(tables, at) : visibleInOrder(tables, at)
    const way = isUp ? sql`asc` : sql`desc`
    const keys = byUpdate ? sql`${editions.updatedAt} ${way}, ${editionWords.place} ${way}` : sql`${order} ${way}`
    const condition = and(where, isSeen, conditionsOf(db, tables, filters), beyond)
    // A select around it, because SQLite takes a limit at the end of them all only.
    return sql`select * from (select cast(${number} as integer) as tier, ${editionWords.place} as nth, ${editions.articleId} as article_id, ${editions.edition} as edition, ${editions.updatedAt} as updated_at from ${from} where ${condition} order by ${keys} limit ${most}) as hits`
  }

  /** What lies beyond a place in the tier that it is in, by the index that walks through it. */
  const beyondIn = (match: WordMatch, { isUp, place }: { isUp: boolean; place: Place }): SQL => {
    const { order } = foundByWords(tables, match)
    // As a whole number: FTS5 walks over all that comes before one that is bound as it comes.
    const nth = sql`cast(${place.hit?.nth ?? 0} as bigint)`
    return isUp ? sql`${order} > ${nth}` : sql`${order} < ${nth}`
  }

  /** The newest of all that have the words, at most so many, as far as the question is narrowed by nothing else. */
  const newestHits = (question: HitQuestion, most: number): SQL => {
    const all = question.tiers.at(-1)
    if (all === undefined) throw new Error('A question without words')
    const { unlike: _unlike, ...whole } = all
    return hitsOf(whole, 0, question, { isUp: false, most })
  }
  /** What is narrowed by something else is looked at among the newest that have the words: that bounds the work. */
  const among = ({ filters, ...question }: HitQuestion, most: number) => {
    const hits = sql`(${newestHits({ ...question, filters: {} }, most)}) as hit`
    const isWanted = conditionsOf(db, tables, filters)
    return { hits, isWanted: isWanted && sql`${isWanted}` }
  }

  return {
    /** A question as it is best looked for. */
    prepared: (question: Question) => withEnds(db, tables, question),

    /** In the order of `sort`. Going back, the rows come in the opposite one. */
    hits: async (
      question: HitQuestion,
      { forms, limit, place }: { forms: BodyForm[]; limit: number; place: Place | undefined },
    ): Promise<HitRow[]> => {
      const { tiers, sort } = question
      const isBack = place?.direction === 'before'
      const isUp = (sort === 'publishedAt') !== isBack
      const byUpdate = sort === '-updatedAt'
      const last = place?.hit?.tier ?? 0
      const beyondWhole = () => {
        const key = sql`(${editions.updatedAt}, ${editionWords.place})`
        const from = sql`(${`${place?.at}`}, ${place?.hit?.nth ?? 0})`
        return isUp ? sql`${key} > ${from}` : sql`${key} < ${from}`
      }
      const way = isUp ? sql`asc` : sql`desc`
      const keys = [...(byUpdate ? [sql`${byChange} ${way}`] : []), sql`${nth} ${way}`]
      // One tier after the other, until there are enough: what matches worse is not even looked for. All at one instant.
      const numbers = tiers.map((_, number) => number).filter((n) => !place || (isBack ? n <= last : n >= last))
      const rows = []
      for (const number of isBack ? numbers.reverse() : numbers) {
        const match = tiers[number]
        if (match === undefined || rows.length >= limit) break
        const isHere = place && number === last
        const beyond = isHere ? (byUpdate ? beyondWhole() : beyondIn(match, { isUp, place })) : undefined
        const hits = hitsOf(match, number, question, { isUp, most: limit - rows.length, beyond, byUpdate })
        const joined = db
          .select({ ...columnsOf(forms), tier: sql<number>`${tier}`, nth: sql<unknown>`${nth}` })
          .from(sql`(${hits}) as hit`)
          .innerJoin(editions, isHit)
        const found = forms.length > 0 ? joined.innerJoin(editionBodies, sameBody) : joined
        rows.push(...(await found.orderBy(...keys)))
      }
      return faced(rows.map((row) => ({ ...(row as unknown as HitRow), nth: Number(row.nth) })))
    },

    /** How many there are altogether. */
    countHits: async (question: HitQuestion): Promise<number> => {
      const [row] = await db
        .select({ all: count() })
        .from(sql`(${newestHits(question, Number.MAX_SAFE_INTEGER)}) as hit`)
      return row?.all ?? 0
    },

    /**
     * Of the newest `most` that have the words: how many there are of these, and the places of those that are wanted in the
     * order of publication, which tell their times.
     */
    placesOfHits: async (question: HitQuestion, most: number): Promise<{ all: number; places: number[] }> => {
      const { hits, isWanted } = among(question, most)
      const place = sql<unknown>`${nth}`
      if (isWanted === undefined) {
        const rows = await db.select({ place }).from(hits)
        return { all: rows.length, places: rows.map((row) => Number(row.place)) }
      }
      const fits = sql<number>`case when ${isWanted} then 1 else 0 end`
      const rows = await db.select({ place, fits }).from(hits).crossJoin(editions).where(isHit)
      return { all: rows.length, places: rows.flatMap((row) => (Number(row.fits) ? [Number(row.place)] : [])) }
    },

    /**
     * Of the newest `most` that have the words: how many of those that are wanted have each section, tag and author, and the
     * place of the newest that does.
     */
    termsOfHits: async (question: HitQuestion, most: number) => {
      const { hits, isWanted } = among(question, most)
      const isNamed = inArray(editionTerms.kind, ['section', 'tag', 'author'])
      const newest = sql<unknown>`max(${nth})`
      const columns = { kind: editionTerms.kind, key: editionTerms.slug, articles: count(), newest }
      // Cross joins, which SQLite takes as they are written: the terms of each hit, not the hits of each term.
      const found =
        isWanted === undefined
          ? db
              .select(columns)
              .from(hits)
              .crossJoin(editionTerms)
              .where(
                and(sql`${editionTerms.articleId} = hit.article_id and ${editionTerms.edition} = hit.edition`, isNamed),
              )
          : db
              .select(columns)
              .from(hits)
              .crossJoin(editions)
              .crossJoin(editionTerms)
              .where(
                and(
                  isHit,
                  isWanted,
                  eq(editionTerms.articleId, editions.articleId),
                  eq(editionTerms.edition, editions.edition),
                  isNamed,
                ),
              )
      return found.groupBy(editionTerms.kind, editionTerms.slug)
    },

    /** The cards of what is found at these places, as they are shown now. */
    cardsAt: async (places: number[]): Promise<Map<number, EditionRow>> => {
      if (places.length === 0) return new Map()
      const rows = await db
        .select({ ...columnsOf([]), place: editionWords.place })
        .from(editionWords)
        .innerJoin(
          editions,
          and(eq(editions.articleId, editionWords.articleId), eq(editions.edition, editionWords.edition)),
        )
        .where(inArray(editionWords.place, places))
      const shown = await faced(rows as unknown as (EditionRow & { place: number })[])
      return new Map(shown.map((row) => [row.place, row]))
    },

    /** The ids of the newest articles that have each of these words in their headline, in one statement. */
    newestWithWords: async (words: string[], filters: ListFilters, at: string, most: number): Promise<string[][]> => {
      const question = { tiers: [], filters, sort: '-publishedAt' as const, at, isEmbargo: false }
      const parts = words.map((word, number) => {
        const match = { terms: [{ words: [word], isPrefix: false }], fields: ['headline'] as const, without: [] }
        return hitsOf(match, number, question, { isUp: false, most })
      })
      const rows = await db
        .select({ tier: sql<number>`${tier}`, id: sql<string>`hit.article_id` })
        .from(sql`(${sql.join(parts, sql` union all `)}) as hit`)
        .orderBy(tier, sql`${nth} desc`)
      return words.map((_, number) => rows.flatMap((row) => (row.tier === number ? [row.id] : [])))
    },

    /** Words that readers have seen of the same first letter and about the same length. */
    wordsLike: async (word: string, distance: number): Promise<string[]> =>
      (
        await db
          .select({ word: vocabulary.word })
          .from(vocabulary)
          .where(
            and(
              eq(vocabulary.isPublic, true),
              eq(vocabulary.initial, initialOf(word)),
              between(vocabulary.length, word.length - distance, word.length + distance),
            ),
          )
          .orderBy(vocabulary.word)
          .limit(CANDIDATES_MAX)
      ).map((row) => row.word),
  }
}
