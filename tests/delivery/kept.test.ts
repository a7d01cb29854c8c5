import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'
import { allSentTo, statementsOf } from '../support/statements.ts'

// Answers that are kept in memory and sent again (src/delivery/kept.ts).

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  const bodyText = 'The council met on Monday. '.repeat(200)
  await published(desk, { slug: 'here', bodyText, publish: true })
})

const own = ({ headers }: { headers: Record<string, unknown> }) => {
  const { date: _, 'x-request-id': __, ...others } = headers
  return others
}

it('who asks for what somebody has asked for before gets it for one look at the database', async () => {
  const read = () => app.nobody.get('/v1/articles/here').expect(200)
  const first = await read()
  let looks = 0
  // Whoever writes on the same PostgreSQL, in another test too, has it forgotten.
  for (let tries = 0; looks !== 1 && tries < 20; tries++) {
    const sent = await allSentTo(app.url, async () => {
      const again = await read()
      expect(again.text).toBe(first.text)
      expect(own(again)).toEqual(own(first))
      expect(again.headers['x-request-id']).not.toBe(first.headers['x-request-id'])
    })
    looks = sent.length
  }
  expect(looks).toBe(1)
})

it('each coding is kept by itself, and each has its own tag', async () => {
  const read = async (coding: string) =>
    fetch(`${app.origin}/v1/articles/here`, { headers: { 'accept-encoding': coding } })
  const plain = await (await read('identity')).text()
  for (const coding of ['gzip', 'br', 'identity', 'gzip', 'br', 'identity']) {
    const response = await read(coding)
    expect(response.headers.get('content-encoding')).toBe(coding === 'identity' ? null : coding)
    expect(response.headers.get('etag')?.endsWith(`.${coding}"`)).toBe(coding !== 'identity')
    expect(await response.text()).toBe(plain)
  }
})

it('an answer to a key is neither kept nor taken from what is kept', async () => {
  const { id } = await published(desk)
  const path = `/v1/articles/${id}`
  await desk.get(path).expect(200)
  const open = await app.nobody.get(path).expect(200)
  expect(open.headers['cache-control']).toMatch(/^public/)
  const sent = await statementsOf(app.url, async () => {
    const { headers } = await desk.get(path).expect(200)
    expect(headers['cache-control']).toBe('private, no-store')
  })
  expect(sent.length).toBeGreaterThan(1)
})

it('where only a tag was confirmed, who has none gets the text', async () => {
  const { id } = await published(desk)
  const path = `/v1/articles/${id}`
  const { etag = '' } = (await app.nobody.get(path).expect(200)).headers
  // Whatever was kept is forgotten.
  await published(desk)
  await app.nobody.get(path).set('if-none-match', etag).expect(304)
  await app.nobody.get(path).set('if-none-match', etag).expect(304)
  const whole = await app.nobody.get(path).expect(200)
  expect(whole.body.id).toBe(id)
  await app.nobody.get(path).set('if-none-match', '"another"').expect(200)
  const known = await app.nobody.get(path).set('if-none-match', etag).expect(304)
  expect(known.text).toBe('')
  expect(known.headers).not.toHaveProperty('content-type')
})

it('a refusal is not kept: what is published a moment later is there', async () => {
  const { id } = await draft(desk, { slug: 'not-yet' })
  await app.nobody.get('/v1/articles/not-yet').expect(404)
  await app.nobody.get('/v1/articles/not-yet').expect(404)
  await desk.change(`${articleAt(id)}/publish`, '*').expect(200)
  await app.nobody.get('/v1/articles/not-yet').expect(200)
  await app.nobody.get('/v1/articles/not-yet').expect(200)
  await desk.change(`${articleAt(id)}/withdraw`, '*').expect(200)
  await app.nobody.get('/v1/articles/not-yet').expect(404)
})

it('how long others may keep it is said anew each time, until something changes by the clock', async () => {
  const { id } = await draft(desk, { slug: 'planned' })
  const liveFrom = new Date(Date.parse(app.clock.now()) + 40_500).toISOString()
  await desk.change(`${articleAt(id)}/publish`, '*', { liveFrom }).expect(200)
  const left = async () => {
    const { headers } = await app.nobody.get('/v1/articles?limit=1').expect(200)
    return Number(/s-maxage=(\d+)/.exec(headers['cache-control'] ?? '')?.[1])
  }
  const first = await left()
  app.clock.pass(10_000)
  expect(await left()).toBe(first - 10)
  const before = await app.nobody.get('/v1/articles?limit=1').expect(200)
  app.clock.pass(40_000)
  const after = await app.nobody.get('/v1/articles?limit=1').expect(200)
  expect(after.body.data[0].slug).toBe('planned')
  expect(before.body.data[0].slug).not.toBe('planned')
})

it('more than there is room for is answered as well, what was asked for longest ago anew', async () => {
  const bodyText = 'The council met on Monday, and voted. '.repeat(8_000)
  const { id } = await published(desk, { slug: 'long', bodyText })
  const first = await app.nobody.get('/v1/articles/long').set('accept-encoding', 'identity').expect(200)
  for (let n = 0; n < 60; n++) {
    const { text } = await app.nobody
      .get('/v1/articles/long')
      .set({ 'accept-encoding': 'identity', accept: `application/json, some/thing-${n}` })
      .expect(200)
    expect(text.length).toBe(first.text.length)
  }
  const sent = await statementsOf(app.url, async () => {
    const { body } = await app.nobody.get('/v1/articles/long').set('accept-encoding', 'identity').expect(200)
    expect(body.id).toBe(id)
  })
  expect(sent.length).toBeGreaterThan(0)
})

it('a private installation keeps nothing for anybody', async () => {
  const closed = await startApp({ settings: { DELIVERY: 'private' } })
  const reader = await closed.withRole('reader')
  await published(await closed.withRole('editor'), { slug: 'here' })
  for (let n = 0; n < 2; n++) {
    const sent = await statementsOf(closed.url, () => reader.get('/v1/articles/here').expect(200).then())
    expect(sent.length).toBeGreaterThan(1)
  }
})
