import { beforeAll, describe, expect, it } from 'vitest'
import type { EditorialRail } from '../../src/headlines/schema.ts'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { articleAt, type Desk, linkAt, published } from '../support/builders.ts'

const RAILS = '/v1/editorial/rails'
const clock = testClock()
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock })
  desk = await app.withRole('editor', 'Home desk')
})

const at = (key: string) => `${RAILS}/${key}`
const items = [{ headline: 'One' }, { headline: 'Two', note: 'Canary for the desk' }, { headline: 'Three' }]
const create = async (key: string, fields: object = {}): Promise<EditorialRail> =>
  (await desk.post(RAILS, { key, title: `The rail ${key}`, items, ...fields }).expect(201)).body
const read = async (key: string) => (await app.nobody.get(`/v1/rails/${key}`).expect(200)).body
const headlinesOf = ({ items }: { items: { headline: string | null }[] }) => items.map(({ headline }) => headline)

describe('a rail', () => {
  it('is there for readers as soon as it is made, without the notes of the desk', async () => {
    const fields = { key: 'home-top', title: 'Top stories', description: 'What matters now', language: 'en', items }
    const { body, headers } = await desk.post(RAILS, fields).expect(201)
    expect(headers).toMatchObject({ etag: '"1"', location: at('home-top') })
    expect(body).toMatchObject({ ...fields, version: 1, updatedBy: { name: 'Home desk' } })
    expect((await desk.get(at('home-top')).expect(200)).body).toEqual(body)
    const { body: rail, text } = await app.nobody.get('/v1/rails/home-top').expect(200)
    expect(rail).toMatchObject({
      key: 'home-top',
      title: 'Top stories',
      description: 'What matters now',
      language: 'en',
    })
    expect(headlinesOf(rail)).toEqual(['One', 'Two', 'Three'])
    expect(text).not.toContain('Canary')
  })

  it('may be empty', async () => {
    const { body } = await desk.post(RAILS, { key: 'empty', title: 'Empty' }).expect(201)
    expect(body).toMatchObject({ items: [], description: null, language: null })
    expect(await read('empty')).toMatchObject({ items: [] })
  })

  it('has its key to itself', async () => {
    const before = await create('taken')
    const { body } = await desk
      .post(RAILS, { key: 'taken', title: 'Other', items: [{ headline: 'Other' }] })
      .expect(409)
    expect(body).toMatchObject({ code: 'already-exists', errors: [{ pointer: '#/key' }] })
    expect((await desk.get(at('taken'))).body).toEqual(before)
    expect((await read('taken')).title).toBe('The rail taken')
  })

  it('is made once where twenty make it at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => desk.post(RAILS, { key: 'raced', title: `Desk ${n}`, items })),
    )
    const won = answers.filter(({ status }) => status === 201)
    expect(won).toHaveLength(1)
    const lost = answers.filter(({ status }) => status === 409)
    expect(lost).toHaveLength(19)
    for (const { body } of lost) expect(body.errors).toMatchObject([{ pointer: '#/key' }])
    expect((await read('raced')).title).toBe(won[0]?.body.title)
    const { body } = await app.nobody.get('/v1/rails').expect(200)
    expect(body.data.filter(({ key }: { key: string }) => key === 'raced')).toHaveLength(1)
  })

  it.each([
    [{ title: 'No key' }, '#/key'],
    [{ key: 'Home Top', title: 'x' }, '#/key'],
    [{ key: 'x'.repeat(81), title: 'x' }, '#/key'],
    [{ key: 'a--b', title: 'x' }, '#/key'],
    [{ key: 'bad' }, '#/title'],
    [{ key: 'bad', title: ' ' }, '#/title'],
    [{ key: 'bad', title: 'x', language: 'Englisch' }, '#/language'],
    [{ key: 'bad', title: 'x', items: [{}] }, '#/items/0/headline'],
    [
      { key: 'bad', title: 'x', items: [{ target: { kind: 'article', id: crypto.randomUUID() } }] },
      '#/items/0/target/id',
    ],
    [{ key: 'bad', title: 'x', versoin: 1 }, '#/versoin'],
  ])('is refused as %j', async (fields, pointer) => {
    const { body } = await desk.post(RAILS, fields).expect(422)
    expect(body.errors).toMatchObject([{ pointer }])
    await app.nobody.get('/v1/rails/bad').expect(404)
    await desk.get(at('bad')).expect(404)
  })

  it('is not for contributors to touch', async () => {
    const contributor = await app.withRole('contributor')
    await contributor.get(RAILS).expect(403)
    await contributor.post(RAILS, { key: 'mine', title: 'Mine' }).expect(403)
    await app.nobody.get(RAILS).expect(401)
  })
})

it('a name that a rail has once more is shown at once, also where the clock was set back since it had it', async () => {
  await create('named', { title: 'One' })
  clock.pass(60_000)
  await desk.patch(at('named'), { title: 'Two' }, 1).expect(200)
  clock.pass(-30_000)
  await desk.patch(at('named'), { description: 'Set back' }, 2).expect(200)
  expect(await read('named')).toMatchObject({ title: 'Two', description: 'Set back' })
  clock.pass(60_000)
})

describe('deleting a rail', () => {
  it('takes it from everybody, and its key can be used again', async () => {
    const { items } = await create('deleted')
    await desk.delete(at('deleted'), 1).expect(204)
    await app.nobody.get('/v1/rails/deleted').expect(404)
    expect((await app.nobody.get('/v1/rails').expect(200)).text).not.toContain('"deleted"')
    expect((await desk.get(RAILS).expect(200)).text).not.toContain('"deleted"')
    await desk.get(linkAt(items[0]?.id ?? '')).expect(404)
    const again = await create('deleted', { title: 'Another', items: [{ headline: 'New' }] })
    expect(again.version).toBe(3)
    expect(await read('deleted')).toMatchObject({ title: 'Another', items: [{ headline: 'New' }] })
  })

  it('and making it again after the clock was set back shows the new one, once', async () => {
    await create('set-back', { title: 'The old one' })
    clock.pass(60_000)
    await desk.delete(at('set-back'), 1).expect(204)
    clock.pass(-30_000)
    await create('set-back', { title: 'The new one' })
    const { body } = await app.nobody.get('/v1/rails').expect(200)
    const found = body.data.filter(({ key }: { key: string }) => key === 'set-back')
    expect(found.map(({ title }: { title: string }) => title)).toEqual(['The new one'])
    clock.pass(120_000)
    expect((await read('set-back')).title).toBe('The new one')
  })

  it('and deleting it once more by a clock that was set back further shows nothing of either', async () => {
    await create('twice', { title: 'The first' })
    clock.pass(60_000)
    await desk.delete(at('twice'), 1).expect(204)
    clock.pass(-30_000)
    await create('twice', { title: 'The second' })
    clock.pass(-15_000)
    await desk.delete(at('twice'), '*').expect(204)
    for (const by of [0, 10_000, 10_000, 60_000]) {
      clock.pass(by)
      await app.nobody.get('/v1/rails/twice').expect(404)
    }
  })

  it('leaves the articles that it pointed at alone', async () => {
    const { id, version } = await published(desk)
    await create('pointing', { items: [{ target: { kind: 'article', id } }] })
    await desk.delete(at('pointing'), 1).expect(204)
    expect((await desk.get(articleAt(id))).body.version).toBe(version)
    await app.nobody.get(`/v1/articles/${id}`).expect(200)
  })
})
