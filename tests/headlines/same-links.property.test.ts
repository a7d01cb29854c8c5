import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { type Desk, linksOf, published, RAILS, railAt } from '../support/builders.ts'
import { runs } from '../support/rounds.ts'

// The links of an article are what the items of a rail are: the same fields, the same operations, the same for readers.

const clock = testClock()
let app: TestApp
let desk: Desk
let articleIds: string[]
let owner: string
beforeAll(async () => {
  app = await startApp({ clock })
  desk = await app.withRole('editor')
  articleIds = (await Promise.all(Array.from({ length: 3 }, () => published(desk)))).map(({ id }) => id)
  owner = (await published(desk)).id
})

const text = fc.stringMatching(/^[A-Za-zé’“”–-]{1,12}( [A-Za-z0-9]{1,8})?$/)
const instant = fc
  .integer({ min: -48, max: 48 })
  .map((hours) => new Date(Date.parse('2026-11-22T12:00:00.000Z') + hours * 3_600_000).toISOString())
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
/** What the links of a list point at, each at something else: a list refuses to have it twice. */
const target = (at: number) =>
  [
    { kind: 'url', url: `https://news.example/${at}` },
    { kind: 'section', slug: `section-${at}` },
    null,
    { kind: 'tag', slug: `tag-${at}`, latest: true },
    { kind: 'rail', key: `rail-${at}` },
  ][at % 5] ?? null
const sublink = fc.record({
  headline: text,
  kicker: optional(text),
  target: fc.constantFrom(null, { kind: 'url', url: 'https://news.example/below' }),
})
const link = (at: number) =>
  fc
    .record({
      headline: text,
      kicker: optional(text),
      summary: optional(text.map((line) => `${line}\n${line}`)),
      byline: optional(text),
      image: optional(fc.record({ url: fc.constant('https://images.example/a.jpg'), alt: text })),
      hideImage: optional(fc.boolean()),
      label: optional(fc.constantFrom('live', 'analysis')),
      prominence: optional(fc.constantFrom('low', 'normal', 'high', 'max')),
      pin: optional(fc.nat(9)),
      times: fc.option(fc.uniqueArray(instant, { minLength: 2, maxLength: 2 }).map((two) => two.toSorted())),
      target: fc.constant(target(at)),
      sublinks: optional(fc.array(sublink, { maxLength: 5 })),
      note: optional(text.map((line) => `Canary ${line}`)),
      followsStory: optional(fc.boolean()),
    })
    .map(({ times, ...fields }) => ({ ...fields, ...(times && { startsAt: times[0], endsAt: times[1] }) }))
const list = fc
  .integer({ min: 2, max: 6 })
  .chain((length) => fc.tuple(...Array.from({ length }, (_, at) => link(at))))
  .chain((links) =>
    // Some lead to articles, which bring their headline along.
    fc
      .shuffledSubarray([0, 1, 2])
      .map((which) => [...which.map((n) => ({ target: { kind: 'article', id: articleIds[n] } })), ...links]),
  )

type Shown = Record<string, unknown> & { id: string; sublinks?: { id: string }[] }
const anonymous = (items: Shown[]) =>
  items.map(({ id: _id, sublinks, ...rest }) => ({ ...rest, sublinks: sublinks?.map(({ id: _, ...each }) => each) }))
const sent = (items: Shown[]) => items.map(({ position: _position, state: _state, ...rest }) => rest)
const readers = async (path: string, name: 'items' | 'data') => {
  const { body, text: bytes } = await app.nobody.get(path).expect(200)
  return { items: body[name] as Shown[], bytes }
}

let count = 0
/** An empty rail, and the links of an article without any; with the number of the next version of each. */
async function two() {
  const key = `same-${++count}`
  await desk.post(RAILS, { key, title: 'Same' }).expect(201)
  const { version } = (await desk.get(linksOf(owner)).expect(200)).body
  await desk.put(linksOf(owner), { items: [] }, version).expect(200)
  return { key, rail: 1, article: version + 1 }
}

it('a link takes the same fields in a rail and at an article, gives readers the same, and is kept as it is when it is sent again', async () => {
  await fc.assert(
    fc.asyncProperty(list, async (items) => {
      const { key, rail, article } = await two()
      const inRail = (await desk.put(`${railAt(key)}/items`, { items }, rail).expect(200)).body.items
      const ofArticle = (await desk.put(linksOf(owner), { items }, article).expect(200)).body.items
      expect(anonymous(ofArticle)).toEqual(anonymous(inRail))
      expect(sent(inRail)).toMatchObject(JSON.parse(JSON.stringify(items)))
      const before = await readers(`/v1/rails/${key}`, 'items')
      const below = await readers(`/v1/articles/${owner}/headlines`, 'data')
      expect(anonymous(below.items)).toEqual(anonymous(before.items))
      expect(before.bytes + below.bytes).not.toContain('Canary')
      expect(before.bytes).not.toMatch(/startsAt|endsAt|followsStory|hideImage|"pin"/)

      const again = await desk.put(`${railAt(key)}/items`, { items: sent(inRail) }, rail + 1).expect(200)
      expect(again.body.items).toEqual(inRail)
      expect((await readers(`/v1/rails/${key}`, 'items')).bytes).toBe(before.bytes)
    }),
    runs(12),
  )
})

// Numbers are taken modulo what there is then; one in thirteen names a link that is not there.
const n = fc.nat(40)
const anchor = fc.oneof(
  fc.record({ before: n }),
  fc.record({ after: n }),
  fc.record({ place: fc.constantFrom('first', 'last') }),
  fc.record({ position: fc.nat(3) }),
)
const item = fc.nat(7).chain(link)
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('insert'), item, anchor: fc.option(anchor) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('move'), id: n, anchor }) },
  fc.record({ op: fc.constant('remove'), id: n }),
  fc.record({ op: fc.constant('pin'), id: n, at: fc.nat(9) }),
  fc.record({ op: fc.constant('unpin'), id: n }),
  fc.record({ op: fc.constant('update'), id: n, changes: fc.record({ label: text, target: fc.nat(9).map(target) }) }),
  fc.record({ op: fc.constant('replaceAll'), items: list }),
)
type Step = typeof operation extends fc.Arbitrary<infer T> ? T : never
const NOBODY = '019b0f61-2c44-7d10-8a55-0a6f3f1f9bee'

/** A step as it is sent for a list with these ids. */
function named(step: Step, ids: string[]): object {
  const idOf = (at: number) => (at % 13 === 12 ? NOBODY : (ids[at % Math.max(1, ids.length)] ?? NOBODY))
  const { anchor: where, id, ...rest } = { anchor: null, id: undefined, ...step }
  const place = Object.entries(where ?? {}).map(([name, value]) => [
    name,
    (name === 'before' || name === 'after') && typeof value === 'number' ? idOf(value) : value,
  ])
  return { ...rest, ...(id !== undefined && { id: idOf(id) }), ...Object.fromEntries(place) }
}

it('the same operations do the same in both, and what is refused in one is in the other, for the same reason', async () => {
  const done = { '': 0, '?onDuplicate=move': 0 }
  let refused = 0
  await fc.assert(
    fc.asyncProperty(
      list,
      fc.array(fc.array(operation, { minLength: 1, maxLength: 2 }), { minLength: 3, maxLength: 6 }),
      fc.constantFrom('' as const, '?onDuplicate=move' as const),
      async (items, turns, query) => {
        const { key, rail, article } = await two()
        let [a, b] = await Promise.all([
          desk.put(`${railAt(key)}/items`, { items }, rail).expect(200),
          desk.put(linksOf(owner), { items }, article).expect(200),
        ])
        for (const steps of turns) {
          const bodies = [a, b].map(({ body }) => {
            const ids = body.items.map(({ id }: Shown) => id)
            return { operations: steps.map((step) => named(step, ids)) }
          })
          const [one, other] = await Promise.all([
            desk.change(`${railAt(key)}/operations${query}`, a.body.version, bodies[0]),
            desk.change(`${linksOf(owner)}/operations${query}`, b.body.version, bodies[1]),
          ])
          expect([200, 409, 422]).toContain(one.status)
          expect(other.status).toBe(one.status)
          if (one.status !== 200) {
            const why = ({ body }: typeof one) => [body.code, body.existing?.position, pointersOf(body)]
            expect(why(other)).toEqual(why(one))
            refused++
            continue
          }
          done[query]++
          expect(anonymous(other.body.items)).toEqual(anonymous(one.body.items))
          ;[a, b] = [one, other]
        }
        const shown = await readers(`/v1/rails/${key}`, 'items')
        expect(anonymous((await readers(`/v1/articles/${owner}/headlines`, 'data')).items)).toEqual(
          anonymous(shown.items),
        )
      },
    ),
    runs(12),
  )
  // Or nothing would have been compared.
  expect(Math.min(refused, ...Object.values(done))).toBeGreaterThan(0)
})

const pointersOf = ({ errors = [] }: { errors?: { pointer: string; code: string }[] }) =>
  errors.map(({ pointer, code }) => [pointer, code])

it('a full rail is trimmed to what it may hold, keeps what is pinned and what has just come, and the order of the rest', async () => {
  const insert = fc.record({ name: fc.nat(12), place: fc.constantFrom('first', 'last'), pin: fc.option(fc.nat(4)) })
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.array(insert, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
      async (maxItems, turns) => {
        const key = `trim-${++count}`
        let items: Shown[] = []
        let { version } = (await desk.post(RAILS, { key, title: 'Trim', maxItems }).expect(201)).body
        for (const turn of turns) {
          const operations = turn.map(({ name, place, pin }) => {
            const fields = { headline: `${name}`, target: { kind: 'url', url: `https://news.example/${name}` } }
            return { op: 'insert', item: { ...fields, ...(pin !== null && { pin }) }, place }
          })
          const query = '?overflow=trim&onDuplicate=move'
          const { status, body } = await desk.change(`${railAt(key)}/operations${query}`, version, { operations })
          const come = new Set(turn.map(({ name }) => `${name}`))
          const stays = items.filter(({ headline, pin }) => pin !== null && !come.has(String(headline)))
          // What may not give way has no room.
          const isFull = come.size + stays.length > maxItems
          expect(status).toBe(isFull ? 409 : 200)
          if (isFull) continue
          const now: Shown[] = body.items
          const names = now.map(({ headline }) => String(headline))
          expect(names.length).toBe(
            Math.min(maxItems, new Set([...items.map(({ headline }) => headline), ...come]).size),
          )
          expect(names).toEqual(expect.arrayContaining([...come, ...stays.map(({ headline }) => headline)]))
          const were = items.map(({ headline }) => String(headline)).filter((each) => !come.has(each))
          const are = names.filter((each) => !come.has(each))
          expect(are).toEqual(were.filter((each) => are.includes(each)))
          // Of those that are not pinned the first stay.
          const loose = were.filter((each) => !stays.some(({ headline }) => headline === each))
          expect(are.filter((each) => loose.includes(each))).toEqual(loose.slice(0, are.length - stays.length))
          items = now
          version = body.version
        }
      },
    ),
    runs(12),
  )
})
