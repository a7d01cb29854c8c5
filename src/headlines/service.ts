import type * as z from 'zod'
import type { Caller } from '../access/schema.ts'
import type { ArticleService } from '../articles/service.ts'
import type { Database, Db } from '../db/database.ts'
import { type Clock, later } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { mergePatch } from '../shared/merge-patch.ts'
import { Problem } from '../shared/problem.ts'
import { checked, invalidFields } from '../shared/validation.ts'
import { requireCurrent, type Versions, versionMismatch } from '../shared/versions.ts'
import { renderList } from './edition.ts'
import { articleTargets, linkChanges, linkOf, replaceItems } from './rules.ts'
import {
  type EditorialHeadlineLinkInPlace,
  type EditorialHeadlines,
  type EditorialRail,
  HeadlineLinkCreate,
  LINKS_MAX,
  type LinkFields,
  type ListContent,
  type RailCreate,
  type RailPatch,
  type RailReplace,
  type StoredLink,
} from './schema.ts'
import { headlineStore, type ListRow } from './store.ts'

// Owns the ordered lists of headline links: rails, and the links of each article. Promises one order and one version per
// write, an edition where readers can tell, and that ids of links survive. A write is public at once, where its article
// or rail is.

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  articles: ArticleService
}

interface List {
  list: ListRow
  content: ListContent
}

export type HeadlineService = ReturnType<typeof headlineService>

export function headlineService({ db, clock, ids, articles }: Dependencies) {
  const { tables } = db
  const read = headlineStore(db.read, tables)
  type Store = typeof read

  /** An article without links yet has an empty list at version 0, which the first write brings into being. */
  const emptyListOf = (articleId: string, updatedAt: string): List => ({
    list: {
      id: articleId,
      kind: 'article',
      key: null,
      version: 0,
      createdAt: updatedAt,
      updatedAt,
      updatedById: '',
      updatedByName: '',
    },
    content: { title: null, description: null, language: null, items: [] },
  })

  async function listOfArticle(store: Store, articleId: string, createdAt: string): Promise<List> {
    return (await store.byId(articleId)) ?? emptyListOf(articleId, createdAt)
  }

  /** The one way in which a list changes: checks the version, stores the next one and what readers get of it. */
  async function advance(tx: Db, caller: Caller, current: List, versions: Versions, write: Write): Promise<List> {
    const store = headlineStore(tx, tables)
    requireCurrent(current.list, versions)
    const content = write.content
    await refuseUnknownTargets(tx, caller, content)
    const before = current.list
    const now = later(clock.now(), before.updatedAt)
    const by = { updatedAt: now, updatedById: caller.id, updatedByName: caller.name }
    const after: ListRow = {
      ...before,
      ...by,
      version: before.version + 1,
      ...(before.version === 0 && { createdAt: now }),
    }
    const isStored =
      before.version === 0 ? await store.insert(after) : await store.update(before.id, before.version, by)
    if (!isStored) throw versionMismatch((await store.byId(before.id))?.list ?? before)
    const { id: listId, version, key } = after
    await store.insertVersion({
      listId,
      version,
      action: write.action,
      content,
      createdAt: now,
      createdById: caller.id,
      createdByName: caller.name,
    })
    const { gone, come } = linkChanges(current.content.items, content.items)
    await store.removeLinks(gone)
    await store.insertLinks(
      come.map(({ id, target }) => ({ id, listId, targetArticleId: target?.kind === 'article' ? target.id : null })),
    )
    const rendered = renderList(content)
    // What readers cannot see (a note) must not show in a new `updatedAt` either: their edition stays.
    const visible = await store.edition(listId)
    if (visible?.card !== rendered.card || visible.items !== rendered.items) {
      await store.endEdition(listId, now)
      await store.insertEdition({ listId, version, key, liveFrom: now, ...rendered })
    }
    return { list: after, content }
  }

  async function refuseUnknownTargets(tx: Db, caller: Caller, content: ListContent): Promise<void> {
    const known = await articles.knownIn(tx, caller, articleTargets(content.items))
    const errors = content.items.flatMap(({ target }, at) =>
      target?.kind === 'article' && !known.has(target.id)
        ? [{ pointer: `#/items/${at}/target/id`, code: 'unknown-article', detail: 'There is no article with this id.' }]
        : [],
    )
    if (errors.length > 0) throw invalidFields(errors)
  }

  const withItems = (content: ListContent, items: LinkFields[]): ListContent => {
    const replaced = replaceItems(content.items, items, ids)
    if (replaced.errors.length > 0) throw invalidFields(replaced.errors)
    return { ...content, items: replaced.items }
  }

  async function railIn(tx: Db, key: string): Promise<List> {
    const rail = await headlineStore(tx, tables).byKey(key)
    if (!rail) throw noRail()
    return rail
  }

  /** The list that holds a link, if the caller may know of it. */
  async function listOfLink(tx: Db, caller: Caller, linkId: string): Promise<List> {
    const found = await headlineStore(tx, tables).byLink(linkId)
    if (!found) throw noLink()
    if (found.list.kind === 'article') {
      await articles.findIn(tx, caller, found.list.id).catch((error: unknown) => {
        throw error instanceof Problem && error.code === 'not-found' ? noLink() : error
      })
    } else if (!caller.scopes.includes('rails:write')) throw noLink()
    return found
  }

  /** Replaces the links of an article as part of the caller's transaction. */
  async function replaceIn(
    tx: Db,
    caller: Caller,
    articleId: string,
    versions: Versions,
    items: LinkFields[],
  ): Promise<List> {
    const { article } = await articles.findIn(tx, caller, articleId)
    const current = await listOfArticle(headlineStore(tx, tables), articleId, article.createdAt)
    return advance(tx, caller, current, versions, { action: 'replace', content: withItems(current.content, items) })
  }

  const onRail = (caller: Caller, key: string, versions: Versions, action: string, change: Change) =>
    db.write(async (tx) => {
      const current = await railIn(tx, key)
      return showRail(await advance(tx, caller, current, versions, { action, content: change(current.content) }))
    })

  return {
    async ofArticle(caller: Caller, articleId: string): Promise<EditorialHeadlines> {
      const { article } = await articles.find(caller, articleId)
      return showHeadlines(await listOfArticle(read, articleId, article.createdAt))
    },

    replaceIn,

    replaceOfArticle: async (caller: Caller, articleId: string, versions: Versions, items: LinkFields[]) =>
      showHeadlines(await db.write((tx) => replaceIn(tx, caller, articleId, versions, items))),

    async append(
      caller: Caller,
      articleId: string,
      versions: Versions,
      fields: LinkFields,
    ): Promise<EditorialHeadlineLinkInPlace> {
      const id = ids()
      return db.write(async (tx) => {
        const { article } = await articles.findIn(tx, caller, articleId)
        const current = await listOfArticle(headlineStore(tx, tables), articleId, article.createdAt)
        if (current.content.items.length >= LINKS_MAX)
          throw new Problem('invalid-transition', `A list holds at most ${LINKS_MAX} links.`)
        const content = { ...current.content, items: [...current.content.items, linkOf(id, fields)] }
        const after = await advance(tx, caller, current, versions, { action: 'append', content }).catch(
          pointingAtTheLink,
        )
        return showLinkInPlace(after, id)
      })
    },

    async link(caller: Caller, linkId: string): Promise<EditorialHeadlineLinkInPlace> {
      return showLinkInPlace(await listOfLink(db.read, caller, linkId), linkId)
    },

    patchLink: (caller: Caller, linkId: string, versions: Versions, patch: Record<string, unknown>) =>
      db.write(async (tx) => {
        const current = await listOfLink(tx, caller, linkId)
        const change = (link: StoredLink): StoredLink =>
          link.id === linkId ? linkOf(linkId, checked(HeadlineLinkCreate, mergePatch(writtenLink(link), patch))) : link
        const content = { ...current.content, items: current.content.items.map(change) }
        return showLinkInPlace(
          await advance(tx, caller, current, versions, { action: 'patch', content }).catch(pointingAtTheLink),
          linkId,
        )
      }),

    removeLink: (caller: Caller, linkId: string, versions: Versions) =>
      db.write(async (tx) => {
        const current = await listOfLink(tx, caller, linkId)
        const content = { ...current.content, items: current.content.items.filter(({ id }) => id !== linkId) }
        await advance(tx, caller, current, versions, { action: 'remove', content })
      }),

    rails: async (): Promise<EditorialRail[]> => (await read.rails()).map(showRail),

    rail: async (key: string): Promise<EditorialRail> => showRail(await railIn(db.read, key)),

    createRail: (caller: Caller, { key, items = [], ...fields }: z.output<typeof RailCreate>) =>
      db.write(async (tx) => {
        const now = clock.now()
        const empty = emptyListOf(ids(), now)
        const list: ListRow = { ...empty.list, kind: 'rail', key }
        const store = headlineStore(tx, tables)
        if (await store.byKey(key)) throw railExists()
        // A deleted rail of this key may have ended later than now, by a clock that was set back meanwhile.
        await store.endEditionsOfKey(key, now)
        const content = withItems({ ...empty.content, ...railFields(fields) }, items)
        return showRail(
          await advance(tx, caller, { list, content: empty.content }, [0], { action: 'create', content }).catch(
            sayRailExists,
          ),
        )
      }),

    replaceRail: (
      caller: Caller,
      key: string,
      versions: Versions,
      { items, ...fields }: z.output<typeof RailReplace>,
    ) => onRail(caller, key, versions, 'replace', (content) => withItems({ ...content, ...railFields(fields) }, items)),

    patchRail: (caller: Caller, key: string, versions: Versions, patch: z.output<typeof RailPatch>) =>
      onRail(caller, key, versions, 'patch', (content) => ({
        ...content,
        ...railFields({ ...content, ...patch, title: patch.title ?? content.title ?? '' }),
      })),

    replaceRailItems: (caller: Caller, key: string, versions: Versions, items: LinkFields[]) =>
      onRail(caller, key, versions, 'replace-items', (content) => withItems(content, items)),

    deleteRail: (caller: Caller, key: string, versions: Versions) =>
      db.write(async (tx) => {
        const store = headlineStore(tx, tables)
        const current = await railIn(tx, key)
        const { list } = await advance(tx, caller, current, versions, {
          action: 'delete',
          content: { ...current.content, items: [] },
        })
        await store.endEdition(list.id, list.updatedAt)
        await store.remove(list.id)
      }),
  }
}

type Change = (content: ListContent) => ListContent
interface Write {
  action: string
  content: ListContent
}

const noRail = () => new Problem('not-found', 'There is no such rail.')
const noLink = () => new Problem('not-found', 'There is no such headline link.')
const railExists = () => {
  const detail = 'A rail with this key exists already.'
  return new Problem('already-exists', detail, { errors: [{ pointer: '#/key', code: 'taken', detail }] })
}
/** Two callers who make the same rail at once: the second finds the key taken when it stores the list. */
function sayRailExists(error: unknown): never {
  throw error instanceof Problem && error.code === 'version-mismatch' ? railExists() : error
}

/** A list's own error names the place of the link in it; the caller sent the link alone. */
function pointingAtTheLink(error: unknown): never {
  if (error instanceof Problem && error.errors) {
    throw invalidFields(error.errors.map((each) => ({ ...each, pointer: each.pointer.replace(/^#\/items\/\d+/, '#') })))
  }
  throw error
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

const writtenLink = ({ id: _id, ...fields }: StoredLink): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))

const stood = ({ list, content }: List) => ({
  version: list.version,
  updatedAt: list.updatedAt,
  updatedBy: { id: list.updatedById, name: list.updatedByName },
  items: content.items.map((link, position) => ({ ...link, position })),
})

const showHeadlines = (each: List): EditorialHeadlines => ({ articleId: each.list.id, ...stood(each) })

const showRail = (each: List): EditorialRail => ({
  key: each.list.key ?? '',
  title: each.content.title ?? '',
  description: each.content.description,
  language: each.content.language,
  ...stood(each),
})

function showLinkInPlace({ list, content }: List, linkId: string): EditorialHeadlineLinkInPlace {
  const position = content.items.findIndex(({ id }) => id === linkId)
  const link = content.items[position]
  if (!link) throw noLink()
  const isRail = list.kind === 'rail'
  return {
    ...link,
    position,
    list: { articleId: isRail ? null : list.id, railKey: list.key, version: list.version },
  }
}
