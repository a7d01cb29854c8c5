import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { EditorialRail } from '../../src/headlines/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, draft, linksOf, published, RAILS, railAt } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

let rails = 0
const url = (name: string) => ({ kind: 'url', url: `https://news.example/${name}` })
const story = (name: string, fields: object = {}) => ({ headline: name, target: url(name), ...fields })
const fresh = async (items: object[], fields: object = {}): Promise<EditorialRail> =>
  (await desk.post(RAILS, { key: `rail-${++rails}`, title: 'Top', items, ...fields }).expect(201)).body
const abc = () => fresh([story('a'), story('b'), story('c')])
const operate = ({ key, version }: EditorialRail, operations: object[], query = '') =>
  desk.change(`${railAt(key)}/operations${query}`, version, { operations })
const names = ({ items }: { items: { headline: string | null }[] }) => items.map(({ headline }) => headline).join('')
const idOf = ({ items }: EditorialRail, at: number) => items[at]?.id ?? ''
const readers = async ({ key }: EditorialRail) => (await app.nobody.get(`/v1/rails/${key}`).expect(200)).body

describe('operations on a rail', () => {
  it('are made in order, as one version, and the answer is the rail', async () => {
    const rail = await abc()
    const [a, b, c] = rail.items.map(({ id }) => id)
    const { body, headers } = await operate(rail, [
      { op: 'insert', item: story('d') },
      { op: 'insert', item: story('e', { kicker: 'Live' }), before: b },
      { op: 'insert', item: story('f'), after: a },
      { op: 'insert', item: story('g'), place: 'first' },
      { op: 'insert', item: story('h'), position: 1 },
      { op: 'move', id: c, place: 'first' },
      { op: 'move', id: a, place: 'last' },
      { op: 'move', id: b, position: 0 },
      { op: 'remove', id: c },
      { op: 'update', id: a, changes: { headline: 'A', summary: 'New', target: { url: 'https://news.example/A' } } },
    ]).expect(200)
    expect(names(body)).toBe('bghfedA')
    expect(headers.etag).toBe('"2"')
    expect(body.version).toBe(2)
    expect(body.items.map(({ position }: { position: number }) => position)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(body.items[6]).toMatchObject({ id: a, headline: 'A', summary: 'New', target: url('A') })
    expect((await desk.get(railAt(rail.key))).body).toEqual(body)
    expect(names(await readers(rail))).toBe('bghfedA')
    const { data } = (await desk.get(`${railAt(rail.key)}/versions`)).body
    expect(data.map(({ action }: { action: string }) => action)).toEqual(['operations', 'create'])
  })

  it('pin items where readers get them, whatever the order of the desk', async () => {
    const rail = await abc()
    const { body } = await operate(rail, [
      { op: 'pin', id: idOf(rail, 2), at: 0 },
      { op: 'pin', id: idOf(rail, 1) },
    ]).expect(200)
    expect(names(body)).toBe('abc')
    expect(body.items.map(({ pin }: { pin: number | null }) => pin)).toEqual([null, 1, 0])
    const seen = await readers(rail)
    expect([names(seen), seen.items.map(({ pinned }: { pinned: boolean }) => pinned)]).toEqual([
      'cba',
      [true, true, false],
    ])
    const after = await operate({ ...rail, version: 2 }, [
      { op: 'insert', item: story('d'), place: 'first' },
      { op: 'unpin', id: idOf(rail, 2) },
    ]).expect(200)
    expect(names(after.body)).toBe('dabc')
    expect(names(await readers(rail))).toBe('dbac')
  })

  it('put a whole list in the place of another, whose items keep their ids', async () => {
    const rail = await abc()
    const items = [{ id: idOf(rail, 2) }, story('new'), { ...story('a'), headline: 'A' }]
    const { body } = await operate(rail, [
      { op: 'replaceAll', items },
      { op: 'pin', id: idOf(rail, 0), at: 0 },
    ]).expect(200)
    expect(names(body)).toBe('cnewA')
    expect([body.items[0].id, body.items[2].id]).toEqual([idOf(rail, 2), idOf(rail, 0)])
  })

  it('move an item beside itself and nothing happens', async () => {
    const rail = await abc()
    const { body } = await operate(rail, [{ op: 'move', id: idOf(rail, 1), after: idOf(rail, 1) }]).expect(200)
    expect(names(body)).toBe('abc')
  })

  it.each<[string, (id: string) => object, string, string]>([
    [
      'an anchor that is not there',
      () => ({ op: 'insert', item: story('d'), after: crypto.randomUUID() }),
      '/after',
      'unknown-link',
    ],
    [
      'an item that is not there',
      () => ({ op: 'move', id: crypto.randomUUID(), place: 'last' }),
      '/id',
      'unknown-link',
    ],
    ['a removed one', (id) => ({ op: 'pin', id }), '/id', 'unknown-link'],
    ['a place beyond the end', () => ({ op: 'insert', item: story('d'), position: 4 }), '/position', 'out-of-range'],
    ['two places', (id) => ({ op: 'insert', item: story('d'), place: 'last', before: id }), '', 'invalid'],
    ['no place to move to', (id) => ({ op: 'move', id }), '', 'invalid'],
    ['an unknown operation', (id) => ({ op: 'swap', id }), '/op', 'not-allowed'],
    ['an unknown field', (id) => ({ op: 'remove', id, why: 'x' }), '/why', 'unknown-field'],
    ['an item without words', () => ({ op: 'insert', item: {} }), '/item/headline', 'invalid'],
    [
      'an article that is not there',
      () => ({ op: 'insert', item: { target: { kind: 'article', id: crypto.randomUUID() } } }),
      '/item/target/id',
      'unknown-article',
    ],
    [
      'a sublink that is not below it',
      () => ({ op: 'insert', item: story('d', { sublinks: [{ id: crypto.randomUUID(), headline: 'x' }] }) }),
      '/item/sublinks/0/id',
      'unknown-link',
    ],
  ])('are refused with %s, at its place, and change nothing', async (_name, make, pointer, code) => {
    const rail = await abc()
    const [first = '', second = ''] = rail.items.map(({ id }) => id)
    // What is wrong with the third alone is not what the first two have done.
    const id = pointer === '/id' ? first : second
    const { body } = await operate(rail, [
      { op: 'insert', item: story('x'), place: 'first' },
      { op: 'remove', id: first },
      make(id),
    ]).expect(422)
    expect(body.errors).toMatchObject([{ pointer: `#/operations/2${pointer}`, code }])
    expect((await desk.get(railAt(rail.key))).body).toEqual(rail)
    expect(names(await readers(rail))).toBe('abc')
  })

  it('point at the operation that has written the field, whatever others have done with its item since', async () => {
    const rail = await abc()
    const [a, b, c] = rail.items.map(({ id }) => id)
    const nowhere = () => ({ kind: 'article', id: crypto.randomUUID() })
    const { body } = await operate(
      rail,
      [
        { op: 'update', id: a, changes: { target: nowhere() } },
        { op: 'update', id: a, changes: { sublinks: [story('x'), { target: nowhere() }] } },
        { op: 'update', id: a, changes: { label: 'live' } },
        { op: 'replaceAll', items: [{ id: c }, { id: a }, { id: b }] },
        // The second moves the first: in the list they are one less.
        {
          op: 'replaceAll',
          items: [story('b'), { id: c }, { ...story('b'), label: 'x' }, { id: a }, { target: nowhere() }],
        },
        { op: 'insert', item: story('b', { sublinks: [{ target: nowhere() }] }), place: 'first' },
      ],
      '?onDuplicate=move',
    ).expect(422)
    const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()
    expect(pointers).toEqual([
      '#/operations/0/changes/target/id',
      '#/operations/1/changes/sublinks/1/target/id',
      '#/operations/4/items/4/target/id',
      '#/operations/5/item/sublinks/0/target/id',
    ])
  })

  it('check what an update makes of an item', async () => {
    const rail = await abc()
    const id = idOf(rail, 1)
    const bad = { headline: 'x', prominence: 'hihg', pin: -1 }
    const { body } = await operate(rail, [
      { op: 'unpin', id },
      { op: 'update', id, changes: bad },
    ]).expect(422)
    const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer).toSorted()
    expect(pointers).toEqual(['pin', 'prominence'].map((name) => `#/operations/1/changes/${name}`))
    const none = { target: { kind: 'article', id: crypto.randomUUID() } }
    const unknown = await operate(rail, [{ op: 'update', id, changes: none }]).expect(422)
    expect(unknown.body.errors).toMatchObject([
      { pointer: '#/operations/0/changes/target/id', code: 'unknown-article' },
    ])
  })

  it('need the version, are at most a hundred, and are for who may write rails', async () => {
    const rail = await abc()
    const operations = [{ op: 'remove', id: idOf(rail, 0) }]
    await desk.post(`${railAt(rail.key)}/operations`, { operations }).expect(428)
    await operate({ ...rail, version: 7 }, operations).expect(412)
    await operate(rail, []).expect(422)
    await operate(
      rail,
      Array.from({ length: 101 }, () => ({ op: 'unpin', id: idOf(rail, 0) })),
    ).expect(422)
    await operate({ ...rail, key: 'nowhere' }, operations).expect(404)
    expect((await desk.get(railAt(rail.key))).body).toEqual(rail)
  })

  it('of two who write on one version are made by one, and the other gets 412', async () => {
    const rail = await abc()
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => operate(rail, [{ op: 'insert', item: story(`n${n}`) }])),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412, 412, 412, 412])
    expect((await desk.get(railAt(rail.key))).body.items).toHaveLength(4)
  })

  it('are made in a batch too, whose errors point through it', async () => {
    const rail = await abc()
    const at = { method: 'POST', path: `${railAt(rail.key)}/operations?onDuplicate=move`, ifMatch: 1 }
    const batch = (operations: object[]) =>
      desk.post('/v1/editorial/batch', { operations: [{ ...at, body: { operations } }] })
    const gone = await batch([{ op: 'remove', id: crypto.randomUUID() }]).expect(422)
    expect(gone.body.errors).toMatchObject([{ pointer: '#/operations/0/body/operations/0/id', code: 'unknown-link' }])
    const { body } = await batch([{ op: 'insert', item: story('a') }]).expect(200)
    expect(names(body.results[0].body)).toBe('bca')
  })

  it('put in one item at its own address', async () => {
    const rail = await abc()
    const at = `${railAt(rail.key)}/items`
    const { body } = await desk.change(at, 1, { item: story('d'), before: idOf(rail, 1) }).expect(200)
    expect(names(body)).toBe('adbc')
    const refused = await desk.change(at, 2, { item: story('e'), after: crypto.randomUUID() }).expect(422)
    expect(refused.body.errors).toMatchObject([{ pointer: '#/after' }])
    const twice = await desk.change(at, 2, { item: story('b') }).expect(409)
    expect(twice.body.errors).toMatchObject([{ pointer: '#/item/target', code: 'duplicate-item' }])
  })
})

describe('operations on the links of an article', () => {
  it('are made by who may write it, under the version of the list', async () => {
    const contributor = await app.withRole('contributor')
    const { id } = await draft(contributor)
    const at = `${linksOf(id)}/operations`
    const operations = [{ op: 'insert', item: { headline: 'One' } }]
    const { body, headers } = await contributor.change(at, 0, { operations }).expect(200)
    expect([body.articleId, body.items.length, headers.etag]).toEqual([id, 1, '"1"'])
    await (await app.withRole('contributor')).change(at, 1, { operations }).expect(404)
    await desk.change(at, 0, { operations }).expect(412)
  })
})

describe('a link to what the list has already', () => {
  const same: [string, object, object][] = [
    ['the same address', url('a'), { kind: 'url', url: 'HTTPS://News.Example:443/a' }],
    [
      'an address without a path',
      { kind: 'url', url: 'http://e.example' },
      { kind: 'url', url: 'http://E.example:80/' },
    ],
    ['the same host with its last dot', url('a'), { kind: 'url', url: 'https://news.example./a' }],
    [
      'an address encoded otherwise',
      { kind: 'url', url: 'https://e.example/~x/a%2fb' },
      { kind: 'url', url: 'https://e.example/%7Ex/a%2Fb' },
    ],
    [
      'a host in other letters',
      { kind: 'url', url: 'https://xn--bcher-kva.example/' },
      { kind: 'url', url: 'https://b%C3%BCcher.example' },
    ],
    ['an address with nothing after its ends', url('a'), { kind: 'url', url: 'https://news.example/a?#' }],
    ['the same rail', { kind: 'rail', key: 'x' }, { kind: 'rail', key: 'x' }],
    ['the same section', { kind: 'section', slug: 'world' }, { kind: 'section', slug: 'world', latest: false }],
    ['the newest of a tag', { kind: 'tag', slug: 'x', latest: true }, { kind: 'tag', slug: 'x', latest: true }],
  ]
  it.each(same)('is refused for %s, naming the one that is there', async (_name, one, other) => {
    const rail = await fresh([story('z'), { headline: 'One', target: one }])
    const operation = { op: 'insert', item: { headline: 'Other', target: other } }
    const { body } = await operate(rail, [operation]).expect(409)
    expect(body).toMatchObject({
      code: 'duplicate-item',
      existing: { id: idOf(rail, 1), position: 1 },
      errors: [{ pointer: '#/operations/0/item/target', code: 'duplicate-item' }],
    })
    const at = `${railAt(rail.key)}/items`
    const both = [{ headline: 'Other', target: other }, { id: idOf(rail, 0) }, { id: idOf(rail, 1) }]
    const whole = await desk
      .put(
        at,
        {
          items: [
            { headline: 'A', target: one },
            { headline: 'B', target: other },
          ],
        },
        1,
      )
      .expect(409)
    expect(whole.body.errors).toMatchObject([{ pointer: '#/items/1/target' }])
    await desk.put(at, { items: both }, 1).expect(409)
    await desk.patch(`/v1/editorial/headline-links/${idOf(rail, 0)}`, { target: other }, 1).expect(409)
    await operate(rail, [{ op: 'update', id: idOf(rail, 0), changes: { target: other } }]).expect(409)
    expect((await desk.get(railAt(rail.key))).body).toEqual(rail)
    // What was sent is stored as it was sent.
    const alone = await fresh([{ headline: 'Other', target: other }])
    expect(alone.items[0]?.target).toEqual(other)
  })

  it('moves the one that is there where that is asked for: it keeps its id, and takes over what was sent', async () => {
    const rail = await fresh([story('a', { kicker: 'K', note: 'N' }), story('b'), story('c')])
    const [a, b, c] = rail.items.map(({ id }) => id)
    const item = { headline: 'Again', target: { kind: 'url', url: 'https://NEWS.example/a' } }
    const { body } = await operate(rail, [{ op: 'insert', item, after: c }], '?onDuplicate=move').expect(200)
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([b, c, a])
    expect(body.items[2]).toMatchObject({ headline: 'Again', kicker: 'K', note: 'N', target: item.target })
    const items = [{ id: c }, story('b'), { id: a }, story('c', { headline: 'C' })]
    const put = await desk.put(`${railAt(rail.key)}/items?onDuplicate=move`, { items }, 2).expect(200)
    expect(put.body.items.map(({ id }: { id: string }) => id)).toEqual([b, a, c])
    expect(put.body.items[2]).toMatchObject({ headline: 'C' })
    await desk.put(`${railAt(rail.key)}/items?onDuplicate=ignore`, { items }, 3).expect(400)
  })

  it('is told how it could be done only where that would help', async () => {
    const rail = await abc()
    const inserted = await operate(rail, [{ op: 'insert', item: story('b') }]).expect(409)
    expect(inserted.body.detail).toContain('onDuplicate=move')
    const update = [{ op: 'update', id: idOf(rail, 0), changes: { target: url('b') } }]
    const patch = desk.patch(`/v1/editorial/headline-links/${idOf(rail, 0)}`, { target: url('b') }, 1)
    for (const sent of [operate(rail, update), operate(rail, update, '?onDuplicate=move'), patch]) {
      const { body } = await sent.expect(409)
      expect(body).toMatchObject({ code: 'duplicate-item', existing: { id: idOf(rail, 1), position: 1 } })
      expect(body.detail).toBe(`The list has a link to this already: ${idOf(rail, 1)}, at 1. Remove one of the two.`)
    }
  })

  it('is checked with what the one that is there has, when it takes that over', async () => {
    const later = { startsAt: '2030-01-02T00:00:00.000Z', endsAt: '2030-01-03T00:00:00.000Z' }
    const rail = await fresh([story('a', later), story('b')])
    const again = (fields: object) => ({ op: 'insert', item: story('a', fields) })
    const faults: [object, string][] = [
      [{ endsAt: '2030-01-02T00:00:00Z' }, 'endsAt'],
      [{ startsAt: '2030-01-03T01:00:00+01:00' }, 'startsAt'],
    ]
    for (const [fields, name] of faults) {
      const { body } = await operate(rail, [again(fields)], '?onDuplicate=move').expect(422)
      expect(body.errors).toMatchObject([{ pointer: `#/operations/0/item/${name}`, code: 'invalid' }])
      const items = [{ id: idOf(rail, 0) }, story('b'), story('a', fields)]
      const put = await desk.put(`${railAt(rail.key)}/items?onDuplicate=move`, { items }, 1).expect(422)
      expect(put.body.errors).toMatchObject([{ pointer: `#/items/2/${name}`, code: 'invalid' }])
    }
    expect((await desk.get(railAt(rail.key))).body).toEqual(rail)
    const wider = { startsAt: '2030-01-04T00:00:00.000Z', endsAt: '2030-01-05T00:00:00.000Z' }
    const both = await operate(rail, [again(wider)], '?onDuplicate=move').expect(200)
    expect(both.body.items[1]).toMatchObject({ id: idOf(rail, 0), ...wider })
  })

  it('keeps the ids of the headlines below it, by id or by what they point at, when it is moved', async () => {
    const rail = await fresh([story('a', { sublinks: [story('x'), story('y')] }), story('b')])
    const [x, y] = rail.items[0]?.sublinks ?? []
    const sublinks = [{ ...story('y'), kicker: 'New' }, story('z'), { id: x?.id, headline: 'X' }]
    const again = { op: 'insert', item: story('a', { sublinks }) }
    const { body } = await operate(rail, [again], '?onDuplicate=move').expect(200)
    const after = body.items[1].sublinks
    expect(after).toMatchObject([{ id: y?.id, kicker: 'New' }, story('z'), { id: x?.id, headline: 'X', target: null }])
    expect([x?.id, y?.id]).not.toContain(after[1].id)
    // What another link has below it is not this one's.
    const theirs = { op: 'insert', item: story('b', { sublinks: [{ id: y?.id, headline: 'Y' }] }) }
    const refused = await operate({ ...rail, version: 2 }, [theirs], '?onDuplicate=move').expect(422)
    expect(refused.body.errors).toMatchObject([{ pointer: '#/operations/0/item/sublinks/0/id', code: 'unknown-link' }])
  })

  it('is the same article, and not the same where only the words are, or the page and the newest of a section', async () => {
    const { id } = await published(desk)
    const to = { target: { kind: 'article', id } }
    await desk.put(linksOf(id), { items: [to, { ...to, headline: 'Own words' }] }, 0).expect(409)
    const items = [
      to,
      { headline: 'Same' },
      { headline: 'Same' },
      { headline: 'Section', target: { kind: 'section', slug: 'world' } },
      { headline: 'Newest', target: { kind: 'section', slug: 'world', latest: true } },
      story('Same'),
      { headline: 'An entry of it', target: { kind: 'url', url: `${url('Same').url}#entry-7` } },
    ]
    await desk.put(linksOf(id), { items }, 0).expect(200)
    const { body } = await desk.change(linksOf(id), 1, to).expect(409)
    expect(body.errors).toMatchObject([{ pointer: '#/target', code: 'duplicate-item' }])
    // Only what can be done there is said to help.
    expect(body.detail).toMatch(/, at 0\. Leave this one out, or take that one out first\.$/)
    const whole = await desk.put(linksOf(id), { items: [story('Twin'), story('Twin')] }, 1).expect(409)
    expect(whole.body.detail).toMatch(/With onDuplicate=move that one is moved instead\.$/)
  })
})

it('an address is taken apart once, however many others and operations it is compared in', async () => {
  const rail = await fresh(Array.from({ length: 100 }, (_, n) => story(`many-${n}`)))
  const items = rail.items.map(({ id }) => ({ id }))
  const parse = vi.spyOn(URL, 'parse')
  await operate(
    rail,
    Array.from({ length: 20 }, () => ({ op: 'replaceAll', items })),
  ).expect(200)
  const times = parse.mock.calls.filter(([address]) => String(address).includes('/many-')).length
  parse.mockRestore()
  // Once more where the answer is checked.
  expect(times).toBeLessThanOrEqual(2 * items.length)
})

describe('a rail that may hold so many', () => {
  it('refuses more, names the most, and trims where that is asked for: the last that are not pinned', async () => {
    const rail = await fresh([story('a'), story('b'), story('c', { pin: 2 })], { maxItems: 3 })
    const add = [{ op: 'insert', item: story('d'), place: 'first' }]
    const { body } = await operate(rail, add).expect(409)
    expect(body).toMatchObject({ code: 'rail-full', maxItems: 3, errors: [{ pointer: '#/operations' }] })
    expect(body.detail).toContain('With overflow=trim the last ones give way.')
    expect(names((await operate(rail, add, '?overflow=trim').expect(200)).body)).toBe('dac')
    const at = railAt(rail.key)
    await desk.patch(at, { maxItems: 2 }, 2).expect(409)
    const less = (await desk.patch(`${at}?overflow=trim`, { maxItems: 2 }, 2).expect(200)).body
    expect([names(less), less.maxItems]).toEqual(['dc', 2])
    expect(names(await readers(rail))).toBe('dc')
    await operate({ ...rail, version: 3 }, [{ op: 'pin', id: less.items[0].id }]).expect(200)
    await desk.patch(`${at}?overflow=trim`, { maxItems: 1 }, 4).expect(409)
    // One out and one in is as many as before.
    const swap = [add[0] ?? {}, { op: 'remove', id: less.items[0].id }]
    await operate({ ...rail, version: 4 }, [{ ...swap[0], item: story('e') }, swap[1] ?? {}]).expect(200)
    await desk.put(at, { title: 'Free', items: [story('a'), story('b'), story('c')] }, 5).expect(200)
  })

  it('trims what was there, not what is inserted; what replaces a list is trimmed from its end', async () => {
    const rail = await fresh([story('a'), story('b'), story('p', { pin: 2 })], { maxItems: 3 })
    const at = railAt(rail.key)
    const trim = (version: number, operations: object[]) => operate({ ...rail, version }, operations, '?overflow=trim')
    const insert = (name: string, fields: object = {}) => ({ op: 'insert', item: story(name), ...fields })
    expect(names((await trim(1, [insert('c')]).expect(200)).body)).toBe('apc')
    const one = await desk.change(`${at}/items?overflow=trim`, 2, { item: story('d') }).expect(200)
    expect(names(one.body)).toBe('apd')
    const both = '?overflow=trim&onDuplicate=move'
    const moved = await operate({ ...rail, version: 3 }, [insert('e'), insert('d')], both).expect(200)
    expect(names(moved.body)).toBe('ped')
    const { body } = await trim(4, [insert('x'), insert('y'), insert('z')]).expect(409)
    expect(body).toMatchObject({ code: 'rail-full', maxItems: 3 })
    expect(body.detail).toContain('inserted')
    // What was removed again is not in the way.
    await trim(4, [{ op: 'remove', id: moved.body.items[1].id }, insert('f'), insert('g')]).expect(200)
    const items = ['h', 'i', 'j', 'k'].map((name) => story(name))
    expect(names((await trim(5, [{ op: 'replaceAll', items }, insert('l')]).expect(200)).body)).toBe('hil')
    expect(names((await desk.put(`${at}/items?overflow=trim`, { items }, 6).expect(200)).body)).toBe('hij')
  })

  it.each([0, 501, 1.5, '3'])('is refused as %j', async (maxItems) => {
    const { body } = await desk.post(RAILS, { key: 'no-such', title: 'x', maxItems }).expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#/maxItems' }])
  })

  it('cannot be made too small for what a release has planned', async () => {
    const rail = await fresh([story('a')])
    const items = [story('b'), story('c')]
    const { body: release } = await desk
      .post('/v1/editorial/releases', { title: 'Night', items: [{ kind: 'rail', key: rail.key, items }] })
      .expect(201)
    await desk
      .change(`/v1/editorial/releases/${release.id}/schedule`, 1, { liveFrom: '2027-01-01T00:00:00Z' })
      .expect(200)
    await desk.patch(railAt(rail.key), { maxItems: 1 }, 2).expect(409)
    await desk.patch(railAt(rail.key), { maxItems: 2 }, 2).expect(200)
    const more = { kind: 'rail', key: rail.key, items: [...items, story('d')] }
    const full = await desk.post('/v1/editorial/releases', { title: 'Day', items: [more] }).expect(409)
    expect(full.body).toMatchObject({ code: 'rail-full', errors: [{ pointer: '#/items/0/items' }] })
    // What is said to help can be done there: releases do not trim.
    const detail =
      'The rail holds at most 2 items, and would have 3. Give it fewer, or raise the `maxItems` of the rail first.'
    expect([full.body.detail, full.body.errors[0].detail]).toEqual([detail, detail])
  })
})
