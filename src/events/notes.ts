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
  const told = new Set<string>()
  const once = events.filter((event) => {
    const name = JSON.stringify(event)
    return !told.has(name) && told.add(name)
  })
  const deleted = new Set<string>()
  // From the end, where it is known what was deleted after it.
  const kept = once.reverse().filter((event) => {
    if (event.kind.endsWith('.deleted')) deleted.add(subjectOf(event))
    return !(event.kind.endsWith('.changed') && deleted.has(subjectOf(event)))
  })
  return kept.reverse()
}

const subjectOf = ({ subjectKind, subjectId }: NewEvent): string => `${subjectKind} ${subjectId}`
