import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { PlacedLink } from '../../src/headlines/place-schema.ts'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import {
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
import { runs } from '../support/rounds.ts'

const HOUR = 3_600_000
const LINKS = '/v1/editorial/headline-links'
const PENDING = `${LINKS}?state=pending`
const clock = testClock()
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock })
  desk = await app.withRole('editor')
})

let count = 0
async function rail(items: object[]) {
  const key = `below-${++count}`
  return (await desk.post(RAILS, { key, title: `Rail ${count}`, items }).expect(201)).body
}
const url = (name: string) => ({ kind: 'url', url: `https://news.example/${name}` })
const later = (ms: number) => new Date(Date.parse(clock.now()) + ms).toISOString()

/** The pages of a question from first to last, each of which must be full but for the last. */
async function pages(path: string, limit: number): Promise<PlacedLink[]> {
  const all: PlacedLink[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ limit: String(limit), ...(cursor && { cursor }) })
    const { data, page } = (await desk.get(`${path}${path.includes('?') ? '&' : '?'}${query}`).expect(200)).body
    if (page.next !== null) expect(data).toHaveLength(limit)
    all.push(...data)
    cursor = page.next
  }
  return all
}
const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id)
const newestFirst = (ids: string[]) => ids.toSorted().reverse()

describe('headlines below others', () => {
  it('are a hundred in one list: every link is on one page of all, and every one without a story on one of those', async () => {
    const below = (n: number) =>
      [1, 2, 3, 4, 5].map((each) => ({ headline: `Below ${n}.${each}`, ...((n + each) % 2 && { target: url('a') }) }))
    const items = Array.from({ length: 20 }, (_, n) => ({
      headline: `Above ${n}`,
      ...(n % 3 && { target: url(`above-${n}`) }),
      sublinks: below(n),
    }))
    const { items: made } = await rail(items)
    const all = await pages(LINKS, 100)
    const pending = await pages(PENDING, 100)
    expect(idsOf(all)).toEqual(newestFirst(idsOf(made)))
    expect(all.every(({ parentId, sublinks }) => parentId === null && sublinks.length === 5)).toBe(true)
    type Made = { id: string; target: object | null; sublinks: Made[] }
    const each: Made[] = made.flatMap((link: Made) => [link, ...link.sublinks])
    const waits = each.filter(({ target }) => target === null)
    expect(waits).toHaveLength(7 + 50)
    expect(idsOf(pending)).toEqual(newestFirst(idsOf(waits)))
    for (const { id, parentId } of pending) {
      const above = made.find(({ sublinks }: Made) => sublinks.some((one) => one.id === id))
      expect(parentId).toBe(above?.id ?? null)
    }
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 99 }), async (limit) => {
        expect(await pages(LINKS, limit)).toEqual(all)
        expect(await pages(PENDING, limit)).toEqual(pending)
      }),
      { ...runs(3), examples: [[3], [57]] },
    )
  })

  it('have the shape of a link wherever they are shown, what they do not have being empty', async () => {
    const owner = await draft(desk, { headline: 'The Owner' })
    const sublinks = [
      { headline: 'Below', kicker: 'Sport' },
      { target: { kind: 'article', id: (await published(desk)).id } },
    ]
    const above = { headline: 'Above', target: url('x'), label: 'live', note: 'Ours', followsStory: false, sublinks }
    const { items } = await links(desk, owner.id, [{ headline: 'First' }, above], 0)
    const [one, two] = items[1]?.sublinks ?? []
    const shown = {
      ...items[1],
      ...one,
      label: null,
      note: null,
      sublinks: [],
      parentId: items[1]?.id,
      state: 'pending',
    }
    const list = { articleId: owner.id, railKey: null, version: 1 }
    const got = await desk.get(linkAt(one?.id ?? '')).expect(200)
    expect(got.body).toEqual({ ...shown, list })
    expect(got.headers.etag).toBe('"1"')
    expect((await desk.get(linkAt(two?.id ?? ''))).body).toMatchObject({ ...two, state: 'ok', parentId: items[1]?.id })
    expect((await desk.get(linkAt(items[1]?.id ?? ''))).body).toEqual({ ...items[1], parentId: null, list })
    const [listed] = (await desk.get(`${PENDING}&limit=1`).expect(200)).body.data
    expect(listed).toEqual({ ...shown, list: { ...list, title: 'The Owner' } })
  })

  it('are seen by readers where the link above is, and say so', async () => {
    const state = async (above: object, below: object) => {
      const { key, items } = await rail([{ headline: 'Above', ...above, sublinks: [{ headline: 'Below', ...below }] }])
      const read = (await app.nobody.get(`/v1/rails/${key}`).expect(200)).body.items
      const { body } = await desk.get(linkAt(items[0].sublinks[0].id)).expect(200)
      return { state: body.state, isRead: read[0]?.sublinks !== undefined }
    }
    const hidden = { target: { kind: 'article', id: (await draft(desk)).id } }
    expect(await state({ target: url('a') }, {})).toEqual({ state: 'pending', isRead: true })
    expect(await state({}, { target: url('a') })).toEqual({ state: 'ok', isRead: true })
    expect(await state({}, hidden)).toEqual({ state: 'unpublished', isRead: false })
    expect(await state(hidden, { target: url('a') })).toEqual({ state: 'unpublished', isRead: false })
    expect(await state({ startsAt: later(HOUR) }, {})).toEqual({ state: 'scheduled', isRead: false })
    expect(await state({ endsAt: later(-HOUR) }, {})).toEqual({ state: 'expired', isRead: false })
  })

  it('are written as fields of the link above: a write of one alone is refused, says where to, and changes nothing', async () => {
    const { key, items } = await rail([{ headline: 'Above', sublinks: [{ headline: 'Below' }] }])
    const [{ id: parentId, sublinks }] = items
    const at = linkAt(sublinks[0].id)
    await desk.patch(at, { headline: 'New' }).expect(428)
    for (const sent of [desk.patch(at, { headline: 'New' }, 1), desk.patch(at, {}, '*'), desk.delete(at, 1)]) {
      const { body, headers } = await sent.expect(405)
      expect(body).toMatchObject({ code: 'method-not-allowed', parentId })
      expect(body.detail).toContain(`\`sublinks\` of that one, the link ${parentId}.`)
      expect(headers.allow).toBe('GET, HEAD, OPTIONS')
    }
    const { body } = await desk.get(railAt(key)).expect(200)
    expect(body).toMatchObject({ version: 1, items })
    const patch = { sublinks: [{ id: sublinks[0].id, headline: 'New' }] }
    await desk.patch(linkAt(parentId), patch, 1).expect(200)
    expect((await desk.get(at).expect(200)).body).toMatchObject({ headline: 'New', list: { railKey: key, version: 2 } })
    await desk.patch(linkAt(parentId), { sublinks: [] }, 2).expect(200)
    await desk.get(at).expect(404)
    await desk.delete(at, 3).expect(404)
  })

  it('leave those without a story when theirs is published, and when the link above goes', async () => {
    const word = `Leaves ${++count}`
    const sublinks = [{ headline: `${word} story` }, { headline: `${word} goes` }]
    const { key, items } = await rail([{ headline: 'Above', target: url('x'), sublinks }])
    const left = async () =>
      (await pages(PENDING, 100)).map(({ headline }) => headline).filter((headline) => headline?.startsWith(word))
    expect(await left()).toEqual([`${word} goes`, `${word} story`])
    const story = await published(desk, { headline: `${word} Story` })
    expect(await left()).toEqual([`${word} goes`])
    const { body } = await desk.get(linkAt(items[0].sublinks[0].id)).expect(200)
    expect(body).toMatchObject({ headline: null, target: { kind: 'article', id: story.id }, state: 'ok' })
    await desk.delete(linkAt(items[0].id), 2).expect(204)
    expect(await left()).toEqual([])
    await desk.get(linkAt(items[0].sublinks[1].id)).expect(404)
    // Brought back, they wait again.
    await desk.change(`${railAt(key)}/versions/1/restore`, 3).expect(200)
    expect(await left()).toEqual([`${word} goes`, `${word} story`])
  })

  it('fill the pages also where a release has just taken many links away, and nobody has noted that yet', async () => {
    const word = `Gone ${++count}`
    const waits = (n: number) => ({ headline: `${word} ${n}`, sublinks: [{ headline: `${word} below ${n}` }] })
    const items = Array.from({ length: 150 }, (_, n) => waits(n))
    const { key, items: made } = await rail(items)
    const owner = await draft(desk)
    await desk.change(linksOf(owner.id), 0, { headline: 'Newest' }).expect(201)
    const { id } = await release(desk, [{ kind: 'rail', key, items: [{ id: made[0].id }] }])
    await desk.change(`${releaseAt(id)}/schedule`, 1, { liveFrom: later(HOUR) }).expect(200)
    clock.pass(HOUR)
    for (const path of [LINKS, PENDING]) {
      const unnoted = await pages(path, 5)
      expect(unnoted[0]?.headline).toBe('Newest')
      const kept = unnoted.filter(({ headline }) => headline?.startsWith(word))
      expect(kept.map(({ headline }) => headline)).toEqual(
        path === LINKS ? [`${word} 0`] : [`${word} below 0`, `${word} 0`],
      )
    }
    const before = await pages(PENDING, 100)
    await app.services.ticker.tick()
    expect(await pages(PENDING, 7)).toEqual(before)
  })
})
