import { createHash } from 'node:crypto'
import { and, eq, inArray, lt, lte, or, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { once, rowGiven, rowPlaces } from '../db/prepared.ts'
import type { Tables } from '../db/tables.ts'
import { noteWords, showWords } from '../db/vocabulary.ts'
import { foundByWords } from '../db/words.ts'
import { PLACES, type Words, wordFields } from '../shared/words.ts'
import { type Faces, facesOf, noFaces, shownCard } from '../taxonomy/faces.ts'
import { isMistakable, vocabularyOf, wordsOf } from './words.ts'

type WordTables = Pick<
  Tables,
  'editions' | 'editionBodies' | 'editionTerms' | 'editionWords' | 'vocabulary' | 'terms' | 'termSlugs'
>
export interface EditionName {
  articleId: string
  edition: number
}

/** Each has some hundred words that are looked up, while other writes wait. */
const LISTED_AT_ONCE = 20

/** No more wait for the end of a transaction, as their texts are in memory, and to put them all in at once stops the event loop. */
const LEFT_MAX = 20
const left = new WeakMap<Db, Searchable[]>()

/** Nothing is left of a transaction that is rolled back. */
export const forgetLeft = (db: Db): void => void left.delete(db)

/** What editions are searched by: there as long as the edition is in the indexes of what is public now. */
export const wordsStore = (db: Db, tables: WordTables) => {
  const { editions, editionBodies, editionTerms, editionWords, vocabulary, terms, termSlugs } = tables
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

  /** How the sections, tags and authors of these editions are called now, as far as the desk has defined them. */
  async function facesFor(names: EditionName[]): Promise<Faces> {
    const isOfThem = or(
      ...names.map(({ articleId, edition }) =>
        and(eq(editionTerms.articleId, articleId), eq(editionTerms.edition, edition)),
      ),
    )
    const { kind, key, slug, name, parentKey } = terms
    const defined = await db
      .selectDistinct({ kind, key, slug, name, parentKey })
      .from(editionTerms)
      .innerJoin(terms, and(eq(terms.kind, sql`${editionTerms.kind}`), eq(terms.key, editionTerms.slug)))
      .where(and(isOfThem, eq(terms.isDefined, true)))
    if (defined.length === 0) return noFaces
    const keys = defined.map((term) => term.key)
    const slugs = await db
      .select({ kind: termSlugs.kind, slug: termSlugs.slug, key: termSlugs.key })
      .from(termSlugs)
      .where(inArray(termSlugs.key, keys))
    return facesOf(
      1,
      defined.map((term) => ({ ...term, details: {} })),
      slugs,
    )
  }

  const placeOf = { place: editionWords.place }

  /** Takes words into the vocabulary that it has not, in their order: two who note the same ones wait in one direction only. */
  const note = (found: Map<string, string>): Promise<void> =>
    noteWords(
      db,
      tables,
      [...found].sort(([a], [b]) => (a < b ? -1 : 1)),
    )

  /**
   * Puts editions into the index, all by one statement: FTS5 writes what it has gathered to the disk whenever another
   * statement may have to be taken back.
   */
  async function addAll(all: Searchable[]): Promise<void> {
    const found = new Map<string, string>()
    const rows = all.map(({ articleId, edition, publishedAt, card, text, words = wordsOf({ card, text }) }) => {
      for (const word of vocabularyOf(words)) if (!found.has(word)) found.set(word, articleId)
      return { place: placeFor({ articleId, edition, publishedAt }, 0), articleId, edition, isListed: false, words }
    })
    await note(found)
    const taken = await insert(rows)
    // Another edition may have the place.
    for (const row of rows.filter(({ place, articleId, edition }) => taken.get(place) !== `${articleId} ${edition}`)) {
      const { publishedAt = '' } =
        all.find(({ articleId, edition }) => articleId === row.articleId && edition === row.edition) ?? {}
      for (let tries = 1; ; tries++) {
        const place = placeFor({ ...row, publishedAt }, tries)
        if ((await insert([{ ...row, place }])).size > 0) break
      }
    }
  }

  /** Answers which places were free, and whose they are now. */
  async function insert(rows: (typeof editionWords.$inferInsert)[]): Promise<Map<number, string>> {
    const { place, articleId, edition } = editionWords
    const adding = (values: typeof rows) =>
      db.insert(editionWords).values(values).onConflictDoNothing().returning({ place, articleId, edition })
    const [only, ...more] = rows
    if (only === undefined) return new Map()
    const taken =
      more.length > 0
        ? await adding(rows)
        : await once(db, 'add words', (as) => adding([rowPlaces(editionWords)]).prepare(as)).execute(
            rowGiven(editionWords, only),
          )
    return new Map(taken.map((row) => [row.place, `${row.articleId} ${row.edition}`]))
  }

  /**
   * Puts into the index what was left to the end of the transaction. Before that to be called by whoever changes or removes entries, which may
   * be among it.
   */
  async function addLeft(): Promise<void> {
    const all = left.get(db) ?? []
    left.delete(db)
    if (all.length > 0) await addAll(all)
  }

  return {
    addAll,
    addLeft,

    /** Leaves an edition to the end of the transaction, where all that it publishes is put into the index at once. */
    leave: async (edition: Searchable): Promise<void> => {
      const all = left.get(db) ?? []
      left.set(db, all)
      if (all.push(edition) >= LEFT_MAX) await addLeft()
    },

    /** Puts entries where an archive has them; their words are made anew, as each engine keeps them in its own way. */
    async put(entries: Omit<typeof editionWords.$inferSelect, 'words'>[]): Promise<void> {
      if (entries.length === 0) return
      const faces = await facesFor(entries)
      const names = entries.map(({ articleId, edition }) =>
        and(eq(editions.articleId, articleId), eq(editions.edition, edition)),
      )
      const found = new Map<string, { card: string; text: string }>()
      for (const { articleId, edition, ...said } of await texts().where(or(...names)))
        found.set(`${articleId} ${edition}`, said)
      const rows = entries.flatMap((entry) => {
        const said = found.get(`${entry.articleId} ${entry.edition}`)
        if (said === undefined) return []
        return { ...entry, words: wordsOf({ card: shownCard(said.card, faces)?.card ?? said.card, text: said.text }) }
      })
      await db.insert(editionWords).values(rows)
    },

    remove: async (names: EditionName[]): Promise<void> => {
      await addLeft()
      for (const name of names) await db.delete(editionWords).where(isOf(name))
    },

    /** What was removed and may be visible again after all. */
    restore: async (names: EditionName[]): Promise<void> => {
      await addLeft()
      for (const name of names) {
        const { articleId, edition } = name
        // Where it was never removed it keeps its place: what is only planned and taken back leaves no trace.
        const known = await db.select({ place: editionWords.place }).from(editionWords).where(isOf(name))
        if (known.length > 0) continue
        const found = await texts().where(and(eq(editions.articleId, articleId), eq(editions.edition, edition)))
        await addAll(found)
      }
    },

    /** Takes an article's words out of the vocabulary, but for those that another one has too. The article's own are gone. */
    forget: async (articleId: string): Promise<void> => {
      const own = await db.select({ word: vocabulary.word }).from(vocabulary).where(eq(vocabulary.articleId, articleId))
      for (const { word } of own) {
        const terms = [{ words: [word], isPrefix: false }]
        const { from, where } = foundByWords({ editions, editionWords }, { terms, fields: wordFields, without: [] })
        const found = sql`(select ${editionWords.articleId} as id from ${from} where ${where} limit 1) as found`
        const [other] = await db.select({ id: sql<string>`id` }).from(found)
        const isIt = eq(vocabulary.word, word)
        if (other) await db.update(vocabulary).set({ articleId: other.id }).where(isIt)
        else await db.delete(vocabulary).where(isIt)
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

    /** Makes their words public in the vocabulary, takes names that the desk has given since into the index; whether there may be more. Their articles must be held. */
    list: async (unlisted: Unlisted[]): Promise<boolean> => {
      if (unlisted.length === 0) return false
      const names = unlisted.map(({ articleId, edition }) =>
        and(eq(editions.articleId, articleId), eq(editions.edition, edition)),
      )
      const known = new Set<string>()
      const faces = await facesFor(unlisted)
      for (const { articleId, edition, card, text } of await texts().where(or(...names))) {
        const shown = shownCard(card, faces)
        const words = wordsOf({ card: shown?.card ?? card, text })
        const all = vocabularyOf(words)
        for (const word of all) if (isMistakable(word)) known.add(word)
        if (shown === undefined) continue
        // Some names are others now: whoever looks for these finds it.
        await note(new Map(all.map((word) => [word, articleId])))
        const [was] = await db.delete(editionWords).where(isOf({ articleId, edition })).returning(placeOf)
        if (was) await db.insert(editionWords).values({ ...was, articleId, edition, isListed: true, words })
      }
      // In the order of words, as above.
      await showWords(db, tables, [...known].sort())
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

/**
 * A place for an edition in the order of publication. Where others have it, among twice as many with each try; nothing is
 * told of these by it.
 */
function placeFor(
  { articleId, edition, publishedAt }: Omit<Searchable, 'card' | 'text' | 'words'>,
  tries: number,
): number {
  const digest = createHash('sha256').update(`${articleId} ${edition} ${tries}`).digest()
  return Date.parse(publishedAt) * PLACES + (digest.readUInt32BE(0) % (PLACES * 2 ** Math.min(tries, 20)))
}

interface Unlisted extends EditionName {
  place: number
}

export interface Searchable extends EditionName {
  publishedAt: string
  card: string
  text: string
  /** The words of both, where they are known already. */
  words?: Words | undefined
}
