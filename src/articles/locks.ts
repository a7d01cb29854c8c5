import { requireScope } from '../access/guard.ts'
import type { Caller } from '../access/schema.ts'
import type { Database, Db } from '../db/database.ts'
import { type Clock, later } from '../shared/clock.ts'
import { Problem } from '../shared/problem.ts'
import { refuseAtRest } from './rules.ts'
import type { LockState } from './schema.ts'
import type { ArticleService } from './service.ts'
import { shownLock } from './shown.ts'
import { articleStore, type LockRow } from './store.ts'

// Owns the word of who is at work on an article. A courtesy: it ends by itself, and no write ever looks at it.

interface Dependencies {
  db: Database
  clock: Clock
  articles: ArticleService
}

export type LockService = ReturnType<typeof lockService>

export function lockService({ db, clock, articles }: Dependencies) {
  const { tables } = db

  /**
   * The next lock of an article, made out of the one that stands. One that is another's and has not ended is broken only
   * by who may write every article, and gives a reason.
   */
  async function takeIn(
    tx: Db,
    caller: Caller,
    id: string,
    reason: string | undefined,
    make: Make,
  ): Promise<LockState> {
    refuseAtRest(await articles.holdIn(tx, caller, id), 'lock')
    const store = articleStore(tx, tables)
    const row = await store.lockOf(id)
    const now = clock.now()
    const lock = shownLock(row, now)
    let broken = row?.broken ?? null
    if (lock !== null && lock.id !== caller.id) {
      if (reason === undefined) {
        throw new Problem('locked', `${lock.name} is at work on it until ${lock.until}.`, {
          members: { lockedBy: lock },
        })
      }
      requireScope(caller, 'articles:write')
      const by = { id: caller.id, name: caller.name }
      broken = { from: { id: lock.id, name: lock.name }, by, reason, at: now }
    }
    const next = make(row, now, lock?.id === caller.id ? lock.since : now)
    if (next === undefined) return shown(id, row, now)
    const made = { ...next, articleId: id, broken }
    await store.setLock(made)
    return shown(id, made, now)
  }

  return {
    get: async (caller: Caller, id: string): Promise<LockState> =>
      shown(id, (await articles.findIn(db.read, caller, id)).lock, clock.now()),

    /** Takes the lock, or renews it for its holder. */
    lockIn: (tx: Db, caller: Caller, id: string, expiresInS: number, breakReason: string | undefined) =>
      takeIn(tx, caller, id, breakReason, (_row, now, since) => ({
        holderId: caller.id,
        holderName: caller.name,
        since,
        until: later(now, expiresInS * 1000),
      })),

    /** Ends the lock now. Where there is none, nothing happens. */
    unlockIn: (tx: Db, caller: Caller, id: string, reason: string | undefined) =>
      takeIn(tx, caller, id, reason, (row, now) => row && { ...row, until: now < row.until ? now : row.until }),
  }
}

type Make = (row: LockRow | undefined, now: string, since: string) => Omit<LockRow, 'articleId' | 'broken'> | undefined

/** With its article's id: an answer that is kept for a repetition is found by it when the article is erased. */
const shown = (articleId: string, row: LockRow | null | undefined, now: string): LockState => ({
  articleId,
  lockedBy: shownLock(row, now),
  broken: row?.broken ?? null,
})
