import { and, eq, inArray, lt, lte, or } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { initialOf } from '../shared/words.ts'
import { vocabularyOf, wordsOf } from './words.ts'

type WordTables = Pick<Tables, 'editions' | 'editionBodies' | 'editionWords' | 'vocabulary'>
export interface EditionName {
  articleId: string
  edition: number
}

/** Places for each millisecond of first publication; where there are more, the next millisecond's are taken. */
const PLACES = 1_000
/** Each has some hundred words that are looked up, while other writes wait. */
const LISTED_AT_ONCE = 20
const ROWS_AT_ONCE = 500

/** What editions are searched by: there as long as the edition is in the indexes of what is public now. */
export const wordsStore = (db: Db, { editions, editionBodies, editionWords, vocabulary }: WordTables) => {
  const isOf = ({ articleId, edition }: EditionName) =>
    and(eq(editionWords.articleId, articleId), eq(editionWords.edition, edition))
  const texts = () =>
    db
      .select({
        articleId: editions.articleId,
        edition: editions.edition,
        publishedAt: editions.publishedAt,
        card: editions.card,
        text: editionBodies.text,
      })
      .from(editions)
      .innerJoin(
        editionBodies,
        and(eq(editionBodies.articleId, editions.articleId), eq(editionBodies.edition, editions.edition)),
      )

  async function add({ articleId, edition, publishedAt, card, text }: Searchable): Promise<void> {
    const words = wordsOf({ card, text })
    // Nothing is told by a place of others that are published in the same millisecond.
    const first = Date.parse(publishedAt) * PLACES + (Number.parseInt(articleId.slice(-6), 16) % PLACES)
    // Another edition may have the place.
    for (let place = first; ; place++) {
      const taken = await db
        .insert(editionWords)
        .values({ place, articleId, edition, isListed: false, words })
        .onConflictDoNothing()
        .returning({ place: editionWords.place })
      if (taken.length > 0) return
    }
  }

  return {
    add,

    remove: async (names: EditionName[]): Promise<void> => {
      for (const name of names) await db.delete(editionWords).where(isOf(name))
    },

    /** What was removed and may be visible again after all. */
    restore: async (names: EditionName[]): Promise<void> => {
      for (const name of names) {
        const { articleId, edition } = name
        await db.delete(editionWords).where(isOf(name))
        const found = await texts().where(and(eq(editions.articleId, articleId), eq(editions.edition, edition)))
        for (const each of found) await add(each)
      }
    },

    /** Some editions that have begun and whose words the vocabulary has not. */
    unlisted: (now: string): Promise<Unlisted[]> =>
      db
        .select({ place: editionWords.place, articleId: editionWords.articleId, edition: editionWords.edition })
        .from(editionWords)
        .innerJoin(
          editions,
          and(eq(editions.articleId, editionWords.articleId), eq(editions.edition, editionWords.edition)),
        )
        .where(
          and(eq(editionWords.isListed, false), lte(editions.liveFrom, now), lt(editions.liveFrom, editions.liveUntil)),
        )
        .limit(LISTED_AT_ONCE),

    /** Takes their words into the vocabulary; whether there may be more. Their articles must be held. */
    list: async (unlisted: Unlisted[]): Promise<boolean> => {
      if (unlisted.length === 0) return false
      const names = unlisted.map(({ articleId, edition }) =>
        and(eq(editions.articleId, articleId), eq(editions.edition, edition)),
      )
      const known = new Map<string, string>()
      for (const { articleId, card, text } of await texts().where(or(...names)))
        for (const word of vocabularyOf(wordsOf({ card, text }))) known.set(word, articleId)
      // In the order of words, so that two nodes wait for each other in one direction only.
      const rows = [...known]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([word, articleId]) => ({
          word,
          initial: initialOf(word),
          length: word.length,
          articleId,
        }))
      for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
        await db
          .insert(vocabulary)
          .values(rows.slice(from, from + ROWS_AT_ONCE))
          .onConflictDoNothing()
      await db
        .update(editionWords)
        .set({ isListed: true })
        .where(
          inArray(
            editionWords.place,
            unlisted.map(({ place }) => place),
          ),
        )
      return unlisted.length === LISTED_AT_ONCE
    },
  }
}

interface Unlisted extends EditionName {
  place: number
}

interface Searchable extends EditionName {
  publishedAt: string
  card: string
  text: string
}
