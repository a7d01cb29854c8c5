import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import type { EditorialRail } from '../../src/headlines/schema.ts'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { articleAt, type Desk, draft, linksOf, published, RAILS, railAt } from '../support/builders.ts'
import { findings } from '../support/examine.ts'
import { rounds } from '../support/rounds.ts'

// Stories are published while others write the lists that wait for them. On PostgreSQL they really are at work together.

const clock = testClock()
const HOUR = 3_600_000
let app: TestApp
let other: TestApp
let desk: Desk
let desk2: Desk
beforeAll(async () => {
  app = await startApp({ clock })
  other = await startApp({ clock, database: { url: app.url, drop: async () => undefined } })
  desk = await app.withRole('editor')
  desk2 = other.as(desk.key)
})

let count = 0
type Act =
  | { do: 'publish'; story: number; isLater: boolean }
  | { do: 'insert' | 'remove' | 'reorder'; list: number; place: number; isForced: boolean }
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ do: fc.constant('publish' as const), story: fc.nat(2), isLater: fc.boolean() }),
  fc.record({
    do: fc.constantFrom('insert' as const, 'remove' as const, 'reorder' as const),
    list: fc.nat(1),
    place: fc.nat(9),
    isForced: fc.boolean(),
  }),
)

/** Two lists, a rail and an article's, which both wait for two stories. */
async function setUp() {
  const n = ++count
  const headlines = [`Story A ${n}`, `Story B ${n}`]
  const items = [...headlines, `Nobody writes ${n}`].map((headline) => ({ headline }))
  const { body: rail } = await desk.post(RAILS, { key: `race-${n}`, title: 'Race', items }).expect(201)
  const owner = await published(desk)
  await desk.put(linksOf(owner.id), { items: items.toReversed() }, 0).expect(200)
  const paths = [railAt(rail.key), linksOf(owner.id)]
  // Two stories have the same headline: the first of them has the link.
  const names = [headlines[0], headlines[0], headlines[1]]
  const stories: string[] = []
  for (const headline of names) stories.push((await draft(desk, { headline })).id)
  return { paths, stories, names, at: new Date(Date.parse(clock.now()) + HOUR).toISOString() }
}
type List = Pick<EditorialRail, 'version' | 'items'>
const read = async (path: string): Promise<List> => (await desk.get(path).expect(200)).body

it(
  'whoever publishes and whoever rewrites a list at the same time, no write is lost and none is made twice',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 2, maxLength: 7 }), async (acts) => {
        const { paths, stories, names, at } = await setUp()
        const before = await Promise.all(paths.map(read))
        const done = [0, 0]
        const inserted: string[][] = [[], []]
        const removed: string[][] = [[], []]
        const out = new Set<number>()
        let fresh = 0
        await Promise.all(
          acts.map(async (each, n) => {
            const who = n % 2 === 0 ? desk : desk2
            if (each.do === 'publish') {
              const id = stories[each.story] ?? ''
              if (out.has(each.story)) return
              out.add(each.story)
              await who.change(`${articleAt(id)}/publish`, '*', each.isLater ? { liveFrom: at } : {}).expect(200)
              return
            }
            const path = paths[each.list] ?? ''
            const { items, version } = await read(path)
            const kept = items.map(({ id }): { id?: string; headline?: string } => ({ id }))
            const place = each.place % kept.length
            const headline = `Fresh ${count} ${++fresh}`
            const gone = items[place]?.id ?? ''
            if (each.do === 'insert') kept.splice(place, 0, { headline })
            if (each.do === 'remove') kept.splice(place, 1)
            if (each.do === 'reorder') kept.reverse()
            const put = each.list === 0 ? `${path}/items` : path
            const answer = await who.put(put, { items: kept }, version)
            expect([200, 412]).toContain(answer.status)
            if (answer.status !== 200) return
            done[each.list] = (done[each.list] ?? 0) + 1
            if (each.do === 'insert') inserted[each.list]?.push(headline)
            if (each.do === 'remove') removed[each.list]?.push(gone)
          }),
        )
        clock.pass(2 * HOUR)
        await Promise.all([app, other, app].map(({ services }) => services.ticker.tick()))
        while (await app.services.ticker.tick());
        for (const [n, path] of paths.entries()) {
          const { items, version } = await read(path)
          const { body } = await desk.get(`${path}/versions?limit=100`).expect(200)
          const actions: string[] = body.data.map(({ action }: { action: string }) => action)
          const alive = actions.filter((action) => action === 'come-alive').length
          // Every version is somebody's write or a publication's, and of these there is one for each story that came first.
          expect(version).toBe((before[n]?.version ?? 0) + (done[n] ?? 0) + alive)
          expect(alive).toBeLessThanOrEqual(new Set([...out].map((story) => names[story])).size)
          const ids = items.map(({ id }) => id)
          expect(new Set(ids).size).toBe(ids.length)
          const stayed = before[n]?.items.map(({ id }) => id).filter((id) => !removed[n]?.includes(id))
          expect(ids).toEqual(expect.arrayContaining(stayed ?? []))
          expect(ids).toHaveLength((stayed?.length ?? 0) + (inserted[n]?.length ?? 0))
          for (const headline of inserted[n] ?? []) expect(items.map((each) => each.headline)).toContain(headline)
          for (const was of before[n]?.items ?? []) {
            const is = items.find(({ id }) => id === was.id)
            if (!is) continue
            const own = stories.filter((_, story) => out.has(story) && names[story] === was.headline)
            if (own.length === 0) expect(is).toEqual({ ...was, position: is.position })
            else expect([is.headline, own]).toEqual([null, expect.arrayContaining([(is.target as { id: string }).id])])
          }
        }
      }),
      { numRuns: 6 * rounds, endOnFailure: true },
    )
  },
  60_000 * rounds,
)

it('articles that wait for each other can be published at once', async () => {
  const each = async (n: number) => {
    const [one, two] = [`Mutual ${n} one`, `Mutual ${n} two`]
    const [a, b] = [await draft(desk, { headline: one }), await draft(desk, { headline: two })]
    await desk.put(linksOf(a.id), { items: [{ headline: two }] }, 0).expect(200)
    await desk.put(linksOf(b.id), { items: [{ headline: one }] }, 0).expect(200)
    await Promise.all([
      desk.change(`${articleAt(a.id)}/publish`, 1).expect(200),
      desk2.change(`${articleAt(b.id)}/publish`, 1).expect(200),
    ])
    for (const [own, target] of [
      [a.id, b.id],
      [b.id, a.id],
    ] as const)
      expect(await read(linksOf(own))).toMatchObject({ version: 2, items: [{ target: { id: target } }] })
  }
  for (let n = 0; n < 5; n++) await each(n)
})

it('what all of that has left is sound, says the doctor', async () => {
  expect(await findings(app)).toEqual({})
})
