import type { Database } from '../db/database.ts'
import { type Clock, later } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { leaseStore } from './store.ts'

// Owns who of several processes does what only one should. A courtesy that saves work: what is done is safe for several at once, as a
// process may stop for longer than its lease and go on.

/** For how long others believe a process that has died: less than a schedule may be late. */
const LEASE_MS = 1_500
/** How far clocks of nodes may lie apart. */
const CLOCKS_APART_MS = 60_000

export type LeaseService = ReturnType<typeof leaseService>

export function leaseService({ db, clock, ids }: { db: Database; clock: Clock; ids: Ids }) {
  const { tables } = db
  const me = ids()
  const names = new Set<string>()

  return {
    /** Whether this process is to do it now: it has the lease, or gets it because nobody else has. */
    async isOurs(name: string): Promise<boolean> {
      const now = clock.now()
      const known = await leaseStore(db.read, tables).get(name)
      // One from further ahead than any is given is of a clock that was set back since: whoever had it may be dead for long.
      const free = { before: now, after: later(now, CLOCKS_APART_MS) }
      const isFree = known === undefined || known.until <= free.before || known.until > free.after
      if (!isFree && known.holder !== me) return false
      names.add(name)
      // While more than half of it is left, nothing needs to be written.
      if (!isFree && known.until > later(now, LEASE_MS / 2)) return true
      return db.write((tx) => leaseStore(tx, tables).take(name, me, later(now, LEASE_MS), free))
    },

    /** Lets others have all that this process has, at its end. */
    async release(): Promise<void> {
      for (const name of names) await db.write((tx) => leaseStore(tx, tables).release(name, me))
    },
  }
}
