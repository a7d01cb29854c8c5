import { type Caller, may } from '../access/schema.ts'
import { refuseAtRest, standingAt } from '../articles/rules.ts'
import type { ArticleFields, Effects } from '../articles/schema.ts'
import type { Article, ArticleService, Changed } from '../articles/service.ts'
import type { Block } from '../body/schema.ts'
import type { Database, Db } from '../db/database.ts'
import type { PendingService } from '../headlines/pending.ts'
import type { HeadlineService } from '../headlines/service.ts'
import { type Clock, FOREVER, later } from '../shared/clock.ts'
import type { Span } from '../shared/place.ts'
import type { Versions } from '../shared/versions.ts'
import type { TaxonomyService, TermsMet } from '../taxonomy/service.ts'
import type { ClockNotes } from './due.ts'
import { type Ahead, type DraftEdition, headlineOf, type Rendered, renderBody, renderCard, termsOf } from './edition.ts'
import { endings } from './endings.ts'
import {
  correctionsOf,
  firstPublishedAtOf,
  liveAs,
  nextEdition,
  plannedOf,
  planOf,
  refuseInRelease,
  timesOf,
  updatedAtOf,
} from './rules.ts'
import type { ArticleAhead, Publish } from './schema.ts'
import { publishingStore } from './store.ts'
import { telling } from './telling.ts'
import { tellingStore } from './telling-store.ts'
import { forgetLeft, type Searchable } from './words-store.ts'

// Owns what readers see: editions, rendered once and never changed, each visible for an interval of time. Promises that
// at any instant at most one edition of an article is visible, and that a transition is one transaction with its version.

/** Editions stay in the list indexes this long after their end, for readers who asked just before it. */
export const SUPERSEDE_AFTER_MS = 60_000

interface Dependencies {
  db: Database
  clock: Clock
  articles: ArticleService
  headlines: HeadlineService
  pending: PendingService
  taxonomy: TaxonomyService
  noteDue: ClockNotes
}

export type PublishingService = ReturnType<typeof publishingService>

export function publishingService({ db, clock, articles, headlines, pending, taxonomy, noteDue }: Dependencies) {
  const { tables } = db
  const { clear, ...ends } = endings({ db, clock, articles, noteDue })
  db.atEnd.last = (tx) => publishingStore(tx, tables).addLeftWords()
  db.atEnd.undone = forgetLeft

  /**
   * Publishes what the article says at the version that stands, now or later, as part of the caller's transaction. What was
   * planned before gives way. `early` is the body as rendered before the transaction, which others wait for; `releaseId` is
   * the release that does it, and `at` the instant that is now for all of its pieces: the caller must have held the article
   * before it looked at the clock.
   */
  async function publishIn(
    tx: Db,
    caller: Caller,
    id: string,
    versions: Versions,
    options: Publish = {},
    { early, releaseId = null, at, dates, created, together }: Given = {},
  ): Promise<Changed> {
    const store = publishingStore(tx, tables)
    let times = { now: '', liveFrom: '', liveUntil: null as string | null }
    let before: number | undefined
    const decide: Decide = async ({ article, content }, present) => {
      const now = at ?? present
      refuseAtRest(article, 'publish')
      if (article.releaseId !== releaseId) refuseInRelease(article)
      times = { now, ...timesOf(options, article, now) }
      before = plannedOf(article)
      const isLater = times.liveFrom > now
      if (article.edition > 0) await noteDue(tx, now, [id], isLater)
      return {
        action: isLater ? 'schedule' : 'publish',
        ...(options.note !== undefined && { note: options.note }),
        standing: {
          edition: nextEdition(article),
          firstPublishedAt: dates?.publishedAt ?? firstPublishedAtOf(article, content, times.liveFrom),
          ...(isLater ? planOf(article, times, options.embargo, releaseId) : liveAs(article, times)),
        },
      }
    }
    const published = await articles.advanceIn(tx, caller, id, versions, decide, created)
    const { article, content } = published
    const { now, liveFrom } = times
    const isLater = liveFrom > now
    const keys = await taxonomy.registerIn(tx, content, together?.terms)
    // Of the very first edition there is nothing before it to look for or to end.
    const isFirst = article.edition === 1 && before === undefined
    const planned = isFirst ? undefined : await clear(tx, article, before)
    const begun = isFirst ? undefined : await store.newest(id)
    const [publishedAt, expiresAt] = [article.firstPublishedAt ?? liveFrom, times.liveUntil ?? FOREVER]
    const updatedAt = dates?.updatedAt ?? updatedAtOf(options.kind, article.contentVersion, liveFrom, begun, planned)
    const corrections = correctionsOf(options.text, liveFrom, now, planned ?? begun)
    const last = isFirst ? undefined : await tellingStore(tx, tables).before(id, article.edition)
    const visible = last && last.liveFrom <= now && now < last.liveUntil ? last : undefined
    if (!isFirst) {
      await (isLater ? store.endAt(id, liveFrom) : store.end(id, now))
      await store.supersede(id, later(now, -SUPERSEDE_AFTER_MS))
    }
    // In a batch the version may be another than the one that was looked at, and the text still the same.
    const isRendered =
      early !== undefined &&
      (early.contentVersion === article.contentVersion || early.body.blocks === JSON.stringify(content.body))
    const named = { articleId: id, edition: article.edition }
    const counted = early?.contentVersion === article.contentVersion ? early.counted : undefined
    const moment = { publishedAt, updatedAt, edition: article.edition, corrections }
    const card = renderCard(content, moment, counted?.wordCount)
    await store.insertEdition(
      {
        ...named,
        slug: content.slug,
        section: keys.section[0] ?? '',
        publishedAt,
        updatedAt,
        liveFrom,
        liveUntil: expiresAt,
        expiresAt,
        embargo: isLater && (options.embargo ?? false),
        contentVersion: article.contentVersion,
        corrections,
        beginNoted: !isLater,
        endNoted: expiresAt === FOREVER,
        superseded: false,
        card,
      },
      { ...named, ...(isRendered ? early.body : renderBody(content.body)) },
      termsOf(keys, content.language).map((term) => ({ ...named, ...term, publishedAt, updatedAt, superseded: false })),
      { words: counted?.words, left: together?.words },
    )
    await store.openAddress(content.slug, id, liveFrom)
    if (!created) await articles.freeSlugsIn(tx, id, [content.slug, ...(isFirst ? [] : await store.slugsOf(id))])
    // What is scheduled is nobody's business before it begins; then the clock does this.
    if (isLater) return published
    await telling(tx, tables, now).begun({
      edition: { ...named, slug: content.slug, card, liveFrom, liveUntil: expiresAt, sections: keys.section },
      before: visible,
      isCorrection: options.kind === 'correction',
    })
    const { links, followed } = await pending.comeAliveIn(tx, caller, { id, headline: content.headline })
    return { ...published, cameAlive: links, followed }
  }

  return {
    publishIn,

    /** Puts entries of the index of words where an archive has them. */
    putWordsIn: (tx: Db, entries: Parameters<ReturnType<typeof publishingStore>['putWords']>[0]): Promise<void> =>
      publishingStore(tx, tables).putWords(entries),

    /** Puts what was left for later into the index of words. */
    addWordsIn: (tx: Db, { words }: Together): Promise<void> => publishingStore(tx, tables).addWords(words),

    /** Lets paths of a former site lead to an article. Answers those that lead to another one already. */
    async openFormerPathsIn(tx: Db, id: string, paths: string[]): Promise<string[]> {
      const taken: string[] = []
      const store = publishingStore(tx, tables)
      for (const path of paths) if (!(await store.openFormerPath(path, id))) taken.push(path)
      return taken
    },

    /**
     * The body of an article as it stands, rendered before the transaction that will publish it, if there is one and the
     * request has some of its `ahead` left. Or `brought`, which the same transaction will have stored by then.
     */
    async renderEarly(caller: Caller, id: string, ahead: Ahead, brought?: Block[]): Promise<Rendered | undefined> {
      if (ahead.left <= 0) return undefined
      const found = brought ? undefined : await articles.lookFor(caller, id)
      const blocks = brought ?? found?.content.body
      if (blocks === undefined) return undefined
      const body = renderBody(blocks)
      for (const form of Object.values(body)) ahead.left -= form.length
      return { contentVersion: found?.article.contentVersion ?? 0, body }
    },

    /** Creates an article and publishes it as part of the caller's transaction. */
    async createPublishedIn(
      tx: Db,
      caller: Caller,
      fields: ArticleFields & { headline: string },
      given: NewArticle & { body: Block[] },
      early: Rendered['body'],
    ) {
      const created = await articles.createIn(tx, caller, fields, given)
      return publishIn(tx, caller, created.article.id, [1], {}, { early: { contentVersion: 1, body: early }, created })
    },

    renderBody,

    /** What an edition would be that was made now of what the article says on the desk. Nothing is written. */
    async draftOn(on: Db, { article: row, content }: Article): Promise<DraftEdition> {
      const store = publishingStore(on, tables)
      const now = clock.now()
      const article = standingAt(row, now)
      const number = plannedOf(article)
      const planned = (await store.fromNowOn(article.id, now)).find((each) => each.edition === number)
      const begun = await store.newest(article.id, number)
      const publishedAt = firstPublishedAtOf(article, content, now)
      const updatedAt = updatedAtOf(undefined, article.contentVersion, now, begun, planned)
      const corrections = correctionsOf(undefined, now, now, planned ?? begun)
      const edition = nextEdition(article)
      return {
        articleId: article.id,
        slug: content.slug,
        section: content.section?.slug ?? '',
        edition,
        publishedAt,
        updatedAt,
        liveFrom: now,
        contentVersion: article.contentVersion,
        card: renderCard(content, { publishedAt, updatedAt, edition, corrections }),
      }
    },

    ...ends,

    /** What the clock will do with articles, in the order of time. */
    aheadIn: async (on: Db, wanted: Span): Promise<ArticleAhead[]> => {
      const store = publishingStore(on, tables)
      const begin = (await store.beginnings(wanted)).map(({ card, follows, ...each }) => ({
        ...each,
        kind: follows ? ('update' as const) : ('publish' as const),
        headline: headlineOf(card),
      }))
      const end = (await store.expiries(wanted)).map(({ card, ...each }) => ({
        ...each,
        kind: 'expire' as const,
        releaseId: null,
        headline: headlineOf(card),
      }))
      return [...begin, ...end]
    },

    /**
     * What an article's present state means for readers and for links: for the answer to a dry run. Of links in lists that
     * the caller may not read at the desk nothing is said: readers may not see them yet.
     */
    async effectsIn(tx: Db, caller: Caller, { article, content, cameAlive }: Changed): Promise<Effects> {
      const store = publishingStore(tx, tables)
      const editions = await store.fromNowOn(article.id, clock.now())
      const slugs = article.killedAt === null ? await store.slugsOf(article.id) : []
      const links = await headlines.pointingAtIn(tx, article.id)
      const isAhead = article.scheduledFrom !== null && article.scheduledContentVersion === article.contentVersion
      const comesAlive =
        cameAlive ?? (isAhead ? await pending.waitingForIn(tx, { id: article.id, headline: content.headline }) : [])
      const owners = [...links, ...comesAlive].flatMap(({ articleId }) => (articleId === null ? [] : [articleId]))
      const owned = await articles.byIdsIn(tx, caller, owners)
      const isTheirs = ({ articleId }: { articleId: string | null }) =>
        articleId === null ? may(caller, 'rails:write') : owned.has(articleId)
      return {
        redirects: slugs.filter((slug) => slug !== article.slug).sort(),
        links: links.filter(isTheirs),
        comesAlive: comesAlive.filter(isTheirs),
        editions: editions.map(({ edition, liveFrom, liveUntil }) => ({
          edition,
          liveFrom,
          liveUntil: liveUntil === FOREVER ? null : liveUntil,
        })),
      }
    },
  }
}

/** What the publications of one transaction have in common: the terms that were met, and what is put into the index of words at its end. */
export interface Together {
  terms: TermsMet
  words: Searchable[]
}

type Decide = Parameters<ArticleService['advanceIn']>[4]

interface Given {
  early?: Rendered | undefined
  releaseId?: string | null
  at?: string | undefined
  /** When it was published and changed elsewhere: readers are told these. From when it is visible here they do not say. */
  dates?: { publishedAt: string; updatedAt: string } | undefined
  /** The article, where this transaction has made it and written nothing else to it. */
  created?: Article | undefined
  /** Who publishes many at once puts their words into the index at the end, by `addWordsIn`. */
  together?: Together | undefined
}

type NewArticle = NonNullable<Parameters<ArticleService['createIn']>[3]>
