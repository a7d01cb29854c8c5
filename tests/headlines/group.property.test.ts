import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { publishedTables } from '../../src/db/tables.ts'
import { linkResolver } from '../../src/delivery/links.ts'
import { deliveryStore } from '../../src/delivery/store.ts'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { articleAt, type Desk, draft, RAILS, railAt } from '../support/builders.ts'
import { statementsOf } from '../support/statements.ts'
import { type List, modelOf, type Shown, type Story } from './group-model.ts'

const rounds = Number(process.env.DATELINE_TEST_ROUNDS ?? 1)
const HOUR = 3_600_000
const FOREVER = '9999-12-31T23:59:59.999Z'
const clock = testClock()
let app: TestApp
let desk: Desk
/** The first are public somewhen, the last never. */
const pool: Story[] = []
/** An instant after each thing that happened to them. */
const instants: string[] = []
const inMs = (ms: number) => new Date(Date.parse(clock.now()) + ms).toISOString()
const pick = <Each>(from: readonly Each[], n: number): Each => from[n % from.length] as Each

const sections = ['world', 'local', 'sport']
const tags = ['talks', 'ferries', 'money']
const authors = ['jane', 'john']

beforeAll(async () => {
  app = await startApp({ clock })
  desk = await app.withRole('admin')
  for (let n = 0; n < 18; n++) {
    const [section, author] = [pick(sections, n * 7), pick(authors, n * 5)]
    const own = tags.filter((_, t) => (n >> t) % 2 === 0)
    const { id } = await draft(desk, {
      section: { slug: section, name: section },
      tags: own.map((slug) => ({ slug, name: slug })),
      authors: [{ slug: author, name: author }],
    })
    pool.push({ id, section, tags: own, author, publishedAt: FOREVER, times: [] })
  }
  const act = async (story: Story, what: string, body: object = {}) => {
    const { publishedAt } = (await desk.change(`${articleAt(story.id)}/${what}`, '*', body).expect(200)).body
    if (publishedAt) story.publishedAt = publishedAt
    clock.pass(90_000)
    instants.push(clock.now())
    return clock.now()
  }
  const end = (story: Story, until: string) => {
    const last = story.times.at(-1)
    if (last) last.until = until
  }
  for (const [n, story] of pool.slice(0, 15).entries()) {
    const from = clock.now()
    await act(story, 'publish')
    story.times.push({ from, until: FOREVER })
    // Another edition follows, withdrawn ones, one that comes again, and one that is gone for good, out of the past too.
    if (n % 4 === 1) await act(story, 'publish')
    if (n % 5 === 2) {
      end(story, clock.now())
      await act(story, 'withdraw')
    }
    if (n === 7) {
      const from = clock.now()
      await act(story, 'publish')
      story.times.push({ from, until: FOREVER })
    }
    if (n === 9) {
      await act(story, 'kill', { reason: 'legal' })
      story.times = []
    }
    if (n % 6 === 0) while (await app.services.ticker.tick());
  }
  const later = inMs(240 * HOUR)
  await act(pool[15] as Story, 'publish', { liveFrom: later, embargo: true })
  pool[15]?.times.push({ from: later, until: FOREVER })
})

const windows = fc.constantFrom('none', 'none', 'none', 'now', 'over', 'later')
const place = fc.nat({ max: 100 })
const aim = fc.record({
  kind: fc.constantFrom('article', 'article', 'article', 'url', 'pending', 'section', 'tag'),
  place,
})
const item = fc.record({
  aim,
  pin: fc.option(fc.nat(6), { freq: 3 }),
  window: windows,
  below: fc.array(fc.record({ kind: fc.constantFrom('article', 'article', 'url'), place }), { maxLength: 3 }),
})
const filters = fc.record(
  { section: fc.constantFrom(...sections), tag: fc.constantFrom(...tags), author: fc.constantFrom(...authors) },
  { requiredKeys: [] },
)
const list = fc.record({
  items: fc.array(item, { maxLength: 7 }),
  backfill: fc.option(fc.tuple(filters, fc.option(fc.integer({ min: 1, max: 6 }))), { freq: 4 }),
  spare: fc.option(fc.nat(8)),
})
type Drawn<Arbitrary> = Arbitrary extends fc.Arbitrary<infer Value> ? Value : never

let urls = 0
function targetOf({ kind, place }: { kind: string; place: number }) {
  if (kind === 'article') return { kind, id: pick(pool, place).id }
  if (kind === 'url') return { kind, url: `https://e.example/${++urls}` }
  if (kind === 'pending') return null
  return { kind, slug: pick(kind === 'section' ? sections : tags, place), latest: true }
}
/** What is sent of a list; no link twice, and no more than it may hold. */
function sentOf({ items, backfill, spare }: Drawn<typeof list>) {
  const aims = new Set<string>()
  const sent = items.flatMap(({ aim, pin, window, below }) => {
    const target = targetOf(aim)
    const isNew = target === null || !aims.has(JSON.stringify(target))
    aims.add(JSON.stringify(target))
    const times = {
      none: {},
      now: { startsAt: inMs(-HOUR), endsAt: inMs(HOUR) },
      over: { endsAt: inMs(-HOUR) },
      later: { startsAt: inMs(HOUR) },
    }
    const sublinks = below.map((each) => ({ headline: 'Below', target: targetOf(each) }))
    return isNew ? [{ headline: 'A headline', target, pin, ...times[window as keyof typeof times], sublinks }] : []
  })
  const maxItems = spare === null ? null : Math.max(1, sent.length + spare)
  const [filters, limit] = backfill ?? [{}, null]
  return { items: sent, maxItems, backfill: backfill && { ...filters, ...(limit !== null && { limit }) } }
}

interface Answered {
  id: string
  position: number
  backfilled?: true
  target: { kind: string; id: string } | null
  sublinks?: Answered[]
}
const storyOf = ({ target }: Answered) => (target?.kind === 'article' ? target.id : null)
const asModelled = (items: Answered[]): Shown[] =>
  items.map((each) => ({
    id: each.id,
    story: storyOf(each),
    below: (each.sublinks ?? []).map(({ id }) => id),
    isFilled: each.backfilled === true,
  }))

/** What holds of every group, whatever the model says. */
function check(lists: List[], answers: Answered[][], at: string): void {
  const visible = pool
    .filter(({ times }) => times.some(({ from, until }) => from <= at && at < until))
    .map(({ id }) => id)
  const all = answers.flat().flatMap((each) => [each, ...(each.sublinks ?? [])])
  const stories = all.flatMap((each) => storyOf(each) ?? [])
  expect(new Set(stories).size).toBe(stories.length)
  expect(stories.filter((id) => !visible.includes(id))).toEqual([])
  for (const [n, items] of answers.entries()) {
    expect(items.map(({ position }) => position)).toEqual(items.map((_, place) => place))
    expect(items.length).toBeLessThanOrEqual(lists[n]?.maxItems ?? 100)
  }
}

it(
  'lists that are resolved together show what the desk placed, then what is found, then what fills up, no story twice',
  async () => {
    const resolve = linkResolver(({ slug }) => `https://news.example/${slug}`)
    const store = deliveryStore(app.db.read, publishedTables(app.db.tables))
    let made = 0
    let filled = 0
    await fc.assert(
      fc.asyncProperty(fc.array(list, { minLength: 1, maxLength: 4 }), place, async (drawn, n) => {
        const keys: string[] = []
        const lists: List[] = []
        for (const each of drawn) {
          const key = `rail-${String(++made).padStart(6, '0')}`
          const { body } = await desk.post(RAILS, { key, title: key, ...sentOf(each) }).expect(201)
          keys.push(key)
          lists.push(body)
        }
        const now = clock.now()
        const editions = await Promise.all(keys.map((key) => store.rail(key, now)))
        const group = editions.flatMap((edition) => edition ?? [])
        expect(group).toHaveLength(lists.length)
        for (const at of [now, pick(instants, n), pick(instants, n * 7), inMs(300 * HOUR)]) {
          const linksOf = await resolve(store, [group], at)
          const answers: Answered[][] = group.map((edition) => JSON.parse(linksOf(edition).json))
          check(lists, answers, at)
          expect(answers.map(asModelled), at).toEqual(modelOf(lists, pool, at))
          filled += answers.flat().filter(({ backfilled }) => backfilled).length
        }
        // Alone each is a group of its own.
        for (const [n, key] of keys.entries()) {
          const { items } = (await app.nobody.get(`/v1/rails/${key}`).expect(200)).body
          expect(asModelled(items)).toEqual(modelOf(lists.slice(n, n + 1), pool, now)[0])
        }
      }),
      { numRuns: 25 * rounds },
    )
    expect(filled).toBeGreaterThan(20)
  },
  30_000 * rounds,
)

it('however many lists are read, it takes the same number of statements', async () => {
  const latest = (slug: string) => ({ target: { kind: 'section', slug, latest: true } })
  const keys: string[] = []
  for (const [n, { id, section, author }] of pool.slice(0, 8).entries()) {
    const items = [{ target: { kind: 'article', id } }, latest(section)]
    keys.push(`many-${n}`)
    await desk.post(RAILS, { key: `many-${n}`, title: 'Many', items, backfill: { author } }).expect(201)
  }
  const store = deliveryStore(app.db.read, publishedTables(app.db.tables))
  const resolve = linkResolver(({ slug }) => slug)
  const editions = await Promise.all(keys.map((key) => store.rail(key, clock.now())))
  const lists = editions.flatMap((edition) => edition ?? [])
  const countOf = async (groups: (typeof lists)[], at = clock.now()) =>
    (await statementsOf(app.url, () => resolve(store, groups, at))).length
  for (const at of [undefined, instants.at(-3)]) {
    const one = await countOf([lists.slice(0, 1)], at)
    const apart = lists.map((list) => [list])
    expect(one).toBeLessThanOrEqual(5)
    expect([await countOf([lists], at), await countOf(apart, at)]).toEqual([one, one])
  }
  // And one where they only point at articles.
  await desk
    .put(`${railAt('many-0')}`, { title: 'One', items: [{ target: { kind: 'article', id: pool[0]?.id } }] }, '*')
    .expect(200)
  const plain = await store.rail('many-0', clock.now())
  expect(await countOf([plain ? [plain] : []])).toBe(1)
})

it('nothing is lacking where lists look for more than one statement can', async () => {
  const store = deliveryStore(app.db.read, publishedTables(app.db.tables))
  const resolve = linkResolver(({ slug }) => slug)
  const tagged = (slug: string) => ({ target: { kind: 'tag', slug, latest: true } })
  const keys = Array.from({ length: 12 }, (_, n) => `more-${n}`)
  for (const [n, key] of keys.entries()) {
    const items = [...Array.from({ length: 19 }, (_, k) => tagged(`no-${n}-${k}`)), tagged(pick(tags, n))]
    await desk.post(RAILS, { key, title: key, items, backfill: { tag: `none-${n}` } }).expect(201)
  }
  const editions = await Promise.all(keys.map((key) => store.rail(key, clock.now())))
  const lists = editions.flatMap((edition) => edition ?? [])
  for (const at of [clock.now(), instants.at(-3) ?? '']) {
    const linksOf = await resolve(store, [lists], at)
    const shown = lists.map((list) => (JSON.parse(linksOf(list).json) as Answered[]).length)
    const visible = pool.filter(
      (each) => each.tags.length > 0 && each.times.some(({ from, until }) => from <= at && at < until),
    )
    expect(shown.reduce((sum, each) => sum + each)).toBe(Math.min(12, visible.length))
  }
})
