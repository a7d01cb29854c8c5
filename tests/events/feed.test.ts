import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published, RAILS } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('admin')
})
const changes = async (query = '') => (await app.nobody.get(`/v1/changes?limit=100${query}`).expect(200)).body
const inMs = (by: number) => new Date(Date.parse(app.clock.now()) + by).toISOString()

describe('the feed of changes', () => {
  it('tells what readers see of an article from its beginning to its end, and nothing else', async () => {
    const { page } = await changes()
    const piece = await draft(desk, { headline: 'Told', slug: 'told', section: { name: 'World' } })
    const act = (action: string, body?: object) =>
      desk.change(`${articleAt(piece.id)}/${action}`, '*', body).expect(200)
    await act('publish', { liveFrom: inMs(5_000) })
    expect((await changes(`&after=${page.next}`)).data).toEqual([])
    app.clock.pass(6_000)
    while (await app.services.ticker.tick());
    await desk.patch(articleAt(piece.id), { slug: 'told-again' }, '*').expect(200)
    await act('publish')
    await act('publish', { kind: 'correction', text: 'Was wrong.' })
    await act('publish', { liveUntil: inMs(5_000) })
    app.clock.pass(6_000)
    while (await app.services.ticker.tick());
    await act('publish', { liveUntil: null })
    await act('withdraw')
    await act('publish')
    await act('kill', { reason: 'legal' })
    await desk.change(`${articleAt(piece.id)}/erase`, '*', { confirm: piece.id }).expect(204)
    const { data } = await changes(`&after=${page.next}`)
    expect(data.map(({ kind }: { kind: string }) => kind.replace('article.', ''))).toEqual([
      'published',
      'updated',
      'moved',
      'corrected',
      'updated',
      'expired',
      'published',
      'withdrawn',
      'published',
      'killed',
      'erased',
    ])
    expect(data[0]).toMatchObject({ subject: { kind: 'article', id: piece.id } })
    // What it was called may not be public any more.
    expect(JSON.stringify(data)).not.toMatch(/told|Told|tags|world/)
  })

  it('says nothing of the desk: neither its writes nor how many there were', async () => {
    const before = await changes()
    await draft(desk)
    const piece = await draft(desk)
    await desk.patch(articleAt(piece.id), { kicker: 'Hidden' }, '*').expect(200)
    await desk.post(RAILS, { key: 'staged', title: 'Staged', publishMode: 'staged' }).expect(201)
    await desk.put('/v1/editorial/tags/hidden', { name: 'Hidden' }).set('if-none-match', '*').expect(201)
    await desk
      .post(`${articleAt(piece.id)}/publish?dryRun=true`)
      .set('if-match', '*')
      .expect(200)
    expect(await changes()).toEqual(before)
    await published(desk)
    const after = await changes(`&after=${before.page.next}`)
    expect(after.data).toHaveLength(1)
    const number = (cursor: string) => Number(Buffer.from(cursor, 'base64url').toString().split(':')[1])
    expect(number(after.page.next) - number(before.page.next)).toBe(1)
  })

  it('gives its place always, refuses what is none, and waits where it is asked to', async () => {
    const { page } = await changes()
    expect((await changes(`&after=${page.next}`)).page.next).toBe(page.next)
    for (const query of ['after=x', 'after=cHVibGljOi0x', 'wait=31', 'wait=-1', 'wait=x'])
      await app.nobody.get(`/v1/changes?${query}`).expect(400)
    const waiting = app.nobody
      .get(`/v1/changes?after=${page.next}&wait=10`)
      .expect(200)
      .then(({ body, headers }) => ({ body, headers }))
    const { id } = await published(desk)
    const { body, headers } = await waiting
    expect(body.data).toMatchObject([{ kind: 'article.published', subject: { id } }])
    expect(headers['cache-control']).toBe('private, no-store')
    const from = performance.now()
    expect((await changes(`&after=${body.page.next}&wait=1`)).data).toEqual([])
    expect(performance.now() - from).toBeGreaterThan(900)
  })
})
