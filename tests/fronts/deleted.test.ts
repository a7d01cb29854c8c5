import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { type Desk, FRONTS, frontAt, RAILS, railAt } from '../support/builders.ts'

const clock = testClock()
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock, settings: { PAST: 'public' } })
  desk = await app.withRole('editor', 'Home desk')
  await desk.post(RAILS, { key: 'top', title: 'Top' }).expect(201)
})

const create = (key: string, title: string) => desk.post(FRONTS, { key, title, rails: [{ key: 'top' }] })
const titleOf = async (key: string, query = '') => (await app.nobody.get(`/v1/fronts/${key}${query}`)).body.title
const inMs = (by: number) => new Date(Date.parse(clock.now()) + by).toISOString()

describe('a front that was deleted', () => {
  it('is gone for everybody at once, its rails stay, and its past is still its past', async () => {
    await create('gone', 'Gone').expect(201)
    const past = inMs(0)
    await desk.delete(frontAt('gone'), 1).expect(204)
    await app.nobody.get('/v1/fronts/gone').expect(404)
    for (const path of ['/v1/fronts', FRONTS]) expect((await desk.get(path).expect(200)).text).not.toContain('"gone"')
    for (const path of ['', '/versions', '/versions/1']) await desk.get(`${frontAt('gone')}${path}`).expect(404)
    for (const write of [
      desk.patch(frontAt('gone'), { title: 'x' }, '*'),
      desk.put(frontAt('gone'), { title: 'x', rails: [] }, 2),
      desk.delete(frontAt('gone'), '*'),
      desk.change(`${frontAt('gone')}/versions/1/restore`, '*'),
    ])
      await write.expect(404)
    await desk.get(railAt('top')).expect(200)
    expect(await titleOf('gone', `?at=${past}`)).toBe('Gone')
  })

  it('and is made again goes on counting: what was read of the first does not fit the second', async () => {
    await create('again', 'The first').expect(201)
    await desk.patch(frontAt('again'), { title: 'The first, renamed' }, 1).expect(200)
    await desk.delete(frontAt('again'), 2).expect(204)
    const { body, headers } = await create('again', 'The second').expect(201)
    expect([body.version, headers.etag]).toEqual([4, '"4"'])
    for (const old of [1, 2, 3]) {
      const late = await desk.patch(frontAt('again'), { title: 'Late' }, old).expect(412)
      expect(late.body).toMatchObject({ currentVersion: 4, changed: ['title'] })
    }
    expect(await titleOf('again')).toBe('The second')
    const { data } = (await desk.get(`${frontAt('again')}/versions`).expect(200)).body
    expect(data.map(({ version, action }: { version: number; action: string }) => [version, action])).toEqual([
      [4, 'create'],
      [3, 'delete'],
      [2, 'patch'],
      [1, 'create'],
    ])
    // What was deleted can be had again.
    const back = await desk.change(`${frontAt('again')}/versions/3/restore`, 4).expect(200)
    expect(back.body).toMatchObject({ version: 5, title: 'The first, renamed', rails: [{ key: 'top', state: 'ok' }] })
  })

  it('and is made again may not have a rail of the first that is gone since', async () => {
    await desk.post(RAILS, { key: 'brief', title: 'Brief' }).expect(201)
    const rails = [{ key: 'brief' }]
    await desk.post(FRONTS, { key: 'holed', title: 'Holed', rails }).expect(201)
    await desk.delete(railAt('brief'), 1).expect(204)
    await desk.delete(frontAt('holed'), 1).expect(204)
    const { body } = await desk.post(FRONTS, { key: 'holed', title: 'Holed', rails }).expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#/rails/0/key', code: 'unknown-rail' }])
    await app.nobody.get('/v1/fronts/holed').expect(404)
  })

  it('and is made again by twenty at once is made once, whether the key is new or was used before', async () => {
    for (const before of [0, 2]) {
      const made = await Promise.all(Array.from({ length: 20 }, (_, n) => create('raced', `Desk ${n}`)))
      const won = made.filter(({ status }) => status === 201)
      const lost = made.filter(({ status }) => status === 409)
      expect([won.length, lost.length]).toEqual([1, 19])
      for (const { body } of lost) expect(body.errors).toMatchObject([{ pointer: '#/key' }])
      expect(won[0]?.body.version).toBe(before + 1)
      expect(await titleOf('raced')).toBe(won[0]?.body.title)
      await desk.delete(frontAt('raced'), before + 1).expect(204)
    }
  })

  it('and is made again by a clock that was set back is there once, as it was made last', async () => {
    await create('set-back', 'The old one').expect(201)
    clock.pass(60_000)
    await desk.delete(frontAt('set-back'), 1).expect(204)
    clock.pass(-30_000)
    await create('set-back', 'The new one').expect(201)
    const found = async () => {
      const { body } = await app.nobody.get('/v1/fronts').expect(200)
      return body.data.flatMap(({ key, title }: { key: string; title: string }) => (key === 'set-back' ? [title] : []))
    }
    expect(await found()).toEqual(['The new one'])
    clock.pass(120_000)
    expect(await found()).toEqual(['The new one'])
    expect(await titleOf('set-back')).toBe('The new one')
  })

  it('by a clock that was set back is gone all the same, and does not come back with time', async () => {
    clock.pass(60_000)
    await create('early', 'Early').expect(201)
    clock.pass(-30_000)
    await desk.delete(frontAt('early'), 1).expect(204)
    await app.nobody.get('/v1/fronts/early').expect(404)
    clock.pass(120_000)
    await app.nobody.get('/v1/fronts/early').expect(404)
  })
})

it('what is written by a clock that was set back is what readers have, though it says what was to be later', async () => {
  await create('same', 'One').expect(201)
  clock.pass(60_000)
  await desk.patch(frontAt('same'), { title: 'Two' }, 1).expect(200)
  clock.pass(-30_000)
  expect(await titleOf('same')).toBe('One')
  await desk.patch(frontAt('same'), { title: 'Two' }, 2).expect(200)
  expect(await titleOf('same')).toBe('Two')
  clock.pass(120_000)
  expect(await titleOf('same')).toBe('Two')
})

it('of two who write one version at once one is refused, and its write is nowhere', async () => {
  await create('contested', 'Start').expect(201)
  for (let version = 1; version <= 10; version++) {
    const answers = await Promise.all([
      desk.patch(frontAt('contested'), { title: `By one ${version}` }, version),
      desk.put(frontAt('contested'), { title: `By the other ${version}`, rails: [] }, version),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412])
    const [won, lost] = answers.toSorted((a, b) => a.status - b.status)
    expect(lost?.body.currentVersion).toBe(version + 1)
    expect(lost?.body.changed).toContain('title')
    expect(await titleOf('contested')).toBe(won?.body.title)
  }
  // Who takes whichever version stands is never refused, and nobody's write is lost.
  const all = await Promise.all(
    Array.from({ length: 10 }, (_, n) => desk.patch(frontAt('contested'), { title: `Any ${n}` }, '*')),
  )
  expect(all.map(({ status }) => status)).toEqual(all.map(() => 200))
  const versions = all.map(({ body }) => body.version).toSorted((a, b) => a - b)
  expect(versions).toEqual(all.map((_, n) => 12 + n))
})
