import { afterAll, beforeAll, expect, it } from 'vitest'
import { makeLogger } from '../../src/log.ts'
import { engine, freshDatabase, type TestDatabase } from '../support/database.ts'
import { makeKey, type Server, startServer } from '../support/process.ts'
import { raw } from '../support/raw.ts'
import { execute } from '../support/sql.ts'

const CANARY = 'Kanarienvogel'

let database: TestDatabase
let server: Server
let key: string

beforeAll(async () => {
  database = await freshDatabase()
  key = await makeKey(database.url, 'admin')
  server = await startServer({ DATABASE_URL: database.url, BODY_BYTES_MAX: '5000', REQUEST_TIMEOUT_MS: '400' })
})
afterAll(async () => {
  await server.kill('SIGKILL')
  await database.drop()
})

/** The lines of the log for a request with this id. */
async function linesOf(id: string): Promise<Record<string, unknown>[]> {
  await server.found(new RegExp(`"reqId":"${id}"[^\n]*"msg":"request"`))
  return server
    .printed()
    .split('\n')
    .filter((line) => line.includes(`"${id}"`))
    .map((line) => JSON.parse(line))
}

it('has one line of JSON for each request, with what is needed to follow it up', async () => {
  const cases: [string, number, Parameters<Server['call']>[2]?][] = [
    ['/v1/articles?limit=5', 200],
    ['/v1/editorial/articles', 201, { body: { headline: 'A Win' } }],
    ['/v1/editorial/articles', 422, { body: { headline: 7 } }],
    ['/v1/editorial/articles', 413, { body: { headline: 'x'.repeat(6_000) } }],
    ['/v1/articles/nothing', 404],
    ['/v1/articles', 405, { method: 'DELETE' }],
    ['/v1/articles/%zz', 400],
    ['/nowhere', 404],
    ['/v1/articles', 204, { method: 'OPTIONS' }],
    ['/health/live', 200],
  ]
  for (const [at, [path, status, options]] of cases.entries()) {
    const id = `case-${at}`
    const answer = await server.call(path, key, { ...options, headers: { 'x-request-id': id } })
    expect([path, answer.status]).toEqual([path, status])
    expect(answer.headers.get('x-request-id')).toBe(id)
    const lines = await linesOf(id)
    expect(lines).toHaveLength(1)
    const method = options?.method ?? (options?.body ? 'POST' : 'GET')
    expect(lines[0]).toMatchObject({ status, method })
    // An address that cannot be read is not written down either, and took no time.
    if (!path.includes('%zz')) expect(lines[0]).toMatchObject({ path: path.split('?')[0], ms: expect.any(Number) })
    expect(lines[0]?.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  }
})

it('never has a key in it, wherever it was sent', async () => {
  const id = (at: number) => `key-${at}`
  const wrong = `dl_live_${'k'.repeat(43)}`
  const written = await server.call('/v1/editorial/articles', key, { body: { headline: 'Not Yet' } })
  const made = { articleId: ((await written.json()) as { id: string }).id }
  const { url } = (await (await server.call('/v1/editorial/previews', key, { body: made })).json()) as { url: string }
  const token = url.split('/').at(-1) ?? ''
  expect(token).toMatch(/^dl_preview_[\w-]{43}$/)
  const odd: [string, string | undefined, Parameters<Server['call']>[2]?][] = [
    ['/v1/articles', wrong],
    [`/v1/articles?key=${key}`, undefined],
    [`/v1/articles/${key}`, undefined],
    [`/v1/articles/${key.replaceAll('_', '%5F')}`, undefined],
    [`/${wrong}/`, undefined],
    [`/v1/previews/${token}`, undefined],
    [`/v1/previews/${token.replaceAll('_', '%5f')}?body=nonsense`, undefined],
    [`/v1/previews/${token}/more`, undefined],
    [`/v1/previews/%64l%5fpre%76iew_${token.slice(11)}`, undefined],
    [`/v1/articles/%zz${key}`, undefined],
    ['/v1/editorial/articles', key, { body: { headline: key, nonsense: wrong } }],
    ['/v1/editorial/articles', key, { body: key }],
    ['/v1/articles', undefined, { headers: { authorization: `Basic ${key}` } }],
    ['/v1/articles', undefined, { headers: { cookie: `key=${key}`, 'x-api-key': key } }],
    ['/v1/articles', undefined, { method: key.replaceAll(/[^a-z]/gi, 'K') }],
  ]
  for (const [at, [path, bearer, options]] of odd.entries()) {
    const headers = { 'x-request-id': id(at), ...options?.headers }
    await server.call(path, bearer, { ...options, headers })
    if (at < odd.length - 1) await linesOf(id(at))
  }
  await server.call('/v1/articles', undefined, { headers: { 'x-request-id': key } })
  await server.call('/v1/articles', undefined, { headers: { 'x-request-id': 'last' } })
  await linesOf('last')
  expect(server.printed()).not.toContain(key.slice(7))
  expect(server.printed()).not.toContain(wrong.slice(8))
  expect(server.printed()).not.toContain(token.slice(11))
  expect(server.printed()).not.toContain(token.slice(11).replaceAll('_', '%5f'))
  expect(server.printed()).toContain('/v1/previews/[secret]')
  expect(server.printed()).not.toContain(key.slice(7).replaceAll('_', '%5F'))
})

it('has neither what readers search for nor what editors write in it, not even when a statement fails', async () => {
  const refusing =
    engine === 'postgres'
      ? 'alter table articles add constraint refused check (external_id is null) not valid'
      : "create trigger refused before insert on articles begin select raise(abort, 'refused'); end"
  await execute(database.url, refusing)
  const headers = { 'x-request-id': 'failing' }
  const body = { headline: `${CANARY} Sings`, bodyText: CANARY, externalId: CANARY, notes: CANARY }
  const failing = await server.call('/v1/editorial/articles', key, { body, headers })
  expect(failing.status).toBe(500)
  expect(await failing.json()).toMatchObject({ code: 'internal-error' })
  await server.call(`/v1/articles?q=${CANARY}&section=${CANARY}`)
  await server.call('/v1/editorial/articles', key, { body: { headline: 1, [CANARY]: CANARY } })
  const cut = raw(server.port, `POST /v1/editorial/articles HTTP/1.1\r\nHost: d\r\nContent-Length: 99\r\n\r\n${CANARY}`)
  raw(server.port, `${CANARY} nonsense\r\n\r\n`)
  await cut.closed
  const lines = await linesOf('failing')
  expect(lines.map(({ level }) => level)).toEqual([50, 30])
  // Enough to find the fault: what kind it was, and where.
  expect(JSON.stringify(lines[0])).toMatch(/refused/)
  expect(JSON.stringify(lines[0])).toMatch(/src\/articles\/store|stack/)
  expect(server.printed()).not.toContain(CANARY)
})

it('a key that comes along with what is told of a fault is cut out, as Fastify calls it too', () => {
  const lines: string[] = []
  const logger = makeLogger('info', { write: (line: string) => void lines.push(line) })
  for (const name of ['req', 'res', 'request', 'reply'])
    logger.error({ [name]: { authorization: CANARY, headers: { authorization: CANARY } } })
  logger.error({ authorization: CANARY, headers: { authorization: CANARY } })
  expect(lines).toHaveLength(5)
  expect(lines.join()).not.toContain(CANARY)
})
