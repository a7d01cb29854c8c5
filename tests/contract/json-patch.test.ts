import { beforeAll, describe, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { articleAt, type Desk, draft, linkAt, links, linksOf } from '../support/builders.ts'

const JSON_PATCH = 'application/json-patch+json'
let desk: Desk
beforeAll(async () => {
  desk = await (await startApp()).withRole('editor')
})

const patch = (path: string, operations: unknown, version: number | string = 1, type = JSON_PATCH) =>
  desk.raw('patch', path, JSON.stringify(operations), { 'content-type': type, 'if-match': `"${version}"` })
const add = (path: string, value: unknown) => ({ op: 'add', path, value })
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value })
const test = (path: string, value: unknown) => ({ op: 'test', path, value })
const remove = (path: string) => ({ op: 'remove', path })
const textOf = (body: { children?: { text?: string }[] }[]) => body.map(({ children }) => children?.[0]?.text)
const full = {
  kicker: 'Ferries',
  tags: [{ name: 'A' }, { name: 'B' }, { name: 'C' }],
  bodyText: 'One.\n\nTwo.\n\nThree.',
}

describe('a JSON Patch of an article', () => {
  it('adds, removes, replaces, moves, copies and tests fields, tags and blocks in one version', async () => {
    const { id, body } = await draft(desk, full)
    const [first] = body
    const { body: after } = await patch(articleAt(id), [
      test('/kicker', 'Ferries'),
      test('/standfirst', null),
      replace('/kicker', 'Islands'),
      add('/standfirst', 'All of them'),
      { op: 'copy', from: '/kicker', path: '/alternativeHeadline' },
      remove('/tags/1'),
      add('/tags/-', { name: 'D' }),
      { op: 'move', from: '/tags/0', path: '/tags/2' },
      { op: 'move', from: '/body/2', path: '/body/0' },
      remove('/body/2'),
      add('/body/-', { ...first, _key: 'again' }),
      replace('/body/0/children/0/text', 'Third.'),
    ]).expect(200)
    expect(after).toMatchObject({
      version: 2,
      kicker: 'Islands',
      standfirst: 'All of them',
      alternativeHeadline: 'Islands',
    })
    expect(after.tags.map(({ name }: { name: string }) => name)).toEqual(['C', 'D', 'A'])
    expect(textOf(after.body)).toEqual(['Third.', 'One.', 'One.'])
  })

  it('changes nothing where a test fails, and says which', async () => {
    const before = await draft(desk, full)
    const operations = [
      replace('/kicker', 'Islands'),
      remove('/tags/0'),
      test('/headline', 'Another'),
      remove('/body/0'),
    ]
    const { body } = await patch(articleAt(before.id), operations).expect(409)
    expect(body).toMatchObject({ code: 'patch-test-failed', errors: [{ pointer: '#/2/value', code: 'test-failed' }] })
    await patch(articleAt(before.id), [test('/tags/7', null)]).expect(409)
    expect((await desk.get(articleAt(before.id))).body).toEqual(before)
  })

  it('changes nothing where a place is not there, and names the operation', async () => {
    const before = await draft(desk, full)
    for (const broken of [remove('/tags/9'), replace('/body/3', {}), { op: 'move', from: '/no', path: '/kicker' }]) {
      const { body } = await patch(articleAt(before.id), [replace('/kicker', 'Islands'), broken]).expect(422)
      expect(body.errors[0].pointer).toMatch(/^#\/1\/(path|from)$/)
    }
    expect((await desk.get(articleAt(before.id))).body).toEqual(before)
  })

  it('is told all that is wrong with what it makes, and cannot set what is not for the desk to set', async () => {
    const before = await draft(desk, full)
    const { body } = await patch(articleAt(before.id), [
      replace('/headline', ''),
      add('/headlin', 'x'),
      replace('/tags/0/name', 5),
      add('/state', 'live'),
      add('/provenance', { kind: 'document' }),
    ]).expect(422)
    const pointers = body.errors.map(({ pointer }: { pointer: string }) => pointer)
    expect(pointers.toSorted()).toEqual(
      ['#/headlin', '#/headline', '#/provenance', '#/state', '#/tags/0/name'].toSorted(),
    )
    await patch(articleAt(before.id), [remove('/headline')]).expect(422)
    await patch(articleAt(before.id), [remove('')]).expect(422)
    await patch(articleAt(before.id), [replace('', [])]).expect(422)
    await patch(articleAt(before.id), [replace('/body', [{ _type: 'script' }])]).expect(422)
    expect((await desk.get(articleAt(before.id))).body).toEqual(before)
  })

  it('gives the text in another form, but not in two', async () => {
    const { id } = await draft(desk, full)
    const { body } = await patch(articleAt(id), [add('/bodyMarkdown', '**New**')]).expect(200)
    expect(textOf(body.body)).toEqual(['New'])
    await patch(articleAt(id), [add('/bodyText', 'a'), add('/bodyHtml', 'b')], 2).expect(422)
    await patch(articleAt(id), [add('/bodyText', 'a'), replace('/body', [])], 2).expect(422)
  })

  it('needs a version, and is refused on a stale one like any write', async () => {
    const { id } = await draft(desk, full)
    await patch(articleAt(id), [replace('/kicker', 'x')], 7).expect(412)
    await desk.raw('patch', articleAt(id), '[]', { 'content-type': JSON_PATCH }).expect(428)
    expect((await patch(articleAt(id), []).expect(200)).body.version).toBe(2)
  })
})

describe('a JSON Patch of a link or a rail', () => {
  it('changes one link, whose result is checked', async () => {
    const { id } = await draft(desk)
    const target = { kind: 'url', url: 'https://news.example/' }
    const { items } = await links(desk, id, [{ headline: 'One', label: 'new' }, { headline: 'Two' }], 0)
    const link = linkAt(items[0]?.id ?? '')
    const operations = [test('/label', 'new'), { op: 'move', from: '/label', path: '/kicker' }, add('/target', target)]
    const { body } = await patch(link, operations).expect(200)
    expect(body).toMatchObject({ headline: 'One', kicker: 'new', label: null, target, position: 0 })
    const faults = [replace('/headline', 5), add('/id', 'x'), replace('/prominence', 'huge')]
    const refused = await patch(link, faults, 2).expect(422)
    const pointers = refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)
    expect(pointers.toSorted()).toEqual(['#/headline', '#/id', '#/prominence'])
    await patch(link, [remove('/kicker'), test('/headline', 'Two')], 2).expect(409)
    expect((await desk.get(linksOf(id))).headers.etag).toBe('"2"')
  })

  it('changes what a rail says of itself, and not its items or its key', async () => {
    const rail = '/v1/editorial/rails/patched'
    await desk.post('/v1/editorial/rails', { key: 'patched', title: 'One', items: [{ headline: 'A' }] }).expect(201)
    const operations = [
      test('/title', 'One'),
      { op: 'copy', from: '/title', path: '/description' },
      remove('/language'),
    ]
    const { body } = await patch(rail, operations).expect(200)
    expect(body).toMatchObject({ title: 'One', description: 'One', items: [{ headline: 'A' }], version: 2 })
    await patch(rail, [replace('/title', 'Two'), test('/description', 'Two')], 2).expect(409)
    const refused = await patch(rail, [remove('/title'), add('/items', []), add('/key', 'x')], 2).expect(422)
    const pointers = refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)
    expect(pointers.toSorted()).toEqual(['#/items', '#/key', '#/title'])
    expect((await desk.get(rail)).headers.etag).toBe('"2"')
  })
})

describe('a patch of the wrong kind', () => {
  it('is refused wherever its type does not say what it is, and changes nothing', async () => {
    const { id } = await draft(desk)
    const { items } = await links(desk, id, [{ headline: 'One' }], 0)
    const key = 'wrong-kind'
    await desk.post('/v1/editorial/rails', { key, title: 'One', items: [] }).expect(201)
    for (const path of [articleAt(id), linkAt(items[0]?.id ?? ''), `/v1/editorial/rails/${key}`]) {
      for (const type of ['application/json', 'application/merge-patch+json']) {
        const { body } = await patch(path, [], 1, type).expect(422)
        expect(body.errors).toMatchObject([{ pointer: '#', code: 'wrong-type' }])
        expect(body.detail).toContain(JSON_PATCH)
      }
      await patch(path, {}).expect(422)
      for (const type of ['text/plain', 'application/json-patch', 'application/x-json-patch+json']) {
        const { headers } = await patch(path, [], 1, type).expect(415)
        expect(headers['accept-patch']).toContain(JSON_PATCH)
      }
      for (const broken of [['x'], [{ op: 'add' }], [{ op: 'merge', path: '' }], [{ ...remove('/x'), value: 1 }]]) {
        const { body } = await patch(path, broken).expect(422)
        expect(body.errors[0].pointer, JSON.stringify(broken)).toMatch(/^#\/0/)
      }
      expect((await desk.get(path)).headers.etag).toBe('"1"')
    }
    const put = { 'content-type': JSON_PATCH, 'if-match': '"1"' }
    await desk.raw('put', articleAt(id), '[]', put).expect(415)
    await desk.raw('post', '/v1/editorial/articles', '[]', put).expect(415)
  })
})
