import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import type { EditorialHeadlines } from '../../src/headlines/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, linkAt, links, linksOf, published } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const idsOf = ({ items }: EditorialHeadlines) => items.map(({ id }) => id)
const url = (name: string) => ({ kind: 'url', url: `https://news.example/${name}` })
const delivered = async (id: string) => (await app.nobody.get(`/v1/articles/${id}/headlines`).expect(200)).body.data

/** A published article with these links. */
async function withLinks(items: object[]) {
  const { id } = await published(desk)
  return { id, list: await links(desk, id, items, 0) }
}

describe('replacing the links of an article', () => {
  it('puts them in the order of the request, for readers at once', async () => {
    const { id, list } = await withLinks(['A', 'B', 'C', 'D'].map((headline) => ({ headline })))
    const [a, b, c, d] = idsOf(list)
    const after = await links(desk, id, [{ id: d }, { id: b }, { headline: 'New' }, { id: a }], 1)
    expect(after.items.map(({ headline, position }) => [headline, position])).toEqual([
      ['D', 0],
      ['B', 1],
      ['New', 2],
      ['A', 3],
    ])
    expect((await delivered(id)).map(({ headline }: { headline: string }) => headline)).toEqual(['D', 'B', 'New', 'A'])
    await desk.get(linkAt(c ?? '')).expect(404)
  })

  it('keeps the id of a link that is named by it, whatever else changes', async () => {
    const { id, list } = await withLinks([{ headline: 'A', kicker: 'K' }, { headline: 'B' }])
    const [a, b] = idsOf(list)
    const after = await links(desk, id, [{ id: b, headline: 'Other', target: url('other') }, { id: a }], 1)
    expect(idsOf(after)).toEqual([b, a])
    expect(after.items[0]).toMatchObject({ headline: 'Other', target: url('other') })
    expect(after.items[1]).toEqual({ ...list.items[0], position: 1 })
  })

  it('keeps the id of a link to the same story without being told, by address, article or pending headline', async () => {
    const target = await published(desk)
    const stories = [
      { headline: 'Pending' },
      { headline: 'A', target: url('a') },
      { target: { kind: 'article', id: target.id } },
    ]
    const { id, list } = await withLinks(stories)
    const [pending, address, article] = idsOf(list)
    const reordered = [{ ...stories[2], kicker: 'New' }, { ...stories[1], headline: 'A, rewritten' }, stories[0] ?? {}]
    expect(idsOf(await links(desk, id, reordered, 1))).toEqual([article, address, pending])
    // Another story is another link.
    const others = await links(desk, id, [{ headline: 'pending' }, { headline: 'A', target: url('b') }], 2)
    for (const each of idsOf(others)) expect([pending, address, article]).not.toContain(each)
  })

  it('gives a story that stands in it twice two ids, and takes each back', async () => {
    const twice = [{ headline: 'Same' }, { headline: 'Same' }]
    const { id, list } = await withLinks(twice)
    const [first, second] = idsOf(list)
    expect(first).not.toBe(second)
    expect(idsOf(await links(desk, id, twice, 1))).toEqual([first, second])
    expect(idsOf(await links(desk, id, [{ headline: 'Same' }, { id: first }], 2))).toEqual([second, first])
    const three = idsOf(await links(desk, id, [...twice, { headline: 'Same' }], 3))
    expect(new Set(three).size).toBe(3)
    expect(new Set([...three, first, second]).size).toBe(3)
  })

  it.each([
    ['a link twice', (id: string) => [{ id }, { id }], '#/items/1/id', 'duplicate'],
    ['a link that it never had', () => [{ headline: 'A' }, { id: randomUUID() }], '#/items/1/id', 'unknown-link'],
    ['an id that is none', () => [{ id: 'first' }], '#/items/0/id', 'invalid'],
    [
      'an article that is not there',
      () => [
        { headline: 'A' },
        { headline: 'B' },
        { headline: 'C' },
        { target: { kind: 'article', id: randomUUID() } },
      ],
      '#/items/3/target/id',
      'unknown-article',
    ],
    ['a link without words', () => [{ target: url('a') }], '#/items/0/headline', 'invalid'],
    ['nothing at all', () => [{}], '#/items/0/headline', 'invalid'],
    [
      'a target of another kind',
      () => [{ headline: 'A', target: { kind: 'urls', url: 'x' } }],
      '#/items/0/target/kind',
      'not-allowed',
    ],
    [
      'a script',
      () => [{ headline: 'A', target: { kind: 'url', url: 'javascript:alert(1)' } }],
      '#/items/0/target/url',
      'invalid',
    ],
    ['a prominence of its own', () => [{ headline: 'A', prominence: 'hihg' }], '#/items/0/prominence', 'not-allowed'],
    ['a position', () => [{ headline: 'A', position: 4 }], '#/items/0/position', 'unknown-field'],
    ['more than 500', () => Array.from({ length: 501 }, (_, n) => ({ headline: `${n}` })), '#/items', 'too-big'],
  ])('is refused with %s, and leaves the list as it was', async (_what, items, pointer, code) => {
    const { id, list } = await withLinks([{ headline: 'A' }])
    const { body } = await desk.put(linksOf(id), { items: items(idsOf(list)[0] ?? '') }, 1).expect(422)
    expect(body.errors).toEqual([expect.objectContaining({ pointer, code })])
    expect((await desk.get(linksOf(id))).body).toEqual(list)
    expect(await delivered(id)).toHaveLength(1)
  })

  it('does not take a link from another list', async () => {
    const [one, other] = [await withLinks([{ headline: 'A' }]), await withLinks([{ headline: 'A' }])]
    const { body } = await desk.put(linksOf(one.id), { items: [{ id: idsOf(other.list)[0] }] }, 1).expect(422)
    expect(body.errors).toMatchObject([{ code: 'unknown-link' }])
    expect((await desk.get(linksOf(other.id))).body).toEqual(other.list)
  })

  it('takes 500, and no more after them', async () => {
    const { id, list } = await withLinks(Array.from({ length: 500 }, (_, n) => ({ headline: `Link ${n}` })))
    const reversed = await links(
      desk,
      id,
      idsOf(list)
        .reverse()
        .map((each) => ({ id: each })),
      1,
    )
    expect(idsOf(reversed)).toEqual(idsOf(list).reverse())
    const { status } = await desk.change(linksOf(id), 2, { headline: 'One more' })
    expect([409, 422]).toContain(status)
    expect(await delivered(id)).toHaveLength(500)
  })
})

describe('a link to an article of ours', () => {
  it('has the words and the address that the article has now, and its own where it says so', async () => {
    const target = await published(desk, {
      headline: 'First Words',
      kicker: 'World',
      standfirst: 'In short.',
      slug: 'first-words',
    })
    const to = { target: { kind: 'article', id: target.id } }
    const { id } = await withLinks([to])
    const own = await withLinks([{ ...to, headline: 'Our Words' }])
    expect(await delivered(id)).toMatchObject([
      {
        headline: 'First Words',
        kicker: 'World',
        summary: 'In short.',
        target: { slug: 'first-words' },
        publishedAt: target.publishedAt,
      },
    ])
    expect(await delivered(own.id)).toMatchObject([{ headline: 'Our Words', target: { slug: 'first-words' } }])
    await desk.patch(articleAt(target.id), { headline: 'New Words', slug: 'new-words' }, 2).expect(200)
    expect((await delivered(id))[0]).toMatchObject({ headline: 'First Words', target: { slug: 'first-words' } })
    await desk.change(`${articleAt(target.id)}/publish`, 3).expect(200)
    expect(await delivered(id)).toMatchObject([
      { headline: 'New Words', target: { slug: 'new-words' }, url: expect.stringContaining('new-words') },
    ])
    expect(await delivered(own.id)).toMatchObject([{ headline: 'Our Words', target: { slug: 'new-words' } }])
  })

  it('is left out while the article is not public, and positions close up', async () => {
    const secret = await draft(desk, { headline: 'Secret Draft', slug: 'secret-draft' })
    const { id, list } = await withLinks([
      { headline: 'Our words for it', target: { kind: 'article', id: secret.id } },
      { headline: 'Seen' },
    ])
    expect(list.items).toHaveLength(2)
    expect(await delivered(id)).toMatchObject([{ headline: 'Seen', position: 0 }])
    await desk.change(`${articleAt(secret.id)}/publish`, 1).expect(200)
    expect(await delivered(id)).toMatchObject([
      { headline: 'Our words for it', position: 0, target: { slug: 'secret-draft' } },
      { headline: 'Seen', position: 1 },
    ])
    await desk.delete(articleAt(secret.id), 2).expect(200)
    const { text } = await app.nobody.get(`/v1/articles/${id}`).expect(200)
    expect(text).not.toMatch(/secret|Our words/i)
  })

  it('names an unknown article at the field when it is added or patched alone', async () => {
    const { id, list } = await withLinks([{ headline: 'A' }])
    const link = { target: { kind: 'article', id: randomUUID() } }
    for (const refused of [desk.change(linksOf(id), 1, link), desk.patch(linkAt(idsOf(list)[0] ?? ''), link, 1)]) {
      const { body } = await refused.expect(422)
      expect(body.errors).toMatchObject([{ pointer: '#/target/id', code: 'unknown-article' }])
    }
    expect((await desk.get(linksOf(id))).body).toEqual(list)
  })
})
