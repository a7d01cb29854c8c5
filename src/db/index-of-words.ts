import type Sqlite from 'better-sqlite3'
import { type WordField, wordFields } from '../shared/words.ts'
import type { OwnFault } from './own-check.ts'

// Whether SQLite's index of words has the words of `edition_words`, each at its place, and no other. The index keeps no text that
// could be compared, but it can be read word by word: each word at its place is a number, and of both sides they must add up to the
// same. They are added up in so many sums, by the row's place, that memory has a bound; where two differ, only their rows are looked at.

const SUMS = 65_536
/** More rows than these are not named. */
const SUMS_LOOKED_INTO = 5

type Add = (place: number, field: WordField, at: number, word: string) => void

export function* indexFaults(client: Sqlite.Database): Generator<OwnFault> {
  // A view of the index that SQLite makes for this connection alone.
  client.exec(
    'create virtual table if not exists temp.indexed_words using fts5vocab(main, edition_words_index, instance)',
  )
  const sums = new Int32Array(SUMS)
  const addTo =
    (sign: number): Add =>
    (place, field, at, word) => {
      const sum = place % SUMS
      sums[sum] = (sums[sum] ?? 0) + sign * numberOf(place, field, at, word)
    }
  readIndex(client, addTo(1))
  readRows(client, addTo(-1))
  const differing = new Set<number>()
  for (const [n, sum] of sums.entries()) if (sum !== 0 && differing.size < SUMS_LOOKED_INTO) differing.add(n)
  if (differing.size > 0) yield* namesIn(client, differing)
}

/** The rows of these sums that differ. */
function* namesIn(client: Sqlite.Database, differing: Set<number>): Generator<OwnFault> {
  const rows = new Map<number, number>()
  const addTo =
    (sign: number): Add =>
    (place, field, at, word) => {
      if (differing.has(place % SUMS))
        rows.set(place, ((rows.get(place) ?? 0) + sign * numberOf(place, field, at, word)) | 0)
    }
  readIndex(client, addTo(1))
  readRows(client, addTo(-1))
  const name = client.prepare("select article_id || ' ' || edition from edition_words where place = ?").pluck()
  for (const [place, sum] of rows) {
    if (sum === 0) continue
    const id = name.get(place) as string | undefined
    yield id === undefined
      ? { id: `place ${place}`, what: 'is in the index of words, and no edition has it' }
      : { id, what: 'is an edition whose words are not those in the index' }
  }
}

function readIndex(client: Sqlite.Database, add: Add): void {
  const all = client.prepare('select doc, col, offset, term from temp.indexed_words').raw().iterate()
  for (const [place, field, at, word] of all as IterableIterator<[number, WordField, number, string]>)
    add(place, field, at, word)
}

function readRows(client: Sqlite.Database, add: Add): void {
  const fields = wordFields.map((field) => `words ->> '$.${field}'`).join(', ')
  const all = client.prepare(`select place, ${fields} from edition_words`).raw().iterate()
  for (const [place, ...texts] of all as IterableIterator<[number, ...string[]]>) {
    for (const [n, text] of texts.entries()) {
      if (text === '' || text === null) continue
      for (const [at, word] of text.split(' ').entries()) add(place, wordFields[n] as WordField, at, word)
    }
  }
}

/** FNV-1a, in 32 bits. */
function numberOf(place: number, field: WordField, at: number, word: string): number {
  let hash = 0x811c9dc5 ^ (place % 0x7fffffff)
  for (let n = 0; n < word.length; n++) hash = Math.imul(hash ^ word.charCodeAt(n), 0x01000193)
  return Math.imul(hash ^ (at * wordFields.length + wordFields.indexOf(field)), 0x01000193)
}
