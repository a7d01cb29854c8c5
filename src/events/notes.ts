import type { Db } from '../db/database.ts'
import type { NewEvent } from './schema.ts'

// What happens in a transaction is noted while it goes on, and written into the log at its end (service.ts): from then on
// everybody else who writes waits, so that comes last.

const noted = new WeakMap<Db, NewEvent[]>()

/** Notes an event of the caller's transaction. Of one that is rolled back nothing is left. */
export function noteEvent(tx: Db, event: NewEvent): void {
  const known = noted.get(tx)
  if (known) known.push(event)
  else noted.set(tx, [event])
}

/** What was noted, once. The same thing told twice is told once. */
export function takeNotes(tx: Db): NewEvent[] {
  const events = noted.get(tx) ?? []
  noted.delete(tx)
  const names = events.map((event) => JSON.stringify(event))
  return events.filter((_, n) => names.indexOf(names[n] ?? '') === n)
}
