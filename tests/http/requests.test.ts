import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft } from '../support/builders.ts'
import { exchange } from '../support/wire.ts'

let app: TestApp
let desk: Desk
const log: string[] = []
beforeAll(async () => {
  app = await startApp({ onLog: (line) => log.push(line) })
  desk = await app.withRole('editor')
})

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const lineOf = (id: string) => log.map((line) => JSON.parse(line)).find((line) => line.reqId === id)

describe('the id of a request', () => {
  it.each(['abc', 'A-b_c.1', '0', 'a'.repeat(128), '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'])(
    'is kept where it is harmless: %s',
    async (id) => {
      for (const path of [
        '/v1/articles',
        '/v1/articles/nothing',
        '/nothing',
        '/health/live',
        ARTICLES,
        '/v1/articles/%E0',
      ]) {
        const { headers, body } = await app.nobody.get(path).set('x-request-id', id)
        expect(headers['x-request-id'], path).toBe(id)
        if (body.code) expect(body.instance).toBe(`urn:request:${id}`)
      }
    },
  )

  it.each([
    '',
    ' ',
    'a b',
    'a'.repeat(129),
    '<script>',
    '"quoted"',
    'a,b',
    'a/b',
    '{"a":1}',
    'naïve',
    '%0d%0aSet-Cookie',
  ])('is replaced where it is not: "%s"', async (id) => {
    const { headers } = await app.nobody.get('/v1/articles').set('x-request-id', Buffer.from(id).toString('latin1'))
    expect(headers['x-request-id']).toMatch(uuid)
  })

  it('is another one for each request without one, and stands in the log with what became of it', async () => {
    const ids = new Set<string>()
    for (const [path, status] of [
      ['/v1/articles?tag=secret-search', 200],
      ['/v1/rails/x', 404],
      ['/v1/articles/%E0', 400],
    ] as const) {
      const id = (await app.nobody.get(path).expect(status)).headers['x-request-id'] ?? ''
      ids.add(id)
      expect(lineOf(id)).toMatchObject({ method: 'GET', status })
    }
    expect(ids.size).toBe(3)
    expect(log.join('')).not.toContain('secret-search')
  })

  it('twice in a request is replaced', async () => {
    const head =
      'GET /v1/articles HTTP/1.1\r\nHost: a\r\nX-Request-Id: a\r\nX-Request-Id: b\r\nConnection: close\r\n\r\n'
    expect((await exchange(app.port, head)).headers['x-request-id']).toMatch(uuid)
  })
})

describe('a request', () => {
  it('with an expectation that nobody knows is answered as without', async () => {
    const answer = await exchange(
      app.port,
      'GET /v1/articles HTTP/1.1\r\nHost: a\r\nExpect: the-unexpected\r\nConnection: close\r\n\r\n',
    )
    expect(answer.status).toBe(200)
  })

  it('that waits to be told to continue is told', async () => {
    const body = '{"headline":"Go On"}'
    const head = `POST ${ARTICLES} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${desk.key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n${body}`
    const answer = await exchange(app.port, head)
    expect(answer.status).toBe(100)
    expect(answer.body).toMatch(/^HTTP\/1.1 201 Created/)
  })

  it('of HTTP/1.0 needs no Host', async () => {
    expect((await exchange(app.port, 'GET /v1/articles HTTP/1.0\r\n\r\n')).status).toBe(200)
  })

  it('hidden in the body of another is not answered', async () => {
    const smuggled = 'GET /v1/articles HTTP/1.1\r\nHost: a\r\n\r\n'
    const head = `POST /v1/articles HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`
    const answer = await exchange(app.port, head)
    expect(answer.status).toBe(400)
    expect(answer.body).not.toContain('HTTP/1.1 200')
  })

  it('for a patch says which formats a patch may have', async () => {
    const { id } = await draft(desk)
    const patch = (type: string) => desk.raw('patch', articleAt(id), '{}', { 'content-type': type, 'if-match': '*' })
    for (const type of ['text/plain', 'application/xml', 'application/merge-patch+json; charset=latin1']) {
      const { headers } = await patch(type).expect(415)
      expect(headers['accept-patch'], type).toBe(
        'application/merge-patch+json, application/json-patch+json, application/json',
      )
    }
    for (const type of ['application/merge-patch+json', 'application/json; charset=UTF-8', 'Application/JSON']) {
      await patch(type).expect(200)
    }
  })
})
