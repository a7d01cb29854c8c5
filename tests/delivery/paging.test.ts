import { beforeAll, describe, expect, it } from 'vitest'
import { encodeCursor } from '../../src/http/paging.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'

let app: TestApp
let desk: Desk
const ids: string[] = []
const tags = [{ slug: 'walk', name: 'Walk' }]

interface Listed {
  data: { id: string }[]
  page: { limit: number; next: string | null; previous: string | null }
}

beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  for (let n = 0; n < 7; n++) ids.unshift((await published(desk, { tags })).id)
})

const list = async (query: string): Promise<Listed> => (await app.nobody.get(`/v1/articles?${query}`).expect(200)).body
const idsOf = ({ data }: Listed) => data.map(({ id }) => id)
const linksOf = (field = '') =>
  Object.fromEntries([...field.matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, url, rel]) => [rel, url]))

describe('walking the pages', () => {
  it.each([1, 2, 3, 6, 7, 8])('%i at a time shows everything once, forth and back', async (limit) => {
    const forth: Listed[] = [await list(`tag=walk&limit=${limit}`)]
    for (let at = forth[0]; at?.page.next; at = forth.at(-1)) {
      forth.push(await list(`tag=walk&limit=${limit}&cursor=${at.page.next}`))
    }
    expect(forth.flatMap(idsOf)).toEqual(ids)
    expect(forth[0]?.page.previous).toBeNull()
    const back: Listed[] = forth.slice(-1)
    for (let at = back[0]; at?.page.previous; at = back[0]) {
      back.unshift(await list(`tag=walk&limit=${limit}&cursor=${at.page.previous}`))
    }
    expect(back.map(idsOf)).toEqual(forth.map(idsOf))
    expect(back[0]?.page.previous).toBeNull()
  })

  it('works by the Link field alone, which keeps the question', async () => {
    const seen: string[] = []
    let url: string | undefined = '/v1/articles?tag=walk&limit=3&body=text'
    let last = ''
    while (url !== undefined) {
      const response = await app.nobody.get(url).expect(200)
      const links = linksOf(response.headers.link)
      expect(links.first).toBe('/v1/articles?tag=walk&limit=3&body=text')
      expect(links.next !== undefined).toBe(response.body.page.next !== null)
      expect(links.prev !== undefined).toBe(response.body.page.previous !== null)
      expect(response.body.data[0].bodyText).toBe('The council met on Monday.')
      seen.push(...idsOf(response.body))
      last = links.prev ?? last
      url = links.next
    }
    expect(seen).toEqual(ids)
    expect(idsOf((await app.nobody.get(last)).body)).toEqual(ids.slice(3, 6))
  })

  it('keeps a question mark that stands in the question itself', async () => {
    const response = await app.nobody.get('/v1/articles?section=what?&limit=3').expect(200)
    expect(linksOf(response.headers.link).first).toBe('/v1/articles?section=what%3F&limit=3')
  })

  it('goes on with another page size or another form of the text', async () => {
    const { page } = await list('tag=walk&limit=3')
    expect(idsOf(await list(`tag=walk&limit=2&body=text&cursor=${page.next}`))).toEqual(ids.slice(3, 5))
  })

  it('goes on where the article that it stopped at has been withdrawn', async () => {
    const gone = await published(desk, { tags: [...tags, { slug: 'stop', name: 'Stop' }] })
    const { page } = await list('tag=walk&limit=1')
    await desk.change(`${articleAt(gone.id)}/withdraw`, gone.version).expect(200)
    expect(idsOf(await list(`tag=walk&limit=2&cursor=${page.next}`))).toEqual(ids.slice(0, 2))
  })
})

describe('a cursor', () => {
  it.each(['', 'tag=walks', 'tag=walk&section=world', 'author=walk', 'section=walk'])(
    'from other filters is refused: %s',
    async (filters) => {
      const { page } = await list('tag=walk&limit=1')
      const { body } = await app.nobody
        .get(`/v1/articles?${filters}&cursor=${page.next}`.replace('?&', '?'))
        .expect(400)
      expect(body.code).toBe('invalid-cursor')
    },
  )

  it('of the desk is refused by the readers’ list, and the other way round', async () => {
    await draft(desk)
    const editorial = (await desk.get('/v1/editorial/articles?limit=1').expect(200)).body.page.next
    const delivery = (await list('limit=1')).page.next
    expect((await app.nobody.get(`/v1/articles?cursor=${editorial}`).expect(400)).body.code).toBe('invalid-cursor')
    const refused = await desk.get(`/v1/editorial/articles?cursor=${delivery}`).expect(400)
    expect(refused.body.code).toBe('invalid-cursor')
  })

  const json = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const id = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'
  const at = '2026-11-22T12:00:00.000Z'
  const none = { section: undefined, tag: undefined, author: undefined }
  const forged = (place: { at?: string; id?: string; direction?: string }) =>
    encodeCursor({ direction: 'after', at, id, ...place } as Parameters<typeof encodeCursor>[0], none)
  it.each([
    ['empty', ''],
    ['a word', 'next'],
    ['a number', '2'],
    ['JSON of another kind', json({ after: at })],
    ['without a fingerprint', json(['after', at, id])],
    ['with a false fingerprint', json(['after', at, id, 'AAAAAAAA'])],
    ['of year 0', forged({ at: '0000-01-01T00:00:00.000Z' })],
    ['of an impossible day', forged({ at: '2026-02-30T00:00:00.000Z' })],
    ['of no time', forged({ at: 'yesterday' })],
    ['with U+0000', forged({ id: `${id}\0` })],
    ['with half a character', forged({ id: '\ud800' })],
    ['with no id', forged({ id: "' or 1=1 --" })],
    ['in another direction', forged({ direction: 'sideways' })],
    ['deeply nested', Buffer.from('['.repeat(700)).toString('base64url')],
    ['not UTF-8', Buffer.from([0xff, 0xfe, 0x5b]).toString('base64url')],
  ])('that was made up is refused: %s', async (_name, cursor) => {
    const { body } = await app.nobody.get(`/v1/articles?cursor=${cursor}`).expect(400)
    expect(body.code).toBe('invalid-cursor')
  })

  it('of a thousand characters and more is refused by name', async () => {
    const { body } = await app.nobody.get(`/v1/articles?cursor=${'a'.repeat(1001)}`).expect(400)
    expect(body).toMatchObject({ code: 'invalid-parameter', errors: [{ pointer: 'cursor' }] })
  })

  it('does not tell more than where it stands', async () => {
    const hidden = await draft(desk, { tags })
    const { page } = await list('tag=walk&limit=1')
    expect(Buffer.from(page.next ?? '', 'base64url').toString()).not.toContain(hidden.id)
  })
})
