import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, draft, linkAt, links, linksOf, published, RAILS, railAt } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor', 'Ada')
})

const items = (...headlines: string[]) => headlines.map((headline) => ({ headline }))
const create = async (key: string, ...headlines: string[]) =>
  (await desk.post(RAILS, { key, title: key, items: items(...headlines) }).expect(201)).body.items as { id: string }[]
const operate = (key: string, ...operations: object[]) => desk.change(`${railAt(key)}/operations`, '*', { operations })
const removed = async (at: string): Promise<{ link: { id: string; headline: string }; position: number }[]> =>
  (await desk.get(`${at}/removed`).expect(200)).body.data
const seen = async (key: string) =>
  (await app.nobody.get(`/v1/rails/${key}`)).body.items.map(({ headline }: { headline: string }) => headline)

describe('what was taken out of a list', () => {
  it('is kept as it was, the last one first, with who did it, and can be put back where it stood', async () => {
    const [one, two, three] = await create('rail', 'One', 'Two', 'Three')
    await desk.patch(linkAt(two?.id ?? ''), { kicker: 'Live', note: 'By phone' }, '*').expect(200)
    await operate('rail', { op: 'remove', id: two?.id }).expect(200)
    await desk.put(`${railAt('rail')}/items`, { items: [{ id: one?.id }] }, '*').expect(200)
    const { body } = await desk.get(`${railAt('rail')}/removed`).expect(200)
    expect(body.version).toBe(4)
    expect(body.data).toMatchObject([
      { link: { id: three?.id }, position: 1, removedBy: { name: 'Ada' } },
      { link: { id: two?.id, headline: 'Two', kicker: 'Live', note: 'By phone' }, position: 1 },
    ])
    await operate('rail', { op: 'putBack', id: two?.id }, { op: 'putBack', id: three?.id, place: 'first' }).expect(200)
    expect(await seen('rail')).toEqual(['Three', 'One', 'Two'])
    expect((await desk.get(linkAt(two?.id ?? '')).expect(200)).body).toMatchObject({ kicker: 'Live', position: 2 })
    expect(await removed(railAt('rail'))).toEqual([])
  })

  it('is put back at the end where the list has become shorter, or beside the anchor that is named', async () => {
    const made = await create('anchored', 'One', 'Two', 'Three', 'Four')
    const [one, two, three, four] = made.map(({ id }) => id)
    await operate('anchored', ...[two, three, four].map((id) => ({ op: 'remove', id }))).expect(200)
    await operate('anchored', { op: 'putBack', id: four }, { op: 'putBack', id: two, before: one }).expect(200)
    expect(await seen('anchored')).toEqual(['Two', 'One', 'Four'])
  })

  it('is the last twenty, also of a trimmed or replaced list', async () => {
    const many = Array.from({ length: 25 }, (_, n) => `Headline ${n}`)
    await create('many', ...many)
    await desk.patch(`${railAt('many')}?overflow=trim`, { maxItems: 22 }, '*').expect(200)
    expect((await removed(railAt('many'))).map(({ link }) => link.headline)).toEqual(many.slice(22))
    await desk.put(`${railAt('many')}/items`, { items: [] }, '*').expect(200)
    expect((await removed(railAt('many'))).map(({ link }) => link.headline)).toEqual(many.slice(0, 20))
  })

  it('comes back by restoring a version too, and is then no more to be put back', async () => {
    await create('restored', 'One', 'Two')
    await desk.put(`${railAt('restored')}/items`, { items: [] }, '*').expect(200)
    await desk.change(`${railAt('restored')}/versions/1/restore`, '*').expect(200)
    expect(await removed(railAt('restored'))).toEqual([])
  })

  it('is refused by name where it was never taken out, stands there, or is there by another link', async () => {
    const { id: story } = await published(desk)
    const [one] = await create('refused', 'One')
    const target = { kind: 'article', id: story }
    const link = (await operate('refused', { op: 'insert', item: { target } }).expect(200)).body.items.at(-1)
    const refusal = async (status: number, operation: object) =>
      (await operate('refused', operation).expect(status)).body.errors[0]
    expect(await refusal(422, { op: 'putBack', id: one?.id })).toMatchObject({ pointer: '#/operations/0/id' })
    await operate('refused', { op: 'remove', id: link.id }, { op: 'insert', item: { target } }).expect(200)
    expect(await refusal(409, { op: 'putBack', id: link.id })).toMatchObject({ code: 'duplicate-item' })
    expect(await refusal(422, { op: 'putBack', id: link.id, before: link.id })).toMatchObject({
      pointer: '#/operations/0/before',
    })
    expect(await refusal(422, { op: 'putBack', id: story })).toMatchObject({ code: 'unknown-link' })
    expect(await removed(railAt('refused'))).toHaveLength(1)
  })

  it("is known for an article's links too, to those who may see the article and to nobody else", async () => {
    const { id } = await draft(desk)
    expect(await removed(linksOf(id))).toEqual([])
    const { items: before } = await links(desk, id, items('One', 'Two'), 0)
    await links(desk, id, [{ id: before[1]?.id ?? '' }], 1)
    expect((await removed(linksOf(id))).map(({ link }) => link.headline)).toEqual(['One'])
    const operations = [{ op: 'putBack', id: before[0]?.id }]
    const { body } = await desk.change(`${linksOf(id)}/operations`, '*', { operations }).expect(200)
    expect(body.items.map(({ headline }: { headline: string }) => headline)).toEqual(['One', 'Two'])
    const contributor = await app.withRole('contributor')
    await contributor.get(`${linksOf(id)}/removed`).expect(404)
    await contributor.get(`${railAt('rail')}/removed`).expect(403)
  })
})
