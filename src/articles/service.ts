import type { Caller } from '../access/schema.ts'
import { may } from '../access/schema.ts'
import type { Database, Db } from '../db/database.ts'
import { conflictOf } from '../db/failure.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { mergePatch } from '../shared/merge-patch.ts'
import type { Place } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'
import { checked } from '../shared/validation.ts'
import { requireCurrent, type Versions, versionMismatch } from '../shared/versions.ts'
import { bodyOf } from './body-form.ts'
import { contentOf, mayAccess, patchBase, slugCandidates, writtenForm } from './rules.ts'
import {
  type ArticleContent,
  type ArticleFields,
  ArticleReplace,
  type ArticleState,
  bodyFormNames,
  type EditorialArticle,
} from './schema.ts'
import { type Article, shown, summaryOf } from './shown.ts'
import { moveSlug, takeFirstFree, takeSlug } from './slugs.ts'
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
  async function find(store: ReturnType<typeof articleStore>, caller: Caller, id: string): Promise<Article> {
    const found = await store.byId(id)
    if (!found || !mayAccess(caller, found.article)) throw notFound()
    return found
  }

  /** Makes a new article as part of the caller's transaction. */
  async function createIn(tx: Db, caller: Caller, fields: NewFields, given: Given = {}): Promise<Article> {
    const store = articleStore(tx, tables)
    const now = clock.now()
    const id = given.id ?? ids()
    const slug = fields.slug ?? slugCandidates(fields.headline, id)
    const by = { createdAt: now, createdById: caller.id, createdByName: caller.name }
    const article: ArticleRow = {
      id,
      slug: typeof slug === 'string' ? slug : '',
      externalId: fields.externalId ?? null,
      importedFrom: given.importedFrom ?? null,
      version: 1,
      contentVersion: 1,
      ...by,
      updatedAt: now,
      updatedById: caller.id,
      updatedByName: caller.name,
      trashedAt: null,
      edition: 0,
      publishedContentVersion: null,
      firstPublishedAt: null,
      liveFrom: null,
      liveUntil: null,
    }
    const standing = given.id === undefined ? undefined : await store.byId(given.id)
    if (standing && mayAccess(caller, standing.article)) throw versionMismatch(standing.article)
    await store.insert(article)
    article.slug = typeof slug === 'string' ? await takeSlug(store, slug, id) : await takeFirstFree(store, slug, id)
    const content = {
      ...contentOf(fields, languageDefault),
      slug: article.slug,
      externalId: article.externalId,
      provenance: given.provenance ?? null,
      body: given.body ?? [],
    }
    if (typeof slug !== 'string') await store.setSlug(id, article.slug)
    await store.insertVersion({ articleId: id, version: 1, action: 'create', content, ...by })
    return { article, content }
  }

  /**
   * One write on an article as part of the caller's transaction: checks that it may be written and still stands at one
   * of `versions`, then stores the next version. `content` is given where the write changes what the article says.
   */
  async function advanceIn(tx: Db, caller: Caller, id: string, versions: Versions, decide: Decide): Promise<Article> {
    const store = articleStore(tx, tables)
    for (;;) {
      const current = await find(store, caller, id)
      requireCurrent(current.article, versions)
      const { action, content, standing, afterwards } = await decide(current)
      const now = clock.now()
      const version = current.article.version + 1
      const article = await store.update(id, current.article.version, {
        ...standing,
        ...(content && { contentVersion: version, slug: content.slug, externalId: content.externalId }),
        updatedAt: now,
        updatedById: caller.id,
        updatedByName: caller.name,
      })
      if (article) {
        await afterwards?.(store)
        const by = { createdAt: now, createdById: caller.id, createdByName: caller.name }
        await store.insertVersion({ articleId: id, version, action, content: content ?? null, ...by })
        return { article, content: content ?? current.content }
      }
      // Another write was first. Who takes whichever version stands takes the one that stands now.
      if (versions !== 'any') throw versionMismatch((await find(store, caller, id)).article)
    }
  }

  const rewrite = (caller: Caller, id: string, versions: Versions, make: (current: Article) => NewFields & Given) =>
    explainConflicts(async () =>
      show(
        await db.write((tx) =>
          advanceIn(tx, caller, id, versions, async (current) => {
            if (current.article.trashedAt !== null) {
              throw new Problem('invalid-transition', 'The article is in the trash. Restore it before you change it.')
            }
            const { body = [], ...fields } = make(current)
            const slug = fields.slug ?? current.article.slug
            const { provenance } = current.content
            const externalId = fields.externalId ?? null
            return {
              action: 'edit',
              content: { ...contentOf(fields, languageDefault), slug, externalId, provenance, body },
              afterwards: (store) => moveSlug(store, current.article, slug),
            }
          }),
        ),
      ),
    )

  return {
    show,
    createIn,
    advanceIn,

    /** Translates the refusals of the unique indexes; wraps every write that may meet them. */
    explainConflicts,

    create: (caller: Caller, fields: NewFields, given: Given = {}) => {
      const body = bodyOf(fields) ?? []
      return explainConflicts(async () =>
        show(await db.write((tx) => createIn(tx, caller, fields, { ...given, body }))),
      )
    },

    get: async (caller: Caller, id: string): Promise<EditorialArticle> => show(await find(read, caller, id)),

    list: async (
      caller: Caller,
      query: { state: ArticleState | undefined; limit: number; place: Place | undefined },
    ) => {
      const createdById = may(caller, 'articles:write') ? undefined : caller.id
      const now = clock.now()
      return (await read.list({ ...query, createdById, now })).map((row) => summaryOf(row, now))
    },

    replace: (caller: Caller, id: string, versions: Versions, fields: NewFields) => {
      const body = bodyOf(fields) ?? []
      return rewrite(caller, id, versions, () => ({ ...fields, body }))
    },

    patch: (caller: Caller, id: string, versions: Versions, patch: Record<string, unknown>) =>
      rewrite(caller, id, versions, ({ content }) => {
        const { body, ...base } = writtenForm(content)
        const givesBody = bodyFormNames.some((form) => form in patch)
        const fields = checked(
          ArticleReplace,
          mergePatch(patchBase(givesBody ? base : { ...base, body }, patch), patch),
        )
        return { ...fields, body: givesBody ? (bodyOf(fields) ?? []) : content.body }
      }),

    isEmpty: async (): Promise<boolean> => !(await read.any()),

    /** The article that was made of this source, whatever has been written to it since. */
    importedFrom: (source: string) => read.byImportedFrom(source),

    /** Which of these are articles that the caller may know of: public ones, and those that it may read. */
    async knownIn(tx: Db, caller: Caller, articleIds: string[]): Promise<Set<string>> {
      if (articleIds.length === 0) return new Set()
      const found = await articleStore(tx, tables).standings(articleIds)
      return new Set(
        found.filter((each) => each.firstPublishedAt !== null || mayAccess(caller, each)).map(({ id }) => id),
      )
    },

    /** Which of these are public, or have been. */
    async publicIn(tx: Db, articleIds: string[]): Promise<Set<string>> {
      if (articleIds.length === 0) return new Set()
      const found = await articleStore(tx, tables).standings(articleIds)
      return new Set(found.flatMap(({ id, firstPublishedAt }) => (firstPublishedAt === null ? [] : [id])))
    },

    /** Throws 404 unless the caller may write the article, and keeps it from changing until the transaction ends. */
    async holdIn(tx: Db, caller: Caller, id: string): Promise<ArticleRow> {
      const article = await articleStore(tx, tables).hold(id)
      if (!article || !mayAccess(caller, article)) throw notFound()
      return article
    },

    /** Throws 404 unless the caller may write the article; for what is kept beside it. */
    findIn: (tx: Db, caller: Caller, id: string) => find(articleStore(tx, tables), caller, id),
    find: (caller: Caller, id: string) => find(read, caller, id),
  }
}

interface Given {
  id?: string
  provenance?: ArticleContent['provenance']
  importedFrom?: string
  body?: ArticleContent['body']
}

/** What a write makes of the article that stands; `afterwards` is done once it is sure that this write is the next. */
type Decide = (current: Article) => Promise<{
  action: string
  content?: ArticleContent
  standing?: Partial<ArticleRow>
  afterwards?: (store: ReturnType<typeof articleStore>) => Promise<void>
}>

const notFound = () => new Problem('not-found', 'There is no such article.')

async function explainConflicts<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const conflict = conflictOf(error)
    if (conflict === 'articles_external_id_key') {
      const detail = 'Another article has this externalId.'
      throw new Problem('already-exists', detail, { errors: [{ pointer: '#/externalId', code: 'taken', detail }] })
    }
    if (conflict === 'articles_pkey') throw new Problem('already-exists', 'An article with this id exists already.')
    throw error
  }
}
