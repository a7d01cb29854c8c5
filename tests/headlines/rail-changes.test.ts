import { beforeAll, describe, expect, it } from 'vitest'
import type { EditorialRail } from '../../src/headlines/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, linkAt } from '../support/builders.ts'

const RAILS = '/v1/editorial/rails'
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const at = (key: string) => `${RAILS}/${key}`
const items = [{ headline: 'One' }, { headline: 'Two' }, { headline: 'Three' }]
const create = async (key: string, fields: object = {}): Promise<EditorialRail> =>
  (await desk.post(RAILS, { key, title: `The rail ${key}`, items, ...fields }).expect(201)).body
const read = async (key: string) => (await app.nobody.get(`/v1/rails/${key}`).expect(200)).body
const headlinesOf = ({ items }: { items: { headline: string | null }[] }) => items.map(({ headline }) => headline)

describe('changing a rail', () => {
  it('renames it by a patch and leaves the items alone', async () => {
    const before = await create('renamed', { description: 'Old' })
    const patch = { title: 'New name', description: null }
    const { body, headers } = await desk.patch(at('renamed'), patch, 1).expect(200)
    expect(headers.etag).toBe('"2"')
    expect(body).toMatchObject({ key: 'renamed', title: 'New name', description: null, items: before.items })
    const rail = await read('renamed')
    expect([rail.title, headlinesOf(rail)]).toEqual(['New name', ['One', 'Two', 'Three']])
    expect(rail).not.toHaveProperty('description')
    for (const bad of [{ title: null }, { key: 'other' }, { items: [] }, { titel: 'x' }]) {
      await desk.patch(at('renamed'), bad, 2).expect(422)
    }
    expect((await desk.get(at('renamed'))).body).toEqual(body)
  })

  it('replaces it whole: what is left out is emptied, the key stays', async () => {
    const before = await create('replaced', { description: 'Old', language: 'fr' })
    const { body } = await desk.put(at('replaced'), { title: 'New', items: [{ headline: 'Two' }] }, 1).expect(200)
    expect(body).toMatchObject({ key: 'replaced', title: 'New', description: null, language: null, version: 2 })
    expect(body.items).toMatchObject([{ id: before.items[1]?.id, headline: 'Two', position: 0 }])
    await desk.put(at('replaced'), { title: 'New' }, 2).expect(422)
    expect(headlinesOf(await read('replaced'))).toEqual(['Two'])
  })

  it('reorders the items alone', async () => {
    const before = await create('reordered')
    const order = before.items.map(({ id }) => ({ id })).reverse()
    const { body } = await desk.put(`${at('reordered')}/items`, { items: order }, 1).expect(200)
    expect(body).toMatchObject({ title: before.title, version: 2 })
    expect(headlinesOf(await read('reordered'))).toEqual(['Three', 'Two', 'One'])
    expect(body.items.map(({ position }: { position: number }) => position)).toEqual([0, 1, 2])
  })

  it('reaches a single item by its own address', async () => {
    const { items } = await create('single')
    const id = items[1]?.id ?? ''
    expect((await desk.get(linkAt(id)).expect(200)).body.list).toEqual({
      articleId: null,
      railKey: 'single',
      version: 1,
    })
    await desk.patch(linkAt(id), { headline: 'Zwei' }, 1).expect(200)
    expect(headlinesOf(await read('single'))).toEqual(['One', 'Zwei', 'Three'])
    await desk.delete(linkAt(id), 2).expect(204)
    expect(headlinesOf(await read('single'))).toEqual(['One', 'Three'])
  })

  it('needs the version that stands, for each kind of write', async () => {
    const before = await create('guarded')
    const writes = (version?: number) => [
      desk.put(at('guarded'), { title: 'x', items: [] }, version),
      desk.patch(at('guarded'), { title: 'x' }, version),
      desk.put(`${at('guarded')}/items`, { items: [] }, version),
      desk.delete(at('guarded'), version),
    ]
    for (const write of writes()) await write.expect(428)
    for (const write of writes(2)) expect((await write.expect(412)).body.currentVersion).toBe(1)
    expect((await desk.get(at('guarded'))).body).toEqual(before)
    expect(headlinesOf(await read('guarded'))).toEqual(['One', 'Two', 'Three'])
  })

  it('of fifty concurrent ones of one version one wins', async () => {
    await create('fifty')
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => desk.patch(at('fifty'), { title: `Name ${n}` }, 1)),
    )
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(49)
    expect((await read('fifty')).title).toBe(won[0]?.body.title)
  })

  it('is not there for a rail that is not', async () => {
    await desk.put(at('nowhere'), { title: 'x', items: [] }, 1).expect(404)
    await desk.patch(at('nowhere'), { title: 'x' }, 1).expect(404)
    await desk.put(`${at('nowhere')}/items`, { items: [] }, 1).expect(404)
    await desk.delete(at('nowhere'), 1).expect(404)
  })
})
