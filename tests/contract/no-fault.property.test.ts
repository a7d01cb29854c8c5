import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { encodeCursor } from '../../src/http/paging.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { links, published } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'
import { anyCharacter } from '../support/texts.ts'
import { exchange } from '../support/wire.ts'

let app: TestApp
let known: string[]
beforeAll(async () => {
  app = await startApp()
  const desk = await app.withRole('editor')
  const target = await published(desk, { section: { name: 'World' }, tags: [{ name: 'Tag' }] })
  const { id, slug } = await published(desk)
  await links(desk, id, [{ headline: 'One' }, { target: { kind: 'article', id: target.id } }], 0)
  await desk.post('/v1/editorial/rails', { key: 'top', title: 'Top', items: [{ headline: 'One' }] }).expect(201)
  await desk.post('/v1/editorial/fronts', { key: 'top', title: 'Top', rails: [{ key: 'top' }] }).expect(201)
  known = [id, slug, 'top', 'world', 'tag', target.id]
})

const odd = fc.constantFrom(
  ...['', '0', '-1', '1e400', '0x10', 'null', '%00', '%', '%ZZ', '%F0%9F%93%B0', '%ED%A0%80', '%FF', "' or 1=1 --"],
  ...[
    '..',
    '../..',
    '%2e%2e',
    '//',
    '*',
    '__proto__',
    'constructor',
    '{slug}',
    '$1',
    'a'.repeat(500),
    'a'.repeat(1200),
  ],
  ...['2026-02-30', '\\', '[]', ';', '#', '?', '&', '=', '+', '%0d%0aX-Evil:1', '019B0F61-2C44-7D10-8A55-0A6F3F1F9B02'],
)
const anything = fc.oneof(
  odd,
  fc.nat(5).map((at) => known[at] ?? 'top'),
  fc.string({ unit: anyCharacter, maxLength: 30 }).map((text) => encodeURIComponent(text.toWellFormed())),
  fc.string({ maxLength: 20 }),
)
const year0 = new Date('0000-01-01T00:00:00.000Z')
/** A cursor of the right form with a fingerprint of its own, as anybody could put together who has read the source. */
const cursor = fc
  .record({
    direction: fc.constantFrom('after' as const, 'before' as const),
    at: fc.oneof(
      fc.date({ min: year0, max: new Date('9999-12-31'), noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constantFrom(year0.toISOString(), '2026-02-30T00:00:00.000Z', '2026-01-01T24:00:00.000Z', ''),
    ),
    id: fc.oneof(fc.uuid(), fc.constantFrom('', '\0', '\ud800', 'x'.repeat(99)), fc.string({ unit: anyCharacter })),
  })
  .map((place) => encodeCursor(place, { section: undefined, tag: undefined, author: undefined }))
const parameter = fc.tuple(
  fc.oneof(fc.constantFrom('section', 'tag', 'author', 'body', 'format', 'limit', 'cursor'), anything),
  fc.oneof(anything, cursor, fc.constantFrom('html', 'text,html', 'ninjs', '1', '100', 'none')),
)
const segments = fc.oneof(
  fc.constantFrom(
    '/v1/articles',
    '/v1/rails',
    '/v1/fronts',
    '/v1/me',
    '/v1',
    '/docs/problems',
    '/openapi',
    '/health',
    '',
  ),
  fc.constant('/v1/articles'),
)
const header = fc.tuple(
  fc.constantFrom(
    'accept',
    'if-none-match',
    'authorization',
    'x-request-id',
    'origin',
    'range',
    'cookie',
    'expect',
    'te',
  ),
  fc.oneof(
    odd,
    fc.string({ maxLength: 30 }),
    fc.constantFrom('*', '"a", W/"b"', '*/*;q=0', 'text/html;q=x', ',;=,text/plain;', 'Bearer x', 'bytes=0-'),
  ),
)
/** One line of latin-1, as it goes over the wire. */
const onWire = (text: string) => text.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '').trim()

it('no address, parameter or header field of the open door makes a fault, and every refusal is a problem', async () => {
  const requests = fc.record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'OPTIONS', 'POST', 'DELETE', 'PATCH', 'PROPFIND'),
    base: segments,
    rest: fc.array(fc.oneof(anything, fc.constant('headlines')), { maxLength: 2 }),
    query: fc.array(parameter, { maxLength: 3 }),
    headers: fc.array(header, { maxLength: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(requests, async ({ method, base, rest, query, headers }) => {
      const search = query.map(([name, value]) => `${name}=${value}`).join('&')
      const path = [base, ...rest].join('/') || '/'
      const target = onWire(`${path}${search && `?${search}`}`).replaceAll(' ', '%20')
      const fields = headers.map(([name, value]) => `${name}: ${onWire(value)}`)
      const head = [`${method} ${target} HTTP/1.1`, 'Host: a', 'Connection: close', ...fields, '', ''].join('\r\n')
      const answer = await exchange(app.port, Buffer.from(head, 'latin1'))
      expect(answer.status, head).toBeGreaterThanOrEqual(200)
      expect(answer.status, head).toBeLessThan(500)
      expect(answer.headers['x-request-id'], head).toMatch(/^[\w.-]{1,128}$/)
      expect(answer.headers).not.toHaveProperty('x-evil')
      if (answer.status < 400) return
      expect(answer.headers['content-type'], head).toBe('application/problem+json')
      if (method !== 'HEAD') expect(JSON.parse(answer.body).status).toBe(answer.status)
    }),
    { numRuns: 400 * rounds },
  )
})

it('no cursor that somebody made up makes a fault: it is a place in the list, or refused', async () => {
  await fc.assert(
    fc.asyncProperty(cursor, async (forged) => {
      const { status } = await app.nobody.get(`/v1/articles?cursor=${forged}`)
      expect([200, 400]).toContain(status)
    }),
    { numRuns: 100 * rounds },
  )
})
