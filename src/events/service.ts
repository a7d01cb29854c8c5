import type { Database, Db } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import { takeNotes } from './notes.ts'
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

  /** Appends events as part of the caller's transaction: the last thing it does, as others wait for it from here on. */
  async function appendIn(tx: Db, added: NewEvent[]): Promise<void> {
    if (added.length === 0) return
    const store = eventStore(tx, tables)
    const ofPublic = added.filter(isPublic).length
    const { last, lastPublic } = await store.take(added.length, ofPublic)
    const at = clock.now()
    let next = lastPublic - ofPublic
    const rows = added.map((event, n) => ({
      ...event,
      seq: last - added.length + n + 1,
      publicSeq: isPublic(event) ? ++next : null,
      id: ids(),
      at,
      isPublic: isPublic(event),
    }))
    await store.insert(rows)
  }

  // What was noted while a transaction went on (notes.ts) is the last that it writes.
  db.atEnd.commit = (tx) => appendIn(tx, takeNotes(tx))
  db.atEnd.rollback = (tx) => void takeNotes(tx)

  return {
    appendIn,

    /** What came after number `seq`, in order: only what is public, or all but what is of subjects of `hidden` kinds. */
    after: (
      seq: number,
      limit: number,
      { publicOnly = false, hidden = [] }: { publicOnly?: boolean; hidden?: string[] } = {},
    ): Promise<LoggedEvent[]> => eventStore(db.read, tables).after(seq, limit, publicOnly, hidden),

    /** What readers may know of that came after their number, each with its number among these. */
    publicAfter: (publicSeq: number, limit: number): Promise<LoggedEvent[]> =>
      eventStore(db.read, tables).publicAfter(publicSeq, limit),

    /** The number of the newest event; 0 where there is none. */
    last: (): Promise<number> => eventStore(db.read, tables).last(),

    /** The same among those that readers may know of. */
    lastPublic: (): Promise<number> => eventStore(db.read, tables).lastPublic(),
  }
}
