import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp, type TestClock } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, story } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

const SECOND = 1_000

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
const at = (instant: number) => new Date(instant).toISOString()
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock })
  desk = await app.withRole('editor')
})

/** What readers may see of an article under a slug, from and until when. */
interface Showing {
  slug: string
  from: number
  until: number
}

/** An article as this test remembers it. */
interface Known {
  id: string
  slug: string
  shows: Showing | null
  planned: Showing | null
  /** Every slug under which it ever was public. */
  was: Set<string>
  /** Every slug that nobody else may have. */
  holds: Set<string>
  rest: 'trashed' | 'killed' | null
}

const isFirstToCome = ({ was, planned }: Known) => was.size === 0 && planned === null

/** Lets what was planned begin, and what has an end end. */
function settle(each: Known): void {
  if (each.planned !== null && each.planned.from <= ms()) {
    each.was.add(each.planned.slug)
    each.shows = each.planned
    each.planned = null
  }
  if (each.shows !== null && each.shows.until <= ms()) each.shows = null
}

/** Slugs that readers have never seen are given back when an article is published or what was planned is cancelled. */
function giveBack(each: Known): void {
  each.holds = new Set([each.slug, ...each.was, ...(each.planned ? [each.planned.slug] : [])])
}

type Act = (one: Known, all: Known[], slugs: string[]) => Promise<void>
const post = (one: Known, verb: string, body: object = {}) => desk.change(`${articleAt(one.id)}/${verb}`, '*', body)

const rename =
  (to: number): Act =>
  async (one, all, slugs) => {
    const slug = slugs[to] ?? ''
    const isTaken = all.some((other) => other !== one && other.holds.has(slug))
    await desk.patch(articleAt(one.id), { slug }, '*').expect(one.rest !== null || isTaken ? 409 : 200)
    if (one.rest !== null || isTaken) return
    if (isFirstToCome(one) && slug !== one.slug) one.holds.delete(one.slug)
    one.holds.add(slug)
    one.slug = slug
  }

/** The end that stays where none is said: of what is planned, or else of what readers have. */
function keptEnd({ planned, shows }: Known, from: number): number {
  const { until } = planned ?? shows ?? { until: Number.POSITIVE_INFINITY }
  return until > from ? until : Number.POSITIVE_INFINITY
}

/** Publishes `after` seconds from now for `seconds`; 0 for at once, and for the end that stays. */
const publish =
  (after: number, seconds: number): Act =>
  async (one) => {
    const from = ms() + after * SECOND
    const until = seconds === 0 ? keptEnd(one, from) : from + seconds * SECOND
    const times = { ...(after > 0 && { liveFrom: at(from) }), ...(seconds > 0 && { liveUntil: at(until) }) }
    await post(one, 'publish', times).expect(one.rest === null ? 200 : 409)
    if (one.rest !== null) return
    one.planned = { slug: one.slug, from, until }
    settle(one)
    giveBack(one)
  }

const unschedule: Act = async (one) => {
  const can = one.rest === null && one.planned !== null
  await post(one, 'unschedule').expect(can ? 200 : 409)
  if (!can) return
  one.planned = null
  giveBack(one)
}

const end =
  (verb: 'withdraw' | 'trash' | 'kill'): Act =>
  async (one) => {
    const can = {
      withdraw: one.rest === null && one.shows !== null,
      trash: one.rest === null,
      kill: one.rest !== 'killed' && one.was.size > 0,
    }[verb]
    const sent =
      verb === 'trash'
        ? desk.delete(articleAt(one.id), '*')
        : post(one, verb, verb === 'kill' ? { reason: 'legal' } : {})
    await sent.expect(can ? 200 : 409)
    if (!can) return
    const hadPlan = one.planned !== null
    one.shows = null
    one.planned = null
    if (verb !== 'withdraw') one.rest = verb === 'trash' ? 'trashed' : 'killed'
    if (hadPlan) giveBack(one)
  }

const restore: Act = async (one) => {
  await post(one, 'restore').expect(one.rest === 'trashed' ? 200 : 409)
  if (one.rest === 'trashed') one.rest = null
}

const pass =
  (by: number): Act =>
  async () =>
    clock.pass(by)

/** Every slug leads in one step to the one article that was public under it, while that is public; to nothing else ever. */
async function look(all: Known[], slugs: string[]): Promise<void> {
  await Promise.all(slugs.map((slug) => lookAt(slug, all)))
}

async function lookAt(slug: string, all: Known[]): Promise<void> {
  const owners = all.filter(({ was }) => was.has(slug))
  expect(owners.length, slug).toBeLessThan(2)
  const [owner] = owners
  const { status, headers, body } = await app.nobody.get(`/v1/articles/${slug}`)
  const now = owner?.shows?.slug
  if (owner === undefined || now === undefined) {
    const isGone = owner?.rest === 'killed'
    expect([slug, status]).toEqual([slug, isGone ? 410 : 404])
    return
  }
  if (now === slug) expect([slug, status, body.id]).toEqual([slug, 200, owner.id])
  else expect([slug, status, headers.location]).toEqual([slug, 301, `/v1/articles/${now}`])
}

/** The same by the address of the site. */
async function resolve(slug: string, all: Known[]): Promise<void> {
  const owner = all.find(({ was }) => was.has(slug))
  const { body } = await app.nobody.get(`/v1/resolve?path=/v1/articles/${slug}`).expect(200)
  const now = owner?.shows?.slug
  if (owner === undefined || now === undefined) {
    const isGone = owner?.rest === 'killed'
    expect([slug, body]).toEqual([slug, isGone ? { status: 'gone', reason: 'legal' } : { status: 'unknown' }])
    return
  }
  expect(body).toMatchObject({ status: now === slug ? 'live' : 'moved', id: owner.id, slug: now })
  expect(body.location.endsWith(`/v1/articles/${now}`)).toBe(true)
}

/** The usual way of a slug to the readers. */
const move =
  (to: number, after: number): Act =>
  async (...all) => {
    await rename(to)(...all)
    await publish(after, 0)(...all)
  }

const act = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(fc.nat(4), fc.constantFrom(0, 2))
      .map(([to, after]) => ({ name: `move to ${to} after ${after}`, run: move(to, after) })),
  },
  { weight: 3, arbitrary: fc.nat(4).map((to) => ({ name: `rename to ${to}`, run: rename(to) })) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(0, 0, 2, 5), fc.constantFrom(0, 0, 3))
      .map(([after, seconds]) => ({ name: `publish after ${after} for ${seconds}`, run: publish(after, seconds) })),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(1, 1_999, 2_000, 3_000).map((by) => ({ name: `pass ${by}`, run: pass(by) })),
  },
  { weight: 2, arbitrary: fc.constant({ name: 'unschedule', run: unschedule }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom('withdraw' as const, 'trash' as const, 'kill' as const).map((verb) => ({
      name: verb,
      run: end(verb),
    })),
  },
  { weight: 1, arbitrary: fc.constant({ name: 'restore', run: restore }) },
)
const acts = fc.array(
  fc.record({ who: fc.nat(2), act }).map(({ who, act: { name, run } }) => ({
    who,
    run,
    [fc.toStringMethod]: () => `${who}: ${name}`,
  })),
  { minLength: 8, maxLength: 14 },
)

let runs = 0
it(
  'whatever is renamed, swapped, planned, taken back and killed: a slug leads in one step to its article, or nowhere',
  async () => {
    await fc.assert(
      fc.asyncProperty(acts, async (steps) => {
        runs++
        const slugs = Array.from({ length: 5 }, (_, n) => `run-${runs}-${n}`)
        const all: Known[] = []
        for (const slug of slugs.slice(0, 3)) {
          const { id } = await draft(desk, { slug })
          all.push({ id, slug, shows: null, planned: null, was: new Set(), holds: new Set([slug]), rest: null })
        }
        for (const [step, { who, run }] of steps.entries()) {
          clock.pass(1)
          for (const each of all) settle(each)
          await run(all[who] as Known, all, slugs)
          for (const each of all) settle(each)
          await look(all, slugs)
          await resolve(slugs[step % slugs.length] ?? '', all)
        }
        // What nobody holds, somebody else may have.
        for (const slug of slugs) {
          const isHeld = all.some(({ holds }) => holds.has(slug))
          await desk.post(`${ARTICLES}?dryRun=true`, story({ slug })).expect(isHeld ? 409 : 201)
        }
      }),
      { numRuns: 4 * rounds },
    )
  },
  30_000 * rounds,
)

it('a planned slug leads nowhere until its instant and there from that instant on; one that is cancelled never does', async () => {
  const { id } = await draft(desk, { slug: 'planned-first', publish: true })
  const plan = async (slug: string) => {
    await desk.patch(articleAt(id), { slug }, '*').expect(200)
    await desk.change(`${articleAt(id)}/publish`, '*', { liveFrom: at(ms() + 1_000) }).expect(200)
  }
  const status = async (slug: string) => (await app.nobody.get(`/v1/articles/${slug}`)).status
  await plan('planned-and-cancelled')
  await desk.change(`${articleAt(id)}/unschedule`, '*').expect(200)
  await plan('planned-and-replaced')
  await plan('planned-second')
  // Both are free again: readers have never seen them.
  for (const slug of ['planned-and-cancelled', 'planned-and-replaced']) await draft(desk, { slug })
  clock.pass(999)
  expect([await status('planned-first'), await status('planned-second')]).toEqual([200, 404])
  clock.pass(1)
  expect([await status('planned-first'), await status('planned-second')]).toEqual([301, 200])
  clock.pass(10_000)
  for (const slug of ['planned-and-cancelled', 'planned-and-replaced']) expect(await status(slug)).toBe(404)
})
