import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { articleAt, type Desk, draft, linkAt, links, linksOf, published, RAILS, railAt } from '../support/builders.ts'

const clock = testClock()
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ clock, settings: { PAST: 'public' } })
  desk = await app.withRole('editor')
})

let made = 0
const inMs = (ms: number) => new Date(Date.parse(clock.now()) + ms).toISOString()
const publish = (id: string) => desk.change(`${articleAt(id)}/publish`, '*').expect(200)
const rail = async (items: object[], fields: object = {}): Promise<string> =>
  (await desk.post(RAILS, { key: `rail-${++made}`, title: 'Top', items, ...fields }).expect(201)).body.key
const read = (key: string, query = '') => app.nobody.get(`/v1/rails/${key}${query}`).expect(200)
const headlines = (list: { headline: string }[]) => list.map(({ headline }) => headline)
const seen = async (key: string, query?: string) => headlines((await read(key, query)).body.items)
const statesOf = async (key: string, who = desk) =>
  (await who.get(railAt(key)).expect(200)).body.items.map(({ state }: { state: string }) => state)

describe('a link with a time of its own', () => {
  it('is seen from its start until its end, computed from the clock, also for another instant', async () => {
    const [startsAt, endsAt] = [inMs(60_000), inMs(120_000)]
    const key = await rail([{ headline: 'Always' }, { headline: 'Timed', startsAt, endsAt }, { headline: 'Last' }])
    const before = clock.now()
    expect(await seen(key)).toEqual(['Always', 'Last'])
    expect(await statesOf(key)).toEqual(['pending', 'scheduled', 'pending'])
    clock.pass(61_000)
    const { body } = await read(key)
    expect(headlines(body.items)).toEqual(['Always', 'Timed', 'Last'])
    expect(body.items[1]).not.toHaveProperty('startsAt')
    expect(body.items.map(({ position }: { position: number }) => position)).toEqual([0, 1, 2])
    expect(await statesOf(key)).toEqual(['pending', 'pending', 'pending'])
    const during = clock.now()
    clock.pass(60_000)
    expect(await seen(key)).toEqual(['Always', 'Last'])
    expect(await statesOf(key)).toEqual(['pending', 'expired', 'pending'])
    const at = (instant: string) => `?at=${encodeURIComponent(instant)}`
    expect(await seen(key, at(before))).toEqual(['Always', 'Last'])
    expect(await seen(key, at(during))).toHaveLength(3)
    // The instant of the end is not in it, that of the start is.
    expect([await seen(key, at(startsAt)), await seen(key, at(endsAt))].map(({ length }) => length)).toEqual([3, 2])
  })

  it('leaves no trace where it is not seen: not a byte, not a tag, not an instant', async () => {
    const { id } = await published(desk)
    const { items } = await links(desk, id, [{ headline: 'One' }], 0)
    const key = await rail([{ headline: 'One' }])
    const answers = () => Promise.all([read(key), app.nobody.get(`/v1/articles/${id}`)])
    const before = await answers()
    const hidden = [
      {
        headline: 'Canary',
        startsAt: inMs(3_600_000),
        pin: 0,
        target: { kind: 'url', url: 'https://canary.example/' },
      },
      { headline: 'Canary', endsAt: inMs(-1), label: 'Canary' },
      { target: { kind: 'tag', slug: 'canary', latest: true } },
      { target: { kind: 'article', id: (await draft(desk, { headline: 'Canary' })).id }, pin: 1 },
    ]
    await desk.put(linksOf(id), { items: [...hidden, { id: items[0]?.id }] }, 1).expect(200)
    const operations = hidden.map((item) => ({ op: 'insert', item, place: 'first' }))
    await desk.change(`${railAt(key)}/operations`, 1, { operations }).expect(200)
    for (const [n, { text, headers }] of (await answers()).entries()) {
      expect([text, headers.etag]).toEqual([before[n]?.text, before[n]?.headers.etag])
    }
    // Nor does another time of what is seen, as long as it is.
    const [, , , , last] = (await desk.get(railAt(key))).body.items
    await desk.patch(linkAt(last.id), { endsAt: inMs(3_600_000) }, '*').expect(200)
    expect((await read(key)).text).toBe(before[0].text)
  })

  it('must end after it starts', async () => {
    const [startsAt, endsAt] = ['2026-12-01T06:00:00+01:00', '2026-12-01T05:00:00Z']
    const { body } = await desk
      .post(RAILS, { key: 'no', title: 'x', items: [{ headline: 'A', startsAt, endsAt }] })
      .expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#/items/0/endsAt' }])
    const key = await rail([{ headline: 'A', startsAt }])
    const [{ id, startsAt: stored }] = (await desk.get(railAt(key))).body.items
    expect(stored).toBe('2026-12-01T05:00:00.000Z')
    await desk.patch(linkAt(id), { endsAt }, 1).expect(422)
    await desk.patch(linkAt(id), { endsAt: 'tomorrow' }, 1).expect(422)
  })
})

describe('pinned links', () => {
  it('keep their place while others come and go, as near to it as there are links', async () => {
    const [coming, going] = [await draft(desk), await published(desk)]
    const to = (id: string) => ({ target: { kind: 'article', id }, headline: id })
    const key = await rail([
      to(coming.id),
      { headline: 'P9', pin: 9 },
      to(going.id),
      { headline: 'P1', pin: 1 },
      { headline: 'N' },
    ])
    expect(await seen(key)).toEqual([going.id, 'P1', 'N', 'P9'])
    await publish(coming.id)
    expect(await seen(key)).toEqual([coming.id, 'P1', going.id, 'N', 'P9'])
    for (const id of [coming.id, going.id]) await desk.change(`${articleAt(id)}/withdraw`, '*').expect(200)
    const { items } = (await read(key)).body
    expect(headlines(items)).toEqual(['N', 'P1', 'P9'])
    expect(items.map((each: { position: number; pinned: boolean }) => [each.position, each.pinned])).toEqual([
      [0, false],
      [1, true],
      [2, true],
    ])
  })

  it('that want the same place stand in the order of the desk', async () => {
    const key = await rail([
      { headline: 'A' },
      { headline: 'B', pin: 0 },
      { headline: 'C', pin: 0 },
      { headline: 'D', pin: 2 },
    ])
    expect(await seen(key)).toEqual(['B', 'C', 'D', 'A'])
    const end = await rail([
      { headline: 'A', pin: 9 },
      { headline: 'B', pin: 9 },
      { headline: 'C', pin: 12 },
      { headline: 'D' },
    ])
    expect(await seen(end)).toEqual(['D', 'A', 'B', 'C'])
  })
})

describe('what a link says itself', () => {
  it('is the byline or no image, in the place of what its article has', async () => {
    const image = { url: 'https://images.example/a.jpg', alt: 'A ferry' }
    const { id } = await published(desk, { image, authors: [{ name: 'Jane Doe' }] })
    const to = (fields: object) => [{ target: { kind: 'article', id }, ...fields }]
    const [plain, own] = [await rail(to({})), await rail(to({ byline: 'Our staff', hideImage: true, image }))]
    expect((await read(plain)).body.items).toMatchObject([{ byline: 'Jane Doe', image }])
    const [shown] = (await read(own)).body.items
    expect(shown.byline).toBe('Our staff')
    expect(shown).not.toHaveProperty('image')
    expect(shown).not.toHaveProperty('hideImage')
  })

  it('are headlines below it, without those whose article is not public', async () => {
    const [open, hidden] = [await published(desk), await draft(desk, { headline: 'Canary' })]
    const sublinks = [
      { target: { kind: 'article', id: open.id } },
      { target: { kind: 'article', id: hidden.id } },
      { headline: 'Pending', kicker: 'Soon' },
      { headline: 'There', target: { kind: 'url', url: 'https://e.example/' } },
    ]
    const key = await rail([{ headline: 'Top', sublinks }])
    const { body, text } = await read(key)
    expect(body.items[0].sublinks).toMatchObject([
      { headline: open.headline, target: { kind: 'article', id: open.id, slug: open.slug }, url: expect.any(String) },
      { headline: 'Pending', kicker: 'Soon', url: null, target: null },
      { headline: 'There', url: 'https://e.example/' },
    ])
    expect(text).not.toContain('Canary')
    const [item] = (await desk.get(railAt(key))).body.items
    const ids = item.sublinks.map(({ id }: { id: string }) => id)
    const reordered = [{ ...sublinks[3], id: ids[3] }, sublinks[0], { headline: 'New' }]
    const patched = await desk.patch(linkAt(item.id), { sublinks: reordered }, 1).expect(200)
    expect(patched.body.sublinks.map(({ id }: { id: string }) => id).slice(0, 2)).toEqual([ids[3], ids[0]])
    const six = Array.from({ length: 6 }, (_, n) => ({ headline: `${n}` }))
    const bad: [object[], string][] = [
      [six, '#/sublinks'],
      [[{ kicker: 'x' }], '#/sublinks/0/headline'],
      [[{ headline: 'x', target: { kind: 'tag', slug: 'x' } }], '#/sublinks/0/target/kind'],
      [[{ headline: 'x', sublinks: [] }], '#/sublinks/0/sublinks'],
      [[{ headline: 'x', id: item.id }], '#/sublinks/0/id'],
      [[{ target: { kind: 'article', id: crypto.randomUUID() } }], '#/sublinks/0/target/id'],
    ]
    for (const [wrong, pointer] of bad) {
      const refused = await desk.patch(linkAt(item.id), { sublinks: wrong }, 2).expect(422)
      expect(refused.body.errors).toMatchObject([{ pointer }])
    }
  })

  it('tells of links below others when their article goes', async () => {
    const { id } = await published(desk)
    const key = await rail([{ headline: 'Top', sublinks: [{ target: { kind: 'article', id } }] }])
    const { body } = await desk.change(`${articleAt(id)}/withdraw?dryRun=true`, 2).expect(200)
    expect(body.effects.links).toMatchObject([{ railKey: key, articleId: null }])
    await desk.change(`${articleAt(id)}/withdraw`, 2).expect(200)
    expect((await read(key)).body.items[0]).not.toHaveProperty('sublinks')
  })
})

describe('a link to a rail, a section or a tag', () => {
  it('is given as it is, for the front end to make an address of', async () => {
    const targets = [
      { kind: 'rail', key: 'world-top' },
      { kind: 'section', slug: 'world' },
      { kind: 'tag', slug: 'talks' },
    ]
    const key = await rail(targets.map((target) => ({ headline: target.kind, target })))
    // The link to a rail is not seen before the rail is.
    const kinds = async () =>
      (await read(key)).body.items.map(({ target }: { target: { kind: string } }) => target.kind)
    const states = async () => (await desk.get(railAt(key))).body.items.map(({ state }: { state: string }) => state)
    expect([await kinds(), await states()]).toEqual([
      ['section', 'tag'],
      ['missing', 'ok', 'ok'],
    ])
    await desk.post(RAILS, { key: 'world-top', title: 'World', publishMode: 'staged' }).expect(201)
    expect([await kinds(), await states()]).toEqual([
      ['section', 'tag'],
      ['unpublished', 'ok', 'ok'],
    ])
    await desk.change(`${railAt('world-top')}/publish`, '*').expect(200)
    expect(await states()).toEqual(['ok', 'ok', 'ok'])
    const { items } = (await read(key)).body
    expect(items.map(({ target, url }: { target: object; url: null }) => [target, url])).toEqual(
      targets.map((target) => [target, null]),
    )
    for (const target of targets) {
      await desk.post(RAILS, { key: 'no', title: 'x', items: [{ target }] }).expect(422)
    }
  })

  it('is the newest article of it where that is asked for, whichever that is when it is read', async () => {
    const section = { slug: `s-${++made}`, name: 'S' }
    const tags = [{ slug: `t-${made}`, name: 'T' }]
    const items = [
      { target: { kind: 'section', slug: section.slug, latest: true }, label: 'new' },
      { target: { kind: 'tag', slug: `t-${made}`, latest: true }, headline: 'Of the tag' },
      { headline: 'Last' },
    ]
    const key = await rail(items)
    expect(await seen(key)).toEqual(['Last'])
    expect(await statesOf(key)).toEqual(['unpublished', 'unpublished', 'pending'])
    const first = await published(desk, { section, tags })
    const between = clock.now()
    const second = await published(desk, { section })
    await draft(desk, { section, tags })
    const { body } = await read(key)
    expect(body.items).toMatchObject([
      { headline: second.headline, label: 'new', target: { kind: 'article', id: second.id, slug: second.slug } },
      { headline: 'Of the tag', target: { kind: 'article', id: first.id }, publishedAt: first.publishedAt },
      { headline: 'Last' },
    ])
    expect(body.items[0].url).toContain(second.slug)
    expect(await statesOf(key)).toEqual(['ok', 'ok', 'pending'])
    // No story twice: the second link has none of its own then.
    expect(await seen(key, `?at=${encodeURIComponent(between)}`)).toEqual([first.headline, 'Last'])
    await desk.change(`${articleAt(second.id)}/withdraw`, '*').expect(200)
    expect(await seen(key)).toEqual([first.headline, 'Last'])
    await desk.delete(articleAt(first.id), '*').expect(200)
    expect(await seen(key)).toEqual(['Last'])
  })
})

it('at most twenty links of a list are whatever is newest', async () => {
  const items = Array.from({ length: 21 }, (_, n) => ({ target: { kind: 'tag', slug: `tag-${n}`, latest: true } }))
  const { body } = await desk.post(RAILS, { key: 'newest', title: 'x', items }).expect(422)
  expect(body.errors).toMatchObject([{ pointer: '#/items', code: 'too-big' }])
  const key = await rail([...items.slice(1), { headline: 'One' }])
  const last = (await desk.get(railAt(key))).body.items[20]
  await desk.patch(linkAt(last.id), items[0] ?? {}, 1).expect(422)
  expect(await seen(key)).toEqual(['One'])
})

describe('the desk sees of each link how it stands', () => {
  it('by its target: live, to come, not public, gone', async () => {
    const [live, plan, own, killed, trashed] = [
      await published(desk),
      await draft(desk),
      await draft(desk),
      await published(desk),
      await draft(desk),
    ]
    const ids = [live, plan, own, killed, trashed].map(({ id }) => id)
    const key = await rail([
      ...ids.map((id) => ({ target: { kind: 'article', id } })),
      { headline: 'Elsewhere', target: { kind: 'url', url: 'https://e.example/' } },
      { headline: 'Rail', target: { kind: 'rail', key: 'no-such-rail' } },
      { headline: 'Pending' },
    ])
    await desk.change(`${articleAt(plan.id)}/publish`, 1, { liveFrom: inMs(3_600_000) }).expect(200)
    await desk.change(`${articleAt(killed.id)}/kill`, '*', { reason: 'legal' }).expect(200)
    await desk.delete(articleAt(trashed.id), 1).expect(200)
    const states = ['ok', 'scheduled', 'unpublished', 'missing', 'missing', 'ok', 'missing', 'pending']
    expect(await statesOf(key)).toEqual(states)
    const { body } = await desk.get(RAILS).expect(200)
    const listed = body.data.find((each: { key: string }) => each.key === key)
    expect(listed.items.map(({ state }: { state: string }) => state)).toEqual(states)
    const [item] = listed.items
    expect((await desk.get(linkAt(item.id))).body.state).toBe('ok')
    // It changes without a version: there is no 304.
    const { headers } = await desk.get(railAt(key))
    await desk.get(railAt(key)).set('if-none-match', String(headers.etag)).expect(200)
  })

  it('and a contributor no more than whether readers see it', async () => {
    const contributor = await app.withRole('contributor')
    const { id } = await draft(contributor)
    const [secret, gone] = [await draft(desk), await published(desk)]
    const items = [secret, gone].map((each) => ({ target: { kind: 'article', id: each.id } }))
    await desk.put(linksOf(id), { items }, 0).expect(200)
    const states = async (who: Desk) =>
      (await who.get(linksOf(id)).expect(200)).body.items.map(({ state }: { state: string }) => state)
    expect([await states(desk), await states(contributor)]).toEqual([
      ['unpublished', 'ok'],
      ['missing', 'ok'],
    ])
    await desk.change(`${articleAt(gone.id)}/withdraw`, '*').expect(200)
    expect(await states(contributor)).toEqual(['missing', 'missing'])
  })
})
