import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp, type TestClock, testClock } from '../support/app.ts'
import { articleAt, type Desk, FRONTS, frontAt, published, RAILS, railAt } from '../support/builders.ts'

let app: TestApp
let desk: Desk
let admin: Desk
const clock: TestClock = testClock()
beforeAll(async () => {
  app = await startApp({ clock })
  desk = await app.withRole('editor')
  admin = await app.withRole('admin')
})
const items = (...headlines: string[]) => headlines.map((headline) => ({ headline }))
const create = async (key: string, fields: object = {}) =>
  (await desk.post(RAILS, { key, title: key, publishMode: 'staged', items: items('One'), ...fields }).expect(201)).body
const write = (key: string, ...headlines: string[]) =>
  desk.put(`${railAt(key)}/items`, { items: items(...headlines) }, '*').expect(200)
const seen = async (key: string) => {
  const { status, body } = await app.nobody.get(`/v1/rails/${key}`)
  return status === 404 ? null : body.items.map(({ headline }: { headline: string }) => headline)
}
const inMs = (ms: number) => new Date(Date.parse(clock.now()) + ms).toISOString()

describe('what readers have of a rail', () => {
  it('versions of a deleted rail that was never published do not come again', async () => {
    await create('again')
    await write('again', 'Theirs') // version 2, open at somebody's desk
    await desk.delete(railAt('again'), '*').expect(204)
    await create('again')
    await write('again', 'New')
    await desk.put(`${railAt('again')}/items`, { items: items('Stale') }, 2).expect(412)
  })

  it('a draft can be discarded though a story that readers had is erased since', async () => {
    const { id } = await published(desk)
    await create('erased', { items: [{ target: { kind: 'article', id } }, { headline: 'Words' }] })
    await desk.change(`${railAt('erased')}/publish`, '*').expect(200)
    await write('erased', 'Draft')
    const w = await desk.change(`${articleAt(id)}/withdraw`, '*')
    const t = await desk.delete(articleAt(id), '*')
    const e = await admin.change(`${articleAt(id)}/erase`, '*', { confirm: id })
    expect([w.status, t.status, e.status]).toEqual([200, 200, 204])
    const answer = await desk.change(`${railAt('erased')}/discard`, '*')
    expect([answer.status, answer.body.errors]).toEqual([200, undefined])
  })

  it('a front says nothing of a rail that was never published', async () => {
    await create('shown', { publishMode: 'live' })
    await create('hidden')
    await desk.post(FRONTS, { key: 'page', title: 'Page', rails: [{ key: 'shown' }] }).expect(201)
    const before = await app.nobody.get('/v1/fronts/page')
    clock.pass(1000)
    await desk.patch(frontAt('page'), { rails: [{ key: 'shown' }, { key: 'hidden' }] }, '*').expect(200)
    const after = await app.nobody.get('/v1/fronts/page')
    expect(after.body).toEqual(before.body)
    expect(after.headers.etag).toBe(before.headers.etag)
  })

  it('a link to a rail that was never published is not seen, and the desk is told why', async () => {
    await create('secret-launch')
    const rail = await create('links', {
      publishMode: 'live',
      items: [{ headline: 'More', target: { kind: 'rail', key: 'secret-launch' } }],
    })
    expect(JSON.stringify((await app.nobody.get('/v1/rails/links')).body)).not.toContain('secret-launch')
    expect(rail.items[0].state).not.toBe('ok')
  })

  it('publishing whichever version stands never answers 412, however many write', async () => {
    await create('busy')
    const all = await Promise.all(
      Array.from({ length: 24 }, (_, n) =>
        n % 2 === 0
          ? desk.change(`${railAt('busy')}/publish`, '*')
          : desk.put(`${railAt('busy')}/items`, { items: items(`W${n}`) }, '*'),
      ),
    )
    expect(all.map(({ status }) => status)).toEqual(all.map(() => 200))
  })

  it('what has come while the desk waited is not taken back', async () => {
    await create('late')
    await desk.change(`${railAt('late')}/publish`, '*').expect(200)
    await write('late', 'Two')
    await desk.change(`${railAt('late')}/publish`, '*', { liveFrom: inMs(60_000) }).expect(200)
    let asking: Promise<{ status: number }> | undefined
    await app.db.write(async (tx) => {
      await app.services.rails.holdAllIn(tx, ['late'])
      asking ??= desk.change(`${railAt('late')}/unschedule`, '*').then((r) => r)
      await sleep(300)
      clock.pass(60_000)
      expect(await seen('late')).toEqual(['Two'])
    })
    expect([(await asking)?.status, await seen('late')]).toEqual([409, ['Two']])
  })

  it('a plan made and taken back by a clock that was set back loses nothing', async () => {
    await create('back')
    await desk.change(`${railAt('back')}/publish`, '*').expect(200)
    clock.pass(3_600_000)
    await write('back', 'Two')
    await desk.change(`${railAt('back')}/publish`, '*').expect(200)
    clock.pass(-1_800_000)
    await desk.change(`${railAt('back')}/publish`, '*', { liveFrom: inMs(60_000) }).expect(200)
    await desk.change(`${railAt('back')}/unschedule`, '*').expect(200)
    clock.pass(7_200_000)
    expect((await desk.get(railAt('back'))).body.hasChanges).toBe(false)
    expect(await seen('back')).toEqual(['Two'])
  })

  it('a plan whose instant passes while it waits does not change the past', async () => {
    await create('past')
    await desk.change(`${railAt('past')}/publish`, '*').expect(200)
    await write('past', 'Two')
    const liveFrom = inMs(60_000)
    let asking: Promise<{ status: number }> | undefined
    let between = ''
    await app.db.write(async (tx) => {
      await app.services.rails.holdAllIn(tx, ['past'])
      asking ??= desk.change(`${railAt('past')}/publish`, '*', { liveFrom }).then((r) => r)
      await sleep(300)
      clock.pass(120_000)
      between = clock.now()
      expect(await seen('past')).toEqual(['One'])
    })
    const { status } = (await asking) ?? { status: 0 }
    const then = (await desk.get(`/v1/rails/past?at=${between}`)).body
    expect([status, then.items?.map((i: { headline: string }) => i.headline)]).toEqual([422, ['One']])
  })

  it('publishing over a plan that has come meanwhile does not take it out of the past', async () => {
    await create('over')
    await desk.change(`${railAt('over')}/publish`, '*').expect(200)
    await write('over', 'Two')
    await desk.change(`${railAt('over')}/publish`, '*', { liveFrom: inMs(60_000) }).expect(200)
    await write('over', 'Three')
    let asking: Promise<{ status: number }> | undefined
    let between = ''
    await app.db.write(async (tx) => {
      await app.services.rails.holdAllIn(tx, ['over'])
      asking ??= desk.change(`${railAt('over')}/publish`, '*').then((r) => r)
      await sleep(300)
      clock.pass(60_000)
      between = clock.now()
      expect(await seen('over')).toEqual(['Two'])
    })
    expect((await asking)?.status).toBe(200)
    const then = (await desk.get(`/v1/rails/over?at=${between}`)).body
    expect(then.items.map((i: { headline: string }) => i.headline)).toEqual(['Two'])
  })

  it('an address of a rail that was deleted shows nothing of another of its key', async () => {
    await create('reused')
    const { url } = (await desk.post('/v1/editorial/previews', { railKey: 'reused' }).expect(201)).body
    await desk.delete(railAt('reused'), '*').expect(204)
    await create('reused', { items: items('Another secret') })
    const { status, text } = await app.nobody.get(new URL(url).pathname)
    expect([status, text.includes('Another secret')]).toEqual([404, false])
  })

  it('a link to a deleted rail is not seen', async () => {
    await create('gone', { publishMode: 'live' })
    await create('to-gone', {
      publishMode: 'live',
      items: [{ headline: 'More', target: { kind: 'rail', key: 'gone' } }],
    })
    await desk.delete(railAt('gone'), '*').expect(204)
    const state = (await desk.get(railAt('to-gone'))).body.items[0].state
    expect([state, (await app.nobody.get('/v1/rails/to-gone')).body.items]).toEqual(['missing', []])
  })
})
