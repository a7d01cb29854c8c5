import { createHash } from 'node:crypto'
import { type Fill, resolveGroup, type Stories } from './group.ts'
import { isLatest, LINKS_MAX, type StoredLink } from './link-schema.ts'
import { articleTargets } from './rules.ts'
import type { ListContent } from './schema.ts'
import { given, type PublishedLink, shownItems } from './shown-link.ts'

// What readers get of a list. A list that depends on nothing but itself is rendered once, as it is sent; any other is
// kept with what it depends on, and resolved by the same functions when it is read (group.ts).

/** What a list depends on besides itself. */
export interface Needs {
  articles: string[]
  fill: Fill | null
}

/** How many items a rail has together with what it fills up with, where nothing says how many. */
const FILLED_STANDARD = 20

export function fillOf({ backfill, maxItems }: Pick<ListContent, 'backfill' | 'maxItems'>): Fill | null {
  if (backfill === null) return null
  const { limit, ...filters } = backfill
  const within = maxItems ?? (limit === undefined ? FILLED_STANDARD : LINKS_MAX + limit)
  return { filters, most: limit ?? within, within }
}

/** What is shown of links that lead to no story of ours, at any time. */
const aloneShown = (items: PublishedLink[]) =>
  shownItems(resolveGroup([{ items, articles: [], fill: null }], noStories, '')[0] ?? [], () => undefined)
const noStories: Stories = { isPublic: () => false, newest: () => [] }

/** Renders what readers get of a list. Named fields only, so that a note can never come along. */
export function renderList(content: ListContent) {
  const { title, description, language, items } = content
  const card = JSON.stringify({
    title,
    ...(description !== null && { description }),
    ...(language !== null && { language }),
  })
  const needs = needsOf(content)
  const links = items.map(publishedLink)
  const text = JSON.stringify(needs === null ? aloneShown(links) : links)
  return { card, items: text, needs: JSON.stringify(needs), digest: digestOf(text) }
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 12)

/** What a list depends on; null where readers get the same of it whenever they ask. */
function needsOf(content: ListContent): Needs | null {
  const { items } = content
  const [articles, fill] = [articleTargets(items), fillOf(content)]
  const changes = items.some(
    ({ target, startsAt, endsAt }) =>
      isLatest(target) || target?.kind === 'rail' || startsAt !== null || endsAt !== null,
  )
  return articles.length === 0 && fill === null && !changes ? null : { articles, fill }
}

export const publishedLink = (link: StoredLink): PublishedLink => ({
  id: link.id,
  headline: link.headline,
  ...given('kicker', link.kicker),
  ...given('summary', link.summary),
  ...given('byline', link.byline),
  ...given('image', link.image),
  ...(link.hideImage && { hideImage: true as const }),
  ...given('label', link.label),
  prominence: link.prominence,
  ...given('pin', link.pin),
  ...given('startsAt', link.startsAt),
  ...given('endsAt', link.endsAt),
  target: link.target,
  ...(link.sublinks.length > 0 && { sublinks: link.sublinks }),
})
