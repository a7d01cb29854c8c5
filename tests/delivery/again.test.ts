import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, published, RAILS } from '../support/builders.ts'
import { raw } from '../support/raw.ts'
import { rounds } from '../support/rounds.ts'
import { allSentTo } from '../support/statements.ts'

// What is kept is sent again before the program (src/delivery/again.ts): nobody can tell it from what the program would have sent.

let app: TestApp
let other: TestApp
let desk: Desk
const log: string[] = []
beforeAll(async () => {
  const settings = { CACHE_TAGS: 'cache-tag,surrogate-key' }
  app = await startApp({ settings, onLog: (line) => log.push(line) })
  other = await startApp({ settings, clock: app.clock, database: { url: app.url, drop: async () => undefined } })
  desk = await app.withRole('editor')
  const bodyText = 'The council met on Monday. '.repeat(100)
  await published(desk, { slug: 'here', bodyText, section: { name: 'World' } })
  await desk.post(RAILS, { key: 'top', title: 'Top', backfill: { section: 'world' } }).expect(201)
})

let unlike = 0
let requests = 0
/** The field with which nobody has asked before, so that the answer is made; it makes no difference. */
const unheard = () => `*/*, unheard/of-${++unlike};q=0.1`

/** The answer to a request that closes its connection. */
const exchange = (head: string[]) => raw(app.port, `${head.join('\r\n')}\r\n\r\n`).closed

interface Answer {
  status: string
  /** Names as they were sent, with their values. */
  fields: string[]
  body: string
}

/** An answer as it came through the wire, without its id and the time; and its line in the log. */
async function asked(head: string[], id: string): Promise<Answer & { line: Record<string, unknown> }> {
  const text = await exchange([...head, `X-Request-Id: ${id}`, 'Connection: close'])
  const end = text.indexOf('\r\n\r\n')
  const [status = '', ...fields] = text.slice(0, end).split('\r\n')
  expect(fields.map((each) => each.toLowerCase())).toContain(`x-request-id: ${id}`)
  const { time: _, ms, reqId, ...line } = await lineOf(id)
  expect([typeof ms, reqId]).toEqual(['number', id])
  const own = /^(date|x-request-id):/i
  return {
    status,
    fields: fields.filter((each) => !own.test(each)).sort(),
    body: text.slice(end + 4).replaceAll(id, 'id'),
    line,
  }
}

async function lineOf(id: string): Promise<Record<string, unknown>> {
  for (;;) {
    const found = log.filter((line) => line.includes(`"${id}"`)).map((line) => JSON.parse(line))
    expect(found.length).toBeLessThan(2)
    if (found[0]) return found[0]
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

const paths = [
  '/v1/articles/here',
  '/v1/articles/here?format=html',
  '/v1/articles?limit=1',
  '/v1/articles?section=world&include=headlines',
  '/v1/rails/top',
  '/v1/search?q=council',
  '/v1/feeds/rss.xml',
  '/v1/sections',
]
const codings = ['identity', 'gzip', 'br', 'gzip, br;q=0.5', '*', 'zstd', '']

describe('an answer that is sent again is in each field the one that would be made', () => {
  it.each(paths)('%s', async (path) => {
    const both = async (head: string[]) => {
      const ask = (accept: string) =>
        asked([...head, `Accept: ${accept}`, 'Host: dateline.example'], `again-${++requests}`)
      // Once for it to be kept, as others may have written meanwhile.
      await ask('*/*')
      const again = await ask('*/*')
      const made = await ask(unheard())
      expect(again, head.join()).toEqual(made)
      return again
    }
    for (const coding of codings) {
      const takes = coding === '' ? [] : [`Accept-Encoding: ${coding}`]
      const whole = await both([`GET ${path} HTTP/1.1`, ...takes])
      expect(whole.status).toBe('HTTP/1.1 200 OK')
      const etag = /^etag: (.*)$/i.exec(whole.fields.find((each) => /^etag:/i.test(each)) ?? '')?.[1] ?? ''
      const plain = etag.replace(/\.(gzip|br)"$/, '"')
      const known = [etag, `W/${etag}`, `"other", ${etag}`, `"other",W/${etag}`, '*', plain, plain.replace('"', '"x')]
      for (const tags of [...known, 'nonsense', '']) {
        const head = [`GET ${path} HTTP/1.1`, ...takes, `If-None-Match: ${tags}`]
        const { status, body } = await both(head)
        expect(['HTTP/1.1 200 OK', 'HTTP/1.1 304 Not Modified']).toContain(status)
        if (status.includes('304')) expect(body).toBe('')
      }
    }
    for (const head of [
      [`HEAD ${path} HTTP/1.1`],
      [`GET ${path} HTTP/1.0`],
      [`GET ${path} HTTP/1.1`, 'Origin: https://elsewhere.example'],
      [`GET ${path} HTTP/1.1`, 'If-Modified-Since: Fri, 27 Nov 2026 10:00:00 GMT'],
      [`GET ${path} HTTP/1.1`, 'Range: bytes=0-9'],
      [`GET ${path} HTTP/1.1`, 'Expect: nothing-known'],
      [`GET ${path}#part HTTP/1.1`],
      [`GET http://dateline.example${path} HTTP/1.1`],
    ])
      await both(head)
  })
})

it('what is to be refused is refused, also where an answer is kept', async () => {
  const statusOf = async (...head: string[]) => (await exchange([...head, 'Connection: close'])).split('\r\n')[0]
  const get = 'GET /v1/articles/here HTTP/1.1'
  for (let n = 0; n < 2; n++) expect(await statusOf(get, 'Host: d')).toBe('HTTP/1.1 200 OK')
  expect(await statusOf(get)).toBe('HTTP/1.1 400 Bad Request')
  expect(await statusOf(get, 'Host: d', 'Host: e')).toBe('HTTP/1.1 400 Bad Request')
  expect(await statusOf(get, 'Host: d', 'Authorization: Bearer dl_live_nothing')).toBe('HTTP/1.1 401 Unauthorized')
  expect(await statusOf('DELETE /v1/articles/here HTTP/1.1', 'Host: d')).toBe('HTTP/1.1 405 Method Not Allowed')
})

it('requests that have arrived together are answered in their order, after one look at the database', async () => {
  await app.nobody.get('/v1/articles/here').unset('accept-encoding').set('accept', '*/*').expect(200)
  const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: d\r\nAccept: */*\r\n${more}\r\n`
  const many = Array.from({ length: 20 }, () => get('/v1/articles/here')).join('')
  const last = get('/v1/articles/here', 'Connection: close\r\n')
  let looks = 0
  // Whoever writes on the same PostgreSQL, in another test too, has it forgotten.
  for (let tries = 0; looks !== 1 && tries < 20; tries++) {
    const sent = await allSentTo(app.url, async () => {
      const answers = await raw(app.port, many + last).closed
      expect(answers.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(21)
    })
    looks = sent.length
  }
  expect(looks).toBe(1)
  const mixed = await raw(app.port, get('/v1/articles/here') + get('/v1/articles/nothing') + last).closed
  expect(mixed.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200'])
})

it('who was told of a publication sees it, on whichever node, however many ask at the same time', async () => {
  const { id, slug } = await published(desk)
  const path = `/v1/articles/${slug}`
  let publications = 0
  const publishSome = async () => {
    for (let n = 0; n < 15 * rounds; n++) {
      const kicker = `Kicker ${++publications}`
      await desk.patch(articleAt(id), { kicker }, '*').expect(200)
      await desk.change(`${articleAt(id)}/publish`, '*').expect(200)
      for (const { origin } of [other, app, other, app]) {
        expect(await (await fetch(origin + path)).json()).toMatchObject({ kicker })
      }
    }
  }
  await publishSome()
  let isOver = false
  const crowd = [app, other].flatMap(({ origin }) =>
    Array.from({ length: 8 }, async () => {
      while (!isOver) await (await fetch(origin + path)).text()
    }),
  )
  await publishSome()
  isOver = true
  await Promise.all(crowd)
})
