import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ChangeEvent } from '../../src/events/feed-schema.ts'
import { articleTag } from '../../src/shared/cache-tags.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published, RAILS, railAt } from '../support/builders.ts'

let app: TestApp
/** Another node on the same database. */
let other: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  other = await startApp({ database: { url: app.url, drop: async () => undefined }, clock: app.clock })
  desk = await app.withRole('admin')
})

const feed = async (after: string) => (await app.nobody.get(`/v1/changes?limit=100&after=${after}`).expect(200)).body
const placeNow = async (): Promise<string> => {
  let page = (await app.nobody.get('/v1/changes?limit=100').expect(200)).body
  while (page.data.length > 0) page = await feed(page.page.next)
  return page.page.next
}
const inMs = (by: number) => new Date(Date.parse(app.clock.now()) + by).toISOString()
/** Two nodes at once. */
const tick = () =>
  Promise.all(
    [app, other].map(async ({ services }) => {
      while (await services.ticker.tick());
    }),
  )
const act = (id: string, action: string, body?: object) =>
  desk.change(`${articleAt(id)}/${action}`, '*', body).expect(200)

describe('what the clock did and nobody had noted yet', () => {
  /** The kinds that are told of an article, where `deed` comes between an instant of the clock and its noting. */
  async function kindsAfter(times: object, deed: (id: string) => Promise<unknown>): Promise<string[]> {
    const { id } = await draft(desk)
    const place = await placeNow()
    await act(id, 'publish', times)
    await tick()
    app.clock.pass(5_500)
    await deed(id)
    await tick()
    return (await feed(place)).data.flatMap(({ kind, subject }: ChangeEvent) =>
      subject.id === id ? kind.replace('article.', '') : [],
    )
  }

  it('is told before what somebody does then, so that the last word is true', async () => {
    const begins = { liveFrom: inMs(5_000) }
    expect(await kindsAfter(begins, (id) => act(id, 'withdraw'))).toEqual(['published', 'withdrawn'])
    const kills = (id: string) => act(id, 'kill', { reason: 'legal' })
    expect(await kindsAfter({ liveFrom: inMs(5_000) }, kills)).toEqual(['published', 'killed'])
    const trashes = (id: string) => desk.delete(articleAt(id), '*').expect(200)
    expect(await kindsAfter({ liveFrom: inMs(5_000) }, trashes)).toEqual(['published', 'withdrawn'])
    const publishes = (id: string) => act(id, 'publish')
    expect(await kindsAfter({ liveFrom: inMs(5_000) }, publishes)).toEqual(['published', 'updated'])
    expect(await kindsAfter({ liveUntil: inMs(5_000) }, publishes)).toEqual(['published', 'expired', 'published'])
  })

  it('is told where an editor plans something else meanwhile, and what waits for the story gets it', async () => {
    const headline = 'The ferry that waited'
    await desk.post(RAILS, { key: 'waits', title: 'Waits', items: [{ headline }] }).expect(201)
    const { id } = await draft(desk, { headline })
    await act(id, 'publish', { liveFrom: inMs(5_000) })
    app.clock.pass(5_500)
    await act(id, 'publish', { liveFrom: inMs(60_000) })
    await tick()
    const { body } = await app.nobody.get('/v1/rails/waits').expect(200)
    expect(body.items[0].target).toMatchObject({ id })
  })
})

describe('a link with a window of time', () => {
  it('is told when it comes and when it goes, once, wherever readers see it', async () => {
    const window = { headline: 'For a while', startsAt: inMs(5_000), endsAt: inMs(10_000) }
    const { id } = await published(desk)
    await desk.put(`${articleAt(id)}/headlines`, { items: [window] }, 0).expect(200)
    await desk.post(RAILS, { key: 'windows', title: 'Windows', items: [window] }).expect(201)
    // Readers see nothing of these.
    await desk.post(RAILS, { key: 'staged', title: 'Staged', publishMode: 'staged', items: [window] }).expect(201)
    const hidden = await draft(desk)
    await desk.put(`${articleAt(hidden.id)}/headlines`, { items: [window] }, 0).expect(200)
    await desk.post(RAILS, { key: 'emptied', title: 'Emptied', items: [window] }).expect(201)
    await desk.put(`${railAt('emptied')}/items`, { items: [] }, '*').expect(200)
    for (const shown of [1, 0]) {
      const place = await placeNow()
      await tick()
      expect((await feed(place)).data).toEqual([])
      app.clock.pass(5_000)
      await tick()
      await tick()
      const { data } = await feed(place)
      expect(data.map(({ kind, subject }: ChangeEvent) => [kind, subject.id]).toSorted()).toEqual([
        ['article.updated', id],
        ['rail.changed', 'windows'],
      ])
      expect((await app.nobody.get('/v1/rails/windows').expect(200)).body.items).toHaveLength(shown)
    }
  })

  it('is told nobody where it leads to what readers do not have', async () => {
    const { id: hidden } = await draft(desk)
    const target = { kind: 'article', id: hidden }
    const items = [{ target, startsAt: inMs(1_000), endsAt: inMs(2_000) }, { headline: 'Seen' }]
    await desk.post(RAILS, { key: 'to-a-draft', title: 'To a draft', items }).expect(201)
    const place = await placeNow()
    app.clock.pass(1_500)
    await tick()
    app.clock.pass(1_000)
    await desk.put(`${railAt('to-a-draft')}/items`, { items: [items[1]] }, '*').expect(200)
    await tick()
    expect((await feed(place)).data).toEqual([])
  })

  it('is told too where somebody takes it out before that was noted', async () => {
    const items = [{ headline: 'Over soon', endsAt: inMs(5_000) }, { headline: 'Stays' }]
    await desk.post(RAILS, { key: 'taken-out', title: 'Taken out', items }).expect(201)
    const { id } = await published(desk)
    await desk.put(`${articleAt(id)}/headlines`, { items }, 0).expect(200)
    const place = await placeNow()
    app.clock.pass(5_500)
    for (const path of [railAt('taken-out'), articleAt(id)])
      await desk
        .put(`${path}/${path.includes('rails') ? 'items' : 'headlines'}`, { items: [items[1]] }, '*')
        .expect(200)
    await tick()
    const { data } = await feed(place)
    expect(data.map(({ kind, subject, changed }: ChangeEvent) => [kind, subject.id, changed])).toEqual([
      ['rail.changed', 'taken-out', ['items']],
      ['article.updated', id, ['headlines']],
    ])
  })
})

it('an end that comes by the clock tells nothing of what is planned for later', async () => {
  const { id } = await draft(desk, { headline: 'Open', slug: 'open-piece', section: { name: 'World' }, language: 'en' })
  const place = await placeNow()
  await act(id, 'publish', { liveUntil: inMs(5_000) })
  const secret = { headline: 'Secret', slug: 'secret-piece', section: { name: 'Crime' }, language: 'fr' }
  await desk.patch(articleAt(id), secret, '*').expect(200)
  await act(id, 'publish', { liveFrom: inMs(60_000), embargo: true })
  app.clock.pass(5_500)
  await tick()
  const told = JSON.stringify((await feed(place)).data)
  expect(told).toMatch(/article\.expired/)
  const log = await app.services.events.after(0, 1_000, { publicOnly: true })
  const ended = log.find(({ kind, subjectId }) => kind === 'article.expired' && subjectId === id)
  // Whoever purges by addresses is told them: those of what has ended.
  expect(ended?.payload).toMatchObject({ version: 1, slug: 'open-piece', language: 'en', sections: ['world'] })
  expect(told + JSON.stringify(ended)).not.toMatch(/secret|crime|fr"/i)
  app.clock.pass(60_000)
  await tick()
  const [expired] = (await feed(place)).data.filter(({ kind }: ChangeEvent) => kind === 'article.expired')
  expect(expired).toMatchObject({ version: 1 })
  expect(expired).not.toHaveProperty('headline')
})

it('a page that showed a story until that ended is told, though the link was taken out before anybody noted the end', async () => {
  const { id } = await draft(desk)
  await act(id, 'publish', { liveUntil: inMs(5_000) })
  const owner = await published(desk)
  await desk.put(`${articleAt(owner.id)}/headlines`, { items: [{ target: { kind: 'article', id } }] }, 0).expect(200)
  const place = await placeNow()
  app.clock.pass(5_500)
  await desk.put(`${articleAt(owner.id)}/headlines`, { items: [] }, '*').expect(200)
  await tick()
  const tags = (await feed(place)).data.flatMap((event: ChangeEvent) => event.tags ?? [])
  expect(tags).toContain(articleTag(owner.id))
})

it('what a link leads to whose time it is not is nobody told', async () => {
  const { id } = await published(desk)
  const owner = await published(desk)
  const target = { kind: 'article', id }
  const { id: hidden } = await draft(desk)
  const items = [
    { target: { kind: 'article', id: hidden }, sublinks: [{ target }] },
    { target, startsAt: inMs(3_600_000) },
    { headline: 'Above', sublinks: [{ target }], endsAt: inMs(1_000) },
  ]
  await desk.put(`${articleAt(owner.id)}/headlines`, { items }, 0).expect(200)
  app.clock.pass(1_500)
  await tick()
  const place = await placeNow()
  await act(id, 'publish')
  expect((await feed(place)).data[0]?.tags).toEqual([articleTag(id), 'articles'])
  app.clock.pass(3_600_000)
  await act(id, 'publish')
  expect((await feed(place)).data.at(-1)?.tags).toEqual([articleTag(id), 'articles', articleTag(owner.id)])
})

it('the desk and the clock never wait for each other', async () => {
  for (let n = 0; n < 20; n++) {
    const { id } = await draft(desk)
    await act(id, 'publish', { liveFrom: inMs(1_000) })
    app.clock.pass(1_500)
    await Promise.all([act(id, 'withdraw'), tick()])
  }
  if (!app.url.startsWith('postgres')) return
  const client = new pg.Client({ connectionString: app.url })
  await client.connect()
  // The engine counts those who did.
  await sleep(1_100)
  const { rows } = await client.query('select deadlocks from pg_stat_database where datname = current_database()')
  await client.end()
  expect(Number(rows[0].deadlocks)).toBe(0)
})
