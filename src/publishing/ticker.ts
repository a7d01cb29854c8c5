import type { AuditService } from '../audit/service.ts'
import type { Database } from '../db/database.ts'
import type { RailService } from '../headlines/rails.ts'
import { type Clock, later } from '../shared/clock.ts'
import type { WritingService } from '../writing/service.ts'
import { SUPERSEDE_AFTER_MS } from './service.ts'
import { tickerStore } from './ticker-store.ts'

// Owns what happens by the clock alone. Readers do not wait for it: what they see is computed. It notes what has begun
// and ended, once on however many nodes, gives scheduled rails their versions, and keeps indexes and tables small.

const AT_ONCE = 200

interface Dependencies {
  db: Database
  clock: Clock
  audit: AuditService
  rails: RailService
  writing: WritingService
}

export function ticker({ db, clock, audit, rails, writing }: Dependencies) {
  const { tables } = db
  const read = tickerStore(db.read, tables)
  const endedBefore = (now: string) => later(now, -SUPERSEDE_AFTER_MS)

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
          await audit.clockDidIn(tx, action, { kind: 'article', id: articleId, version: contentVersion })
        }
      }
      const settled = await rails.settleDueIn(tx, AT_ONCE)
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
          if (!isEnding && turns++ % Math.ceil(3_600_000 / everyMs) === 0) {
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
