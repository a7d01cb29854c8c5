import type { Caller } from '../access/schema.ts'
import type { ArticleService } from '../articles/service.ts'
import type { AuditService } from '../audit/service.ts'
import type { Database, Db } from '../db/database.ts'
import { type Clock, FOREVER } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { Problem } from '../shared/problem.ts'
import { isCurrent, type Versions, versionMismatch } from '../shared/versions.ts'
import type { Written } from '../shared/write.ts'
import { renderList } from './edition.ts'
import { fitted } from './items.ts'
import type { StoredLink } from './link-schema.ts'
import { type ListChange, listChanges } from './operations.ts'
import { changedIn, indexRow, linkChanges, linkState, notScheduled, settledAt } from './rules.ts'
import type { ListContent } from './schema.ts'
import { headlineStore, type ListRow } from './store.ts'
import { listTargets, type PointerOf } from './targets.ts'

// The one way in which a list changes, whether it is a rail or the links of an article.

export interface ListDependencies {
  db: Database
  clock: Clock
  ids: Ids
  articles: ArticleService
  audit: AuditService
}

export interface List {
  list: ListRow
  content: ListContent
  /** Its row, where that does not know yet that what was scheduled has come. */
  stored?: ListRow
}

/** A list after a write, with the names of what it changed. */
export interface ChangedList extends List {
  changed: string[]
}

/** A stored list as it stands at `now`. */
export const listAt = (found: { list: ListRow; content: ListContent } | undefined, now: string): List | undefined =>
  found && { list: settledAt(found.list, now), content: found.content, stored: found.list }

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

export type { ListChange }

type Load = (now: string) => Promise<List>

type Plan = { make: ListChange; liveFrom: string; releaseId: string }

const planned = ({ scheduledFrom, releaseId }: ListRow) =>
  new Problem('invalid-transition', `A release has planned this rail for ${scheduledFrom} already: ${releaseId}.`)

export function headlineLists({ db, clock, ids, articles, audit }: ListDependencies) {
  const { tables } = db
  const targets = listTargets({ db, articles })

  /**
   * One write on a list as part of the caller's transaction: stores the next version and what readers get of it.
   * Loads the list anew where another write was first and the caller takes whichever version stands.
   */
  async function change(
    tx: Db,
    caller: Caller,
    versions: Versions,
    action: string,
    load: (now: string) => Promise<List>,
    make: ListChange,
    pointerOf?: PointerOf,
  ): Promise<ChangedList> {
    const store = headlineStore(tx, tables)
    for (;;) {
      const current = await load(clock.now())
      if (!isCurrent(current.list, versions)) throw await mismatch(store, current, versions)
      const content = make(current.content)
      // What the list held at an earlier version was answered for then.
      if (action !== RESTORE) {
        await targets.refuseUnknownIn(tx, caller, current.content.items, content.items, pointerOf)
      }
      await settleIn(tx, store, current)
      const list = await storeNext(store, caller, current.list)
      if (list !== undefined) {
        await record(tx, store, caller, { before: current.content, list, content, action })
        return { list, content, changed: changedIn(current.content, content) }
      }
      if (versions !== 'any') throw await mismatch(store, await load(clock.now()), versions)
    }
  }

  /** Gives what was scheduled and has come its version and its links, where nobody has done so yet. */
  async function settleIn(tx: Db, store: Store, { list, content, stored }: List): Promise<void> {
    if (stored === undefined || stored.version === list.version) return
    const { version, contentVersion, updatedAt } = list
    const isFirst = await store.update(list.id, stored.version, { contentVersion, updatedAt, ...notScheduled })
    if (!isFirst) return
    const by = { createdAt: updatedAt, createdById: list.updatedById, createdByName: list.updatedByName }
    await store.insertVersion({ listId: list.id, version, action: 'release', content, ...by })
    const before = await store.contentAt(list.id, stored.contentVersion)
    await indexLinks(store, list.id, before?.items ?? [], content.items)
    await audit.clockDidIn(tx, 'goLive', { kind: 'rail', id: list.key ?? list.id, version, changed: ['items'] })
  }

  /** The 412 that also says what has changed since the version that the caller has seen. */
  async function mismatch(store: Store, { list, content }: List, versions: Versions): Promise<Problem> {
    const seen = versions === 'any' ? [] : versions.filter((each) => each >= 0 && each < list.version)
    const base = Math.max(...seen)
    const before = seen.length === 0 ? undefined : base === 0 ? nothing : await store.contentAt(list.id, base)
    return versionMismatch(list, before && changedIn(before, content))
  }

  /** The row of the next version, or undefined if the list does not stand where it stood. */
  async function storeNext(store: Store, caller: Caller, before: ListRow): Promise<ListRow | undefined> {
    const now = clock.now()
    // What was planned has come since the list was loaded: it stands before this write, not after it.
    if (before.scheduledFrom !== null && before.scheduledFrom <= now) return undefined
    const by = { updatedAt: now, updatedById: caller.id, updatedByName: caller.name }
    const version = before.version + 1
    const isNew = before.version === 0
    const after = { ...before, ...by, version, contentVersion: version, ...(isNew && { createdAt: now }) }
    const isStored = isNew
      ? await store.insert(after)
      : await store.update(before.id, before.version, { ...by, contentVersion: version })
    return isStored ? after : undefined
  }

  async function indexLinks(store: Store, listId: string, before: StoredLink[], after: StoredLink[]): Promise<void> {
    const { gone, come } = linkChanges(before, after)
    await store.removeLinks(gone)
    await store.insertLinks(come.map((link) => indexRow(listId, link)))
  }

  async function record(tx: Db, store: Store, caller: Caller, { before, list, content, action }: Next): Promise<void> {
    const { id: listId, version, key, updatedAt } = list
    const by = { createdAt: updatedAt, createdById: caller.id, createdByName: caller.name }
    await store.insertVersion({ listId, version, action, content, ...by })
    await indexLinks(store, listId, before.items, content.items)
    const rendered = renderList(content)
    const liveUntil = list.scheduledFrom ?? FOREVER
    const planned = list.scheduledVersion ?? 0
    // A plan is for the items. What a rail is called meanwhile stays when they come, and how many it may hold.
    const { items: _items, ...face } = content
    const ahead = planned === 0 ? undefined : await store.planned(listId, planned)
    const next = ahead && fitted({ ...ahead, ...face }, {}, '#/maxItems')
    if (next) await store.replan(listId, planned, next, renderList(next))
    // What readers cannot see (a note) must not show in a new `updatedAt` either: their edition stays.
    const visible = await store.edition(listId, liveUntil)
    const { card, items, needs } = rendered
    if (visible?.card === card && visible.items === items && visible.needs === needs) return
    // By a clock that was set back, a deleted rail of the same key may have ended later than now.
    if (key === null) await store.endEdition(listId, updatedAt, planned)
    else await store.endEditionsOfKey(key, updatedAt, listId, planned)
    const isSeen = visible?.card !== card || (await targets.isSeenIn(tx, caller, before, content, updatedAt))
    const changedAt = isSeen ? updatedAt : visible.updatedAt
    const shown = { listId, version, key, ...rendered }
    await store.insertEdition({ ...shown, liveFrom: updatedAt, liveUntil, updatedAt: changedAt })
  }

  /**
   * Plans what a list will hold from `liveFrom` on, as part of the caller's transaction. It is a version like any write,
   * but what stands until then goes on. 409 where something is planned already. An instant that has just passed is the
   * present one of a release, whose pieces begin together; the answer is the list as planned all the same.
   */
  async function planIn(tx: Db, caller: Caller, load: Load, plan: Plan): Promise<ChangedList> {
    const store = headlineStore(tx, tables)
    const now = clock.now()
    const current = await load(now)
    await settleIn(tx, store, current)
    const { list, content: before } = current
    if (list.scheduledFrom !== null) throw planned(list)
    const content = plan.make(before)
    await targets.refuseUnknownIn(tx, caller, before.items, content.items)
    const version = list.version + 1
    const by = { updatedAt: now, updatedById: caller.id, updatedByName: caller.name }
    const scheduled = { scheduledVersion: version, scheduledFrom: plan.liveFrom, releaseId: plan.releaseId }
    if (!(await store.update(list.id, list.version, { ...by, ...scheduled }))) throw versionMismatch(list)
    const made = { createdAt: now, createdById: caller.id, createdByName: caller.name }
    await store.insertVersion({ listId: list.id, version, action: 'schedule', content, ...made })
    await store.endEdition(list.id, plan.liveFrom)
    const shown = { listId: list.id, version, key: list.key, ...renderList(content) }
    await store.insertEdition({ ...shown, liveFrom: plan.liveFrom, liveUntil: FOREVER, updatedAt: plan.liveFrom })
    const row = { ...list, ...by, ...scheduled, version }
    const come = settledAt(row, now)
    if (come !== row) await settleIn(tx, store, { list: come, content, stored: row })
    return { list: row, content: before, changed: ['scheduled'] }
  }

  /**
   * Takes back what was planned for a list, and answers its new version. Nothing happens, and the answer is undefined,
   * where the release has no plan for it that is still to come.
   */
  async function unplanIn(tx: Db, caller: Caller, load: Load, releaseId: string): Promise<number | undefined> {
    const store = headlineStore(tx, tables)
    const now = clock.now()
    const { list } = await load(now)
    const { scheduledVersion, scheduledFrom } = list
    if (list.releaseId !== releaseId || scheduledVersion === null || scheduledFrom === null) return undefined
    const by = { updatedAt: now, updatedById: caller.id, updatedByName: caller.name }
    if (!(await store.update(list.id, list.version, { ...by, ...notScheduled }))) throw versionMismatch(list)
    const made = { createdAt: now, createdById: caller.id, createdByName: caller.name }
    await store.insertVersion({
      listId: list.id,
      version: list.version + 1,
      action: 'unschedule',
      content: null,
      ...made,
    })
    await store.cancelEdition(list.id, scheduledVersion)
    await store.goOn(list.id, scheduledFrom)
    return list.version + 1
  }

  /** How these links stand now. */
  async function statesIn(on: Db, caller: Caller, links: StoredLink[]) {
    const now = clock.now()
    const known = await targets.knownIn(on, caller, links, now)
    return (link: StoredLink) => linkState(link, now, known)
  }

  return {
    change,
    planIn,
    unplanIn,
    statesIn,
    ...listChanges(ids),

    /** Throws where this change of a list could not be made. */
    checkIn: (tx: Db, caller: Caller, { content }: List, make: ListChange): Promise<void> =>
      targets.refuseUnknownIn(tx, caller, content.items, make(content).items),

    /** Gives what was scheduled and has come its version; for the clock. */
    settleIn: (tx: Db, list: List) => settleIn(tx, headlineStore(tx, tables), list),

    /** A list at version 0, which its first write brings into being. */
    empty: (list: Pick<ListRow, 'id' | 'kind' | 'key'>, createdAt: string): List => ({
      list: {
        ...list,
        version: 0,
        contentVersion: 0,
        ...notScheduled,
        createdAt,
        updatedAt: createdAt,
        updatedById: '',
        updatedByName: '',
      },
      content: nothing,
    }),

    /** How each of these lists shows itself at the desk, with how its links stand now. */
    async viewIn(on: Db, caller: Caller, lists: List[]) {
      const items = lists.flatMap(({ content }) => content.items)
      const stateOf = await statesIn(on, caller, items)
      return ({ list, content }: List) => ({
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
  before: ListContent
  list: ListRow
  content: ListContent
  action: string
}

/** A list for the audit: the article whose links it holds, or the rail by its key. */
export const subjectOf = ({ list, changed }: ChangedList): Written['subject'] =>
  list.kind === 'rail'
    ? { kind: 'rail', id: list.key ?? list.id, version: list.version, changed }
    : { kind: 'headlines', id: list.id, version: list.version, changed }
