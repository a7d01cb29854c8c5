import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import type { VersionPlace } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'
import type { ListDiff } from './history-schema.ts'
import { diffLists } from './list-diff.ts'
import type { ListContent, ListVersion, ListVersionSummary } from './schema.ts'
import { headlineStore } from './store.ts'

// What a list held at each of its versions, whether it is a rail or the links of an article.

/** The action of a version that says what a list will hold later. */
const PLAN = 'schedule'

export const listHistory = (on: Db, tables: Tables, listId: string) => {
  const store = headlineStore(on, tables)

  /** What a list held after a write; of a plan, what it was to hold. 404 for a version that there never was. */
  async function find(version: number): Promise<{ summary: ListVersionSummary; content: ListContent }> {
    const row = await store.version(listId, version)
    const content = row && (row.content ?? (await store.contentAt(listId, version)))
    if (!row || !content) throw new Problem('not-found', `The list has no version ${version}.`)
    return { summary: summaryOf(row), content }
  }

  return {
    contentOf: async (version: number): Promise<ListContent> => (await find(version)).content,

    async version(version: number): Promise<ListVersion> {
      const { summary, content } = await find(version)
      return { ...summary, ...content, items: content.items.map((link, position) => ({ ...link, position })) }
    },

    diff: async (a: number, b: number): Promise<ListDiff> =>
      diffLists((await find(a)).content, (await find(b)).content),

    /** Newest first; going back from a place, in the opposite order. */
    versions: async (limit: number, place: VersionPlace | undefined): Promise<ListVersionSummary[]> =>
      (await store.versions(listId, limit, place)).map(summaryOf),
  }
}

interface Row {
  version: number
  action: string
  createdAt: string
  createdById: string
  createdByName: string
}

const summaryOf = ({ version, action, createdAt, createdById, createdByName }: Row): ListVersionSummary => ({
  version,
  action,
  isPlan: action === PLAN,
  createdAt,
  createdBy: { id: createdById, name: createdByName },
})
