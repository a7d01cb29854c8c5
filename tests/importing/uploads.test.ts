import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderOf } from '../../src/importing/uploads.ts'
import { startApp, type TestApp } from '../support/app.ts'
import type { Desk } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

const SILENT_MS = 400
const DAY_MS = 24 * 3_600_000
let app: TestApp
let desk: Desk
const folder = mkdtempSync(join(tmpdir(), 'dateline-uploads-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(async () => {
  app = await startApp({ settings: { IMPORT_FOLDER: folder } })
  desk = await app.withRole('editor')
})

const IMPORTS = '/v1/editorial/imports'
const octets = { 'content-type': 'application/octet-stream' }
const feed = (...names: string[]) =>
  `<rss version="2.0"><channel>${names.map((name) => `<item><guid>${name}</guid><title>${name}</title><description>Text of ${name}</description></item>`).join('')}</channel></rss>`
const begin = async (content: string, query = '?file=wire.xml&more=true') =>
  (await desk.raw('post', `${IMPORTS}${query}`, content, octets).expect(202)).body
const part = (id: string, offset: number, content: string, more = '') =>
  desk.raw('post', `${IMPORTS}/${id}/content?offset=${offset}${more}`, content, octets)
const job = async (id: string) => (await desk.get(`${IMPORTS}/${id}`).expect(200)).body
const pathOf = (id: string) => {
  const name = readdirSync(folder, { recursive: true }).find((each) => String(each).endsWith(`${id}.upload`))
  return name === undefined ? undefined : join(folder, String(name))
}
const contentOf = (id: string) => readFileSync(pathOf(id) ?? '', 'utf8')
const rowOf = async (id: string) =>
  (await app.db.read.select().from(app.db.tables.importJobs)).find((each) => each.id === id)
/** Until the import of this file, or any, is held by who sends it. */
async function sending(id?: string): Promise<void> {
  for (let waited = 0; waited < 200; waited++) {
    const rows = await app.db.read.select().from(app.db.tables.importJobs)
    if (rows.some((row) => row.state === 'receiving' && row.worker !== null && (id ?? row.id) === row.id)) return
    await sleep(10)
  }
  throw new Error('Nobody sends')
}

/** A request whose body comes as the test says. */
function slowly(path: string, length: number) {
  const headers = { ...octets, authorization: `Bearer ${desk.key}`, 'content-length': length }
  const sent = request({ port: app.port, host: '127.0.0.1', method: 'POST', path, headers })
  const answer = new Promise<number>((resolve, reject) => {
    sent.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sent.on('error', reject)
  })
  answer.catch(() => undefined)
  sent.flushHeaders()
  return { write: (text: string) => sent.write(text), end: () => sent.end(), cut: () => sent.destroy(), answer }
}

describe('parts of a file', () => {
  it('that are sent twice at once are taken once: the file is neither doubled nor mixed', async () => {
    const { id } = await begin('AAAAAAAAAA')
    const first = slowly(`${IMPORTS}/${id}/content?offset=10&more=true`, 20)
    first.write('BBBBBBBBBB')
    await sending(id)
    const second = await part(id, 10, 'CCCCCCCCCCCCCCCCCCCC', '&more=true').expect(409)
    expect(second.body).toMatchObject({ code: 'invalid-transition', detail: expect.stringContaining('on its way') })
    expect(second.headers['retry-after']).toBe('5')
    // The last part does not begin the import while another is on its way.
    await part(id, 10, 'CCCCCCCCCCCCCCCCCCCC').expect(409)
    first.write('BBBBBBBBBB')
    first.end()
    expect(await first.answer).toBe(202)
    expect(await job(id)).toMatchObject({ state: 'receiving', bytes: 30 })
    expect(contentOf(id)).toBe('AAAAAAAAAABBBBBBBBBBBBBBBBBBBB')
  })

  it('that stood still for so long that another took their place write nothing any more', async () => {
    const { id } = await begin('AAAAAAAAAA')
    const still = slowly(`${IMPORTS}/${id}/content?offset=10&more=true`, 20)
    still.write('BBBBBBBBBB')
    await sending(id)
    while (readFileSync(pathOf(id) ?? '').length < 20) await sleep(10)
    app.clock.pass(30_000)
    await part(id, 10, 'CCCCC', '&more=true').expect(202)
    still.write('BBBBBBBBBB')
    still.end()
    expect(await still.answer).toBe(409)
    expect(await job(id)).toMatchObject({ state: 'receiving', bytes: 15 })
    expect(contentOf(id)).toBe('AAAAAAAAAACCCCC')
  })

  it('stay as far as they came where the connection breaks, and are gone on with from there', async () => {
    const whole = feed('Broken A', 'Broken B')
    const { id } = await begin(whole.slice(0, 60))
    const broken = slowly(`${IMPORTS}/${id}/content?offset=60`, whole.length - 60)
    broken.write(whole.slice(60, 100))
    await sending(id)
    while ((await rowOf(id)) && readFileSync(pathOf(id) ?? '').length < 100) await sleep(10)
    broken.cut()
    while ((await rowOf(id))?.worker !== null) await sleep(10)
    expect(await job(id)).toMatchObject({ state: 'receiving', bytes: 100 })
    await part(id, 60, whole.slice(60)).expect(422)
    await part(id, 100, whole.slice(100)).expect(202)
    await app.services.jobs.tick()
    expect(await job(id)).toMatchObject({ state: 'done', counts: { created: 2, failed: 0, skipped: 0 } })
  })

  it('are kept of the first one too; a file that was to come as one is not', async () => {
    const { data: before } = (await desk.get(`${IMPORTS}?limit=1`)).body
    for (const [query, state, bytes] of [
      ['?more=true', 'receiving', 10],
      ['', 'canceled', 10],
    ] as const) {
      const broken = slowly(`${IMPORTS}${query}`, 100)
      broken.write('0123456789')
      await sending()
      await sleep(50)
      broken.cut()
      let newest = before[0]
      for (let waited = 0; waited < 200 && (newest.id === before[0].id || newest.state !== state); waited++) {
        await sleep(10)
        newest = (await desk.get(`${IMPORTS}?limit=1`)).body.data[0]
      }
      for (let waited = 0; waited < 200 && newest.bytes !== bytes; waited++) {
        await sleep(10)
        newest = await job(newest.id)
      }
      expect(newest).toMatchObject({ state, bytes })
      expect(pathOf(newest.id) !== undefined).toBe(state === 'receiving')
      if (state === 'receiving') await desk.post(`${IMPORTS}/${newest.id}/cancel`).expect(200)
    }
  })

  it('whose beginning is not on this server are refused, and no half of a file is imported', async () => {
    const whole = feed('Half A', 'Half B')
    const { id } = await begin(whole.slice(0, 100))
    rmSync(pathOf(id) ?? '')
    expect((await part(id, 100, whole.slice(100)).expect(409)).body.detail).toContain('not on this server')
    expect(await job(id)).toMatchObject({ state: 'receiving', bytes: 100 })
    expect(pathOf(id)).toBeUndefined()
  })

  it(
    'end up as the file, however it is cut, and however often a part is sent or breaks',
    async () => {
      const cut = fc.record({
        length: fc.integer({ min: 1, max: 60 }),
        twice: fc.boolean(),
        breaksAt: fc.option(fc.nat(59)),
      })
      await fc.assert(
        fc.asyncProperty(
          fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme-ascii' }),
          fc.array(cut),
          async (text, cuts) => {
            const { id } = await begin(text.slice(0, 1))
            let { bytes } = await job(id)
            for (const { length, twice, breaksAt } of cuts) {
              const next = text.slice(bytes, bytes + length)
              if (next === '') break
              if (breaksAt !== null && breaksAt < next.length - 1) {
                const broken = slowly(`${IMPORTS}/${id}/content?offset=${bytes}&more=true`, next.length)
                broken.write(next.slice(0, breaksAt))
                await sending(id)
                broken.cut()
                while ((await rowOf(id))?.worker !== null) await sleep(5)
              } else {
                const times = twice ? [1, 2] : [1]
                const answers = await Promise.all(times.map(() => part(id, bytes, next, '&more=true')))
                expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
              }
              ;({ bytes } = await job(id))
              expect(contentOf(id).slice(0, bytes)).toBe(text.slice(0, bytes))
            }
            if (bytes < text.length) await part(id, bytes, text.slice(bytes), '&more=true').expect(202)
            expect(contentOf(id)).toBe(text)
          },
        ),
        { numRuns: 8 * rounds },
      )
    },
    60_000 * rounds,
  )
})

describe('a file that is slow', () => {
  beforeAll(async () => {
    app = await startApp({ settings: { IMPORT_FOLDER: folder, REQUEST_TIMEOUT_MS: String(SILENT_MS) } })
    desk = await app.withRole('editor')
  })

  it('may take longer than other requests, as long as something comes', async () => {
    const whole = feed('Slow')
    const slow = slowly(`${IMPORTS}?file=wire.xml`, whole.length)
    for (let at = 0; at < whole.length; at += 10) {
      slow.write(whole.slice(at, at + 10))
      await sleep(SILENT_MS / 4)
    }
    slow.end()
    expect(await slow.answer).toBe(202)
  })

  it('is cut with 408 where nothing comes any more, and what came in parts is kept', async () => {
    const { id } = await begin('0123456789')
    const silent = slowly(`${IMPORTS}/${id}/content?offset=10`, 20)
    silent.write('01234')
    expect(await silent.answer).toBe(408)
    while ((await rowOf(id))?.worker !== null) await sleep(10)
    expect(await job(id)).toMatchObject({ state: 'receiving', bytes: 15 })
  })

  it('is not waited for without a key', async () => {
    const headers = { ...octets, 'content-length': 1_000 }
    const sent = request({ port: app.port, host: '127.0.0.1', method: 'POST', path: IMPORTS, headers })
    sent.flushHeaders()
    expect(await new Promise((resolve) => sent.on('response', ({ statusCode }) => resolve(statusCode)))).toBe(401)
    sent.on('error', () => undefined).destroy()
  })
})

describe('a file that is not here', () => {
  it('or is shorter than what came, is never imported; after a day the import has failed and says why', async () => {
    const gone = await begin(feed('Gone'), '?file=wire.xml')
    const short = await begin(feed('Short A', 'Short B'), '?file=wire.xml')
    rmSync(pathOf(gone.id) ?? '')
    truncateSync(pathOf(short.id) ?? '', 130)
    while (await app.services.jobs.tick());
    // Another server may have it.
    for (const { id } of [gone, short])
      expect(await job(id)).toMatchObject({ state: 'waiting', counts: { created: 0 } })
    app.clock.pass(DAY_MS + 1_000)
    await app.services.jobs.tick()
    expect(await job(gone.id)).toMatchObject({ state: 'failed', error: 'Its file is gone: send it again.' })
    expect(await job(short.id)).toMatchObject({
      state: 'failed',
      error: `Its file has 130 bytes where ${short.bytes} had come: send it again.`,
    })
  })

  it('of another installation in the same folder is left alone: a backup that is tried does not take imports away', async () => {
    const { id } = await begin(feed('Live'), '?file=wire.xml')
    const row = await rowOf(id)
    const drill = await startApp({ settings: { IMPORT_FOLDER: folder }, clock: app.clock })
    if (row)
      await drill.db.write((tx) =>
        tx
          .insert(drill.db.tables.importJobs)
          .values(row)
          .then(() => undefined),
      )
    await drill.services.jobs.tidy()
    expect(await drill.services.jobs.tick()).toBe(0)
    await drill.services.jobs.tidy()
    await app.services.jobs.tick()
    expect(await job(id)).toMatchObject({ state: 'done', counts: { created: 1 } })
  })

  it('is looked for by the place of the database: another file, server or name is another, another password is not', () => {
    const of = (url: string) => folderOf('imports', url)
    const others = [
      'file:data/dateline.db',
      'file:data/drill.db',
      'postgres://a:b@db/dateline',
      'postgres://a:b@db/drill',
      'postgres://a:b@other/dateline',
      'postgres://a:b@db:5433/dateline',
      'postgres:///dateline?host=/run/one',
      'postgres:///dateline?host=/run/two',
      'postgres://a:1,b:2/dateline',
    ].map(of)
    expect(new Set(others).size).toBe(others.length)
    expect(of('postgres://a:changed@db/dateline')).toBe(of('postgres://a:b@db/dateline'))
    expect(of('file:./data/dateline.db')).toBe(of('file:data/dateline.db'))
  })

  it('and of which nobody knows the import, is removed when it is old, not before', async () => {
    const { id } = await begin('x')
    const stranger = (pathOf(id) ?? '').replace(id, 'stranger')
    copyFileSync(pathOf(id) ?? '', stranger)
    const changedAt = (ago: number) => utimesSync(stranger, 0, new Date(Date.parse(app.clock.now()) - ago))
    changedAt(DAY_MS / 2)
    await app.services.jobs.tidy()
    expect(pathOf('stranger')).toBeDefined()
    changedAt(2 * DAY_MS)
    await app.services.jobs.tidy()
    expect(pathOf('stranger')).toBeUndefined()
    expect(pathOf(id)).toBeDefined()
  })
})
