import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, linksOf, story } from '../support/builders.ts'
import { dump } from '../support/dump.ts'
import { rounds } from '../support/rounds.ts'
import { exchange } from '../support/wire.ts'

const HOUR = 3_600_000

let app: TestApp
let desk: Desk
let admin: Desk
let keys = 0
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  admin = await app.withRole('admin')
})
const newKey = () => `key-${++keys}`
const createUnder = (key: string, body: object, who = desk) => who.post(ARTICLES, body).set('idempotency-key', key)
const headed = async (headline: string) =>
  (await desk.get(`${ARTICLES}?limit=100`)).body.data.filter((each: { headline: string }) => each.headline === headline)

describe('a request that is sent again under its key', () => {
  it('has one effect and the same answer: status, address, tag and body', async () => {
    const [key, body] = [newKey(), story()]
    const first = await createUnder(key, body).expect(201)
    expect(first.headers['idempotency-replayed']).toBeUndefined()
    const before = await dump(app.db)
    const second = await createUnder(key, body).expect(201).expect('idempotency-replayed', 'true')
    expect(second.text).toBe(first.text)
    for (const name of ['location', 'etag']) expect(second.headers[name]).toBe(first.headers[name])
    // In quotes it is the same key, and the order of members says nothing.
    const turned = Object.fromEntries(Object.entries(body).reverse())
    expect((await createUnder(`"${key}"`, turned).expect(201)).text).toBe(first.text)
    expect(await dump(app.db)).toEqual(before)
  })

  it('is answered with what was answered then, also where the article has been changed since', async () => {
    const [key, body] = [newKey(), story()]
    const first = await createUnder(key, body).expect(201)
    await desk.patch(articleAt(first.body.id), { kicker: 'Since' }, 1).expect(200)
    expect((await createUnder(key, body).expect(201)).text).toBe(first.text)
  })

  it('may be any write: replace, patch, publish, delete', async () => {
    const { id } = await draft(desk)
    const keyed = <T extends { set: (name: string, value: string) => T }>(test: T) => test.set('idempotency-key', 'k')
    const writes = [
      () => desk.put(articleAt(id), story({ headline: 'Put Once' }), 1),
      () => desk.patch(articleAt(id), { kicker: 'Patched' }, 2),
      () => desk.change(`${articleAt(id)}/publish`, 3),
      () => desk.put(linksOf(id), { items: [{ headline: 'Once' }] }, 0),
      () => desk.delete(articleAt(id), 4),
    ]
    for (const write of writes) {
      const first = await keyed(write()).expect(200)
      const second = await keyed(write()).expect(200).expect('idempotency-replayed', 'true')
      expect([second.text, second.headers.etag]).toEqual([first.text, first.headers.etag])
    }
    expect((await desk.get(articleAt(id))).body).toMatchObject({ version: 5, state: 'trashed' })
    const { body } = await desk.put(linksOf(id), { items: [] }, '*').expect(409)
    expect(body.code).toBe('invalid-transition')
  })

  it('may have no body in its answer', async () => {
    await desk.post('/v1/editorial/rails', { key: 'once', title: 'Once' }).expect(201)
    const remove = () => desk.delete('/v1/editorial/rails/once', 1).set('idempotency-key', 'gone-once')
    expect((await remove().expect(204)).headers['idempotency-replayed']).toBeUndefined()
    expect((await remove().expect(204)).headers['idempotency-replayed']).toBe('true')
  })

  it.each([2, 8])('%i times at the same moment it has one effect, and all get the same answer', async (many) => {
    for (let round = 0; round < 3 * rounds; round++) {
      const [key, body] = [newKey(), story()]
      const answers = await Promise.all(Array.from({ length: many }, () => createUnder(key, body)))
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
      expect(answers.map(({ status }) => status)).toContain(201)
      expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === undefined)).toHaveLength(1)
      expect(await headed(body.headline)).toHaveLength(1)
    }
  })

  it('two different requests under one key at the same moment: one is done, the other told', async () => {
    for (let round = 0; round < 3 * rounds; round++) {
      const key = newKey()
      const answers = await Promise.all([createUnder(key, story()), createUnder(key, story())])
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 422])
    }
  })
})

describe('the same key with something else', () => {
  it('is refused: another body, version, condition or parameter', async () => {
    const { id } = await draft(desk)
    const send = (body: object, ifMatch: number | string) =>
      desk.patch(articleAt(id), body, ifMatch).set('idempotency-key', 'one')
    await send({ kicker: 'A' }, 1).expect(200)
    const before = await dump(app.db)
    for (const [body, version] of [
      [{ kicker: 'B' }, 1],
      [{ kicker: 'A' }, 2],
      [{ kicker: 'A' }, '*'],
      [[{ op: 'add', path: '/kicker', value: 'A' }], 1],
    ] as const) {
      const test = send(body, version)
      if (Array.isArray(body)) test.set('content-type', 'application/json-patch+json')
      expect((await test.expect(422)).body.code).toBe('idempotency-key-reused')
    }
    const own = (condition: string) =>
      desk.put(articleAt('019b0f61-2c44-7d10-8a55-0a6f3f1f9bff'), story({ headline: 'Own' })).set(condition, '*')
    await own('if-none-match').set('idempotency-key', 'own').expect(201)
    expect((await own('if-match').set('idempotency-key', 'own').expect(422)).body.code).toBe('idempotency-key-reused')
    await desk
      .patch(`${articleAt(id)}?dryRun=false`, { kicker: 'A' }, 1)
      .set('idempotency-key', 'one')
      .expect(422)
    const { articles } = await dump(app.db)
    expect(articles).toHaveLength((before.articles?.length ?? 0) + 1)
  })

  it('is a key of its own for another address, method or caller', async () => {
    const [a, b] = [await draft(desk), await draft(desk)]
    const colleague = await app.withRole('editor')
    const headers = ['idempotency-key', 'shared'] as const
    await desk
      .patch(articleAt(a.id), { kicker: 'A' }, 1)
      .set(...headers)
      .expect(200)
    await desk
      .patch(articleAt(b.id), { kicker: 'A' }, 1)
      .set(...headers)
      .expect(200)
    await desk
      .put(articleAt(a.id), story(), 2)
      .set(...headers)
      .expect(200)
    const { text, headers: given } = await colleague
      .patch(articleAt(a.id), { kicker: 'A' }, 3)
      .set(...headers)
      .expect(200)
    expect(given['idempotency-replayed']).toBeUndefined()
    expect(JSON.parse(text).version).toBe(4)
  })
})

describe('a key is remembered', () => {
  it('for 24 hours, and then as if it had never been used', async () => {
    const [key, body] = [newKey(), story()]
    const first = await createUnder(key, body).expect(201)
    app.clock.pass(24 * HOUR - 60_000)
    expect((await createUnder(key, body).expect(201)).text).toBe(first.text)
    app.clock.pass(61_000)
    const second = await createUnder(key, body).expect(201)
    expect(second.body.id).not.toBe(first.body.id)
    expect((await createUnder(key, body).expect(201)).text).toBe(second.text)
    await app.services.writing.forgetOld()
    expect((await createUnder(key, body).expect(201)).text).toBe(second.text)
    app.clock.pass(25 * HOUR)
    await app.services.writing.forgetOld()
    expect((await dump(app.db)).idempotency_keys).toEqual([])
  })

  it('not where the request was refused: it can be put right and sent again', async () => {
    const key = newKey()
    const taken = await draft(desk)
    await createUnder(key, story({ slug: taken.slug })).expect(409)
    await createUnder(key, { headline: '' }).expect(422)
    await createUnder(key, story({ slug: 'put-right' })).expect(201)
    const { id } = taken
    await desk.patch(articleAt(id), { kicker: 'A' }, 9).set('idempotency-key', key).expect(412)
    await desk.patch(articleAt(id), { kicker: 'A' }, 1).set('idempotency-key', key).expect(200)
  })

  it('not for a dry run, which has no effect to be kept', async () => {
    const [key, body] = [newKey(), story()]
    await desk.post(`${ARTICLES}?dryRun=true`, body).set('idempotency-key', key).expect(201)
    const { headers } = await createUnder(key, body).expect(201)
    expect(headers['idempotency-replayed']).toBeUndefined()
  })

  it('without an answer that is a secret, which is nowhere in the database', async () => {
    const make = () =>
      admin.post('/v1/editorial/keys', { name: 'Wire', role: 'partner' }).set('idempotency-key', 'a-secret-key')
    const { body: made } = await make().expect(201)
    const stored = JSON.stringify(await dump(app.db))
    expect(stored).toContain(made.id)
    expect(stored).not.toContain(made.key)
    // Nor is the key that the client chose.
    expect(stored).not.toContain('a-secret-key')
    const { body } = await make().expect(409)
    expect(body.code).toBe('already-done')
    expect(JSON.stringify(await dump(app.db))).toBe(stored)
  })
})

describe('a key that is none', () => {
  it.each([
    ['empty', ''],
    ['empty in quotes', '""'],
    ['too long', 'k'.repeat(256)],
    ['too long in quotes', `"${'k'.repeat(256)}"`],
    ['two words', 'one two'],
    ['not closed', '"one'],
    ['a list', '"one", "two"'],
    ['with a comma', 'one,two'],
    ['not ASCII', 'cl\u00e9'],
  ])('%s: refused by the name of the field, and nothing is done', async (_name, key) => {
    const before = await dump(app.db)
    const bytes = Buffer.from(JSON.stringify(story()))
    const head = `POST ${ARTICLES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${desk.key}\r\nContent-Type: application/json\r\nContent-Length: ${bytes.length}\r\nIdempotency-Key: ${key}\r\n\r\n`
    const answer = await exchange(app.port, Buffer.concat([Buffer.from(head, 'latin1'), bytes]))
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 'malformed-request',
      errors: [{ pointer: 'Idempotency-Key', code: 'wrong-format' }],
    })
    expect(await dump(app.db)).toEqual(before)
  })

  it('two fields: refused, also where both halves look like one', async () => {
    for (const fields of [
      ['one', 'two'],
      ['one', 'one'],
      ['"one', 'two"'],
    ]) {
      const bytes = JSON.stringify(story())
      const head = fields.map((each) => `Idempotency-Key: ${each}\r\n`).join('')
      const answer = await exchange(
        app.port,
        `POST ${ARTICLES} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer ${desk.key}\r\nContent-Type: application/json\r\nContent-Length: ${bytes.length}\r\n${head}\r\n${bytes}`,
      )
      expect([answer.status, JSON.parse(answer.body).errors?.[0].pointer]).toEqual([400, 'Idempotency-Key'])
    }
  })

  it('the longest, and every character that may be in one, is taken', async () => {
    const visible = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at))
    const bare = visible.filter((each) => each !== '"' && each !== ',').join('')
    const quoted = `"${visible.map((each) => ('"\\'.includes(each) ? `\\${each}` : each)).join('')} "`
    for (const key of ['k'.repeat(255), bare, quoted]) {
      const body = story()
      const { text } = await createUnder(key, body).expect(201)
      expect((await createUnder(key, body).expect(201)).text).toBe(text)
    }
  })
})
