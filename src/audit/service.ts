import type { Database, Db } from '../db/database.ts'
import type { Clock } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import type { Entry } from './schema.ts'
import { auditStore } from './store.ts'

// Owns the record of who did what. Promises one row per accepted write, in the write's own transaction, and one per
// refused credential. Never holds what a field said, nor a secret, so that what is erased is erased.

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
}

export type AuditService = ReturnType<typeof auditService>

export function auditService({ db, clock, ids }: Dependencies) {
  const { tables } = db

  /** Notes something as part of the caller's transaction. */
  const recordIn = async (tx: Db, { actor, requestId, action, outcome, subject }: Entry): Promise<void> => {
    await auditStore(tx, tables).insert({
      id: ids(),
      at: clock.now(),
      actorId: actor?.id ?? null,
      actorName: actor?.name ?? null,
      requestId,
      outcome,
      action,
      subjectKind: subject?.kind ?? null,
      subjectId: subject?.id ?? null,
      version: subject?.version ?? null,
      changed: subject?.changed ?? [],
    })
  }

  return { recordIn }
}
