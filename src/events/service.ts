import type { Database, Db } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { type LoggedEvent, type NewEvent, publicKinds } from './schema.ts'
import { eventStore } from './store.ts'

// Owns the log of all changes. Promises that each is there exactly if its transaction is done, with a number that none
// before it lacks: the feed, the stream, the webhooks and the purges are readers of it, and nothing is sent elsewhere.

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
}

export type EventService = ReturnType<typeof eventService>

const isPublic = ({ kind }: Pick<NewEvent, 'kind'>): boolean => (publicKinds as readonly string[]).includes(kind)

export function eventService({ db, clock, ids }: Dependencies) {
  const { tables } = db

  return {
    /** Appends events as part of the caller's transaction: the last thing it does, as others wait for it from here on. */
    async appendIn(tx: Db, added: NewEvent[]): Promise<void> {
      if (added.length === 0) return
      const store = eventStore(tx, tables)
      const first = await store.take(added.length)
      const at = clock.now()
      await store.insert(
        added.map((event, n) => ({ ...event, seq: first + n, id: ids(), at, isPublic: isPublic(event) })),
      )
    },

    /** What came after number `seq`, in order. Readers without a key for the desk get what is public. */
    after: (seq: number, limit: number, { publicOnly }: { publicOnly: boolean }): Promise<LoggedEvent[]> =>
      eventStore(db.read, tables).after(seq, limit, publicOnly),

    /** The number of the newest event; 0 where there is none. */
    last: (): Promise<number> => eventStore(db.read, tables).last(),
  }
}
