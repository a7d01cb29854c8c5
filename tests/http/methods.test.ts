import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, published } from '../support/builders.ts'
import { exchange } from '../support/wire.ts'

let app: TestApp
let desk: Desk
type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'
const verbs: Verb[] = ['get', 'post', 'put', 'patch', 'delete']
/** Each path of both documents with something in the place of its parameters, and the methods that it has. */
let addresses: { path: string; methods: string[] }[]

beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('admin')
  await published(desk, { slug: 'there' })
  addresses = Object.values(app.documents).flatMap((document) =>
    Object.entries((document as { paths: Record<string, object> }).paths).map(([template, item]) => ({
      path: template.replaceAll(/\{\w+\}/g, 'there'),
      methods: Object.keys(item),
    })),
  )
  expect(addresses.length).toBeGreaterThan(10)
})

const send = (who: Desk, verb: Verb, path: string, type = 'application/json') =>
  verb === 'get' || verb === 'delete' ? who[verb](path) : who.raw(verb, path, '{', { 'content-type': type })
const allowOf = (methods: string[]) =>
  [...methods.map((each) => each.toUpperCase()), ...(methods.includes('get') ? ['HEAD'] : []), 'OPTIONS']
    .sort()
    .join(', ')

describe('every address of both documents', () => {
  it('says by OPTIONS what it takes, to everybody', async () => {
    for (const { path, methods } of addresses) {
      const { headers, text } = await app.nobody.options(path).expect(204)
      expect(headers.allow, path).toBe(allowOf(methods))
      expect(text).toBe('')
    }
  })

  it('refuses what it does not take with 405, whatever the body is', async () => {
    for (const { path, methods } of addresses) {
      for (const verb of verbs.filter((each) => !methods.includes(each))) {
        for (const type of ['application/json', 'text/xml']) {
          const { headers, body } = await send(desk, verb, path, type).expect(405)
          expect(headers.allow, path).toBe(allowOf(methods))
          expect(body).toMatchObject({ code: 'method-not-allowed' })
        }
      }
    }
  })

  it('refuses methods that nobody has heard of here', async () => {
    for (const method of ['PROPFIND', 'LINK', 'TRACE', 'QUERY']) {
      const answer = await exchange(app.port, `${method} /v1/articles HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`)
      expect(answer, method).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD, OPTIONS' } })
    }
  })
})

it('an address is the same however its letters are encoded', async () => {
  expect((await app.nobody.get('/v1/%61rticles/there')).body).toEqual((await app.nobody.get('/v1/articles/there')).body)
  expect((await app.nobody.delete('/v1/%61rticles').expect(405)).headers.allow).toBe('GET, HEAD, OPTIONS')
  expect((await app.nobody.options('/v1/%61rticles').expect(204)).headers.allow).toBe('GET, HEAD, OPTIONS')
})

it('where nothing is there is no method either', async () => {
  for (const path of ['/v2/articles', '/v1/article', '/v1/articles/there/text', '/v1/editorial']) {
    for (const verb of verbs) await send(app.nobody, verb, path).expect(404)
    await app.nobody.options(path).expect(404)
    await app.nobody.head(path).expect(404)
  }
})

describe('a reader who wants another format', () => {
  it.each([
    'text/html',
    'application/xml, text/html;q=0.9',
    'application/json;q=0',
    'application/json;q=0.000, */*',
    '*/*;q=0',
    'application/*;q=0, text/*',
    'application/ld+json',
  ])('gets 406 from both doors: %s', async (accept) => {
    for (const [who, path] of [
      [app.nobody, '/v1/articles'],
      [desk, '/v1/editorial/articles'],
    ] as const) {
      const { body } = await who.get(path).set({ accept }).expect(406)
      expect(body.code).toBe('not-acceptable')
    }
  })

  it.each([
    '*/*',
    'application/*',
    'text/html, */*;q=0.1',
    'APPLICATION/JSON',
    'text/html,application/json;q=0.1',
    ' ',
  ])('gets JSON where that will do: %s', async (accept) => {
    const { headers } = await app.nobody.get('/v1/articles').set({ accept }).expect(200)
    expect(headers['content-type']).toBe('application/json; charset=utf-8')
  })

  it('gets the pages for people whatever is accepted', async () => {
    for (const path of ['/docs/', '/docs/problems', '/docs/problems/not-found']) {
      const { headers } = await app.nobody.get(path).set({ accept: 'text/html' }).expect(200)
      expect(headers['content-type']).toMatch(/^text\/html/)
      expect(headers['content-security-policy']).toContain("default-src 'self'")
    }
  })
})
