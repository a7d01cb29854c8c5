import type { Readable } from 'node:stream'
import type { Caller } from '../access/schema.ts'
import type { AuditService } from '../audit/service.ts'
import type { Database } from '../db/database.ts'
import { noteEvent } from '../events/notes.ts'
import { type Clock, later } from '../shared/clock.ts'
import { holding } from '../shared/holding.ts'
import type { Ids } from '../shared/ids.ts'
import { invalidField, Problem } from '../shared/problem.ts'
import { type JobOptions, LEASE_MS, noCounts } from './schema.ts'
import { importingStore, type JobRow } from './store.ts'
import { notTheOnly, type UploadFolder, type Written } from './uploads.ts'

// Owns how the files of imports come in. Promises that each byte is taken once and at its place, however often and by however many a part
// is sent, and that what has come of a part stays where its connection breaks.

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  audit: AuditService
  uploads: UploadFolder
  renewMs: number
}

export const noSuchImport = () => new Problem('not-found', 'There is no such import.')

export function receiving({ db, clock, ids, audit, uploads, renewMs }: Dependencies) {
  const { tables } = db
  const change = (id: string, set: Partial<JobRow>, sender?: string) =>
    db.write((tx) => importingStore(tx, tables).updateJob(id, ['receiving'], set, sender))

  /** Takes a part of a file, which is `sender`'s to send; with the last one, it waits to be imported. */
  async function receive(job: JobRow, sender: string, content: Readable, isLast: boolean): Promise<JobRow> {
    const hold = holding({
      clock,
      leaseMs: LEASE_MS,
      everyMs: renewMs,
      renew: (until) => change(job.id, { workerUntil: until }, sender),
    })
    const { bytes, brokenBy } = await uploads
      .write(job.id, job.bytes, content, hold.isOurs)
      .catch((error: unknown): Written => ({ bytes: job.bytes, brokenBy: error }))
      .finally(hold.end)
    const isWhole = isLast && brokenBy === undefined && bytes > 0
    const set = {
      // What was refused is not taken in part.
      bytes: brokenBy instanceof Problem ? job.bytes : bytes,
      ...{ worker: null, workerUntil: null },
      ...(isWhole && { state: 'waiting' as const }),
    }
    const isTaken = await change(job.id, set, sender)
    if (brokenBy !== undefined) {
      // The rest is read, or the answer would not be.
      content.resume()
      throw brokenBy
    }
    if (isLast && bytes === 0) {
      throw invalidField('#', 'empty', 'The file is empty: send it as the body of the request.')
    }
    if (!isTaken) throw new Problem('invalid-transition', 'This import takes no more: it has begun, or was canceled.')
    return { ...job, ...set }
  }

  return {
    /** A new import, with its file or the beginning of it. */
    async create(
      caller: Caller,
      requestId: string,
      options: JobOptions,
      content: Readable,
      isLast: boolean,
    ): Promise<JobRow> {
      const id = ids()
      const sender = ids()
      const now = clock.now()
      const by = { callerId: caller.id, callerName: caller.name }
      const job: JobRow = {
        ...{ id, state: 'receiving', options, ...by, createdAt: now, finishedAt: null, bytes: 0, bytesRead: 0 },
        ...{ counts: noCounts(), error: null, tries: 0, worker: sender, workerUntil: later(now, LEASE_MS) },
      }
      await db.write(async (tx) => {
        await importingStore(tx, tables).addJob(job)
        const subject = { kind: 'import', id }
        await audit.recordIn(tx, { actor: caller, requestId, action: 'createImport', outcome: 'accepted', subject })
        noteEvent(tx, { kind: 'desk.createImport', subjectKind: 'import', subjectId: id, payload: {} })
      })
      try {
        return await receive(job, sender, content, isLast)
      } catch (error) {
        // Who sends in parts goes on with what has come, which the list of imports tells.
        if (isLast || error instanceof Problem) {
          await change(id, { state: 'canceled', finishedAt: clock.now() })
          await uploads.remove(id)
        }
        throw error
      }
    },

    /** More of a file. `offset` must be where it stands, so that a part that is sent again is not taken twice. */
    async addContent(id: string, offset: number, content: Readable, isLast: boolean): Promise<JobRow> {
      const sender = ids()
      const now = clock.now()
      const job = await db.write((tx) =>
        importingStore(tx, tables).takePart(id, offset, sender, now, later(now, LEASE_MS)),
      )
      if (job !== undefined) return receive(job, sender, content, isLast)
      content.resume()
      const standing = await importingStore(db.read, tables).job(id)
      if (standing === undefined) throw noSuchImport()
      if (standing.state !== 'receiving')
        throw new Problem('invalid-transition', 'This import takes no more: its file is whole.')
      if (standing.bytes !== offset)
        throw invalidField('#/offset', 'not-the-next', `${standing.bytes} bytes have come: send what follows them.`)
      throw notTheOnly()
    },
  }
}
