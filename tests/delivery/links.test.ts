import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, linkAt, links, published } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const image = { url: 'https://images.example/a.jpg', alt: 'A ferry' }
const card = { headline: 'The Ferry Is Back', kicker: 'Transport', standfirst: 'After nine days.', image }
const to = (id: string, own: object = {}) => ({ target: { kind: 'article', id }, ...own })
const publish = (id: string) => desk.change(`${articleAt(id)}/publish`, '*').expect(200)
let rails = 0

/** The same list in each place that a list can be in; what readers get of it, read at both of its addresses. */
const places = {
  'the links of an article': async (items: object[]) => {
    const { id, slug } = await published(desk)
    const { items: stored } = await links(desk, id, items, 0)
    const read = async () => {
      const alone = (await app.nobody.get(`/v1/articles/${slug}/headlines`).expect(200)).body.data
      expect((await app.nobody.get(`/v1/articles/${id}`)).body.headlines).toEqual(alone)
      return alone
    }
    return { read, stored }
  },
  'a rail': async (items: object[]) => {
    const key = `rail-${++rails}`
    const { items: stored } = (await desk.post('/v1/editorial/rails', { key, title: 'Top', items }).expect(201)).body
    const read = async () => {
      const alone = (await app.nobody.get(`/v1/rails/${key}`).expect(200)).body
      const all: { key: string }[] = (await app.nobody.get('/v1/rails')).body.data
      expect(all.find((each) => each.key === key)).toEqual(alone)
      return alone.items
    }
    return { read, stored }
  },
}

describe.each(Object.entries(places))('in %s', (_name, make) => {
  it('a link takes headline, address, kicker, summary and image from what readers see of its article', async () => {
    const { id, slug, publishedAt } = await published(desk, card)
    const { read, stored } = await make([to(id)])
    const given = {
      id: stored[0]?.id,
      position: 0,
      headline: card.headline,
      kicker: card.kicker,
      summary: card.standfirst,
      image,
      url: (await app.nobody.get(`/v1/articles/${id}`)).body.url,
      prominence: 'normal',
      pinned: false,
      target: { kind: 'article', id, slug },
      publishedAt,
    }
    expect(await read()).toEqual([given])

    await desk.patch(articleAt(id), { headline: 'Sunk', kicker: null, slug: `${slug}-sunk` }, '*').expect(200)
    expect(await read()).toEqual([given])
    await publish(id)
    const { kicker: _kicker, ...rest } = given
    const url = given.url.replace(slug, `${slug}-sunk`)
    expect(await read()).toEqual([
      { ...rest, headline: 'Sunk', url, target: { kind: 'article', id, slug: `${slug}-sunk` } },
    ])
  })

  it('what a link says itself wins, until it is taken back', async () => {
    const { id } = await published(desk, card)
    const other = { url: 'https://images.example/b.jpg', alt: 'A boat' }
    const own = {
      headline: 'Boats!',
      kicker: 'Now',
      summary: 'At last.',
      image: other,
      label: 'live',
      prominence: 'max',
    }
    const { read, stored } = await make([to(id, { ...own, note: 'Mind the tone' })])
    expect(await read()).toMatchObject([own])
    expect((await read())[0]).not.toHaveProperty('note')
    const emptied = { headline: null, kicker: null, summary: null, image: null, label: null }
    await desk.patch(linkAt(stored[0]?.id ?? ''), emptied, '*').expect(200)
    const after = { headline: card.headline, kicker: card.kicker, summary: card.standfirst, image, prominence: 'max' }
    expect(await read()).toMatchObject([after])
    expect((await read())[0]).not.toHaveProperty('label')
  })

  it('links to what is not public are left out, positions close up, and they come back at their place', async () => {
    const never = await draft(desk)
    const gone = await published(desk)
    const trashed = await published(desk)
    const items = [
      { headline: 'Pending' },
      to(never.id, { headline: 'Secret' }),
      to(gone.id),
      { headline: 'Elsewhere', target: { kind: 'url', url: 'https://e.example/' } },
      to(trashed.id),
    ]
    const { read, stored } = await make(items)
    const ids = stored.map(({ id }: { id: string }) => id)
    const shows = async (...at: number[]) => {
      const list: { id: string; position: number }[] = await read()
      expect(list.map(({ id }) => ids.indexOf(id))).toEqual(at)
      expect(list.map(({ position }) => position)).toEqual(at.map((_, position) => position))
    }
    await shows(0, 2, 3, 4)
    await desk.change(`${articleAt(gone.id)}/withdraw`, '*').expect(200)
    await shows(0, 3, 4)
    await desk.delete(articleAt(trashed.id), '*').expect(200)
    await shows(0, 3)
    await publish(never.id)
    await shows(0, 1, 3)
    await desk.change(`${articleAt(trashed.id)}/restore`, '*').expect(200)
    await shows(0, 1, 3)
    await publish(trashed.id)
    await publish(gone.id)
    await shows(0, 1, 2, 3, 4)
    expect((await read())[0]).toMatchObject({ headline: 'Pending', url: null, target: null })
    expect((await read())[3]).toMatchObject({ url: 'https://e.example/', target: { kind: 'url' } })
  })
})

describe('rails', () => {
  it('are listed by key with all their items, and a deleted one is gone at once', async () => {
    for (const key of ['zz-last', 'aa-first']) {
      await desk.post('/v1/editorial/rails', { key, title: key, description: 'All of it' }).expect(201)
    }
    const { body } = await app.nobody.get('/v1/rails').expect(200)
    const keys = body.data.map(({ key }: { key: string }) => key)
    expect(keys).toEqual(keys.toSorted())
    expect(body.data[0]).toMatchObject({ key: 'aa-first', title: 'aa-first', description: 'All of it', items: [] })
    await desk.delete('/v1/editorial/rails/aa-first', '*').expect(204)
    await app.nobody.get('/v1/rails/aa-first').expect(404)
    expect((await app.nobody.get('/v1/rails')).text).not.toContain('aa-first')
  })

  it('do not tell of a change that readers cannot see', async () => {
    await desk.post('/v1/editorial/rails', { key: 'quiet', title: 'Quiet', items: [{ headline: 'One' }] }).expect(201)
    const before = await app.nobody.get('/v1/rails/quiet')
    const [link] = (await desk.get('/v1/editorial/rails/quiet')).body.items
    await desk.patch(linkAt(link.id), { note: 'Call the minister' }, '*').expect(200)
    const after = await app.nobody.get('/v1/rails/quiet')
    expect(after.text).toBe(before.text)
    expect(after.headers.etag).toBe(before.headers.etag)
    await desk.patch(linkAt(link.id), { label: 'live' }, '*').expect(200)
    const seen = await app.nobody.get('/v1/rails/quiet')
    expect(seen.body.updatedAt > before.body.updatedAt).toBe(true)
    expect(seen.headers.etag).not.toBe(before.headers.etag)
  })
})
