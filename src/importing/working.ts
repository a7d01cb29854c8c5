import type { AccessService } from '../access/service.ts'
import type { Database, Db } from '../db/database.ts'
import { databaseProblem, sqlState } from '../db/failure.ts'
import { type Clock, later } from '../shared/clock.ts'
import { holding } from '../shared/holding.ts'
import { Problem } from '../shared/problem.ts'
import type { ArchiveImporter } from './importer.ts'
import { LEASE_MS, noCounts, type Reported, totalOf } from './schema.ts'
import { sourceOf } from './sources.ts'
import { importingStore, type JobRow, type RecordRow } from './store.ts'
import type { UploadFolder } from './uploads.ts'

// Owns the work on one import that a process has taken. Promises that its report is never ahead of or behind what was done, and that
// it ends: done, given back, or failed with the reason.

interface Dependencies {
  db: Database
  clock: Clock
  access: AccessService
  imports: ArchiveImporter
  uploads: UploadFolder
  renewMs: number
  /** The name of this process among those that work. */
  me: string
  isEnding: () => boolean
}

/** What a file is called in reports of which nobody has said it. */
export const UNNAMED = 'upload'
/** How often an import is tried that fails at the same place. */
const TRIES_MAX = 3

export function jobWork({ db, clock, access, imports, uploads, renewMs, me, isEnding }: Dependencies) {
  const { tables } = db
  /** Changes a job that this process works on. */
  const change = (id: string, set: Partial<JobRow>) =>
    db.write((tx) => importingStore(tx, tables).updateJob(id, ['running'], set, me))

  /** Notes what was done with some records, as part of their transaction. */
  async function note(tx: Db, id: string, reported: Reported[], bytesRead: number): Promise<void> {
    const store = importingStore(tx, tables)
    const counts = (await store.job(id))?.counts ?? noCounts()
    const number = totalOf(counts)
    for (const { result } of reported) counts[result]++
    const set = { counts, bytesRead, tries: 0, workerUntil: later(clock.now(), LEASE_MS) }
    if (!(await store.updateJob(id, ['running'], set, me))) throw new TakenAway()
    await store.addRecords(reported.map((each, n) => rowOf(id, number + n + 1, each)))
  }

  /** Imports a file. `goOn` is asked again and again, and throws where it must not be gone on with. */
  async function run(job: JobRow, goOn: () => void): Promise<void> {
    const caller = await access.holderIn(db.read, job.callerId)
    if (caller === undefined) throw revoked()
    const { file, format, encoding, site, ...how } = job.options
    let bytesRead = 0
    const source = await sourceOf({ path: uploads.pathOf(job.id), name: file ?? UNNAMED, size: job.bytes }, (by) => {
      goOn()
      bytesRead += by
    })
    const { recordsOf } = await import('./records.ts')
    const records = recordsOf([source], format, {
      encoding: encoding ?? undefined,
      site: site ?? undefined,
      isUnnamed: file === null,
    })
    const also = (tx: Db, reported: Reported[]) => note(tx, job.id, reported, bytesRead)
    // What was done before a crash is passed over: the same file gives the same records in the same order.
    for await (const reported of imports.import(caller, skipping(records, totalOf(job.counts), goOn), how, also)) {
      if (how.isDryRun) await db.write((tx) => also(tx, reported))
      goOn()
    }
  }

  async function finish(job: JobRow, state: 'done' | 'failed', error: string | null): Promise<void> {
    const isDone = state === 'done' && { bytesRead: job.bytes }
    if (!(await change(job.id, { state, error, finishedAt: clock.now(), workerUntil: null, ...isDone }))) return
    await uploads.remove(job.id)
  }

  /** Works on one import to its end. What is taken away from it, or broken off, is left to others. */
  async function work(job: JobRow): Promise<void> {
    let isRevoked = false
    const renew = async (workerUntil: string) => {
      isRevoked = (await access.holderIn(db.read, job.callerId)) === undefined
      return change(job.id, { workerUntil })
    }
    const hold = holding({ clock, leaseMs: LEASE_MS, everyMs: renewMs, renew })
    const goOn = () => {
      if (isRevoked) throw revoked()
      if (isEnding() || !hold.isOurs()) throw new TakenAway()
    }
    try {
      await run(job, goOn).finally(hold.end)
      await finish(job, 'done', null)
    } catch (error) {
      await breakOff(job, error)
    }
  }

  /** What becomes of an import that could not go on: others do, or it has failed. */
  async function breakOff(job: JobRow, error: unknown): Promise<void> {
    if (error instanceof TakenAway) {
      // That this process ends is no fault of the file.
      if (isEnding()) await change(job.id, { workerUntil: null, tries: 0 })
      return
    }
    if (error instanceof Problem && error.status < 500) return finish(job, 'failed', error.message)
    const { tries, counts } = (await importingStore(db.read, tables).job(job.id)) ?? job
    // A database that is away or full is waited for; one statement that takes too long, again and again, is not.
    const isAway = databaseProblem(error) !== undefined && sqlState(error) !== '57014'
    if (isAway) await change(job.id, { tries: Math.max(0, tries - 1) })
    else if (tries >= TRIES_MAX) {
      await finish(
        job,
        'failed',
        `It could not go on after record ${totalOf(counts)}, tried ${tries} times: ${why(error)}`,
      )
    }
    throw error
  }

  return { work, finish }
}

/** Somebody else works on it now, or nobody is to. */
class TakenAway extends Error {}

const revoked = () => new Problem('unauthenticated', 'The key that it was sent with has been revoked.')

/** The first cause of a failure in its own words: what is around it may repeat whole records. */
function why(error: unknown): string {
  const { cause, message } = error instanceof Error ? error : new Error(String(error))
  return cause instanceof Error
    ? why(cause)
    : message
        .replaceAll(/\p{Cc}+/gu, ' ')
        .toWellFormed()
        .slice(0, 500)
}

async function* skipping<Each>(all: AsyncIterable<Each>, many: number, goOn: () => void): AsyncIterable<Each> {
  let left = many
  for await (const each of all) {
    goOn()
    if (left-- <= 0) yield each
  }
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
