import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { listEditionStore } from './edition-store.ts'
import { leadsTo } from './group.ts'

/** Those of these lists in which readers have a link to a story at `at`, whose time it is. */
export async function showingIn(tx: Db, tables: Tables, listIds: string[], articleId: string, at: string) {
  const lists = await listEditionStore(tx, tables).visible(listIds, at)
  return lists.filter(({ items }) => leadsTo(items, articleId, at)).map(({ listId }) => listId)
}
