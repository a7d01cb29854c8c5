import { isDeepStrictEqual } from 'node:util'
import type { Caller } from '../access/schema.ts'
import type { Db } from '../db/database.ts'
import { FOREVER } from '../shared/clock.ts'
import { invalidField, Problem } from '../shared/problem.ts'
import { isCurrent, type Versions, versionMismatch } from '../shared/versions.ts'
import { renderList } from './edition.ts'
import { listEditionStore } from './edition-store.ts'
import {
  type ChangedList,
  DISCARD,
  type List,
  type ListChange,
  type ListDependencies,
  type Lists,
  type Load,
} from './lists.ts'
import { placeStore } from './place-store.ts'
import { isStaged, notScheduled, settledAt } from './rules.ts'
import { headlineStore, type ListRow, type ListVersionRow } from './store.ts'

// What readers get of a list otherwise than by writing it: later, by a release or a publication, or of a draft. A plan is a
// version like any write, but what stands until then goes on.

interface Plan {
  /** What the list will hold. */
  make: ListChange
  liveFrom: string
  /** Null for a publication of its own. */
  releaseId: string | null
}

/** The action of a version that only changes what readers have, while the desk holds something else. */
const COME_ALIVE_PUBLISHED = 'come-alive-published'

export function listPlans({ db, clock }: Pick<ListDependencies, 'db' | 'clock'>, lists: Lists) {
  const { tables } = db

  const noteVersion = (
    tx: Db,
    caller: Caller,
    row: Pick<ListVersionRow, 'listId' | 'version' | 'action' | 'content'>,
  ) =>
    headlineStore(tx, tables).insertVersion({
      ...row,
      createdAt: clock.now(),
      createdById: caller.id,
      createdByName: caller.name,
    })

  /**
   * The list as it stands at one of `versions`, with what has come of it noted. It is held before the clock is looked at:
   * what comes while another write goes on has come.
   */
  async function currentIn(tx: Db, load: Load, versions: Versions): Promise<List> {
    await placeStore(tx, tables).hold((await load(clock.now())).list.id)
    const current = await load(clock.now())
    if (!isCurrent(current.list, versions)) throw await lists.mismatchIn(tx, current, versions)
    await lists.settleIn(tx, current)
    return current
  }

  /** Stores the next version of a list that stands as it was loaded. */
  async function advance(tx: Db, caller: Caller, { list }: List, changes: Partial<ListRow>): Promise<ListRow> {
    const by = { updatedAt: clock.now(), updatedById: caller.id, updatedByName: caller.name }
    if (!(await headlineStore(tx, tables).update(list.id, list.version, { ...by, ...changes }))) {
      throw versionMismatch(list)
    }
    return { ...list, ...by, ...changes, version: list.version + 1 }
  }

  /** Takes what is planned away from the readers to come: what they have goes on. */
  async function cancelPlan(tx: Db, { list }: List): Promise<void> {
    const editions = listEditionStore(tx, tables)
    if (list.scheduledVersion === null || list.scheduledFrom === null) return
    await editions.cancelEdition(list.id, list.scheduledVersion)
    await editions.goOn(list.id, list.scheduledFrom)
  }

  /**
   * Plans what a list will hold from `liveFrom` on. An instant that has just passed is the present one of a release, whose
   * pieces begin together; the answer is the list as planned all the same.
   */
  async function plan(
    tx: Db,
    caller: Caller,
    current: List,
    { make, liveFrom, releaseId }: Plan,
  ): Promise<ChangedList> {
    const editions = listEditionStore(tx, tables)
    const { list: before, content: draft } = current
    const content = make(draft, before)
    await lists.refuseUnknownIn(tx, caller, draft.items, content.items)
    const version = before.version + 1
    const list = await advance(tx, caller, current, { scheduledVersion: version, scheduledFrom: liveFrom, releaseId })
    await noteVersion(tx, caller, { listId: list.id, version, action: 'schedule', content })
    await editions.endEdition(list.id, liveFrom)
    const shown = { listId: list.id, version, key: list.key, ...renderList(content) }
    await editions.insertEdition({ ...shown, liveFrom, liveUntil: FOREVER, updatedAt: liveFrom })
    const planned = { ...current, list, changed: ['scheduled'] }
    const come = settledAt(list, clock.now())
    if (come === list) return planned
    const came = isStaged(list) ? planned.content : content
    await lists.settleIn(tx, { ...planned, list: come, content: came, stored: list })
    return planned
  }

  return {
    /** The same for a release. 409 where something is planned already. */
    async planIn(tx: Db, caller: Caller, load: Load, planned: Plan): Promise<ChangedList> {
      const current = await currentIn(tx, load, 'any')
      refusePlanned(current.list)
      return plan(tx, caller, current, planned)
    },

    /**
     * Takes back what was planned, and answers its new version. Nothing happens, and the answer is undefined, where the
     * release has no plan for it that is still to come.
     */
    async unplanIn(tx: Db, caller: Caller, load: Load, releaseId: string): Promise<number | undefined> {
      const current = await load(clock.now())
      if (current.list.releaseId !== releaseId || current.list.scheduledFrom === null) return undefined
      return (await unschedule(tx, caller, current)).list.version
    },

    /** Gives readers the draft of a staged rail, now or later; what was planned for later gives way. */
    async publishIn(tx: Db, caller: Caller, load: Load, versions: Versions, liveFrom?: string): Promise<ChangedList> {
      const current = await currentIn(tx, load, versions)
      refuseLive(current)
      if (current.list.releaseId !== null) refusePlanned(current.list)
      const now = clock.now()
      if (liveFrom !== undefined && liveFrom <= now) {
        const detail = `${liveFrom} has passed: it is ${now} now. Leave liveFrom out to publish now.`
        throw invalidField('#/liveFrom', 'in-the-past', detail)
      }
      await cancelPlan(tx, current)
      if (liveFrom !== undefined) {
        return plan(tx, caller, current, { make: (content) => content, liveFrom, releaseId: null })
      }
      const { contentVersion } = current.list
      const list = await advance(tx, caller, current, { ...notScheduled, publishedVersion: contentVersion })
      await noteVersion(tx, caller, { listId: list.id, version: list.version, action: 'publish', content: null })
      await lists.showIn(tx, caller, list, current.published ?? { ...current.content, items: [] }, current.content)
      return { ...current, list, published: current.content, changed: ['publishedVersion'] }
    },

    /** Takes back the publication that a staged rail has planned for itself. */
    async unscheduleIn(tx: Db, caller: Caller, load: Load, versions: Versions): Promise<ChangedList> {
      const current = await currentIn(tx, load, versions)
      if (current.list.scheduledFrom === null) {
        throw new Problem('invalid-transition', 'Nothing is scheduled for this rail.')
      }
      if (current.list.releaseId !== null) refusePlanned(current.list)
      return unschedule(tx, caller, current)
    },

    /** Makes the draft of a staged rail what readers have, and forgets the rest; its history keeps it. */
    discardIn(tx: Db, caller: Caller, load: Load, versions: Versions): Promise<ChangedList> {
      let published: List['published'] = null
      const loadPublished = async (now: string) => {
        const current = await load(now)
        refuseLive(current)
        published = current.published
        return current
      }
      const make: ListChange = () => {
        if (published === null) {
          throw new Problem('invalid-transition', 'The rail has never been published: there is nothing to go back to.')
        }
        return published
      }
      return lists.change(tx, caller, versions, { action: DISCARD, load: loadPublished, make })
    },

    /** Changes what readers have of a staged rail whatever its draft is; undefined where that changes nothing. */
    async changePublishedIn(tx: Db, caller: Caller, load: Load, make: ListChange): Promise<ChangedList | undefined> {
      const current = await currentIn(tx, load, 'any')
      const { published, content: draft, list: before } = current
      if (!isStaged(before) || published === null) return undefined
      const next = make(published, before)
      if (isDeepStrictEqual(next, published)) return undefined
      const isDraft = isDeepStrictEqual(next, draft)
      const version = before.version + 1
      const publishedVersion = isDraft ? before.contentVersion : version
      const list = await advance(tx, caller, current, { publishedVersion })
      const content = isDraft ? null : next
      await noteVersion(tx, caller, { listId: list.id, version, action: COME_ALIVE_PUBLISHED, content })
      await lists.showIn(tx, caller, list, published, next)
      return { ...current, list, published: next, changed: ['publishedVersion'] }
    },
  }

  async function unschedule(tx: Db, caller: Caller, current: List): Promise<ChangedList> {
    const list = await advance(tx, caller, current, notScheduled)
    await noteVersion(tx, caller, { listId: list.id, version: list.version, action: 'unschedule', content: null })
    await cancelPlan(tx, current)
    // By a clock that was set back the plan has ended what begins only later.
    const has = isStaged(list) ? current.published : current.content
    if (has !== null) await lists.showIn(tx, caller, list, has, has)
    return { ...current, list, changed: ['scheduled'] }
  }
}

/** 409 where something is planned for a list. */
export function refusePlanned({ scheduledFrom, releaseId }: ListRow): void {
  if (scheduledFrom === null) return
  const detail =
    releaseId === null
      ? `A publication of this rail is planned for ${scheduledFrom} already. Unschedule it first.`
      : `A release has planned this rail for ${scheduledFrom} already: ${releaseId}.`
  throw new Problem('invalid-transition', detail)
}

function refuseLive({ list }: List): void {
  if (isStaged(list)) return
  const detail = 'The rail is live: each write is public at once. Set its publishMode to "staged" to have a draft.'
  throw new Problem('invalid-transition', detail)
}
