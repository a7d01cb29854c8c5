import type { Database, Db } from '../db/database.ts'
import { digestOf } from '../headlines/edition.ts'
import type { Clock } from '../shared/clock.ts'
import type { NamedKind } from '../shared/filters.ts'
import type { Place } from '../shared/place.ts'
import type { DeliveryStore } from './store.ts'
import { namesOf } from './term-names.ts'
import type { TermRow } from './term-store.ts'

// Sections, tags and authors as readers get them. One that no visible article has is not there.

interface Dependencies {
  snapshot: Database['snapshot']
  storeOn: (on: Db) => DeliveryStore
  clock: Clock
  form: string
}

/** One instant, as it is read. */
interface Still {
  from: DeliveryStore
  at: string
  state: () => Promise<string>
}

/** Pages whose counts are kept. */
const COUNTS_MAX = 1_000

export function termAnswers({ snapshot, storeOn, clock, form }: Dependencies) {
  /** What was counted last, as long as nothing is written and no planned change has come: counting takes long where many are. */
  let counted = { state: '', counts: new Map<string, Map<string, number>>() }
  async function countsOf({ from, at, state }: Still, kind: NamedKind, keys: string[]): Promise<Map<string, number>> {
    const now = `${await state()} ${await from.lastInstant(at)}`
    if (counted.state !== now) counted = { state: now, counts: new Map() }
    const name = `${kind} ${keys.join(' ')}`
    const { counts } = counted
    const found = counts.get(name) ?? (await from.countsOf(kind, keys, at))
    if (counts.size < COUNTS_MAX) counts.set(name, found)
    return found
  }

  async function shownIn(still: Still, kind: NamedKind, rows: TermRow[]): Promise<string[]> {
    const { from, at } = still
    const keys = rows.map(({ key }) => key)
    const counts = await countsOf(still, kind, keys)
    const names = await namesOf(from, rows, at)
    const faces = await from.faces()
    return rows.map(({ key }) => {
      const { slug, name, parentKey, details } = names(kind, key)
      const parent = parentKey === null ? undefined : faces.byKey('section', parentKey)
      const above = parent === undefined ? null : { slug: parent.slug, name: parent.name }
      const articles = counts.get(key) ?? 0
      return JSON.stringify({ slug, name, ...details, ...(kind === 'section' && { parent: above }), articles })
    })
  }
  const tagOf = (parts: string[]) => `"${digestOf(parts.join('\n'))}.t.${form}"`

  return {
    /** The rows of a page by slug, one more than `limit` if there are more; `answer` as for articles. */
    terms: (kind: NamedKind, limit: number, place: Place | undefined) =>
      snapshot(async (still, state) => {
        const from = storeOn(still)
        const at = clock.now()
        const rows = await from.terms(kind, limit + 1, place, at)
        const entries = new Map<TermRow, string>()
        for (const [n, json] of (await shownIn({ from, at, state }, kind, rows)).entries()) {
          const row = rows[n]
          if (row) entries.set(row, json)
        }
        const answer = (shown: TermRow[], page: object) => {
          const data = shown.map((row) => entries.get(row) ?? '')
          const pageJson = JSON.stringify(page)
          return { json: `{"data":[${data.join(',')}],"page":${pageJson}}`, etag: tagOf([kind, ...data, pageJson]) }
        }
        return { rows, answer }
      }),

    /** How one is called; undefined where no visible article has it. */
    termName: (kind: NamedKind, slug: string): Promise<string | undefined> =>
      snapshot(async (still) => {
        const from = storeOn(still)
        const at = clock.now()
        const row = await from.term(kind, slug, at)
        return row && (await namesOf(from, [row], at))(kind, row.key).name
      }),

    /** One, or the slug under which it is now; undefined where no visible article has it. */
    term: (kind: NamedKind, slug: string) =>
      snapshot(async (still, state) => {
        const from = storeOn(still)
        const at = clock.now()
        const row = await from.term(kind, slug, at)
        if (!row) return undefined
        if (row.slug !== slug) return { movedTo: row.slug }
        const [json = ''] = await shownIn({ from, at, state }, kind, [row])
        return { json, etag: tagOf([kind, json]) }
      }),
  }
}
