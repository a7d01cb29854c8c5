import type { Caller } from '../access/schema.ts'
import type { ArticleService } from '../articles/service.ts'
import type { AuditService } from '../audit/service.ts'
import type { Database, Db } from '../db/database.ts'
import { type Clock, FOREVER } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import type { Problem } from '../shared/problem.ts'
import { isCurrent, type Versions, versionMismatch } from '../shared/versions.ts'
import type { Written } from '../shared/write.ts'
import { renderList } from './edition.ts'
import { listEditionStore } from './edition-store.ts'
import { fitted } from './items.ts'
import type { StoredLink } from './link-schema.ts'
import { type ListChange, listChanges } from './operations.ts'
import {
  changedIn,
  faceChanges,
  goneFrom,
  indexRow,
  isStaged,
  linkChanges,
  linkState,
  notScheduled,
  removedAfter,
  settledAt,
  stagedAfter,
} from './rules.ts'
import type { ListContent, PublishMode, RemovedLinks } from './schema.ts'
import { type FoundList, headlineStore, type ListRow } from './store.ts'
import { listTargets, type PointerOf } from './targets.ts'
import { listTelling } from './telling.ts'

// The one way in which a list changes, whether it is a rail or the links of an article. plans.ts has what comes later.

export interface ListDependencies {
  db: Database
  clock: Clock
  ids: Ids
  articles: ArticleService
  audit: AuditService
}

export interface List extends FoundList {
  /** Whether nothing is stored of it yet: its first write brings it into being. */
  isNew?: true
  /** Its row, where that does not know yet that what was scheduled has come. */
  stored?: ListRow
}

/** A list after a write, with the names of what it changed. */
export interface ChangedList extends List {
  changed: string[]
}

/** A stored list as it stands at `now`. */
export const listAt = (found: FoundList | undefined, now: string): List | undefined =>
  found && { ...found, list: settledAt(found.list, now), stored: found.list }

/** What a list holds that nobody has written yet. */
const nothing: ListContent = {
  title: null,
  description: null,
  language: null,
  followsStories: true,
  maxItems: null,
  backfill: null,
  items: [],
}

/** The action of a write that brings an earlier version back. */
export const RESTORE = 'restore-version'
/** The action of a write that brings back what readers have. */
export const DISCARD = 'discard'

export type { ListChange }

export type Load = (now: string) => Promise<List>

/** A write on a list. */
export interface ListWrite {
  action: string
  load: Load
  make: ListChange
  pointerOf?: PointerOf | undefined
  /** Whether later writes are public at once; as it is, if left out. What `make` has found is asked after it. */
  publishMode?: PublishMode | (() => PublishMode | undefined) | undefined
}

export type Lists = ReturnType<typeof headlineLists>

export function headlineLists({ db, clock, ids, articles, audit }: ListDependencies) {
  const { tables } = db
  const tell = listTelling(db, clock)
  const targets = listTargets({ db, articles })

  /**
   * One write on a list as part of the caller's transaction: stores the next version and, unless the list is staged, what
   * readers get of it. Loads the list anew where another write was first and the caller takes whichever version stands.
   */
  async function change(tx: Db, caller: Caller, versions: Versions, write: ListWrite): Promise<ChangedList> {
    const { action, load, make, pointerOf } = write
    const store = headlineStore(tx, tables)
    for (;;) {
      const current = await load(clock.now())
      if (!isCurrent(current.list, versions)) throw await mismatch(store, current, versions)
      const content = make(current.content, current.list)
      // What the list held at an earlier version was answered for then.
      if (action !== RESTORE && action !== DISCARD) {
        await targets.refuseUnknownIn(tx, caller, current.content.items, content.items, pointerOf)
      }
      const staging = stagedAfter(
        current,
        typeof write.publishMode === 'function' ? write.publishMode() : write.publishMode,
      )
      await settleIn(tx, store, current)
      const list = await storeNext(store, caller, current, content, staging)
      if (list !== undefined) {
        await record(tx, store, caller, { before: current, list, content, action })
        const changed = changedIn(current.content, content)
        if (isStaged(list) !== isStaged(current.list)) changed.push('publishMode')
        const published = isStaged(list) ? (isStaged(current.list) ? current.published : current.content) : null
        return { list, content, published: list.publishedVersion === 0 ? null : published, changed }
      }
      if (versions !== 'any') throw await mismatch(store, await load(clock.now()), versions)
    }
  }

  /** Gives what was scheduled and has come its version and its links, where nobody has done so yet. */
  async function settleIn(tx: Db, store: Store, { list, content, stored }: List): Promise<void> {
    if (stored === undefined || stored.version === list.version) return
    const { id, version, contentVersion, publishedVersion, updatedAt } = list
    const by = { createdAt: updatedAt, createdById: list.updatedById, createdByName: list.updatedByName }
    const made = { listId: id, version, ...by }
    const comes = { contentVersion, publishedVersion, updatedAt, ...notScheduled }
    if (isStaged(list)) {
      if (!(await store.update(id, stored.version, comes))) return
      await store.insertVersion({ ...made, action: 'go-live', content: null })
    } else {
      const before = (await store.contentAt(id, stored.contentVersion))?.items ?? []
      const how = { removedAt: updatedAt, removedBy: { id: list.updatedById, name: list.updatedByName } }
      const removed = removedAfter(list.removed, before, content.items, how)
      if (!(await store.update(id, stored.version, { ...comes, removed }))) return
      await store.insertVersion({ ...made, action: 'release', content })
      await indexLinks(store, id, before, content.items)
    }
    await tell.changedIn(tx, list)
    await audit.clockDidIn(tx, 'goLive', { kind: 'rail', id: list.key ?? id, version, changed: ['items'] })
  }

  /** The 412 that also says what has changed since the version that the caller has seen. */
  async function mismatch(store: Store, { list, content }: List, versions: Versions): Promise<Problem> {
    const seen = versions === 'any' ? [] : versions.filter((each) => each >= 0 && each < list.version)
    const base = Math.max(...seen)
    const before = seen.length === 0 ? undefined : base === 0 ? nothing : await store.contentAt(list.id, base)
    return versionMismatch(list, before && changedIn(before, content))
  }

  /** The row of the next version, or undefined if the list does not stand where it stood. */
  async function storeNext(
    store: Store,
    caller: Caller,
    { list: before, content, isNew }: List,
    next: ListContent,
    staging: Pick<ListRow, 'publishedVersion'>,
  ): Promise<ListRow | undefined> {
    const now = clock.now()
    // What was planned has come since the list was loaded: it stands before this write, not after it.
    if (before.scheduledFrom !== null && before.scheduledFrom <= now) return undefined
    const how = { removedAt: now, removedBy: { id: caller.id, name: caller.name } }
    const removed = removedAfter(before.removed, content.items, next.items, how)
    const changes = { updatedAt: now, updatedById: caller.id, updatedByName: caller.name, removed, ...staging }
    const version = before.version + 1
    const after = { ...before, ...changes, version, contentVersion: version, ...(isNew && { createdAt: now }) }
    const isStored = isNew
      ? await store.insert(after)
      : await store.update(before.id, before.version, { ...changes, contentVersion: version })
    return isStored ? after : undefined
  }

  async function indexLinks(store: Store, listId: string, before: StoredLink[], after: StoredLink[]): Promise<void> {
    const { gone, come } = linkChanges(before, after)
    await store.removeLinks(gone)
    await store.insertLinks(come.map((link) => indexRow(listId, link)))
  }

  async function record(tx: Db, store: Store, caller: Caller, { before, list, content, action }: Next): Promise<void> {
    const { id: listId, version, updatedAt } = list
    const by = { createdAt: updatedAt, createdById: caller.id, createdByName: caller.name }
    await store.insertVersion({ listId, version, action, content, ...by })
    await indexLinks(store, listId, before.content.items, content.items)
    if (isStaged(list)) return
    const planned = list.scheduledVersion ?? 0
    // A plan is for the items. What a rail is called meanwhile stays when they come, and how many it may hold.
    const { items: _items, ...face } = content
    const editions = listEditionStore(tx, tables)
    const ahead = planned === 0 ? undefined : await editions.planned(listId, planned)
    const next = ahead && fitted({ ...ahead, ...face }, {}, '#/maxItems')
    if (next) await editions.replan(listId, planned, next, renderList(next))
    await showIn(tx, caller, list, before.content, content)
  }

  /** Gives readers this content of a list from its `updatedAt` on, until what is planned comes. */
  async function showIn(
    tx: Db,
    caller: Caller,
    list: ListRow,
    before: ListContent,
    content: ListContent,
  ): Promise<void> {
    const editions = listEditionStore(tx, tables)
    const { id: listId, version, key, updatedAt } = list
    const [planned, liveUntil] = [list.scheduledVersion ?? 0, list.scheduledFrom ?? FOREVER]
    // What readers cannot see (a note) must not show in a new `updatedAt` either: their edition stays.
    const visible = await editions.edition(listId, updatedAt, liveUntil)
    const rendered = renderList(content)
    const { card, items, needs } = rendered
    if (visible) await tell.passedIn(tx, list, visible, goneFrom(before.items, content.items))
    if (visible?.card === card && visible.items === items && visible.needs === needs) return
    // By a clock that was set back, a deleted rail of the same key may have ended later than now.
    if (key === null) await editions.endEdition(listId, updatedAt, planned)
    else await editions.endEditionsOfKey(key, updatedAt, listId, planned)
    const isOther = await targets.isSeenIn(tx, caller, before, content, updatedAt)
    const isSeen = isOther || (visible ? visible.card !== card : key !== null)
    const changedAt = isSeen ? updatedAt : (visible?.updatedAt ?? updatedAt)
    const shown = { listId, version, key, ...rendered }
    await editions.insertEdition({ ...shown, liveFrom: updatedAt, liveUntil, updatedAt: changedAt })
    const changed = visible && [...faceChanges(visible.card, card), ...(isOther ? ['items'] : [])]
    if (isSeen) await tell.changedIn(tx, list, changed)
  }

  /** How these links stand now. */
  async function statesIn(on: Db, caller: Caller, links: StoredLink[]) {
    const now = clock.now()
    const known = await targets.knownIn(on, caller, links, now)
    return (link: StoredLink) => linkState(link, now, known)
  }

  return {
    change,
    showIn,
    statesIn,
    refuseUnknownIn: targets.refuseUnknownIn,
    ...listChanges(ids),

    /** Gives what was scheduled and has come its version. */
    settleIn: (tx: Db, list: List) => settleIn(tx, headlineStore(tx, tables), list),

    /** The 412 of who has seen another version than the one that stands. */
    mismatchIn: (tx: Db, list: List, versions: Versions) => mismatch(headlineStore(tx, tables), list, versions),

    /** A list that its first write brings into being: the version after `version`. */
    empty: (list: Pick<ListRow, 'id' | 'kind' | 'key'>, createdAt: string, version = 0): List => ({
      isNew: true,
      list: {
        ...list,
        version,
        contentVersion: 0,
        publishedVersion: null,
        removed: [],
        ...notScheduled,
        createdAt,
        updatedAt: createdAt,
        updatedById: '',
        updatedByName: '',
      },
      content: nothing,
      published: null,
    }),

    /** How each of these lists shows itself at the desk, with how its links stand now. */
    async viewIn(on: Db, caller: Caller, lists: Pick<List, 'list' | 'content'>[]) {
      const items = lists.flatMap(({ content }) => content.items)
      const stateOf = await statesIn(on, caller, items)
      return ({ list, content }: Pick<List, 'list' | 'content'>) => ({
        version: list.version,
        updatedAt: list.updatedAt,
        items: content.items.map((link, position) => ({ ...link, position, state: stateOf(link) })),
      })
    },
  }
}

type Store = ReturnType<typeof headlineStore>

/** A version that was stored, and what stood there before. */
interface Next {
  before: List
  list: ListRow
  content: ListContent
  action: string
}

/** The links that can be put back into a list. */
export const removedOf = ({ list }: List): RemovedLinks => ({ version: list.version, data: list.removed })

/** A list for the audit: the article whose links it holds, or the rail by its key. */
export const subjectOf = ({ list, changed }: Pick<ChangedList, 'list' | 'changed'>): Written['subject'] =>
  list.kind === 'rail'
    ? { kind: 'rail', id: list.key ?? list.id, version: list.version, changed }
    : { kind: 'headlines', id: list.id, version: list.version, changed }
