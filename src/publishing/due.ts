import type { Caller } from '../access/schema.ts'
import type { ArticleService } from '../articles/service.ts'
import { type AuditService, CLOCK } from '../audit/service.ts'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import type { PendingService } from '../headlines/pending.ts'
import { headlineOf } from './edition.ts'
import { telling } from './telling.ts'
import { tellingStore } from './telling-store.ts'
import { tickerStore } from './ticker-store.ts'

const clockCaller: Caller = { ...CLOCK, role: 'editor', scopes: [] }

interface Dependencies {
  tables: Tables
  articles: ArticleService
  audit: AuditService
  pending: PendingService
}

/**
 * Notes what the clock has done to articles and nobody has noted yet, as part of a transaction that holds them: once, on
 * however many nodes. The ticker does so as soon as it can, and whoever changes an article before that does it first, so that
 * the log tells everything in the order in which it happened. `goesOn` is whether they stay as they are: no link is pointed at
 * a story that somebody ends or replaces.
 */
export const clockNotes =
  ({ tables, articles, audit, pending }: Dependencies) =>
  async (tx: Db, now: string, articleIds: string[], goesOn = true): Promise<void> => {
    // Before what hangs on them, as everywhere: two who go the other way would wait for each other.
    await articles.holdAllIn(tx, articleIds)
    const store = tickerStore(tx, tables)
    const begun = await store.noteBegun(now, articleIds)
    const ended = await store.noteEnded(now, articleIds)
    const happened = [
      ...ended.map((each) => ({ ...each, at: each.liveUntil, isEnd: true as const })),
      ...begun.map((each) => ({ ...each, at: each.liveFrom, isEnd: false as const })),
    ]
    const tell = telling(tx, tables, now)
    // What ended at an instant comes before what began then.
    for (const each of happened.toSorted(firstHappened)) {
      const { articleId, contentVersion } = each
      if (!each.isEvent) continue
      const subject = { kind: 'article', id: articleId, version: contentVersion }
      await audit.clockDidIn(tx, each.isEnd ? 'expire' : 'goLive', subject)
      if (each.isEnd) await tell.ended('expired', articleId, { edition: each })
      else {
        const before = await tellingStore(tx, tables).before(articleId, each.edition)
        const isFollowed = before !== undefined && before.liveUntil === each.liveFrom
        const isCorrection = each.corrections.some(({ publishedAt }) => publishedAt === each.liveFrom)
        await tell.begun({ edition: each, before: isFollowed ? before : undefined, isCorrection })
      }
    }
    for (const { articleId: id, card, liveFrom, liveUntil } of begun.toSorted(firstBegun)) {
      // What has ended meanwhile would only take the headline from the readers.
      if (!goesOn || now < liveFrom || now >= liveUntil) continue
      const { followed } = await pending.comeAliveIn(tx, clockCaller, { id, headline: headlineOf(card) })
      for (const each of followed) await audit.clockDidIn(tx, each.action, each.subject)
    }
  }

export type ClockNotes = ReturnType<typeof clockNotes>

type Happened = { at: string; isEnd: boolean; articleId: string }
const firstHappened = (a: Happened, b: Happened): number => (placeOf(a) < placeOf(b) ? -1 : 1)
const placeOf = ({ at, isEnd, articleId }: Happened): string => `${at} ${isEnd ? 0 : 1} ${articleId}`

/** The order in which stories began, whatever the order of their rows: of two with one headline the first has the links. */
const firstBegun = (a: Begun, b: Begun): number =>
  `${a.liveFrom} ${a.articleId}` < `${b.liveFrom} ${b.articleId}` ? -1 : 1
type Begun = { liveFrom: string; articleId: string }
