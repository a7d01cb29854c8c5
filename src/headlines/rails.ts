import type * as z from 'zod'
import type { Caller } from '../access/schema.ts'
import type { Db } from '../db/database.ts'
import { applyJsonPatch, type JsonPatch } from '../shared/json-patch.ts'
import { mergePatch } from '../shared/merge-patch.ts'
import type { Place, Span, VersionPlace } from '../shared/place.ts'
import { invalidField, Problem } from '../shared/problem.ts'
import { checked } from '../shared/validation.ts'
import type { Versions } from '../shared/versions.ts'
import { listEditionStore } from './edition-store.ts'
import type { ListDiff } from './history-schema.ts'
import { fitted, type ListOptions } from './items.ts'
import type { LinkFields } from './link-schema.ts'
import { listHistory } from './list-history.ts'
import {
  type ChangedList,
  headlineLists,
  type List,
  type ListChange,
  type ListDependencies,
  type ListWrite,
  listAt,
  RESTORE,
  removedOf,
} from './lists.ts'
import type { ItemInsert, ListOperation } from './operations-schema.ts'
import { listPlans, refusePlanned } from './plans.ts'
import { findRail, modeOf, ownOf, railDraft, railFields } from './rail-view.ts'
import { isStaged } from './rules.ts'
import {
  type EditorialRail,
  type ListContent,
  type ListVersion,
  type ListVersionSummary,
  type PublishMode,
  type RailCreate,
  type RailFields,
  type RailPlan,
  type RailReplace,
  RailWrite,
  type RemovedLinks,
} from './schema.ts'
import { headlineStore } from './store.ts'
import { listTelling } from './telling.ts'

// Owns the rails: lists with a key of their own. A write on a live one is public at once, on a staged one when it is published.

/** A JSON Merge Patch (RFC 7396), which is an object, or a JSON Patch (RFC 6902), which is a list. */
type Patch = Record<string, unknown> | JsonPatch

export type RailService = ReturnType<typeof railService>

export function railService(dependencies: ListDependencies) {
  const { db, clock, ids } = dependencies
  const { tables } = db
  const tell = listTelling(db, clock)
  const lists = headlineLists(dependencies)

  const plans = listPlans(dependencies, lists)
  const find = (on: Db, key: string, now: string): Promise<List> => findRail(on, tables, key, now)
  const loadOf = (tx: Db, key: string) => (now: string) => find(tx, key, now)

  const onRail = (
    tx: Db,
    caller: Caller,
    key: string,
    versions: Versions,
    write: Omit<ListWrite, 'load'>,
  ): Promise<ChangedList> => lists.change(tx, caller, versions, { ...write, load: loadOf(tx, key) })

  /** A change of the items together with what a rail says of itself. */
  const filledWith = (fields: RailFields, { make, pointerOf }: Pick<ListWrite, 'make' | 'pointerOf'>) => ({
    make: ((content, list) => make({ ...content, ...railFields(fields) }, list)) satisfies ListChange,
    pointerOf,
  })

  /** What a rail will hold: a live one these items, which have to be said; a staged one its draft. */
  const plannedBy =
    (items: RailPlan['items']): ListChange =>
    (content, list) => {
      if (isStaged(list)) {
        if (items === undefined) return content
        const detail = 'The rail is staged: its draft comes. Write the items there, and leave them out here.'
        throw invalidField('#/items', 'not-allowed', detail)
      }
      if (items !== undefined) return lists.withItems(items).make(content, list)
      throw invalidField('#/items', 'required', 'The rail is live and has no draft: say what it will hold.')
    }

  /** What the desk sees of a rail. */
  const showIn = async (on: Db, caller: Caller, rail: List): Promise<EditorialRail> => {
    const view = await lists.viewIn(on, caller, [rail])
    return { ...ownOf(rail), ...view(rail) }
  }

  return {
    showIn,

    list: async (caller: Caller, limit: number, place: Place | undefined): Promise<EditorialRail[]> => {
      const now = clock.now()
      const rows = await headlineStore(db.read, tables).rails(limit, place, now)
      const rails = rows.flatMap((row) => listAt(row, now) ?? [])
      const view = await lists.viewIn(db.read, caller, rails)
      return rails.map((rail) => ({ ...ownOf(rail), ...view(rail) }))
    },

    get: async (caller: Caller, key: string): Promise<EditorialRail> =>
      showIn(db.read, caller, await find(db.read, key, clock.now())),

    /** What the rail holds, or undefined where there is none. */
    contentIn: async (on: Db, key: string): Promise<ListContent | undefined> =>
      listAt(await headlineStore(on, tables).byKey(key, clock.now()), clock.now())?.content,

    /** The draft of a staged rail as readers would get it; undefined where there was no such rail at `since`. */
    draftIn: (on: Db, key: string, since: string) => railDraft(on, tables, key, clock.now(), since),

    findIn: (tx: Db, key: string): Promise<List> => find(tx, key, clock.now()),

    async createIn(
      tx: Db,
      caller: Caller,
      { key, items = [], publishMode, ...fields }: z.output<typeof RailCreate>,
      options: ListOptions = {},
    ) {
      const now = clock.now()
      const store = headlineStore(tx, tables)
      if (await store.byKey(key, now)) throw exists()
      // A deleted rail of this key may still be open at somebody's desk: its versions do not come again.
      const rail = lists.empty({ id: ids(), kind: 'rail', key }, now, await store.lastVersionOf(key))
      const filled = filledWith(fields, lists.withItems(items, options))
      const load = async () => rail
      return lists
        .change(tx, caller, [rail.list.version], { action: 'create', load, ...filled, publishMode })
        .catch(sayExists)
    },

    replaceIn: (
      tx: Db,
      caller: Caller,
      key: string,
      versions: Versions,
      { items, publishMode, ...fields }: z.output<typeof RailReplace>,
      options: ListOptions,
    ) => {
      const filled = filledWith(fields, lists.withItems(items, options))
      return onRail(tx, caller, key, versions, { action: 'replace', ...filled, publishMode })
    },

    patchIn(tx: Db, caller: Caller, key: string, versions: Versions, patch: Patch, options: ListOptions) {
      let mode: PublishMode | undefined
      const make: ListChange = (content, list) => {
        const { items: _items, ...own } = { ...content, publishMode: modeOf(list) }
        const patched = Array.isArray(patch) ? applyJsonPatch(own, patch) : mergePatch(own, patch)
        const { publishMode, ...fields } = checked(RailWrite, patched)
        mode = publishMode
        return fitted({ ...content, ...railFields(fields) }, options, '#/maxItems')
      }
      return onRail(tx, caller, key, versions, { action: 'patch', make, publishMode: () => mode })
    },

    replaceItemsIn: (
      tx: Db,
      caller: Caller,
      key: string,
      versions: Versions,
      items: LinkFields[],
      options: ListOptions,
    ) => onRail(tx, caller, key, versions, { action: 'replace-items', ...lists.withItems(items, options) }),

    operateIn: (
      tx: Db,
      caller: Caller,
      key: string,
      versions: Versions,
      operations: ListOperation[],
      options: ListOptions,
    ) => onRail(tx, caller, key, versions, { action: 'operations', ...lists.withOperations(operations, options) }),

    insertIn: (
      tx: Db,
      caller: Caller,
      key: string,
      versions: Versions,
      item: z.output<typeof ItemInsert>,
      options: ListOptions,
    ) => onRail(tx, caller, key, versions, { action: 'insert', ...lists.withInsert(item, options) }),

    publishIn: (tx: Db, caller: Caller, key: string, versions: Versions, liveFrom?: string) =>
      plans.publishIn(tx, caller, loadOf(tx, key), versions, liveFrom),

    unscheduleIn: (tx: Db, caller: Caller, key: string, versions: Versions) =>
      plans.unscheduleIn(tx, caller, loadOf(tx, key), versions),

    discardIn: (tx: Db, caller: Caller, key: string, versions: Versions) =>
      plans.discardIn(tx, caller, loadOf(tx, key), versions),

    /** The links that were taken out last, and can be put back. */
    removed: async (key: string): Promise<RemovedLinks> => removedOf(await find(db.read, key, clock.now())),

    async deleteIn(tx: Db, caller: Caller, key: string, versions: Versions): Promise<ChangedList> {
      const store = headlineStore(tx, tables)
      const emptied = { action: 'delete', make: (content: ListContent) => ({ ...content, items: [] }) } as const
      const deleted = await onRail(tx, caller, key, versions, emptied)
      refusePlanned(deleted.list)
      await tell.deletedIn(tx, key)
      await listEditionStore(tx, tables).endKey(key, deleted.list)
      await store.remove(deleted.list.id)
      return deleted
    },

    async version(key: string, version: number): Promise<ListVersion> {
      const { list } = await find(db.read, key, clock.now())
      return listHistory(db.read, tables, list.id).version(version)
    },

    async diff(key: string, a: number, b: number): Promise<ListDiff> {
      const { list } = await find(db.read, key, clock.now())
      return listHistory(db.read, tables, list.id).diff(a, b)
    },

    async versions(key: string, limit: number, place: VersionPlace | undefined): Promise<ListVersionSummary[]> {
      const { list } = await find(db.read, key, clock.now())
      return listHistory(db.read, tables, list.id).versions(limit, place)
    },

    /** Writes once more what the rail held at a version. */
    async restoreIn(tx: Db, caller: Caller, key: string, versions: Versions, version: number): Promise<ChangedList> {
      const { list } = await find(tx, key, clock.now())
      const content = await listHistory(tx, tables, list.id).contentOf(version)
      return onRail(tx, caller, key, versions, { action: RESTORE, make: () => content })
    },

    /** Plans what a rail will hold from an instant on; for releases. A staged rail's draft is what it will hold. */
    planIn: async (tx: Db, caller: Caller, key: string, { items }: RailPlan, liveFrom: string, releaseId: string) =>
      plans.planIn(tx, caller, loadOf(tx, key), { make: plannedBy(items), liveFrom, releaseId }),

    unplanIn: (tx: Db, caller: Caller, key: string, releaseId: string) =>
      plans.unplanIn(tx, caller, loadOf(tx, key), releaseId),

    /** Keeps these rails from being written by others until the transaction ends. */
    async holdAllIn(tx: Db, keys: string[]): Promise<void> {
      for (const key of keys.toSorted()) await headlineStore(tx, tables).hold(key)
    },

    /** Those of these rails that are there, by key; for what is made of several. */
    async byKeysIn(
      on: Db,
      keys: string[],
    ): Promise<Map<string, Pick<EditorialRail, 'version' | 'title' | 'scheduled'>>> {
      if (keys.length === 0) return new Map()
      const now = clock.now()
      const rails = (await headlineStore(on, tables).byKeys(keys, now)).flatMap((row) => listAt(row, now) ?? [])
      return new Map(rails.map((rail) => [rail.list.key ?? '', { ...ownOf(rail), version: rail.list.version }]))
    },

    keysShownIn: (on: Db, keys: string[]) => headlineStore(on, tables).keysShown(keys, clock.now()),

    /** Which of these keys there are rails under. */
    keysThereIn: (on: Db, keys: string[]) => headlineStore(on, tables).keysThere(keys),

    /** Throws where this could not be planned for a rail. */
    async checkPlanIn(tx: Db, caller: Caller, key: string, { items }: RailPlan): Promise<void> {
      const { content, list } = await find(tx, key, clock.now())
      await lists.refuseUnknownIn(tx, caller, content.items, plannedBy(items)(content, list).items)
    },

    /** Rails that will change by the clock, in the order of time. */
    aheadIn: async (on: Db, span: Span) =>
      (await headlineStore(on, tables).ahead(span)).map(({ list, content }) => ({
        at: list.scheduledFrom ?? '',
        kind: 'railChange' as const,
        railKey: list.key ?? '',
        title: content.title ?? '',
        version: list.scheduledVersion ?? 0,
        releaseId: list.releaseId,
      })),

    /** Gives the versions to what was scheduled and has come. Readers see it without that. Answers how many. */
    async settleDueIn(tx: Db, most: number): Promise<number> {
      const now = clock.now()
      const due = (await headlineStore(tx, tables).due(now, most)).flatMap((row) => listAt(row, now) ?? [])
      // In the order in which rails are held.
      const ordered = due.toSorted((a, b) => ((a.list.key ?? '') < (b.list.key ?? '') ? -1 : 1))
      for (const each of ordered) await lists.settleIn(tx, each)
      return due.length
    },

    /** Whether there is something for `settleDueIn`. */
    isDue: async (): Promise<boolean> => (await headlineStore(db.read, tables).due(clock.now(), 1)).length > 0,
  }
}

const taken = { pointer: '#/key', code: 'taken', detail: 'A rail with this key exists already.' }
const exists = () => new Problem('already-exists', taken.detail, { errors: [taken] })
/** Two callers who make the same rail at once: the second finds the key taken when it stores the list. */
function sayExists(error: unknown): never {
  throw error instanceof Problem && error.code === 'version-mismatch' ? exists() : error
}
