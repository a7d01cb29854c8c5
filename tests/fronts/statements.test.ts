import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, FRONTS, published, RAILS } from '../support/builders.ts'
import { statementsOf } from '../support/statements.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ settings: { PAST: 'public' } })
  desk = await app.withRole('editor')
  const write = (tags: object[]) => (_: unknown) => published(desk, { tags }).then(({ id }) => id)
  const ids = await Promise.all(Array.from({ length: 180 }, write([])))
  await Promise.all(Array.from({ length: 20 }, write([{ name: 'Talks' }])))
  await page('small', 2, 5, ids)
  await page('large', 10, 20, ids)
})

/** A front of so many rails with so many links each: to articles of their own, to the newest of a tag, and one more that fills up. */
async function page(key: string, rails: number, items: number, ids: string[]): Promise<void> {
  const newest = { target: { kind: 'tag', slug: 'talks', latest: true } }
  const keys = Array.from({ length: rails }, (_, n) => `${key}-${n}`)
  const links = ids.map((id) => ({ target: { kind: 'article', id } }))
  for (const [n, rail] of keys.entries()) {
    const own = links.slice(n * (items - 2), (n + 1) * (items - 2))
    await desk
      .post(RAILS, { key: rail, title: rail, maxItems: items, items: [newest, ...own], backfill: {} })
      .expect(201)
  }
  await desk.post(FRONTS, { key, title: key, rails: keys.map((each) => ({ key: each })) }).expect(201)
}

const sentFor = async (path: string) => {
  let items = 0
  const sent = await statementsOf(app.url, async () => {
    const { body } = await app.nobody.get(path).expect(200)
    items = body.rails.flatMap((rail: { items: [] }) => rail.items).length
  })
  return { items, sent }
}

it('a page of ten rails of twenty headlines takes as many statements as one of two rails of five', async () => {
  for (const query of ['', `?at=${app.clock.now()}`]) {
    const small = await sentFor(`/v1/fronts/small${query}`)
    const large = await sentFor(`/v1/fronts/large${query}`)
    expect([small.items, large.items]).toEqual([10, 200])
    expect(large.sent.length, large.sent.join('\n')).toBe(small.sent.length)
    // The front, its rails, what these point at; whether sections are in others, whether the small indexes will do, what is
    // newest, and what it says.
    expect(large.sent.length, large.sent.join('\n')).toBe(7)
  }
})

it('a list of many pages takes as many statements as one of a single page', async () => {
  const count = async (path: string) =>
    (await statementsOf(app.url, () => app.nobody.get(path).expect(200).then())).length
  expect([await count('/v1/fronts?limit=1'), await count('/v1/fronts?limit=2')]).toEqual([2, 2])
})
