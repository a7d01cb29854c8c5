import type * as z from 'zod'
import type { Caller } from '../access/schema.ts'
import type { Db } from '../db/database.ts'
import type { Place } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'
import type { Versions } from '../shared/versions.ts'
import { headlineLists, type List, type ListChange, type ListDependencies, shownList, writerOf } from './lists.ts'
import type { EditorialRail, LinkFields, RailCreate, RailPatch, RailReplace } from './schema.ts'
import { headlineStore } from './store.ts'

// Owns the rails: lists with a key of their own. A write is public at once.

export type RailService = ReturnType<typeof railService>

export function railService(dependencies: ListDependencies) {
  const { db, clock, ids } = dependencies
  const { tables } = db
  const lists = headlineLists(dependencies)

  async function find(on: Db, key: string): Promise<List> {
    const rail = await headlineStore(on, tables).byKey(key)
    if (!rail) throw new Problem('not-found', 'There is no such rail.')
    return rail
  }

  const onRail = (caller: Caller, key: string, versions: Versions, action: string, make: ListChange) =>
    db.write(async (tx) => shown(await lists.change(tx, caller, versions, action, () => find(tx, key), make)))

  return {
    list: async (limit: number, place: Place | undefined): Promise<EditorialRail[]> =>
      (await headlineStore(db.read, tables).rails(limit, place)).map(shown),

    get: async (key: string): Promise<EditorialRail> => shown(await find(db.read, key)),

    /** The rail, or undefined where there is none. */
    find: async (key: string): Promise<EditorialRail | undefined> => {
      const rail = await headlineStore(db.read, tables).byKey(key)
      return rail && shown(rail)
    },

    create: (caller: Caller, { key, items = [], ...fields }: z.output<typeof RailCreate>) =>
      db.write(async (tx) => {
        const store = headlineStore(tx, tables)
        if (await store.byKey(key)) throw exists()
        const now = clock.now()
        const rail = lists.empty({ id: ids(), kind: 'rail', key }, now)
        const fill: ListChange = (content) => lists.withItems(items)({ ...content, ...railFields(fields) })
        return shown(await lists.change(tx, caller, [0], 'create', async () => rail, fill).catch(sayExists))
      }),

    replace: (
      caller: Caller,
      key: string,
      versions: Versions,
      { items, ...fields }: z.output<typeof RailReplace>,
    ): Promise<EditorialRail> =>
      onRail(caller, key, versions, 'replace', (content) =>
        lists.withItems(items)({ ...content, ...railFields(fields) }),
      ),

    patch: (caller: Caller, key: string, versions: Versions, patch: z.output<typeof RailPatch>) =>
      onRail(caller, key, versions, 'patch', (content) => ({
        ...content,
        ...railFields({ ...content, ...patch, title: patch.title ?? content.title ?? '' }),
      })),

    replaceItems: (caller: Caller, key: string, versions: Versions, items: LinkFields[]) =>
      onRail(caller, key, versions, 'replace-items', lists.withItems(items)),

    delete: (caller: Caller, key: string, versions: Versions) =>
      db.write(async (tx) => {
        const store = headlineStore(tx, tables)
        const emptied: ListChange = (content) => ({ ...content, items: [] })
        const { list } = await lists.change(tx, caller, versions, 'delete', () => find(tx, key), emptied)
        await store.endEdition(list.id, list.updatedAt)
        await store.remove(list.id)
      }),
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

const railFields = (fields: {
  title: string
  description?: string | null | undefined
  language?: string | null | undefined
}) => ({
  title: fields.title,
  description: fields.description ?? null,
  language: fields.language ?? null,
})

const shown = (rail: List): EditorialRail => ({
  key: rail.list.key ?? '',
  title: rail.content.title ?? '',
  description: rail.content.description,
  language: rail.content.language,
  updatedBy: writerOf(rail),
  ...shownList(rail),
})
