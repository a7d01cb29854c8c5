import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import {
  articleAt,
  type Desk,
  draft,
  FRONTS,
  frontAt,
  published,
  RAILS,
  railAt,
  release,
  releaseAt,
} from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

const HOUR = 3_600_000
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ settings: { PAST: 'public' } })
  desk = await app.withRole('editor')
})

interface Page {
  title: string
  rails: { key: string; title: string; items: { headline: string }[] }[]
}
let numbers = 0
const inMs = (by: number) => new Date(Date.parse(app.clock.now()) + by).toISOString()
const to = (id: string) => ({ target: { kind: 'article', id } })
async function makeRail(items: object[] = [], title = 'A rail'): Promise<string> {
  const key = `rail-${++numbers}`
  await desk.post(RAILS, { key, title, items }).expect(201)
  return key
}
async function makeFront(keys: string[], fields: object = {}): Promise<string> {
  const key = `front-${++numbers}`
  await desk.post(FRONTS, { key, title: 'A page', rails: keys.map((each) => ({ key: each })), ...fields }).expect(201)
  return key
}
const read = (key: string, query = '') => app.nobody.get(`/v1/fronts/${key}${query}`).expect(200)
const page = async (key: string, query = ''): Promise<Page> => (await read(key, query)).body
const words = ({ rails }: Page) => rails.map(({ items }) => items.map(({ headline }) => headline))

describe('readers get of a front', () => {
  it('all its rails in the order of the page, and a story that several have in the one of highest priority only', async () => {
    const { id } = await published(desk, { headline: 'Talks go on' })
    const [one, two, three] = [
      await makeRail([{ headline: 'One' }, to(id)], 'First'),
      await makeRail([to(id), { target: { kind: 'section', slug: 'no-such', latest: true } }]),
      await makeRail(),
    ]
    const rails = [{ key: one }, { key: two, priority: 9 }, { key: three, priority: 100 }]
    const front = await makeFront([], { description: 'All of it', language: 'en', rails })
    const { body } = await read(front)
    expect(body).toMatchObject({ key: front, title: 'A page', description: 'All of it', language: 'en' })
    const alone = await Promise.all(
      [one, two, three].map(async (key) => (await app.nobody.get(`/v1/rails/${key}`).expect(200)).body),
    )
    // By itself each rail is whole.
    expect(words({ title: '', rails: alone })).toEqual([['One', 'Talks go on'], ['Talks go on'], []])
    expect(words(body)).toEqual([['One'], ['Talks go on'], []])
    expect(body.rails.slice(1)).toEqual(alone.slice(1))
    await desk.patch(frontAt(front), { rails: rails.map(({ key }) => ({ key })) }, '*').expect(200)
    expect(words(await page(front))).toEqual([['One', 'Talks go on'], [], []])
    // What decides between rails is the desk's.
    expect(JSON.stringify(body)).not.toContain('priority')
  })

  it('what the desk has placed, before what fills a rail of higher priority; nowhere a gap, and no story twice', async () => {
    const section = { name: 'Harbour' }
    const [old, middle, young] = [
      await published(desk, { headline: 'Old', section }),
      await published(desk, { headline: 'Middle', section }),
      await published(desk, { headline: 'Young', section }),
    ]
    const backfill = { section: 'harbour', limit: 2 }
    const filled = { key: `rail-${++numbers}`, title: 'Filled', backfill }
    await desk.post(RAILS, filled).expect(201)
    const placed = await makeRail([to(young.id), { headline: 'Pending' }, { ...to(old.id), pin: 0 }])
    const front = await makeFront([filled.key, placed])
    expect(words(await page(front))).toEqual([['Middle'], ['Old', 'Young', 'Pending']])
    const latest = { target: { kind: 'section', slug: 'harbour', latest: true } }
    await desk
      .patch(frontAt(front), { rails: [{ key: await makeRail([latest]) }, { key: filled.key }] }, '*')
      .expect(200)
    expect(words(await page(front))).toEqual([['Young'], ['Middle', 'Old']])
    await desk.change(`${articleAt(young.id)}/withdraw`, '*').expect(200)
    expect(words(await page(front))).toEqual([['Middle'], ['Old']])
    const { rails } = (await read(front)).body
    expect(rails[1].items).toMatchObject([{ id: old.id, position: 0, backfilled: true, target: { id: old.id } }])
    await desk.change(`${articleAt(middle.id)}/kill`, '*', { reason: 'legal' }).expect(200)
    expect(words(await page(front))).toEqual([['Old'], []])
  })

  it('nothing that is hidden: no draft, nothing out of its time, no note, and no sign that there is any', async () => {
    const live = await published(desk, { headline: 'Seen' })
    const seen = [{ headline: 'Pending' }, to(live.id)]
    const rail = await makeRail(seen)
    const front = await makeFront([rail])
    const answer = async () => {
      const { text, headers } = await read(front)
      return [text, headers.etag]
    }
    const before = await answer()
    const hidden = await draft(desk, { headline: 'Canary of a draft' })
    const withdrawn = await published(desk, { headline: 'Canary of the past' })
    await desk.change(`${articleAt(withdrawn.id)}/withdraw`, '*').expect(200)
    const later = await draft(desk, { headline: 'Canary of the future' })
    await desk.change(`${articleAt(later.id)}/publish`, 1, { liveFrom: inMs(10 * HOUR), embargo: true }).expect(200)
    const items = [
      { ...to(hidden.id), pin: 0 },
      { headline: 'Canary too early', startsAt: inMs(HOUR) },
      ...seen.map((item) => ({ ...item, note: 'Canary of the desk' })),
      { headline: 'Canary too late', endsAt: inMs(-HOUR) },
      to(withdrawn.id),
      to(later.id),
    ]
    await desk.put(`${railAt(rail)}/items`, { items }, '*').expect(200)
    await desk.patch(articleAt(live.id), { headline: 'Canary of a change' }, '*').expect(200)
    expect(await answer()).toEqual(before)
    expect((await app.nobody.get('/v1/fronts')).text).not.toContain('Canary')
    // And what is not hidden any more is there.
    await desk.change(`${articleAt(hidden.id)}/publish`, 1).expect(200)
    expect(words(await page(front))).toEqual([['Canary of a draft', 'Pending', 'Seen']])
  })

  it('one ETag for all of it: new with every change that shows, 304 for who has it', async () => {
    const { id } = await published(desk, { headline: 'Old' })
    const rail = await makeRail([to(id)])
    const front = await makeFront([rail, await makeRail([{ headline: 'Stays' }])])
    const changes = [
      () => desk.patch(frontAt(front), { title: 'Another name' }, '*'),
      () => desk.patch(railAt(rail), { title: 'Another name' }, '*'),
      async () => {
        await desk.patch(articleAt(id), { headline: 'New' }, '*').expect(200)
        return desk.change(`${articleAt(id)}/publish`, '*')
      },
      async () => {
        const { rails } = (await desk.get(frontAt(front))).body
        const order = rails.map(({ key }: { key: string }) => ({ key })).toReversed()
        return desk.patch(frontAt(front), { rails: order }, '*')
      },
      () => desk.change(`${articleAt(id)}/withdraw`, '*'),
      () => desk.delete(railAt(rail), '*').then(),
    ]
    const tags = new Set<string>()
    for (const change of changes) {
      const { headers, text } = await read(front)
      const etag = headers.etag ?? ''
      expect(tags.has(etag)).toBe(false)
      tags.add(etag)
      const known = await app.nobody.get(`/v1/fronts/${front}`).set('if-none-match', etag).expect(304)
      expect(known.headers).toMatchObject({ etag, 'cache-control': headers['cache-control'] })
      expect((await change()).status).toBeLessThan(300)
      const next = await app.nobody.get(`/v1/fronts/${front}`).set('if-none-match', etag).expect(200)
      expect(next.text).not.toBe(text)
    }
    expect(tags.size).toBe(changes.length)
  })

  it('the page of another instant, with the rails of that instant', async () => {
    const before = inMs(0)
    const { id } = await published(desk, { headline: 'First' })
    const [rail, other] = [await makeRail([to(id)], 'Old rail'), await makeRail([{ headline: 'Other' }])]
    const front = await makeFront([rail, other], { title: 'Old page' })
    const past = inMs(0)
    app.clock.pass(HOUR)
    await desk.patch(frontAt(front), { title: 'New page' }, '*').expect(200)
    await desk.patch(railAt(rail), { title: 'New rail' }, '*').expect(200)
    await desk.delete(railAt(other), '*').expect(204)
    await desk.patch(articleAt(id), { headline: 'Second' }, '*').expect(200)
    await desk.change(`${articleAt(id)}/publish`, '*').expect(200)
    const { version } = (await desk.get(articleAt(id))).body
    await desk.patch(articleAt(id), { headline: 'Third' }, version).expect(200)
    const future = inMs(HOUR)
    await desk.change(`${articleAt(id)}/publish`, '*', { liveFrom: future }).expect(200)
    const told = (each: Page) => [each.title, each.rails.map(({ title }) => title), words(each)]
    expect(told(await page(front, `?at=${past}`))).toEqual(['Old page', ['Old rail', 'A rail'], [['First'], ['Other']]])
    expect(told(await page(front))).toEqual(['New page', ['New rail'], [['Second']]])
    const previewer = app.as((await app.services.access.create('Front end', 'reader', ['preview:read'])).key)
    const ahead = await previewer.get(`/v1/fronts/${front}?at=${future}`).expect(200)
    expect(told(ahead.body)).toEqual(['New page', ['New rail'], [['Third']]])
    await app.nobody.get(`/v1/fronts/${front}?at=${before}`).expect(404)
    const listed = async (at: string) =>
      (await app.nobody.get(`/v1/fronts?at=${at}&limit=100`).expect(200)).body.data.find(
        ({ key }: { key: string }) => key === front,
      )
    expect(await listed(before)).toBeUndefined()
    expect(await listed(past)).toMatchObject({ title: 'Old page', rails: [rail, other] })
    expect(await listed(inMs(0))).toMatchObject({ title: 'New page', rails: [rail] })
  })

  it('a page whose rails a release changes all old or all new, at every millisecond around it', async () => {
    const { id } = await draft(desk, { headline: 'New' })
    const keys = [await makeRail([{ headline: 'Old' }]), await makeRail([{ headline: 'Old' }])]
    const front = await makeFront(keys)
    const pieces = keys.map((key, n) => ({
      kind: 'rail',
      key,
      items: [n === 0 ? to(id) : { headline: 'New', followsStory: false }],
    }))
    const planned = await release(desk, [{ kind: 'article', id }, ...pieces])
    const { body } = await desk.change(`${releaseAt(planned.id)}/schedule`, '*').expect(200)
    app.clock.pass(HOUR)
    for (let ms = -3; ms <= 15; ms++) {
      const at = new Date(Date.parse(body.liveFrom) + ms).toISOString()
      const word = ms < 0 ? 'Old' : 'New'
      expect(words(await page(front, `?at=${at}`)), `${ms} ms`).toEqual([[word], [word]])
    }
    expect(words(await page(front))).toEqual([['New'], ['New']])
  })
})

it('while a page and its rails are written together again and again, readers get both of before or both of after', async () => {
  // One instant for each batch, so that nothing of it may be seen alone.
  let ms = Date.parse('2026-11-22T12:00:00.000Z')
  const pass = (by: number) => {
    ms += by
  }
  const clock = { now: () => new Date(ms).toISOString(), pass }
  const still = await startApp({ clock })
  const home = await still.withRole('editor')
  const keys = ['one', 'two']
  for (const key of keys) await home.post(RAILS, { key, title: 'Round 0' }).expect(201)
  const rails = keys.map((key) => ({ key }))
  await home.post(FRONTS, { key: 'home', title: 'Round 0', rails }).expect(201)
  let isWriting = true
  const write = async () => {
    for (let round = 1; round <= 15 * rounds; round++) {
      clock.pass(1)
      const patch = (path: string) => ({ method: 'PATCH', path, ifMatch: '*', body: { title: `Round ${round}` } })
      // The page first or last: what is read first is neither always the older nor always the newer.
      const paths = [frontAt('home'), ...keys.map(railAt)]
      const operations = (round % 2 === 0 ? paths : paths.toReversed()).map(patch)
      await home.post('/v1/editorial/batch', { operations }).expect(200)
    }
    isWriting = false
  }
  const seen = new Set<string>()
  const look = async () => {
    while (isWriting) {
      const { body } = await still.nobody.get('/v1/fronts/home').expect(200)
      const titles = [body.title, ...body.rails.map(({ title }: { title: string }) => title)]
      expect(titles).toEqual([body.title, body.title, body.title])
      seen.add(body.title)
    }
  }
  await Promise.all([write(), look(), look()])
  expect(seen.size).toBeGreaterThan(2)
})

it('a page is edited while its rails are, each by several desks: nothing is refused, nothing is lost', async () => {
  const keys = [await makeRail(), await makeRail()]
  const front = await makeFront(keys)
  const chain = async (path: string, words: string[]) => {
    for (const [n, title] of words.entries()) await desk.patch(path, { title }, n + 1).expect(200)
  }
  const add = async (path: string, word: string) => {
    for (let n = 0; n < 5; n++)
      await desk.change(`${path}/items`, '*', { item: { headline: `${word} ${n}` } }).expect(200)
  }
  const titles = Array.from({ length: 10 }, (_, n) => `Title ${n}`)
  const [one = '', two = ''] = keys.map(railAt)
  await Promise.all([chain(frontAt(front), titles), chain(one, titles), add(two, 'A'), add(two, 'B')])
  expect((await desk.get(frontAt(front))).body.version).toBe(11)
  const seen = await page(front)
  expect([seen.title, seen.rails.map(({ title }) => title)]).toEqual(['Title 9', ['Title 9', 'A rail']])
  expect(words(seen)[1]?.toSorted()).toEqual(['A', 'B'].flatMap((word) => [0, 1, 2, 3, 4].map((n) => `${word} ${n}`)))
})
