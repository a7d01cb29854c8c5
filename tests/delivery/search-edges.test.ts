import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'

// What reviewers have found, so that it stays found.

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})
const search = async (q: string, more = '') =>
  (await app.nobody.get(`/v1/search?q=${encodeURIComponent(q)}${more}`).expect(200)).body
const inMs = (by: number) => new Date(Date.parse(app.clock.now()) + by).toISOString()
const act = (id: string, action: string, body?: object) => desk.change(`${articleAt(id)}/${action}`, '*', body)

describe('many pieces that are published at one instant', () => {
  it.each(['9998-01-01T00:00:00.000Z', '2030-01-01T06:00:00.000Z'])(
    'have a place each, however far away it is: %s',
    async (liveFrom) => {
      for (let n = 0; n < 45; n++) {
        const { id } = await draft(desk, { headline: `Farthing ${liveFrom.slice(0, 4)}` })
        await act(id, 'publish', { liveFrom }).expect(200)
      }
      const { data, page } = await (await app.withRole('admin'))
        .get(`/v1/search?q=farthing&embargoed=true`)
        .expect(200)
        .then(({ body }) => body)
      expect(data).toEqual([])
      expect(page.next).toBeNull()
    },
  )

  it('come in pages, each once', async () => {
    const liveFrom = inMs(60_000)
    for (let n = 0; n < 40; n++)
      await act((await draft(desk, { headline: 'Together now' })).id, 'publish', { liveFrom }).expect(200)
    app.clock.pass(61_000)
    const seen: string[] = []
    let cursor = ''
    do {
      const { data, page } = await search('"together now"', `&limit=7${cursor}`)
      seen.push(...data.map(({ id }: { id: string }) => id))
      cursor = page.next === null ? '' : `&cursor=${page.next}`
    } while (cursor !== '')
    expect(new Set(seen).size).toBe(40)
    expect(seen).toHaveLength(40)
  })
})

it('a plan that is taken back leaves no trace in searches: no cursor and no tag differs', async () => {
  const { id } = await published(desk, { headline: 'Heronry counted' })
  await desk.patch(articleAt(id), { kicker: 'Update' }, '*').expect(200)
  await act(id, 'publish').expect(200)
  await published(desk, { headline: 'Heronry again' })
  app.clock.pass(120_000)
  while (await app.services.ticker.tick());
  const path = '/v1/search?q=heronry&limit=1'
  const before = await app.nobody.get(path)
  await desk.patch(articleAt(id), { headline: 'Nothing' }, '*').expect(200)
  await act(id, 'publish', { liveFrom: inMs(60_000) }).expect(200)
  await act(id, 'unschedule').expect(200)
  const after = await app.nobody.get(path)
  expect([after.text, after.headers.etag]).toEqual([before.text, before.headers.etag])
})

it('a snippet is about as long as it should be, whatever the text is', async () => {
  const long = 'padding '.repeat(9_990)
  const tail = '- '.repeat(50_000)
  for (const [word, bodyText] of [
    ['okapi', `${long}okapi ${'word '.repeat(20_000)}`],
    ['gavial', `gavial ${tail}`],
    ['tarsier', `${tail} tarsier`],
    ['potto', `${'ö'.repeat(50_000)} potto ${'é'.repeat(50_000)}`],
    ['ÉIDER', `éider ${long}`],
  ] as const) {
    await published(desk, { headline: 'Long', bodyText })
    const [hit] = (await search(word)).data
    expect(hit.highlights.body, word).toContain('<mark>')
    expect(hit.highlights.body.length, word).toBeLessThan(800)
  }
})

it('a page of long hits does not keep everybody else waiting', async () => {
  const bodyText = 'Zürich words and more of them. '.repeat(1_500)
  for (let n = 0; n < 20; n++) await published(desk, { headline: 'Zurich', bodyText })
  const { data } = await search('zurich', '&limit=100')
  expect(data.filter(({ highlights }: { highlights: { body?: string } }) => highlights.body).length).toBeGreaterThan(2)
})

it('fields that a search does not have are refused, not left out', async () => {
  for (const name of ['bodyHtml', 'headlines', 'body']) {
    for (const path of ['/v1/search?q=council', '/v1/articles/x/related?limit=1'])
      expect((await app.nobody.get(`${path}&fields=id,${name}`).expect(400)).body.errors).toMatchObject([
        { pointer: 'fields' },
      ])
  }
})

it('words of what is erased go, and those that another piece has too stay', async () => {
  const admin = await app.withRole('admin')
  const first = await published(desk, { headline: 'Xylophonists and glockenspielers' })
  await published(desk, { headline: 'Xylophonists' })
  while (await app.services.ticker.tick());
  await admin.change(`${articleAt(first.id)}/kill`, '*', { reason: 'legal' }).expect(200)
  await admin.change(`${articleAt(first.id)}/erase`, '*', { confirm: first.id }).expect(204)
  expect((await search('xylofonists')).didYouMean).toBe('xylophonists')
  expect((await search('glockenspielors')).didYouMean).toBeNull()
})

it('a phrase is found after however many of its words, wherever these stand', async () => {
  const be = (times: number) => 'be '.repeat(times)
  await published(desk, { headline: be(60), standfirst: be(150), bodyText: `${be(121)}and be zebrafish` })
  const found = (await search('"be zebrafish"')).data.length
  // Beyond so many a word is not looked for any more, on both engines alike.
  expect(found).toBe(0)
  expect((await search('zebrafish')).data).toHaveLength(1)
})

it('counts are those of what has begun, also by a clock that is behind the one that noted it', async () => {
  const section = { slug: 'behind', name: 'Behind' }
  await published(desk, { section })
  await act((await draft(desk, { section })).id, 'publish', { liveFrom: inMs(5_000) }).expect(200)
  app.clock.pass(6_000)
  while (await app.services.ticker.tick());
  app.clock.pass(-5_000)
  expect((await app.nobody.get('/v1/sections/behind')).body.articles).toBe(1)
  expect((await app.nobody.get('/v1/articles?section=behind&count=exact')).body.page.total).toBe(1)
})
