import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import {
  articleAt,
  type Desk,
  draft,
  linksOf,
  published,
  RAILS,
  railAt,
  release,
  releaseAt,
} from '../support/builders.ts'

// How long shared caches may keep an answer: never beyond the next change that is planned.

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ settings: { CACHE_TAGS: 'surrogate-key,cache-tag,cache-groups' } })
  desk = await app.withRole('editor')
  await published(desk, { slug: 'here' })
})
/** What was planned before has passed, and is forgotten. */
beforeEach(async () => {
  app.clock.pass(3_600_000)
  while (await app.services.ticker.tick());
})
const inS = (seconds: number) => new Date(Date.parse(app.clock.now()) + seconds * 1_000).toISOString()
const kept = async (path = '/v1/articles/here') => (await app.nobody.get(path)).headers['cache-control']
const whole = 'public, max-age=10, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400'
const cut = (seconds: number) => {
  const [age, shared] = [Math.min(10, seconds), Math.min(60, seconds)]
  return `public, max-age=${age}, s-maxage=${shared}, stale-while-revalidate=${Math.min(60, seconds - shared)}, stale-if-error=86400`
}

describe('an answer is kept no longer than until', () => {
  it.each<[string, (at: string) => Promise<unknown>]>([
    ['a piece is published', async (at) => plan(await draft(desk), { liveFrom: at })],
    ['a piece ends', async (at) => plan(await draft(desk), { liveUntil: at })],
    ['a piece under embargo is public', async (at) => plan(await draft(desk), { liveFrom: at, embargo: true })],
    [
      'a link begins',
      async (at) =>
        desk.put(linksOf((await draft(desk)).id), { items: [{ headline: 'A', startsAt: at }] }, 0).expect(200),
    ],
    [
      'a link ends',
      async (at) =>
        desk.put(linksOf((await draft(desk)).id), { items: [{ headline: 'A', endsAt: at }] }, 0).expect(200),
    ],
    [
      'a staged rail is published',
      async (at) => {
        const key = `staged-${Date.parse(at)}`
        await desk.post(RAILS, { key, title: 'Staged', publishMode: 'staged' }).expect(201)
        await desk.patch(railAt(key), { title: 'Changed' }, '*').expect(200)
        await desk.change(`${railAt(key)}/publish`, '*', { liveFrom: at }).expect(200)
      },
    ],
    [
      'a release comes',
      async (at) => {
        const { id } = await release(desk, [{ kind: 'article', id: (await draft(desk)).id }])
        await desk.change(`${releaseAt(id)}/schedule`, '*', { liveFrom: at }).expect(200)
      },
    ],
  ])('%s', async (_what, planFor) => {
    expect(await kept()).toBe(whole)
    const at = inS(30.9)
    await planFor(at)
    const left = Math.floor((Date.parse(at) - Date.parse(app.clock.now())) / 1_000)
    expect(await kept()).toBe(cut(left))
    expect(await kept('/v1/articles?limit=1')).toBe(cut(left))
    app.clock.pass(28_000)
    expect(await kept()).toBe(cut(left - 28))
    expect(await kept('/v1/articles/nothing')).toBe(`public, max-age=${left - 28}`)
    app.clock.pass(3_000)
    expect(await kept()).toBe(whole)
  })

  it('and what is further away than caches keep anything is not told of', async () => {
    await plan(await draft(desk), { liveFrom: inS(125) })
    expect(await kept()).toBe(whole)
    app.clock.pass(50_000)
    expect(await kept()).toBe(cut(60 + 14))
  })

  it('with a key nothing is kept at all; and where nobody may know of a change, nothing is cut', async () => {
    await plan(await draft(desk), { liveFrom: inS(20) })
    expect((await desk.get('/v1/articles/here')).headers['cache-control']).toBe('private, no-store')
    const silent = await startApp({ settings: { CACHE_CUT: 'off' } })
    const other = await silent.withRole('editor')
    const { id } = await published(other)
    const next = await draft(other)
    const liveFrom = new Date(Date.parse(silent.clock.now()) + 20_000).toISOString()
    await other.change(`${articleAt(next.id)}/publish`, '*', { liveFrom }).expect(200)
    expect((await silent.nobody.get(`/v1/articles/${id}`)).headers['cache-control']).toBe(whole)
  })
})

const plan = ({ id }: { id: string }, options: object) =>
  desk.change(`${articleAt(id)}/publish`, '*', options).expect(200)

describe('the names by which an answer can be purged', () => {
  it('are of the article, the rail and the front, or of all that shows several, in each spelling', async () => {
    const { id } = (await app.nobody.get('/v1/articles/here')).body
    const own = `a-${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}`
    const long = 'a-very-long-key-of-a-rail-indeed-it-is'
    const rails = [...Array.from({ length: 30 }, (_, n) => `rail-${n}`), long]
    for (const key of rails) await desk.post(RAILS, { key, title: key, items: [{ headline: 'One' }] }).expect(201)
    const front = { key: 'home', title: 'Home', rails: rails.map((key) => ({ key })) }
    await desk.post('/v1/editorial/fronts', front).expect(201)
    const tagsOf = async (path: string) => {
      const { headers } = await app.nobody.get(path).expect(200)
      const tags = String(headers['surrogate-key']).split(' ')
      expect(headers['cache-tag']).toBe(tags.join(','))
      expect(headers['cache-groups']).toBe(tags.map((tag) => `"${tag}"`).join(', '))
      expect(tags.length).toBeLessThanOrEqual(32)
      for (const tag of tags) expect(tag).toMatch(/^[\w-]{1,32}$/)
      return tags
    }
    expect(await tagsOf('/v1/articles/here')).toEqual([own, 'taxonomy'])
    expect(await tagsOf('/v1/articles/here?format=html')).toEqual([own, 'taxonomy'])
    expect(await tagsOf('/v1/articles/here/headlines')).toEqual([own, 'taxonomy'])
    for (const path of ['articles', 'search?q=council', 'feeds/rss.xml', 'sitemap.xml', 'tags'])
      expect(await tagsOf(`/v1/${path}`), path).toEqual(['articles', 'taxonomy'])
    for (const path of ['rails/rail-1', 'feeds/feed.json?rail=rail-1'])
      expect(await tagsOf(`/v1/${path}`)).toEqual(['r-rail-1', 'articles', 'taxonomy'])
    expect((await tagsOf(`/v1/rails/${long}`))[0]).toMatch(/^r-[\w-]{22}$/)
    expect(await tagsOf('/v1/rails')).toContain('rails')
    const ofFront = await tagsOf('/v1/fronts/home')
    expect(ofFront.slice(0, 5)).toEqual(['f-home', 'articles', 'rails', 'taxonomy', 'r-rail-0'])
    const { headers } = await desk.get('/v1/articles/here')
    expect(headers).not.toHaveProperty('surrogate-key')
  })

  it('are not said unless the settings say in which fields', async () => {
    const silent = await startApp()
    const { headers } = await silent.nobody.get('/v1/articles').expect(200)
    for (const field of ['surrogate-key', 'cache-tag', 'cache-groups']) expect(headers).not.toHaveProperty(field)
  })
})
