import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import {
  articleAt,
  type Desk,
  draft,
  linkAt,
  links,
  linksOf,
  published,
  RAILS,
  railAt,
  release,
  releaseAt,
} from '../support/builders.ts'

const HOUR = 3_600_000
const LINKS = '/v1/editorial/headline-links'
const clock = testClock()
let app: TestApp
let desk: Desk
let writer: Desk
let another: Desk
beforeAll(async () => {
  app = await startApp({ clock })
  desk = await app.withRole('editor')
  writer = await app.withRole('contributor', 'A contributor')
  another = await app.withRole('contributor', 'Another one')
})

let count = 0
async function rail(items: object[]) {
  const key = `places-${++count}`
  return (await desk.post(RAILS, { key, title: `Rail ${count}`, items }).expect(201)).body
}
interface Row {
  id: string
  linkId: string
  headline: string | null
  position: number
  list: { articleId: string | null; railKey: string | null; title: string; version: number }
}

/** All rows of a list, page by page; walked back from its end they must be the same. */
async function walk(who: Desk, path: string, limit = 100): Promise<Row[]> {
  const rows: Row[] = []
  const pages: Row[][] = []
  const with_ = (cursor: string | null) =>
    `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`
  let cursor: string | null = null
  let previous: string | null = null
  do {
    const { body }: { body: { data: Row[]; page: { next: string | null; previous: string | null } } } = await who
      .get(with_(cursor))
      .expect(200)
    pages.push(body.data)
    rows.push(...body.data)
    cursor = body.page.next
    previous = body.page.previous
  } while (cursor !== null)
  for (const page of pages.slice(0, -1).toReversed()) {
    const { body } = await who.get(with_(previous)).expect(200)
    expect(body.data).toEqual(page)
    previous = body.page.previous
  }
  return rows
}
const headlines = (rows: Row[]) => rows.map(({ headline }) => headline)

describe('the links that still have no story', () => {
  it('are listed newest first, each with its list and its place there, in pages of any length', async () => {
    const word = `Pending ${++count}`
    const top = await rail([
      { headline: `${word} A` },
      { headline: 'x', target: { kind: 'url', url: 'https://a.example/' } },
    ])
    const owner = await published(desk, { headline: 'The Owner' })
    await links(desk, owner.id, [{ headline: 'Else' }, { headline: `${word} B` }, { headline: `${word} C` }], 0)
    const all = await walk(desk, `${LINKS}?state=pending`)
    const own = all.filter(({ headline }) => headline?.startsWith(word))
    expect(headlines(own)).toEqual([`${word} C`, `${word} B`, `${word} A`])
    expect(own[0]).toMatchObject({
      position: 2,
      list: { articleId: owner.id, railKey: null, title: 'The Owner', version: 1 },
      target: null,
      followsStory: true,
    })
    expect(own[2]).toMatchObject({ position: 0, list: { articleId: null, railKey: top.key, title: top.title } })
    for (const limit of [1, 2]) expect(await walk(desk, `${LINKS}?state=pending`, limit)).toEqual(all)
    const ids = all.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted().toReversed())
    const every = await walk(desk, LINKS)
    expect(every.length).toBeGreaterThan(all.length)
    expect(headlines(every)).toContain('x')
    expect(headlines(all)).not.toContain('x')
  })

  it('are fewer once a link is pointed, by hand or by its story, removed, or put away with its article', async () => {
    const word = `Gone ${++count}`
    const top = await rail([{ headline: `${word} hand` }, { headline: `${word} story` }, { headline: `${word} out` }])
    const owner = await draft(desk)
    await links(desk, owner.id, [{ headline: `${word} trash` }], 0)
    const left = async () =>
      headlines(await walk(desk, `${LINKS}?state=pending`)).filter((each) => each?.startsWith(word))
    expect(await left()).toHaveLength(4)
    await published(desk, { headline: `${word} Story` })
    const target = { kind: 'article', id: (await published(desk)).id }
    await desk.patch(linkAt(top.items[0].id), { target }, 2).expect(200)
    await desk.delete(linkAt(top.items[2].id), 3).expect(204)
    expect(await left()).toEqual([`${word} trash`])
    await desk.delete(articleAt(owner.id), '*').expect(200)
    expect(await left()).toEqual([])
  })

  it('are for contributors those of their own drafts, as long as these are drafts', async () => {
    await rail([{ headline: 'Of a rail' }])
    const own = await draft(writer, { headline: 'Own' })
    await links(writer, own.id, [{ headline: 'Of my own' }], 0)
    const theirs = await draft(another, { headline: 'Theirs' })
    await links(another, theirs.id, [{ headline: 'Of theirs' }], 0)
    for (const path of [LINKS, `${LINKS}?state=pending`]) {
      expect(headlines(await walk(writer, path))).toEqual(['Of my own'])
      expect(headlines(await walk(another, path))).toEqual(['Of theirs'])
      // Not even the pages tell that there are others.
      for (const who of [writer, another]) {
        const { body } = await who.get(`${path}${path === LINKS ? '?' : '&'}limit=1`).expect(200)
        expect([body.data.length, body.page.next, body.page.previous]).toEqual([1, null, null])
      }
    }
    await desk.change(`${articleAt(own.id)}/publish`, '*').expect(200)
    expect(await walk(writer, LINKS)).toEqual([])
  })

  it('are refused with a state that there is not, a cursor of another list, or another parameter', async () => {
    await rail([{ headline: 'One' }, { headline: 'Two' }])
    const { body } = await desk.get(`${LINKS}?state=pending&limit=1`).expect(200)
    await desk.get(`${LINKS}?limit=1&cursor=${body.page.next}`).expect(400)
    expect((await desk.get(`${LINKS}?state=dangling`).expect(400)).body.errors).toMatchObject([{ pointer: 'state' }])
    await desk.get(`${LINKS}?status=pending`).expect(400)
  })
})

describe('where an article is used', () => {
  const placements = (who: Desk, id: string) => walk(who, `${articleAt(id)}/placements`)

  it('is told with list, place and version, newest link first', async () => {
    const { id, headline } = await published(desk)
    const target = { kind: 'article', id }
    const top = await rail([{ headline: 'Before' }, { target }, { headline: 'Above', sublinks: [{ target }] }])
    const owner = await draft(desk, { headline: 'The Owner' })
    const list = await links(desk, owner.id, [{ target }], 0)
    const waiting = await rail([{ headline }])
    await desk.change(`${articleAt(id)}/publish`, '*').expect(200)
    const inRail = { articleId: null, railKey: top.key, title: top.title, version: 1 }
    const all = await placements(desk, id)
    expect(all).toEqual([
      {
        linkId: waiting.items[0].id,
        position: 0,
        list: { articleId: null, railKey: waiting.key, title: waiting.title, version: 2 },
      },
      {
        linkId: list.items[0]?.id,
        position: 0,
        list: { articleId: owner.id, railKey: null, title: 'The Owner', version: 1 },
      },
      { linkId: top.items[2].sublinks[0].id, position: 2, list: inRail },
      { linkId: top.items[1].id, position: 1, list: inRail },
    ])
    expect(await walk(desk, `${articleAt(id)}/placements`, 1)).toEqual(all)
    await desk.put(`${railAt(top.key)}/items`, { items: [{ id: top.items[1].id }] }, 1).expect(200)
    const moved = await placements(desk, id)
    expect(moved.slice(2)).toEqual([{ linkId: top.items[1].id, position: 0, list: { ...inRail, version: 2 } }])
    await desk.change(`${articleAt(id)}/withdraw`, '*').expect(200)
    expect(await placements(desk, id)).toEqual(moved)
  })

  it('is what a release has brought, once it has come', async () => {
    const { id } = await published(desk)
    const top = await rail([{ headline: 'Before' }])
    const items = [{ target: { kind: 'article', id } }]
    const { id: one } = await release(desk, [{ kind: 'rail', key: top.key, items }])
    await desk
      .change(`${releaseAt(one)}/schedule`, 1, { liveFrom: new Date(Date.parse(clock.now()) + HOUR).toISOString() })
      .expect(200)
    expect(await placements(desk, id)).toEqual([])
    clock.pass(HOUR)
    await app.services.ticker.tick()
    expect(await placements(desk, id)).toMatchObject([{ position: 0, list: { railKey: top.key, version: 3 } }])
  })

  it('is for contributors only what they may know of, and only of what they may read', async () => {
    const own = await draft(writer)
    const target = { kind: 'article', id: own.id }
    await rail([{ target }])
    await links(desk, (await draft(desk)).id, [{ target }], 0)
    const mine = await draft(writer, { headline: 'Mine' })
    await writer.put(linksOf(mine.id), { items: [{ target }] }, 0).expect(200)
    expect(await placements(desk, own.id)).toHaveLength(3)
    expect(await placements(writer, own.id)).toMatchObject([{ list: { articleId: mine.id, title: 'Mine' } }])
    const { body } = await writer.get(`${articleAt(own.id)}/placements?limit=1`).expect(200)
    expect([body.data.length, body.page.next]).toEqual([1, null])
    await another.get(`${articleAt(own.id)}/placements`).expect(404)
    await desk.get(`${articleAt('019b0f61-2c44-7d10-8a55-0a6f3f1f9bee')}/placements`).expect(404)
  })
})
