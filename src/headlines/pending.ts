import { type Caller, may } from '../access/schema.ts'
import type { Db } from '../db/database.ts'
import { foldedDigest } from '../shared/fold.ts'
import type { Place } from '../shared/place.ts'
import type { Followed } from '../shared/write.ts'
import { renderList } from './edition.ts'
import { listEditionStore } from './edition-store.ts'
import { type ChangedList, headlineLists, type List, type ListDependencies, listAt, subjectOf } from './lists.ts'
import type { PlacedLink, Placement } from './place-schema.ts'
import { placeStore, type Seen } from './place-store.ts'
import { listPlans } from './plans.ts'
import { allLinks, linkIn, pendingDigest, shownAt } from './rules.ts'
import type { ListContent } from './schema.ts'
import { headlineStore, type ListRow } from './store.ts'

// Owns what holds for links wherever they stand: which wait for a story, which point at one, and how those that wait
// come alive. Promises one version for each list and publication (a staged one has another of what readers have), and that nothing that others write is lost.

/** A story that has just become public. */
export interface Story {
  id: string
  headline: string
}

/** Which links were pointed at a story, and what that is for the audit. */
export interface CameAlive {
  links: LinkPlace[]
  followed: Followed[]
}

interface LinkPlace {
  linkId: string
  articleId: string | null
  railKey: string | null
}

export type PendingService = ReturnType<typeof pendingService>

export function pendingService(dependencies: ListDependencies) {
  const { db, clock, articles } = dependencies
  const { tables } = db
  const lists = headlineLists(dependencies)
  const plans = listPlans(dependencies, lists)

  const loadIn = async (tx: Db, id: string, now: string): Promise<List | undefined> =>
    listAt(await headlineStore(tx, tables).byId(id, now), now)

  /** Points what waits in one list, which is held first: whoever writes it now is done, and who comes later waits. */
  async function pointIn(
    tx: Db,
    caller: Caller,
    listId: string,
    digest: string,
    articleId: string,
  ): Promise<CameAlive> {
    if (!(await placeStore(tx, tables).hold(listId))) return { links: [], followed: [] }
    // First the plan: it may come before the next look at the clock, and then it is what the list holds.
    const inPlan = await pointPlanIn(tx, listId, digest, articleId)
    let waited: LinkPlace[] = []
    const load = async (now: string): Promise<List> => {
      const found = await loadIn(tx, listId, now)
      waited = found ? waitingIn(found, digest) : []
      if (!found || waited.length === 0) throw nobodyWaits
      return found
    }
    const point = (content: ListContent) => pointed(content, digest, articleId)
    const changed = await lists
      .change(tx, caller, 'any', { action: 'come-alive', load, make: point })
      .catch((error: unknown) => {
        if (error === nobodyWaits) return undefined
        throw error
      })
    const reload = async (now: string) => (await loadIn(tx, listId, now)) as List
    const ofReaders = await plans.changePublishedIn(tx, caller, reload, point)
    const all = [inPlan, changed, ofReaders].flatMap((each) => each ?? [])
    return { links: waited, followed: all.map((each) => ({ action: LINKED, subject: subjectOf(each) })) }
  }

  /** Points what a release is to bring too, or readers would lose the address again when that comes. */
  async function pointPlanIn(tx: Db, listId: string, digest: string, articleId: string) {
    const current = await loadIn(tx, listId, clock.now())
    const version = current?.list.scheduledVersion ?? null
    if (!current || version === null) return undefined
    const content = await listEditionStore(tx, tables).planned(listId, version)
    if (!content || !isWaiting(content, digest)) return undefined
    const next = pointed(content, digest, articleId)
    await placeStore(tx, tables).replaceInPlan(listId, version, next, renderList(next))
    return { ...current, changed: ['scheduled'] } satisfies ChangedList
  }

  /**
   * In the order in which everybody holds several: rails by their keys, then the lists of articles. No story leads to
   * itself.
   */
  async function waitingListsIn(on: Db, digest: string, storyId: string): Promise<string[]> {
    const store = placeStore(on, tables)
    const inPlans = (await store.aside()).filter(({ content }) => isWaiting(content, digest))
    const all = new Map([...(await store.waiting(digest)), ...inPlans].map(({ listId, key }) => [listId, key]))
    all.delete(storyId)
    const places = [...all].map(([listId, key]) => ({ listId, place: key === null ? `1 ${listId}` : `0 ${key}` }))
    return places.sort((a, b) => (a.place < b.place ? -1 : 1)).map(({ listId }) => listId)
  }

  const isLiveIn = async (tx: Db, caller: Caller, id: string): Promise<boolean> =>
    (await articles.statesIn(tx, caller, [id])).get(id)?.startsWith('live') ?? false

  const seenBy = (caller: Caller): Seen => ({
    rails: may(caller, 'rails:write'),
    createdById: may(caller, 'articles:write') ? undefined : caller.id,
  })

  /** The lists in which these links stand, with what each is called. */
  async function listsOf(on: Db, caller: Caller, rows: { listId: string }[]) {
    const now = clock.now()
    const found = await headlineStore(on, tables).byIds([...new Set(rows.map(({ listId }) => listId))], now)
    const owners = found.flatMap(({ list }) => (list.kind === 'article' ? [list.id] : []))
    const known = await articles.byIdsIn(on, caller, owners)
    return new Map(
      found.flatMap((row) => {
        const each = listAt(row, now)
        const title = row.list.kind === 'rail' ? row.content.title : known.get(row.list.id)?.headline
        return each && typeof title === 'string' ? [[row.list.id, { ...each, title }] as const] : []
      }),
    )
  }

  return {
    /**
     * Points all links that wait for this story at it, as part of the transaction in which it becomes public. What has a
     * target already waits no more, so that of several stories of one headline the first has the link. What the clock was
     * to point may be gone by the time that it has the story to itself: then the headline stays.
     */
    async comeAliveIn(tx: Db, caller: Caller, { id, headline }: Story): Promise<CameAlive> {
      const digest = foldedDigest(headline)
      const all: CameAlive = { links: [], followed: [] }
      const waiting = digest === null ? [] : await waitingListsIn(tx, digest, id)
      if (digest === null || waiting.length === 0 || !(await isLiveIn(tx, caller, id))) return all
      for (const listId of waiting) {
        const { links, followed } = await pointIn(tx, caller, listId, digest, id)
        all.links.push(...links)
        all.followed.push(...followed)
      }
      return all
    },

    /** The links that wait for a story of this headline. */
    async waitingForIn(tx: Db, { id, headline }: Story): Promise<LinkPlace[]> {
      const digest = foldedDigest(headline)
      if (digest === null) return []
      const now = clock.now()
      const found = await headlineStore(tx, tables).byIds(await waitingListsIn(tx, digest, id), now)
      return found.flatMap((each) => waitingIn(each, digest))
    },

    /** A page of links with their places; those below others have the shape of links. */
    list: (caller: Caller, isPending: boolean, limit: number, place: Place | undefined): Promise<PlacedLink[]> =>
      db.snapshot((read) =>
        filled(limit, place, async (most, from) => {
          const rows = await placeStore(read, tables).links(isPending, seenBy(caller), most, from)
          const known = await listsOf(read, caller, rows)
          const found = rows.map(({ id, listId }) => {
            const each = known.get(listId)
            const place = each && linkIn(each.content.items, id)
            if (!each || !place || (isPending && place.link.target !== null)) return undefined
            return { place, list: placeOf(each) }
          })
          const seen = found.flatMap((each) => (each ? [each.place.above ?? each.place.link] : []))
          const stateOf = await lists.statesIn(read, caller, seen)
          return { rows, shown: found.map((each) => each && { ...shownAt(each.place, stateOf), list: each.list }) }
        }),
      ),

    /** A page of the links that point at an article. */
    placements: (caller: Caller, articleId: string, limit: number, place: Place | undefined): Promise<Placement[]> =>
      db.snapshot(async (read) => {
        await articles.findIn(read, caller, articleId)
        return filled(limit, place, async (most, from) => {
          const rows = await placeStore(read, tables).pointingAt(articleId, seenBy(caller), most, from)
          const known = await listsOf(read, caller, rows)
          const shown = rows.map(({ id, listId }) => {
            const each = known.get(listId)
            const place = each && linkIn(each.content.items, id)
            return place && { linkId: id, position: place.position, list: placeOf(each) }
          })
          return { rows, shown }
        })
      }),
  }
}

/** How many rows are read at once where a page is not full yet. */
const MORE = 100

/** Goes on through the index until the page is full: what has gone since that was written is not shown. */
async function filled<Shown>(
  limit: number,
  place: Place | undefined,
  read: (most: number, from: Place | undefined) => Promise<{ rows: { id: string }[]; shown: (Shown | undefined)[] }>,
): Promise<Shown[]> {
  const page: Shown[] = []
  for (let from = place, most = limit; ; most = Math.max(limit, MORE)) {
    const { rows, shown } = await read(most, from)
    page.push(...shown.filter((each) => each !== undefined))
    const last = rows.at(-1)
    if (page.length >= limit || last === undefined || rows.length < most) return page.slice(0, limit)
    from = { direction: 'after', at: '', ...from, id: last.id }
  }
}

/** The action in the audit. */
const LINKED = 'linkPendingHeadline'
const nobodyWaits = new Error('No link of this list waits for the story')

type Named = List & { title: string }

const placeOf = ({ list, title }: Named) => ({ ...ownerOf(list), title, version: list.version })

const ownerOf = ({ id, kind, key }: ListRow) => ({ articleId: kind === 'article' ? id : null, railKey: key })

type Link = ListContent['items'][number]

/** Which links of this list, and below them, are to be pointed at a story of that headline: list and link may say no. */
const waiting = ({ items, followsStories }: ListContent, digest: string): ReturnType<typeof allLinks> =>
  followsStories
    ? allLinks(items.filter(({ followsStory }) => followsStory)).filter((link) => pendingDigest(link) === digest)
    : []

const isWaiting = (content: ListContent, digest: string): boolean => waiting(content, digest).length > 0

const waitingIn = ({ list, content }: Pick<List, 'list' | 'content'>, digest: string): LinkPlace[] =>
  waiting(content, digest).map(({ id }) => ({ linkId: id, ...ownerOf(list) }))

/**
 * The list with what waited pointed at its story. The headline goes, because in all but its spelling it is the story's,
 * and without one of its own a link follows the story when that gets another one; all else that the desk has set stays.
 * The list may have a link to the story already, which stays too.
 */
function pointed(content: ListContent, digest: string, articleId: string): ListContent {
  const ids = new Set(waiting(content, digest).map(({ id }) => id))
  const point = <Each extends Link | Link['sublinks'][number]>(link: Each): Each =>
    ids.has(link.id) ? { ...link, headline: null, target: { kind: 'article', id: articleId } } : link
  const items = content.items.map((link) => ({ ...point(link), sublinks: link.sublinks.map(point) }))
  return { ...content, items }
}
