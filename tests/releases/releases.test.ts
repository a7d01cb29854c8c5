import { beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../../src/access/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import {
  articleAt,
  type Desk,
  draft,
  published,
  RAILS,
  RELEASES,
  railAt,
  release,
  releaseAt,
} from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const HOUR = 3_600_000
const inMs = (ms: number) => new Date(Date.parse(app.clock.now()) + ms).toISOString()
const article = (id: string, version?: number) => ({ kind: 'article', id, ...(version !== undefined && { version }) })
let rails = 0
async function rail(): Promise<string> {
  const key = `rail-${++rails}`
  await desk.post(RAILS, { key, title: `Rail ${rails}`, items: [{ headline: 'Old' }] }).expect(201)
  return key
}
const holding = (key: string, headline = 'New') => ({ kind: 'rail', key, items: [{ headline }] })
const schedule = (id: string, version: number | string, body: object = {}) =>
  desk.change(`${releaseAt(id)}/schedule`, version, body)
const cancel = (id: string, version: number | string) => desk.change(`${releaseAt(id)}/cancel`, version)
const headlines = async (key: string) =>
  (await app.nobody.get(`/v1/rails/${key}`).expect(200)).body.items.map(
    ({ headline }: { headline: string }) => headline,
  )
const isPublic = async (id: string) => (await app.nobody.get(`/v1/articles/${id}`)).status === 200

describe('a release', () => {
  it('is sent whole to who has the version, as its pieces and its state change without one', async () => {
    const { id } = await draft(desk)
    const { id: releaseId } = await release(desk, [article(id)])
    const known = (await desk.get(releaseAt(releaseId)).expect(200)).headers.etag ?? ''
    await desk.patch(articleAt(id), { notes: 'Changed' }, '*').expect(200)
    const { body } = await desk.get(releaseAt(releaseId)).set('if-none-match', known).expect(200)
    expect(body.items[0].hasChanged).toBe(true)
  })

  it('begins open and empty, is renamed, listed, and deleted', async () => {
    const { body, headers } = await desk.post(RELEASES, { title: 'Budget' }).expect(201)
    expect(body).toMatchObject({ title: 'Budget', state: 'open', version: 1, liveFrom: null, itemCount: 0, items: [] })
    expect([headers.location, headers.etag]).toEqual([releaseAt(body.id), '"1"'])
    const { body: renamed } = await desk.patch(releaseAt(body.id), { title: 'Budget 2027' }, 1).expect(200)
    expect(renamed).toMatchObject({ title: 'Budget 2027', version: 2 })
    expect((await desk.get(releaseAt(body.id)).expect(200)).body).toEqual(renamed)
    const { items: _items, ...summary } = renamed
    expect((await desk.get(`${RELEASES}?state=open`).expect(200)).body.data[0]).toEqual(summary)
    await desk.patch(releaseAt(body.id), { title: 'x' }, 1).expect(412)
    await desk.patch(releaseAt(body.id), { title: null }, 2).expect(422)
    await desk.patch(releaseAt(body.id), { items: [] }, 2).expect(422)
    await desk.delete(releaseAt(body.id)).expect(428)
    await desk.delete(releaseAt(body.id), 2).expect(204)
    await desk.get(releaseAt(body.id)).expect(404)
    await schedule(body.id, 2).expect(404)
  })

  it('is renamed by a JSON Patch too', async () => {
    const { id } = await release(desk)
    const rename = (operations: object[]) =>
      desk.patch(releaseAt(id), operations, '*').set('content-type', 'application/json-patch+json')
    const test = { op: 'test', path: '/title', value: 'The results' }
    const { body } = await rename([test, { op: 'replace', path: '/title', value: 'The count' }]).expect(200)
    expect(body).toMatchObject({ title: 'The count', version: 2 })
    expect((await rename([test]).expect(409)).body.code).toBe('patch-test-failed')
    const { errors } = (await rename([{ op: 'add', path: '/state', value: 'released' }]).expect(422)).body
    expect(errors[0]).toMatchObject({ pointer: '#/state', code: 'unknown-field' })
    await rename([{ op: 'remove', path: '/title' }]).expect(422)
  })

  it('is sent again to who has it by its version, for its state and that of its pieces change without one', async () => {
    const { id: articleId } = await draft(desk)
    const { id } = await release(desk, [article(articleId)])
    await desk.patch(articleAt(articleId), { kicker: 'New' }, 1).expect(200)
    const again = async () => (await desk.get(releaseAt(id)).set('if-none-match', '"1"').expect(200)).body
    expect((await again()).items[0]).toMatchObject({ hasChanged: true, currentVersion: 2 })
  })

  it('takes pieces as they were looked at, and no others', async () => {
    const { id } = await draft(desk)
    const key = await rail()
    const made = await release(desk, [article(id, 1)])
    expect(made.items).toMatchObject([{ kind: 'article', id, version: 1, hasChanged: false, state: 'draft' }])
    const add = (piece: object, version: number) => desk.change(`${releaseAt(made.id)}/items`, version, piece)
    const { body: changed } = await add({ ...holding(key), version: 7 }, 1).expect(409)
    expect(changed).toMatchObject({ code: 'piece-changed', errors: [{ pointer: '#/version', code: 'changed' }] })
    const { body } = await add({ ...holding(key), version: 1 }, 1).expect(200)
    expect(body.items[1]).toMatchObject({ kind: 'rail', key, version: 1, currentVersion: 1, isPlanned: false })
    expect((await add(holding(key), 2).expect(409)).body.code).toBe('already-exists')
    expect((await add(article(crypto.randomUUID()), 2).expect(422)).body.errors[0].pointer).toBe('#/id')
    expect((await add(holding('nowhere'), 2).expect(422)).body.errors[0].pointer).toBe('#/key')
    const other = await rail()
    const unknown = { kind: 'rail', key: other, items: [{ id: crypto.randomUUID() }] }
    expect((await add(unknown, 2).expect(422)).body.errors[0].pointer).toBe('#/items/0/id')
    const misspelt = { kind: 'article', id: crypto.randomUUID(), versoin: 1 }
    expect((await add(misspelt, 2).expect(422)).body.errors[0].didYouMean).toBe('version')
    await add({ kind: 'front', key: other }, 2).expect(422)
    await add(article(id), 1).expect(412)
    await desk.delete(`${releaseAt(made.id)}/items/rail/${other}`, 2).expect(404)
    await desk.delete(`${releaseAt(made.id)}/items/poem/${id}`, 2).expect(404)
    const { body: left } = await desk.delete(`${releaseAt(made.id)}/items/article/${id}`, 2).expect(200)
    expect(left.items.map(({ kind }: { kind: string }) => kind)).toEqual(['rail'])
    expect(await isPublic(id)).toBe(false)
  })

  it('changes all its pieces when its time comes, and nothing before', async () => {
    const fresh = await draft(desk)
    const live = await published(desk, { headline: 'Before' })
    await desk.patch(articleAt(live.id), { headline: 'After' }, 2).expect(200)
    const key = await rail()
    const made = await release(desk, [article(fresh.id), article(live.id), holding(key)])
    const liveFrom = inMs(HOUR)
    const { body } = await schedule(made.id, 1, { liveFrom }).expect(200)
    expect(body).toMatchObject({ state: 'scheduled', liveFrom, version: 2 })
    for (const each of body.items) expect(each).toMatchObject({ hasChanged: false, isPlanned: true })
    expect((await desk.get(articleAt(fresh.id))).body.scheduled).toMatchObject({ liveFrom, releaseId: made.id })
    expect((await desk.get(railAt(key))).body.scheduled).toMatchObject({ liveFrom, releaseId: made.id })
    const seen = async () => [
      await isPublic(fresh.id),
      (await app.nobody.get(`/v1/articles/${live.id}`)).body.headline,
      await headlines(key),
    ]
    expect(await seen()).toEqual([false, 'Before', ['Old']])
    app.clock.pass(HOUR)
    expect(await seen()).toEqual([true, 'After', ['New']])
    const { body: done } = await desk.get(releaseAt(made.id)).expect(200)
    expect(done.state).toBe('released')
    for (const each of done.items) expect(each).toMatchObject({ hasChanged: false, isPlanned: false })
    const listed = (await desk.get(`${RELEASES}?state=released`)).body.data.map((each: { id: string }) => each.id)
    expect(listed).toContain(made.id)
  })

  it('is final once it has come', async () => {
    const { id } = await draft(desk)
    const made = await release(desk, [article(id)])
    const { body } = await schedule(made.id, 1).expect(200)
    expect(body.state).toBe('released')
    expect(await isPublic(id)).toBe(true)
    for (const write of [
      schedule(made.id, 2, { liveFrom: inMs(HOUR) }),
      cancel(made.id, 2),
      desk.patch(releaseAt(made.id), { title: 'x' }, 2),
      desk.delete(releaseAt(made.id), 2),
      desk.change(`${releaseAt(made.id)}/items`, 2, holding(await rail())),
      desk.delete(`${releaseAt(made.id)}/items/article/${id}`, 2),
    ])
      expect((await write.expect(409)).body.code).toBe('invalid-transition')
  })

  it('shows nothing ever when it is cancelled, and can be scheduled again', async () => {
    const { id } = await draft(desk)
    const key = await rail()
    const made = await release(desk, [article(id), holding(key)])
    const liveFrom = inMs(HOUR)
    await schedule(made.id, 1, { liveFrom }).expect(200)
    const { body } = await cancel(made.id, 2).expect(200)
    expect(body).toMatchObject({ state: 'cancelled', liveFrom, version: 3 })
    for (const each of body.items) expect(each).toMatchObject({ hasChanged: false, isPlanned: false })
    await cancel(made.id, 3).expect(409)
    app.clock.pass(2 * HOUR)
    expect([await isPublic(id), await headlines(key)]).toEqual([false, ['Old']])
    await schedule(made.id, 3).expect(200)
    expect([await isPublic(id), await headlines(key)]).toEqual([true, ['New']])
  })

  it('is moved to another time as a whole', async () => {
    const { id } = await draft(desk)
    const key = await rail()
    const made = await release(desk, [article(id), holding(key)])
    await schedule(made.id, 1, { liveFrom: inMs(HOUR) }).expect(200)
    const { body } = await schedule(made.id, 2, { liveFrom: inMs(3 * HOUR) }).expect(200)
    for (const each of body.items) expect(each).toMatchObject({ hasChanged: false, isPlanned: true })
    app.clock.pass(2 * HOUR)
    expect([await isPublic(id), await headlines(key)]).toEqual([false, ['Old']])
    app.clock.pass(HOUR)
    expect([await isPublic(id), await headlines(key)]).toEqual([true, ['New']])
  })

  it('refuses pieces that have changed since, by name, unless it is told to take them', async () => {
    const one = await draft(desk)
    const two = await draft(desk, { headline: 'Not This' })
    const key = await rail()
    const made = await release(desk, [article(one.id), article(two.id), holding(key)])
    await desk.patch(articleAt(two.id), { headline: 'But This' }, 1).expect(200)
    await desk.patch(railAt(key), { title: 'Renamed' }, 1).expect(200)
    const { body } = await schedule(made.id, 1).expect(409)
    expect(body.code).toBe('piece-changed')
    expect(body.errors).toMatchObject([
      { pointer: '#/items/1', code: 'changed' },
      { pointer: '#/items/2', code: 'changed' },
    ])
    expect(body.errors[0].detail).toContain('version 2')
    expect([await isPublic(one.id), await isPublic(two.id), await headlines(key)]).toEqual([false, false, ['Old']])
    expect((await desk.get(articleAt(one.id))).body.version).toBe(1)
    await schedule(made.id, 1, { acceptChanges: true }).expect(200)
    expect((await app.nobody.get(`/v1/articles/${two.id}`)).body.headline).toBe('But This')
    expect((await app.nobody.get(`/v1/rails/${key}`)).body).toMatchObject({ title: 'Renamed' })
  })

  it('refuses what is in the trash, killed or gone, by name', async () => {
    const trashed = await draft(desk, { headline: 'In the Bin' })
    const killed = await published(desk, { headline: 'Killed Off' })
    const key = await rail()
    const made = await release(desk, [article(trashed.id), article(killed.id), holding(key)])
    await desk.delete(articleAt(trashed.id), 1).expect(200)
    await desk.change(`${articleAt(killed.id)}/kill`, 2, { reason: 'legal' }).expect(200)
    await desk.delete(railAt(key), 1).expect(204)
    const { body } = await schedule(made.id, 1, { acceptChanges: true }).expect(409)
    expect(body.errors.map(({ code }: { code: string }) => code)).toEqual(['trashed', 'killed', 'gone'])
    expect(body.detail).toContain('In the Bin')
    const fresh = await release(desk)
    await desk.change(`${releaseAt(fresh.id)}/items`, 1, article(trashed.id)).expect(409)
    const { body: shown } = await desk.get(releaseAt(made.id)).expect(200)
    expect(shown.items).toMatchObject([{ state: 'trashed' }, { state: 'killed' }, { currentVersion: null }])
  })

  it('refuses to be scheduled empty or for a time that has passed, and says which', async () => {
    const empty = await release(desk)
    await schedule(empty.id, 1).expect(409)
    const { id } = await draft(desk)
    const made = await release(desk, [article(id)])
    const { body } = await schedule(made.id, 1, { liveFrom: '2020-01-01T00:00:00Z' }).expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#/liveFrom', code: 'in-the-past' }])
    await schedule(made.id, 1, { liveFrom: '2027-02-30T00:00:00Z' }).expect(422)
    expect((await desk.get(articleAt(id))).body).toMatchObject({ version: 1, state: 'draft' })
  })

  it('has a piece for itself alone while it is scheduled', async () => {
    const { id } = await draft(desk)
    const key = await rail()
    const first = await release(desk, [article(id), holding(key)])
    const second = await release(desk, [article(id), holding(key)])
    await schedule(first.id, 1, { liveFrom: inMs(HOUR) }).expect(200)
    const { body } = await schedule(second.id, 1, { liveFrom: inMs(2 * HOUR), acceptChanges: true }).expect(409)
    expect(body.errors.map(({ code }: { code: string }) => code)).toEqual(['in-another-release', 'in-another-release'])
    for (const act of ['publish', 'unschedule'])
      expect((await desk.change(`${articleAt(id)}/${act}`, '*').expect(409)).body.detail).toContain(first.id)
    expect((await desk.delete(railAt(key), '*').expect(409)).body.detail).toContain(first.id)
    await cancel(first.id, 2).expect(200)
    await schedule(second.id, 1, { liveFrom: inMs(2 * HOUR), acceptChanges: true }).expect(200)
    await cancel(second.id, 2).expect(200)
  })

  it('that is scheduled takes pieces in and lets them go, each with its plan', async () => {
    const one = await draft(desk)
    const late = await draft(desk)
    const key = await rail()
    const made = await release(desk, [article(one.id)])
    await schedule(made.id, 1, { liveFrom: inMs(HOUR) }).expect(200)
    await desk.change(`${releaseAt(made.id)}/items`, 2, article(late.id)).expect(200)
    const { body } = await desk.change(`${releaseAt(made.id)}/items`, 3, holding(key)).expect(200)
    for (const each of body.items) expect(each).toMatchObject({ hasChanged: false, isPlanned: true })
    await desk.delete(`${releaseAt(made.id)}/items/article/${one.id}`, 4).expect(200)
    expect((await desk.get(articleAt(one.id))).body).toMatchObject({ state: 'draft', scheduled: null })
    app.clock.pass(HOUR)
    expect([await isPublic(one.id), await isPublic(late.id), await headlines(key)]).toEqual([false, true, ['New']])
  })

  it('goes on without a piece that is put in the trash, and is cancelled without it', async () => {
    const one = await draft(desk)
    const two = await draft(desk)
    const made = await release(desk, [article(one.id), article(two.id)])
    await schedule(made.id, 1, { liveFrom: inMs(HOUR) }).expect(200)
    await desk.delete(articleAt(one.id), '*').expect(200)
    const { body } = await desk.get(releaseAt(made.id)).expect(200)
    expect(body.items).toMatchObject([
      { state: 'trashed', isPlanned: false, hasChanged: true },
      { state: 'scheduled', isPlanned: true, hasChanged: false },
    ])
    await cancel(made.id, 2).expect(200)
    app.clock.pass(HOUR)
    expect([await isPublic(one.id), await isPublic(two.id)]).toEqual([false, false])
  })

  it('of two who schedule it at once one wins, and of its edits while it is scheduled none is half in it', async () => {
    for (let n = 0; n < 4; n++) {
      const one = await draft(desk, { headline: `As It Was ${n}` })
      const made = await release(desk, [article(one.id)])
      const [first, second, edit] = await Promise.all([
        schedule(made.id, 1, {}),
        schedule(made.id, 1, {}),
        desk.patch(articleAt(one.id), { headline: `As It Is ${n}`, kicker: 'Changed' }, '*'),
      ])
      expect(edit.status).toBe(200)
      const statuses = [first.status, second.status].sort()
      expect([
        [200, 412],
        [409, 409],
      ]).toContainEqual(statuses)
      if (statuses[0] !== 200) expect(await isPublic(one.id)).toBe(false)
      else {
        const { body } = await app.nobody.get(`/v1/articles/${one.id}`).expect(200)
        expect(body).toMatchObject({ headline: `As It Was ${n}`, edition: 1 })
        expect(body).not.toHaveProperty('kicker')
      }
    }
  })

  it('begins now as one: every piece at the very same instant', async () => {
    const pieces = [await draft(desk), await published(desk), await draft(desk)]
    const key = await rail()
    const made = await release(desk, [...pieces.map(({ id }) => article(id)), holding(key)])
    const { body } = await schedule(made.id, 1).expect(200)
    const { editions, listEditions } = app.db.tables
    const own = (await app.db.read.select().from(editions)).filter(({ articleId }) =>
      pieces.some(({ id }) => id === articleId),
    )
    const newest = pieces.map(({ id }) => own.filter(({ articleId }) => articleId === id).at(-1)?.liveFrom)
    const list = (await app.db.read.select().from(listEditions)).filter((each) => each.key === key).at(-1)
    expect([...newest, list?.liveFrom]).toEqual(Array.from({ length: 4 }, () => body.liveFrom))
  })

  it('tries it without doing it, and does a repeated request once', async () => {
    const { id } = await draft(desk)
    const made = await release(desk, [article(id)])
    const liveFrom = inMs(HOUR)
    const { body } = await desk.change(`${releaseAt(made.id)}/schedule?dryRun=true`, 1, { liveFrom }).expect(200)
    expect(body).toMatchObject({ state: 'scheduled', version: 2 })
    expect((await desk.get(releaseAt(made.id))).body).toEqual(made)
    const once = () => schedule(made.id, 1, { liveFrom }).set('idempotency-key', `once-${made.id}`)
    const [first, second] = [await once().expect(200), await once().expect(200)]
    expect(second.body).toEqual(first.body)
    expect(second.headers['idempotency-replayed']).toBe('true')
  })

  it('is full with a hundred pieces, and they are published together', async () => {
    const caller = { id: crypto.randomUUID(), name: 'Import', role: 'editor', scopes: roles.editor } as const
    const ids = await app.db.write(async (tx) => {
      const made: string[] = []
      for (let n = 0; n < 100; n++)
        made.push((await app.services.articles.createIn(tx, caller, { headline: `Of a hundred ${n}` })).article.id)
      return made
    })
    const made = await release(
      desk,
      ids.slice(0, 99).map((id) => article(id)),
    )
    await desk.change(`${releaseAt(made.id)}/items`, 1, article(ids[99] ?? '')).expect(200)
    const more = await desk.change(`${releaseAt(made.id)}/items`, 2, holding(await rail())).expect(422)
    expect(more.body.errors[0].code).toBe('too-big')
    await schedule(made.id, 2).expect(200)
    const { editions } = app.db.tables
    const begun = (await app.db.read.select().from(editions)).filter(({ articleId }) => ids.includes(articleId))
    expect(new Set(begun.map(({ liveFrom }) => liveFrom)).size).toBe(1)
    expect(begun).toHaveLength(100)
  })
})
