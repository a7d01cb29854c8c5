import {
  cardOf,
  digestOf,
  type Needs,
  newestOf,
  type PublishedLink,
  shownLinks,
  type Target,
  type Targets,
} from '../headlines/edition.ts'
import type { EditionRow, ListEditionRow } from './store.ts'

// The links of lists as they are sent: what they depend on, and what becomes of them.

/** What these lists depend on, each once; null where they can be sent as they are. */
export function needsOf(lists: (ListEditionRow | null)[]): Needs | null {
  const found = lists.flatMap((list) => (list && list.needs !== READY ? [JSON.parse(list.needs) as Needs] : []))
  if (found.length === 0) return null
  const latest = new Map(
    found.flatMap((each) => each.latest.map((target) => [`${target.kind} ${target.slug}`, target])),
  )
  return { articles: [...new Set(found.flatMap((each) => each.articles))], latest: [...latest.values()] }
}

/** What a list says that depends on nothing. */
const READY = 'null'

/** What links find among the visible editions that they point at. */
export function targetsAmong(rows: EditionRow[], urlOf: (row: EditionRow) => string): Targets {
  const known = new Map<string, Target>()
  const byRow = new Map(rows.map((row) => [row.articleId, row]))
  function byId(id: string): Target | undefined {
    const row = byRow.get(id)
    if (row === undefined) return undefined
    const { slug, publishedAt } = row
    const target = known.get(id) ?? { id, slug, url: urlOf(row), publishedAt, card: cardOf(row.card) }
    known.set(id, target)
    return target
  }
  return { byId, newest: (target) => byId(newestOf(rows, target)?.articleId ?? '') }
}

/**
 * The links of a list as JSON text, and the part of the ETag that speaks for them: a digest of that text however it
 * came about, so that a link that is left out does not show in it.
 */
export function linksJson(list: ListEditionRow | null, targets: Targets, at: string): { json: string; tag: string } {
  if (list === null) return { json: '[]', tag: digestOf('[]') }
  if (list.needs === READY) return { json: list.items, tag: list.digest }
  const json = JSON.stringify(shownLinks(JSON.parse(list.items) as PublishedLink[], targets, at))
  return { json, tag: digestOf(json) }
}
