import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ArchiveImporter } from '../../src/importing/importer.ts'
import { importJobs } from '../../src/importing/jobs.ts'
import type { Reported } from '../../src/importing/schema.ts'
import { folderOf, uploadFolder } from '../../src/importing/uploads.ts'
import { newId } from '../../src/shared/ids.ts'
import { Problem } from '../../src/shared/problem.ts'
import { startApp, type TestApp } from '../support/app.ts'
import type { Desk } from '../support/builders.ts'

let app: TestApp
let desk: Desk
const folder = mkdtempSync(join(tmpdir(), 'dateline-working-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(async () => {
  app = await startApp({ settings: { IMPORT_FOLDER: folder } })
  desk = await app.withRole('editor')
})

const IMPORTS = '/v1/editorial/imports'
const LEASE_MS = 20_000
const DAY_MS = 24 * 3_600_000
const octets = { 'content-type': 'application/octet-stream' }
const feed = (many: number) =>
  `<rss version="2.0"><channel>${Array.from({ length: many }, (_, n) => `<item><guid>w-${n}</guid><title>Working ${n}</title><description>Text</description></item>`).join('')}</channel></rss>`
const send = async (content = feed(3), who = desk): Promise<string> =>
  (await who.raw('post', `${IMPORTS}?file=wire.xml`, content, octets).expect(202)).body.id
const job = async (id: string) => (await desk.get(`${IMPORTS}/${id}`).expect(200)).body
const rowOf = async (id: string) =>
  (await app.db.read.select().from(app.db.tables.importJobs).where(eq(app.db.tables.importJobs.id, id)))[0]

/** A process that imports in this way, on the same database and folder. */
const processThat = (work: ArchiveImporter['import'], renewMs = 20) => {
  const { db, clock, services } = app
  const uploads = uploadFolder(folderOf(folder, app.config.DATABASE_URL), 1_000_000)
  const { audit, access } = services
  return importJobs({ db, clock, ids: newId, audit, access, uploads, imports: { import: work }, renewMs })
}
const done: Reported = { result: 'unchanged', source: 'wire.xml', warnings: [] }
/** Until something is so. */
async function until(is: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 300; waited++) {
    if (await is()) return
    await sleep(10)
  }
  throw new Error('It never was')
}

describe('an import that takes long before its first record', () => {
  it('stays with the process that reads it', async () => {
    const id = await send()
    let isRead = false
    const reader = processThat(async function* (_caller, _records, _how, also) {
      await until(async () => isRead)
      await app.db.write((tx) => (also ? also(tx, [done]) : Promise.resolve()))
      yield [done]
    })
    let isStolen = false
    const other = processThat(async function* () {
      isStolen = true
      yield []
    })
    const reading = reader.tick()
    await until(async () => (await rowOf(id))?.state === 'running')
    for (let round = 0; round < 4; round++) {
      const before = (await rowOf(id))?.workerUntil ?? ''
      app.clock.pass(LEASE_MS * 0.7)
      await until(async () => ((await rowOf(id))?.workerUntil ?? '') > before)
      await other.tick()
    }
    isRead = true
    await reading
    expect(isStolen).toBe(false)
    expect(await job(id)).toMatchObject({ state: 'done', counts: { unchanged: 1 } })
  })

  it('is left where another has it by now, and where the process ends', async () => {
    const id = await send(feed(200))
    const many: number[] = []
    const slow = (at: number) =>
      processThat(async function* (_caller, records) {
        many[at] = 0
        for await (const _ of records) {
          many[at]++
          await sleep(10)
        }
        yield []
      })
    const first = slow(0)
    const working = first.tick()
    await until(async () => (many[0] ?? 0) > 2)
    await app.db.write(async (tx) => {
      await tx.update(app.db.tables.importJobs).set({ worker: 'another' }).where(eq(app.db.tables.importJobs.id, id))
    })
    await working
    expect(many[0]).toBeLessThan(200)
    expect(await job(id)).toMatchObject({ state: 'running', error: null })
    app.clock.pass(LEASE_MS + 1_000)
    const ended = slow(1).start(10, () => undefined)
    await until(async () => (many[1] ?? 0) > 2)
    await ended(10_000)
    expect(many[1]).toBeLessThan(200)
    // Given back at once.
    expect(await rowOf(id)).toMatchObject({ state: 'running', workerUntil: null, tries: 0 })
    await desk.post(`${IMPORTS}/${id}/cancel`).expect(200)
  })

  it('does not keep the server from ending, though it hangs', async () => {
    const id = await send()
    const end = processThat(async function* () {
      await new Promise(() => undefined)
      yield []
    }).start(10, () => undefined)
    await until(async () => (await rowOf(id))?.state === 'running')
    await end(100)
    app.clock.pass(LEASE_MS + 1_000)
    await desk.post(`${IMPORTS}/${id}/cancel`).expect(200)
  })

  it('ends when the key is revoked that it was sent with', async () => {
    const { id: keyId, key } = await app.services.access.create('Short', 'editor')
    const id = await send(feed(300), app.as(key))
    const working = processThat(async function* (_caller, records) {
      for await (const _ of records) await sleep(10)
      yield []
    }).tick()
    await until(async () => (await rowOf(id))?.state === 'running')
    await app.services.access.revoke(keyId)
    await working
    expect(await job(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('revoked') })
  })
})

describe('an import that cannot go on', () => {
  const tryOften = async (jobs: ReturnType<typeof processThat>, most: number) => {
    const faults: string[] = []
    for (let n = 0; n < most; n++) {
      await jobs.tick().catch((error: Error) => faults.push(error.message))
      app.clock.pass(LEASE_MS + 1_000)
    }
    return faults
  }
  /** As the driver of a database wraps what went wrong. */
  const failure = (message: string, extra: object = {}) =>
    new Error('Failed query: insert into … params: all of a text', { cause: Object.assign(new Error(message), extra) })

  it('at the same place, again and again, has failed after three tries, and says where and why', async () => {
    const id = await send()
    const refuses = processThat(async function* (_caller, _records, _how, also) {
      if ((await job(id)).counts.unchanged === 0) {
        await app.db.write((tx) => (also ? also(tx, [done, done]) : Promise.resolve()))
        yield [done, done]
      }
      throw failure('invalid byte\u0000 sequence')
    })
    // The first try came to a new place.
    expect(await tryOften(refuses, 6)).toHaveLength(4)
    const failed = await job(id)
    expect(failed).toMatchObject({ state: 'failed', counts: { unchanged: 2 } })
    expect(failed.error).toBe('It could not go on after record 2, tried 3 times: invalid byte  sequence')
    expect(failed.finishedAt).not.toBeNull()
  })

  it('as the database is away or full, is tried until it can', async () => {
    const id = await send()
    for (const code of ['ECONNREFUSED', 'SQLITE_FULL', '57P01'])
      await tryOften(
        processThat(async function* () {
          yield []
          throw failure('away', { code })
        }),
        4,
      )
    expect(await job(id)).toMatchObject({ state: 'running', error: null })
    await tryOften(
      processThat(async function* () {}),
      1,
    )
    expect(await job(id)).toMatchObject({ state: 'done' })
  })

  it('as one statement always takes too long, has failed too', async () => {
    const id = await send()
    const slow = processThat(async function* () {
      yield []
      throw failure('canceling statement due to statement timeout', { code: '57014' })
    })
    await tryOften(slow, 4)
    expect(await job(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('statement timeout') })
  })

  it('as no process outlives it, has failed when ten have died of it', async () => {
    const id = await send()
    await app.db.write(async (tx) => {
      const { importJobs: jobs } = app.db.tables
      await tx.update(jobs).set({ tries: 9 }).where(eq(jobs.id, id))
    })
    let begun = 0
    const dies = processThat(async function* () {
      begun++
      // Dead: nothing of it is heard any more.
      await app.db.write(async (tx) => {
        await tx.update(app.db.tables.importJobs).set({ worker: 'dead' }).where(eq(app.db.tables.importJobs.id, id))
      })
      await sleep(60)
      yield []
    })
    await tryOften(dies, 3)
    expect(begun).toBe(1)
    expect(await job(id)).toMatchObject({ state: 'failed', error: expect.stringContaining('begun 10 times') })
  })

  it('and is canceled at that moment, stays canceled, and is no fault of anybody', async () => {
    const id = await send()
    const faults = await tryOften(
      processThat(async function* () {
        await desk.post(`${IMPORTS}/${id}/cancel`).expect(200)
        yield []
        throw new Problem('unauthenticated', 'Revoked, too.')
      }),
      1,
    )
    expect(faults).toEqual([])
    expect(await job(id)).toMatchObject({ state: 'canceled', error: null })
  })
})

it('an import that is over is forgotten after 90 days with its report, and not before; one that goes on is not', async () => {
  const over = await send()
  await app.services.jobs.tick()
  const goesOn = (await desk.raw('post', `${IMPORTS}?more=true`, 'x', octets).expect(202)).body.id
  const many = () => app.db.read.$count(app.db.tables.importRecords, eq(app.db.tables.importRecords.jobId, over))
  expect(await many()).toBe(3)
  app.clock.pass(89 * DAY_MS)
  await app.services.jobs.tidy()
  expect(await job(over)).toMatchObject({ state: 'done' })
  // Nobody has sent more of it for a day.
  expect(await job(goesOn)).toMatchObject({ state: 'canceled' })
  app.clock.pass(2 * DAY_MS)
  await app.services.jobs.tidy()
  await desk.get(`${IMPORTS}/${over}`).expect(404)
  await desk.get(`${IMPORTS}/${over}/records`).expect(404)
  expect(await many()).toBe(0)
  expect(await job(goesOn)).toMatchObject({ state: 'canceled' })
  const articles = (await desk.get('/v1/editorial/articles').expect(200)).body.data
  expect(articles.map(({ headline }: { headline: string }) => headline)).toContain('Working 1')
})
