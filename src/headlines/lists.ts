import type { Caller } from '../access/schema.ts'
import type { ArticleService } from '../articles/service.ts'
import type { Database, Db } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { invalidFields } from '../shared/validation.ts'
import { requireCurrent, type Versions, versionMismatch } from '../shared/versions.ts'
import { renderList } from './edition.ts'
import { articleTargets, linkChanges, replaceItems } from './rules.ts'
import type { LinkFields, ListContent } from './schema.ts'
import { headlineStore, type ListRow } from './store.ts'

// The one way in which a list changes, whether it is a rail or the links of an article.

export interface ListDependencies {
  db: Database
  clock: Clock
  ids: Ids
  articles: ArticleService
}

export interface List {
  list: ListRow
  content: ListContent
}

export type ListChange = (content: ListContent) => ListContent

export function headlineLists({ db, clock, ids, articles }: ListDependencies) {
  const { tables } = db

  /**
   * One write on a list as part of the caller's transaction: stores the next version and what readers get of it.
   * Loads the list anew where another write was first and the caller takes whichever version stands.
   */
  async function change(
    tx: Db,
    caller: Caller,
    versions: Versions,
    action: string,
    load: () => Promise<List>,
    make: ListChange,
  ): Promise<List> {
    const store = headlineStore(tx, tables)
    for (;;) {
      const current = await load()
      requireCurrent(current.list, versions)
      const content = make(current.content)
      await refuseUnknownTargets(tx, caller, current.content, content)
      const list = await storeNext(store, caller, current.list)
      if (list !== undefined) return record(tx, store, caller, { before: current.content, list, content, action })
      if (versions !== 'any') throw versionMismatch((await load()).list)
    }
  }

  /** The row of the next version, or undefined if the list does not stand where it stood. */
  async function storeNext(store: Store, caller: Caller, before: ListRow): Promise<ListRow | undefined> {
    const now = clock.now()
    const by = { updatedAt: now, updatedById: caller.id, updatedByName: caller.name }
    const isNew = before.version === 0
    const after = { ...before, ...by, version: before.version + 1, ...(isNew && { createdAt: now }) }
    const isStored = isNew ? await store.insert(after) : await store.update(before.id, before.version, by)
    return isStored ? after : undefined
  }

  async function record(tx: Db, store: Store, caller: Caller, { before, list, content, action }: Next): Promise<List> {
    const { id: listId, version, key, updatedAt } = list
    const by = { createdAt: updatedAt, createdById: caller.id, createdByName: caller.name }
    await store.insertVersion({ listId, version, action, content, ...by })
    const { gone, come } = linkChanges(before.items, content.items)
    await store.removeLinks(gone)
    await store.insertLinks(
      come.map(({ id, target }) => ({ id, listId, targetArticleId: target?.kind === 'article' ? target.id : null })),
    )
    const rendered = renderList(content)
    // What readers cannot see (a note) must not show in a new `updatedAt` either: their edition stays.
    const visible = await store.edition(listId)
    if (visible?.card !== rendered.card || visible.items !== rendered.items) {
      // By a clock that was set back, a deleted rail of the same key may have ended later than now.
      if (key === null) await store.endEdition(listId, updatedAt)
      else await store.endEditionsOfKey(key, updatedAt)
      const isSeen = !visible || (await publicDigest(tx, before)) !== (await publicDigest(tx, content))
      const changedAt = isSeen ? updatedAt : visible.updatedAt
      await store.insertEdition({ listId, version, key, liveFrom: updatedAt, updatedAt: changedAt, ...rendered })
    }
    return { list, content }
  }

  /** A digest of what readers can see of a list: without links to articles that have never been public. */
  async function publicDigest(tx: Db, content: ListContent): Promise<string> {
    const known = await articles.publicIn(tx, articleTargets(content.items))
    const items = content.items.filter(({ target }) => target?.kind !== 'article' || known.has(target.id))
    return renderList({ ...content, items }).digest
  }

  /** Only new targets: one that somebody else has put there is not the caller's to answer for. */
  async function refuseUnknownTargets(
    tx: Db,
    caller: Caller,
    before: ListContent,
    { items }: ListContent,
  ): Promise<void> {
    const had = new Set(articleTargets(before.items))
    const come = articleTargets(items).filter((id) => !had.has(id))
    const known = await articles.knownIn(tx, caller, come)
    const errors = items.flatMap(({ target }, at) =>
      target?.kind === 'article' && come.includes(target.id) && !known.has(target.id)
        ? [{ pointer: `#/items/${at}/target/id`, code: 'unknown-article', detail: 'There is no article with this id.' }]
        : [],
    )
    if (errors.length > 0) throw invalidFields(errors)
  }

  return {
    change,

    /** A list at version 0, which its first write brings into being. */
    empty: (list: Pick<ListRow, 'id' | 'kind' | 'key'>, createdAt: string): List => ({
      list: { ...list, version: 0, createdAt, updatedAt: createdAt, updatedById: '', updatedByName: '' },
      content: { title: null, description: null, language: null, items: [] },
    }),

    /** The change that puts these items in the place of all that are there. */
    withItems:
      (items: LinkFields[]): ListChange =>
      (content) => {
        const replaced = replaceItems(content.items, items, ids)
        if (replaced.errors.length > 0) throw invalidFields(replaced.errors)
        return { ...content, items: replaced.items }
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

/** Who wrote the version that stands. */
export const writerOf = ({ list }: List) => ({ id: list.updatedById, name: list.updatedByName })

/** What every list shows of itself at the desk. */
export const shownList = ({ list, content }: List) => ({
  version: list.version,
  updatedAt: list.updatedAt,
  items: content.items.map((link, position) => ({ ...link, position })),
})
