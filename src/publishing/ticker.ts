import type { ArticleService } from '../articles/service.ts'
import type { AuditService } from '../audit/service.ts'
import type { Database } from '../db/database.ts'
import type { RailService } from '../headlines/rails.ts'
import type { LinkWindows } from '../headlines/windows.ts'
import { type Clock, later } from '../shared/clock.ts'
import type { WritingService } from '../writing/service.ts'
import type { ClockNotes } from './due.ts'
import { SUPERSEDE_AFTER_MS } from './service.ts'
import { tickerStore } from './ticker-store.ts'

// Owns what happens by the clock alone. Readers do not wait for it: what they see is computed. It notes what has begun
// and ended (due.ts), gives scheduled rails their versions, tells of links that come and go, notes words that have become public, and keeps indexes and tables small.

const AT_ONCE = 200
/** Instants are kept for so long, as by another clock, or by this one when it is set right, they may not have come. */
const INSTANTS_KEPT_MS = 24 * 3_600_000

interface Dependencies {
  db: Database
  clock: Clock
  audit: AuditService
  articles: ArticleService
  rails: RailService
  windows: LinkWindows
  noteDue: ClockNotes
  writing: WritingService
}

export function ticker({ db, clock, audit, articles, rails, windows, noteDue, writing }: Dependencies) {
  const { tables } = db
  const read = tickerStore(db.read, tables)
  const endedBefore = (now: string) => later(now, -SUPERSEDE_AFTER_MS)

  /** Does what has become due, and answers whether there may be more. Writes nothing where nothing is due. */
  async function tick(): Promise<boolean> {
    const now = clock.now()
    const due = await read.due(now, endedBefore(now), AT_ONCE)
    const unlisted = await read.unlistedWords(now)
    if (due.length + unlisted.length === 0 && !(await rails.isDue()) && !(await windows.isDue())) return false
    return db.write(async (tx) => {
      const store = tickerStore(tx, tables)
      // Articles, rails, and then what hangs on them: in the order of a release, or the two would wait for each other.
      await articles.holdAllIn(tx, [...new Set([...due, ...unlisted.map(({ articleId }) => articleId)])])
      const settled = await rails.settleDueIn(tx, AT_ONCE)
      await noteDue(tx, now, due)
      await windows.tellDueIn(tx, AT_ONCE)
      await store.supersede(endedBefore(now), due)
      await store.revive(now, due)
      const isMore = await store.listWords(unlisted)
      await store.forgetInstants(later(now, -INSTANTS_KEPT_MS))
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

/** One process alone does everything. */
const always = async (): Promise<boolean> => true
