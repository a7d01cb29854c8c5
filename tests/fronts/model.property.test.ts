import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, FRONTS, frontAt, RAILS, railAt } from '../support/builders.ts'
import { findings } from '../support/examine.ts'
import { runs } from '../support/rounds.ts'

// Fronts and rails are written in any order, by a clock that goes on, stands and is set back, and are compared with lines
// of time in memory: what is said at an instant holds from then on, whatever was said of later.

const START = Date.parse('2026-11-22T12:00:00.000Z')
let ms = START
const clock = {
  now: () => new Date(ms).toISOString(),
  pass: (by: number) => {
    ms += by
  },
}
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock, settings: { PAST: 'public' } })
  desk = await app.withRole('editor')
})

interface Page {
  title: string
  rails: string[]
}
/** What holds from which instant on; undefined where it is deleted. */
class Line<Value> {
  #entries: { from: number; value: Value | undefined }[] = []
  say(value: Value | undefined): void {
    this.#entries = [...this.#entries.filter(({ from }) => from < ms), { from: ms, value }]
  }
  at(instant: number): Value | undefined {
    return this.#entries.findLast(({ from }) => from <= instant)?.value
  }
}

let lines = 0
function world() {
  const name = `run-${++lines}`
  const railKeys = [0, 1, 2].map((n) => `${name}-rail-${n}`)
  const frontKeys = [0, 1].map((n) => `${name}-front-${n}`)
  const rails = new Map(railKeys.map((key) => [key, new Line<string>()]))
  const fronts = new Map(frontKeys.map((key) => [key, new Line<Page>()]))
  const standing = new Map<string, Page>()
  const standingRails = new Set<string>()
  const versions = new Map(frontKeys.map((key) => [key, [] as Page[]]))
  let words = 0

  const seen = (key: string, instant: number) => {
    const page = fronts.get(key)?.at(instant)
    const titles = page?.rails.flatMap((rail) => rails.get(rail)?.at(instant) ?? [])
    return page && { title: page.title, rails: titles }
  }
  /** The rails that a number names: some of those that there are, and of those that stand on the page, in some order. */
  const someRails = (n: number, page?: Page) => {
    const some = railKeys.filter(
      (key, at) => (n >> at) % 2 === 0 && (standingRails.has(key) || page?.rails.includes(key)),
    )
    return n % 3 === 0 ? some.toReversed() : some
  }
  const write = async (key: string, status: number, send: PromiseLike<{ status: number }>, page: Page | undefined) => {
    expect((await send).status).toBe(status)
    const past = versions.get(key) ?? []
    const before = standing.get(key)
    past.push(page ?? (before as Page))
    fronts.get(key)?.say(page)
    if (page) standing.set(key, page)
    else standing.delete(key)
  }
  const body = ({ title, rails }: Page) => ({ title, rails: rails.map((key) => ({ key })) })

  async function actOnFront(key: string, act: number, n: number): Promise<void> {
    const past = versions.get(key) ?? []
    const before = standing.get(key)
    // What stands already is said again now and then.
    const title = n % 4 === 0 && before ? before.title : `Word ${words++}`
    const page = { title, rails: someRails(n, before) }
    if (!before) return write(key, 201, desk.post(FRONTS, { key, ...body(page) }), page)
    const version = past.length
    if (act === 0) return write(key, 204, desk.delete(frontAt(key), version), undefined)
    if (act === 1) return write(key, 200, desk.put(frontAt(key), body(page), version), page)
    if (act === 2) return write(key, 200, desk.patch(frontAt(key), { title }, version), { ...before, title })
    const number = (n % version) + 1
    const old = past[number - 1] as Page
    return write(key, 200, desk.change(`${frontAt(key)}/versions/${number}/restore`, version), old)
  }

  async function actOnRail(key: string, n: number): Promise<void> {
    const title = `Word ${words++}`
    if (!standingRails.has(key)) {
      await desk.post(RAILS, { key, title, items: [{ headline: 'One' }] }).expect(201)
      standingRails.add(key)
      rails.get(key)?.say(title)
    } else if (n % 2 === 0) {
      await desk.delete(railAt(key), '*').expect(204)
      standingRails.delete(key)
      rails.get(key)?.say(undefined)
    } else {
      await desk.patch(railAt(key), { title }, '*').expect(200)
      rails.get(key)?.say(title)
    }
  }

  async function check(key: string, instant?: number): Promise<void> {
    const query = instant === undefined ? '' : `?at=${new Date(instant).toISOString()}`
    const { status, body } = await app.nobody.get(`/v1/fronts/${key}${query}`)
    const shown = status === 404 ? undefined : { title: body.title, rails: body.rails.map(titleOf) }
    expect(shown, `${key} ${query}`).toEqual(seen(key, instant ?? ms))
  }
  async function checkDesk(key: string): Promise<void> {
    const { status, body } = await desk.get(frontAt(key))
    const page = standing.get(key)
    if (!page) return expect(status).toBe(404)
    const shown = page.rails.map((rail) => ({ key: rail, state: standingRails.has(rail) ? 'ok' : 'missing' }))
    expect(body).toMatchObject({ title: page.title, rails: shown, version: versions.get(key)?.length })
  }
  return { railKeys, frontKeys, actOnFront, actOnRail, check, checkDesk }
}
const titleOf = ({ title }: { title: string }) => title

const step = fc.record({
  which: fc.nat(4),
  act: fc.nat(3),
  n: fc.nat(40),
  by: fc.constantFrom(0, 1, 1, 1000, 60_000, -500, -90_000),
})

it('at every instant readers get the page that was said for it, with the rails of that instant, and never two', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 20 }),
      fc.array(fc.integer({ min: -200_000, max: 200_000 }), { minLength: 6, maxLength: 6 }),
      async (steps, probes) => {
        ms += 600_000
        const { railKeys, frontKeys, actOnFront, actOnRail, check, checkDesk } = world()
        for (const key of railKeys.slice(1)) await actOnRail(key, 1)
        const instants: number[] = []
        for (const { which, act, n, by } of steps) {
          ms += by
          const front = frontKeys[which % 2] as string
          if (which < 3) await actOnFront(front, act, n)
          else await actOnRail(railKeys[n % 3] as string, n >> 2)
          await check(front)
          await checkDesk(front)
          instants.push(ms - 1, ms)
        }
        const past = [...instants.slice(-6), ...probes.map((each) => ms + each)].filter((each) => each <= ms)
        for (const key of frontKeys) for (const each of past) await check(key, each)
      },
    ),
    runs(6),
  )
  const { frontEditions } = app.db.tables
  const rows = (await app.db.read.select().from(frontEditions)).filter(
    ({ liveFrom, liveUntil }) => liveFrom < liveUntil,
  )
  const ordered = rows.toSorted((a, b) => (`${a.key} ${a.liveFrom}` < `${b.key} ${b.liveFrom}` ? -1 : 1))
  expect(ordered.length).toBeGreaterThan(5)
  for (const [n, row] of ordered.entries()) {
    const next = ordered[n + 1]
    if (next?.key === row.key) expect(row.liveUntil <= next.liveFrom, JSON.stringify([row, next])).toBe(true)
  }
})

it('what all of that has left is sound, says the doctor', async () => {
  expect(await findings(app)).toEqual({})
})
