import { and, eq, ne, or } from 'drizzle-orm'
import { type Fault, type Look, REINDEX } from '../look.ts'
import { nameOf, type SeenEdition, wordsMade } from '../seen-editions.ts'

/**
 * What editions are searched by against what they say. Terms that the desk has renamed are searched by their new names once the
 * ticker has been there: until then, and where a name has come back, either will do.
 */
export const editionWords = {
  kind: 'edition-words',
  says: 'editions are searched by the words that they have',
  advice: REINDEX,
  async *find({ read, tables: { editionWords } }: Look, editions: SeenEdition[]): AsyncGenerator<Fault> {
    const places = new Map<number, string>()
    const others = editions.flatMap((edition) => {
      const wanted = wordsMade(edition)
      return edition.words.flatMap(({ place, isListed }) => {
        if (wanted === undefined || (!isListed && wanted.isRenamed)) return []
        places.set(place, nameOf(edition.row))
        return and(eq(editionWords.place, place), ...wanted.all.map((words) => ne(editionWords.words, words)))
      })
    })
    if (others.length === 0) return
    const found = await read
      .select({ place: editionWords.place })
      .from(editionWords)
      .where(or(...others))
    for (const { place } of found)
      yield { id: places.get(place) ?? '', what: 'is an edition that is searched by other words than it has' }
  },
}
