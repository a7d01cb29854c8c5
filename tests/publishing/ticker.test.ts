import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'
import { dump } from '../support/dump.ts'

const HOUR = 3_600_000
const clock = testClock()
let app: TestApp
/** A second node on the same database. */
let other: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock })
  other = await startApp({ clock, database: { url: app.url, drop: async () => undefined } })
  desk = await app.withRole('editor')
})
const settle = async () => {
  while (await app.services.ticker.tick());
}
beforeEach(async () => {
  // What earlier tests have left is done with.
  clock.pass(100 * HOUR)
  await settle()
})

const inMs = (by: number) => new Date(Date.parse(clock.now()) + by).toISOString()
const publish = (id: string, body: object = {}) => desk.change(`${articleAt(id)}/publish`, '*', body).expect(200)
const act = (id: string, name: string) => desk.change(`${articleAt(id)}/${name}`, '*').expect(200)

/** What the clock has noted of an article, in order. */
async function notedOf(id: string): Promise<string[]> {
  const { audit } = app.db.tables
  const rows = await app.db.read.select().from(audit)
  return rows
    .filter(({ subjectId, actorName }) => subjectId === id && actorName === 'The clock')
    .toSorted((a, b) => (a.at + a.id < b.at + b.id ? -1 : 1))
    .map(({ action }) => action)
}
const editionsOf = async (id: string) =>
  (await app.db.read.select().from(app.db.tables.editions))
    .filter(({ articleId }) => articleId === id)
    .toSorted((a, b) => a.edition - b.edition)
const listed = async (query: string) =>
  (await app.nobody.get(`/v1/articles?${query}`).expect(200)).body.data.map(({ id }: { id: string }) => id)

describe('what the clock brings and takes', () => {
  it('is noted once, however many nodes look at once', async () => {
    const ids: string[] = []
    for (let n = 0; n < 5; n++) {
      const { id } = await draft(desk)
      await publish(id, { liveFrom: inMs(HOUR), liveUntil: inMs(2 * HOUR) })
      ids.push(id)
    }
    const both = () => Promise.all([app, other, app, other].map(({ services }) => services.ticker.tick()))
    await both()
    for (const id of ids) expect(await notedOf(id)).toEqual([])
    clock.pass(HOUR)
    await both()
    for (const id of ids) expect(await notedOf(id)).toEqual(['goLive'])
    clock.pass(HOUR)
    await both()
    for (const id of ids) expect(await notedOf(id)).toEqual(['goLive', 'expire'])
    // Back and forth again, nothing is new.
    clock.pass(-3 * HOUR)
    await both()
    clock.pass(4 * HOUR)
    await both()
    for (const id of ids) expect(await notedOf(id)).toEqual(['goLive', 'expire'])
  })

  it('is noted also where nobody looked until both had passed', async () => {
    const { id } = await draft(desk)
    await publish(id, { liveFrom: inMs(HOUR), liveUntil: inMs(2 * HOUR) })
    clock.pass(9 * HOUR)
    await settle()
    expect((await notedOf(id)).toSorted()).toEqual(['expire', 'goLive'])
  })

  it('is not noted where it was taken back, gave way, or was done by hand', async () => {
    const pieces = {
      unscheduled: await draft(desk),
      withdrawn: await published(desk),
      rescheduled: await draft(desk),
      now: await draft(desk),
      killed: await published(desk),
    }
    for (const { id } of Object.values(pieces)) await publish(id, { liveFrom: inMs(HOUR), liveUntil: inMs(3 * HOUR) })
    await act(pieces.unscheduled.id, 'unschedule')
    await act(pieces.withdrawn.id, 'withdraw')
    await publish(pieces.rescheduled.id, { liveFrom: inMs(2 * HOUR), liveUntil: null })
    await publish(pieces.now.id, { liveUntil: null })
    await desk.change(`${articleAt(pieces.killed.id)}/kill`, '*', { reason: 'legal' }).expect(200)
    clock.pass(4 * HOUR)
    await settle()
    const noted = await Promise.all(Object.entries(pieces).map(async ([name, { id }]) => [name, await notedOf(id)]))
    expect(Object.fromEntries(noted)).toEqual({
      unscheduled: [],
      withdrawn: [],
      rescheduled: ['goLive'],
      now: [],
      killed: [],
    })
  })

  it('an edition that another follows by the clock ends without an event of its own', async () => {
    const { id } = await draft(desk)
    await publish(id, { liveUntil: inMs(5 * HOUR) })
    await publish(id, { liveFrom: inMs(HOUR), liveUntil: null })
    clock.pass(HOUR)
    await settle()
    clock.pass(9 * HOUR)
    await settle()
    expect(await notedOf(id)).toEqual(['goLive'])
  })
})

describe('the indexes of lists', () => {
  const tags = [{ name: 'Kept Small' }]

  it('hide nothing that is visible again by a clock that was set back, on a node that nobody has asked meanwhile', async () => {
    const { id } = await published(desk, { tags: [{ name: 'Set Back' }] })
    await publish(id, { liveUntil: inMs(HOUR) })
    clock.pass(2 * HOUR)
    await settle()
    clock.pass(-1.5 * HOUR)
    const { body } = await other.nobody.get('/v1/articles?tag=set-back').expect(200)
    expect(body.data).toMatchObject([{ id }])
    clock.pass(1.5 * HOUR)
  })

  it('lose what ended a minute ago, and nothing that is visible', async () => {
    const { id } = await published(desk, { tags, section: { name: 'Small' } })
    await publish(id)
    await publish(id, { liveFrom: inMs(HOUR) })
    for (const pass of [0, 30_000, 60_000, HOUR, 60_000]) {
      clock.pass(pass)
      await settle()
      expect(await listed('tag=kept-small')).toEqual([id])
      expect(await listed('section=small')).toEqual([id])
    }
    expect((await editionsOf(id)).map(({ superseded }) => superseded)).toEqual([true, true, false])
    const terms = (await app.db.read.select().from(app.db.tables.editionTerms))
      .filter(({ articleId, kind }) => articleId === id && kind === 'tag')
      .toSorted((a, b) => a.edition - b.edition)
    expect(terms.map(({ superseded }) => superseded)).toEqual([true, true, false])
  })

  it('have again what a clock that was set back shows again, before the ticker and after', async () => {
    const { id } = await draft(desk, { tags: [{ name: 'Back' }], section: { name: 'Back' } })
    await publish(id, { liveUntil: inMs(HOUR) })
    clock.pass(2 * HOUR)
    await settle()
    expect(await listed('tag=back')).toEqual([])
    clock.pass(-90 * 60_000)
    expect(await listed('tag=back')).toEqual([id])
    expect(await listed('section=back')).toEqual([id])
    await settle()
    expect((await editionsOf(id)).map(({ superseded }) => superseded)).toEqual([false])
    // A node that has just started knows of no other time.
    expect((await other.nobody.get('/v1/articles?tag=back').expect(200)).body.data).toHaveLength(1)
    clock.pass(90 * 60_000)
    await settle()
    expect(await listed('tag=back')).toEqual([])
  })

  it('have again what goes on because the plan that would have ended it is taken back', async () => {
    const { id } = await draft(desk, { tags: [{ name: 'Goes On' }] })
    await publish(id, { liveUntil: inMs(9 * HOUR) })
    await publish(id, { liveFrom: inMs(HOUR) })
    clock.pass(2 * HOUR)
    await settle()
    clock.pass(-90 * 60_000)
    await act(id, 'unschedule')
    await settle()
    clock.pass(5 * HOUR)
    expect(await listed('tag=goes-on')).toEqual([id])
    clock.pass(9 * HOUR)
    await settle()
    expect(await notedOf(id)).toContain('expire')
  })
})

it('where nothing is due nothing is written', async () => {
  const { id } = await published(desk)
  await publish(id, { liveFrom: inMs(HOUR) })
  await act(id, 'unschedule')
  await publish(id, { liveFrom: inMs(50 * HOUR) })
  clock.pass(HOUR)
  await settle()
  const before = await dump(app.db)
  let writes = 0
  const { write } = app.db
  app.db.write = (work) => {
    writes++
    return write(work)
  }
  for (let n = 0; n < 3; n++) {
    clock.pass(10 * HOUR)
    expect(await app.services.ticker.tick()).toBe(false)
  }
  app.db.write = write
  expect(await dump(app.db)).toEqual(before)
  expect(writes).toBe(0)
})

it('more than fits in one turn is done in several', async () => {
  const { editions } = app.db.tables
  const { id } = await published(desk)
  const [row] = await editionsOf(id)
  if (!row) throw new Error('There is no edition')
  // Made by hand, because hundreds of publications would take their time.
  const many = Array.from({ length: 450 }, (_, n) => ({ ...row, articleId: `many-${n}`, beginNoted: false }))
  await app.db.write(async (tx) => void (await tx.insert(editions).values(many)))
  expect(await app.services.ticker.tick()).toBe(true)
  await settle()
  const left = (await app.db.read.select().from(editions)).filter(({ beginNoted }) => !beginNoted)
  expect(left).toEqual([])
  expect(await notedOf('many-449')).toEqual(['goLive'])
})

it('a turn that fails is told, and the next one does the work', async () => {
  const { id } = await draft(desk)
  await publish(id, { liveFrom: inMs(HOUR) })
  clock.pass(HOUR)
  const { write } = app.db
  let faults = 0
  app.db.write = async () => {
    throw new Error('The disk is away')
  }
  const stop = app.services.ticker.start(1, () => {
    faults++
    if (faults === 2) app.db.write = write
  })
  while ((await notedOf(id)).length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await stop()
  expect(faults).toBe(2)
  expect(await notedOf(id)).toEqual(['goLive'])
})
