import type { Caller } from '../access/schema.ts'
import type { WriteContext } from '../access/writes.ts'
import type { AuditService } from '../audit/service.ts'
import type { Database, Db } from '../db/database.ts'
import { noteEvent } from '../events/notes.ts'
import { type Clock, later } from '../shared/clock.ts'
import { Problem } from '../shared/problem.ts'
import type { Ready, Written } from '../shared/write.ts'
import { REMEMBERED_MS } from './rules.ts'
import { type RememberedRow, writingStore } from './store.ts'

// Owns what every write of the API has in common: its one transaction, with the audit and the Idempotency-Key in it, and
// the dry run, which is the same transaction rolled back. Leaves what is written to the features.

interface Dependencies {
  db: Database
  clock: Clock
  audit: AuditService
}

/** Who asks for a write, and how. */
export interface Asked {
  caller: Caller
  requestId: string
  isDryRun: boolean
  /** Several writes: nobody else waits for these to be answered. */
  isBatch?: boolean
  /** Where the request may be repeated: digests of what it is known by and of all that it asks for. */
  once?: { digest: string; request: string; keepsAnswer: boolean }
}

export type WritingService = ReturnType<typeof writingService>

export function writingService({ db, clock, audit }: Dependencies) {
  const { tables } = db
  const rememberedSince = (): string => later(clock.now(), -REMEMBERED_MS)

  /** One write as part of a transaction, with its row in the audit and those of what followed from it. */
  async function doIn(context: WriteContext, operationId: string, ready: Ready<WriteContext>): Promise<Written> {
    const written = await ready(context)
    const { tx, caller: actor, requestId } = context
    const all = [{ action: operationId, subject: written.subject }, ...(written.followed ?? [])]
    for (const each of all) {
      await audit.recordIn(tx, { actor, requestId, outcome: 'accepted', ...each })
      const { kind, id, version, changed } = each.subject
      const payload = { ...(version !== undefined && { version }), ...(changed && { changed }) }
      noteEvent(tx, { kind: `desk.${each.action}`, subjectKind: kind, subjectId: id, payload })
    }
    return written
  }

  /** Does the work the first time that the caller sends this key, and gives its answer again every other time. */
  async function onceIn(tx: Db, { id }: Caller, once: NonNullable<Asked['once']>, work: () => Promise<Written>) {
    const store = writingStore(tx, tables)
    const { digest, request, keepsAnswer } = once
    await store.forget(id, digest, rememberedSince())
    const row = { callerId: id, digest, request, status: 0, headers: {}, body: null, createdAt: clock.now() }
    while (!(await store.claim(row))) {
      const known = await store.byDigest(id, digest)
      // Where its day ended just now, somebody has forgotten it: then it can be taken.
      if (known) return again(known, request)
    }
    const written = await work()
    const { status = 200, headers = {}, body, erases = false } = written
    const text = body === undefined ? '' : JSON.stringify(body)
    const kept = keepsAnswer && !(erases && text !== '') ? text : null
    await store.answer(id, digest, { status, headers, body: kept })
    return written
  }

  return {
    /**
     * Carries out what is asked for as one transaction, with what `each` does for every single write in it. A request
     * that is repeated under its key while the first is at work waits for it, and is given its answer.
     */
    carryOut({ caller, requestId, isDryRun, isBatch = false, once }: Asked, work: Work): Promise<Written> {
      const inTransaction = (tx: Db) => {
        const context = { tx, caller, requestId, isDryRun }
        return work((operationId, ready) => doIn(context, operationId, ready))
      }
      if (isDryRun) return undone(db, inTransaction)
      return db.write((tx) => (once ? onceIn(tx, caller, once, () => inTransaction(tx)) : inTransaction(tx)), !isBatch)
    },

    /** Forgets the keys whose time is over. */
    forgetOld: () => db.write((tx) => writingStore(tx, tables).forgetAll(rememberedSince())),
  }
}

/** What is done in the one transaction: one write, or several. */
export type Work = (each: (operationId: string, ready: Ready<WriteContext>) => Promise<Written>) => Promise<Written>

/** The answer of the request that was done under this key. */
function again(row: RememberedRow, request: string): Written {
  if (row.request !== request) {
    throw new Problem(
      'idempotency-key-reused',
      'This Idempotency-Key was sent with another request. Take a new one for each thing that you want done.',
    )
  }
  if (row.body === null) {
    const { location } = row.headers
    throw new Problem(
      'already-done',
      'This was done by an earlier request with this Idempotency-Key; its answer is not kept.',
      { headers: location === undefined ? {} : { location } },
    )
  }
  const body: unknown = row.body === '' ? undefined : JSON.parse(row.body)
  const headers = { ...row.headers, 'idempotency-replayed': 'true' }
  return { status: row.status, headers, body, subject: { kind: 'replay', id: '' } }
}

/** Carries a write out to its end, and then undoes all of it. */
async function undone<T>(db: Database, work: (tx: Db) => Promise<T>): Promise<T> {
  const done: { result?: T } = {}
  const rollBack = new Error('A dry run is rolled back')
  await db
    .write(async (tx) => {
      done.result = await work(tx)
      throw rollBack
    })
    .catch((error: unknown) => {
      if (error !== rollBack) throw error
    })
  return done.result as T
}
