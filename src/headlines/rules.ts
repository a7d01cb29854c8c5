import { isDeepStrictEqual } from 'node:util'
import type { ArticleState } from '../articles/schema.ts'
import { foldedDigest } from '../shared/fold.ts'
import { isLatest, type LinkState, type LinkTarget, type StoredLink, type StoredSublink } from './link-schema.ts'
import type { ListContent } from './schema.ts'

/** Where a list stands at `now`: what was scheduled for an instant that has passed is a version of its own. */
export function settledAt<Row extends ListStanding>(list: Row, now: string): Row {
  if (list.scheduledFrom === null || now < list.scheduledFrom) return list
  const version = list.version + 1
  return { ...list, version, contentVersion: version, updatedAt: list.scheduledFrom, ...notScheduled }
}

interface ListStanding {
  version: number
  contentVersion: number
  updatedAt: string
  scheduledVersion: number | null
  scheduledFrom: string | null
  releaseId: string | null
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

/** What a link is found by: the article it points at, or the headline of a story that is still to come. */
const articleOf = ({ target }: Pointing): string | null => (target?.kind === 'article' ? target.id : null)
export const pendingDigest = ({ target, headline }: Pointing): string | null =>
  target === null && headline !== null ? foldedDigest(headline) : null

export const indexRow = (listId: string, link: Pointing) => ({
  id: link.id,
  listId,
  isPending: link.target === null,
  targetArticleId: articleOf(link),
  pendingDigest: pendingDigest(link),
})

/** Which index rows have to go and which have to come when a list changes. */
export function linkChanges(before: StoredLink[], after: StoredLink[]) {
  const foundBy = (link: Pointing) => articleOf(link) ?? (link.target === null && `waits for ${link.headline}`)
  const [old, next] = [allLinks(before), allLinks(after)]
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
}

/** Whether readers see a link at `now`, and if not, why. */
export function linkState({ target, startsAt, endsAt }: StoredLink, now: string, known: KnownTargets): LinkState {
  if (endsAt !== null && endsAt <= now) return 'expired'
  if (startsAt !== null && now < startsAt) return 'scheduled'
  if (target === null) return 'pending'
  if (target.kind === 'rail') return known.isEmpty(target) ? 'missing' : 'ok'
  if (target.kind !== 'article') return isLatest(target) && known.isEmpty(target) ? 'unpublished' : 'ok'
  const state = known.articles.get(target.id)
  if (state === 'live' || state === 'liveWithChanges') return 'ok'
  if (state === 'scheduled') return 'scheduled'
  return state === 'draft' || state === 'withdrawn' ? 'unpublished' : 'missing'
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
