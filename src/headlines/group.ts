import { type ArticleFilters, keyOf, type Wanted } from '../shared/filters.ts'
import { isLatest, type LatestTarget, type StoredSublink } from './link-schema.ts'
import { arranged } from './rules.ts'
import type { Led, PublishedLink, ShownItem } from './shown-link.ts'

// Lists that are resolved together, of which no two show the same story. What the desk has placed goes before what is
// found (the newest of a section or tag), and that before what fills up; among equals the earlier list, and in a list the
// earlier link, what stands below a link right after it. A link that readers do not see takes nothing from the others.

/** A list before it is known what of it is shown. */
export interface OpenList {
  items: PublishedLink[]
  /** The articles that its links point at. */
  articles: string[]
  fill: Fill | null
}

/** With what a list fills up: at most so many, and no more than make so many items altogether. */
export interface Fill {
  filters: ArticleFilters
  most: number
  within: number
}

/** What readers see at the instant of an answer of the articles that lists need, by their ids. */
export interface Stories {
  isPublic: (id: string) => boolean
  /** Newest first; as many as are wanted (`wantedBy`), so that there are enough whatever others have taken. */
  newest: (filters: ArticleFilters) => string[]
}

/** The rails that links point at. */
export const railTargets = (items: Pick<PublishedLink, 'target'>[]): string[] =>
  items.flatMap(({ target }) => (target?.kind === 'rail' ? [target.key] : []))

/** Without the links to rails that readers do not have. */
export const withRails = <Each extends Pick<PublishedLink, 'target'>>(
  items: Each[],
  has: (key: string) => boolean,
): Each[] => items.filter(({ target }) => target?.kind !== 'rail' || has(target.key))

export const filtersOf = ({ kind, slug }: LatestTarget): ArticleFilters =>
  kind === 'section' ? { section: slug } : { tag: slug }

/** A link in its time, with the story that it leads to: null where it is none, undefined while it has not been found. */
interface Placed {
  link: PublishedLink
  story: string | null | undefined
  below: Led<StoredSublink>[]
}

/** What each list shows, by its order in a group whose earlier lists go first; pinned links in their place. */
export function resolveGroup(group: OpenList[], stories: Stories, at: string): ShownItem[][] {
  /** Links that find nothing: what stands below them is not seen, so that it takes nothing. */
  const idle = new Set<PublishedLink>()
  for (;;) {
    const { takes, takeBelow, places } = placedIn(group, stories, at, idle)
    const empty: PublishedLink[] = []
    for (const place of places.flat()) {
      const { link, below } = place
      if (!isLatest(link.target)) continue
      place.story = stories.newest(filtersOf(link.target)).find(takes)
      if (place.story === undefined && below.some(({ story }) => story !== null)) empty.push(link)
      if (place.story !== undefined && idle.has(link)) place.below = takeBelow(link)
    }
    if (empty.length === 0) return group.map(({ fill }, n) => filledUp(places[n] ?? [], fill, takes, stories))
    for (const link of empty) idle.add(link)
  }
}

function filledUp(places: Placed[], fill: Fill | null, takes: Takes, { newest }: Stories): ShownItem[] {
  const own = places.flatMap(({ link, story, below }) =>
    story === undefined ? [] : [{ pin: link.pin ?? null, link, story, below }],
  )
  const filled: ShownItem[] = []
  if (fill !== null) {
    const room = Math.min(fill.most, fill.within - own.length)
    for (const story of newest(fill.filters)) {
      if (filled.length >= room) break
      if (takes(story)) filled.push({ pin: null, link: null, story, below: [] })
    }
  }
  return arranged([...own, ...filled])
}

/** Whether a story is given to who asks for it: it is, unless somebody has it. */
type Takes = (story: string) => boolean

/** What the desk has placed in these lists: links in their time, whose story is public and nobody's before them. */
function placedIn(group: OpenList[], { isPublic }: Pick<Stories, 'isPublic'>, at: string, idle: Set<PublishedLink>) {
  const taken = new Set<string>()
  const takes: Takes = (story) => !taken.has(story) && taken.add(story).has(story)
  /** The story of a link; undefined where it is not for this one. */
  const storyOf = ({ target }: Pick<PublishedLink, 'target'>) => {
    if (target?.kind !== 'article') return null
    return isPublic(target.id) && takes(target.id) ? target.id : undefined
  }
  const takeBelow = ({ sublinks = [] }: PublishedLink): Led<StoredSublink>[] =>
    sublinks.flatMap((link) => {
      const story = storyOf(link)
      return story === undefined ? [] : [{ link, story }]
    })
  const place = (link: PublishedLink): Placed[] => {
    if (isLatest(link.target)) return [{ link, story: undefined, below: idle.has(link) ? [] : takeBelow(link) }]
    const story = storyOf(link)
    return story === undefined ? [] : [{ link, story, below: takeBelow(link) }]
  }
  return { takes, takeBelow, places: group.map(({ items }) => items.filter(isInTime(at)).flatMap(place)) }
}

/** Whether it is the time of a link. */
export const isInTime =
  (at: string) =>
  ({ startsAt = at, endsAt }: Pick<PublishedLink, 'startsAt' | 'endsAt'>): boolean =>
    startsAt <= at && (endsAt === undefined || at < endsAt)

/** What is known of the articles that links point at before the newest ones are looked for. */
export interface Known extends Pick<Stories, 'isPublic'> {
  /** Whether an article may be among those that match: never false where it is. */
  mayMatch: (id: string, filters: ArticleFilters) => boolean
  /** Whether an article can match both: never false where one can. */
  mayOverlap: (a: ArticleFilters, b: ArticleFilters) => boolean
}

/**
 * The newest articles that are to be looked for so that these groups can be resolved: for each use its own, besides all
 * that others may have taken before it.
 */
export function wantedBy(groups: OpenList[][], { isPublic, mayMatch, mayOverlap }: Known, at: string): Wanted[] {
  const wanted = new Map<string, Wanted>()
  for (const group of groups) {
    const uses = usesOf(group, { isPublic }, at)
    const placed = uses.length === 0 ? [] : [...new Set(group.flatMap(({ articles }) => articles))].filter(isPublic)
    for (const [n, { filters, most }] of uses.entries()) {
      const others = uses.slice(0, n).filter((each) => mayOverlap(each.filters, filters))
      const taken = placed.filter((id) => mayMatch(id, filters)).length
      const all = others.reduce((sum, each) => sum + each.most, most + taken)
      const key = keyOf(filters)
      wanted.set(key, { filters, most: Math.max(all, wanted.get(key)?.most ?? 0) })
    }
  }
  return [...wanted.values()]
}

/** What a group looks for, in the order in which it takes. */
function usesOf(group: OpenList[], stories: Pick<Stories, 'isPublic'>, at: string): Wanted[] {
  const { places } = placedIn(group, stories, at, new Set())
  const found = places.flat().filter(({ link }) => isLatest(link.target))
  // Where one finds nothing, what stands below it becomes others', and then it is open how many links are shown.
  const isSure = found.every(({ below }) => below.every(({ story }) => story === null))
  const latest = found.flatMap(({ link: { target } }) =>
    isLatest(target) ? [{ filters: filtersOf(target), most: 1 }] : [],
  )
  const fills = group.flatMap(({ fill }, n) => {
    if (fill === null) return []
    const shown = isSure ? (places[n] ?? []).filter(({ story }) => story !== undefined).length : 0
    const most = Math.min(fill.most, fill.within - shown)
    return most > 0 ? [{ filters: fill.filters, most }] : []
  })
  return [...latest, ...fills]
}
