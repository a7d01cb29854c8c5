import { setTimeout as sleep } from 'node:timers/promises'
import type { AccessService } from '../access/service.ts'
import type { AuditService } from '../audit/service.ts'
import type { Database, Db } from '../db/database.ts'
import { type Clock, later } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import type { Place } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'
import type { ArchiveImporter } from './importer.ts'
import { noSuchImport, receiving } from './receiving.ts'
import { type ImportResult, LEASE_MS, RENEW_MS, totalOf } from './schema.ts'
import { importingStore, type JobRow } from './store.ts'
import type { UploadFolder } from './uploads.ts'
import { jobWork } from './working.ts'

// Owns imports that were sent to the API: how far they are, and their reports. Promises that an import goes on where it stood after a
// crash, that one process works on it at a time, and that it ends.

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  audit: AuditService
  access: AccessService
  imports: ArchiveImporter
  uploads: UploadFolder
  renewMs?: number
}

const DAY_MS = 24 * 3_600_000
/** How long a file may take to come, and how long one is waited for that is not here. */
const WAITING_MS = DAY_MS
/** How long an import that is over, and its report, are kept. */
const KEPT_MS = 90 * DAY_MS
const FORGOTTEN_AT_ONCE = 10_000
/** How often one is begun where nobody is left to say why it does not go on. */
const DEATHS_MAX = 10

export type ImportJobs = ReturnType<typeof importJobs>

export function importJobs({ db, clock, ids, audit, access, imports, uploads, renewMs = RENEW_MS }: Dependencies) {
  const { tables } = db
  const read = importingStore(db.read, tables)
  const me = ids()
  let isEnding = false
  const { work, finish } = jobWork({ db, clock, access, imports, uploads, renewMs, me, isEnding: () => isEnding })
  const { create, addContent } = receiving({ db, clock, ids, audit, uploads, renewMs })

  async function find(id: string): Promise<JobRow> {
    const job = await read.job(id)
    if (!job) throw noSuchImport()
    return job
  }

  /** Takes an import that waits, where its file is here. */
  async function take({ id, bytes, createdAt, workerUntil }: JobRow): Promise<JobRow | undefined> {
    const now = clock.now()
    const size = await uploads.sizeOf(id)
    const isLate = [createdAt, workerUntil ?? ''].every((since) => since < later(now, -WAITING_MS))
    // Another node may have its file.
    if (size !== bytes && !isLate) return undefined
    const job = await db.write((tx) => importingStore(tx, tables).takeJob(id, me, now, later(now, LEASE_MS)))
    if (job === undefined) return undefined
    if (size !== bytes) {
      const has = size === undefined ? 'is gone' : `has ${size} bytes where ${bytes} had come`
      await finish(job, 'failed', `Its file ${has}: send it again.`)
    } else if (job.tries > DEATHS_MAX) {
      const place = `record ${totalOf(job.counts)}`
      await finish(
        job,
        'failed',
        `It was begun ${DEATHS_MAX} times after ${place}, and nobody was left to say why not.`,
      )
    } else return job
    return undefined
  }

  /** Forgets imports that have been over for long, a part at a time, as their reports may be long too. */
  async function forget(): Promise<void> {
    for (const { id, counts } of await read.over(later(clock.now(), -KEPT_MS))) {
      for (let last = 0; last < totalOf(counts); ) {
        last += FORGOTTEN_AT_ONCE
        await db.write((tx) => importingStore(tx, tables).forgetRecords(id, last))
      }
      await db.write((tx) => importingStore(tx, tables).forgetJob(id))
    }
  }

  return {
    find,
    create,
    addContent,
    list: (limit: number, place: Place | undefined) => read.jobs(limit, place),
    records: (id: string, result: ImportResult | undefined, limit: number, place: Place | undefined) =>
      read.records(id, result, limit, place),

    /** Ends an import where it stands; what was done stays. */
    async cancelIn(tx: Db, id: string): Promise<JobRow> {
      const job = await importingStore(tx, tables).job(id)
      if (!job) throw noSuchImport()
      const set = { state: 'canceled' as const, finishedAt: clock.now(), workerUntil: null }
      if (!(await importingStore(tx, tables).updateJob(id, ['receiving', 'waiting', 'running'], set))) {
        throw new Problem('invalid-transition', `The import is ${job.state} already.`)
      }
      return { ...job, ...set }
    },

    /** Does all imports that wait here. Answers how many. */
    async tick(): Promise<number> {
      let many = 0
      for (const each of await read.idle(clock.now())) {
        const job = await take(each)
        if (job === undefined) continue
        await work(job)
        many++
      }
      return many
    },

    /** Removes files that nobody waits for any more, and what has been over for long. */
    async tidy(): Promise<void> {
      const now = clock.now()
      for (const { id } of await read.stale(later(now, -WAITING_MS), now)) {
        await db.write((tx) =>
          importingStore(tx, tables).updateJob(id, ['receiving'], { state: 'canceled', finishedAt: now }),
        )
      }
      for (const { id, changedAtMs } of await uploads.all()) {
        const job = await read.job(id)
        // Of whom one is that nobody knows is not known either: it is left for a day.
        const isOver = job?.finishedAt ?? (job === undefined && changedAtMs < Date.parse(now) - DAY_MS)
        if (isOver) await uploads.remove(id)
      }
      await forget()
    },

    /**
     * Looks for imports every so often, until the function that it answers is called. That waits for what is being written, but not
     * longer than it is told: an import that hangs goes on elsewhere when its lease is over.
     */
    start(everyMs: number, onFault: (error: unknown) => void): (mostMs: number) => Promise<void> {
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
      return async (mostMs) => {
        isEnding = true
        clearTimeout(timer)
        await Promise.race([turn, sleep(mostMs, undefined, { ref: false })])
      }
    },
  }
}
