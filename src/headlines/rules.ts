import { isDeepStrictEqual } from 'node:util'
import { foldedDigest } from '../shared/fold.ts'
import type { Ids } from '../shared/ids.ts'
import type { FieldError } from '../shared/problem.ts'
import { isKept, type LinkFields, type ListContent, type StoredLink } from './schema.ts'

/** The fields of a link as they are stored: what was left out is empty. */
export const linkOf = (id: string, fields: LinkFields): StoredLink => ({
  id,
  headline: fields.headline ?? null,
  kicker: fields.kicker ?? null,
  summary: fields.summary ?? null,
  image: fields.image ?? null,
  label: fields.label ?? null,
  prominence: fields.prominence ?? 'normal',
  target: fields.target ?? null,
  note: fields.note ?? null,
  followsStory: fields.followsStory ?? true,
})

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
  (['title', 'description', 'language', 'followsStories', 'items'] as const).filter(
    (each) => !isDeepStrictEqual(before[each], after[each]),
  )

/** What makes two links the same story: the article, the address, or for a pending link its headline. */
function sameness({ target, headline }: Pick<StoredLink, 'target' | 'headline'>): string {
  if (target?.kind === 'article') return `article ${target.id}`
  if (target?.kind === 'url') return `url ${target.url}`
  return `pending ${headline}`
}

/**
 * The new items of a list. A link keeps its id where the item names it, or else where it is the same story as one that
 * stood there before, so that replacing a whole list does not make new links of old ones.
 */
export function replaceItems(
  before: StoredLink[],
  items: LinkFields[],
  newId: Ids,
): { items: StoredLink[]; errors: FieldError[] } {
  const errors: FieldError[] = []
  const unclaimed = new Map(before.map((link) => [link.id, link]))
  items.forEach(({ id }, at) => {
    if (id === undefined || unclaimed.delete(id)) return
    const isTwice = before.some((link) => link.id === id)
    const detail = isTwice
      ? 'This link is in the list twice.'
      : 'This list has no link with this id. Leave it out for a new link.'
    errors.push({ pointer: `#/items/${at}/id`, code: isTwice ? 'duplicate' : 'unknown-link', detail })
  })
  const claim = (fields: LinkFields): string => {
    const wanted = sameness({ target: fields.target ?? null, headline: fields.headline ?? null })
    for (const link of unclaimed.values()) {
      if (sameness(link) === wanted && unclaimed.delete(link.id)) return link.id
    }
    return newId()
  }
  const next = (fields: LinkFields): StoredLink => {
    const kept = isKept(fields) ? before.find(({ id }) => id === fields.id) : undefined
    return kept ?? linkOf(fields.id ?? claim(fields), fields)
  }
  return { items: items.map(next), errors }
}

/** The ids of the articles that a list points at, each once. */
export const articleTargets = (items: StoredLink[]): string[] => [
  ...new Set(items.flatMap(({ target }) => (target?.kind === 'article' ? [target.id] : []))),
]

/** What a link is found by: the article it points at, or the headline of a story that is still to come. */
const articleOf = ({ target }: StoredLink): string | null => (target?.kind === 'article' ? target.id : null)
export const pendingDigest = ({ target, headline }: StoredLink): string | null =>
  target === null && headline !== null ? foldedDigest(headline) : null

export const indexRow = (listId: string, link: StoredLink) => ({
  id: link.id,
  listId,
  isPending: link.target === null,
  targetArticleId: articleOf(link),
  pendingDigest: pendingDigest(link),
})

/** Which index rows have to go and which have to come when a list changes. */
export function linkChanges(before: StoredLink[], after: StoredLink[]): { gone: string[]; come: StoredLink[] } {
  const foundBy = (link: StoredLink) => articleOf(link) ?? (link.target === null && `waits for ${link.headline}`)
  const had = new Map(before.map((link) => [link.id, foundBy(link)]))
  const has = new Map(after.map((link) => [link.id, foundBy(link)]))
  return {
    gone: before.filter(({ id }) => has.get(id) !== had.get(id)).map(({ id }) => id),
    come: after.filter(({ id }) => !had.has(id) || had.get(id) !== has.get(id)),
  }
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
