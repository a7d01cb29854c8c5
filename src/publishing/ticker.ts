import type { Caller } from '../access/schema.ts'
import type { ArticleService } from '../articles/service.ts'
import { type AuditService, CLOCK } from '../audit/service.ts'
import type { Database } from '../db/database.ts'
import type { PendingService } from '../headlines/pending.ts'
import type { RailService } from '../headlines/rails.ts'
import { type Clock, later } from '../shared/clock.ts'
import type { WritingService } from '../writing/service.ts'
import { headlineOf } from './edition.ts'
import { SUPERSEDE_AFTER_MS } from './service.ts'
import { telling } from './telling.ts'
import { tellingStore } from './telling-store.ts'
import { tickerStore } from './ticker-store.ts'

// Owns what happens by the clock alone. Readers do not wait for it: what they see is computed. It notes what has begun
// and ended, once on however many nodes, gives scheduled rails their versions, points what waited for a story at it,
// notes words that have become public, and keeps indexes and tables small.

const AT_ONCE = 200
const clockCaller: Caller = { ...CLOCK, role: 'editor', scopes: [] }

interface Dependencies {
  db: Database
  clock: Clock
  audit: AuditService
  articles: ArticleService
  rails: RailService
  pending: PendingService
  writing: WritingService
}

export function ticker({ db, clock, audit, articles, rails, pending, writing }: Dependencies) {
  const { tables } = db
  const read = tickerStore(db.read, tables)
  const endedBefore = (now: string) => later(now, -SUPERSEDE_AFTER_MS)

  /** Does what has become due, and answers whether there may be more. Writes nothing where nothing is due. */
  async function tick(): Promise<boolean> {
    const now = clock.now()
    const due = await read.due(now, endedBefore(now), AT_ONCE)
    const unlisted = await read.unlistedWords(now)
    if (due.length + unlisted.length === 0 && !(await rails.isDue())) return false
    return db.write(async (tx) => {
      const store = tickerStore(tx, tables)
      // Articles, rails, and then what hangs on them: in the order of a release, or the two would wait for each other.
      await articles.holdAllIn(tx, [...new Set([...due, ...unlisted.map(({ articleId }) => articleId)])])
      const settled = await rails.settleDueIn(tx, AT_ONCE)
      const begun = await store.noteBegun(now, due)
      const ended = await store.noteEnded(now, due)
      for (const [action, noted] of [['goLive', begun] as const, ['expire', ended] as const]) {
        for (const { articleId, contentVersion, isEvent } of noted) {
          if (!isEvent) continue
          await audit.clockDidIn(tx, action, { kind: 'article', id: articleId, version: contentVersion })
        }
      }
      const tell = telling(tx, tables, now)
      for (const each of begun.toSorted(firstBegun)) {
        if (!each.isEvent) continue
        const before = await tellingStore(tx, tables).before(each.articleId, each.edition)
        const isFollowed = before !== undefined && before.liveUntil === each.liveFrom
        const isCorrection = each.corrections.some(({ publishedAt }) => publishedAt === each.liveFrom)
        await tell.begun({ edition: each, before: isFollowed ? before : undefined, isCorrection })
      }
      for (const { articleId, isEvent } of ended) if (isEvent) await tell.ended('expired', articleId)
      for (const { articleId: id, card, liveFrom, liveUntil } of begun.toSorted(firstBegun)) {
        // What has ended meanwhile would only take the headline from the readers.
        if (now < liveFrom || now >= liveUntil) continue
        const { followed } = await pending.comeAliveIn(tx, clockCaller, { id, headline: headlineOf(card) })
        for (const each of followed) await audit.clockDidIn(tx, each.action, each.subject)
      }
      await store.supersede(endedBefore(now), due)
      await store.revive(now, due)
      const isMore = await store.listWords(unlisted)
      await store.forgetInstants(endedBefore(now))
      return isMore || Math.max(due.length, settled) >= AT_ONCE
    })
  }

  return {
    tick,

    /** Does what has become due every so often, until the function that it answers is called. */
    start(
      everyMs: number,
      onFault: (error: unknown) => void,
      isOurs: () => Promise<boolean> = always,
    ): () => Promise<void> {
      let isEnding = false
      let timer: NodeJS.Timeout | undefined
      let turns = 0
      const turn = async (): Promise<void> => {
        try {
          await audit.writeRefusals()
          const isTurn = await isOurs()
          while (isTurn && !isEnding && (await tick()));
          if (isTurn && !isEnding && turns++ % Math.ceil(3_600_000 / everyMs) === 0) {
            await writing.forgetOld()
            await db.tidy()
          }
        } catch (error) {
          onFault(error)
        }
        if (!isEnding) timer = setTimeout(begin, everyMs)
      }
      let current = Promise.resolve()
      const begin = () => {
        current = turn()
      }
      begin()
      return async () => {
        isEnding = true
        clearTimeout(timer)
        await current
        await audit.writeRefusals(true).catch(onFault)
      }
    },
  }
}

/** The order in which stories began, whatever the order of their rows: of two with one headline the first has the links. */
const firstBegun = (a: Begun, b: Begun): number =>
  `${a.liveFrom} ${a.articleId}` < `${b.liveFrom} ${b.articleId}` ? -1 : 1
type Begun = { liveFrom: string; articleId: string }

/** One process alone does everything. */
const always = async (): Promise<boolean> => true
