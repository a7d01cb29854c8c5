import type { Caller } from '../access/schema.ts'
import { bodyOf } from '../articles/body-form.ts'
import { stateOf } from '../articles/rules.ts'
import type { ArticleFields, EditorialArticle } from '../articles/schema.ts'
import type { Article, ArticleService } from '../articles/service.ts'
import type { Database, Db } from '../db/database.ts'
import { type Clock, FOREVER } from '../shared/clock.ts'
import { Problem } from '../shared/problem.ts'
import type { Versions } from '../shared/versions.ts'
import { renderBody, renderCard } from './edition.ts'
import { publishingStore } from './store.ts'

// Owns what readers see: editions, rendered once and never changed, each visible for an interval of time. Promises that
// at any instant at most one edition of an article is visible, and that a transition is one transaction with its version.

/** Editions stay in the list indexes this long after their end, for readers who asked just before it. */
const SUPERSEDE_AFTER_MS = 60_000

interface Dependencies {
  db: Database
  clock: Clock
  articles: ArticleService
}

export type PublishingService = ReturnType<typeof publishingService>

export function publishingService({ db, clock, articles }: Dependencies) {
  const { tables } = db

  /**
   * Publishes what the article says at the version that stands, as part of the caller's transaction. `early` is
   * the body as rendered before the transaction, because rendering inside it would keep others waiting.
   */
  async function publishIn(tx: Db, caller: Caller, id: string, versions: Versions, early?: Rendered): Promise<Article> {
    const store = publishingStore(tx, tables)
    const now = clock.now()
    let isSameText = false
    const published = await articles.advanceIn(tx, caller, id, versions, async ({ article }) => {
      if (article.trashedAt !== null)
        throw new Problem('invalid-transition', 'The article is in the trash. Restore it first.')
      isSameText = article.contentVersion === article.publishedContentVersion
      const standing = {
        edition: article.edition + 1,
        publishedContentVersion: article.contentVersion,
        firstPublishedAt: article.firstPublishedAt ?? now,
        liveFrom: now,
        liveUntil: null,
      }
      return { action: 'publish', standing }
    })
    const { article, content } = published
    const before = await store.edition(id, article.edition - 1)
    const publishedAt = article.firstPublishedAt ?? now
    // Publishing the same text again, after a withdrawal say, is no update.
    const updatedAt = isSameText && before ? before.updatedAt : now
    const moment = { publishedAt, updatedAt, edition: article.edition }
    await store.endEdition(id, now)
    await store.supersede(id, new Date(Date.parse(now) - SUPERSEDE_AFTER_MS).toISOString())
    const isRendered = early?.contentVersion === article.contentVersion
    const named = { articleId: id, edition: article.edition }
    await store.insertEdition(
      {
        ...named,
        slug: content.slug,
        section: content.section?.slug ?? '',
        publishedAt,
        updatedAt,
        liveFrom: now,
        liveUntil: FOREVER,
        superseded: false,
        card: renderCard(content, moment),
      },
      { ...named, ...(isRendered ? early.body : renderBody(content.body)) },
      [...content.tags.map(termOf('tag')), ...content.authors.map(termOf('author'))].map((term) => ({
        ...named,
        ...term,
        publishedAt,
        superseded: false,
      })),
    )
    await store.openAddress(content.slug, id, now)
    return published
  }

  /** A transition that takes the article from the readers, if they have it. */
  const end = (caller: Caller, id: string, versions: Versions, action: 'withdraw' | 'trash') =>
    db.write(async (tx) => {
      const now = clock.now()
      const ended = await articles.advanceIn(tx, caller, id, versions, async ({ article }) => {
        const state = stateOf(article, now)
        if (state === 'trashed') throw new Problem('invalid-transition', 'The article is in the trash already.')
        // Not the state alone: by a clock that was set back, an edition may be live only a little later.
        const hasEdition = article.liveFrom !== null && (article.liveUntil === null || article.liveUntil > now)
        if (action === 'withdraw' && !hasEdition) {
          throw new Problem('invalid-transition', `Only a live article can be withdrawn; this one is ${state}.`)
        }
        return {
          action,
          standing: { ...(hasEdition && { liveUntil: now }), ...(action === 'trash' && { trashedAt: now }) },
        }
      })
      await publishingStore(tx, tables).endEdition(id, now)
      return articles.show(ended)
    })

  return {
    publishIn,

    async publish(caller: Caller, id: string, versions: Versions): Promise<EditorialArticle> {
      const { article, content } = await articles.find(caller, id)
      const early = { contentVersion: article.contentVersion, body: renderBody(content.body) }
      return db.write(async (tx) => articles.show(await publishIn(tx, caller, id, versions, early)))
    },

    /** Creates an article and publishes it in one transaction: both or neither. */
    createPublished: (caller: Caller, fields: ArticleFields & { headline: string }, given: Given = {}) => {
      const body = bodyOf(fields) ?? []
      const early = { contentVersion: 1, body: renderBody(body) }
      return articles.explainConflicts(() =>
        db.write(async (tx) => {
          const { article } = await articles.createIn(tx, caller, fields, { ...given, body })
          return articles.show(await publishIn(tx, caller, article.id, [1], early))
        }),
      )
    },

    withdraw: (caller: Caller, id: string, versions: Versions) => end(caller, id, versions, 'withdraw'),

    trash: (caller: Caller, id: string, versions: Versions) => end(caller, id, versions, 'trash'),

    restore: (caller: Caller, id: string, versions: Versions): Promise<EditorialArticle> =>
      db.write(async (tx) =>
        articles.show(
          await articles.advanceIn(tx, caller, id, versions, async ({ article }) => {
            if (article.trashedAt === null) throw new Problem('invalid-transition', 'The article is not in the trash.')
            return { action: 'restore', standing: { trashedAt: null } }
          }),
        ),
      ),
  }
}

/** The body of one version, rendered ahead of the transaction. */
interface Rendered {
  contentVersion: number
  body: ReturnType<typeof renderBody>
}

type Given = NonNullable<Parameters<ArticleService['createIn']>[3]>

const termOf =
  (kind: 'tag' | 'author') =>
  ({ slug }: { slug: string }) => ({ kind, slug })
