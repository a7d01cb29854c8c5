import { beforeAll, describe, expect, it } from 'vitest'
import type { ChangeEvent } from '../../src/events/feed-schema.ts'
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
})
