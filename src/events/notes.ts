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

/** What was noted, once. The same thing told twice is told once; of what is deleted nobody has seen how it was changed before. */
export function takeNotes(tx: Db): NewEvent[] {
  const events = noted.get(tx) ?? []
  noted.delete(tx)
  const names = events.map((event) => JSON.stringify(event))
  const isDeletedAfter = (n: number, event: NewEvent) =>
    events.some((later, m) => m > n && later.kind.endsWith('.deleted') && subjectOf(later) === subjectOf(event))
  return events.filter(
    (event, n) => names.indexOf(names[n] ?? '') === n && !(event.kind.endsWith('.changed') && isDeletedAfter(n, event)),
  )
}

const subjectOf = ({ subjectKind, subjectId }: NewEvent): string => `${subjectKind} ${subjectId}`
