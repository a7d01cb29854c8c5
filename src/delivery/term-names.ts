import type { NamedKind } from '../shared/filters.ts'
import type { TermDetails } from '../taxonomy/schema.ts'
import type { LinkedRow } from './rows.ts'
import type { DeliveryStore } from './store.ts'

/** How a section, tag or author shows itself to readers. */
export interface Shown {
  slug: string
  name: string
  parentKey: string | null
  details: TermDetails
}
interface Named {
  slug: string
  name: string
  uri?: string
  url?: string
}
interface Card {
  section: Named | null
  tags: Named[]
  authors: Named[]
}

/** How an article calls a section, tag or author that nobody has defined; by its key where it calls it nothing. */
export function namedIn(row: Pick<LinkedRow, 'card'> | undefined, kind: NamedKind, key: string): Named {
  const { section, tags, authors } = JSON.parse(`{${row?.card ?? '"section":null,"tags":[],"authors":[]'}}`) as Card
  const all = kind === 'section' ? (section ? [section] : []) : kind === 'tag' ? tags : authors
  return all.find(({ slug }) => slug === key) ?? { slug: key, name: key }
}

/**
 * How sections, tags and authors are called, by their keys: as the desk has defined them, and otherwise as the newest
 * article says that has them and is public.
 */
export async function namesOf(from: DeliveryStore, terms: { kind: NamedKind; key: string }[], at: string) {
  const faces = await from.faces()
  const unknown = terms.filter(({ kind, key }) => faces.byKey(kind, key) === undefined)
  const wanted = unknown.map(({ kind, key }) => ({ filters: { [kind]: key }, most: 1 }))
  const found = wanted.length === 0 ? [] : await from.newest(wanted, at, false)
  const rows = new Map((await from.visible(found.flat(), at)).map((row) => [row.articleId, row]))
  const names = new Map<string, Shown>()
  for (const [n, { kind, key }] of unknown.entries()) {
    const row = rows.get(found[n]?.[0] ?? '')
    if (!row) continue
    const { name, uri, url } = namedIn(row, kind, key)
    const details = { ...(uri && { uri }), ...(url && { url }) }
    names.set(`${kind} ${key}`, { slug: key, name, parentKey: null, details })
  }
  return (kind: NamedKind, key: string): Shown =>
    faces.byKey(kind, key) ?? names.get(`${kind} ${key}`) ?? { slug: key, name: key, parentKey: null, details: {} }
}
