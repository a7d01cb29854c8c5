import { beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { nameIn } from '../../src/delivery/address.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, links, published } from '../support/builders.ts'

const SITE = 'https://news.example'
const world = { section: { slug: 'world', name: 'World' } }

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ settings: { ARTICLE_URL: `${SITE}/news/{section}/{slug}` } })
  desk = await app.withRole('admin')
})

const asked = (path: string) => `/v1/resolve?path=${encodeURIComponent(path)}`
const resolve = async (path: string) => (await app.nobody.get(asked(path)).expect(200)).body
const change = async (id: string, fields: object) => {
  await desk.patch(articleAt(id), fields, '*').expect(200)
  await desk.change(`${articleAt(id)}/publish`, '*').expect(200)
}

describe('the address of an article', () => {
  it('holds its section where the site has them, and leaves that part out without one, in links too', async () => {
    const there = await published(desk, { slug: 'in-the-world', ...world })
    const bare = await published(desk, { slug: 'without-section' })
    const from = await published(desk)
    const targets = [there, bare].map(({ id }) => ({ target: { kind: 'article', id } }))
    await links(desk, from.id, targets, 0)
    const urls = [`${SITE}/news/world/in-the-world`, `${SITE}/news/without-section`]
    for (const [at, { id }] of [there, bare].entries()) {
      expect((await app.nobody.get(`/v1/articles/${id}`)).body.url).toBe(urls[at])
    }
    const { headlines } = (await app.nobody.get(`/v1/articles/${from.id}`)).body
    expect(headlines.map(({ url }: { url: string }) => url)).toEqual(urls)
    await change(there.id, { section: { slug: 'europe', name: 'Europe' } })
    const moved = (await app.nobody.get(`/v1/articles/${from.id}`)).body
    expect(moved.headlines[0].url).toBe(`${SITE}/news/europe/in-the-world`)
  })

  it.each([
    'https://news.example/',
    'https://news.example/{name}/{slug}',
    'https://news.example/{slug',
    'https://news.example/{section}-{slug}',
    'https://{section}/{slug}',
    'https://news.example/{slug}?in={section}',
  ])('is refused as a setting where it could not be made: %s', (pattern) => {
    expect(() => readConfig({ ARTICLE_URL: pattern })).toThrow(/ARTICLE_URL: Must hold/)
  })

  it.each([
    ['https://news.example/{section}/{slug}', '/world/a-b', 'a-b'],
    ['https://news.example/{section}/{slug}', '/a-b', 'a-b'],
    ['https://news.example/{section}/{slug}', '/', undefined],
    ['https://news.example/{section}/{slug}', '', undefined],
    ['https://news.example/{slug}/{section}', '/a-b/world/', 'a-b'],
    ['/{section}/{slug}.html', '/world/a-b.html', 'a-b'],
    ['/{section}/{slug}.html', '/world/a-bxhtml', undefined],
    ['/{slug}-{id}', '/a-b-019b0f61-2c44-7d10-8a55-0a6f3f1f9b02', '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'],
    ['/{id}/{slug}', '/019b0f61-2c44-7d10-8a55-0a6f3f1f9b02/anything', '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'],
    ['/{id}', '/a-b', undefined],
    ['/{slug}/{slug}', '/a/b', 'a'],
    ['/news (old)/{slug}', '/news%20(old)/a', 'a'],
    ['/n%C3%A4chstes/{slug}/', '/nächstes/a', 'a'],
    ['https://news.example/story?id={id}', '/story', undefined],
    ['https://news.example/{slug}?id={id}', '/a', 'a'],
  ])('of the form %s is read back: %s', (pattern, path, name) => {
    expect(nameIn(pattern, path)).toBe(name)
  })
})

describe('a path of the site', () => {
  it('is where the article is, or leads there in one step from every address that it ever had', async () => {
    const { id } = await published(desk, { slug: 'first-name', ...world })
    await change(id, { slug: 'second-name' })
    await change(id, { section: null })
    await change(id, { slug: 'third-name', section: { slug: 'europe', name: 'Europe' } })
    const location = `${SITE}/news/europe/third-name`
    const found = { location, id, slug: 'third-name' }
    for (const path of ['/news/europe/third-name', '/news/europe/thir%64-name', '/n%65ws/europe/third-name']) {
      expect(await resolve(path), path).toEqual({ status: 'live', ...found })
    }
    const former = ['world/first-name', 'world/second-name', 'second-name', 'world/third-name', 'europe/first-name']
    for (const path of [...former, 'europe/third-name/', `europe/${id}`, id]) {
      expect(await resolve(`/news/${path}`), path).toEqual({ status: 'moved', ...found })
    }
  })

  it('of another shape, of what never was and of what is not public answers alike, byte for byte', async () => {
    const hidden = await draft(desk, { slug: 'a-draft', ...world })
    const planned = await draft(desk, { slug: 'planned', ...world })
    const liveFrom = '2030-01-01T00:00:00.000Z'
    await desk.change(`${articleAt(planned.id)}/publish`, '*', { liveFrom, embargo: true }).expect(200)
    const withdrawn = await published(desk, { slug: 'withdrawn', ...world })
    await desk.change(`${articleAt(withdrawn.id)}/withdraw`, '*').expect(200)
    const trashed = await published(desk, { slug: 'trashed', ...world })
    await desk.delete(articleAt(trashed.id), '*').expect(200)
    const live = await published(desk, { slug: 'renamed-later', ...world })
    await desk.patch(articleAt(live.id), { slug: 'next-name' }, '*').expect(200)
    const all = async (path: string) => {
      const { status, headers, text } = await app.nobody.get(asked(path)).set('x-request-id', 'same')
      const { date: _date, ...rest } = headers
      return { status, headers: rest, text }
    }
    const never = await all('/news/world/never-was')
    expect(never).toMatchObject({ status: 200, text: '{"status":"unknown"}' })
    const slugs = ['a-draft', 'planned', 'withdrawn', 'trashed', 'next-name']
    const ids = [hidden, planned, withdrawn, trashed].map(({ id }) => id)
    const odd = [
      '/',
      '/news',
      '/news/',
      '//news/world/renamed-later',
      '/news/world/renamed-later/more',
      '/x/renamed-later',
    ]
    const broken = [
      '/news/%',
      '/news/%zz',
      '/news/world/%C3',
      '/news/world/%00',
      '/news/world%2Frenamed-later',
      '/news/RENAMED-LATER',
    ]
    for (const path of [...[...slugs, ...ids].map((each) => `/news/world/${each}`), ...odd, ...broken]) {
      expect(await all(path), path).toEqual(never)
    }
    // A second address within the first is a name that no article has.
    expect((await resolve(`/news/world/../world/renamed-later`)).status).toBe('unknown')
  })

  it('that led to what was killed is gone, with the reason; a slug that was only planned is not', async () => {
    const { id } = await published(desk, { slug: 'killed-first', ...world })
    await change(id, { slug: 'killed-second' })
    await desk.patch(articleAt(id), { slug: 'killed-planned' }, '*').expect(200)
    await desk.change(`${articleAt(id)}/publish`, '*', { liveFrom: '2026-11-22T20:00:00Z' }).expect(200)
    await desk.change(`${articleAt(id)}/kill`, '*', { reason: 'legal' }).expect(200)
    app.clock.pass(24 * 3_600_000)
    for (const name of ['killed-first', 'killed-second', id]) {
      expect(await resolve(`/news/world/${name}`), name).toEqual({ status: 'gone', reason: 'legal' })
    }
    expect(await resolve('/news/world/killed-planned')).toEqual({ status: 'unknown' })
    await app.nobody.get('/v1/articles/killed-planned').expect(404)
    await desk.delete(articleAt(id)).expect(428)
    await desk.change(`${articleAt(id)}/erase`, '*', { confirm: id }).expect(204)
    expect((await resolve(`/news/world/${id}`)).status).toBe('gone')
    expect(await resolve('/news/world/killed-first')).toEqual({ status: 'unknown' })
  })

  it('has a tag that is new when the answer is, and may be cached as everything else', async () => {
    const { id } = await published(desk, { slug: 'tagged', ...world })
    const path = asked('/news/world/tagged')
    const one = await app.nobody.get(path).expect(200)
    expect(one.headers.etag).toMatch(/^"[\w.-]+"$/)
    expect(one.headers['cache-control']).toMatch(/^public, max-age=10/)
    const known = () => app.nobody.get(path).set('if-none-match', one.headers.etag ?? '')
    expect((await known().expect(304)).text).toBe('')
    // A new text is not a new address.
    await change(id, { headline: 'Another one' })
    await known().expect(304)
    await change(id, { section: { slug: 'europe', name: 'Europe' } })
    const two = await known().expect(200)
    expect(two.headers.etag).not.toBe(one.headers.etag)
    await desk.change(`${articleAt(id)}/withdraw`, '*').expect(200)
    await known().expect(200)
  })

  it.each(['news', '', '?x=1', '/news#x', 'https://news.example/news/x', `/${'x'.repeat(1_000)}`])(
    'must be one: %j is refused',
    async (path) => {
      const { body } = await app.nobody.get(asked(path)).expect(400)
      expect(body.errors).toMatchObject([{ pointer: 'path' }])
    },
  )

  it('may have a query, which is no part of the address of an article', async () => {
    const { id } = await published(desk, { slug: 'asked-with-more' })
    for (const query of ['?utm_source=x', '?p=12', '?'])
      expect(await resolve(`/news/asked-with-more${query}`)).toMatchObject({ status: 'live', id })
    expect(await resolve('/?p=12')).toEqual({ status: 'unknown' })
  })

  it('cannot be asked for with a broken encoding of the question itself, and never breaks anything', async () => {
    for (const path of ['%', '/%zz', '/%00', '/%ED%A0%80', `/${'%25'.repeat(300)}`, '/{slug}', '/(?:x+x+)+y']) {
      expect([200, 400]).toContain((await app.nobody.get(`/v1/resolve?path=${path}`)).status)
    }
    await app.nobody.get('/v1/resolve').expect(400)
  })
})
