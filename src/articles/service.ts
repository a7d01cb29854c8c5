import type { Caller } from '../access/schema.ts'
import { may } from '../access/schema.ts'
import type { Block } from '../body/schema.ts'
import type { Database, Db } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import type { Place } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'
import { checked } from '../shared/validation.ts'
import { isCurrent, type Versions, versionMismatch } from '../shared/versions.ts'
import type { Followed } from '../shared/write.ts'
import { bodyOf } from './body-form.ts'
import { explained, mismatch, usedId } from './conflicts.ts'
import { changedFields } from './diff.ts'
import { applyPatch, type Patch } from './patch.ts'
import { contentOf, hasBeenPublic, isLiveAt, mayAccess, refuseAtRest, standingAt, stateOf, untouched } from './rules.ts'
import {
  type ArticleContent,
  type ArticleFields,
  ArticleReplace,
  type ArticleState,
  type EditorialArticle,
  type EditorialArticleSummary,
  type Effects,
} from './schema.ts'
import { type Article, changesShown, shown, summaryOf } from './shown.ts'
import { moveSlug, slugsFor, takeOwn } from './slugs.ts'
import { type ArticleRow, articleStore } from './store.ts'

// Owns what articles say: fields, text, slugs and the history of versions. Promises that every write is a version, that
// none overwrites one it has not seen, and that a slug belongs to one article. Leaves to publishing what readers see.

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  languageDefault: string
}

type NewFields = ArticleFields & { headline: string }

export type { Article } from './shown.ts'

export type ArticleService = ReturnType<typeof articleService>

export function articleService({ db, clock, ids, languageDefault }: Dependencies) {
  const { tables } = db
  const read = articleStore(db.read, tables)

  const show = (each: Article): EditorialArticle => shown(each, clock.now())

  /** The article, if the caller may know of it: otherwise it is as if it did not exist. */
  async function lookForIn(on: Db, caller: Caller, id: string): Promise<Article | undefined> {
    const found = await articleStore(on, tables).byId(id)
    return found && mayAccess(caller, found.article) ? found : undefined
  }

  async function find(store: Store, caller: Caller, id: string): Promise<Article> {
    const found = await store.byId(id)
    if (!found || !mayAccess(caller, found.article)) throw notFound()
    return found
  }

  /** Makes a new article as part of the caller's transaction. */
  async function createIn(tx: Db, caller: Caller, fields: NewFields, given: Given = {}): Promise<Changed> {
    const store = articleStore(tx, tables)
    const now = clock.now()
    const id = given.id ?? ids()
    const slugs = slugsFor(fields, given.slugLike, id)
    const by = { createdAt: now, createdById: caller.id, createdByName: caller.name }
    const article: ArticleRow = {
      id,
      slug: slugs.first,
      externalId: fields.externalId ?? null,
      importedFrom: given.importedFrom ?? null,
      version: 1,
      contentVersion: 1,
      ...by,
      updatedAt: now,
      updatedById: caller.id,
      updatedByName: caller.name,
      ...untouched,
    }
    if (given.id !== undefined) await refuseUsedId(store, caller, given.id)
    await explained(store.insert(article))
    article.slug = await takeOwn(store, slugs, id)
    const content = {
      ...contentOf(fields, languageDefault),
      slug: article.slug,
      externalId: article.externalId,
      provenance: given.provenance ?? null,
      body: given.body ?? [],
    }
    const note = fields.changeNote ?? null
    await store.insertVersion({ articleId: id, version: 1, action: 'create', note, content, ...by })
    return { article, content, lock: null, changed: [] }
  }

  /** An id of the client's own choice must never have been one: not even that of an article that was erased. */
  async function refuseUsedId(store: Store, caller: Caller, id: string): Promise<void> {
    const standing = await store.byId(id)
    if (standing && mayAccess(caller, standing.article)) throw versionMismatch(standing.article)
    if (standing || (await store.isGone(id))) throw usedId()
  }

  /**
   * One write on an article as part of the caller's transaction: checks that it may be written and still stands at one
   * of `versions`, then stores the next version. `content` is given where the write changes what the article says.
   * `decide` is given the article as it stands now: what was scheduled and has begun counts as live. `known` is that where the
   * transaction has just written it.
   */
  async function advanceIn(
    tx: Db,
    caller: Caller,
    id: string,
    versions: Versions,
    decide: Decide,
    known?: Article,
  ): Promise<Changed> {
    const store = articleStore(tx, tables)
    for (let read = known; ; read = undefined) {
      const current = read ?? (await find(store, caller, id))
      if (!isCurrent(current.article, versions)) throw await mismatch(store, current, versions)
      const now = clock.now()
      const article = standingAt(current.article, now)
      const { action, note = null, content, standing, afterwards } = await decide({ ...current, article }, now)
      const version = current.article.version + 1
      const by = { updatedAt: now, updatedById: caller.id, updatedByName: caller.name }
      const told = {
        ...standing,
        ...(content && { contentVersion: version, slug: content.slug, externalId: content.externalId }),
      }
      const updated = await explained(store.update(id, current.article.version, { ...told, ...by }))
      if (updated) {
        await afterwards?.(store)
        const made = { createdAt: now, createdById: caller.id, createdByName: caller.name }
        await store.insertVersion({ articleId: id, version, action, note, content: content ?? null, ...made })
        const written = { article: updated, content: content ?? current.content, lock: current.lock }
        return { ...written, changed: changesShown({ ...current, article }, written, now) }
      }
      // Another write was first. Who takes whichever version stands takes the one that stands now.
      if (versions !== 'any') throw await mismatch(store, await find(store, caller, id), versions)
    }
  }

  /** A new text for an article, as part of the caller's transaction. */
  const rewriteIn = (
    tx: Db,
    caller: Caller,
    id: string,
    versions: Versions,
    make: (current: Article) => NewFields & Given,
  ) =>
    advanceIn(tx, caller, id, versions, async (current) => {
      refuseAtRest(current.article, 'change')
      const { body = [], changeNote, ...fields } = make(current)
      const slug = fields.slug ?? current.article.slug
      const { provenance } = current.content
      const externalId = fields.externalId ?? null
      const content = { ...contentOf(fields, languageDefault), slug, externalId, provenance, body }
      return {
        action: 'edit',
        ...(changeNote !== undefined && { note: changeNote }),
        // A write that says nothing new is a version, with its note, but what is live has no changes by it.
        ...(changedFields(current.content, content).length > 0 && { content }),
        afterwards: (at) => moveSlug(at, current.article, slug),
      }
    })

  return {
    show,
    createIn,
    advanceIn,
    rewriteIn,

    get: async (caller: Caller, id: string): Promise<EditorialArticle> => show(await find(read, caller, id)),

    list: async (
      caller: Caller,
      query: { state: ArticleState | undefined; limit: number; place: Place | undefined },
    ) => {
      const createdById = may(caller, 'articles:write') ? undefined : caller.id
      const now = clock.now()
      return (await read.list({ ...query, createdById, now })).map((row) => summaryOf(row, now))
    },

    /** `body` is what `fields` say of it, converted before the transaction. */
    replaceIn: (tx: Db, caller: Caller, id: string, versions: Versions, fields: NewFields, body: Block[]) =>
      rewriteIn(tx, caller, id, versions, () => ({ ...fields, body })),

    /** Applies a patch to the written form of an article. `early` is the new body, where it could be converted before. */
    patchIn: (tx: Db, caller: Caller, id: string, versions: Versions, patch: Patch, early: Block[] | undefined) =>
      rewriteIn(tx, caller, id, versions, ({ content }) => {
        const { fields: patched, givesBody } = applyPatch(content, patch)
        const fields = checked(ArticleReplace, patched)
        return { ...fields, body: givesBody ? (early ?? bodyOf(fields) ?? []) : content.body }
      }),

    /** Leaves a stone where an article was that has been killed or is to be erased, without anything that it said. */
    buryIn: (tx: Db, id: string, stone: { reason: string | null; wasPublic: boolean }) =>
      articleStore(tx, tables).bury({ articleId: id, at: clock.now(), ...stone }),

    /** Gives back the slugs of an article that readers have never seen: all but those that are `kept`. */
    freeSlugsIn: (tx: Db, id: string, kept: string[]) => articleStore(tx, tables).freeSlugsBut(id, kept),

    /** Whether an article of this id was erased. */
    isGoneIn: (on: Db, id: string): Promise<boolean> => articleStore(on, tables).isGone(id),
    /** What an article said in a version. */
    contentAtIn: (on: Db, id: string, version: number) => articleStore(on, tables).contentAt(id, version),

    isEmpty: async (): Promise<boolean> => !(await read.any()),

    /** The article that was made of this source, whatever has been written to it since. */
    importedFrom: (source: string) => read.byImportedFrom(source),

    /** Which of these are articles that the caller may know of: public ones, and those that it may read. */
    async knownIn(tx: Db, caller: Caller, articleIds: string[]): Promise<Set<string>> {
      const now = clock.now()
      const found = await articleStore(tx, tables).standings(articleIds)
      return new Set(found.filter((each) => hasBeenPublic(each, now) || mayAccess(caller, each)).map(({ id }) => id))
    },

    /** How these stand, where the caller may know it: of those that it may not read, only whether readers see them. */
    async statesIn(on: Db, caller: Caller, articleIds: string[]): Promise<Map<string, ArticleState>> {
      const now = clock.now()
      const found = await articleStore(on, tables).standings(articleIds)
      const told = found.filter((each) => mayAccess(caller, each) || isLiveAt(standingAt(each, now), now))
      return new Map(told.map((each) => [each.id, stateOf(each, now)]))
    },

    /** Throws 404 unless the caller may write the article, and keeps it from changing until the transaction ends. */
    async holdIn(tx: Db, caller: Caller, id: string): Promise<ArticleRow> {
      const article = await articleStore(tx, tables).hold(id)
      if (!article || !mayAccess(caller, article)) throw notFound()
      return article
    },

    /** Keeps these articles, where they are, from being written by others until the transaction ends. */
    async holdAllIn(tx: Db, articleIds: string[]): Promise<void> {
      const store = articleStore(tx, tables)
      // In one order for all, so that two who hold the same ones do not wait for each other.
      for (const id of articleIds.toSorted()) await store.hold(id)
    },

    /** Those of these articles that the caller may know of, by id; for what is made of several. */
    async byIdsIn(on: Db, caller: Caller, articleIds: string[]): Promise<Map<string, EditorialArticleSummary>> {
      if (articleIds.length === 0) return new Map()
      const now = clock.now()
      const found = (await articleStore(on, tables).byIds(articleIds)).filter(({ article }) =>
        mayAccess(caller, article),
      )
      return new Map(found.map((each) => [each.article.id, summaryOf(each, now)]))
    },

    /** Throws 404 unless the caller may write the article; for what is kept beside it. */
    findIn: (tx: Db, caller: Caller, id: string) => find(articleStore(tx, tables), caller, id),
    /** The article, or undefined where the caller may not know of any. */
    lookFor: (caller: Caller, id: string): Promise<Article | undefined> => lookForIn(db.read, caller, id),
    lookForIn,
  }
}

type Store = ReturnType<typeof articleStore>

/** An article after a write, with the names of the fields that it changed. */
export interface Changed extends Article {
  changed: string[]
  /** What else it has changed, for the audit, and which pending headlines came alive by it. */
  followed?: Followed[]
  cameAlive?: Effects['comesAlive']
}

interface Given {
  id?: string
  /** A slug to begin with, where nobody is there to choose another one if it is taken. */
  slugLike?: string
  provenance?: ArticleContent['provenance']
  importedFrom?: string
  body?: ArticleContent['body']
}

/** What a write makes of the article that stands; `afterwards` is done once it is sure that this write is the next. */
type Decide = (
  current: Article,
  now: string,
) => Promise<{
  action: string
  note?: string
  content?: ArticleContent
  standing?: Partial<ArticleRow>
  afterwards?: (store: Store) => Promise<void>
}>

const notFound = () => new Problem('not-found', 'There is no such article.')
