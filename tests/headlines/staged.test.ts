import { beforeAll, describe, expect, it } from 'vitest'
import type { EditorialRail } from '../../src/headlines/schema.ts'
import { startApp, type TestApp, type TestClock, testClock } from '../support/app.ts'
import {
  ARTICLES,
  articleAt,
  type Desk,
  draft,
  published,
  RAILS,
  railAt,
  release,
  releaseAt,
} from '../support/builders.ts'

let app: TestApp
let desk: Desk
const clock: TestClock = testClock()
beforeAll(async () => {
  app = await startApp({ clock })
  desk = await app.withRole('editor')
})

const items = (...headlines: string[]) => headlines.map((headline) => ({ headline }))
const create = async (key: string, fields: object = {}): Promise<EditorialRail> =>
  (await desk.post(RAILS, { key, title: key, publishMode: 'staged', items: items('One'), ...fields }).expect(201)).body
const change = async (key: string, verb: string, body?: object, status = 200) =>
  (await desk.change(`${railAt(key)}/${verb}`, '*', body).expect(status)).body
const write = (key: string, ...headlines: string[]) =>
  desk.put(`${railAt(key)}/items`, { items: items(...headlines) }, '*').expect(200)
const look = async (key: string): Promise<EditorialRail> => (await desk.get(railAt(key)).expect(200)).body
const headlinesOf = ({ items }: { items: { headline: string | null }[] }) => items.map(({ headline }) => headline)
/** What readers get; null where they find nothing. */
async function seen(key: string, query = '', as: Pick<Desk, 'get'> = app.nobody): Promise<(string | null)[] | null> {
  const { status, body } = await as.get(`/v1/rails/${key}${query}`)
  return status === 404 ? null : headlinesOf(body)
}
const inMs = (ms: number) => new Date(Date.parse(clock.now()) + ms).toISOString()

describe('a staged rail', () => {
  it('is seen by nobody until it is published, and then as it was then', async () => {
    expect(await create('first')).toMatchObject({ publishMode: 'staged', publishedVersion: null, hasChanges: true })
    expect(await seen('first')).toBeNull()
    expect((await app.nobody.get('/v1/rails')).body.data.map(({ key }: { key: string }) => key)).not.toContain('first')
    const body = await change('first', 'publish')
    expect(body).toMatchObject({ version: 2, publishedVersion: 1, hasChanges: false })
    const { updatedAt } = (await app.nobody.get('/v1/rails/first')).body
    clock.pass(1_000)
    await write('first', 'Two', 'One')
    await desk.patch(railAt('first'), { title: 'Another name' }, '*').expect(200)
    const rail = (await app.nobody.get('/v1/rails/first')).body
    expect([rail.title, headlinesOf(rail), rail.updatedAt]).toEqual(['first', ['One'], updatedAt])
    expect(await look('first')).toMatchObject({
      version: 4,
      publishedVersion: 1,
      hasChanges: true,
      title: 'Another name',
    })
    await change('first', 'publish')
    const next = (await app.nobody.get('/v1/rails/first')).body
    expect([next.title, headlinesOf(next)]).toEqual(['Another name', ['Two', 'One']])
    expect(next.updatedAt > updatedAt).toBe(true)
  })

  it('can be published only by who has seen its present version', async () => {
    await create('guarded')
    await write('guarded', 'Two')
    await desk.change(`${railAt('guarded')}/publish`, 1).expect(412)
    await desk.post(`${railAt('guarded')}/publish`).expect(428)
    expect(await seen('guarded')).toBeNull()
    await desk.change(`${railAt('guarded')}/publish`, 2).expect(200)
    await desk.change(`${railAt('guarded')}/discard`, 2).expect(412)
    expect(await seen('guarded')).toEqual(['Two'])
  })

  it('goes back to what readers have when its draft is discarded, and keeps the draft in its history', async () => {
    await create('discarded')
    const nothing = await change('discarded', 'discard', undefined, 409)
    expect(nothing.detail).toContain('never been published')
    await change('discarded', 'publish')
    await write('discarded', 'Two', 'Three')
    const back = await change('discarded', 'discard')
    expect([headlinesOf(back), back.hasChanges]).toEqual([['One'], false])
    expect(headlinesOf((await desk.get(`${railAt('discarded')}/versions/3`)).body)).toEqual(['Two', 'Three'])
    await desk.change(`${railAt('discarded')}/versions/3/restore`, '*').expect(200)
    expect([headlinesOf(await look('discarded')), await seen('discarded')]).toEqual([['Two', 'Three'], ['One']])
  })

  it('keeps the item ids that readers know when it is written and published', async () => {
    const [one] = (await create('ids')).items
    await change('ids', 'publish')
    await write('ids', 'Zero', 'One')
    await change('ids', 'publish')
    expect((await app.nobody.get('/v1/rails/ids')).body.items[1].id).toBe(one?.id)
  })
})

describe('a planned publication of a staged rail', () => {
  it('comes exactly at its instant with the draft of then, whatever is written until then', async () => {
    await create('planned')
    await change('planned', 'publish')
    await write('planned', 'Two')
    const liveFrom = inMs(60_000)
    const { scheduled, version } = await change('planned', 'publish', { liveFrom })
    expect(scheduled).toEqual({ liveFrom, version, releaseId: null })
    await write('planned', 'Three')
    const editor = await app.withRole('editor')
    expect(await seen('planned', `?at=${liveFrom}`, editor)).toEqual(['Two'])
    expect((await desk.get('/v1/editorial/schedule')).body.data).toContainEqual(
      expect.objectContaining({ at: liveFrom, kind: 'railChange', railKey: 'planned' }),
    )
    expect(await seen('planned')).toEqual(['One'])
    clock.pass(60_000)
    expect(await seen('planned')).toEqual(['Two'])
    expect(headlinesOf(await look('planned'))).toEqual(['Three'])
    expect(await look('planned')).toMatchObject({ scheduled: null, publishedVersion: version, hasChanges: true })
    await app.services.ticker.tick()
    expect(await seen('planned')).toEqual(['Two'])
    expect(await look('planned')).toMatchObject({ scheduled: null, publishedVersion: version, hasChanges: true })
    const { body } = await desk.get(`${railAt('planned')}/versions`)
    expect(body.data[0]).toMatchObject({ action: 'go-live', isPlan: false })
    await change('planned', 'publish')
    expect(await seen('planned')).toEqual(['Three'])
  })

  it('is taken back without a trace, gives way to another one, and to a publication at once', async () => {
    await create('moved')
    await change('moved', 'unschedule', undefined, 409)
    await change('moved', 'publish', { liveFrom: inMs(10_000) })
    expect((await change('moved', 'unschedule')).scheduled).toBeNull()
    clock.pass(20_000)
    expect(await seen('moved')).toBeNull()
    await change('moved', 'publish', { liveFrom: inMs(10_000) })
    await write('moved', 'Two')
    await change('moved', 'publish', { liveFrom: inMs(20_000) })
    clock.pass(10_000)
    expect(await seen('moved')).toBeNull()
    await write('moved', 'Three')
    expect((await change('moved', 'publish')).scheduled).toBeNull()
    expect(await seen('moved')).toEqual(['Three'])
    clock.pass(20_000)
    expect(await seen('moved')).toEqual(['Three'])
  })

  it('is refused for an instant that has passed, by the field', async () => {
    await create('late')
    const { errors } = await change('late', 'publish', { liveFrom: inMs(-1_000) }, 422)
    expect(errors).toMatchObject([{ pointer: '#/liveFrom', code: 'in-the-past' }])
    expect(await seen('late')).toBeNull()
  })

  it('stands in the way of deleting the rail and of changing its mode', async () => {
    await create('busy')
    await change('busy', 'publish')
    await change('busy', 'publish', { liveFrom: inMs(10_000) })
    await desk.delete(railAt('busy'), '*').expect(409)
    await desk.patch(railAt('busy'), { publishMode: 'live' }, '*').expect(409)
    await change('busy', 'unschedule')
    await desk.delete(railAt('busy'), '*').expect(204)
    expect(await seen('busy')).toBeNull()
  })
})

it('a rail that is deleted and made again goes on with its versions, so that nobody overwrites it by an old one', async () => {
  await desk.post(RAILS, { key: 'remade', title: 'Old', items: items('One') }).expect(201)
  await write('remade', 'Two')
  await desk.delete(railAt('remade'), 2).expect(204)
  const { body, headers } = await desk.post(RAILS, { key: 'remade', title: 'New' }).expect(201)
  expect([body.version, headers.etag]).toEqual([4, '"4"'])
  for (const old of [1, 2, 3]) await desk.put(`${railAt('remade')}/items`, { items: [] }, old).expect(412)
  await write('remade', 'Three')
  expect([await seen('remade'), (await look('remade')).version]).toEqual([['Three'], 5])
  expect((await desk.get(`${railAt('remade')}/versions`)).body.data).toHaveLength(2)
})

describe('the mode of a rail', () => {
  it('is live unless somebody says otherwise, and then there is nothing to publish', async () => {
    await desk.post(RAILS, { key: 'open', title: 'Open', items: items('One') }).expect(201)
    expect(await look('open')).toMatchObject({ publishMode: 'live', publishedVersion: 1, hasChanges: false })
    expect((await change('open', 'publish', undefined, 409)).detail).toContain('publishMode')
    await change('open', 'discard', undefined, 409)
  })

  it('can become staged: what is public stays, and what comes in the same write waits', async () => {
    await desk.post(RAILS, { key: 'turned', title: 'Turned', items: items('One') }).expect(201)
    const body = { title: 'New', publishMode: 'staged', items: items('Two') }
    await desk.put(railAt('turned'), body, 1).expect(200)
    expect([await seen('turned'), headlinesOf(await look('turned'))]).toEqual([['One'], ['Two']])
    expect((await change('turned', 'discard')).title).toBe('Turned')
  })

  it('never changes by the way: left out it stays, and an unpublished draft keeps the rail from becoming live', async () => {
    await create('kept')
    await desk.put(railAt('kept'), { title: 'Kept', items: items('Two') }, '*').expect(200)
    expect(await look('kept')).toMatchObject({ publishMode: 'staged' })
    for (const _ of ['never published', 'changed since']) {
      await desk.patch(railAt('kept'), { publishMode: 'live' }, '*').expect(409)
      await change('kept', 'publish')
      await write('kept', 'Three')
    }
    expect(await seen('kept')).toEqual(['Three'])
  })

  it('becomes live once everything is published; from then on each write is public at once', async () => {
    await create('opened')
    await change('opened', 'publish')
    const { body } = await desk
      .patch(railAt('opened'), [{ op: 'replace', path: '/publishMode', value: 'live' }], '*')
      .set('content-type', 'application/json-patch+json')
      .expect(200)
    expect(body).toMatchObject({ publishMode: 'live', hasChanges: false })
    await write('opened', 'Two')
    expect(await seen('opened')).toEqual(['Two'])
  })
})

describe('a release with a staged rail', () => {
  it('publishes its draft together with the other pieces, and takes no items for it', async () => {
    const { id } = await draft(desk)
    await create('released')
    const { errors } = (
      await desk
        .post('/v1/editorial/releases', {
          title: 'x',
          items: [{ kind: 'rail', key: 'released', items: items('Other') }],
        })
        .expect(422)
    ).body
    expect(errors).toMatchObject([{ pointer: '#/items/0/items', code: 'not-allowed' }])
    const made = await release(desk, [
      { kind: 'article', id },
      { kind: 'rail', key: 'released' },
    ])
    await desk.change(`${releaseAt(made.id)}/schedule`, '*', { liveFrom: inMs(5_000) }).expect(200)
    await change('released', 'publish', undefined, 409)
    await change('released', 'unschedule', undefined, 409)
    await write('released', 'Later')
    clock.pass(4_999 - 1_000)
    expect(await seen('released')).toBeNull()
    clock.pass(2_000)
    expect([await seen('released'), (await app.nobody.get(`/v1/articles/${id}`)).status]).toEqual([['One'], 200])
    expect(await look('released')).toMatchObject({ hasChanges: true, scheduled: null })
  })

  it('needs the items of a live one, and can be cancelled', async () => {
    await desk.post(RAILS, { key: 'plain', title: 'Plain' }).expect(201)
    const asked = { title: 'x', items: [{ kind: 'rail', key: 'plain' }] }
    const { errors } = (await desk.post('/v1/editorial/releases', asked).expect(422)).body
    expect(errors).toMatchObject([{ pointer: '#/items/0/items', code: 'required' }])
    await create('cancelled')
    const made = await release(desk, [{ kind: 'rail', key: 'cancelled' }])
    await desk.change(`${releaseAt(made.id)}/schedule`, '*', { liveFrom: inMs(5_000) }).expect(200)
    await desk.change(`${releaseAt(made.id)}/cancel`, '*').expect(200)
    clock.pass(10_000)
    expect(await seen('cancelled')).toBeNull()
    const now = await release(desk, [{ kind: 'rail', key: 'cancelled' }])
    await desk.change(`${releaseAt(now.id)}/schedule`, '*', {}).expect(200)
    expect(await seen('cancelled')).toEqual(['One'])
  })
})

describe('a pending headline of a staged rail', () => {
  it('gets its story where readers see it, in the draft and in what is planned', async () => {
    const headline = 'Staged Ferry Service Resumes'
    await create('waiting', { items: items(headline) })
    await change('waiting', 'publish')
    await write('waiting', 'Before', headline)
    await change('waiting', 'publish', { liveFrom: inMs(10_000) })
    await write('waiting', 'Now', 'Before', headline)
    const { id, slug } = await published(desk, { headline })
    const targetOf = async () => (await app.nobody.get('/v1/rails/waiting')).body.items.at(-1).target
    expect(await targetOf()).toEqual({ kind: 'article', id, slug })
    expect((await look('waiting')).items.at(-1)?.target).toEqual({ kind: 'article', id })
    expect(await seen('waiting')).toEqual([headline])
    clock.pass(10_000)
    expect([await seen('waiting'), await targetOf()]).toEqual([['Before', headline], { kind: 'article', id, slug }])
  })

  it('gets it also where the draft has it no more, and the draft stays as it is', async () => {
    const headline = 'Staged Harbour Bridge Opens'
    await create('only-readers', { items: items(headline) })
    await change('only-readers', 'publish')
    await write('only-readers', 'Something else')
    const { id } = await published(desk, { headline })
    expect((await app.nobody.get('/v1/rails/only-readers')).body.items[0].target.id).toBe(id)
    expect(headlinesOf(await look('only-readers'))).toEqual(['Something else'])
    await change('only-readers', 'discard')
    expect((await look('only-readers')).items[0]?.target).toEqual({ kind: 'article', id })
  })
})

it('a story that is withdrawn leaves a staged rail at once, without anybody publishing', async () => {
  const { id, headline } = await published(desk)
  await create('leaves', { items: [{ target: { kind: 'article', id } }, ...items('Stays')] })
  await change('leaves', 'publish')
  expect(await seen('leaves')).toEqual([headline, 'Stays'])
  await desk.change(`${articleAt(id)}/withdraw`, '*').expect(200)
  expect(await seen('leaves')).toEqual(['Stays'])
  await desk.get(ARTICLES).expect(200)
})
