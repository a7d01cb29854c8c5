import { and, asc, desc, eq, gt, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm'
import { readFor } from '../db/chunks.ts'
import type { Db } from '../db/database.ts'
import { putRow } from '../db/prepared.ts'
import type { Tables } from '../db/tables.ts'
import type { Place } from '../shared/place.ts'
import type { ImportResult, JobState } from './schema.ts'

type ImportTables = Pick<Tables, 'imported' | 'importJobs' | 'importRecords'>
export type ImportedRow = Tables['imported']['$inferSelect']
export type JobRow = Tables['importJobs']['$inferSelect']
export type RecordRow = Tables['importRecords']['$inferSelect']

/** By what a record may be known. */
export interface Known {
  key: string
  origin?: string | undefined
}

/** How many jobs that wait, or are over, are looked at in one turn. */
const JOBS_AT_ONCE = 1_000

const isFree = ({ workerUntil }: Tables['importJobs'], now: string) => or(isNull(workerUntil), lte(workerUntil, now))

export const importingStore = (db: Db, { imported, importJobs, importRecords }: ImportTables) => ({
  /** What is known of these: by their keys, and else by where their files are. */
  known: async (some: Known[]): Promise<ImportedRow[]> => {
    const origins = some.flatMap(({ origin }) => origin ?? [])
    const byKey = await readFor(
      some.map(({ key }) => key),
      (keys) => db.select().from(imported).where(inArray(imported.key, keys)),
    )
    return [
      ...byKey,
      ...(await readFor(origins, (part) => db.select().from(imported).where(inArray(imported.origin, part)))),
    ]
  },

  note: (row: ImportedRow): Promise<void> => putRow(db, imported, imported.key, row),

  addJob: (row: JobRow) => db.insert(importJobs).values(row),
  job: async (id: string): Promise<JobRow | undefined> =>
    (await db.select().from(importJobs).where(eq(importJobs.id, id)))[0],
  /** Newest first. Going back, the rows come in the opposite order. */
  jobs: (limit: number, place: Place | undefined): Promise<JobRow[]> => {
    const back = place?.direction === 'before'
    return db
      .select()
      .from(importJobs)
      .where(place && (back ? gt(importJobs.id, place.id) : lt(importJobs.id, place.id)))
      .orderBy(back ? asc(importJobs.id) : desc(importJobs.id))
      .limit(limit)
  },
  /** Changes a job that is in one of these states, or says that it is not. */
  updateJob: async (id: string, states: JobState[], set: Partial<JobRow>, worker?: string): Promise<boolean> =>
    (
      await db
        .update(importJobs)
        .set(set)
        .where(
          and(
            eq(importJobs.id, id),
            inArray(importJobs.state, states),
            worker === undefined ? undefined : eq(importJobs.worker, worker),
          ),
        )
        .returning({ id: importJobs.id })
    ).length > 0,
  /** Jobs that nobody works on. */
  idle: (now: string): Promise<JobRow[]> =>
    db
      .select()
      .from(importJobs)
      .where(and(inArray(importJobs.state, ['waiting', 'running']), isFree(importJobs, now)))
      .orderBy(asc(importJobs.createdAt))
      .limit(JOBS_AT_ONCE),
  /** Imports whose file has not come in whole since then, and nobody sends more of it. */
  stale: (before: string, now: string): Promise<JobRow[]> =>
    db
      .select()
      .from(importJobs)
      .where(and(eq(importJobs.state, 'receiving'), lt(importJobs.createdAt, before), isFree(importJobs, now))),
  /** Takes a job, if nobody else has. */
  takeJob: async (id: string, worker: string, now: string, until: string): Promise<JobRow | undefined> =>
    (
      await db
        .update(importJobs)
        .set({ worker, workerUntil: until, state: 'running', tries: sql`${importJobs.tries} + 1` })
        .where(and(eq(importJobs.id, id), inArray(importJobs.state, ['waiting', 'running']), isFree(importJobs, now)))
        .returning()
    )[0],
  /** The right to send what follows the first `offset` bytes, if nobody else has it. */
  takePart: async (
    id: string,
    offset: number,
    sender: string,
    now: string,
    until: string,
  ): Promise<JobRow | undefined> =>
    (
      await db
        .update(importJobs)
        .set({ worker: sender, workerUntil: until })
        .where(
          and(
            eq(importJobs.id, id),
            eq(importJobs.state, 'receiving'),
            eq(importJobs.bytes, offset),
            isFree(importJobs, now),
          ),
        )
        .returning()
    )[0],
  /** Jobs that were over before then. */
  over: (before: string): Promise<JobRow[]> =>
    db.select().from(importJobs).where(lt(importJobs.finishedAt, before)).limit(JOBS_AT_ONCE),
  forgetRecords: async (jobId: string, last: number): Promise<void> => {
    await db.delete(importRecords).where(and(eq(importRecords.jobId, jobId), lte(importRecords.number, last)))
  },
  forgetJob: async (id: string): Promise<void> => {
    await db.delete(importJobs).where(eq(importJobs.id, id))
  },

  addRecords: (rows: RecordRow[]) => db.insert(importRecords).values(rows),
  /** In their order. Going back, the rows come in the opposite one. */
  records: (
    jobId: string,
    result: ImportResult | undefined,
    limit: number,
    place: Place | undefined,
  ): Promise<RecordRow[]> => {
    const back = place?.direction === 'before'
    const { number } = importRecords
    return db
      .select()
      .from(importRecords)
      .where(
        and(
          eq(importRecords.jobId, jobId),
          result === undefined ? undefined : eq(importRecords.result, result),
          place && (back ? lt(number, Number(place.id)) : gt(number, Number(place.id))),
        ),
      )
      .orderBy(back ? desc(number) : asc(number))
      .limit(limit)
  },
})
