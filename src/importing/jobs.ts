import type { Readable } from 'node:stream'
import type { Caller } from '../access/schema.ts'
import type { AccessService } from '../access/service.ts'
import type { AuditService } from '../audit/service.ts'
import type { Database, Db } from '../db/database.ts'
import { noteEvent } from '../events/notes.ts'
import { type Clock, later } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import type { Place } from '../shared/place.ts'
import { invalidField, Problem } from '../shared/problem.ts'
import type { ArchiveImporter } from './importer.ts'
import { recordsOf } from './records.ts'
import { type ImportCounts, type ImportResult, type JobOptions, noCounts, type Reported } from './schema.ts'
import { sourceOf } from './sources.ts'
import { importingStore, type JobRow, type RecordRow } from './store.ts'
import type { UploadFolder } from './uploads.ts'

// Owns imports that were sent to the API: their files, how far they are, and their reports. Promises that an import goes on
// where it stood after a crash, that its report is never ahead of or behind what was done, and that one process works on it at a time.

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  audit: AuditService
  access: AccessService
  imports: ArchiveImporter
  uploads: UploadFolder
}

/** What a file is called in reports of which nobody has said it. */
export const UNNAMED = 'upload'
/** For how long others leave an import to the process that works on it. */
const LEASE_MS = 20_000
/** How long a file may take to come. */
const RECEIVING_MS = 24 * 3_600_000

export type ImportJobs = ReturnType<typeof importJobs>

export function importJobs({ db, clock, ids, audit, access, imports, uploads }: Dependencies) {
  const { tables } = db
  const read = importingStore(db.read, tables)
  const me = ids()
  let isEnding = false

  async function find(id: string): Promise<JobRow> {
    const job = await read.job(id)
    if (!job) throw new Problem('not-found', 'There is no such import.')
    return job
  }

  /** Takes what has come of a file; whole, it waits to be imported. */
  async function receive(job: JobRow, offset: number, content: Readable, isWhole: boolean): Promise<JobRow> {
    const bytes = await uploads.append(job.id, offset, content)
    if (isWhole && bytes === 0)
      throw invalidField('#', 'empty', 'The file is empty: send it as the body of the request.')
    const set = { bytes, ...(isWhole && { state: 'waiting' as const }) }
    const isTaken = await db.write((tx) => importingStore(tx, tables).updateJob(job.id, ['receiving'], set))
    if (!isTaken) throw new Problem('invalid-transition', 'This import takes no more: it has begun, or was canceled.')
    return { ...job, ...set }
  }

  /** Notes what was done with some records, as part of their transaction. */
  async function note(tx: Db, id: string, reported: Reported[], bytesRead: number): Promise<void> {
    const store = importingStore(tx, tables)
    const counts = (await store.job(id))?.counts ?? noCounts()
    const number = total(counts)
    for (const { result } of reported) counts[result]++
    const set = { counts, bytesRead, workerUntil: later(clock.now(), LEASE_MS) }
    if (!(await store.updateJob(id, ['running'], set, me))) throw new TakenAway()
    await store.addRecords(reported.map((each, n) => rowOf(id, number + n + 1, each)))
  }

  async function run(job: JobRow): Promise<void> {
    const caller = await access.holderIn(db.read, job.callerId)
    if (caller === undefined) throw new Problem('unauthenticated', 'The key that it was sent with has been revoked.')
    const { file, format, encoding, site, ...how } = job.options
    let bytesRead = 0
    const source = await sourceOf({ path: uploads.pathOf(job.id), name: file ?? UNNAMED, size: job.bytes }, (by) => {
      bytesRead += by
    })
    const records = recordsOf([source], format, {
      encoding: encoding ?? undefined,
      site: site ?? undefined,
      isUnnamed: file === null,
    })
    const also = (tx: Db, reported: Reported[]) => note(tx, job.id, reported, bytesRead)
    // What was done before a crash is passed over: the same file gives the same records in the same order.
    for await (const reported of imports.import(caller, skipping(records, total(job.counts)), how, also)) {
      if (how.isDryRun) await db.write((tx) => also(tx, reported))
      if (isEnding) throw new TakenAway()
    }
  }

  async function finish(job: JobRow, state: 'done' | 'failed', error: string | null): Promise<void> {
    await db.write(async (tx) => {
      const set = {
        state,
        error,
        finishedAt: clock.now(),
        workerUntil: null,
        ...(state === 'done' && { bytesRead: job.bytes }),
      }
      if (!(await importingStore(tx, tables).updateJob(job.id, ['running'], set, me))) throw new TakenAway()
    })
    await uploads.remove(job.id)
  }

  /** Works on one import to its end. What is taken away from it, or broken off, is left to others. */
  async function work(job: JobRow): Promise<void> {
    try {
      await run(job)
      await finish(job, 'done', null)
    } catch (error) {
      if (error instanceof TakenAway) {
        if (!isEnding) return
        await db.write((tx) => importingStore(tx, tables).updateJob(job.id, ['running'], { workerUntil: null }, me))
      } else if (error instanceof Problem && error.status < 500) await finish(job, 'failed', error.message)
      else throw error
    }
  }

  return {
    find,
    list: (limit: number, place: Place | undefined) => read.jobs(limit, place),
    records: (id: string, result: ImportResult | undefined, limit: number, place: Place | undefined) =>
      read.records(id, result, limit, place),

    /** A new import, with its file or the beginning of it. */
    async create(caller: Caller, requestId: string, options: JobOptions, content: Readable, isWhole: boolean) {
      const id = ids()
      const by = { callerId: caller.id, callerName: caller.name }
      const job: JobRow = {
        ...{ id, state: 'receiving', options, ...by, createdAt: clock.now(), finishedAt: null, bytes: 0, bytesRead: 0 },
        ...{ counts: noCounts(), error: null, worker: null, workerUntil: null },
      }
      await db.write(async (tx) => {
        await importingStore(tx, tables).addJob(job)
        const subject = { kind: 'import', id }
        await audit.recordIn(tx, { actor: caller, requestId, action: 'createImport', outcome: 'accepted', subject })
        noteEvent(tx, { kind: 'desk.createImport', subjectKind: 'import', subjectId: id, payload: {} })
      })
      try {
        return await receive(job, 0, content, isWhole)
      } catch (error) {
        await db.write((tx) =>
          importingStore(tx, tables).updateJob(id, ['receiving'], { state: 'canceled', finishedAt: clock.now() }),
        )
        await uploads.remove(id)
        throw error
      }
    },

    /** More of a file. `offset` must be where it stands, so that a part that is sent again is not taken twice. */
    async addContent(id: string, offset: number, content: Readable, isWhole: boolean): Promise<JobRow> {
      const job = await find(id)
      if (job.state === 'receiving' && offset === job.bytes) return receive(job, offset, content, isWhole)
      content.resume()
      if (job.state !== 'receiving')
        throw new Problem('invalid-transition', 'This import takes no more: its file is whole.')
      throw invalidField('#/offset', 'not-the-next', `${job.bytes} bytes have come: send what follows them.`)
    },

    /** Ends an import where it stands; what was done stays. */
    async cancelIn(tx: Db, id: string): Promise<JobRow> {
      const job = await importingStore(tx, tables).job(id)
      if (!job) throw new Problem('not-found', 'There is no such import.')
      const set = { state: 'canceled' as const, finishedAt: clock.now(), workerUntil: null }
      if (!(await importingStore(tx, tables).updateJob(id, ['receiving', 'waiting', 'running'], set))) {
        throw new Problem('invalid-transition', `The import is ${job.state} already.`)
      }
      return { ...job, ...set }
    },

    /** Does all imports that wait here. Answers how many. */
    async tick(): Promise<number> {
      let many = 0
      for (const { id } of await read.idle(clock.now())) {
        // Another node may have its file.
        if (!(await uploads.isHere(id))) continue
        const now = clock.now()
        const job = await db.write((tx) => importingStore(tx, tables).takeJob(id, me, now, later(now, LEASE_MS)))
        if (job === undefined) continue
        await work(job)
        many++
      }
      return many
    },

    /** Removes files that nobody waits for any more. */
    async tidy(): Promise<void> {
      for (const { id } of await read.stale(later(clock.now(), -RECEIVING_MS))) {
        await db.write((tx) =>
          importingStore(tx, tables).updateJob(id, ['receiving'], { state: 'canceled', finishedAt: clock.now() }),
        )
      }
      for (const id of await uploads.ids()) {
        const job = await read.job(id)
        if (job === undefined || ['done', 'failed', 'canceled'].includes(job.state)) await uploads.remove(id)
      }
    },

    /** Looks for imports every so often, until the function that it answers is called. */
    start(everyMs: number, onFault: (error: unknown) => void): () => Promise<void> {
      let timer: NodeJS.Timeout | undefined
      let turn: Promise<unknown> = Promise.resolve()
      let turns = 0
      const next = () => {
        turn = (turns++ % 1_000 === 0 ? this.tidy() : Promise.resolve())
          .then(() => this.tick())
          .catch(onFault)
          .finally(() => {
            if (!isEnding) timer = setTimeout(next, everyMs)
          })
      }
      next()
      return async () => {
        isEnding = true
        clearTimeout(timer)
        await turn
      }
    },
  }
}

const total = (counts: ImportCounts): number => Object.values(counts).reduce((sum, many) => sum + many, 0)

/** Somebody else works on it now, or nobody is to. */
class TakenAway extends Error {}

async function* skipping<Each>(all: AsyncIterable<Each>, many: number): AsyncIterable<Each> {
  let left = many
  for await (const each of all) if (left-- <= 0) yield each
}

const rowOf = (jobId: string, number: number, each: Reported): RecordRow => ({
  ...{
    jobId,
    number,
    result: each.result,
    source: each.source,
    line: each.line ?? null,
    sourceId: each.sourceId ?? null,
  },
  ...{
    articleId: each.articleId ?? null,
    railKey: each.railKey ?? null,
    why: each.why ?? null,
    warnings: each.warnings,
  },
})
