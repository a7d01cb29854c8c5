import type { Response } from 'supertest'
import { beforeAll, describe, expect, it } from 'vitest'
import { noteInstants } from '../../src/db/instants.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, links, published } from '../support/builders.ts'
import { statementsOf } from '../support/statements.ts'

const HOUR = 3_600_000
const NINJS = 'application/json; profile="https://iptc.org/std/ninjs/ninjs-schema_3.1.json"'
const types = {
  json: 'application/json',
  html: 'text/html',
  markdown: 'text/markdown',
  text: 'text/plain',
  jsonld: 'application/ld+json',
  ninjs: NINJS,
}
type Format = keyof typeof types
const names = Object.keys(types) as Format[]

let app: TestApp
let desk: Desk
let trusted: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  const admin = await app.withRole('admin')
  const key = { name: 'Wire service', role: 'partner', scopes: ['embargo:read', 'preview:read'] }
  trusted = app.as((await admin.post('/v1/editorial/keys', key).expect(201)).body.key)
  const { id } = await published(desk, { slug: 'there', headline: 'There It Is' })
  await links(desk, id, [{ headline: 'Related Story' }], 0)
  const moved = await published(desk, { slug: 'former' })
  await desk.patch(articleAt(moved.id), { slug: 'present' }, '*').expect(200)
  await desk.change(`${articleAt(moved.id)}/publish`, '*').expect(200)
  const killed = await published(desk, { slug: 'killed' })
  await desk.change(`${articleAt(killed.id)}/kill`, '*', { reason: 'legal' }).expect(200)
})

const inMs = (by: number) => new Date(Date.parse(app.clock.now()) + by).toISOString()
const typeOf = ({ headers }: Response) => headers['content-type']?.replace('; charset=utf-8', '')
const ask = (path: string, accept?: string) => {
  const asked = app.nobody.get(path)
  // Without this, the client would send none.
  return accept === undefined ? asked : asked.set('accept', accept)
}

describe('the format of an article', () => {
  const wishes: [string, Format][] = [
    ['', 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['application/*', 'json'],
    ['application/json; charset=utf-8', 'json'],
    ['text/html', 'html'],
    ['TEXT/HTML;level=1', 'html'],
    ['text/*', 'html'],
    ['text/markdown', 'markdown'],
    ['text/plain', 'text'],
    ['application/ld+json', 'jsonld'],
    // A hint where there is only one of that type.
    ['application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', 'jsonld'],
    [NINJS, 'ninjs'],
    [`${NINJS}, */*;q=0.1`, 'ninjs'],
    [`${NINJS};q=0.5, application/json`, 'json'],
    // Browsers say that they like HTML best.
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8', 'html'],
    // Programs that take anything just as well get JSON.
    ['application/json, text/plain, */*', 'json'],
    ['text/html, */*', 'json'],
    ['text/html;q=0.5, application/json;q=0.5', 'json'],
    ['text/html;q=0.9, text/markdown, */*;q=0.1', 'markdown'],
    ['text/*;q=0.9, text/html;q=0.1, text/markdown;q=0.2', 'text'],
    ['*/*, application/json;q=0', 'html'],
    ['*/*, application/json;q=0, text/*;q=0', 'jsonld'],
    ['application/xml, text/plain;q=0.001', 'text'],
  ]
  it.each(wishes)('is what the reader likes best: Accept "%s" is %s', async (accept, name) => {
    const answer = await ask('/v1/articles/there', accept).expect(200)
    expect(typeOf(answer)).toBe(types[name])
    expect(answer.headers.vary).toBe('Accept, Authorization, Accept-Encoding')
    expect(answer.text).toBe((await ask(`/v1/articles/there?format=${name}`).expect(200)).text)
  })

  it.each(names)(
    'is the one that is named, whatever Accept says, and caches need not look at that: %s',
    async (name) => {
      for (const accept of ['', 'application/xml', 'text/html', 'application/json;q=0']) {
        const answer = await ask(`/v1/articles/there?format=${name}`, accept).expect(200)
        expect(typeOf(answer), accept).toBe(types[name])
        expect(answer.headers.vary).toBe('Authorization, Accept-Encoding')
        expect(answer.headers['x-content-type-options']).toBe('nosniff')
        expect(answer.text).toContain('There It Is')
      }
    },
  )

  const refused = [
    'application/xml',
    'image/*',
    '*/*;q=0',
    'text/html;q=0, application/xhtml+xml',
    'application/json;profile="https://iptc.org/std/ninjs/ninjs-schema_2.1.json"',
  ]
  it.each(refused)('that nobody has is refused, with a list of what there is: %s', async (accept) => {
    for (const path of ['/v1/articles/there', '/v1/articles/nothing']) {
      const { body, headers } = await ask(path, accept).expect(406)
      expect(headers['content-type']).toBe('application/problem+json')
      expect(headers['cache-control']).toBe('private, no-store')
      expect(body.available).toEqual(names.map((format) => ({ format, mediaType: types[format] })))
      for (const type of Object.values(types)) expect(body.detail).toContain(type)
    }
  })

  it('that is misspelt is refused with those that there are', async () => {
    for (const wrong of ['xml', 'HTML', '', 'htm', 'constructor']) {
      const { body } = await ask(`/v1/articles/there?format=${wrong}`).expect(400)
      expect(body.errors[0]).toMatchObject({ pointer: 'format', allowed: names })
    }
    await ask('/v1/articles/there?format=html&format=html').expect(400)
    await ask('/v1/articles?format=html').expect(400)
  })
})

describe('a body that is asked for in JSON fields', () => {
  it.each(names.slice(1))('does not go with %s, be it named or accepted', async (name) => {
    for (const [path, accept] of [
      [`/v1/articles/there?format=${name}&body=text`, ''],
      ['/v1/articles/there?body=none', types[name]],
    ] as const) {
      const { body } = await ask(path, accept).expect(400)
      expect(body).toMatchObject({ code: 'invalid-parameter', errors: [{ pointer: 'body', code: 'not-together' }] })
    }
  })

  it('makes it JSON for who takes that too, a browser for instance', async () => {
    const answer = await ask('/v1/articles/there?body=text', 'text/html,*/*;q=0.8').expect(200)
    expect(answer.body).toHaveProperty('bodyText')
    expect((await ask('/v1/articles/there?format=json&body=text', 'text/html').expect(200)).text).toBe(answer.text)
    await ask('/v1/articles/there?body=text', 'application/xml').expect(406)
  })
})

describe('each format', () => {
  it('has a strong tag of its own, which is not one of another form of the same article', async () => {
    const paths = [...names.map((name) => `?format=${name}`), '?body=text', '?body=text,html', '?body=markdown']
    const tags = await Promise.all(paths.map(async (each) => (await ask(`/v1/articles/there${each}`)).headers.etag))
    for (const tag of tags) expect(tag).toMatch(/^"[\w.-]+"$/)
    expect(new Set(tags).size).toBe(paths.length)
  })

  it.each(names)('is not sent to who has it, and only then: %s', async (name) => {
    const { etag: own = '' } = (await ask('/v1/articles/there', types[name]).expect(200)).headers
    for (const other of names) {
      const path = '/v1/articles/there'
      const isSame = other === name
      const asked = [ask(path, types[other]), app.nobody.head(path).set('accept', types[other])]
      for (const each of asked) {
        const answer = await each.set('if-none-match', `"x", W/${own}`).expect(isSame ? 304 : 200)
        if (!isSame) continue
        expect(answer.text ?? '').toBe('')
        expect(answer.headers).toMatchObject({ etag: own, vary: 'Accept, Authorization, Accept-Encoding' })
        expect(answer.headers['cache-control']).toMatch(/^public/)
      }
    }
  })

  it.each(names)('is recognised before the text is read from the database: %s', async (name) => {
    const path = `/v1/articles/there?format=${name}`
    const { etag = '' } = (await ask(path).expect(200)).headers
    const texts = (sent: string[]) => sent.filter((text) => text.includes('edition_bodies')).length
    // As on the day after: what was kept of it is not kept any more.
    const forget = () => app.db.write((tx) => noteInstants(tx, app.db.tables, [app.clock.now()]))
    await forget()
    const full = await statementsOf(app.url, () => ask(path).set('if-none-match', '"another"').expect(200))
    await forget()
    const known = await statementsOf(app.url, () => ask(path).set('if-none-match', etag).expect(304))
    expect([texts(full), texts(known)]).toEqual([1, 0])
  })

  it.each(names)('has the same header fields with HEAD: %s', async (name) => {
    const kept = ({ headers }: Response) => ({ ...headers, date: '', 'x-request-id': '' })
    const path = `/v1/articles/there?format=${name}`
    const head = await app.nobody.head(path).expect(200)
    expect(kept(head)).toEqual(kept(await ask(path)))
    expect(head.text ?? '').toBe('')
  })

  it.each(names)('has a new tag when what it shows is new, and the old one else: %s', async (name) => {
    const { id } = await published(desk)
    const read = () => ask(`/v1/articles/${id}?format=${name}`).expect(200)
    const first = await read()
    await desk.patch(articleAt(id), { notes: 'For the desk', headline: 'Put Right' }, '*').expect(200)
    expect((await read()).headers.etag).toBe(first.headers.etag)
    await desk.change(`${articleAt(id)}/publish`, '*', { kind: 'correction', text: 'It was wrong.' }).expect(200)
    const second = await read()
    expect(second.headers.etag).not.toBe(first.headers.etag)
    for (const said of ['Put Right', 'It was wrong.']) expect(second.text).toContain(said)
    expect(second.text).not.toContain('For the desk')
  })

  it.each(names)(
    'has a new tag where a related story has a new headline, which all but JSON-LD show: %s',
    async (name) => {
      const target = await published(desk)
      const { id } = await published(desk)
      await links(desk, id, [{ target: { kind: 'article', id: target.id } }], 0)
      const read = () => ask(`/v1/articles/${id}?format=${name}`).expect(200)
      const { etag = '' } = (await read()).headers
      await desk.patch(articleAt(target.id), { headline: 'Related and New' }, '*').expect(200)
      await desk.change(`${articleAt(target.id)}/publish`, '*').expect(200)
      const after = await read().set('if-none-match', etag)
      expect(after.text.includes('Related and New')).toBe(name !== 'jsonld')
      await desk.change(`${articleAt(target.id)}/withdraw`, '*').expect(200)
      expect((await read()).text).not.toContain('Related and New')
    },
  )

  it.each(names)('answers refusals as problems, and leads on to the present slug: %s', async (name) => {
    for (const [slug, status] of [
      ['nothing', 404],
      ['killed', 410],
    ] as const) {
      for (const answer of [
        await ask(`/v1/articles/${slug}?format=${name}`).expect(status),
        await ask(`/v1/articles/${slug}`, types[name]).expect(status),
      ]) {
        expect(answer.headers['content-type']).toBe('application/problem+json')
        expect(answer.body.status).toBe(status)
      }
    }
    const { headers } = await ask(`/v1/articles/former?format=${name}`).expect(301)
    expect(headers.location).toBe(`/v1/articles/present?format=${name}`)
    await ask(headers.location ?? '').expect(200)
    expect((await ask('/v1/articles/former', types[name]).expect(301)).headers.vary).toBe(
      'Accept, Authorization, Accept-Encoding',
    )
  })

  it.each(names)('is read under embargo and at another instant, by who may: %s', async (name) => {
    const { id } = await draft(desk, { headline: 'The Budget' })
    const path = `/v1/articles/${id}?format=${name}`
    const liveFrom = inMs(HOUR)
    await desk.change(`${articleAt(id)}/publish`, '*', { liveFrom, embargo: true }).expect(200)
    const held = await trusted.get(`${path}&embargoed=true`).expect(200)
    expect(held.headers['cache-control']).toBe('private, no-store')
    expect(held.text).toMatch(/embargo/i)
    expect(held.text).toContain(liveFrom)
    const then = await trusted.get(`${path}&at=${inMs(2 * HOUR)}`).expect(200)
    for (const { text } of [held, then]) expect(text).toContain('The Budget')
    expect(then.text).not.toMatch(/embargo/i)
    expect(then.headers.etag).not.toBe(held.headers.etag)
    await app.nobody.get(path).expect(404)
    await app.nobody.get(`${path}&embargoed=true`).expect(401)
    await app.nobody.get(`${path}&at=${inMs(2 * HOUR)}`).expect(401)
  })
})

it('HTML may not do anything where it is opened, and comes with UTF-8', async () => {
  const { headers } = await ask('/v1/articles/there?format=html').expect(200)
  expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'; /)
  expect(headers['content-security-policy']).not.toMatch(/script|allow/)
  for (const name of ['html', 'markdown', 'text'] as const) {
    expect((await ask(`/v1/articles/there?format=${name}`)).headers['content-type']).toBe(
      `${types[name]}; charset=utf-8`,
    )
  }
})
