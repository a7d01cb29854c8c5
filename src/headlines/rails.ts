import type * as z from 'zod'
import type { Caller } from '../access/schema.ts'
import type { Db } from '../db/database.ts'
import { applyJsonPatch, type JsonPatch } from '../shared/json-patch.ts'
import { mergePatch } from '../shared/merge-patch.ts'
import type { Place, Span, VersionPlace } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'
import { checked } from '../shared/validation.ts'
import type { Versions } from '../shared/versions.ts'
import { fitted, type ListOptions } from './items.ts'
import type { LinkFields } from './link-schema.ts'
import { listHistory } from './list-history.ts'
import {
  type ChangedList,
  headlineLists,
  type List,
  type ListChange,
  type ListDependencies,
  listAt,
  RESTORE,
} from './lists.ts'
import type { ItemInsert, ListOperation } from './operations-schema.ts'
import {
  type EditorialRail,
  type ListContent,
  type ListVersion,
  type ListVersionSummary,
  type RailCreate,
  RailFields,
  type RailReplace,
} from './schema.ts'
import { headlineStore } from './store.ts'
import type { PointerOf } from './targets.ts'

// Owns the rails: lists with a key of their own. A write is public at once.

/** A JSON Merge Patch (RFC 7396), which is an object, or a JSON Patch (RFC 6902), which is a list. */
type Patch = Record<string, unknown> | JsonPatch

export type RailService = ReturnType<typeof railService>

export function railService(dependencies: ListDependencies) {
  const { db, clock, ids } = dependencies
  const { tables } = db
  const lists = headlineLists(dependencies)

  async function find(on: Db, key: string, now: string): Promise<List> {
    const rail = listAt(await headlineStore(on, tables).byKey(key, now), now)
    if (!rail) throw new Problem('not-found', 'There is no such rail.')
    return rail
  }

  const onRail = (
    tx: Db,
    caller: Caller,
    key: string,
    versions: Versions,
    action: string,
    make: ListChange,
    pointerOf?: PointerOf,
  ) => lists.change(tx, caller, versions, action, (now) => find(tx, key, now), make, pointerOf)

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
    find: async (key: string): Promise<ListContent | undefined> => {
      const now = clock.now()
      return listAt(await headlineStore(db.read, tables).byKey(key, now), now)?.content
    },

    findIn: (tx: Db, key: string): Promise<List> => find(tx, key, clock.now()),

    async createIn(
      tx: Db,
      caller: Caller,
      { key, items = [], ...fields }: z.output<typeof RailCreate>,
      options: ListOptions = {},
    ) {
      const now = clock.now()
      if (await headlineStore(tx, tables).byKey(key, now)) throw exists()
      const rail = lists.empty({ id: ids(), kind: 'rail', key }, now)
      const fill: ListChange = (content) => lists.withItems(items, options)({ ...content, ...railFields(fields) })
      return lists.change(tx, caller, [0], 'create', async () => rail, fill).catch(sayExists)
    },

    replaceIn: (
      tx: Db,
      caller: Caller,
      key: string,
      versions: Versions,
      { items, ...fields }: z.output<typeof RailReplace>,
      options: ListOptions,
    ) =>
      onRail(tx, caller, key, versions, 'replace', (content) =>
        lists.withItems(items, options)({ ...content, ...railFields(fields) }),
      ),

    patchIn: (tx: Db, caller: Caller, key: string, versions: Versions, patch: Patch, options: ListOptions) =>
      onRail(tx, caller, key, versions, 'patch', (content) => {
        const { items: _items, ...own } = content
        const patched = Array.isArray(patch) ? applyJsonPatch(own, patch) : mergePatch(own, patch)
        return fitted({ ...content, ...railFields(checked(RailFields, patched)) }, options, '#/maxItems')
      }),

    replaceItemsIn: (
      tx: Db,
      caller: Caller,
      key: string,
      versions: Versions,
      items: LinkFields[],
      options: ListOptions,
    ) => onRail(tx, caller, key, versions, 'replace-items', lists.withItems(items, options)),

    operateIn: (
      tx: Db,
      caller: Caller,
      key: string,
      versions: Versions,
      operations: ListOperation[],
      options: ListOptions,
    ) => {
      const { make, pointerOf } = lists.withOperations(operations, options)
      return onRail(tx, caller, key, versions, 'operations', make, pointerOf)
    },

    insertIn: (
      tx: Db,
      caller: Caller,
      key: string,
      versions: Versions,
      item: z.output<typeof ItemInsert>,
      options: ListOptions,
    ) => {
      const { make, pointerOf } = lists.withInsert(item, options)
      return onRail(tx, caller, key, versions, 'insert', make, pointerOf)
    },

    async deleteIn(tx: Db, caller: Caller, key: string, versions: Versions): Promise<ChangedList> {
      const store = headlineStore(tx, tables)
      const deleted = await onRail(tx, caller, key, versions, 'delete', (content) => ({ ...content, items: [] }))
      const { list } = deleted
      if (list.scheduledFrom !== null) {
        const detail = `A release has scheduled this rail for ${list.scheduledFrom}. Take it out of the release first: ${list.releaseId}.`
        throw new Problem('invalid-transition', detail)
      }
      await store.endEdition(list.id, list.updatedAt)
      await store.remove(list.id)
      return deleted
    },

    async version(key: string, version: number): Promise<ListVersion> {
      const { list } = await find(db.read, key, clock.now())
      return listHistory(db.read, tables, list.id).version(version)
    },

    async versions(key: string, limit: number, place: VersionPlace | undefined): Promise<ListVersionSummary[]> {
      const { list } = await find(db.read, key, clock.now())
      return listHistory(db.read, tables, list.id).versions(limit, place)
    },

    /** Writes once more what the rail held at a version. */
    async restoreIn(tx: Db, caller: Caller, key: string, versions: Versions, version: number): Promise<ChangedList> {
      const { list } = await find(tx, key, clock.now())
      const content = await listHistory(tx, tables, list.id).contentOf(version)
      return onRail(tx, caller, key, versions, RESTORE, () => content)
    },

    /** Plans what a rail will hold from an instant on; for releases. */
    planIn: (tx: Db, caller: Caller, key: string, items: LinkFields[], liveFrom: string, releaseId: string) =>
      lists.planIn(tx, caller, (now) => find(tx, key, now), { make: lists.withItems(items), liveFrom, releaseId }),

    unplanIn: (tx: Db, caller: Caller, key: string, releaseId: string) =>
      lists.unplanIn(tx, caller, (now) => find(tx, key, now), releaseId),

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

    /** Throws where these could not be the items of a rail that is planned. */
    checkPlanIn: async (tx: Db, caller: Caller, key: string, items: LinkFields[]): Promise<void> =>
      lists.checkIn(tx, caller, await find(tx, key, clock.now()), lists.withItems(items)),

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

const exists = () => {
  const detail = 'A rail with this key exists already.'
  return new Problem('already-exists', detail, { errors: [{ pointer: '#/key', code: 'taken', detail }] })
}

/** Two callers who make the same rail at once: the second finds the key taken when it stores the list. */
function sayExists(error: unknown): never {
  throw error instanceof Problem && error.code === 'version-mismatch' ? exists() : error
}

const railFields = ({
  title,
  description = null,
  language = null,
  followsStories = true,
  maxItems = null,
  backfill = null,
}: RailFields) => ({
  title,
  description,
  language,
  followsStories,
  maxItems,
  backfill,
})

/** What a rail shows of itself, beside what every list does. */
const ownOf = ({ list, content }: List) => ({
  key: list.key ?? '',
  title: content.title ?? '',
  description: content.description,
  language: content.language,
  followsStories: content.followsStories,
  maxItems: content.maxItems,
  backfill: content.backfill,
  updatedBy: { id: list.updatedById, name: list.updatedByName },
  scheduled:
    list.scheduledFrom === null || list.releaseId === null
      ? null
      : { liveFrom: list.scheduledFrom, releaseId: list.releaseId },
})
