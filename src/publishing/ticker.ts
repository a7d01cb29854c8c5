import type { Caller } from '../access/schema.ts'
import type { AuditService } from '../audit/service.ts'
import type { Database, Db } from '../db/database.ts'
import type { PendingService } from '../headlines/pending.ts'
import type { RailService } from '../headlines/rails.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import type { Followed } from '../shared/write.ts'
import type { WritingService } from '../writing/service.ts'
import { earlier, headlineOf, SUPERSEDE_AFTER_MS } from './service.ts'
import { tickerStore } from './ticker-store.ts'

// Owns what happens by the clock alone. Readers do not wait for it: what they see is computed. It notes what has begun
// and ended, once on however many nodes, gives scheduled rails their versions, points what waited for a story at it, and
// keeps indexes and tables small.

const AT_ONCE = 200
const CLOCK = { id: '00000000-0000-7000-8000-000000000002', name: 'The clock' }
const clockCaller: Caller = { ...CLOCK, role: 'editor', scopes: [] }

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  audit: AuditService
  rails: RailService
  pending: PendingService
  writing: WritingService
}

export type Ticker = ReturnType<typeof ticker>

export function ticker({ db, clock, ids, audit, rails, pending, writing }: Dependencies) {
  const { tables } = db
  const read = tickerStore(db.read, tables)
  const endedBefore = (now: string) => earlier(now, SUPERSEDE_AFTER_MS)

  const note = (tx: Db, { action, subject }: Followed): Promise<void> =>
    audit.recordIn(tx, { actor: CLOCK, requestId: ids(), action, outcome: 'accepted', subject })

  /** Does what has become due, and answers whether there may be more. Writes nothing where nothing is due. */
  async function tick(): Promise<boolean> {
    const now = clock.now()
    const isDue = (await read.isDue(now, endedBefore(now))) || (await rails.isDue())
    if (!isDue) return false
    return db.write(async (tx) => {
      const store = tickerStore(tx, tables)
      const begun = await store.noteBegun(now, AT_ONCE)
      const ended = await store.noteEnded(now, AT_ONCE)
      for (const [action, noted] of [['goLive', begun] as const, ['expire', ended] as const]) {
        for (const { articleId, contentVersion, isEvent } of noted) {
          if (!isEvent) continue
          await note(tx, { action, subject: { kind: 'article', id: articleId, version: contentVersion } })
        }
      }
      // What a release brings with a story waits for it too, and so comes first.
      const settled = await rails.settleDueIn(tx, AT_ONCE)
      for (const { articleId: id, card, liveFrom, liveUntil } of begun.toSorted(firstBegun)) {
        // What has ended meanwhile would only take the headline from the readers.
        if (now < liveFrom || now >= liveUntil) continue
        const { followed } = await pending.comeAliveIn(tx, clockCaller, { id, headline: headlineOf(card) })
        for (const each of followed) await note(tx, each)
      }
      const superseded = await store.supersede(endedBefore(now), AT_ONCE)
      const revived = await store.revive(now, AT_ONCE)
      return Math.max(begun.length, ended.length, settled, superseded, revived) >= AT_ONCE
    })
  }

  return {
    tick,

    /** Does what has become due every so often, until the function that it answers is called. */
    start(everyMs: number, onFault: (error: unknown) => void): () => Promise<void> {
      let isEnding = false
      let timer: NodeJS.Timeout | undefined
      let turns = 0
      const turn = async (): Promise<void> => {
        try {
          while (!isEnding && (await tick()));
          await audit.writeRefusals()
          // Once an hour is enough for what is kept for a day.
          if (!isEnding && turns++ % Math.ceil(3_600_000 / everyMs) === 0) await writing.forgetOld()
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
