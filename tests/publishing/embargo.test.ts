import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'

const HOUR = 3_600_000
let app: TestApp
let desk: Desk
/** A partner who may read what is under embargo, and one who may not. */
let trusted: Desk
let plain: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  const admin = await app.withRole('admin')
  const key = { name: 'Wire service', role: 'partner', scopes: ['embargo:read'] }
  trusted = app.as((await admin.post('/v1/editorial/keys', key).expect(201)).body.key)
  plain = await app.withRole('partner')
})

const inMs = (by: number) => new Date(Date.parse(app.clock.now()) + by).toISOString()
const schedule = (id: string, more: object) =>
  desk.change(`${articleAt(id)}/publish`, '*', { liveFrom: inMs(HOUR), ...more }).expect(200)
const idsOf = ({ body }: { body: { data: { id: string }[] } }) => body.data.map(({ id }) => id)

describe('a piece under embargo', () => {
  it('is read before its time with the scope for it, and says until when it is held', async () => {
    const { id, slug } = await draft(desk, { headline: 'The Budget', tags: [{ name: 'Budget' }] })
    const { body } = await schedule(id, { embargo: true })
    for (const name of [id, slug]) {
      const { body: early, headers } = await trusted.get(`/v1/articles/${name}?embargoed=true`).expect(200)
      expect(early).toMatchObject({ id, headline: 'The Budget', embargoedUntil: body.scheduled.liveFrom })
      expect(headers['cache-control']).toBe('private, no-store')
    }
    expect(idsOf(await trusted.get('/v1/articles?embargoed=true&tag=budget').expect(200))).toEqual([id])
    // Who asks in the ordinary way is told what everybody is told.
    for (const reader of [trusted, plain, app.nobody, desk]) {
      await reader.get(`/v1/articles/${id}`).expect(404)
      await reader.get(`/v1/articles/${slug}`).expect(404)
      expect(idsOf(await reader.get('/v1/articles?tag=budget').expect(200))).toEqual([])
    }
    app.clock.pass(HOUR)
    const { body: now } = await trusted.get(`/v1/articles/${id}?embargoed=true`).expect(200)
    expect(now).not.toHaveProperty('embargoedUntil')
    expect(idsOf(await trusted.get('/v1/articles?embargoed=true&tag=budget').expect(200))).toEqual([])
    await app.nobody.get(`/v1/articles/${id}`).expect(200)
  })

  it('is refused to a key without the scope, and to nobody at all, whether it is there or not', async () => {
    const { id } = await draft(desk)
    await schedule(id, { embargo: true })
    for (const path of [id, crypto.randomUUID(), `${id}/headlines`]) {
      await app.nobody.get(`/v1/articles/${path}?embargoed=true`).expect(401)
      const { body } = await plain.get(`/v1/articles/${path}?embargoed=true`).expect(403)
      expect(body.scope).toBe('embargo:read')
    }
    await app.nobody.get('/v1/articles?embargoed=true').expect(401)
    await plain.get('/v1/articles?embargoed=true').expect(403)
    await trusted.get(`/v1/articles/${id}?embargoed=true&at=2026-11-22T12:00:00Z`).expect(400)
    await trusted.get(`/v1/articles/${id}?at=${inMs(2 * HOUR)}`).expect(403)
  })

  it('shows of an update what is to come, and to everybody else what is there', async () => {
    const { id, slug } = await published(desk, { headline: 'Now' })
    await desk.patch(articleAt(id), { headline: 'To Come', slug: `${slug}-to-come` }, '*').expect(200)
    await schedule(id, { embargo: true })
    expect((await trusted.get(`/v1/articles/${id}?embargoed=true`).expect(200)).body.headline).toBe('To Come')
    expect((await trusted.get(`/v1/articles/${id}`).expect(200)).body.headline).toBe('Now')
    const moved = await trusted.get(`/v1/articles/${slug}?embargoed=true`).expect(301)
    expect(moved.headers.location).toBe(`/v1/articles/${slug}-to-come?embargoed=true`)
    await trusted.get(`/v1/articles/${slug}-to-come`).expect(404)
  })

  it('is not what is merely scheduled, nor what was taken back', async () => {
    const [quiet, back] = [
      await draft(desk, { tags: [{ name: 'Quiet' }] }),
      await draft(desk, { tags: [{ name: 'Quiet' }] }),
    ]
    await schedule(quiet.id, {})
    await schedule(back.id, { embargo: true })
    await desk.change(`${articleAt(back.id)}/unschedule`, '*').expect(200)
    for (const { id } of [quiet, back]) await trusted.get(`/v1/articles/${id}?embargoed=true`).expect(404)
    expect(idsOf(await trusted.get('/v1/articles?embargoed=true&tag=quiet').expect(200))).toEqual([])
  })
})
