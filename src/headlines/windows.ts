import type { Database, Db } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import { listEditionStore } from './edition-store.ts'
import { windowsIn } from './showing.ts'
import { listTelling } from './telling.ts'

// Owns what the clock does to links that have a window of time: readers do not wait for it, but whoever follows the log has
// to hear that a list is another one now.

export type LinkWindows = ReturnType<typeof linkWindows>

export function linkWindows({ db, clock }: { db: Database; clock: Clock }) {
  const { tables } = db
  const tell = listTelling(db, clock)

  return {
    /** Whether there is something for `tellDueIn`. */
    isDue: async (): Promise<boolean> =>
      (await listEditionStore(db.read, tables).dueWindows(clock.now(), 1)).length > 0,

    /** Tells of lists in which a link has come or gone by the clock, at most so many, each time once on however many nodes. */
    async tellDueIn(tx: Db, most: number): Promise<void> {
      const now = clock.now()
      const store = listEditionStore(tx, tables)
      const due = await store.takeWindows(await store.dueWindows(now, most))
      const lists = await store.visible([...new Set(due.map(({ listId }) => listId))], now)
      for (const { listId, key, items } of lists) {
        // The link may have been taken out since, or may be in what readers do not have.
        const instants = due.filter((each) => each.listId === listId).map(({ at }) => at)
        if (await windowsIn(tx, tables, items, instants, now)) await tell.changedIn(tx, { id: listId, key }, ['items'])
      }
    },
  }
}
