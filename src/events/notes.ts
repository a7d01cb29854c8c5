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

/**
 * What was noted, once. The same thing told twice is told where it comes last, so that the last word of a subject stays its last; of
 * what is deleted nobody has seen how it was changed before.
 */
export function takeNotes(tx: Db): NewEvent[] {
  const events = noted.get(tx) ?? []
  noted.delete(tx)
  const [told, deleted] = [new Set<string>(), new Set<string>()]
  const kept = events.toReversed().filter((event) => {
    const [name, subject] = [JSON.stringify(event), subjectOf(event)]
    if (told.has(name) || (event.kind.endsWith('.changed') && deleted.has(subject))) return false
    told.add(name)
    if (event.kind.endsWith('.deleted')) deleted.add(subject)
    return true
  })
  return kept.reverse()
}

const subjectOf = ({ subjectKind, subjectId }: NewEvent): string => `${subjectKind} ${subjectId}`
