import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, linksOf, published, story } from '../support/builders.ts'
import { dump } from '../support/dump.ts'

const BATCH = '/v1/editorial/batch'
const RAILS = '/v1/editorial/rails'
const OWN = '019b0f61-2c44-7d10-8a55-0000000000'

let app: TestApp
let desk: Desk
let admin: Desk
let contributor: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  admin = await app.withRole('admin')
  contributor = await app.withRole('contributor')
})

interface Operation {
  method: string
  path: string
  ifMatch?: number | string
  ifNoneMatch?: '*'
  body?: unknown
}
const post = (path: string, body?: unknown, ifMatch?: number | string): Operation => ({
  method: 'POST',
  path,
  ...(body !== undefined && { body }),
  ...(ifMatch !== undefined && { ifMatch }),
})
const patch = (id: string, ifMatch: number | string, body: unknown): Operation => ({
  method: 'PATCH',
  path: articleAt(id),
  ifMatch,
  body,
})
const send = (who: Desk, operations: unknown[], query = '') => who.post(`${BATCH}${query}`, { operations })

/** Sends a batch that must be refused, and looks at all tables for what it has done. */
async function refused(status: number, operations: unknown[], who = desk) {
  const before = await dump(app.db)
  const { body, headers } = await send(who, operations).expect(status)
  expect(await dump(app.db)).toEqual(before)
  return { ...body, headers }
}

describe('a batch does all its writes, in order', () => {
  it('each sees what the one before has done, and answers what it would answer alone', async () => {
    const id = `${OWN}01`
    const { body, headers } = await send(desk, [
      { method: 'PUT', path: articleAt(id), ifNoneMatch: '*', body: story({ headline: 'A New Bridge' }) },
      patch(id, 1, { kicker: 'Transport' }),
      post(`${articleAt(id)}/publish`, undefined, '"2"'),
      { method: 'PUT', path: linksOf(id), ifMatch: 0, body: { items: [{ headline: 'The Old Bridge' }] } },
      post(RAILS, { key: 'bridges', title: 'Bridges', items: [{ target: { kind: 'article', id } }] }),
      { method: 'DELETE', path: `${RAILS}/bridges`, ifMatch: '*' },
    ]).expect(200)
    expect(headers.etag).toBeUndefined()
    const results = body.results as { status: number; headers: Record<string, string>; body?: object }[]
    expect(results.map(({ status, headers }) => [status, headers.etag, headers.location])).toEqual([
      [201, '"1"', articleAt(id)],
      [200, '"2"', undefined],
      [200, '"3"', undefined],
      [200, '"1"', undefined],
      [201, '"1"', `${RAILS}/bridges`],
      [204, undefined, undefined],
    ])
    expect(results[2]?.body).toEqual((await desk.get(articleAt(id)).expect(200)).body)
    expect(results[3]?.body).toEqual((await desk.get(linksOf(id)).expect(200)).body)
    expect(results[5]).not.toHaveProperty('body')
    expect((await app.nobody.get(`/v1/articles/${id}`).expect(200)).body.kicker).toBe('Transport')
  })

  it('a list as the body of a PATCH is a JSON Patch', async () => {
    const { id } = await draft(desk)
    const operations = [{ op: 'add', path: '/tags/0', value: { name: 'Rivers' } }]
    const { body } = await send(desk, [patch(id, 1, operations)]).expect(200)
    expect(body.results[0].body.tags).toEqual([{ name: 'Rivers', slug: 'rivers' }])
  })

  it('readers get the text that the batch has brought, whichever write brought it last', async () => {
    const id = `${OWN}02`
    await send(desk, [
      { method: 'PUT', path: articleAt(id), ifNoneMatch: '*', body: story({ bodyText: 'The first text.' }) },
      post(`${articleAt(id)}/publish`, undefined, 1),
      patch(id, 2, { bodyText: 'The second text.' }),
      patch(id, 3, { kicker: 'A' }),
      post(`${articleAt(id)}/publish`, undefined, 4),
      patch(id, 5, [{ op: 'replace', path: '/body/0/children/0/text', value: 'The third text.' }]),
    ]).expect(200)
    const read = async () => (await app.nobody.get(`/v1/articles/${id}?body=text,blocks`)).body
    expect(await read()).toMatchObject({ bodyText: 'The second text.', kicker: 'A', edition: 2 })
    await send(desk, [
      patch(id, 6, [{ op: 'add', path: '/notes', value: 'N' }]),
      post(`${articleAt(id)}/publish`, undefined, 7),
    ]).expect(200)
    expect(await read()).toMatchObject({ bodyText: 'The third text.', edition: 3 })
  })

  it('leaves a row in the audit for each write, all with the id of the one request', async () => {
    const { id } = await draft(desk)
    await send(desk, [patch(id, 1, { kicker: 'A' }), post(`${articleAt(id)}/publish`, undefined, 2)])
      .set('x-request-id', 'one-batch')
      .expect(200)
    const { audit } = app.db.tables
    const rows = (await app.db.read.select().from(audit)).filter(({ requestId }) => requestId === 'one-batch')
    expect(rows.map(({ action, subjectId, version }) => [action, subjectId, version])).toEqual([
      ['patchArticle', id, 2],
      ['publishArticle', id, 3],
    ])
  })

  it('takes a hundred writes, and no more and not none', async () => {
    const hundred = Array.from({ length: 100 }, () => post(ARTICLES, story()))
    expect((await send(desk, hundred).expect(200)).body.results).toHaveLength(100)
    const { errors } = await refused(422, [...hundred, post(ARTICLES, story())])
    expect(errors).toMatchObject([{ pointer: '#/operations', code: 'too-big' }])
    expect((await refused(422, [])).errors).toMatchObject([{ pointer: '#/operations', code: 'too-small' }])
  })

  it('answers of more than can be sent at once are refused, and nothing is done', async () => {
    const { id } = await draft(desk, { bodyText: 'a word '.repeat(120_000) })
    const { code, detail } = await refused(
      413,
      Array.from({ length: 30 }, (_, n) => patch(id, n + 1, { kicker: `No. ${n}` })),
    )
    expect([code, detail]).toEqual(['payload-too-large', expect.stringContaining('operations/')])
  })

  it('of two batches that write the same in opposite order each is done or refused as a whole', async () => {
    const [a, b] = [await draft(desk), await draft(desk)]
    const both = (ids: string[], kicker: string) =>
      send(
        desk,
        ids.map((id) => patch(id, '*', { kicker })),
      )
    const answers = await Promise.all([both([a.id, b.id], 'First'), both([b.id, a.id], 'Second')])
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const [one, two] = await Promise.all([a, b].map(({ id }) => desk.get(articleAt(id))))
    expect([one?.body.version, two?.body.version]).toEqual([3, 3])
    expect(one?.body.kicker).toBe(two?.body.kicker)
  })
})

describe('where one write is refused none is done, and the refusal says which', () => {
  let id: string
  let slug: string
  beforeEach(async () => {
    const made = await draft(desk)
    id = made.id
    slug = made.slug
  })
  const fine = () => post(ARTICLES, story())

  it('a version that has been overtaken', async () => {
    const { body: alone } = await desk.patch(articleAt(id), { kicker: 'A' }, 7).expect(412)
    const told = await refused(412, [fine(), patch(id, 7, { kicker: 'A' })])
    expect(told).toMatchObject({
      code: 'version-mismatch',
      currentVersion: 1,
      updatedBy: alone.updatedBy,
      errors: [{ pointer: '#/operations/1', code: 'version-mismatch', detail: alone.detail }],
    })
    expect(told.headers.etag).toBeUndefined()
    // Also where it is the batch itself that has overtaken it.
    const own = await refused(412, [patch(id, 1, { kicker: 'A' }), patch(id, 1, { kicker: 'B' })])
    expect(own).toMatchObject({ currentVersion: 2, errors: [{ pointer: '#/operations/1' }] })
  })

  it('a version that is missing', async () => {
    const told = await refused(428, [{ method: 'DELETE', path: articleAt(id) }])
    expect(told).toMatchObject({ code: 'version-required', errors: [{ pointer: '#/operations/0' }] })
  })

  it('a slug that another has, also one that the batch has just taken', async () => {
    expect(await refused(409, [fine(), post(ARTICLES, story({ slug }))])).toMatchObject({
      code: 'slug-taken',
      errors: [{ pointer: '#/operations/1/body/slug' }],
    })
    await refused(409, [post(ARTICLES, story({ slug: 'only-one' })), post(ARTICLES, story({ slug: 'only-one' }))])
  })

  it('an id of another system that is taken: a failed statement ends the transaction, and its refusal is told', async () => {
    await draft(desk, { externalId: `wire-${id}` })
    expect(await refused(409, [fine(), post(ARTICLES, story({ externalId: `wire-${id}` })), fine()])).toMatchObject({
      code: 'already-exists',
      errors: [{ pointer: '#/operations/1/body/externalId', code: 'taken' }],
    })
  })

  it('what is not there', async () => {
    const told = await refused(404, [fine(), patch(`${OWN}ff`, 1, { kicker: 'A' })])
    expect(told).toMatchObject({ code: 'not-found', errors: [{ pointer: '#/operations/1' }] })
  })

  it('a state that does not allow it, and a time that has passed', async () => {
    expect(await refused(409, [fine(), post(`${articleAt(id)}/withdraw`, undefined, 1)])).toMatchObject({
      code: 'invalid-transition',
      errors: [{ pointer: '#/operations/1' }],
    })
    const past = { liveFrom: '2020-01-01T00:00:00Z' }
    expect(await refused(422, [fine(), post(`${articleAt(id)}/publish`, past, 1)])).toMatchObject({
      errors: [{ pointer: '#/operations/1/body/liveFrom', code: 'in-the-past' }],
    })
  })

  it('fields that are wrong: of all writes at once, each with its place', async () => {
    const { errors } = await refused(422, [
      post(ARTICLES, { headlin: 'X', bodyText: '' }),
      fine(),
      patch(id, 'three', { kicker: 'A' }),
      post(ARTICLES, { ...story(), bodyText: undefined, bodyMarkdown: '['.repeat(50_000) }),
      { method: 'DELETE', path: articleAt(id), ifMatch: 1, body: { note: 'x' } },
      post(ARTICLES),
      post(`${articleAt(id)}/kill`, { reason: 'lega' }, 1),
      { method: 'PUT', path: linksOf(id), ifMatch: 0, body: { items: [{ prominence: 'loud' }] } },
    ])
    const places = (errors as { pointer: string; code: string }[]).map((each) => `${each.pointer} ${each.code}`)
    expect(places).toEqual(
      expect.arrayContaining([
        '#/operations/0/body/headline required',
        '#/operations/0/body/headlin unknown-field',
        '#/operations/2/ifMatch wrong-format',
        expect.stringContaining('#/operations/3/body/bodyMarkdown '),
        '#/operations/4/body needless-body',
        '#/operations/5/body required',
        '#/operations/6/body/reason not-allowed',
        '#/operations/7/body/items/0/prominence not-allowed',
      ]),
    )
    expect(places.some((each) => each.startsWith('#/operations/1'))).toBe(false)
  })

  it('no more faults are told than help', async () => {
    const bad = Array.from({ length: 100 }, () => post(ARTICLES, { headline: '', kicker: '', no: 1 }))
    expect((await refused(422, bad)).errors).toHaveLength(50)
  })

  it('what is no operation of a batch, by name', async () => {
    const { errors } = await refused(422, [
      post(BATCH, { operations: [fine()] }),
      post('/v1/editorial/artikles', story()),
      { method: 'PUT', path: ARTICLES, body: story() },
      post('/v1/articles', story()),
      post(`${ARTICLES}?dryRun=true`, story()),
      post(`${ARTICLES}?limit=1`, story()),
      post(`${articleAt('%ZZ')}/publish`),
      post(`${articleAt('%00')}/publish`),
      post(`${articleAt('x'.repeat(300))}/publish`),
      post(`${articleAt(id)}/publsh`),
    ])
    expect(errors).toMatchObject([
      { pointer: '#/operations/0/path', code: 'not-in-a-batch' },
      { pointer: '#/operations/1/path', code: 'unknown-path', didYouMean: ARTICLES },
      { pointer: '#/operations/2/method', code: 'not-allowed', allowed: ['POST'] },
      { pointer: '#/operations/3/path', code: 'unknown-path' },
      { pointer: '#/operations/4/path', code: 'unknown-parameter' },
      { pointer: '#/operations/5/path', code: 'unknown-parameter' },
      { pointer: '#/operations/6/path', code: 'wrong-format' },
      { pointer: '#/operations/7/path', code: 'unknown-path' },
      { pointer: '#/operations/8/path', code: 'unknown-path' },
      { pointer: '#/operations/9/path', code: 'unknown-path', didYouMean: `${ARTICLES}/{id}/publish` },
    ])
    const unknown = [
      { ...fine(), dryRun: true },
      { method: 'GET', path: articleAt(id) },
    ]
    expect((await refused(422, unknown)).errors).toMatchObject([
      { pointer: '#/operations/0/dryRun', code: 'unknown-field' },
      { pointer: '#/operations/1/method', code: 'not-allowed' },
    ])
  })

  it('what answers a secret, to whoever may ask for it', async () => {
    const key = post('/v1/editorial/keys', { name: 'Mole', role: 'admin' })
    const { errors } = await refused(422, [key], admin)
    expect(errors).toMatchObject([{ pointer: '#/operations/0/path', code: 'not-in-a-batch' }])
    expect((await refused(403, [key])).scope).toBe('keys:write')
  })
})

describe('in a batch nobody may do more than alone', () => {
  it('a contributor is told of every write that the key does not allow, before anything else', async () => {
    const { id } = await draft(contributor)
    const told = await refused(
      403,
      [
        patch(id, 1, { kicker: '' }),
        post(`${articleAt(id)}/publish`, undefined, 1),
        post(RAILS, { key: 'x', title: 'X' }),
      ],
      contributor,
    )
    expect(told).toMatchObject({
      code: 'forbidden',
      scope: 'articles:publish',
      errors: [
        { pointer: '#/operations/1', code: 'forbidden' },
        { pointer: '#/operations/2', code: 'forbidden' },
      ],
    })
    expect(told.headers['www-authenticate']).toContain('scope="articles:publish"')
  })

  it('a contributor cannot publish by the way of a field, nor write or learn of what is somebody else’s', async () => {
    const told = await refused(403, [post(ARTICLES, story()), post(ARTICLES, story({ publish: true }))], contributor)
    expect(told).toMatchObject({ scope: 'articles:publish', errors: [{ pointer: '#/operations/1' }] })
    const { id } = await published(desk)
    const other = await refused(404, [patch(id, 2, { kicker: 'A' })], contributor)
    const none = await refused(404, [patch(`${OWN}ee`, 2, { kicker: 'A' })], contributor)
    expect({ ...other, instance: '', headers: '' }).toEqual({ ...none, instance: '', headers: '' })
  })

  it('a contributor may write several drafts at once', async () => {
    await send(contributor, [post(ARTICLES, story()), post(ARTICLES, story())]).expect(200)
  })

  it.each(['reader', 'partner'] as const)('a %s may send none', async (role) => {
    await refused(403, [post(ARTICLES, story())], await app.withRole(role))
  })
})

describe('what goes with every write goes with a batch', () => {
  it('a dry run gives the same answers, with what each would do beside, and changes nothing', async () => {
    const { id, slug } = await published(desk)
    const operations = [
      patch(id, 2, { slug: `${slug}-again` }),
      post(`${articleAt(id)}/publish`, undefined, 3),
      post(ARTICLES, story()),
    ]
    const before = await dump(app.db)
    const { body } = await send(desk, operations, '?dryRun=true').expect(200)
    expect(await dump(app.db)).toEqual(before)
    expect(body.results[1].body).toMatchObject({ version: 4, effects: { redirects: [slug] } })
    await send(desk, [...operations, patch(id, 2, {})], '?dryRun=true').expect(412)
    expect(await dump(app.db)).toEqual(before)
  })

  it('under an Idempotency-Key it is done once, and answered alike', async () => {
    const again = (body: object) => desk.post(BATCH, body).set('idempotency-key', 'morning-batch')
    const body = { operations: [post(ARTICLES, story()), post(ARTICLES, story())] }
    const first = await again(body).expect(200)
    const before = await dump(app.db)
    const second = await again(body).expect(200).expect('idempotency-replayed', 'true')
    expect(second.text).toBe(first.text)
    await again({ operations: [post(ARTICLES, story())] }).expect(422)
    expect(await dump(app.db)).toEqual(before)
  })

  it('what a batch has erased is not kept in its answer', async () => {
    const { id } = await draft(admin, { headline: 'A Secret Nobody May Keep' })
    const body = {
      operations: [
        { method: 'DELETE', path: articleAt(id), ifMatch: 1 },
        post(`${articleAt(id)}/erase`, { confirm: id }, 2),
      ],
    }
    await admin.post(BATCH, body).set('idempotency-key', 'erase-it').expect(200)
    expect(JSON.stringify(await dump(app.db))).not.toContain('Nobody May Keep')
    const { body: told } = await admin.post(BATCH, body).set('idempotency-key', 'erase-it').expect(409)
    expect(told.code).toBe('already-done')
  })
})
