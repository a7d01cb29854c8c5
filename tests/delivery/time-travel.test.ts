import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, linksOf, published } from '../support/builders.ts'

const HOUR = 3_600_000
let app: TestApp
let desk: Desk
/** The future is for keys that say so; the past too, as long as the installation does not open it. */
let previewer: Desk
let reader: Desk
let admin: Desk
/** The same installation with its past open to everybody. */
let open: TestApp
beforeAll(async () => {
  app = await startApp()
  open = await startApp({ settings: { PAST: 'public' }, clock: app.clock })
  desk = await app.withRole('editor')
  admin = await app.withRole('admin')
  reader = await app.withRole('reader')
  const key = { name: 'Front end', role: 'reader', scopes: ['preview:read'] }
  previewer = app.as((await admin.post('/v1/editorial/keys', key).expect(201)).body.key)
})

const inMs = (by: number) => new Date(Date.parse(app.clock.now()) + by).toISOString()
const publish = (id: string, body: object = {}) => desk.change(`${articleAt(id)}/publish`, '*', body).expect(200)
const at = (path: string, instant: string) =>
  previewer.get(`/v1${path}${path.includes('?') ? '&' : '?'}at=${encodeURIComponent(instant)}`)
const headlines = (list: { headline: string }[]) => list.map(({ headline }) => headline)

describe('at another instant', () => {
  it('an article is what it was, what it is, and what it will be', async () => {
    const before = inMs(0)
    const { id, slug } = await published(desk, { headline: 'First' })
    const first = inMs(0)
    app.clock.pass(HOUR)
    await desk.patch(articleAt(id), { headline: 'Second', slug: `${slug}-moved` }, '*').expect(200)
    await publish(id)
    const second = inMs(0)
    app.clock.pass(HOUR)
    await desk.patch(articleAt(id), { headline: 'Third' }, '*').expect(200)
    const third = inMs(HOUR)
    await publish(id, { liveFrom: third, liveUntil: inMs(3 * HOUR) })
    await at(`/articles/${id}`, before).expect(404)
    for (const [instant, headline] of [
      [first, 'First'],
      [second, 'Second'],
      [third, 'Third'],
    ] as const) {
      const { body, headers } = await at(`/articles/${id}`, instant).expect(200)
      expect(body.headline).toBe(headline)
      expect(headers['cache-control']).toBe('private, no-store')
    }
    await at(`/articles/${id}`, inMs(3 * HOUR)).expect(404)
    // Its addresses are those of the time.
    await at(`/articles/${slug}`, first).expect(200)
    await at(`/articles/${slug}-moved`, first).expect(404)
    const moved = await at(`/articles/${slug}`, second).expect(301)
    expect(moved.headers.location).toBe(`/v1/articles/${slug}-moved?at=${encodeURIComponent(second)}`)
    expect((await app.nobody.get(`/v1/articles/${id}`).expect(200)).body.headline).toBe('Second')
  })

  it('any offset will do, and what is no instant is refused', async () => {
    const { id } = await published(desk)
    const utc = new Date(Date.parse(inMs(0)))
    const there = `${new Date(utc.getTime() + 3 * HOUR).toISOString().slice(0, -1)}+03:00`
    await at(`/articles/${id}`, there).expect(200)
    for (const wrong of ['2026-02-30T00:00:00Z', 'yesterday', '2026-11-22T12:00:00', '']) {
      const { body } = await at(`/articles/${id}`, wrong).expect(400)
      expect(body.errors[0].pointer).toBe('at')
    }
  })

  it('the links of an article and a rail are those of the time, to what was there then', async () => {
    const [target, source] = [await draft(desk, { headline: 'Target' }), await published(desk)]
    const link = { target: { kind: 'article', id: target.id } }
    await desk.put(linksOf(source.id), { items: [{ headline: 'Old link' }] }, 0).expect(200)
    await desk
      .post('/v1/editorial/rails', { key: 'then', title: 'Then', items: [{ headline: 'Old item' }] })
      .expect(201)
    const past = inMs(0)
    app.clock.pass(HOUR)
    await desk.put(linksOf(source.id), { items: [link] }, '*').expect(200)
    await desk.put('/v1/editorial/rails/then/items', { items: [link] }, '*').expect(200)
    const future = inMs(HOUR)
    await publish(target.id, { liveFrom: future })
    const seen = async (instant: string) => [
      headlines((await at(`/articles/${source.id}`, instant).expect(200)).body.headlines),
      headlines((await at(`/articles/${source.id}/headlines`, instant).expect(200)).body.data),
      headlines((await at('/rails/then', instant).expect(200)).body.items),
      headlines((await at('/rails', instant).expect(200)).body.data.flatMap((rail: { items: [] }) => rail.items)),
    ]
    expect(await seen(past)).toEqual([['Old link'], ['Old link'], ['Old item'], ['Old item']])
    expect(await seen(inMs(0))).toEqual([[], [], [], []])
    expect(await seen(future)).toEqual([['Target'], ['Target'], ['Target'], ['Target']])
    await at('/rails/then', '2020-01-01T00:00:00Z').expect(404)
  })

  it('a list is that of the time on every page, and its cursor is for that instant alone', async () => {
    const tags = [{ name: 'Paged' }]
    for (const headline of ['A', 'B', 'C']) await published(desk, { headline, tags })
    const past = inMs(0)
    app.clock.pass(HOUR)
    await published(desk, { headline: 'D', tags })
    const { id } = await draft(desk, { headline: 'E', tags, section: { name: 'Later' } })
    const future = inMs(HOUR)
    await publish(id, { liveFrom: future })
    const walk = async (instant: string) => {
      const found: string[] = []
      for (let cursor = ''; ; ) {
        const { body } = await at(`/articles?tag=paged&limit=2${cursor}`, instant).expect(200)
        found.push(...headlines(body.data))
        if (body.page.next === null) return found
        cursor = `&cursor=${body.page.next}`
      }
    }
    expect(await walk(past)).toEqual(['C', 'B', 'A'])
    expect(await walk(inMs(0))).toEqual(['D', 'C', 'B', 'A'])
    expect(await walk(future)).toEqual(['E', 'D', 'C', 'B', 'A'])
    expect(headlines((await at('/articles?section=later', future).expect(200)).body.data)).toEqual(['E'])
    const { body } = await at('/articles?tag=paged&limit=2', past).expect(200)
    const refused = await at(`/articles?tag=paged&limit=2&cursor=${body.page.next}`, future).expect(400)
    expect(refused.body.code).toBe('invalid-cursor')
    await app.nobody.get(`/v1/articles?tag=paged&limit=2&cursor=${body.page.next}`).expect(400)
  })
})

describe('what is gone', () => {
  it('is in the past where it was withdrawn or put in the trash, and in none where it was killed or erased', async () => {
    const tags = [{ name: 'Gone' }]
    const make = async (headline: string) => published(desk, { headline, tags })
    const pieces = [await make('withdrawn'), await make('trashed'), await make('killed'), await make('erased')] as const
    const items = pieces.map(({ id }) => ({ target: { kind: 'article', id } }))
    await desk.post('/v1/editorial/rails', { key: 'gone', title: 'Gone', items }).expect(201)
    const past = inMs(0)
    const [withdrawn, trashed, killed, erased] = pieces
    await desk.change(`${articleAt(withdrawn.id)}/withdraw`, '*').expect(200)
    await desk.delete(articleAt(trashed.id), '*').expect(200)
    await desk.change(`${articleAt(killed.id)}/kill`, '*', { reason: 'privacy' }).expect(200)
    await desk.delete(articleAt(erased.id), '*').expect(200)
    await admin.change(`${articleAt(erased.id)}/erase`, '*', { confirm: erased.id }).expect(204)
    const kept = ['trashed', 'withdrawn']
    expect(headlines((await at('/articles?tag=gone', past).expect(200)).body.data)).toEqual(kept)
    expect(headlines((await at('/rails/gone', past).expect(200)).body.items)).toEqual(kept.toReversed())
    for (const { id, slug } of [withdrawn, trashed]) {
      await at(`/articles/${id}`, past).expect(200)
      await at(`/articles/${slug}`, past).expect(200)
    }
    expect((await at(`/articles/${killed.id}`, past).expect(410)).body.reason).toBe('privacy')
    await at(`/articles/${killed.slug}`, past).expect(410)
    await at(`/articles/${erased.id}`, past).expect(410)
    await at(`/articles/${erased.slug}`, past).expect(404)
  })
})

describe('who may look', () => {
  const paths = [
    '/articles',
    '/rails',
    `/articles/${crypto.randomUUID()}`,
    '/articles/some-slug',
    '/rails/none',
    '/fronts',
    '/fronts/none',
  ]
  const asked = (who: Desk, path: string, instant: string) =>
    who.get(`/v1${path}?at=${instant}`).then(({ status }) => (status === 404 ? 200 : status))

  it('at the future: keys with preview:read alone, whatever the setting', async () => {
    for (const path of paths) {
      const future = inMs(HOUR)
      expect(await asked(app.nobody, path, future)).toBe(401)
      expect(await asked(reader, path, future)).toBe(403)
      expect(await asked(previewer, path, future)).toBe(200)
      expect(await asked(open.nobody, path, future)).toBe(401)
    }
  })

  it('at the past: everybody where the setting opens it, otherwise the same keys', async () => {
    for (const path of paths) {
      const past = inMs(-HOUR)
      expect(await asked(app.nobody, path, past)).toBe(401)
      expect(await asked(reader, path, past)).toBe(403)
      expect(await asked(previewer, path, past)).toBe(200)
      expect(await asked(open.nobody, path, past)).toBe(200)
    }
  })
})
