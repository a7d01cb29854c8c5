import { inArray } from 'drizzle-orm'
import { isMistakable, vocabularyOf } from '../../publishing/words.ts'
import { initialOf } from '../../shared/words.ts'
import { type Check, type Fault, type Look, pagesOf, REPUBLISH, RESTORE } from '../look.ts'
import { type SeenEdition, wordsMade } from '../seen-editions.ts'

/** So many words are remembered as looked up: the same ones come again and again. */
const REMEMBERED_MAX = 200_000
const AT_ONCE = 500

/** The words of editions against the vocabulary; each look has one, which remembers what it has found. */
export function editionVocabulary() {
  const known = new Set<string>()
  return {
    kind: 'vocabulary',
    says: 'words that are searched are in the vocabulary',
    advice: REPUBLISH,
    async *find({ read, tables: { vocabulary } }: Look, editions: SeenEdition[]): AsyncGenerator<Fault> {
      if (known.size > REMEMBERED_MAX) known.clear()
      const wanted = new Set<string>()
      for (const edition of editions) {
        const made = wordsMade(edition)
        // Of a renamed term either name may be there.
        if (made === undefined || made.isRenamed) continue
        const words = made.all.flatMap(vocabularyOf)
        for (const { isListed } of edition.words)
          for (const word of words) wanted.add(`${isListed && isMistakable(word) ? '+' : '-'}${word}`)
      }
      const fresh = [...wanted].filter((each) => !known.has(each))
      for (let from = 0; from < fresh.length; from += AT_ONCE) {
        const some = fresh.slice(from, from + AT_ONCE)
        const { word, isPublic } = vocabulary
        const found = await read
          .select({ word, isPublic })
          .from(vocabulary)
          .where(inArray(word, [...new Set(some.map((each) => each.slice(1)))]))
        const there = new Map(found.map((each) => [each.word, each.isPublic]))
        for (const each of some) {
          const state = there.get(each.slice(1))
          known.add(each)
          if (state === undefined)
            yield { id: each.slice(1), what: 'is a word that is searched and not in the vocabulary' }
          else if (each.startsWith('+') && !state)
            yield { id: each.slice(1), what: 'is a word that readers have seen and that is never suggested' }
        }
      }
    },
  }
}

/** What words are looked up by. */
export const vocabularyRows: Check = {
  kind: 'vocabulary-row',
  says: 'words of the vocabulary are looked up by their beginning and length',
  advice: RESTORE,
  async *find(look) {
    for await (const page of pagesOf(look, 'vocabulary', { key: ['word'], many: 2_000 })) {
      for (const row of page as unknown as { word: string; initial: string; length: number }[]) {
        if (row.initial !== initialOf(row.word) || row.length !== row.word.length)
          yield { id: row.word, what: 'is a word that is not found by its beginning or length' }
      }
    }
  },
}
