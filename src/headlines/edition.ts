import { createHash } from 'node:crypto'
import { isLatest, type LatestTarget, type StoredLink, type StoredSublink } from './link-schema.ts'
import { arranged, articleTargets } from './rules.ts'
import type { ListContent } from './schema.ts'

// What readers get of a list. A list that depends on nothing but itself is rendered once, as it is sent; any other is
// kept with what it depends on, and resolved by the same functions when it is read.

type Overrides = 'kicker' | 'summary' | 'byline' | 'image' | 'label' | 'pin' | 'startsAt' | 'endsAt'

/** A headline link as it is stored in an edition: what readers may get of it, and what decides whether they do. */
export type PublishedLink = Pick<StoredLink, 'id' | 'headline' | 'prominence' | 'target'> & {
  [Name in Overrides]?: NonNullable<StoredLink[Name]>
} & { hideImage?: true; sublinks?: StoredSublink[] }

/** What a list depends on besides itself; its own clock, where both are empty. */
export interface Needs {
  articles: string[]
  latest: LatestTarget[]
}

/** What a link takes from the visible edition of an article that it points at, where it does not say it itself. */
export interface Target {
  id: string
  slug: string
  url: string
  publishedAt: string
  card: Card
}
export interface Card {
  headline: string
  kicker?: string
  standfirst?: string
  byline?: string | null
  image?: StoredLink['image']
  tags?: { slug: string }[]
}

/** The articles that readers see at the instant of an answer, among those that its lists need. */
export interface Targets {
  byId: (id: string) => Target | undefined
  newest: (target: LatestTarget) => Target | undefined
}
export const noTargets: Targets = { byId: () => undefined, newest: () => undefined }

/** The row of the newest article of a section or tag, among rows that have it if there is one. */
export function newestOf<Row extends { section: string; publishedAt: string; articleId: string; card: string }>(
  rows: Row[],
  { kind, slug }: LatestTarget,
): Row | undefined {
  const isIn = ({ section, card }: Row) =>
    kind === 'section' ? section === slug : cardOf(card).tags?.some((tag) => tag.slug === slug)
  const isNewer = (a: Row, b: Row) =>
    a.publishedAt === b.publishedAt ? a.articleId > b.articleId : a.publishedAt > b.publishedAt
  return rows
    .filter(isIn)
    .reduce<Row | undefined>((best, each) => (best && !isNewer(each, best) ? best : each), undefined)
}

/** What an edition says of its article, as it is stored: without the outer braces. */
export const cardOf = (card: string): Card => JSON.parse(`{${card}}`) as Card

/** A headline link as a reader gets it. */
export interface ShownLink extends Partial<Pick<PublishedLink, 'kicker' | 'summary' | 'byline' | 'image' | 'label'>> {
  id: string
  position: number
  headline: string
  url: string | null
  prominence: StoredLink['prominence']
  pinned: boolean
  target: object | null
  publishedAt?: string
  sublinks?: object[]
}

/** Renders what readers get of a list. Named fields only, so that a note can never come along. */
export function renderList({ title, description, language, items }: ListContent) {
  const card = JSON.stringify({
    title,
    ...(description !== null && { description }),
    ...(language !== null && { language }),
  })
  const needs = needsOf(items)
  const links = items.map(publishedLink)
  const text = JSON.stringify(needs === null ? shownLinks(links, noTargets, '') : links)
  return { card, items: text, needs: JSON.stringify(needs), digest: digestOf(text) }
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 12)

/** What these links depend on; null where readers get the same of them whenever they ask. */
export function needsOf(items: StoredLink[]): Needs | null {
  const articles = articleTargets(items)
  const terms = new Map(
    items.flatMap(({ target }) => (isLatest(target) ? [[`${target.kind} ${target.slug}`, target] as const] : [])),
  )
  const latest = [...terms.values()]
  const hasTimes = items.some(({ startsAt, endsAt }) => startsAt !== null || endsAt !== null)
  return articles.length === 0 && latest.length === 0 && !hasTimes ? null : { articles, latest }
}

export const publishedLink = (link: StoredLink): PublishedLink => ({
  id: link.id,
  headline: link.headline,
  ...taken('kicker', link.kicker),
  ...taken('summary', link.summary),
  ...taken('byline', link.byline),
  ...taken('image', link.image),
  ...(link.hideImage && { hideImage: true as const }),
  ...taken('label', link.label),
  prominence: link.prominence,
  ...taken('pin', link.pin),
  ...taken('startsAt', link.startsAt),
  ...taken('endsAt', link.endsAt),
  target: link.target,
  ...(link.sublinks.length > 0 && { sublinks: link.sublinks }),
})

/**
 * A list as readers get it at `at`: without links that are not in their time or whose article is not public, the others
 * with what they take from it, pinned ones in their place. Nothing tells that there is a link that is left out.
 */
export function shownLinks(items: PublishedLink[], targets: Targets, at: string): ShownLink[] {
  const seen = items
    .filter(({ startsAt, endsAt }) => (startsAt ?? at) <= at && (endsAt === undefined || at < endsAt))
    .flatMap((link) => {
      const shown = shownLink(link, targets)
      return shown === undefined ? [] : [{ pin: link.pin ?? null, shown }]
    })
  return arranged(seen).map(({ shown: { id, ...rest } }, position) => ({ id, position, ...rest }))
}

function shownLink(link: PublishedLink, targets: Targets): Omit<ShownLink, 'position'> | undefined {
  const { target } = link
  const found = target?.kind === 'article' ? targets.byId(target.id) : isLatest(target) ? targets.newest(target) : null
  const headline = link.headline ?? found?.card.headline
  if (found === undefined || headline === undefined) return undefined
  const card: Partial<Card> = found?.card ?? {}
  const sublinks = (link.sublinks ?? []).flatMap((each) => shownSublink(each, targets) ?? [])
  return {
    id: link.id,
    headline,
    ...taken('kicker', link.kicker ?? card.kicker),
    ...taken('summary', link.summary ?? card.standfirst),
    ...taken('byline', link.byline ?? card.byline),
    ...taken('image', link.hideImage ? undefined : (link.image ?? card.image)),
    ...addressOf(target, found),
    ...taken('label', link.label),
    prominence: link.prominence,
    pinned: link.pin !== undefined,
    target: shownTarget(target, found),
    ...taken('publishedAt', found?.publishedAt),
    ...(sublinks.length > 0 && { sublinks }),
  }
}

function shownSublink({ id, headline: own, kicker, target }: StoredSublink, targets: Targets): object | undefined {
  const found = target?.kind === 'article' ? targets.byId(target.id) : null
  const headline = own ?? found?.card.headline
  if (found === undefined || headline === undefined) return undefined
  return {
    id,
    headline,
    ...taken('kicker', kicker ?? found?.card.kicker),
    ...addressOf(target, found),
    target: shownTarget(target, found),
  }
}

const addressOf = (target: StoredLink['target'], found: Target | null) => ({
  url: found?.url ?? (target?.kind === 'url' ? target.url : null),
})

/** What is said of a target: of a section or tag only which one, of the newest article in it that article. */
function shownTarget(target: StoredLink['target'], found: Target | null): object | null {
  if (found) return { kind: 'article', id: found.id, slug: found.slug }
  return target?.kind === 'section' || target?.kind === 'tag' ? { kind: target.kind, slug: target.slug } : target
}

const taken = <Name extends string, Value>(name: Name, value: Value | null | undefined) =>
  (value === null || value === undefined ? {} : { [name]: value }) as { [key in Name]?: Value }
