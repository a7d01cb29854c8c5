import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, FRONTS, frontAt, linksOf, published, RAILS, railAt } from '../support/builders.ts'
import { rounds, runs } from '../support/rounds.ts'

// Two processes with clocks of their own keep answers of one database: what they send is what would be made anew.

const START = Date.parse('2026-11-22T12:00:00.000Z')

/** A clock that stands still until it is set. */
function standingClock() {
  let ms = START
  return {
    now: () => new Date(ms).toISOString(),
    pass: (by: number) => {
      ms += by
    },
  }
}

let nodes: TestApp[]
let desks: Desk[]
beforeAll(async () => {
  const first = await startApp({ clock: standingClock(), settings: { PAST: 'public', CACHE_TAGS: 'cache-tag' } })
  const database = { url: first.url, drop: async () => undefined }
  const settings = { PAST: 'public', CACHE_TAGS: 'cache-tag' }
  nodes = [first, await startApp({ clock: standingClock(), database, settings })]
  const editor = await first.withRole('admin')
  desks = nodes.map((node) => node.as(editor.key))
})

const deeds = [
  'publish',
  'change',
  'rename',
  'withdraw',
  'kill',
  'erase',
  'begin later',
  'end later',
  'take back',
  'links',
  'rail',
  'staged',
  'front',
  'delete rail',
  'term',
  'tick',
] as const
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom(...deeds), node: fc.nat(1), pick: fc.nat(3) }) },
  // Forwards, and less often back, beyond what is planned or not.
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('time' as const),
      node: fc.nat(1),
      pick: fc.oneof(fc.integer({ min: 1, max: 4_000 }), fc.integer({ min: -3_000, max: 200_000 })),
    }),
  },
)

let unlike = 0
/** An answer but for what each one has of its own. `isFresh`: nobody has asked for it in these words before. */
async function read(node: TestApp, path: string, fields: Record<string, string>, isFresh: boolean) {
  const accept = isFresh ? `*/*, unheard/of-${++unlike};q=0.1` : '*/*'
  const { status, headers, text } = await node.nobody.get(path).set({ ...fields, accept })
  const { date: _, 'x-request-id': __, ...others } = headers
  return { status, headers: others, text: status === 200 || status === 304 ? text : '' }
}

/** Asks each process for everything, in ways that are kept and in one that is not. */
async function compare(paths: string[], why: string): Promise<void> {
  for (const node of nodes) {
    for (const path of paths) {
      for (const coding of ['identity', 'gzip']) {
        const fresh = await read(node, path, { 'accept-encoding': coding }, true)
        const tag = String(fresh.headers.etag)
        const answers = [
          await read(node, path, { 'accept-encoding': coding }, false),
          await read(node, path, { 'accept-encoding': coding }, false),
        ]
        for (const each of answers) expect(each, `${path} ${why}`).toEqual(fresh)
        if (fresh.status !== 200) continue
        const known = { 'accept-encoding': coding, 'if-none-match': tag }
        const unchanged = await read(node, path, known, false)
        expect(unchanged.status, path).toBe(304)
        expect(unchanged, `${path} ${why}`).toEqual(await read(node, path, known, true))
      }
    }
  }
}

it(
  'whatever is written and planned, on whichever node and by whichever clock, a kept answer is the one that would be made',
  async () => {
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 20 }), async (steps) => {
        run++
        const tag = { slug: `run-${run}`, name: 'As brought' }
        const ids: string[] = []
        const slugs = ['nothing']
        const rails = [0, 1].map((n) => `rail-${run}-${n}`)
        const front = `front-${run}`
        const done: string[] = []
        for (const [n, each] of steps.entries()) {
          const { node, pick } = each
          const [app, desk] = [nodes[node], desks[node]]
          if (!app || !desk) throw new Error('No such node')
          const id = ids[pick % Math.max(1, ids.length)] ?? 'nothing'
          const rail = rails[pick % 2] ?? ''
          const act = (action: string, body?: object) => desk.change(`${articleAt(id)}/${action}`, '*', body)
          const inMs = (ms: number) => new Date(Date.parse(app.clock.now()) + ms).toISOString()
          const items = [
            { target: { kind: 'article', id } },
            { target: { kind: 'tag', slug: tag.slug, latest: true } },
            { headline: `Link ${n}`, startsAt: inMs(1_500), endsAt: inMs(2_500) },
          ]
          // Each may be impossible as things stand: then nothing happens.
          if (each.do === 'time') app.clock.pass(pick)
          // As time does, and as no two writes of one desk are at one instant.
          else app.clock.pass(1)
          if (each.do === 'publish') {
            const made = await published(desk, { slug: `piece-${run}-${n}`, tags: [tag], section: { name: 'World' } })
            ids.push(made.id)
            slugs.push(made.slug)
          }
          if (each.do === 'change' || each.do === 'rename') {
            const slug = `renamed-${run}-${n}`
            await desk.patch(articleAt(id), each.do === 'rename' ? { slug } : { kicker: `Kicker ${n}` }, '*')
            await act('publish')
            if (each.do === 'rename') slugs.push(slug)
          }
          if (each.do === 'withdraw') await act('withdraw')
          if (each.do === 'kill') await act('kill', { reason: 'legal' })
          if (each.do === 'erase') await act('erase', { confirm: id })
          if (each.do === 'begin later') await act('publish', { liveFrom: inMs(2_000) })
          if (each.do === 'end later') await act('publish', { liveUntil: inMs(3_000) })
          if (each.do === 'take back') await act('unschedule')
          if (each.do === 'links') await desk.put(linksOf(id), { items }, '*')
          if (each.do === 'rail') {
            await desk.post(RAILS, { key: rail, title: rail, backfill: { tag: tag.slug } })
            await desk.put(`${railAt(rail)}/items`, { items }, '*')
          }
          if (each.do === 'staged') {
            await desk.patch(railAt(rail), { publishMode: 'staged' }, '*')
            await desk.patch(railAt(rail), { title: `Title ${n}` }, '*')
            await desk.change(`${railAt(rail)}/publish`, '*', { liveFrom: inMs(1_000) })
          }
          if (each.do === 'delete rail') await desk.delete(railAt(rail), '*')
          if (each.do === 'front') {
            const page = { title: `Front ${n}`, rails: rails.map((key) => ({ key })) }
            await desk.post(FRONTS, { key: front, ...page })
            if (pick === 0) await desk.delete(frontAt(front), '*')
            else await desk.patch(frontAt(front), { title: `Front ${n}` }, '*')
          }
          if (each.do === 'term') await desk.put(`/v1/editorial/tags/${tag.slug}`, { name: `Named ${n}` }, '*')
          if (each.do === 'tick') while (await app.services.ticker.tick());
          done.push(`${each.do} on ${node}: ${pick}`)
          const paths = [
            ...slugs.slice(-3).map((slug) => `/v1/articles/${slug}`),
            `/v1/articles/${id}?format=html`,
            `/v1/articles/${id}/headlines`,
            `/v1/articles/${id}/related`,
            `/v1/articles?tag=${tag.slug}&include=headlines&limit=3`,
            `/v1/articles?tag=${tag.slug}&at=2026-11-22T12:00:01.000Z`,
            ...rails.map((key) => `/v1/rails/${key}`),
            '/v1/rails?limit=2',
            `/v1/fronts/${front}`,
            `/v1/search?q=motion&tag=${tag.slug}`,
          ]
          await compare(paths, done.join(', '))
        }
      }),
      runs(2),
    )
  },
  120_000 * rounds,
)
