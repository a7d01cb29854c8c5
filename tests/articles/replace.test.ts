import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, story } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const creating = (id: string, fields: object) => desk.put(articleAt(id), fields).set('if-none-match', '*')

describe('replacing an article', () => {
  it('empties what is left out, and keeps the slug, the id and who made it', async () => {
    const before = await draft(desk, {
      slug: 'the-first-slug',
      kicker: 'Old',
      notes: 'Old',
      tags: [{ name: 'Old' }],
      language: 'fr',
      externalId: 'wire-77',
    })
    const response = await desk.put(articleAt(before.id), { headline: 'New', bodyText: 'New text.' }, 1).expect(200)
    expect(response.headers.etag).toBe('"2"')
    expect(response.body).toMatchObject({
      id: before.id,
      slug: 'the-first-slug',
      version: 2,
      headline: 'New',
      kicker: null,
      notes: null,
      tags: [],
      language: 'en',
      externalId: null,
      createdAt: before.createdAt,
      createdBy: before.createdBy,
    })
    expect(JSON.stringify(response.body.body)).toContain('New text.')
    // The id in the other system is free again.
    await draft(desk, { externalId: 'wire-77' })
  })

  it('needs the text in some form, because leaving it out by mistake would empty it', async () => {
    const before = await draft(desk)
    const { body } = await desk.put(articleAt(before.id), { headline: 'No Text' }, 1).expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#/body' }])
    const now = await desk.get(articleAt(before.id)).expect(200)
    expect(now.body).toEqual(before)
    const emptied = await desk.put(articleAt(before.id), { headline: 'No Text', bodyText: '' }, 1).expect(200)
    expect(emptied.body.body).toEqual([])
  })

  it('does not publish: that is a transition of its own', async () => {
    const { id } = await draft(desk)
    const { body } = await desk.put(articleAt(id), story({ publish: true }), 1).expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#/publish', code: 'unknown-field' }])
  })

  it('answers 404 for an article that is not there', async () => {
    await desk.put(articleAt(randomUUID()), story(), 1).expect(404)
  })
})

describe('creating under an id of one’s own', () => {
  it('works once; the second time nothing is overwritten', async () => {
    const id = randomUUID()
    const created = await creating(id, story({ headline: 'Ours' })).expect(201)
    expect(created.body).toMatchObject({ id, version: 1, state: 'draft', headline: 'Ours' })
    expect(created.headers).toMatchObject({ location: articleAt(id), etag: '"1"' })
    const again = await creating(id, story({ headline: 'Theirs' })).expect(412)
    expect(again.body).toMatchObject({ code: 'version-mismatch', currentVersion: 1 })
    expect(again.headers.etag).toBe('"1"')
    expect((await desk.get(articleAt(id))).body).toEqual(created.body)
  })

  it('leaves no slug behind when it is refused', async () => {
    const { id } = await draft(desk)
    await creating(id, story({ slug: 'never-taken' })).expect(412)
    await draft(desk, { slug: 'never-taken' })
  })

  it('takes nothing but a UUID in lower case', async () => {
    for (const id of ['my-own-id', randomUUID().toUpperCase(), `${randomUUID()}0`]) {
      await creating(id, story()).expect(404)
    }
  })

  it('of twenty at once under one id, one creates', async () => {
    const id = randomUUID()
    const answers = await Promise.all(Array.from({ length: 20 }, () => creating(id, story())))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 412 || status === 409)).toHaveLength(19)
  })
})

describe('the id in another system', () => {
  it('belongs to one article, however it is written', async () => {
    await draft(desk, { externalId: 'ap:1' })
    const other = await draft(desk)
    const refusals = [
      await desk.post(ARTICLES, story({ externalId: 'ap:1' })).expect(409),
      await desk.post(ARTICLES, story({ externalId: 'ap:1', publish: true })).expect(409),
      await creating(randomUUID(), story({ externalId: 'ap:1' })).expect(409),
      await desk.put(articleAt(other.id), story({ externalId: 'ap:1' }), 1).expect(409),
      await desk.patch(articleAt(other.id), { externalId: 'ap:1' }, 1).expect(409),
    ]
    for (const { body } of refusals) {
      expect(body).toMatchObject({ code: 'already-exists', errors: [{ pointer: '#/externalId' }] })
    }
    expect((await desk.get(articleAt(other.id))).body).toEqual(other)
  })

  it('tells letter case, blanks and accents apart, as both engines must', async () => {
    for (const externalId of ['Ab', 'ab', 'AB', 'ab ', 'a\u0301b', '\u00e1b']) await draft(desk, { externalId })
  })

  it('of twenty articles at once with the same one, one is made', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => desk.post(ARTICLES, story({ externalId: 'ap:race' }))),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 412 || status === 409)).toHaveLength(19)
  })
})
