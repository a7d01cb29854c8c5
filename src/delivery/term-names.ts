import type { TermKind } from '../shared/filters.ts'
import type { DeliveryStore } from './store.ts'

export type NamedKind = Exclude<TermKind, 'language'>
interface Term {
  kind: TermKind
  slug: string
}
interface Face {
  slug: string
  name: string
}
interface Card {
  section: Face | null
  tags: Face[]
  authors: Face[]
}

/** How sections, tags and authors are called: as the newest article says that has them and is public. */
export async function namesOf(from: DeliveryStore, terms: Term[], at: string) {
  const wanted = terms.map(({ kind, slug }) => ({ filters: { [kind]: slug }, most: 1 }))
  const found = wanted.length === 0 ? [] : await from.newest(wanted, at, false)
  const rows = new Map((await from.visible(found.flat(), at)).map((row) => [row.articleId, row]))
  const names = new Map<string, string>()
  for (const [n, { kind, slug }] of terms.entries()) {
    const row = rows.get(found[n]?.[0] ?? '')
    if (!row) continue
    const { section, tags, authors } = JSON.parse(`{${row.card}}`) as Card
    const faces = kind === 'section' ? (section ? [section] : []) : kind === 'tag' ? tags : authors
    const face = faces.find((each) => each.slug === slug)
    if (face) names.set(`${kind} ${slug}`, face.name)
  }
  return (kind: TermKind, slug: string): string | undefined => names.get(`${kind} ${slug}`)
}
