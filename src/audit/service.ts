import type { Database, Db } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import type { Place } from '../shared/place.ts'
import { refusalBook } from './refusals.ts'
import type { Actor, AuditEntry, AuditFilters, Entry, Refusal } from './schema.ts'
import { type AuditRow, auditStore } from './store.ts'

// Owns the record of who did what. Promises one row per accepted write, in the write's own transaction, and one per
// refused credential. Never holds what a field said, nor a secret, so that what is erased is erased.

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
}

/** Who does what comes by the clock alone. */
export const CLOCK: Actor = { id: '00000000-0000-7000-8000-000000000002', name: 'The clock' }

/** How many entries an export reads at a time. */
const EXPORT_AT_ONCE = 500

export type AuditService = ReturnType<typeof auditService>

export function auditService({ db, clock, ids }: Dependencies) {
  const { tables } = db
  const read = auditStore(db.read, tables)
  const refusals = refusalBook()

  const list = async (filters: AuditFilters, limit: number, place: Place | undefined): Promise<AuditEntry[]> =>
    (await read.list(filters, limit, place)).map(shown)

  /** Notes something as part of the caller's transaction. */
  async function recordIn(tx: Db, { actor, requestId, action, outcome, subject }: Entry): Promise<void> {
    await auditStore(tx, tables).insert({
      id: ids(),
      at: clock.now(),
      actorId: actor?.id ?? null,
      actorName: actor?.name ?? null,
      requestId,
      outcome,
      action,
      times: 1,
      subjectKind: subject?.kind ?? null,
      subjectId: subject?.id ?? null,
      version: subject?.version ?? null,
      changed: subject?.changed ?? [],
    })
  }

  /** Notes what the clock did, as part of the caller's transaction. */
  const clockDidIn = (tx: Db, action: string, subject: NonNullable<Entry['subject']>): Promise<void> =>
    recordIn(tx, { actor: CLOCK, requestId: ids(), action, outcome: 'accepted', subject })

  return {
    clockDidIn,

    recordIn,

    /** Remembers a refused credential. Never fails and never waits: `writeRefusals` writes it. */
    noteRefusal: (refusal: Omit<Refusal, 'at' | 'times'>): void => refusals.note({ at: clock.now(), ...refusal }),

    /** Writes the refusals that are waiting, if there are any; they go on waiting where the database does not answer. */
    async writeRefusals(isEnd = false): Promise<void> {
      const taken = refusals.take(clock.now(), ids(), isEnd).map((each) => ({ id: ids(), ...each }))
      if (taken.length === 0) return
      await db
        .write((tx) => auditStore(tx, tables).insertOnce(taken.map(rowOf)))
        .catch((error: unknown) => {
          refusals.putBack(taken)
          throw error
        })
    },

    /** Newest first; going back from a place, in the opposite order. */
    list,

    /**
     * The same entries from the newest on, page after page, so that no more than one is in memory. What is noted after
     * the first page was read is newer than all that follows, and so is not in it.
     */
    async *pages(filters: AuditFilters): AsyncGenerator<AuditEntry[]> {
      let place: Place | undefined
      for (;;) {
        const entries = await list(filters, EXPORT_AT_ONCE, place)
        const last = entries.at(-1)
        if (last === undefined) return
        yield entries
        if (entries.length < EXPORT_AT_ONCE) return
        place = { direction: 'after', at: last.at, id: last.id }
      }
    },
  }
}

const rowOf = ({ id, at, actor, requestId, action, times }: Refusal & { id: string }): AuditRow => ({
  id,
  at,
  actorId: actor?.id ?? null,
  actorName: actor?.name ?? null,
  requestId,
  outcome: 'refused',
  action,
  times,
  subjectKind: null,
  subjectId: null,
  version: null,
  changed: [],
})

const shown = (row: AuditRow): AuditEntry => ({
  id: row.id,
  at: row.at,
  actor: row.actorId === null ? null : { id: row.actorId, name: row.actorName ?? '' },
  requestId: row.requestId,
  outcome: row.outcome,
  action: row.action,
  times: row.times,
  subject:
    row.subjectKind === null || row.subjectId === null
      ? null
      : { kind: row.subjectKind, id: row.subjectId, version: row.version, changed: row.changed },
})
