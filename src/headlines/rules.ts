import { isDeepStrictEqual } from 'node:util'
import type { ArticleState } from '../articles/schema.ts'
import { foldedDigest } from '../shared/fold.ts'
import { Problem } from '../shared/problem.ts'
import {
  isLatest,
  type LinkState,
  type LinkTarget,
  type RemovedLink,
  type StoredLink,
  type StoredSublink,
} from './link-schema.ts'
import type { ListContent, PublishMode } from './schema.ts'

/**
 * Where a list stands at `now`: what was scheduled for an instant that has passed is a version of its own. In a staged rail
 * it is what readers have, and the desk's draft stays.
 */
export function settledAt<Row extends ListStanding>(list: Row, now: string): Row {
  if (list.scheduledFrom === null || now < list.scheduledFrom) return list
  const version = list.version + 1
  const what = isStaged(list) ? { publishedVersion: list.scheduledVersion } : { contentVersion: version }
  return { ...list, version, ...what, updatedAt: list.scheduledFrom, ...notScheduled }
}

/** Whether writes on a list wait until they are published. */
export const isStaged = ({ publishedVersion }: Pick<ListStanding, 'publishedVersion'>): boolean =>
  publishedVersion !== null

/** What is kept of where a list stands. */
export interface ListStanding {
  version: number
  contentVersion: number
  updatedAt: string
  scheduledVersion: number | null
  scheduledFrom: string | null
  releaseId: string | null
  publishedVersion: number | null
}
export const notScheduled = { scheduledVersion: null, scheduledFrom: null, releaseId: null }

/** The names of what differs between two contents of a list. */
export const changedIn = (before: ListContent, after: ListContent): string[] =>
  (['title', 'description', 'language', 'followsStories', 'maxItems', 'backfill', 'items'] as const).filter(
    (each) => !isDeepStrictEqual(before[each], after[each]),
  )

type Pointing = StoredLink | StoredSublink

/** The links of a list and those below them: all that point at something. */
export const allLinks = (items: StoredLink[]): Pointing[] => items.flatMap((link) => [link, ...link.sublinks])

/** The ids of the articles that a list points at, each once. */
export const articleTargets = (items: StoredLink[]): string[] => [
  ...new Set(allLinks(items).flatMap(({ target }) => (target?.kind === 'article' ? [target.id] : []))),
]

/** The articles that a list does not point at any more. */
export function goneFrom(before: StoredLink[], after: StoredLink[]): string[] {
  const left = new Set(articleTargets(after))
  return articleTargets(before).filter((id) => !left.has(id))
}

interface Held {
  list: ListStanding
  content: ListContent
  /** What readers have of a staged rail. */
  published: ListContent | null
}

/** Whether the desk has written something in a staged rail that is not published. */
export const hasUnpublished = ({ list, content, published }: Held): boolean =>
  isStaged(list) && !isDeepStrictEqual(content, published)

/** How a list is published after a write that asks for `mode`. 409 where that would publish something by the way. */
export function stagedAfter(found: Held, mode: PublishMode | undefined): Pick<ListStanding, 'publishedVersion'> {
  const { publishedVersion, contentVersion, scheduledFrom } = found.list
  if (mode === undefined || (mode === 'staged') === isStaged(found.list)) return { publishedVersion }
  if (scheduledFrom !== null) {
    const detail = `What the rail will show from ${scheduledFrom} on is planned. Take that back first, then change its mode.`
    throw new Problem('invalid-transition', detail)
  }
  if (mode === 'staged') return { publishedVersion: contentVersion }
  if (hasUnpublished(found)) {
    const detail = 'The rail has changes that readers do not see. Publish or discard them first, then make it live.'
    throw new Problem('invalid-transition', detail)
  }
  return { publishedVersion: null }
}

/** How many of the links that were taken out of a list can be put back. */
const REMOVED_MAX = 20

/** The links that were taken out of a list last, after one more write. What came back is not among them any more. */
export function removedAfter(
  removed: RemovedLink[],
  before: StoredLink[],
  after: StoredLink[],
  how: Pick<RemovedLink, 'removedAt' | 'removedBy'>,
): RemovedLink[] {
  const there = new Set(after.map(({ id }) => id))
  const gone = before.map((link, position) => ({ link, position, ...how }))
  return [...gone, ...removed].filter(({ link }) => !there.has(link.id)).slice(0, REMOVED_MAX)
}

/** What a link is found by: the article it points at, or the headline of a story that is still to come. */
const articleOf = ({ target }: Pointing): string | null => (target?.kind === 'article' ? target.id : null)
export const pendingDigest = ({ target, headline }: Pointing): string | null =>
  target === null && headline !== null ? foldedDigest(headline) : null

/** With the id of the link that it stands below. */
type Indexed = Pointing & { parentId: string | null }

const indexed = (items: StoredLink[]): Indexed[] =>
  items.flatMap((link) => [
    { ...link, parentId: null },
    ...link.sublinks.map((each) => ({ ...each, parentId: link.id })),
  ])

export const indexRow = (listId: string, link: Indexed) => ({
  id: link.id,
  listId,
  parentId: link.parentId,
  isPending: link.target === null,
  targetArticleId: articleOf(link),
  pendingDigest: pendingDigest(link),
})

/** All index rows of a list. */
export const indexRows = (listId: string, items: StoredLink[]) => indexed(items).map((link) => indexRow(listId, link))

/** Which index rows have to go and which have to come when a list changes. */
export function linkChanges(before: StoredLink[], after: StoredLink[]) {
  const foundBy = (link: Pointing) => articleOf(link) ?? (link.target === null && `waits for ${link.headline}`)
  const [old, next] = [indexed(before), indexed(after)]
  const had = new Map(old.map((link) => [link.id, foundBy(link)]))
  const has = new Map(next.map((link) => [link.id, foundBy(link)]))
  return {
    gone: old.filter(({ id }) => has.get(id) !== had.get(id)).map(({ id }) => id),
    come: next.filter(({ id }) => !had.has(id) || had.get(id) !== has.get(id)),
  }
}

/**
 * These in the order in which readers get them: the pinned ones at their places, or as near to them as there are places,
 * and the others in their order around them.
 */
export function arranged<Each extends { pin: number | null }>(items: Each[]): Each[] {
  const list = items.filter(({ pin }) => pin === null)
  const pinned = items.flatMap((each) => (each.pin === null ? [] : [{ each, pin: each.pin }]))
  let next = 0
  for (const { each, pin } of pinned.sort((a, b) => a.pin - b.pin)) {
    const place = Math.max(pin, next)
    list.splice(place, 0, each)
    next = place + 1
  }
  return list
}

/** What is known of the targets of links: the states of articles, and which other targets have nothing behind them. */
export interface KnownTargets {
  articles: Map<string, ArticleState>
  isEmpty: (target: LinkTarget) => boolean
  /** Whether readers have a rail. */
  isShown: (railKey: string) => boolean
}

/** Whether readers see a link at `now`, and if not, why. */
export function linkState({ target, startsAt, endsAt }: StoredLink, now: string, known: KnownTargets): LinkState {
  if (endsAt !== null && endsAt <= now) return 'expired'
  if (startsAt !== null && now < startsAt) return 'scheduled'
  if (target === null) return 'pending'
  if (target.kind === 'rail') {
    if (known.isEmpty(target)) return 'missing'
    return known.isShown(target.key) ? 'ok' : 'unpublished'
  }
  if (target.kind !== 'article') return isLatest(target) && known.isEmpty(target) ? 'unpublished' : 'ok'
  const state = known.articles.get(target.id)
  if (state === 'live' || state === 'liveWithChanges') return 'ok'
  if (state === 'scheduled') return 'scheduled'
  return state === 'draft' || state === 'withdrawn' ? 'unpublished' : 'missing'
}

/** What a headline below another does not have, in the shape of a link. */
const bare = {
  summary: null,
  byline: null,
  image: null,
  hideImage: false,
  label: null,
  prominence: 'normal' as const,
  pin: null,
  startsAt: null,
  endsAt: null,
  sublinks: [],
  note: null,
}

/** A link of a list, or a headline below one in the shape of a link; then the place is that of the link above. */
export interface FoundLink {
  link: StoredLink
  position: number
  above: StoredLink | null
}

export function linkIn(items: StoredLink[], id: string): FoundLink | undefined {
  for (const [position, link] of items.entries()) {
    if (link.id === id) return { link, position, above: null }
    const below = link.sublinks.find((each) => each.id === id)
    if (!below) continue
    return { link: { ...bare, followsStory: link.followsStory, ...below }, position, above: link }
  }
  return undefined
}

/** How the desk sees a link that was found. Readers see a headline below another where they see that one. */
export function shownAt({ link, position, above }: FoundLink, stateOf: (link: StoredLink) => LinkState) {
  const over = above === null ? 'ok' : stateOf(above)
  const state = over === 'ok' || over === 'pending' ? stateOf(link) : over
  return { ...link, position, parentId: above?.id ?? null, state }
}

/**
 * What a merge patch of a link is applied to. A target of another kind replaces the old one instead of being merged
 * into it, which would leave an address beside an id.
 */
export function mergeBase({ id: _id, ...fields }: StoredLink, patch: Record<string, unknown>): Record<string, unknown> {
  const target = patch.target as { kind?: unknown } | null | undefined
  const isOtherKind = target?.kind !== undefined && target.kind !== fields.target?.kind
  const base = isOtherKind ? { ...fields, target: null } : fields
  return Object.fromEntries(Object.entries(base).filter(([, value]) => value !== null))
}

/** The names of what differs between two rendered cards of a list, which are JSON objects. */
export function faceChanges(before: string, after: string): string[] {
  const [was, is] = [before, after].map((card) => JSON.parse(card) as Record<string, unknown>)
  return ['title', 'description', 'language'].filter((name) => was?.[name] !== is?.[name])
}
