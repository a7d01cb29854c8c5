import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, linkAt, links, linksOf, published } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor', 'News desk')
})

const elsewhere = { headline: 'Elsewhere', target: { kind: 'url', url: 'https://news.example/a' } }
const headlinesOf = ({ items }: { items: { headline: string | null }[] }) => items.map(({ headline }) => headline)
const idsOf = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id)
const positionsOf = ({ items }: { items: { position: number }[] }) => items.map(({ position }) => position)

describe('the links of an article', () => {
  it('are an empty list at version 0 before anybody wrote them', async () => {
    const { id } = await published(desk)
    const { body, headers } = await desk.get(linksOf(id)).expect(200)
    expect(body).toMatchObject({ articleId: id, version: 0, items: [] })
    expect(headers.etag).toBe('"0"')
    expect((await app.nobody.get(`/v1/articles/${id}/headlines`).expect(200)).body).toEqual({ data: [] })
    await desk.put(linksOf(id), { items: [elsewhere] }).expect(428)
    await desk.put(linksOf(id), { items: [elsewhere] }, 1).expect(412)
    const written = await desk.put(linksOf(id), { items: [elsewhere] }, '*').expect(200)
    expect(written.headers.etag).toBe('"1"')
  })

  it('keep every field of each link, and give readers all of them but the note', async () => {
    const { id } = await published(desk)
    const full = {
      headline: 'A Full Link',
      kicker: 'Live',
      summary: 'Two lines\nof summary.',
      image: { url: 'https://images.example/a.jpg', alt: 'A bridge' },
      label: 'analysis',
      prominence: 'high',
      target: { kind: 'url', url: 'https://news.example/full' },
      note: 'Ask the lawyers before noon',
    }
    const list = await links(desk, id, [full, { headline: 'Pending' }], 0)
    expect(list.items).toMatchObject([
      { ...full, position: 0 },
      { headline: 'Pending', position: 1, target: null, kicker: null, prominence: 'normal', note: null },
    ])
    expect((await desk.get(linksOf(id))).body).toEqual(list)
    const { text, body } = await app.nobody.get(`/v1/articles/${id}`).expect(200)
    const { note: _note, ...delivered } = full
    expect(body.headlines).toEqual([
      { ...delivered, id: list.items[0]?.id, position: 0, url: full.target.url, pinned: false },
      {
        id: list.items[1]?.id,
        position: 1,
        headline: 'Pending',
        url: null,
        target: null,
        prominence: 'normal',
        pinned: false,
      },
    ])
    expect(text).not.toContain('lawyers')
    expect((await app.nobody.get(`/v1/articles/${id}/headlines`)).text).not.toContain('lawyers')
  })

  it('have versions of their own: the article’s does not move, nor the other way round', async () => {
    const { id } = await published(desk)
    await links(desk, id, [elsewhere], 0)
    await links(desk, id, [], 1)
    expect((await desk.get(articleAt(id))).headers.etag).toBe('"2"')
    await desk.patch(articleAt(id), { kicker: 'New' }, 2).expect(200)
    expect((await desk.get(linksOf(id))).headers.etag).toBe('"2"')
    const refused = await desk.put(linksOf(id), { items: [] }, 3).expect(412)
    expect(refused.body).toMatchObject({ currentVersion: 2, updatedBy: { name: 'News desk' } })
    expect(refused.headers.etag).toBe('"2"')
  })

  it('of a draft are not for readers until the draft is', async () => {
    const { id } = await draft(desk)
    await links(desk, id, [{ headline: 'Canary in a list' }], 0)
    await app.nobody.get(`/v1/articles/${id}/headlines`).expect(404)
    await desk.change(`${articleAt(id)}/publish`, 1).expect(200)
    expect((await app.nobody.get(`/v1/articles/${id}/headlines`).expect(200)).body.data).toHaveLength(1)
  })

  it('are not there for an article that is not', async () => {
    const nobodys = linksOf(randomUUID())
    await desk.get(nobodys).expect(404)
    await desk.put(nobodys, { items: [] }, 0).expect(404)
    await desk.raw('post', nobodys, JSON.stringify(elsewhere), { 'if-match': '"0"' }).expect(404)
  })
})

describe('one link', () => {
  const appendTo = (id: string, link: object, version: number | string) => desk.change(linksOf(id), version, link)

  it('is added at the end and says where it stands', async () => {
    const { id } = await published(desk)
    await links(desk, id, [{ headline: 'First' }], 0)
    const { body, headers } = await appendTo(id, elsewhere, 1).expect(201)
    expect(body).toMatchObject({ ...elsewhere, position: 1, list: { articleId: id, railKey: null, version: 2 } })
    expect(headers).toMatchObject({ etag: '"2"', location: linkAt(body.id) })
    expect((await desk.get(linkAt(body.id)).expect(200)).body).toEqual(body)
    expect(headlinesOf((await desk.get(linksOf(id))).body)).toEqual(['First', 'Elsewhere'])
  })

  it('is patched in place; the others stay as they are', async () => {
    const { id } = await published(desk)
    const before = await links(desk, id, [{ headline: 'A' }, { headline: 'B', kicker: 'K', note: 'N' }, elsewhere], 0)
    const at = linkAt(idsOf(before)[1] ?? '')
    const target = { kind: 'url', url: 'https://news.example/b' }
    const { body } = await desk.patch(at, { kicker: null, target }, 1).expect(200)
    expect(body).toMatchObject({ headline: 'B', kicker: null, note: 'N', position: 1, target, list: { version: 2 } })
    const { body: after } = await desk.get(linksOf(id))
    expect(idsOf(after)).toEqual(idsOf(before))
    expect([after.items[0], after.items[2]]).toEqual([before.items[0], before.items[2]])
    await desk.patch(at, { headline: null, target: null }, 2).expect(422)
    await desk.patch(at, { headline: 'B' }).expect(428)
    await desk.patch(at, { headline: 'B' }, 1).expect(412)
    const unknown = await desk.patch(at, { positon: 0, id: randomUUID() }, 2).expect(422)
    expect(unknown.body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()).toEqual([
      '#/id',
      '#/positon',
    ])
    expect((await desk.get(linksOf(id))).body).toEqual(after)
  })

  it('is taken out, and the others close up', async () => {
    const { id } = await published(desk)
    const before = await links(
      desk,
      id,
      ['A', 'B', 'C'].map((headline) => ({ headline })),
      0,
    )
    const at = linkAt(idsOf(before)[1] ?? '')
    await desk.delete(at).expect(428)
    await desk.delete(at, 7).expect(412)
    await desk.delete(at, 1).expect(204)
    const { body: after } = await desk.get(linksOf(id))
    expect([headlinesOf(after), positionsOf(after), after.version]).toEqual([['A', 'C'], [0, 1], 2])
    const { body } = await app.nobody.get(`/v1/articles/${id}/headlines`)
    expect(body.data.map(({ headline, position }: never) => [headline, position])).toEqual([
      ['A', 0],
      ['C', 1],
    ])
    await desk.get(at).expect(404)
    await desk.delete(at, 2).expect(404)
    await desk.patch(at, { headline: 'Back' }, 2).expect(404)
  })

  it.each([randomUUID(), 'no-uuid'])('is not found under the id %s', async (id) => {
    await desk.get(linkAt(id)).expect(404)
    await desk.patch(linkAt(id), { headline: 'x' }, 1).expect(404)
    await desk.delete(linkAt(id), 1).expect(404)
  })

  it('of fifty concurrent additions under one version one wins, also in a list that was not there yet', async () => {
    const { id } = await published(desk)
    for (const version of [0, 1]) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, n) => appendTo(id, { headline: `Link ${version} ${n}` }, version)),
      )
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
      expect(answers.filter(({ status }) => status === 412)).toHaveLength(49)
      const { body } = await desk.get(linksOf(id))
      expect([body.items.length, body.version, positionsOf(body)]).toEqual([
        version + 1,
        version + 1,
        [...Array(version + 1).keys()],
      ])
    }
  })

  it('of a contributor’s draft is for nobody else to see, and of a rail not for the contributor', async () => {
    const [contributor, other] = [await app.withRole('contributor'), await app.withRole('contributor')]
    const { id } = await draft(contributor)
    const [own = ''] = idsOf(await links(contributor, id, [elsewhere], 0))
    await other.get(linkAt(own)).expect(404)
    await other.patch(linkAt(own), { kicker: 'Mine' }, 1).expect(404)
    await other.put(linksOf(id), { items: [] }, 1).expect(404)
    const { body: rail } = await desk
      .post('/v1/editorial/rails', { key: 'r', title: 'R', items: [elsewhere] })
      .expect(201)
    await contributor.get(linkAt(rail.items[0].id)).expect(404)
    await contributor.delete(linkAt(rail.items[0].id), 1).expect(404)
    await contributor.get(linkAt(own)).expect(200)
  })
})
