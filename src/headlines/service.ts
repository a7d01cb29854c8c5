import { type Caller, may } from '../access/schema.ts'
import { refuseAtRest } from '../articles/rules.ts'
import type { Db } from '../db/database.ts'
import { applyJsonPatch, type JsonPatch } from '../shared/json-patch.ts'
import { mergePatch } from '../shared/merge-patch.ts'
import type { VersionPlace } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'
import type { Versions } from '../shared/versions.ts'
import type { ListDiff } from './history-schema.ts'
import { fitted, type ListOptions, refuseTwin } from './items.ts'
import type { LinkFields, StoredLink } from './link-schema.ts'
import { listHistory } from './list-history.ts'
import {
  headlineLists,
  type List,
  type ListChange,
  type ListDependencies,
  listAt,
  RESTORE,
  removedOf,
} from './lists.ts'
import { insert, patchedLink } from './operations.ts'
import type { ListOperation } from './operations-schema.ts'
import { linkIn, mergeBase, shownAt } from './rules.ts'
import type { EditorialHeadlineLinkInPlace, EditorialHeadlines, ListVersion, RemovedLinks } from './schema.ts'
import { headlineStore } from './store.ts'

// Owns the headline links of articles, and each link wherever it stands; rails.ts has the rails. Promises one order and
// one version per write, an edition where readers can tell, and that ids of links survive. A write is public at once,
// where the article is.

/** How many lists may have come by the clock and wait to be noted, which takes it a second. */
const DUE_MAX = 200

export type HeadlineService = ReturnType<typeof headlineService>

export function headlineService(dependencies: ListDependencies) {
  const { db, clock, ids, articles } = dependencies
  const { tables } = db
  const lists = headlineLists(dependencies)

  /** The links of an article that the caller may know of. Without a first write they are an empty list at version 0. */
  async function ofArticle(on: Db, caller: Caller, articleId: string): Promise<List> {
    const { article } = await articles.findIn(on, caller, articleId)
    return stored(on, article)
  }

  async function stored(on: Db, { id, createdAt }: { id: string; createdAt: string }): Promise<List> {
    const now = clock.now()
    return (
      listAt(await headlineStore(on, tables).byId(id, now), now) ??
      lists.empty({ id, kind: 'article', key: null }, createdAt)
    )
  }

  /** The same inside a write: the article is held, so that it is not published while somebody writes who may not then. */
  async function heldOfArticle(tx: Db, caller: Caller, articleId: string): Promise<List> {
    const article = await articles.holdIn(tx, caller, articleId)
    refuseAtRest(article, 'change')
    return stored(tx, article)
  }

  /** The list that holds a link, or one below which it stands, if the caller may know of it. */
  async function ofLink(on: Db, caller: Caller, linkId: string, look: Look = articles.findIn): Promise<List> {
    const now = clock.now()
    const store = headlineStore(on, tables)
    const holds = ({ content }: Pick<List, 'content'>) => linkIn(content.items, linkId) !== undefined
    const indexed = await store.byLink(linkId, now)
    // What was planned and has just come is in the index only once the clock, or a write, has noted it.
    const row = indexed && holds(indexed) ? indexed : (await store.due(now, DUE_MAX)).find(holds)
    const found = listAt(row, now)
    if (!found || !(await maySee(on, caller, found, look))) throw noLink()
    return found
  }

  async function maySee(on: Db, caller: Caller, { list }: List, look: Look): Promise<boolean> {
    if (list.kind === 'rail') return may(caller, 'rails:write')
    return look(on, caller, list.id).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Problem && error.code === 'not-found') return false
        throw error
      },
    )
  }

  /** Replaces the links of an article as part of the caller's transaction. */
  const replaceIn = (
    tx: Db,
    caller: Caller,
    articleId: string,
    versions: Versions,
    items: LinkFields[],
    options: ListOptions = {},
  ) => {
    const load = () => heldOfArticle(tx, caller, articleId)
    return lists.change(tx, caller, versions, { action: 'replace', load, ...lists.withItems(items, options) })
  }

  /**
   * The list of a link inside a write: an article is held, and what is put away is not changed. A headline below another
   * is a field of that one.
   */
  async function heldOfLink(tx: Db, caller: Caller, linkId: string): Promise<List> {
    const held = await ofLink(tx, caller, linkId, articles.holdIn)
    if (held.list.kind === 'article') refuseAtRest((await articles.findIn(tx, caller, held.list.id)).article, 'change')
    const above = linkIn(held.content.items, linkId)?.above
    if (above) throw isBelow(above.id)
    return held
  }

  /** What the desk sees of an article's links. */
  const showIn = async (on: Db, caller: Caller, each: List): Promise<EditorialHeadlines> => {
    const view = await lists.viewIn(on, caller, [each])
    const updatedBy = each.list.version === 0 ? null : { id: each.list.updatedById, name: each.list.updatedByName }
    return { articleId: each.list.id, updatedBy, ...view(each) }
  }

  /** What the desk sees of one link, and where it stands. */
  async function inPlaceIn(on: Db, caller: Caller, each: List, linkId: string): Promise<EditorialHeadlineLinkInPlace> {
    const { list, content } = each
    const found = linkIn(content.items, linkId)
    if (!found) throw noLink()
    const stateOf = await lists.statesIn(on, caller, [found.above ?? found.link])
    const isRail = list.kind === 'rail'
    return {
      ...shownAt(found, stateOf),
      list: { articleId: isRail ? null : list.id, railKey: list.key, version: list.version },
    }
  }

  return {
    showIn,
    inPlaceIn,
    replaceIn,

    ofArticle: async (caller: Caller, articleId: string): Promise<EditorialHeadlines> =>
      showIn(db.read, caller, await ofArticle(db.read, caller, articleId)),

    /** The version at which the links of an article stand, within a transaction. */
    versionIn: async (tx: Db, caller: Caller, articleId: string): Promise<number> =>
      (await ofArticle(tx, caller, articleId)).list.version,

    operateIn(
      tx: Db,
      caller: Caller,
      articleId: string,
      versions: Versions,
      operations: ListOperation[],
      options: ListOptions,
    ) {
      const load = () => heldOfArticle(tx, caller, articleId)
      const write = { action: 'operations', load, ...lists.withOperations(operations, options) }
      return lists.change(tx, caller, versions, write)
    },

    async appendIn(tx: Db, caller: Caller, articleId: string, versions: Versions, fields: LinkFields) {
      let id = ''
      const make: ListChange = (content, { removed }) => {
        const doing = { newId: ids, pointer: '#', places: new Map<string, string>(), removed }
        const items = insert(content.items, { item: fields }, doing, '#')
        id = items.at(-1)?.id ?? ''
        return fitted({ ...content, items }, {}, '#')
      }
      const load = () => heldOfArticle(tx, caller, articleId)
      const changed = await lists.change(tx, caller, versions, { action: 'append', load, make, pointerOf: () => '#' })
      return { id, ...changed }
    },

    link: async (caller: Caller, linkId: string): Promise<EditorialHeadlineLinkInPlace> =>
      inPlaceIn(db.read, caller, await ofLink(db.read, caller, linkId), linkId),

    /** A merge patch, which is an object, or a JSON Patch, which is a list. */
    patchLinkIn(
      tx: Db,
      caller: Caller,
      linkId: string,
      versions: Versions,
      patch: Record<string, unknown> | JsonPatch,
    ) {
      const patched = (link: StoredLink) => {
        if (!Array.isArray(patch)) return mergePatch(mergeBase(link, patch), patch)
        const { id: _id, ...fields } = link
        return applyJsonPatch(fields, patch)
      }
      const make: ListChange = (content) => {
        const at = content.items.findIndex(({ id }) => id === linkId)
        const old = content.items[at]
        if (!old) return content
        const link = patchedLink(old, patched(old), ids, '#')
        const items = content.items.with(at, link)
        refuseTwin(link, content.items, items, '#/target')
        return fitted({ ...content, items }, {}, '#/target')
      }
      const load = () => heldOfLink(tx, caller, linkId)
      return lists.change(tx, caller, versions, { action: 'patch', load, make, pointerOf: () => '#' })
    },

    removeLinkIn(tx: Db, caller: Caller, linkId: string, versions: Versions) {
      const make: ListChange = (content) => ({
        ...content,
        items: content.items.filter(({ id }) => id !== linkId),
      })
      const load = () => heldOfLink(tx, caller, linkId)
      return lists.change(tx, caller, versions, { action: 'remove', load, make })
    },

    /** The links that were taken out of an article's list last, and can be put back. */
    removed: async (caller: Caller, articleId: string): Promise<RemovedLinks> =>
      removedOf(await ofArticle(db.read, caller, articleId)),

    async version(caller: Caller, articleId: string, version: number): Promise<ListVersion> {
      const { list } = await ofArticle(db.read, caller, articleId)
      return listHistory(db.read, tables, list.id).version(version)
    },

    async diff(caller: Caller, articleId: string, a: number, b: number): Promise<ListDiff> {
      const { list } = await ofArticle(db.read, caller, articleId)
      return listHistory(db.read, tables, list.id).diff(a, b)
    },

    async versions(caller: Caller, articleId: string, limit: number, place: VersionPlace | undefined) {
      const { list } = await ofArticle(db.read, caller, articleId)
      return listHistory(db.read, tables, list.id).versions(limit, place)
    },

    /** Writes once more what an article's list held at a version. */
    async restoreIn(tx: Db, caller: Caller, articleId: string, versions: Versions, version: number) {
      const { list } = await heldOfArticle(tx, caller, articleId)
      const content = await listHistory(tx, tables, list.id).contentOf(version)
      const load = () => heldOfArticle(tx, caller, articleId)
      return lists.change(tx, caller, versions, { action: RESTORE, load, make: () => content })
    },

    /** The links that point at an article, wherever they stand. */
    async pointingAtIn(tx: Db, articleId: string) {
      const found = await headlineStore(tx, tables).pointingAt(articleId)
      return found.map(({ linkId, kind, listId, key }) => ({
        linkId,
        articleId: kind === 'article' ? listId : null,
        railKey: key,
      }))
    },
  }
}

/** How an article is looked for: in passing, or to hold it while a write goes on. */
type Look = (on: Db, caller: Caller, articleId: string) => Promise<unknown>

const isBelow = (parentId: string) =>
  new Problem(
    'method-not-allowed',
    `This headline stands below another: change the \`sublinks\` of that one, the link ${parentId}.`,
    { headers: { allow: 'GET, HEAD, OPTIONS' }, members: { parentId } },
  )

const noLink = () => new Problem('not-found', 'There is no such headline link.')
