import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { articleAt, type Desk, draft, published, RAILS, railAt, release, releaseAt } from '../support/builders.ts'

const HOUR = 3_600_000
const clock = testClock()
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock, settings: { PAST: 'public' } })
  desk = await app.withRole('admin')
})

interface Item {
  id: string
  position: number
  headline: string
  backfilled?: boolean
  target: { id: string } | null
  sublinks?: Item[]
}

let made = 0
/** A section that no other test has. */
const ownSection = () => ({ slug: `section-${++made}`, name: 'A section' })
const inMs = (ms: number) => new Date(Date.parse(clock.now()) + ms).toISOString()
const act = (id: string, what: string, body: object = {}) => desk.change(`${articleAt(id)}/${what}`, '*', body)
/** Articles of a section that readers see, each newer than the one before it. */
async function stories(count: number, fields: object): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < count; n++) ids.push((await published(desk, fields)).id)
  return ids
}
const to = (id: string | undefined, own: object = {}) => ({ target: { kind: 'article', id }, ...own })
const newestOf = (slug: string, own: object = {}) => ({ target: { kind: 'section', slug, latest: true }, ...own })
const rail = async (backfill: object | null, items: object[] = [], fields: object = {}): Promise<string> =>
  (await desk.post(RAILS, { key: `rail-${++made}`, title: 'Top', items, backfill, ...fields }).expect(201)).body.key
const read = (key: string, at?: string) =>
  app.nobody.get(`/v1/rails/${key}${at === undefined ? '' : `?at=${encodeURIComponent(at)}`}`).expect(200)
const itemsOf = async (key: string, at?: string): Promise<Item[]> => (await read(key, at)).body.items
/** The articles that a rail shows, or the headlines of what is none. */
const shown = async (key: string, at?: string) =>
  (await itemsOf(key, at)).map(({ target, headline }) => target?.id ?? headline)

describe('a rail that fills up', () => {
  it('has the newest articles after its items, each as a link to it would be', async () => {
    const section = ownSection()
    const image = { url: 'https://images.example/a.jpg', alt: 'A ferry' }
    const fields = { section, kicker: 'Transport', standfirst: 'After nine days.', image, authors: [{ name: 'Jane' }] }
    const [old, placed, newest] = await stories(3, fields)
    const key = await rail({ section: section.slug }, [{ headline: 'Pending' }, to(placed)])
    const items = await itemsOf(key)
    expect(items.map(({ target, headline }) => target?.id ?? headline)).toEqual(['Pending', placed, newest, old])
    expect(items.map(({ position }) => position)).toEqual([0, 1, 2, 3])
    expect(items.map(({ backfilled }) => backfilled)).toEqual([undefined, undefined, true, true])
    const linked = await itemsOf(await rail(null, [to(newest)]))
    expect(items[2]).toEqual({ ...linked[0], id: newest, position: 2, backfilled: true })
    const all: { key: string; items: Item[] }[] = (await app.nobody.get('/v1/rails?limit=100')).body.data
    expect(all.find((each) => each.key === key)?.items).toEqual(items)
  })

  it('finds them by the filters of the list of articles, alone and together', async () => {
    const [here, there] = [ownSection(), ownSection()]
    const [tag, author] = [`tag-${made}`, `author-${made}`]
    for (const section of [here, there]) {
      for (const tags of [[], [{ name: 'Other' }, { slug: tag, name: 'T' }]]) {
        for (const authors of [[], [{ slug: author, name: 'Jane' }]]) await published(desk, { section, tags, authors })
      }
    }
    const grammar = [
      {},
      { section: here.slug },
      { tag },
      { author },
      { tag, author },
      { section: there.slug, tag, author },
    ]
    for (const filters of grammar) {
      const query = new URLSearchParams({ ...filters, limit: '20' })
      const listed: { id: string }[] = (await app.nobody.get(`/v1/articles?${query}`).expect(200)).body.data
      expect(listed.length, `${query}`).toBeGreaterThan(0)
      expect(await shown(await rail(filters)), `${query}`).toEqual(listed.map(({ id }) => id))
    }
    expect(await shown(await rail({ section: 'nowhere' }))).toEqual([])
  })

  it('holds no more than it may: by its limit, its `maxItems`, or twenty items altogether', async () => {
    const section = ownSection()
    const all = (await stories(23, { section })).toReversed()
    const one = { headline: 'One' }
    const lengthOf = async (backfill: object, items: object[], fields?: object) =>
      (await shown(await rail({ section: section.slug, ...backfill }, items, fields))).length
    expect(await shown(await rail({ section: section.slug }, [one]))).toEqual(['One', ...all.slice(0, 19)])
    expect(await lengthOf({ limit: 2 }, [one])).toBe(3)
    expect(await lengthOf({ limit: 100 }, [one])).toBe(24)
    expect(await lengthOf({}, [one], { maxItems: 22 })).toBe(22)
    expect(await lengthOf({ limit: 3 }, [one], { maxItems: 3 })).toBe(3)
    expect(await lengthOf({}, [one], { maxItems: 1 })).toBe(1)
    expect(
      await lengthOf(
        {},
        Array.from({ length: 21 }, (_, n) => ({ headline: `${n}` })),
      ),
    ).toBe(21)
    // What is not seen takes no place.
    expect(await lengthOf({}, [one, { headline: 'Later', startsAt: inMs(HOUR) }], { maxItems: 2 })).toBe(2)
  })

  it('keeps pinned items at their place among all that it shows', async () => {
    const section = ownSection()
    const [a, b, c] = await stories(3, { section })
    const items = [{ headline: 'Pinned', pin: 2 }, { headline: 'One' }, { headline: 'Last', pin: 9 }]
    const key = await rail({ section: section.slug }, items)
    expect(await shown(key)).toEqual(['One', c, 'Pinned', b, a, 'Last'])
    for (const id of [a, b]) await act(id ?? '', 'withdraw').expect(200)
    expect(await shown(key)).toEqual(['One', c, 'Pinned', 'Last'])
  })

  it('never shows what is not public, and what is as soon as it is', async () => {
    const section = ownSection()
    const fields = { section, headline: 'Canary' }
    const hidden = await draft(desk, fields)
    const later = await draft(desk, fields)
    await act(later.id, 'publish', { liveFrom: inMs(HOUR), embargo: true }).expect(200)
    const [withdrawn = '', killed = '', trashed = ''] = await stories(3, fields)
    const key = await rail({ section: section.slug })
    const before = clock.now()
    expect(await shown(key)).toEqual([trashed, killed, withdrawn])
    await act(withdrawn, 'withdraw').expect(200)
    await act(killed, 'kill', { reason: 'legal' }).expect(200)
    await desk.delete(articleAt(trashed), '*').expect(200)
    const { text } = await read(key)
    expect(text).not.toContain('Canary')
    expect(await shown(key)).toEqual([])
    expect(await shown(key, before)).toEqual([trashed, withdrawn])
    await act(hidden.id, 'publish').expect(200)
    expect(await shown(key)).toEqual([hidden.id])
    expect(await shown(key, before)).toEqual([trashed, withdrawn])
    // In the future, for who may know of it.
    const inAnHour = await desk.get(`/v1/rails/${key}?at=${inMs(2 * HOUR)}`).expect(200)
    expect(inAnHour.body.items.map(({ id }: Item) => id)).toEqual([later.id, hidden.id])
    clock.pass(HOUR)
    expect(await shown(key)).toEqual([later.id, hidden.id])
  })

  it('lacks nothing by a clock that was set back, when the ticker has been ahead of it', async () => {
    const section = ownSection()
    const tags = [{ slug: section.slug, name: 'T' }]
    const { id } = await draft(desk, { section, tags })
    await act(id, 'publish', { liveUntil: inMs(HOUR) }).expect(200)
    const keys = [
      await rail({ section: section.slug }),
      await rail({ tag: section.slug }),
      await rail(null, [newestOf(section.slug)]),
    ]
    clock.pass(2 * HOUR)
    while (await app.services.ticker.tick());
    for (const key of keys) expect(await shown(key)).toEqual([])
    clock.pass(-1.5 * HOUR)
    for (const key of keys) expect(await shown(key)).toEqual([id])
    clock.pass(1.5 * HOUR)
  })

  it('has another tag when what it shows changes, and the same while nothing that readers see does', async () => {
    const section = ownSection()
    const [first = ''] = await stories(1, { section })
    const key = await rail({ section: section.slug }, [{ headline: 'One' }])
    const before = await read(key)
    await draft(desk, { section })
    await published(desk, { section: ownSection() })
    await desk.patch(articleAt(first), { headline: 'Not yet' }, '*').expect(200)
    const same = await read(key)
    expect([same.text, same.headers.etag]).toEqual([before.text, before.headers.etag])
    await app.nobody
      .get(`/v1/rails/${key}`)
      .set('if-none-match', before.headers.etag ?? '')
      .expect(304)
    await act(first, 'publish').expect(200)
    const changed = await read(key)
    expect(changed.body.items[1].headline).toBe('Not yet')
    expect(changed.headers.etag).not.toBe(before.headers.etag)
    await published(desk, { section })
    expect((await read(key)).headers.etag).not.toBe(changed.headers.etag)
  })
})

describe('no story is twice in a rail', () => {
  it('not by filling up with what stands there already, be it below another headline', async () => {
    const section = ownSection()
    const [a, b, c, d] = await stories(4, { section })
    const items = [
      to(b),
      { headline: 'Top', sublinks: [to(d)] },
      { headline: 'Elsewhere', target: { kind: 'url', url: 'https://e.example/' } },
    ]
    expect(await shown(await rail({ section: section.slug }, items))).toEqual([b, 'Top', 'Elsewhere', c, a])
  })

  it('not by the newest of a section or tag, which is then the newest that is not there', async () => {
    const section = ownSection()
    const tags = [{ slug: section.slug, name: 'T' }]
    const [a, b, c] = await stories(3, { section, tags })
    const byTag = { target: { kind: 'tag', slug: section.slug, latest: true } }
    expect(await shown(await rail(null, [newestOf(section.slug), to(c)]))).toEqual([b, c])
    expect(await shown(await rail(null, [newestOf(section.slug), byTag]))).toEqual([c, b])
    expect(await shown(await rail({ section: section.slug }, [newestOf(section.slug, { pin: 1 })]))).toEqual([b, c, a])
    expect(await shown(await rail(null, [to(a), to(b), to(c), byTag, { headline: 'Last' }]))).toEqual([a, b, c, 'Last'])
  })

  it('and of two links to it the earlier one stays, what is below a headline counting right after it', async () => {
    const [a = '', b = ''] = await stories(2, {})
    const items = [
      { headline: 'Top', sublinks: [to(a), to(b), to(a, { headline: 'Again' }), { headline: 'Words' }] },
      to(b, { headline: 'Own' }),
      { headline: 'Words' },
    ]
    const list = await itemsOf(await rail(null, items))
    // Words may be there twice: they are no story of ours.
    expect(list.map(({ headline }) => headline)).toEqual(['Top', 'Words'])
    expect(list[0]?.sublinks?.map(({ target, headline }) => target?.id ?? headline)).toEqual([a, b, 'Words'])
  })

  it('but a link that readers do not see takes nothing', async () => {
    const section = ownSection()
    const [a, b] = await stories(2, { section })
    const later = { startsAt: inMs(HOUR) }
    const hidden = await draft(desk)
    const items = [
      to(b, later),
      { headline: 'Later', ...later, sublinks: [to(a)] },
      to(hidden.id, { sublinks: [to(a)] }),
      newestOf('nowhere', { sublinks: [to(a)] }),
    ]
    expect(await shown(await rail({ section: section.slug }, items))).toEqual([b, a])
    // The only article of the section is placed already: the link finds nothing, and its sublink is free for others.
    const alone = ownSection()
    const [only] = await stories(1, { section: alone })
    const [y, z] = await stories(2, {})
    const others = ownSection()
    const more = (await stories(3, { section: others })).toReversed()
    const found = newestOf(alone.slug, { sublinks: [to(a)] })
    expect(await shown(await rail({ section: section.slug, limit: 1 }, [to(only), to(b), found]))).toEqual([only, b, a])
    // Then two headlines become one with both below it, and there is room for one more.
    const full = [to(only), found, to(a, { sublinks: [to(y), to(z)] }), to(y), to(z)]
    expect(await shown(await rail({ section: others.slug }, full, { maxItems: 5 }))).toEqual([only, a, ...more])
  })

  it('and that goes for the links of an article too', async () => {
    const section = ownSection()
    const [a, b] = await stories(2, { section })
    const { id } = await published(desk)
    await desk.put(`${articleAt(id)}/headlines`, { items: [newestOf(section.slug), to(b)] }, 0).expect(200)
    const { body } = await app.nobody.get(`/v1/articles/${id}`).expect(200)
    expect(body.headlines.map(({ target }: Item) => target?.id)).toEqual([a, b])
  })
})

describe('at the desk', () => {
  it('what fills a rail up is written like the rest of it, and emptied', async () => {
    const key = await rail({ section: 'world', limit: 5 })
    const backfillAfter = async (write: Promise<{ body: { backfill: object | null } }>) => (await write).body.backfill
    const patch = (backfill: object | null) => backfillAfter(desk.patch(railAt(key), { backfill }, '*').expect(200))
    expect((await desk.get(railAt(key))).body.backfill).toEqual({ section: 'world', limit: 5 })
    // A merge patch goes into it.
    expect(await patch({ tag: 'talks', limit: null })).toEqual({ section: 'world', tag: 'talks' })
    expect(await patch(null)).toBe(null)
    expect(await patch({})).toEqual({})
    const operations = [{ op: 'add', path: '/backfill/author', value: 'jane-doe' }]
    const patched = desk
      .patch(railAt(key), operations, '*')
      .set('content-type', 'application/json-patch+json')
      .expect(200)
    expect(await backfillAfter(patched)).toEqual({ author: 'jane-doe' })
    const items = desk.put(`${railAt(key)}/items`, { items: [{ headline: 'One' }] }, '*').expect(200)
    expect(await backfillAfter(items)).toEqual({ author: 'jane-doe' })
    expect(await backfillAfter(desk.put(railAt(key), { title: 'Top', items: [] }, '*').expect(200))).toBe(null)

    const versions = (await desk.get(`${railAt(key)}/versions`)).body.data
    const oldest = versions.at(-1).version
    expect((await desk.get(`${railAt(key)}/versions/${oldest}`)).body.backfill).toEqual({ section: 'world', limit: 5 })
    const restored = desk.change(`${railAt(key)}/versions/${oldest}/restore`, '*').expect(200)
    expect(await backfillAfter(restored)).toEqual({ section: 'world', limit: 5 })
    expect((await desk.get('/v1/editorial/audit?limit=1')).body.data[0].subject.changed).toContain('backfill')
    expect((await read(key)).body).not.toHaveProperty('backfill')
  })

  it('a filter that there is not, or no number of items, is refused by name', async () => {
    const faults: [object, string][] = [
      [{ sections: 'world' }, '#/backfill/sections'],
      [{ section: '' }, '#/backfill/section'],
      [{ tag: ['talks'] }, '#/backfill/tag'],
      [{ author: 'x'.repeat(201) }, '#/backfill/author'],
      [{ limit: 0 }, '#/backfill/limit'],
      [{ limit: 101 }, '#/backfill/limit'],
      [{ limit: 1.5 }, '#/backfill/limit'],
      [[], '#/backfill'],
    ]
    const key = await rail(null)
    for (const [backfill, pointer] of faults) {
      const sent = [
        desk.post(RAILS, { key: 'no', title: 'x', backfill }),
        desk.put(railAt(key), { title: 'x', items: [], backfill }, 1),
        desk.patch(railAt(key), { backfill }, 1),
      ]
      for (const each of sent) expect((await each.expect(422)).body.errors, pointer).toMatchObject([{ pointer }])
    }
    expect((await desk.get(railAt(key))).body).toMatchObject({ version: 1, backfill: null })
  })

  it('another way to fill up is seen by readers, another most of items only where it does', async () => {
    const key = await rail(null, [{ headline: 'One' }])
    const changes: [object, boolean][] = [
      [{ maxItems: 5 }, false],
      [{ backfill: { tag: `tag-${made}` } }, true],
      [{ maxItems: 6 }, true],
      [{ backfill: { limit: 3 } }, true],
      [{ followsStories: false }, false],
      [{ backfill: null }, true],
    ]
    for (const [change, isSeen] of changes) {
      const before = (await read(key)).body.updatedAt
      await desk.patch(railAt(key), change, '*').expect(200)
      expect((await read(key)).body.updatedAt !== before, JSON.stringify(change)).toBe(isSeen)
    }
  })

  it('a release changes the items and not how the rail fills up, also where that is changed meanwhile', async () => {
    const [one, two] = [ownSection(), ownSection()]
    const [a, b] = [await published(desk, { section: one }), await published(desk, { section: two })]
    const key = await rail({ section: one.slug }, [{ headline: 'Now' }])
    const { id } = await release(desk, [{ kind: 'rail', key, items: [{ headline: 'Then' }] }])
    await desk.change(`${releaseAt(id)}/schedule`, '*', { liveFrom: inMs(HOUR) }).expect(200)
    const then = inMs(2 * HOUR)
    const planned = async () =>
      (await desk.get(`/v1/rails/${key}?at=${then}`)).body.items.map((each: Item) => each.target?.id ?? each.headline)
    expect([await shown(key), await planned()]).toEqual([
      ['Now', a.id],
      ['Then', a.id],
    ])
    await desk.patch(railAt(key), { backfill: { section: two.slug } }, '*').expect(200)
    expect([await shown(key), await planned()]).toEqual([
      ['Now', b.id],
      ['Then', b.id],
    ])
    await desk.patch(railAt(key), { backfill: null }, '*').expect(200)
    expect([await shown(key), await planned()]).toEqual([['Now'], ['Then']])
    clock.pass(HOUR)
    expect(await shown(key)).toEqual(['Then'])
  })
})
