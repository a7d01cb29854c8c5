import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, linksOf, RAILS, release } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})
const HOUR = 3_600_000

/** Two articles in the order in which they are held. */
async function two(): Promise<[first: string, last: string]> {
  const ids = [(await draft(desk)).id, (await draft(desk)).id].toSorted()
  return ids as [string, string]
}

describe('who holds several articles', () => {
  it('begins with the first of them, whatever order a new release has', async () => {
    const [first, last] = await two()
    let creation: Promise<unknown> | undefined
    let waitedMs = 0
    await app.db.write(async (tx) => {
      await app.services.articles.holdAllIn(tx, [first])
      creation ??= release(
        desk,
        [last, first].map((id) => ({ kind: 'article', id })),
      )
      await sleep(300)
      const since = performance.now()
      await app.services.articles.holdAllIn(tx, [last])
      waitedMs = performance.now() - since
    })
    await creation
    // PostgreSQL looks for a deadlock after a second.
    expect(waitedMs).toBeLessThan(400)
  })

  it('is waited for by the clock, which takes the articles before their editions as everybody does', async () => {
    const [first, last] = await two()
    const liveFrom = new Date(Date.parse(app.clock.now()) + HOUR).toISOString()
    for (const id of [first, last]) await desk.change(`${articleAt(id)}/publish`, '*', { liveFrom }).expect(200)
    app.clock.pass(HOUR)
    let isDone = false
    const held = Promise.withResolvers<void>()
    const ticking = held.promise.then(async () => {
      await app.services.ticker.tick()
      isDone = true
    })
    const noted = async () =>
      (await app.db.read.select().from(app.db.tables.editions)).filter(({ beginNoted }) => beginNoted).length
    const before = await noted()
    await app.db.write(async (tx) => {
      await app.services.articles.holdAllIn(tx, [last])
      held.resolve()
      await sleep(300)
      expect(isDone).toBe(false)
    })
    await ticking
    expect((await noted()) - before).toBe(2)
  })
})

describe('who holds several lists', () => {
  it('begins with the first of the rails by their keys, also who publishes what they wait for', async () => {
    const items = [{ headline: 'Awaited' }]
    // The ids are in the order in which they are made, which is not that of the keys.
    for (const key of ['lock-b', 'lock-a']) await desk.post(RAILS, { key, title: key, items }).expect(201)
    const owner = await draft(desk)
    await desk.put(linksOf(owner.id), { items }, 0).expect(200)
    const story = await draft(desk, { headline: 'Awaited' })
    let publication: Promise<unknown> | undefined
    let waitedMs = 0
    await app.db.write(async (tx) => {
      await app.services.rails.holdAllIn(tx, ['lock-a'])
      publication ??= desk
        .change(`${articleAt(story.id)}/publish`, 1)
        .expect(200)
        .then()
      await sleep(300)
      const since = performance.now()
      await app.services.rails.holdAllIn(tx, ['lock-b'])
      await tx
        .update(app.db.tables.headlineLists)
        .set({ id: owner.id })
        .where(eq(app.db.tables.headlineLists.id, owner.id))
      waitedMs = performance.now() - since
    })
    await publication
    // PostgreSQL looks for a deadlock after a second.
    expect(waitedMs).toBeLessThan(400)
  })
})
