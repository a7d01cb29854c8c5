import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { articleAt, type Desk, draft, published, RAILS, railAt, release, releaseAt } from '../support/builders.ts'
import { findings } from '../support/examine.ts'
import { rounds } from '../support/rounds.ts'

const clock = testClock()
let app: TestApp
let desk: Desk
let future: Desk
beforeAll(async () => {
  // This clock goes on with each look: two looks for each answer that is made, the first to know what is kept.
  app = await startApp({ clock, settings: { PAST: 'public', CACHE_CUT: 'off' } })
  desk = await app.withRole('editor')
  future = app.as((await app.services.access.create('Front end', 'partner', ['preview:read'])).key)
})

const HOUR = 3_600_000
/** Sets the clock so that the next look at it tells `instant`. */
const setTo = (instant: string, ms = 0) => {
  clock.pass(Date.parse(instant) + ms - Date.parse(clock.now()) - 1)
}

interface Pieces {
  fresh: string
  live: string
  key: string
}
let count = 0
async function pieces(): Promise<Pieces & { id: string; version: number }> {
  const key = `together-${++count}`
  const { id: fresh } = await draft(desk, { headline: 'New' })
  const { id: live } = await published(desk, { headline: 'Old' })
  await desk.patch(articleAt(live), { headline: 'New' }, 2).expect(200)
  await desk.post(RAILS, { key, title: 'Old and new', items: [{ headline: 'Old' }] }).expect(201)
  const { id, version } = await release(desk, [
    { kind: 'article', id: fresh },
    { kind: 'rail', key, items: [{ headline: 'New' }, { target: { kind: 'article', id: fresh } }] },
    { kind: 'article', id: live },
  ])
  // So that the clock may be set back a little.
  clock.pass(60_000)
  return { fresh, live, key, id, version }
}

/** What readers see of each piece, at an instant or now. */
async function seen({ fresh, live, key }: Pieces, at?: string): Promise<string[]> {
  const who = at === undefined ? app.nobody : future
  const query = at === undefined ? '' : `?at=${at}`
  const { status } = await who.get(`/v1/articles/${fresh}${query}`)
  const { body: article } = await who.get(`/v1/articles/${live}${query}`).expect(200)
  const { body: rail } = await who.get(`/v1/rails/${key}${query}`).expect(200)
  return [status === 200 ? 'New' : 'Old', article.headline, ...new Set<string>(rail.items.map(nameOf))]
}
const nameOf = ({ headline }: { headline: string }) => headline
const old = ['Old', 'Old', 'Old']
const fresh = ['New', 'New', 'New']

// What may happen between the scheduling and the instant; none of it may take a release apart.
const act = fc.constantFrom('edit', 'rename', 'rail', 'tick', 'add', 'move', 'cancel', 'again', 'back')

it('at every instant readers see all of a release, or nothing of it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(act, { maxLength: 5 }),
      fc.integer({ min: 1, max: 4 * HOUR }),
      fc.array(fc.integer({ min: -HOUR, max: HOUR }), { minLength: 1, maxLength: 3 }),
      fc.boolean(),
      async (acts, later, probes, ticks) => {
        const own = await pieces()
        const { id, live, key } = own
        const at = (ms: number) => new Date(Date.parse(clock.now()) + ms).toISOString()
        let liveFrom = at(HOUR + later)
        let isOn = true
        await desk.change(`${releaseAt(id)}/schedule`, '*', { liveFrom }).expect(200)
        for (const each of acts) {
          const does = {
            edit: () => desk.patch(articleAt(live), { headline: 'Newer' }, '*'),
            rename: () => desk.patch(railAt(key), { title: `Renamed ${clock.now()}` }, '*'),
            rail: () => desk.put(`${railAt(key)}/items`, { items: [{ headline: 'Old' }] }, '*'),
            tick: async () => ({ status: (await app.services.ticker.tick()) ? 0 : 200 }),
            add: async () => {
              const more = { kind: 'article', id: (await draft(desk)).id }
              return desk.change(`${releaseAt(id)}/items`, '*', more)
            },
            move: () => {
              const moved = at(2 * HOUR)
              return desk.change(`${releaseAt(id)}/schedule`, '*', { liveFrom: moved }).then((answer) => {
                if (answer.status === 200) [liveFrom, isOn] = [moved, true]
                return answer
              })
            },
            cancel: () =>
              desk.change(`${releaseAt(id)}/cancel`, '*').then((answer) => {
                if (answer.status === 200) isOn = false
                return answer
              }),
            again: () =>
              desk.change(`${releaseAt(id)}/schedule`, '*', { liveFrom }).then((answer) => {
                if (answer.status === 200) isOn = true
                return answer
              }),
            back: async () => {
              clock.pass(-10_000)
              return { status: 200 }
            },
          }
          const { status } = await does[each]()
          expect([200, 409]).toContain(status)
          expect(await seen(own)).toEqual(old)
        }
        // An edit that came before the scheduling of another day is in it, one that came after it is not.
        const words = (all: string[]) => all.map((each) => (each === 'Newer' ? 'New' : each))
        for (const ms of [-1, 0, ...probes]) {
          const instant = new Date(Date.parse(liveFrom) + ms).toISOString()
          if (instant > clock.now()) expect(words(await seen(own, instant))).toEqual(isOn && ms >= 0 ? fresh : old)
        }
        setTo(liveFrom, -2)
        expect((await app.nobody.get(`/v1/articles/${own.fresh}`)).status).toBe(404)
        setTo(liveFrom)
        expect((await app.nobody.get(`/v1/articles/${own.fresh}`)).status).toBe(isOn ? 200 : 404)
        if (ticks) await app.services.ticker.tick()
        expect(words(await seen(own))).toEqual(isOn ? fresh : old)
        const { body } = await desk.get(releaseAt(id)).expect(200)
        expect(body.state).toBe(isOn ? 'released' : 'cancelled')
        for (const ms of probes.filter((each) => each < 0)) {
          const instant = new Date(Date.parse(liveFrom) + ms).toISOString()
          const known = await app.nobody.get(`/v1/rails/${key}?at=${instant}`)
          if (known.status === 200) expect(known.body.items.map(nameOf)).toEqual(['Old'])
        }
      },
    ),
    { numRuns: 6 * rounds },
  )
})

it('a release that comes now is whole in the past too: at each millisecond around it', async () => {
  const own = await pieces()
  const { body } = await desk.change(`${releaseAt(own.id)}/schedule`, 1).expect(200)
  clock.pass(HOUR)
  for (let ms = -3; ms <= 25; ms++) {
    const instant = new Date(Date.parse(body.liveFrom) + ms).toISOString()
    expect(await seen(own, instant), `${ms} ms`).toEqual(ms < 0 ? old : fresh)
  }
})

it('a clock that is set back after a release has come does not let half of it be taken back', async () => {
  const own = await pieces()
  const liveFrom = new Date(Date.parse(clock.now()) + HOUR).toISOString()
  await desk.change(`${releaseAt(own.id)}/schedule`, 1, { liveFrom }).expect(200)
  setTo(liveFrom, 50)
  while (await app.services.ticker.tick());
  expect(await seen(own)).toEqual(fresh)
  setTo(liveFrom, -HOUR / 2)
  await desk.change(`${releaseAt(own.id)}/cancel`, 2).expect(409)
  expect(await seen(own)).toEqual(old)
  setTo(liveFrom)
  expect(await seen(own)).toEqual(fresh)
})

it('what all of that has left is sound, says the doctor', async () => {
  expect(await findings(app)).toEqual({})
})
