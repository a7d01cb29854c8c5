import type { Response } from 'supertest'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ProblemCode, problems } from '../../src/shared/problem.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, published, release, releaseAt } from '../support/builders.ts'
import { engine, freshDatabase } from '../support/database.ts'
import { execute } from '../support/sql.ts'
import { exchange, type WireAnswer } from '../support/wire.ts'

let app: TestApp
let desk: Desk
const log: string[] = []
beforeAll(async () => {
  const settings = { REQUEST_TIMEOUT_MS: '300', BODY_BYTES_MAX: '2000' }
  app = await startApp({ settings, onLog: (line) => log.push(line) })
  desk = await app.withRole('editor')
})

const wire = (lines: string[], body = '') => exchange(app.port, `${[...lines, '', ''].join('\r\n')}${body}`)
const post = (type: string, ...more: string[]) => [
  `POST ${ARTICLES} HTTP/1.1`,
  'Host: a',
  `Authorization: Bearer ${desk.key}`,
  `Content-Type: ${type}`,
  ...more,
]
const raw = (bytes: string | Buffer, fields = {}) => desk.raw('post', ARTICLES, bytes, fields)
const slowly = ['Content-Length: 100']

/** A database that is gone while the program runs. */
async function orphan(): Promise<TestApp> {
  const database = await freshDatabase()
  const other = await startApp({ database })
  await database.drop()
  if (engine === 'sqlite') await other.db.close()
  return other
}

/** Every way to fail that can be gone from outside, by the code that it ends in. */
const ways: [ProblemCode, string, () => Promise<Response | WireAnswer>][] = [
  ['malformed-request', 'a broken percent-encoding', () => app.nobody.get('/v1/articles/%E0%A4%A')],
  ['malformed-request', 'U+0000 in an address', () => app.nobody.get('/v1/articles/a%00b')],
  ['malformed-request', 'U+0000 in a query', () => app.nobody.get('/v1/articles?tag=%00')],
  ['malformed-request', 'an If-Match without quotes', () => desk.patch(articleAt('x'), {}, 'three')],
  ['malformed-request', 'what is not HTTP', () => wire(['hello'])],
  ['malformed-request', 'no Host', () => wire(['GET / HTTP/1.1', 'Connection: close'])],
  ['malformed-request', 'two Hosts', () => wire(['GET / HTTP/1.1', 'Host: a', 'Host: b', 'Connection: close'])],
  ['malformed-request', 'a length that is no number', () => wire(post('application/json', 'Content-Length: ten'))],
  ['malformed-request', 'two lengths', () => wire(post('application/json', 'Content-Length: 2', 'Content-Length: 3'))],
  [
    'malformed-request',
    'a length and chunks',
    () => wire(post('application/json', 'Content-Length: 2', 'Transfer-Encoding: chunked')),
  ],
  ['malformed-request', 'a folded header field', () => wire(['GET / HTTP/1.1', 'Host: a', ' b'])],
  ['malformed-request', 'a method that is none', () => wire(['FETCH / HTTP/1.1', 'Host: a'])],
  ['malformed-json', 'a body that is not JSON', () => raw('{"headline": ')],
  ['validation-failed', 'an empty body of JSON', () => raw('')],
  ['malformed-json', 'a body that is not UTF-8', () => raw(Buffer.from([0x22, 0xff, 0x22]))],
  ['malformed-json', 'a member twice', () => raw('{"headline":"a","headline":"b"}')],
  ['malformed-json', 'a body too deep', () => raw('['.repeat(500))],
  ['invalid-parameter', 'an unknown parameter', () => app.nobody.get('/v1/articles?page=2')],
  ['invalid-cursor', 'a made-up cursor', () => app.nobody.get('/v1/articles?cursor=2')],
  ['unauthenticated', 'no key', () => app.nobody.get(ARTICLES)],
  ['unauthenticated', 'a false key', () => app.as('dl_dev_false').get('/v1/articles')],
  ['forbidden', 'a key that may not', async () => (await app.withRole('reader')).get(ARTICLES)],
  ['not-found', 'an unknown address', () => app.nobody.get('/nothing')],
  ['not-found', 'an unknown article', () => desk.get(articleAt('x'))],
  ['method-not-allowed', 'a method that is not taken', () => app.nobody.delete('/v1/articles')],
  ['not-acceptable', 'another format', () => app.nobody.get('/v1/articles').set('accept', 'text/html')],
  ['request-timeout', 'a slow body', () => wire(post('application/json', ...slowly), '{')],
  ['request-timeout', 'slow header fields', () => exchange(app.port, 'GET / HTTP/1.1\r\nHost: a\r\n')],
  [
    'slug-taken',
    'a slug that is taken',
    async () => desk.post(ARTICLES, { headline: 'a', slug: (await draft(desk)).slug }),
  ],
  [
    'in-use',
    'deleting what articles have',
    async () => {
      await published(desk, { tags: [{ slug: 'in-use', name: 'In use' }] })
      return desk.delete('/v1/editorial/tags/in-use', '*')
    },
  ],
  [
    'already-exists',
    'a key that is taken',
    async () => {
      const rail = { key: `taken-${Date.now()}`, title: 'Taken' }
      await desk.post('/v1/editorial/rails', rail).expect(201)
      return desk.post('/v1/editorial/rails', rail)
    },
  ],
  [
    'duplicate-item',
    'a story that is in the list',
    async () => {
      const to = { target: { kind: 'article', id: (await published(desk)).id } }
      return desk.put(`${articleAt((await draft(desk)).id)}/headlines`, { items: [to, to] }, 0)
    },
  ],
  [
    'rail-full',
    'more than a rail may hold',
    () => {
      const items = [{ headline: 'One' }, { headline: 'Two' }]
      return desk.post('/v1/editorial/rails', { key: 'full', title: 'Full', maxItems: 1, items })
    },
  ],
  [
    'invalid-transition',
    'withdrawing a draft',
    async () => desk.change(`${articleAt((await draft(desk)).id)}/withdraw`, 1),
  ],
  [
    'patch-test-failed',
    'a test that fails',
    async () =>
      desk
        .raw('patch', articleAt((await draft(desk)).id), '[{"op":"test","path":"/headline","value":"x"}]')
        .set({ 'content-type': 'application/json-patch+json', 'if-match': '"1"' }),
  ],
  [
    'piece-changed',
    'a release with a piece that has changed',
    async () => {
      const { id } = await draft(desk)
      const made = await release(desk, [{ kind: 'article', id }])
      await desk.patch(articleAt(id), { kicker: 'New' }, 1).expect(200)
      return desk.change(`${releaseAt(made.id)}/schedule`, made.version, { liveFrom: '2030-01-01T00:00:00Z' })
    },
  ],
  [
    'locked',
    'the lock of another',
    async () => {
      const { id } = await draft(desk)
      await desk.put(`${articleAt(id)}/lock`, {}).expect(200)
      return (await app.withRole('editor')).put(`${articleAt(id)}/lock`, {})
    },
  ],
  ['already-done', 'a secret that is asked for twice', () => twice('/v1/editorial/keys', newKey, newKey)],
  [
    'gone',
    'a killed article',
    async () => {
      const { id } = await published(desk)
      await desk.change(`${articleAt(id)}/kill`, '*', { reason: 'legal' }).expect(200)
      return app.nobody.get(`/v1/articles/${id}`)
    },
  ],
  ['idempotency-key-reused', 'another body', () => twice(ARTICLES, { headline: 'One' }, { headline: 'Two' })],
  ['version-mismatch', 'an old version', async () => desk.patch(articleAt((await published(desk)).id), {}, 1)],
  ['payload-too-large', 'a large body', () => raw(`"${'a'.repeat(3000)}"`)],
  [
    'payload-too-large',
    'a large body in chunks',
    () =>
      wire(
        post('application/json', 'Transfer-Encoding: chunked', 'Connection: close'),
        `bb9\r\n"${'a'.repeat(3000)}\r\n0\r\n\r\n`,
      ),
  ],
  ['uri-too-long', 'a long address', () => app.nobody.get(`/v1/articles?tag=${'a'.repeat(8000)}`)],
  ['uri-too-long', 'a long part of an address', () => app.nobody.get(`/v1/articles/${'a'.repeat(1500)}`)],
  ['unsupported-media-type', 'XML', () => raw('<a/>', { 'content-type': 'text/xml' })],
  ['unsupported-media-type', 'UTF-16', () => raw('{}', { 'content-type': 'application/json; charset=utf-16' })],
  [
    'unsupported-media-type',
    'a patch that is posted',
    () => raw('{}', { 'content-type': 'application/merge-patch+json' }),
  ],
  ['validation-failed', 'a field of the wrong kind', () => desk.post(ARTICLES, { headline: 1 })],
  ['version-required', 'no If-Match', async () => desk.patch(articleAt((await draft(desk)).id), {})],
  ['headers-too-large', 'large header fields', () => wire(['GET / HTTP/1.1', 'Host: a', `X: ${'x'.repeat(20_000)}`])],
  ['unavailable', 'a database that is away', async () => (await orphan()).nobody.get('/health/ready')],
  [
    'internal-error',
    'a fault of ours',
    async () => {
      await execute(app.url, 'drop table list_editions')
      return app.nobody.get('/v1/rails')
    },
  ],
]
const newKey = { name: 'News desk', role: 'reader' }
async function twice(path: string, first: object, second: object) {
  const desk = await app.withRole('admin')
  await desk.post(path, first).set('idempotency-key', 'once').expect(201)
  return desk.post(path, second).set('idempotency-key', 'once')
}
const notFromOutside: Partial<Record<ProblemCode, string>> = {
  'storage-full': 'needs a disk without room',
}

it('every code of the catalogue is raised here, or there is a reason why not', () => {
  const here = new Set([...ways.map(([code]) => code), ...Object.keys(notFromOutside)])
  expect([...here].toSorted()).toEqual(Object.keys(problems).toSorted())
})

describe.each(ways)('%s', (code, name, fail) => {
  it(`by ${name}: a problem document with a page of its own, and nothing of the inside`, async () => {
    const answer = await fail()
    const text = 'text' in answer ? answer.text : answer.body
    const { headers } = answer
    expect(headers['content-type']).toBe('application/problem+json')
    const problem = JSON.parse(text)
    const [status, title] = problems[code]
    expect(answer.status).toBe(status)
    expect(problem).toMatchObject({ type: `/docs/problems/${code}`, title, status, code })
    expect(problem.detail).toMatch(/\S+ \S+.*\.$/s)
    expect(problem.instance).toBe(`urn:request:${headers['x-request-id']}`)
    expect(headers['x-request-id']).toMatch(/^[\w.-]{1,128}$/)
    expect(headers.date).toBeDefined()
    if (code !== 'not-found' && code !== 'gone') expect(headers['cache-control']).toBe('private, no-store')
    expect(text).not.toMatch(
      /node_modules|\.ts\b|\bat \S+ \(|:\d+:\d+\)|select |sqlite|postgres|list_editions|FST_|HPE_|stack/i,
    )
    expect(text).not.toContain(desk.key)
    const page = await app.nobody.get(problem.type).expect(200)
    expect(page.text).toContain(title)
    expect(page.text).toContain(`<code>${code}</code>`)
    if (status === 401) expect(headers['www-authenticate']).toMatch(/^Bearer /)
    if (status === 405) expect(headers.allow).toBeTruthy()
    if (status === 415) expect(headers['accept-post']).toBe('application/json')
    if (status === 503) expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    if (status === 412) {
      expect(headers.etag).toBe('"2"')
      expect(problem).toMatchObject({ currentVersion: 2, updatedBy: { name: 'The editor' } })
    }
    if (code === 'internal-error') {
      const line = log.find((each) => each.includes(headers['x-request-id'] ?? ''))
      expect(line).toMatch(/list_editions/)
    }
  })
})

it('a PUT to an id that nobody has is told by the page of its problem how to create', async () => {
  const put = desk.put(articleAt('0198c0de-0000-7000-8000-00000000c0de'), { headline: 'a', bodyText: 'b' })
  const { body } = await put.expect(428)
  const { text } = await app.nobody.get(body.type).expect(200)
  expect(text).toContain('<code>If-None-Match: *</code>')
})
