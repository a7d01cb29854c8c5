import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, published } from '../support/builders.ts'
import { dump } from '../support/dump.ts'
import { findings } from '../support/examine.ts'

// What is published goes into the index of words at the end of its transaction, which may serve several requests: by then it may be
// something else.

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('admin')
})

const found = async (word: string): Promise<string[]> => {
  const { body } = await app.nobody.get(`/v1/search?q=${word}`).expect(200)
  return body.data.map(({ id }: { id: string }) => id).toSorted()
}
const ids = (many: number) =>
  Array.from({ length: many }, (_, n) => `019b0f61-2c44-7d10-8a55-1${String(n).padStart(11, '0')}`)

it('what one batch publishes, and takes from the readers again in every way, is found as it stands at the end', async () => {
  const [kept = '', again = '', withdrawn = '', killed = '', erased = '', planned = '', replanned = ''] = ids(7)
  const to = (id: string, transition: string, body?: unknown) => ({
    ...{ method: 'POST', path: `${articleAt(id)}/${transition}`, ifMatch: '*' },
    ...(body !== undefined && { body }),
  })
  const made = [kept, again, withdrawn, killed, erased].flatMap((id) => [
    {
      ...{ method: 'PUT', path: articleAt(id), ifNoneMatch: '*' },
      body: { headline: `Heronry ${id}`, bodyText: `A heronry, said bird${id.slice(-2)}.` },
    },
    to(id, 'publish'),
  ])
  const drafts = [planned, replanned].map((id) => ({
    ...{ method: 'PUT', path: articleAt(id), ifNoneMatch: '*' },
    body: { headline: `Heronry ${id}`, bodyText: 'A heronry that is only planned.' },
  }))
  const liveFrom = new Date(Date.parse(app.clock.now()) + 3_600_000).toISOString()
  const operations = [
    ...[...made, ...drafts, { method: 'DELETE', path: articleAt(erased), ifMatch: '*' }],
    ...[to(erased, 'erase', { confirm: erased }), to(withdrawn, 'withdraw'), to(killed, 'kill', { reason: 'legal' })],
    { method: 'PATCH', path: articleAt(again), ifMatch: '*', body: { standfirst: 'And an egret.' } },
    ...[to(again, 'publish'), to(planned, 'publish', { liveFrom }), to(planned, 'unschedule')],
    ...[to(replanned, 'publish', { liveFrom }), to(replanned, 'publish')],
  ]
  const answer = await desk.post('/v1/editorial/batch', { operations })
  expect(answer.body.errors).toBeUndefined()
  expect(await found('heronry')).toEqual([kept, again, replanned].toSorted())
  expect(await found('egret')).toEqual([again])
  expect(await findings(app)).toEqual({})
  expect(JSON.stringify(await dump(app.db))).not.toContain(`bird${erased.slice(-2)}`)
  while (await app.services.ticker.tick());
  expect(await found('heronry')).toEqual([kept, again, replanned].toSorted())
  expect(await findings(app)).toEqual({})
})

it('and so is what requests that come at the same moment publish and take away', async () => {
  const text = { bodyText: 'A lapwing was seen.' }
  const drafts = await Promise.all(Array.from({ length: 12 }, () => draft(desk, text)))
  const old = await published(desk, text)
  await Promise.all([
    ...drafts.flatMap(({ id }, n) => [
      desk.change(`${articleAt(id)}/publish`, '*').expect(200),
      // Refused where it comes first, after others have written in the same transaction.
      ...(n % 3 === 0 ? [desk.change(`${articleAt(id)}/kill`, '*', { reason: 'legal' })] : []),
      ...(n % 3 === 1 ? [desk.post(ARTICLES, { headline: 'Again', slug: old.slug, ...text }).expect(409)] : []),
    ]),
  ])
  const live = []
  for (const { id } of [...drafts, old]) {
    const { body } = await desk.get(articleAt(id)).expect(200)
    if (body.state === 'live') live.push(id)
  }
  expect(live.length).toBeGreaterThan(5)
  expect(await found('lapwing')).toEqual(live.toSorted())
  expect(await findings(app)).toEqual({})
})

it('also an article that is published twice in it, whose editions may have one place in the index', async () => {
  const all = ids(107).slice(7)
  for (let from = 0; from < all.length; from += 25) {
    const operations = all.slice(from, from + 25).flatMap((id) => {
      const at = { path: articleAt(id), ifMatch: '*' }
      return [
        { method: 'PUT', path: at.path, ifNoneMatch: '*', body: { headline: `Bird ${id}`, bodyText: 'One.' } },
        { method: 'POST', path: `${at.path}/publish`, ifMatch: '*' },
        { method: 'PATCH', ...at, body: { standfirst: `A plover${id.slice(-4)} was seen.` } },
        { method: 'POST', path: `${at.path}/publish`, ifMatch: '*' },
      ]
    })
    await desk.post('/v1/editorial/batch', { operations }).expect(200)
  }
  const missing: string[] = []
  for (const id of all) if ((await found(`plover${id.slice(-4)}`))[0] !== id) missing.push(id)
  expect(missing).toEqual([])
  expect(await findings(app)).toEqual({})
})
