import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { raw } from '../support/raw.ts'

const TIMEOUT_MS = 400
const BODY_MAX = 20_000
const CONNECTIONS_MAX = 40

let app: TestApp
let key: string
const head = (...fields: string[]) =>
  ['POST /v1/editorial/articles HTTP/1.1', 'Host: dateline', `Authorization: Bearer ${key}`, ...fields, '', ''].join(
    '\r\n',
  )
const json = 'Content-Type: application/json'
const bodyOf = (answer: string) => JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))

beforeAll(async () => {
  const settings = {
    REQUEST_TIMEOUT_MS: String(TIMEOUT_MS),
    BODY_BYTES_MAX: String(BODY_MAX),
    CONNECTIONS_MAX: String(CONNECTIONS_MAX),
  }
  app = await startApp({ settings })
  key = (await app.withRole('editor')).key ?? ''
})

describe('a sender that is too slow', () => {
  const cases: [string, () => string, string][] = [
    ['whose body trickles in', () => head(json, 'Content-Length: 1000'), '{'],
    ['whose chunked body never ends', () => head(json, 'Transfer-Encoding: chunked'), '1\r\n{\r\n'],
    ['whose body never begins', () => head(json, 'Content-Length: 1000'), ''],
    ['whose header fields trickle in', () => head().slice(0, -4), '\r\nX-Slow: 1'],
    ['who stops within the first line', () => 'GET /v1/arti', ''],
    ['who connects and says nothing', () => '', ''],
  ]
  it.each(cases)('%s is cut off with a 408 problem, and others are served meanwhile', async (_, first, drop) => {
    const started = performance.now()
    const slow = raw(app.port, first())
    const drip = setInterval(() => drop && slow.socket.writable && slow.write(drop), 40)
    await app.nobody.get('/v1/articles').expect(200)
    const answer = await slow.closed
    clearInterval(drip)
    expect(performance.now() - started).toBeGreaterThan(TIMEOUT_MS - 50)
    expect(answer).toMatch(/^HTTP\/1.1 408 Request Timeout\r\n[\s\S]*Content-Type: application\/problem\+json/)
    expect(answer).toMatch(/Connection: close/)
    expect(bodyOf(answer)).toMatchObject({
      status: 408,
      code: 'request-timeout',
      type: '/docs/problems/request-timeout',
    })
  })

  it('has stored nothing of what was cut off', async () => {
    const { body } = await (await app.withRole('editor')).get('/v1/editorial/articles').expect(200)
    expect(body.data).toEqual([])
  })

  it('leaves alone a connection that is kept open between two requests', async () => {
    const client = raw(app.port)
    const ask = 'GET /health/live HTTP/1.1\r\nHost: dateline\r\n\r\n'
    client.write(ask)
    await client.heard(/"live"}$/)
    await sleep(TIMEOUT_MS * 2)
    client.write(ask)
    expect(await client.heard(/"live"}$/)).toMatch(/^HTTP\/1.1 200/)
  })
})

describe('what is too large', () => {
  it.each([
    ['announced', (size: number) => head(json, `Content-Length: ${size}`), ''],
    [
      'chunked',
      (size: number) => `${head(json, 'Transfer-Encoding: chunked')}${size.toString(16)}\r\n`,
      '\r\n0\r\n\r\n',
    ],
  ])('is refused with 413 when it is %s, and one byte less is taken', async (_, first, last) => {
    const text = (size: number) => `{"headline":"Big","notes":"${'x'.repeat(size - 29)}"}`
    for (const [size, status] of [
      [BODY_MAX + 1, 413],
      [BODY_MAX, 201],
    ] as const) {
      const body = text(size)
      expect(body).toHaveLength(size)
      const client = raw(app.port, first(size))
      client.write(body + last)
      const answer = await client.heard(/}$/)
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      if (status === 413) expect(bodyOf(answer)).toMatchObject({ status: 413, code: 'payload-too-large' })
    }
  })

  it('is refused with 414 when it is the address, and with 431 when it is the header fields', async () => {
    const long = await raw(app.port, `GET /v1/articles?q=${'a'.repeat(8_000)} HTTP/1.1\r\nHost: d\r\n\r\n`).heard(/}$/)
    expect(long).toMatch(/^HTTP\/1.1 414 /)
    expect(bodyOf(long).code).toBe('uri-too-long')
    const wide = await raw(app.port, `GET / HTTP/1.1\r\nHost: d\r\nCookie: ${'a'.repeat(17_000)}\r\n\r\n`).closed
    expect(wide).toMatch(/^HTTP\/1.1 431 /)
    expect(bodyOf(wide).code).toBe('headers-too-large')
    const fits = `/v1/articles/${'a'.repeat(900)}`
    expect((await app.nobody.get(fits)).status).toBe(404)
  })

  it('is refused with 400 when it is nested too deep, however deep', async () => {
    const editor = await app.withRole('editor')
    for (const depth of [65, 1_000, 9_000]) {
      const text = `{"headline":"Deep","body":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`
      const { status, body } = await editor.post('/v1/editorial/articles').type('json').send(text)
      expect([status, body.code]).toEqual([400, 'malformed-json'])
    }
    const allowed = `{"headline":"Deep","body":${'['.repeat(63)}${']'.repeat(63)}}`
    const { body } = await editor.post('/v1/editorial/articles').type('json').send(allowed).expect(422)
    expect(body.code).toBe('validation-failed')
  })
})

/** With time enough: here it is not the sender who is slow. */
let roomy: TestApp
const nobodyConnected = async () => {
  roomy ??= await startApp({ settings: { CONNECTIONS_MAX: String(CONNECTIONS_MAX) } })
  const connections = () =>
    new Promise<number>((resolve) => roomy.app.server.getConnections((_error, all) => resolve(all)))
  while ((await connections()) > 0) await sleep(10)
}

describe('more connections than there may be', () => {
  beforeEach(nobodyConnected)

  it('are closed at once, those that stand are served, and room that is made is used', async () => {
    const standing = Array.from({ length: CONNECTIONS_MAX }, () => raw(roomy.port))
    const ask = 'GET /health/live HTTP/1.1\r\nHost: dateline\r\n\r\n'
    const answers = standing.map((client) => {
      client.write(ask)
      return client.heard(/"live"}$/)
    })
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 200/)
    for (let surplus = 0; surplus < 5; surplus++) expect(await raw(roomy.port).closed).toMatch(/^(\[ECONNRESET\])?$/)
    standing[0]?.write(ask)
    expect(await standing[0]?.heard(/"live"}$/)).toMatch(/^HTTP\/1.1 200/)
    for (const { socket } of standing.slice(1)) socket.destroy()
    standing[0]?.socket.destroy()
    await nobodyConnected()
    await roomy.nobody.get('/v1/articles').expect(200)
  })

  it('that read nothing of what they asked for do not keep others waiting', async () => {
    const asking = 'GET /openapi/editorial.json HTTP/1.1\r\nHost: dateline\r\n\r\n'.repeat(50)
    const deaf = Array.from({ length: 10 }, () => {
      const client = raw(roomy.port, asking)
      client.socket.pause()
      return client
    })
    for (let turn = 0; turn < 10; turn++) await roomy.nobody.get('/v1/articles').expect(200)
    expect(deaf.every(({ socket }) => !socket.destroyed)).toBe(true)
  })
})
