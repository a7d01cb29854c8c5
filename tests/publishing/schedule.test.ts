import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, linksOf, published } from '../support/builders.ts'

const HOUR = 3_600_000

/** A clock that stands where it is set, so that a boundary can be looked at from both sides. */
const clock = { ...testClock(), set: (_ms: number): void => undefined }
let ms = Date.parse('2026-11-22T12:00:00.000Z')
clock.now = () => new Date(ms).toISOString()
clock.pass = (by) => {
  ms += by
}
clock.set = (to) => {
  ms = to
}

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock })
  desk = await app.withRole('editor')
})

const inMs = (by: number) => new Date(ms + by).toISOString()
const publish = (id: string, body: object = {}) => desk.change(`${articleAt(id)}/publish`, '*', body)
const act = (id: string, name: string) => desk.change(`${articleAt(id)}/${name}`, '*')
const get = async (path: string) => (await app.nobody.get(path).expect(200)).body
const headlineOf = async (id: string) => (await get(`/v1/articles/${id}`)).headline
const stateOf = async (id: string) => (await desk.get(articleAt(id)).expect(200)).body.state

describe('what is scheduled', () => {
  it('comes at its instant, not a millisecond before, in every answer at once', async () => {
    const piece = await draft(desk, { headline: 'It Comes', tags: [{ name: 'Boundary' }] })
    const other = await published(desk)
    const items = [{ target: { kind: 'article', id: piece.id } }]
    await desk.put(linksOf(other.id), { items }, 0).expect(200)
    await desk.post('/v1/editorial/rails', { key: 'boundary', title: 'Boundary', items }).expect(201)
    const liveFrom = inMs(HOUR)
    const { body } = await publish(piece.id, { liveFrom }).expect(200)
    expect(body).toMatchObject({ state: 'scheduled', publishedAt: null, liveFrom, scheduled: { liveFrom } })
    const seen = async () => [
      (await app.nobody.get(`/v1/articles/${piece.id}`)).status === 200,
      (await app.nobody.get(`/v1/articles/${piece.slug}`)).status === 200,
      (await get('/v1/articles?tag=boundary')).data.length === 1,
      (await get(`/v1/articles/${other.id}`)).headlines.length === 1,
      (await get(`/v1/articles/${other.id}/headlines`)).data.length === 1,
      (await get('/v1/rails/boundary')).items.length === 1,
      (await get('/v1/rails')).data[0].items.length === 1,
      (await get(`/v1/resolve?path=/v1/articles/${piece.slug}`)).status === 'live',
    ]
    clock.pass(HOUR - 1)
    expect(new Set(await seen())).toEqual(new Set([false]))
    expect(await stateOf(piece.id)).toBe('scheduled')
    clock.pass(1)
    expect(new Set(await seen())).toEqual(new Set([true]))
    expect((await desk.get(articleAt(piece.id))).body).toMatchObject({ state: 'live', publishedAt: liveFrom })
    expect(await get(`/v1/articles/${piece.id}`)).toMatchObject({ publishedAt: liveFrom, updatedAt: liveFrom })
  })

  it('takes the place of what is live at its instant: the old text until then, the new one from then on', async () => {
    const { id, slug } = await published(desk, { headline: 'Old' })
    await desk.patch(articleAt(id), { headline: 'New', slug: `${slug}-new` }, '*').expect(200)
    const { body } = await publish(id, { liveFrom: inMs(HOUR) }).expect(200)
    expect(body).toMatchObject({ state: 'liveWithChanges', edition: 2 })
    clock.pass(HOUR - 1)
    expect(await headlineOf(id)).toBe('Old')
    await app.nobody.get(`/v1/articles/${slug}-new`).expect(404)
    clock.pass(1)
    expect(await headlineOf(id)).toBe('New')
    expect((await app.nobody.get(`/v1/articles/${slug}`).expect(301)).headers.location).toBe(`/v1/articles/${slug}-new`)
    expect(await stateOf(id)).toBe('live')
  })

  it('says what it said when it was scheduled, until it is published anew', async () => {
    const { id } = await draft(desk, { headline: 'As Scheduled' })
    await publish(id, { liveFrom: inMs(HOUR) }).expect(200)
    await desk.patch(articleAt(id), { headline: 'Written Later' }, '*').expect(200)
    expect(await stateOf(id)).toBe('scheduled')
    clock.pass(HOUR)
    expect(await headlineOf(id)).toBe('As Scheduled')
    expect(await stateOf(id)).toBe('liveWithChanges')
    await publish(id).expect(200)
    expect(await headlineOf(id)).toBe('Written Later')
  })

  it('gives way to what is scheduled after it: sooner, later or now', async () => {
    for (const anew of [HOUR / 2, 2 * HOUR, 0]) {
      const { id } = await draft(desk, { headline: 'First Plan' })
      await publish(id, { liveFrom: inMs(HOUR), liveUntil: inMs(90 * 60_000) }).expect(200)
      await desk.patch(articleAt(id), { headline: 'Second Plan' }, '*').expect(200)
      const none = { liveUntil: null }
      const { body } = await publish(id, anew === 0 ? none : { liveFrom: inMs(anew), ...none }).expect(200)
      // The number of the first plan, which nobody has seen.
      expect(body.edition).toBe(1)
      const first = await app.nobody.get(`/v1/articles/${id}`)
      expect(first.status).toBe(anew === 0 ? 200 : 404)
      clock.pass(anew)
      expect(await get(`/v1/articles/${id}`)).toMatchObject({ headline: 'Second Plan', publishedAt: inMs(0) })
      // The end of the plan that gave way is not an end of this one.
      clock.pass(3 * HOUR)
      expect(await headlineOf(id)).toBe('Second Plan')
    }
  })

  it('keeps the end that stands where nothing is said of one, and loses it where it is said', async () => {
    const { id } = await draft(desk)
    const liveUntil = inMs(3 * HOUR)
    await publish(id, { liveUntil }).expect(200)
    const mended = await publish(id, { kind: 'minor' }).expect(200)
    expect(mended.body.liveUntil).toBe(liveUntil)
    const later = await publish(id, { liveFrom: inMs(HOUR) }).expect(200)
    expect(later.body.scheduled.liveUntil).toBe(liveUntil)
    // After the end there is none to keep.
    const after = await publish(id, { liveFrom: inMs(5 * HOUR) }).expect(200)
    expect(after.body.scheduled.liveUntil).toBeNull()
    await act(id, 'unschedule').expect(200)
    const open = await publish(id, { liveUntil: null }).expect(200)
    expect(open.body.liveUntil).toBeNull()
  })

  it('is taken back as if it had never been planned, and its slug with it', async () => {
    const { id, slug } = await draft(desk)
    await publish(id, { liveFrom: inMs(HOUR) }).expect(200)
    await desk.patch(articleAt(id), { slug: `${slug}-moved` }, '*').expect(200)
    const { body } = await act(id, 'unschedule').expect(200)
    expect(body).toMatchObject({ state: 'draft', scheduled: null, publishedAt: null, liveFrom: null })
    await draft(desk, { slug })
    clock.pass(2 * HOUR)
    for (const name of [id, slug, `${slug}-moved`]) await app.nobody.get(`/v1/articles/${name}`).expect(404)
    expect((await act(id, 'unschedule').expect(409)).body.code).toBe('invalid-transition')
  })

  it('leaves what is live as it was published for, once it is taken back', async () => {
    const { id } = await draft(desk, { headline: 'Until Four' })
    await publish(id, { liveUntil: inMs(4 * HOUR) }).expect(200)
    await desk.patch(articleAt(id), { headline: 'Not Now' }, '*').expect(200)
    await publish(id, { liveFrom: inMs(2 * HOUR) }).expect(200)
    await act(id, 'unschedule').expect(200)
    clock.pass(4 * HOUR - 1)
    expect(await headlineOf(id)).toBe('Until Four')
    clock.pass(1)
    await app.nobody.get(`/v1/articles/${id}`).expect(404)
    expect(await stateOf(id)).toBe('withdrawn')
  })

  it('goes with the article that is withdrawn or put in the trash', async () => {
    for (const leave of [(id: string) => act(id, 'withdraw'), (id: string) => desk.delete(articleAt(id), '*')]) {
      const { id } = await published(desk)
      await publish(id, { liveFrom: inMs(HOUR) }).expect(200)
      expect((await leave(id).expect(200)).body.scheduled).toBeNull()
      clock.pass(2 * HOUR)
      await app.nobody.get(`/v1/articles/${id}`).expect(404)
    }
    const { id } = await draft(desk)
    await publish(id, { liveFrom: inMs(HOUR) }).expect(200)
    expect((await act(id, 'withdraw').expect(409)).body.detail).toContain('Unschedule')
  })
})

describe('what expires', () => {
  it('is there until the millisecond before its end, and gone from every answer at its end', async () => {
    const { id } = await draft(desk, { tags: [{ name: 'Ends' }] })
    const liveUntil = inMs(HOUR)
    expect((await publish(id, { liveUntil }).expect(200)).body).toMatchObject({ state: 'live', liveUntil })
    clock.pass(HOUR - 1)
    await get(`/v1/articles/${id}`)
    expect((await get('/v1/articles?tag=ends')).data).toHaveLength(1)
    clock.pass(1)
    await app.nobody.get(`/v1/articles/${id}`).expect(404)
    expect((await get('/v1/articles?tag=ends')).data).toEqual([])
    expect(await stateOf(id)).toBe('withdrawn')
    await publish(id).expect(200)
    await get(`/v1/articles/${id}`)
  })

  it('leaves a gap where what is scheduled comes later than its end', async () => {
    const { id } = await draft(desk)
    await publish(id, { liveUntil: inMs(HOUR) }).expect(200)
    await publish(id, { liveFrom: inMs(2 * HOUR) }).expect(200)
    const at = async () => [await stateOf(id), (await app.nobody.get(`/v1/articles/${id}`)).status]
    expect(await at()).toEqual(['live', 200])
    clock.pass(HOUR)
    expect(await at()).toEqual(['scheduled', 404])
    clock.pass(HOUR)
    expect(await at()).toEqual(['live', 200])
  })
})

describe('times that cannot be meant are refused, and the field is named', () => {
  const cases: [string, () => object, string][] = [
    ['a beginning that has passed', () => ({ liveFrom: inMs(-1) }), '#/liveFrom'],
    ['a beginning that is now', () => ({ liveFrom: inMs(0) }), '#/liveFrom'],
    ['an end that has passed', () => ({ liveUntil: inMs(0) }), '#/liveUntil'],
    ['an end at the beginning', () => ({ liveFrom: inMs(HOUR), liveUntil: inMs(HOUR) }), '#/liveUntil'],
    ['an end before the beginning', () => ({ liveFrom: inMs(HOUR), liveUntil: inMs(HOUR - 1) }), '#/liveUntil'],
    ['30 February', () => ({ liveFrom: '2027-02-30T06:00:00Z' }), '#/liveFrom'],
    ['29 February of a common year', () => ({ liveUntil: '2027-02-29T06:00:00Z' }), '#/liveUntil'],
    ['24:00', () => ({ liveFrom: '2027-01-01T24:00:00Z' }), '#/liveFrom'],
    ['a leap second', () => ({ liveFrom: '2027-06-30T23:59:60Z' }), '#/liveFrom'],
    ['a time without an offset', () => ({ liveFrom: '2027-01-01T06:00:00' }), '#/liveFrom'],
    ['less than a millisecond', () => ({ liveFrom: '2027-01-01T06:00:00.0001Z' }), '#/liveFrom'],
    ['a day alone', () => ({ liveFrom: '2027-01-01' }), '#/liveFrom'],
    ['a number', () => ({ liveFrom: 1_800_000_000 }), '#/liveFrom'],
    ['a year beyond the last', () => ({ liveUntil: '9999-06-01T00:00:00Z' }), '#/liveUntil'],
    ['an embargo without its end', () => ({ embargo: true }), '#/embargo'],
    ['a correction without its text', () => ({ kind: 'correction' }), '#/text'],
    ['a text without a correction', () => ({ text: 'Wrong.' }), '#/text'],
  ]
  it.each(cases)('%s', async (_name, body, pointer) => {
    const before = await draft(desk)
    const { body: problem } = await publish(before.id, body()).expect(422)
    expect(problem.errors.map((each: { pointer: string }) => each.pointer)).toEqual([pointer])
    expect((await desk.get(articleAt(before.id))).body).toEqual(before)
  })
})

it('the hour that comes twice is two hours: the offset tells them apart', async () => {
  clock.set(Date.parse('2026-10-25T00:00:00.000Z'))
  const scheduled = async (liveFrom: string) => {
    const { id } = await draft(desk)
    return (await publish(id, { liveFrom }).expect(200)).body.scheduled.liveFrom
  }
  expect(await scheduled('2026-10-25T02:30:00+02:00')).toBe('2026-10-25T00:30:00.000Z')
  expect(await scheduled('2026-10-25T02:30:00+01:00')).toBe('2026-10-25T01:30:00.000Z')
  expect(await scheduled('2026-10-25T23:30:00-05:30')).toBe('2026-10-26T05:00:00.000Z')
})

it('a new article that is to be published at once is not published later by its own account', async () => {
  await desk.post(ARTICLES, { headline: 'x', publish: { liveFrom: inMs(HOUR) } }).expect(422)
})
