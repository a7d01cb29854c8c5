import { beforeAll, describe, expect, it } from 'vitest'
import type { EditorialFront } from '../../src/fronts/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, FRONTS, frontAt, RAILS, railAt } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor', 'Home desk')
  for (const key of ['top', 'politics', 'world']) await makeRail(key)
})

const makeRail = (key: string) =>
  desk.post(RAILS, { key, title: `The rail ${key}`, items: [{ headline: `On ${key}` }] }).expect(201)
const rails = [{ key: 'top', priority: 100 }, { key: 'politics' }, { key: 'world', priority: 10 }]
const create = async (key: string, fields: object = {}): Promise<EditorialFront> =>
  (await desk.post(FRONTS, { key, title: `The page ${key}`, rails, ...fields }).expect(201)).body
const at = async (key: string): Promise<EditorialFront> => (await desk.get(frontAt(key)).expect(200)).body
const readers = async (key: string) => (await app.nobody.get(`/v1/fronts/${key}`).expect(200)).body
const keysOf = ({ rails }: { rails: { key: string }[] }) => rails.map(({ key }) => key)
const patchJson = (key: string, operations: object[], version: number) =>
  desk.raw('patch', frontAt(key), JSON.stringify(operations), {
    'content-type': 'application/json-patch+json',
    'if-match': `"${version}"`,
  })

describe('a front', () => {
  it('is made of rails in the order of the page, and readers have it at once', async () => {
    const fields = { key: 'home', title: 'Homepage', description: 'What matters now', language: 'en', rails }
    const { body, headers } = await desk.post(FRONTS, fields).expect(201)
    expect(headers).toMatchObject({ etag: '"1"', location: frontAt('home') })
    expect(body).toEqual({
      ...fields,
      rails: [
        { key: 'top', priority: 100, state: 'ok' },
        { key: 'politics', priority: 0, state: 'ok' },
        { key: 'world', priority: 10, state: 'ok' },
      ],
      version: 1,
      updatedAt: body.updatedAt,
      updatedBy: { id: body.updatedBy.id, name: 'Home desk' },
    })
    const got = await desk.get(frontAt('home')).expect(200)
    expect([got.body, got.headers.etag]).toEqual([body, '"1"'])
    expect(keysOf(await readers('home'))).toEqual(['top', 'politics', 'world'])
  })

  it('may be empty, with the rails to come', async () => {
    const { body } = await desk.post(FRONTS, { key: 'empty', title: 'Empty' }).expect(201)
    expect(body).toMatchObject({ rails: [], description: null, language: null })
    expect(await readers('empty')).toEqual({
      key: 'empty',
      title: 'Empty',
      updatedAt: body.updatedAt,
      rails: [],
    })
  })

  it('has its key to itself, which a rail may have too', async () => {
    await create('top')
    const { body } = await desk.post(FRONTS, { key: 'top', title: 'Other' }).expect(409)
    expect(body).toMatchObject({ code: 'already-exists', errors: [{ pointer: '#/key' }] })
    expect(await at('top')).toMatchObject({ title: 'The page top', version: 1 })
  })

  it.each([
    [{ title: 'No key' }, '#/key', 'required'],
    [{ key: 'Home', title: 'x' }, '#/key', 'wrong-format'],
    [{ key: 'x'.repeat(81), title: 'x' }, '#/key', 'too-big'],
    [{ key: 'bad' }, '#/title', 'required'],
    [{ key: 'bad', title: 'x', language: 'Englisch' }, '#/language', 'invalid'],
    [{ key: 'bad', title: 'x', rails: [{ key: 'top' }, { key: 'nothing' }] }, '#/rails/1/key', 'unknown-rail'],
    [{ key: 'bad', title: 'x', rails: [...rails, { key: 'top' }] }, '#/rails/3/key', 'duplicate'],
    [{ key: 'bad', title: 'x', rails: ['top'] }, '#/rails/0', 'wrong-type'],
    [{ key: 'bad', title: 'x', rails: [{ key: 'top', priority: 101 }] }, '#/rails/0/priority', 'too-big'],
    [{ key: 'bad', title: 'x', rails: [{ key: 'top', priority: -1 }] }, '#/rails/0/priority', 'too-small'],
    [{ key: 'bad', title: 'x', rails: [{ key: 'top', priority: 1.5 }] }, '#/rails/0/priority', 'wrong-type'],
    [{ key: 'bad', title: 'x', rails: [{ key: 'top', pirority: 1 }] }, '#/rails/0/pirority', 'unknown-field'],
    [
      { key: 'bad', title: 'x', rails: Array.from({ length: 51 }, (_, n) => ({ key: `r-${n}` })) },
      '#/rails',
      'too-big',
    ],
  ])('is refused as %j', async (fields, pointer, code) => {
    const { body } = await desk.post(FRONTS, fields).expect(422)
    expect(body.errors).toMatchObject([{ pointer, code }])
    await desk.get(frontAt('bad')).expect(404)
    await app.nobody.get('/v1/fronts/bad').expect(404)
  })

  it('is not for contributors or partners to touch, nor for nobody', async () => {
    const before = await create('guarded')
    for (const [who, status] of [
      [await app.withRole('contributor'), 403],
      [await app.withRole('partner'), 403],
      [app.nobody, 401],
    ] as const) {
      await who.get(FRONTS).expect(status)
      await who.get(frontAt('guarded')).expect(status)
      await who.get(`${frontAt('guarded')}/versions`).expect(status)
      await who.post(FRONTS, { key: 'mine', title: 'Mine' }).expect(status)
      await who.put(frontAt('guarded'), { title: 'Mine', rails: [] }, 1).expect(status)
      await who.patch(frontAt('guarded'), { title: 'Mine' }, 1).expect(status)
      await who.delete(frontAt('guarded'), 1).expect(status)
      await who.change(`${frontAt('guarded')}/versions/1/restore`, 1).expect(status)
    }
    expect(await at('guarded')).toEqual(before)
  })

  it('stands in a list by key, in pages forwards and back', async () => {
    for (const n of [1, 2, 3]) await create(`page-${n}`)
    for (const path of [FRONTS, '/v1/fronts']) {
      const { body: all } = await desk.get(`${path}?limit=100`).expect(200)
      const keys = all.data.map(({ key }: { key: string }) => key)
      expect(keys).toEqual(keys.toSorted())
      const seen: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const { body }: { body: typeof all } = await desk.get(`${path}?limit=2${cursor && `&cursor=${cursor}`}`)
        seen.push(...body.data.map(({ key }: { key: string }) => key))
        const back: string | null = body.page.previous
        if (back) expect((await desk.get(`${path}?limit=2&cursor=${back}`)).body.data).toHaveLength(2)
        cursor = body.page.next
      }
      expect(seen).toEqual(keys)
      expect(keys).toEqual(expect.arrayContaining(['page-1', 'page-2', 'page-3']))
    }
    await desk.get(`${FRONTS}?cursor=nonsense`).expect(400)
  })
})

describe('changing a front', () => {
  it('replaces it whole: what is left out is emptied, the key stays', async () => {
    await create('replaced', { description: 'Old', language: 'fr' })
    const { body, headers } = await desk
      .put(frontAt('replaced'), { title: 'New', rails: [{ key: 'world' }, { key: 'top' }] }, 1)
      .expect(200)
    expect(headers.etag).toBe('"2"')
    expect(body).toMatchObject({ key: 'replaced', title: 'New', description: null, language: null, version: 2 })
    expect(body.rails).toMatchObject([
      { key: 'world', priority: 0 },
      { key: 'top', priority: 0 },
    ])
    await desk.put(frontAt('replaced'), { title: 'New' }, 2).expect(422)
    await desk.put(frontAt('replaced'), { key: 'other', title: 'New', rails: [] }, 2).expect(422)
    expect(keysOf(await readers('replaced'))).toEqual(['world', 'top'])
  })

  it('by a merge patch leaves alone what is not named, and replaces the rails as a whole', async () => {
    const before = await create('patched', { description: 'Old' })
    const { body } = await desk.patch(frontAt('patched'), { title: 'New', description: null }, 1).expect(200)
    expect(body).toMatchObject({ title: 'New', description: null, rails: before.rails, version: 2 })
    const order = { rails: [{ key: 'world', priority: 3 }, { key: 'top' }] }
    expect((await desk.patch(frontAt('patched'), order, 2).expect(200)).body).toMatchObject({ ...order, title: 'New' })
    for (const bad of [{ title: null }, { key: 'other' }, { rails: null }, { rails: [{ key: 'x' }] }, { titel: 'x' }])
      await desk.patch(frontAt('patched'), bad, 3).expect(422)
    expect((await at('patched')).version).toBe(3)
  })

  it('by a JSON Patch moves, adds, removes and weighs single rails', async () => {
    await create('moved')
    await makeRail('sport')
    const operations = [
      { op: 'test', path: '/rails/0/key', value: 'top' },
      { op: 'move', from: '/rails/0', path: '/rails/2' },
      { op: 'replace', path: '/rails/0/priority', value: 7 },
      { op: 'remove', path: '/rails/1' },
      { op: 'add', path: '/rails/-', value: { key: 'sport' } },
    ]
    const { body } = await patchJson('moved', operations, 1).expect(200)
    expect(body.rails).toMatchObject([
      { key: 'politics', priority: 7 },
      { key: 'top', priority: 100 },
      { key: 'sport', priority: 0 },
    ])
    await patchJson('moved', [{ op: 'test', path: '/rails/0/key', value: 'top' }], 2).expect(409)
    const twice = await patchJson('moved', [{ op: 'copy', from: '/rails/0', path: '/rails/-' }], 2).expect(422)
    expect(twice.body.errors).toMatchObject([{ pointer: '#/rails/3/key', code: 'duplicate' }])
    await patchJson('moved', [{ op: 'add', path: '/key', value: 'x' }], 2).expect(422)
    expect(keysOf(await readers('moved'))).toEqual(['politics', 'top', 'sport'])
  })

  it('needs the version that stands, for each kind of write, and a refusal says what has changed since', async () => {
    const before = await create('versioned')
    const writes = (version?: number | string) => [
      desk.put(frontAt('versioned'), { title: 'x', rails: [] }, version),
      desk.patch(frontAt('versioned'), { title: 'x' }, version),
      desk.delete(frontAt('versioned'), version),
    ]
    for (const write of writes()) await write.expect(428)
    for (const write of writes(2)) expect((await write.expect(412)).body.currentVersion).toBe(1)
    expect(await at('versioned')).toEqual(before)
    await desk.patch(frontAt('versioned'), { language: 'en' }, 1).expect(200)
    await desk.patch(frontAt('versioned'), { rails: [] }, '*').expect(200)
    for (const write of writes(1)) {
      const { body, headers } = await write.expect(412)
      expect(body).toMatchObject({ currentVersion: 3, changed: ['language', 'rails'] })
      expect(headers.etag).toBe('"3"')
    }
    expect((await readers('versioned')).title).toBe(before.title)
  })

  it('is not there for a front that is not', async () => {
    await desk.put(frontAt('nowhere'), { title: 'x', rails: [] }, 1).expect(404)
    await desk.patch(frontAt('nowhere'), { title: 'x' }, 1).expect(404)
    await desk.delete(frontAt('nowhere'), 1).expect(404)
    await app.nobody.get('/v1/fronts/nowhere').expect(404)
  })

  it('goes with its rails in one batch, or not at all', async () => {
    const post = (path: string, body: object) => ({ method: 'POST', path, body })
    const front = { key: 'batched', title: 'Batched', rails: [{ key: 'fresh' }] }
    const operations = [post(RAILS, { key: 'fresh', title: 'Fresh' }), post(FRONTS, front)]
    await desk.post('/v1/editorial/batch', { operations: operations.toReversed() }).expect(422)
    await desk.get(railAt('fresh')).expect(404)
    await desk.post('/v1/editorial/batch', { operations }).expect(200)
    expect(keysOf(await readers('batched'))).toEqual(['fresh'])
  })
})

describe('a rail that was deleted', () => {
  it('stays on the page as missing for the desk until it is taken away, and readers get the page without it', async () => {
    await makeRail('gone')
    await create('holed', { rails: [{ key: 'top' }, { key: 'gone', priority: 5 }, { key: 'world' }] })
    await desk.delete(railAt('gone'), '*').expect(204)
    const { rails } = await at('holed')
    expect(rails.map(({ key, state }) => [key, state])).toEqual([
      ['top', 'ok'],
      ['gone', 'missing'],
      ['world', 'ok'],
    ])
    expect(keysOf(await readers('holed'))).toEqual(['top', 'world'])
    const { body: list } = await app.nobody.get('/v1/fronts?limit=100').expect(200)
    expect(list.data.find(({ key }: { key: string }) => key === 'holed').rails).toEqual(['top', 'world'])
    // What stands there is not the caller's to answer for, wherever it is put.
    const kept = { title: 'Kept', rails: [{ key: 'gone', priority: 6 }, { key: 'top' }] }
    await desk.put(frontAt('holed'), kept, 1).expect(200)
    await patchJson('holed', [{ op: 'replace', path: '/title', value: 'Patched' }], 2).expect(200)
    expect((await at('holed')).rails).toMatchObject([{ key: 'gone', priority: 6, state: 'missing' }, { key: 'top' }])
    // Once it is taken away it is unknown like any other.
    await desk.patch(frontAt('holed'), { rails: [{ key: 'top' }] }, 3).expect(200)
    const { body } = await desk.put(frontAt('holed'), kept, 4).expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#/rails/0/key', code: 'unknown-rail' }])
    expect(keysOf(await readers('holed'))).toEqual(['top'])
  })

  it('is on the page again as soon as it is made again', async () => {
    await makeRail('back')
    await create('patient', { rails: [{ key: 'back' }, { key: 'top' }] })
    await desk.delete(railAt('back'), '*').expect(204)
    expect(keysOf(await readers('patient'))).toEqual(['top'])
    await makeRail('back')
    expect(keysOf(await readers('patient'))).toEqual(['back', 'top'])
    expect((await at('patient')).version).toBe(1)
  })

  it('tells readers nothing when the desk takes its place away: not a byte changes, nor the time', async () => {
    await makeRail('quiet')
    await create('still', { rails: [{ key: 'quiet' }, { key: 'top' }] })
    await desk.delete(railAt('quiet'), '*').expect(204)
    const seen = async () => {
      const { text, headers } = await app.nobody.get('/v1/fronts/still').expect(200)
      return [text, headers.etag]
    }
    const before = await seen()
    await desk.patch(frontAt('still'), { rails: [{ key: 'top' }] }, 1).expect(200)
    expect(await seen()).toEqual(before)
    await desk.patch(frontAt('still'), { rails: [] }, 2).expect(200)
    expect(await seen()).not.toEqual(before)
  })
})
