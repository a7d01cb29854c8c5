import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp, type TestClock } from '../support/app.ts'
import { type Desk, RAILS, railAt } from '../support/builders.ts'
import { findings } from '../support/examine.ts'
import { runs } from '../support/rounds.ts'

/** A clock that stands still unless it is moved, so that an instant can be met exactly. */
function stillClock(): TestClock {
  let ms = Date.parse('2026-11-22T12:00:00.000Z')
  return {
    now: () => new Date(ms).toISOString(),
    pass: (by) => {
      ms += by
    },
  }
}

const clock = stillClock()
const ms = () => Date.parse(clock.now())
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock })
  desk = await app.withRole('editor')
})

/** What a list holds: headlines and the ids of their links, as one that was taken out and written anew is another link. */
const shownOf = ({ items }: { items: { id: string; headline: string }[] }) =>
  items.map(({ id, headline }) => `${headline} ${id}`)

/** A rail as this test remembers it. */
interface Known {
  key: string
  mode: 'live' | 'staged'
  draft: string[]
  /** What readers have; null while they have nothing. */
  shown: string[] | null
  planned: { at: number; draft: string[] } | null
}

function settle(rail: Known): void {
  if (rail.planned === null || ms() < rail.planned.at) return
  rail.shown = rail.planned.draft
  rail.planned = null
}

type Act = (rail: Known) => Promise<void>
const same = (a: string[], b: string[] | null) => b !== null && a.join() === b.join()

const write =
  (draft: string[]): Act =>
  async (rail) => {
    const items = draft.map((headline) => ({ headline }))
    const { body } = await desk.put(`${railAt(rail.key)}/items`, { items }, '*').expect(200)
    expect(body.items.map(({ headline }: { headline: string }) => headline)).toEqual(draft)
    rail.draft = shownOf(body)
    if (rail.mode === 'live') rail.shown = rail.draft
  }

const publish =
  (after: number): Act =>
  async (rail) => {
    const liveFrom = new Date(ms() + after).toISOString()
    const can = rail.mode === 'staged'
    const path = `${railAt(rail.key)}/publish`
    await desk.change(path, '*', after === 0 ? undefined : { liveFrom }).expect(can ? 200 : 409)
    if (!can) return
    rail.planned = after === 0 ? null : { at: ms() + after, draft: rail.draft }
    if (after === 0) rail.shown = rail.draft
  }

const unschedule: Act = async (rail) => {
  await desk.change(`${railAt(rail.key)}/unschedule`, '*').expect(rail.planned ? 200 : 409)
  rail.planned = null
}

const discard: Act = async (rail) => {
  const can = rail.mode === 'staged' && rail.shown !== null
  await desk.change(`${railAt(rail.key)}/discard`, '*').expect(can ? 200 : 409)
  if (can) rail.draft = rail.shown ?? []
}

const turn =
  (mode: Known['mode']): Act =>
  async (rail) => {
    const isSafe = rail.planned === null && (mode === 'staged' || same(rail.draft, rail.shown))
    const can = mode === rail.mode || isSafe
    await desk.patch(railAt(rail.key), { publishMode: mode }, '*').expect(can ? 200 : 409)
    if (can) rail.mode = mode
  }

/** A version of the history once more; never more than the draft of a staged rail. */
const restore: Act = async (rail) => {
  const { body } = await desk.get(`${railAt(rail.key)}/versions/1`).expect(200)
  await desk.change(`${railAt(rail.key)}/versions/1/restore`, '*').expect(200)
  rail.draft = shownOf(body)
  if (rail.mode === 'live') rail.shown = rail.draft
}

const tick: Act = () => app.services.ticker.tick().then(() => undefined)
const pass =
  (by: number): Act =>
  async () =>
    clock.pass(by)

const named = (name: string, run: Act) => fc.constant({ name, run })
const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .uniqueArray(fc.constantFrom('A', 'B', 'C', 'D'), { maxLength: 3 })
      .map((draft) => ({ name: `write ${draft}`, run: write(draft) })),
  },
  {
    weight: 5,
    arbitrary: fc.constantFrom(0, 0, 2, 5).map((after) => ({ name: `publish ${after}`, run: publish(after) })),
  },
  { weight: 4, arbitrary: fc.constantFrom(1, 2, 4).map((by) => ({ name: `pass ${by}`, run: pass(by) })) },
  { weight: 2, arbitrary: named('unschedule', unschedule) },
  { weight: 2, arbitrary: named('discard', discard) },
  { weight: 2, arbitrary: named('tick', tick) },
  { weight: 1, arbitrary: named('restore', restore) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('live' as const, 'staged' as const).map((to) => ({ name: to, run: turn(to) })),
  },
)
const acts = fc.array(
  act.map(({ name, run }) => ({ run, [fc.toStringMethod]: () => name })),
  { minLength: 8, maxLength: 16 },
)

async function look(rail: Known): Promise<void> {
  const [atDesk, atDoor] = await Promise.all([desk.get(railAt(rail.key)), app.nobody.get(`/v1/rails/${rail.key}`)])
  expect([atDoor.status, atDoor.status === 200 ? shownOf(atDoor.body) : null]).toEqual([
    rail.shown === null ? 404 : 200,
    rail.shown,
  ])
  expect(shownOf(atDesk.body)).toEqual(rail.draft)
  expect(atDesk.body).toMatchObject({
    publishMode: rail.mode,
    hasChanges: rail.mode === 'staged' && !same(rail.draft, rail.shown),
  })
  expect(atDesk.body.scheduled?.liveFrom ?? null).toBe(rail.planned && new Date(rail.planned.at).toISOString())
}

let rails = 0
it('whatever the desk writes, plans, takes back and discards: readers have what was published last, and the desk its draft', async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (steps) => {
      const key = `rail-${++rails}`
      const made = { key, title: 'A rail', publishMode: 'staged', items: [{ headline: 'A' }] }
      const { body } = await desk.post(RAILS, made).expect(201)
      const rail: Known = { key, mode: 'staged', draft: shownOf(body), shown: null, planned: null }
      const was: { at: string; shown: string[] | null }[] = []
      for (const { run } of steps) {
        settle(rail)
        await run(rail)
        settle(rail)
        await look(rail)
        clock.pass(1)
        was.push({ at: new Date(ms() - 1).toISOString(), shown: rail.shown })
      }
      // The past is what it was.
      for (const { at, shown } of was) {
        const { status, body } = await desk.get(`/v1/rails/${rail.key}?at=${at}`)
        const seen = status === 404 ? null : shownOf(body)
        expect([at, seen]).toEqual([at, shown])
      }
    }),
    runs(6),
  )
})

it('what all of that has left is sound, says the doctor', async () => {
  expect(await findings(app)).toEqual({})
})
