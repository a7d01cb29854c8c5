import { beforeAll, describe, expect, it } from 'vitest'
import type { ChangeEvent } from '../../src/events/feed-schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, FRONTS, published, RAILS } from '../support/builders.ts'

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
    expect(JSON.stringify(data)).not.toMatch(/told|Told|world/)
  })

  it('names what readers get otherwise than before, be it changed by the desk or by the clock', async () => {
    const { page } = await changes()
    const { id } = await published(desk, {
      headline: 'First',
      slug: 'first-name',
      kicker: 'Old',
      section: { name: 'Sport' },
    })
    const act = (body: object) => desk.change(`${articleAt(id)}/publish`, '*', body).expect(200)
    const edit = (body: object) => desk.patch(articleAt(id), body, '*').expect(200)
    await edit({ headline: 'Second', kicker: null, notes: 'For the desk' })
    await act({})
    await edit({ bodyMarkdown: 'Another text altogether.', section: { name: 'World' } })
    await act({ liveFrom: inMs(5_000) })
    app.clock.pass(6_000)
    while (await app.services.ticker.tick());
    await act({ kind: 'correction', text: 'Was wrong.' })
    await edit({ slug: 'second-name' })
    await act({ kind: 'minor' })
    await desk.put(`${articleAt(id)}/headlines`, { items: [{ headline: 'A link' }] }, 0).expect(200)
    const { data } = await changes(`&after=${page.next}`)
    expect(data.map(({ kind, changed }: ChangeEvent) => [kind, changed])).toEqual([
      ['article.published', undefined],
      ['article.updated', ['headline', 'kicker']],
      ['article.updated', ['body', 'section']],
      ['article.corrected', ['corrections']],
      ['article.updated', ['slug']],
      ['article.moved', ['slug']],
      ['article.updated', ['headlines']],
    ])
    expect(data.at(-2)).toMatchObject({ slug: 'second-name', formerSlug: 'first-name', sections: ['world'] })
  })

  it('gives the names by which caches take out what it is of', async () => {
    const tagged = await startApp({ settings: { CACHE_TAGS: 'surrogate-key' } })
    const admin = await tagged.withRole('admin')
    const { id } = await published(admin)
    const owner = await published(admin)
    const items = [{ target: { kind: 'article', id } }]
    await admin.put(`${articleAt(owner.id)}/headlines`, { items }, 0).expect(200)
    await admin.post(RAILS, { key: 'top', title: 'Top', items }).expect(201)
    const { page } = (await tagged.nobody.get('/v1/changes?limit=100').expect(200)).body
    await admin.patch(articleAt(id), { headline: 'Anew' }, '*').expect(200)
    await admin.change(`${articleAt(id)}/publish`, '*').expect(200)
    const { data } = (await tagged.nobody.get(`/v1/changes?after=${page.next}`).expect(200)).body
    for (const path of [`articles/${id}`, `articles/${owner.id}`, 'rails/top', 'articles']) {
      const { headers } = await tagged.nobody.get(`/v1/${path}`).expect(200)
      const names = String(headers['surrogate-key']).split(' ')
      expect(
        names.filter((name) => data[0].tags.includes(name)),
        path,
      ).not.toEqual([])
    }
  })

  it('names what readers get otherwise of rails and fronts, and nothing that they do not see', async () => {
    await desk.post(RAILS, { key: 'named', title: 'Named', items: [{ headline: 'One' }] }).expect(201)
    await desk.post(FRONTS, { key: 'named', title: 'Front', rails: [] }).expect(201)
    const { page } = await changes()
    const hidden = { target: { kind: 'article', id: (await draft(desk)).id } }
    await desk.patch(`${RAILS}/named`, { title: 'Otherwise' }, '*').expect(200)
    await desk.put(`${RAILS}/named/items`, { items: [{ headline: 'Two' }] }, '*').expect(200)
    await desk.put(`${RAILS}/named/items`, { items: [{ headline: 'Two' }, hidden] }, '*').expect(200)
    await desk.post(RAILS, { key: 'unnamed', title: 'Unseen', publishMode: 'staged', items: [] }).expect(201)
    await desk.patch(`${FRONTS}/named`, { title: 'Other', rails: [{ key: 'unnamed' }] }, '*').expect(200)
    const { data } = await changes(`&after=${page.next}`)
    expect(data.map(({ kind, changed }: ChangeEvent) => [kind, changed])).toEqual([
      ['rail.changed', ['title']],
      ['rail.changed', ['items']],
      ['front.changed', ['title']],
    ])
  })

  it('tells of a rail that is deleted that alone', async () => {
    await desk.post(RAILS, { key: 'short', title: 'Short', items: [{ headline: 'One' }] }).expect(201)
    const { page } = await changes()
    await desk.delete(`${RAILS}/short`, '*').expect(204)
    expect((await changes(`&after=${page.next}`)).data).toMatchObject([
      { kind: 'rail.deleted', tags: ['r-short', 'rails'] },
    ])
  })

  it('ends with what became of a rail, however often one batch makes and deletes it', async () => {
    const make = { method: 'POST', path: RAILS, body: { key: 'again', title: 'Again', items: [{ headline: 'One' }] } }
    const drop = { method: 'DELETE', path: `${RAILS}/again`, ifMatch: '*' }
    const lastAfter = async (operations: object[]) => {
      const { page } = await changes()
      await desk.post('/v1/editorial/batch', { operations }).expect(200)
      return (await changes(`&after=${page.next}`)).data.at(-1)?.kind
    }
    expect(await lastAfter([make, drop, make])).toBe('rail.changed')
    expect(await lastAfter([drop, make, drop])).toBe('rail.deleted')
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
