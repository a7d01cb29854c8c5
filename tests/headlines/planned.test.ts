import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { type Desk, linkAt, RAILS, railAt, release, releaseAt } from '../support/builders.ts'

const clock = testClock()
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock, settings: { PAST: 'public' } })
  desk = await app.withRole('editor')
})

const HOUR = 3_600_000
const setTo = (instant: string, ms = 0) => {
  clock.pass(Date.parse(instant) + ms - Date.parse(clock.now()) - 1)
}
let count = 0

/** A rail with links One and Two, for which Two and Three are planned in an hour. */
async function planned() {
  const key = `planned-${++count}`
  const items = [{ headline: 'One' }, { headline: 'Two' }]
  const { body: rail } = await desk.post(RAILS, { key, title: 'Before', items }).expect(201)
  const { id } = await release(desk, [{ kind: 'rail', key, items: [{ headline: 'Two' }, { headline: 'Three' }] }])
  const liveFrom = new Date(Date.parse(clock.now()) + HOUR).toISOString()
  await desk.change(`${releaseAt(id)}/schedule`, 1, { liveFrom }).expect(200)
  return { key, rail, id, liveFrom }
}
const read = async (key: string, at?: string) => {
  const { body } = await app.nobody.get(`/v1/rails/${key}${at === undefined ? '' : `?at=${at}`}`).expect(200)
  return [body.title, ...body.items.map(({ headline }: { headline: string }) => headline)]
}

describe('a rail with a plan', () => {
  it('is written as ever until then, and holds the plan from then on', async () => {
    const { key, liveFrom } = await planned()
    await desk.put(`${railAt(key)}/items`, { items: [{ headline: 'Live' }] }, 2).expect(200)
    expect(await read(key)).toEqual(['Before', 'Live'])
    const between = clock.now()
    setTo(liveFrom)
    expect(await read(key)).toEqual(['Before', 'Two', 'Three'])
    clock.pass(HOUR)
    expect(await read(key, between)).toEqual(['Before', 'Live'])
    expect(await read(key, liveFrom)).toEqual(['Before', 'Two', 'Three'])
  })

  it('keeps the name that it is given meanwhile', async () => {
    const { key, liveFrom } = await planned()
    await desk.patch(railAt(key), { title: 'Renamed' }, 2).expect(200)
    expect(await read(key)).toEqual(['Renamed', 'One', 'Two'])
    setTo(liveFrom)
    expect(await read(key)).toEqual(['Renamed', 'Two', 'Three'])
    expect((await desk.get(railAt(key))).body.title).toBe('Renamed')
    await app.services.ticker.tick()
    expect((await desk.get(railAt(key))).body.title).toBe('Renamed')
  })

  it.each([false, true])(
    'needs the version that the plan has made once it has come; noted by the clock: %s',
    async (isNoted) => {
      const { key, liveFrom } = await planned()
      setTo(liveFrom)
      if (isNoted) while (await app.services.ticker.tick());
      const { body, headers } = await desk.get(railAt(key)).expect(200)
      expect([body.version, headers.etag, body.scheduled]).toEqual([3, '"3"', null])
      expect((await desk.patch(railAt(key), { title: 'After' }, 2).expect(412)).body.currentVersion).toBe(3)
      expect((await desk.patch(railAt(key), { title: 'After' }, 3).expect(200)).body.version).toBe(4)
      expect(await read(key)).toEqual(['After', 'Two', 'Three'])
      while (await app.services.ticker.tick());
      expect(await read(key)).toEqual(['After', 'Two', 'Three'])
    },
  )

  it.each([false, true])(
    'has its links by their own addresses once it has come; noted by the clock: %s',
    async (isNoted) => {
      const { key, rail, liveFrom } = await planned()
      setTo(liveFrom)
      if (isNoted) while (await app.services.ticker.tick());
      const { body } = await desk.get(railAt(key)).expect(200)
      const [two, three] = body.items
      expect(two.id).toBe(rail.items[1].id)
      for (const { id } of [two, three]) expect((await desk.get(linkAt(id)).expect(200)).body.list.version).toBe(3)
      await desk.get(linkAt(rail.items[0].id)).expect(404)
      await desk.patch(linkAt(rail.items[0].id), { headline: 'x' }, 3).expect(404)
      await desk.delete(linkAt(rail.items[0].id), 3).expect(404)
      await desk.patch(linkAt(three.id), { headline: 'Drei' }, 3).expect(200)
      expect(await read(key)).toEqual(['Before', 'Two', 'Drei'])
    },
  )

  it('is never left without what was written while the plan came', async () => {
    for (let ms = -5; ms <= 1; ms++) {
      const { key, liveFrom } = await planned()
      setTo(liveFrom, ms)
      const { status, body } = await desk.put(`${railAt(key)}/items`, { items: [{ headline: 'Live' }] }, '*')
      expect(status).toBe(200)
      // Either it was before the plan, which then took its place, or it came after it and stands.
      const isAfter = body.updatedAt >= liveFrom
      if (clock.now() < liveFrom) setTo(liveFrom)
      expect(await read(key), `${ms} ms`).toEqual(isAfter ? ['Before', 'Live'] : ['Before', 'Two', 'Three'])
      while (await app.services.ticker.tick());
      expect(await read(key), `${ms} ms`).toEqual(isAfter ? ['Before', 'Live'] : ['Before', 'Two', 'Three'])
    }
  })

  it('can be deleted once it has come, and its key is free', async () => {
    const { key, liveFrom } = await planned()
    await desk.delete(railAt(key), 2).expect(409)
    setTo(liveFrom)
    await desk.delete(railAt(key), 3).expect(204)
    await app.nobody.get(`/v1/rails/${key}`).expect(404)
    await desk.post(RAILS, { key, title: 'Another' }).expect(201)
    expect(await read(key)).toEqual(['Another'])
    clock.pass(HOUR)
    expect(await read(key, liveFrom)).toEqual(['Before', 'Two', 'Three'])
  })

  it('is given its version once by however many nodes', async () => {
    const { key, liveFrom } = await planned()
    setTo(liveFrom)
    await Promise.all(Array.from({ length: 5 }, () => app.services.ticker.tick()))
    while (await app.services.ticker.tick());
    expect((await desk.get(railAt(key))).body.version).toBe(3)
    const { headlineListVersions } = app.db.tables
    const { id } = (await app.db.read.select().from(app.db.tables.headlineLists)).find((each) => each.key === key) ?? {}
    const rows = (await app.db.read.select().from(headlineListVersions)).filter(({ listId }) => listId === id)
    expect(rows.map(({ action }) => action).sort()).toEqual(['create', 'release', 'schedule'])
  })
})
