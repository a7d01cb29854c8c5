import { digestOf, type Needs } from '../headlines/edition.ts'
import { type OpenList, railTargets, resolveGroup, wantedBy, withRails } from '../headlines/group.ts'
import { isLatest } from '../headlines/link-schema.ts'
import { type Card, type PublishedLink, type ShownItem, shownItems, type Target } from '../headlines/shown-link.ts'
import { type ArticleFilters, keyOf, wantedLanguage } from '../shared/filters.ts'
import { type Faces, noFaces } from '../taxonomy/faces.ts'
import type { LinkedRow, ListEditionRow } from './rows.ts'
import type { DeliveryStore } from './store.ts'

// The links of lists as they are sent: what they depend on is read for all of them at once, and each group of lists is
// resolved as one.

/** Links as JSON text, and the part of the ETag that speaks for them. */
export interface Links {
  json: string
  tag: string
}
export type LinksOf = (list: ListEditionRow | null) => Links

/** Whether a list depends on nothing, and can be sent as it is. */
export const isReady = ({ needs }: ListEditionRow): boolean => needs === 'null'

/** How many cards are kept parsed: those of several front pages, at some kB each. */
const CARDS_MAX = 2_000

/** Parses cards, and keeps those that were met last. Their text is compared, so that none is ever taken for another. */
function cardReader() {
  const known = new Map<string, { text: string; card: Card }>()
  return ({ articleId, card: text }: LinkedRow): Card => {
    const found = known.get(articleId)
    if (found?.text === text) return found.card
    const { headline, kicker, standfirst, byline, image } = JSON.parse(`{${text}}`) as Card
    const card = { headline, kicker, standfirst, byline, image }
    known.delete(articleId)
    known.set(articleId, { text, card })
    const [oldest = ''] = known.size > CARDS_MAX ? known.keys() : []
    known.delete(oldest)
    return card
  }
}

/**
 * The links of lists that are visible at `at`. No two lists of a group show the same story; the earlier list goes first.
 * For however many lists: one statement for the articles they point at, one for the rails, and where they look for the
 * newest articles three more, for these and to know whether the indexes of what is public now lack any of them.
 */
export function linkResolver(urlOf: (row: LinkedRow) => string) {
  const cardOf = cardReader()
  const targetOf = (row: LinkedRow | undefined): Target | undefined =>
    row && { id: row.articleId, slug: row.slug, url: urlOf(row), publishedAt: row.publishedAt, card: cardOf(row) }

  return async (from: DeliveryStore, groups: ListEditionRow[][], at: string): Promise<LinksOf> => {
    const all = groups.map((group) => group.map(openList))
    const rails = await from.railKeys(railTargets(all.flat().flatMap(({ items }) => items)), at)
    const open = all.map((group) =>
      group.map((list) => ({ ...list, items: withRails(list.items, (key) => rails.has(key)) })),
    )
    const rows = new Map<string, LinkedRow>()
    const read = async (ids: string[]) => {
      const unknown = [...new Set(ids)].filter((id) => !rows.has(id))
      for (const row of await from.visible(unknown, at)) rows.set(row.articleId, row)
    }
    await read(open.flat().flatMap(({ articles }) => articles))
    const isPublic = (id: string) => rows.has(id)
    const isLooking = open
      .flat()
      .some(({ items, fill }) => fill !== null || items.some(({ target }) => isLatest(target)))
    const faces = isLooking ? await from.faces() : noFaces
    const known = {
      isPublic,
      mayMatch: (id: string, filters: ArticleFilters) => mayMatch(rows.get(id), filters),
      mayOverlap: (a: ArticleFilters, b: ArticleFilters) => mayOverlap(faces, a, b),
    }
    const wanted = wantedBy(open, known, at)
    const isLacking = wanted.length > 0 && (await from.isLacking(at))
    const found = await from.newest(wanted, at, isLacking)
    const newest = new Map(wanted.map(({ filters }, n) => [keyOf(filters), found[n] ?? []]))
    const stories = { isPublic, newest: (filters: ArticleFilters) => newest.get(keyOf(filters)) ?? [] }
    const items = open.map((group) => resolveGroup(group, stories, at))
    await read(items.flat(2).flatMap(({ story }) => story ?? []))
    const links = groups.flatMap((group, n) =>
      group.map(
        (list, place) => [list, linksJson(list, items[n]?.[place] ?? [], (id) => targetOf(rows.get(id)))] as const,
      ),
    )
    const byList = new Map<ListEditionRow | null, Links>(links)
    return (list) => byList.get(list) ?? noLinks
  }
}

function openList(list: ListEditionRow): OpenList {
  if (isReady(list)) return { items: [], articles: [], fill: null }
  return { items: JSON.parse(list.items) as PublishedLink[], ...(JSON.parse(list.needs) as Needs) }
}

/** The tag is a digest of the text however it came about, so that a link that is left out does not show in it. */
function linksJson(list: ListEditionRow, items: ShownItem[], targetOf: (id: string) => Target | undefined): Links {
  if (isReady(list)) return { json: list.items, tag: list.digest }
  const json = JSON.stringify(shownItems(items, targetOf))
  return { json, tag: digestOf(json) }
}
const noLinks: Links = { json: '[]', tag: digestOf('[]') }

/** Whether an edition may be among those that match: never false where it is. What it has may be called otherwise by now. */
const mayMatch = (row: LinkedRow | undefined, { language }: ArticleFilters): boolean =>
  row !== undefined && (language === undefined || row.card.startsWith(`"language":"${wantedLanguage(language)}"`))

/** Whether an article can have both sections: where they are one under two slugs, or one is a part of the other. */
function mayOverlap(faces: Faces, { section: one }: ArticleFilters, { section: other }: ArticleFilters): boolean {
  if (one === undefined || other === undefined) return true
  const keyOf = (slug: string) => faces.bySlug('section', slug)?.key ?? slug
  const isIn = (key: string, whole: string): boolean => {
    for (let at: string | null = key; at !== null; at = faces.byKey('section', at)?.parentKey ?? null)
      if (at === whole) return true
    return false
  }
  const [a, b] = [keyOf(one), keyOf(other)]
  return isIn(a, b) || isIn(b, a)
}
