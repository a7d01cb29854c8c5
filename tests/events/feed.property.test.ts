import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published, RAILS, railAt } from '../support/builders.ts'
import { findings } from '../support/examine.ts'
import { rounds } from '../support/rounds.ts'

// Somebody who only follows /v1/changes, and reads what it names, has in the end what everybody sees.

let app: TestApp
/** Another node on the same database. */
let other: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ settings: { CACHE_CUT: 'off' } })
  other = await startApp({ database: { url: app.url, drop: async () => undefined }, clock: app.clock })
  desk = await app.withRole('admin')
})

interface Change {
  id: string
  kind: string
  subject: { kind: string; id: string }
}

/** What is read again may be gone by then: then it is not there. */
const read = async (path: string): Promise<unknown> => {
  const { status, body } = await app.nobody.get(path)
  return status === 200 ? body : undefined
}

/** A copy of what is delivered, and how far it has come; what is not noted yet is lost in a crash. */
function consumer() {
  const articles = new Map<string, unknown>()
  const rails = new Map<string, unknown>()
  const told: string[] = []
  /** The last that was told of each article, or of what it is called. */
  const last = new Map<string, string>()
  let cursor = ''
  const keep = (map: Map<string, unknown>, key: string, value: unknown) =>
    value === undefined ? map.delete(key) : map.set(key, value)
  const readArticle = async (id: string) => keep(articles, id, await read(`/v1/articles/${id}`))

  async function take({ subject: { kind, id } }: Change): Promise<void> {
    if (kind === 'article') await readArticle(id)
    if (kind === 'rail') keep(rails, id, await read(railAt(id).replace('/editorial', '')))
    // What shows others is read again with them.
    if (['section', 'tag', 'author'].includes(kind)) for (const each of [...articles.keys()]) await readArticle(each)
    for (const key of [...rails.keys()]) keep(rails, key, await read(`/v1/rails/${key}`))
  }

  return {
    articles,
    rails,
    told,
    last,
    /** Reads a page; `crashes` after so many of its events, before it has noted how far it is. */
    async follow(limit: number, crashes: number | null): Promise<boolean> {
      const { body } = await app.nobody.get(`/v1/changes?limit=${limit}${cursor && `&after=${cursor}`}`).expect(200)
      for (const [n, change] of (body.data as Change[]).entries()) {
        if (crashes !== null && n >= crashes) return true
        await take(change)
      }
      told.push(...body.data.map(({ id }: Change) => id))
      for (const { kind, subject } of body.data as Change[]) if (subject.kind === 'article') last.set(subject.id, kind)
      cursor = body.page.next
      return body.data.length > 0
    },
  }
}

const deeds = [
  'publish',
  'change',
  'correct',
  'rename',
  'withdraw',
  'kill',
  'erase',
  'trash',
  'schedule',
  'pass',
  'passUnseen',
  'rail',
  'reorder',
  'window',
  'term',
] as const
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom(...deeds), pick: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('follow' as const),
      limit: fc.integer({ min: 1, max: 5 }),
      crashes: fc.option(fc.nat(3)),
    }),
  },
)

it('who follows the changes, with crashes in between, has what is delivered, in the order in which it was done', async () => {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 24 }), async (steps) => {
      const tag = { slug: `run-${++run}`, name: 'As brought' }
      const copy = consumer()
      // From the beginning of the log: what was before is copied too.
      const ids: string[] = []
      const keys: string[] = []
      const inMs = (by: number) => new Date(Date.parse(app.clock.now()) + by).toISOString()
      const tick = async () => {
        // Two nodes at once.
        await Promise.all(
          [app, other].map(async ({ services }) => {
            while (await services.ticker.tick());
          }),
        )
      }
      for (const [n, each] of steps.entries()) {
        if (each.do === 'follow') {
          await copy.follow(each.limit, each.crashes)
          continue
        }
        const id = ids[each.pick % Math.max(1, ids.length)] ?? 'nothing'
        const key = keys[each.pick % Math.max(1, keys.length)] ?? 'nothing'
        const act = (action: string, body?: object) => desk.change(`${articleAt(id)}/${action}`, '*', body)
        const at = (article: string) => ({ target: { kind: 'article', id: article } })
        // Each may be impossible where the piece stands: then nothing happens, and nothing is told.
        if (each.do === 'publish') ids.push((await published(desk, { tags: [tag], section: { name: 'World' } })).id)
        if (each.do === 'change' || each.do === 'correct') {
          await desk.patch(articleAt(id), { kicker: `Change ${n}` }, '*')
          await act('publish', each.do === 'correct' ? { kind: 'correction', text: `Was wrong ${n}` } : {})
        }
        if (each.do === 'rename') {
          await desk.patch(articleAt(id), { slug: `renamed-${run}-${n}` }, '*')
          await act('publish')
        }
        if (each.do === 'withdraw') await act('withdraw')
        if (each.do === 'kill') await act('kill', { reason: 'legal' })
        if (each.do === 'erase') await act('erase', { confirm: id })
        if (each.do === 'trash') await desk.delete(articleAt(id), '*')
        if (each.do === 'schedule') {
          if (id === 'nothing' || each.pick % 2) ids.push((await draft(desk, { tags: [tag] })).id)
          const planned = ids.at(-1) ?? ''
          await desk.patch(articleAt(planned), { kicker: `Planned ${n}` }, '*')
          const body = { liveFrom: inMs(2_000), liveUntil: each.pick > 3 ? inMs(4_000) : null }
          await desk.change(`${articleAt(planned)}/publish`, '*', body)
        }
        if (each.do === 'pass') {
          app.clock.pass(2_500)
          await tick()
        }
        // Somebody acts before the clock's work is done.
        if (each.do === 'passUnseen') app.clock.pass(2_500)
        if (each.do === 'rail') {
          keys.push(`rail-${run}-${n}`)
          await desk.post(RAILS, { key: keys.at(-1), title: 'Rail', items: ids.slice(0, 2).map(at) })
        }
        if (each.do === 'reorder' && key !== 'nothing')
          await (each.pick === 5
            ? desk.delete(railAt(key), '*')
            : desk.put(`${railAt(key)}/items`, { items: ids.slice(-2).map(at) }, '*'))
        if (each.do === 'window') {
          const windows = [
            { startsAt: inMs(2_000), endsAt: inMs(each.pick > 2 ? 30_000 : 4_000) },
            { endsAt: inMs(2_000) },
          ]
          const items = windows.map((window, item) => ({ headline: `Window ${n} ${item}`, ...window }))
          if (key !== 'nothing') await desk.put(`${railAt(key)}/items`, { items }, '*')
          else if (id !== 'nothing') await desk.put(`${articleAt(id)}/headlines`, { items }, '*')
        }
        if (each.do === 'term') await desk.put(`/v1/editorial/tags/${tag.slug}`, { name: `Name ${n}` }, '*')
      }
      app.clock.pass(10_000)
      await tick()
      while (await copy.follow(100, null));
      const shown = async (path: string, name: string) => {
        const all: [string, unknown][] = []
        let page = { next: '' as string | null }
        do {
          const { body } = await app.nobody.get(`${path}?limit=100${page.next && `&cursor=${page.next}`}`).expect(200)
          for (const entry of body.data) all.push([entry[name], await read(`${path}/${entry[name]}`)])
          page = body.page
        } while (page.next)
        return Object.fromEntries(all)
      }
      expect(Object.fromEntries(copy.articles)).toEqual(await shown('/v1/articles', 'id'))
      // Who goes by the kinds alone knows as well what is there.
      const ends = ['article.withdrawn', 'article.expired', 'article.killed', 'article.erased']
      const there = [...copy.last].flatMap(([id, kind]) => (ends.includes(kind) ? [] : [id]))
      expect(there.toSorted()).toEqual([...copy.articles.keys()].toSorted())
      expect(Object.fromEntries(copy.rails)).toEqual(await shown('/v1/rails', 'key'))
      expect(new Set(copy.told).size).toBe(copy.told.length)
    }),
    { numRuns: 6 * rounds },
  )
})

it('what all of that has left is sound, says the doctor', async () => {
  expect(await findings(app)).toEqual({})
})
