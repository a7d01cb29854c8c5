import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk } from '../support/builders.ts'

let app: TestApp
let desk: Desk
const folder = mkdtempSync(join(tmpdir(), 'dateline-jobs-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(async () => {
  app = await startApp({ settings: { IMPORT_FOLDER: folder, IMPORT_BYTES_MAX: '100000' } })
  desk = await app.withRole('editor')
})

const waitingFiles = () => readdirSync(folder, { recursive: true }).filter((name) => String(name).endsWith('.upload'))

const IMPORTS = '/v1/editorial/imports'
const bytes = { 'content-type': 'application/octet-stream' }
const send = (query: string, content: string | Buffer, who = desk) =>
  who.raw('post', `${IMPORTS}${query}`, content, bytes)
const feed = (...names: string[]) =>
  `<rss version="2.0"><channel>${names.map((name) => `<item><guid>${name}</guid><title>${name}</title><description>Text of ${name}</description><pubDate>Tue, 18 Mar 2019 13:00:00 GMT</pubDate></item>`).join('')}</channel></rss>`
const tick = () => app.services.jobs.tick()
const records = async (id: string, query = '') => (await desk.get(`${IMPORTS}/${id}/records${query}`).expect(200)).body

describe('an import that is sent', () => {
  it('is taken, done by itself, and reported record by record', async () => {
    const { body, headers } = await send('?file=wire.xml', feed('Job A', 'Job B', '')).expect(202)
    expect(body).toMatchObject({
      state: 'waiting',
      file: 'wire.xml',
      format: 'auto',
      dryRun: false,
      createdBy: { name: 'The editor' },
    })
    expect(headers.location).toBe(`${IMPORTS}/${body.id}`)
    expect(await tick()).toBe(1)
    const done = (await desk.get(headers.location ?? '').expect(200)).body
    expect(done).toMatchObject({ state: 'done', error: null, counts: { created: 2, failed: 1 }, bytesRead: body.bytes })
    const { data } = await records(body.id)
    expect(
      data.map(({ number, result, line }: { number: number; result: string; line: number }) => [number, result, line]),
    ).toEqual([
      [1, 'created', 1],
      [2, 'created', 1],
      [3, 'failed', 1],
    ])
    expect((await desk.get(articleAt(data[0].articleId))).body).toMatchObject({
      headline: 'Job A',
      createdBy: { name: 'The editor' },
    })
    expect((await records(body.id, '?result=failed')).data).toHaveLength(1)
    const first = await records(body.id, '?limit=2')
    const second = await records(body.id, `?limit=2&cursor=${first.page.next}`)
    expect([...first.data, ...second.data]).toEqual(data)
    expect((await records(body.id, `?limit=2&cursor=${second.page.previous}`)).data).toEqual(first.data)
    expect((await desk.get(`${IMPORTS}?limit=1`)).body.data[0]).toEqual(done)
    expect(waitingFiles()).toEqual([])
  })

  it('may be tried first, and then nothing is kept but the report', async () => {
    const { body } = await send('?file=wire.xml&dryRun=true', feed('Tried')).expect(202)
    await tick()
    expect((await desk.get(`${IMPORTS}/${body.id}`)).body).toMatchObject({
      state: 'done',
      dryRun: true,
      counts: { created: 1 },
    })
    expect((await desk.get('/v1/editorial/articles?limit=1')).body.data[0]?.headline).not.toBe('Tried')
  })

  it('may come in parts, each of which may be sent again', async () => {
    const whole = feed('Part A', 'Part B')
    const { body } = await send('?file=wire.xml&more=true', whole.slice(0, 100)).expect(202)
    expect(body).toMatchObject({ state: 'receiving', bytes: 100 })
    expect(await tick()).toBe(0)
    const part = (offset: number, content: string, more = '') =>
      desk.raw('post', `${IMPORTS}/${body.id}/content?offset=${offset}${more}`, content, bytes)
    await part(50, 'x').expect(422)
    await part(100, whole.slice(100, 150), '&more=true').expect(202)
    await part(100, whole.slice(100, 150), '&more=true').expect(422)
    expect((await part(150, whole.slice(150)).expect(202)).body).toMatchObject({
      state: 'waiting',
      bytes: whole.length,
    })
    await part(whole.length, 'x').expect(409)
    await tick()
    expect((await desk.get(`${IMPORTS}/${body.id}`)).body).toMatchObject({ state: 'done', counts: { created: 2 } })
  })

  it('is refused where it is empty, too large, of an unknown format, or not allowed', async () => {
    await send('', '').expect(422)
    await send('?format=docx', 'x').expect(400)
    await send('', Buffer.alloc(100_001)).expect(413)
    for (const role of ['reader', 'partner', 'contributor'] as const)
      await send('', 'x', await app.withRole(role)).expect(403)
    await send('', 'x', app.nobody).expect(401)
    expect(waitingFiles()).toEqual([])
    const { body } = await send('?file=a.bin', '\u0000').expect(202)
    await tick()
    expect((await records(body.id)).data).toMatchObject([
      { result: 'skipped', why: expect.stringContaining('no format') },
    ])
  })

  it('is refused compressed, as everything else that is sent', async () => {
    const gzip = { ...bytes, 'content-encoding': 'gzip' }
    const refused = await desk.raw('post', IMPORTS, gzipSync(feed('Zipped')), gzip).expect(415)
    expect(refused.headers['accept-encoding']).toBe('identity')
    expect(waitingFiles()).toEqual([])
  })

  it('has a report whose pages only go on from where they said', async () => {
    const { body } = await send('?file=wire.xml', feed('Paged A', 'Paged B')).expect(202)
    await tick()
    const { page } = await records(body.id, '?limit=1')
    const [direction, at, , ...rest] = JSON.parse(Buffer.from(page.next, 'base64url').toString())
    for (const id of ['abc', '99999999999', '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02']) {
      const cursor = Buffer.from(JSON.stringify([direction, at, id, ...rest])).toString('base64url')
      const refused = await desk.get(`${IMPORTS}/${body.id}/records?limit=1&cursor=${cursor}`).expect(400)
      expect(refused.body.code).toBe('invalid-cursor')
    }
  })

  it('ends when it is canceled, or when the key is revoked that it was sent with', async () => {
    const { body } = await send('', feed('Never')).expect(202)
    await desk.post(`${IMPORTS}/${body.id}/cancel`).expect(200)
    await desk.post(`${IMPORTS}/${body.id}/cancel`).expect(409)
    expect(await tick()).toBe(0)
    await app.services.jobs.tidy()
    expect(waitingFiles()).toEqual([])
    const { id, key } = await app.services.access.create('Short', 'editor')
    const sent = (await send('', feed('Revoked'), app.as(key)).expect(202)).body
    await app.services.access.revoke(id)
    await tick()
    expect((await desk.get(`${IMPORTS}/${sent.id}`)).body).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('revoked'),
    })
  })
})
