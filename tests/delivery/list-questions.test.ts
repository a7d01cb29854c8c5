import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, links, published } from '../support/builders.ts'
import { statementsOf } from '../support/statements.ts'

interface Story {
  id: string
  publishedAt: string
  updatedAt: string
}
let app: TestApp
let desk: Desk
/** In the order of first publication; the first and the third are changed in substance afterwards, in this order. */
const stories: Story[] = []

const read = async (query: string) => (await app.nobody.get(`/v1/articles?${query}`).expect(200)).body
const idsOf = async (query: string): Promise<string[]> => (await read(query)).data.map(({ id }: Story) => id)
const ids = (...at: number[]) => at.map((n) => stories[n]?.id)
const refusal = async (query: string) => (await app.nobody.get(`/v1/articles?${query}`).expect(400)).body

beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  const made: string[] = []
  for (const language of ['en', 'en-GB', 'fr', 'fr']) {
    made.push((await published(desk, { language, section: { name: 'World' }, tags: [{ name: 'Talks' }] })).id)
    app.clock.pass(1_000)
  }
  for (const n of [0, 2]) {
    await desk.patch(articleAt(made[n] ?? ''), { kicker: 'Update' }, '*').expect(200)
    await desk.change(`${articleAt(made[n] ?? '')}/publish`, '*').expect(200)
    app.clock.pass(1_000)
  }
  await draft(desk, { language: 'fr', section: { name: 'World' }, tags: [{ name: 'Talks' }] })
  for (const id of made) stories.push((await app.nobody.get(`/v1/articles/${id}`).expect(200)).body)
})

describe('a list of articles is in the order that is asked for', () => {
  it.each([
    ['', [3, 2, 1, 0]],
    ['sort=-publishedAt', [3, 2, 1, 0]],
    ['sort=publishedAt', [0, 1, 2, 3]],
    ['sort=-updatedAt', [2, 0, 3, 1]],
    ['sort=-updatedAt&section=world', [2, 0, 3, 1]],
    ['sort=publishedAt&tag=talks&section=world', [0, 1, 2, 3]],
  ])('%s', async (query, order) => expect(await idsOf(query)).toEqual(ids(...order)))

  it.each(['publishedAt', '-publishedAt', '-updatedAt'])('and its pages go both ways: %s', async (sort) => {
    const all = await idsOf(`sort=${sort}`)
    const first = await read(`sort=${sort}&limit=3`)
    const second = await read(`sort=${sort}&limit=3&cursor=${first.page.next}`)
    expect(second.data.map(({ id }: Story) => id)).toEqual(all.slice(3))
    expect(second.page.next).toBeNull()
    const back = await read(`sort=${sort}&limit=3&cursor=${second.page.previous}`)
    expect(back.data).toEqual(first.data)
    expect(back.page.previous).toBeNull()
  })

  it('a cursor of one order or filter is refused in another', async () => {
    const { page } = await read('limit=1')
    for (const other of ['sort=publishedAt', 'language=fr', 'publishedAfter=2026-01-01T00:00:00Z']) {
      expect((await refusal(`limit=1&${other}&cursor=${page.next}`)).code, other).toBe('invalid-cursor')
    }
  })

  it('an order that there is not is refused with the one that was meant', async () => {
    const { errors } = await refusal('sort=-publishedat')
    expect(errors).toMatchObject([{ pointer: 'sort', code: 'not-allowed', didYouMean: '-publishedAt' }])
  })
})

describe('a list of articles is narrowed', () => {
  it('by language as BCP 47 has it, in any case', async () => {
    expect(await idsOf('language=fr')).toEqual(ids(3, 2))
    expect(await idsOf('language=EN-gb')).toEqual(ids(1))
    expect(await idsOf('language=en')).toEqual(ids(0))
    expect(await idsOf('language=de')).toEqual([])
    expect(await idsOf('language=!!')).toEqual([])
  })

  it('by first publication, from an instant to before another', async () => {
    const [, second, third] = stories
    const from = `publishedAfter=${second?.publishedAt}`
    expect(await idsOf(from)).toEqual(ids(3, 2, 1))
    expect(await idsOf(`publishedBefore=${third?.publishedAt}`)).toEqual(ids(1, 0))
    expect(await idsOf(`${from}&publishedBefore=${third?.publishedAt}`)).toEqual(ids(1))
    expect(await idsOf(`${from}&language=fr&sort=publishedAt`)).toEqual(ids(2, 3))
    expect(await idsOf(`${from}&sort=-updatedAt`)).toEqual(ids(2, 3, 1))
  })

  it('by the last change of substance', async () => {
    expect(await idsOf(`updatedAfter=${stories[0]?.updatedAt}`)).toEqual(ids(2, 0))
    expect(await idsOf(`updatedAfter=${stories[2]?.updatedAt}&sort=-updatedAt`)).toEqual(ids(2))
  })

  it('to some articles by their ids, and says nothing of those that are not public', async () => {
    const hidden = await draft(desk)
    const [a, b, c] = ids(2, 0, 3)
    expect(await idsOf(`ids=${a},${b},${hidden.id},${a},${c}`)).toEqual(ids(3, 2, 0))
    expect(await idsOf(`ids=${a},${b},${c}&language=fr&sort=publishedAt`)).toEqual(ids(2, 3))
    const first = await read(`ids=${a},${b},${c}&limit=2`)
    expect((await read(`ids=${a},${b},${c}&limit=2&cursor=${first.page.next}`)).data).toMatchObject([{ id: b }])
    expect(await idsOf(`ids=${hidden.id}`)).toEqual([])
  })

  it.each([
    ['publishedAfter=2026-11-22', 'publishedAfter'],
    ['updatedAfter=yesterday', 'updatedAfter'],
    ['ids=1', 'ids'],
    ['ids=', 'ids'],
    [`ids=${Array.from({ length: 101 }, () => '019b0f61-2c44-7d10-8a55-000000000000').join()}`, 'ids'],
    ['include=links', 'include'],
    ['count=yes', 'count'],
    ['language=', 'language'],
  ])('not by what cannot be: %.40s', async (query, pointer) => {
    expect(await refusal(query)).toMatchObject({ code: 'invalid-parameter', errors: [{ pointer }] })
  })
})

describe('a list says as much as it is asked for', () => {
  it('how many there are altogether, on each page, and not unless asked', async () => {
    expect((await read('limit=1')).page).not.toHaveProperty('total')
    expect((await read('limit=1&count=exact')).page.total).toBe(4)
    expect((await read('limit=1&count=exact&language=fr&tag=talks')).page.total).toBe(2)
    expect((await read(`limit=1&count=exact&ids=${ids(0, 1).join()}`)).page.total).toBe(2)
    expect((await read('count=exact&section=nowhere')).page.total).toBe(0)
    const { page } = await read('limit=1')
    expect((await read(`limit=1&count=exact&cursor=${page.next}`)).page.total).toBe(4)
  })

  it('the links of each article, in as many statements for one as for many, and none that lead nowhere', async () => {
    const [first, second] = ids(0, 1)
    const hidden = await draft(desk)
    const target = (id: string | undefined) => ({ target: { kind: 'article', id } })
    await links(desk, first ?? '', [target(second), target(hidden.id)], 0)
    const { data } = await read('include=headlines&sort=publishedAt')
    expect(data.map(({ headlines }: { headlines: [] }) => headlines.length)).toEqual([1, 0, 0, 0])
    expect(data[0].headlines).toEqual((await app.nobody.get(`/v1/articles/${first}`)).body.headlines)
    const sent = async (limit: number) =>
      (await statementsOf(app.url, () => read(`include=headlines&sort=publishedAt&limit=${limit}`))).length
    expect(await sent(4)).toBe(await sent(1))
    // The tag of the list is of what is shown: the linked story's headline is.
    const path = '/v1/articles?include=headlines&sort=publishedAt&limit=1'
    const { etag } = (await app.nobody.get(path)).headers
    await desk.patch(articleAt(second ?? ''), { headline: 'Ferry Service Resumes' }, '*').expect(200)
    await desk.change(`${articleAt(second ?? '')}/publish`, '*').expect(200)
    const after = await app.nobody
      .get(path)
      .set('if-none-match', etag ?? '')
      .expect(200)
    expect(after.body.data[0].headlines[0].headline).toBe('Ferry Service Resumes')
    await app.nobody
      .get(path)
      .set('if-none-match', after.headers.etag ?? '')
      .expect(304)
  })

  it('the fields that are named, and no others', async () => {
    const [one] = (await read('fields=headline,id&limit=1')).data
    expect(Object.keys(one).toSorted()).toEqual(['headline', 'id'])
    const [texts] = (await read('fields=bodyText,slug&limit=1')).data
    expect(Object.keys(texts).toSorted()).toEqual(['bodyText', 'slug'])
    const [linked] = (await read('fields=headlines&sort=publishedAt&limit=1')).data
    expect(linked.headlines).toHaveLength(1)
    const [none] = (await read('fields=headline&body=text&limit=1')).data
    expect(Object.keys(none)).toEqual(['headline'])
  })

  it('of one article too, each choice with a tag of its own', async () => {
    const path = `/v1/articles/${stories[0]?.id}`
    const whole = await app.nobody.get(path).expect(200)
    const some = await app.nobody.get(`${path}?fields=headline,url`).expect(200)
    expect(some.body).toEqual({ headline: whole.body.headline, url: whole.body.url })
    const other = await app.nobody.get(`${path}?fields=headline`).expect(200)
    expect(new Set([whole, some, other].map(({ headers }) => headers.etag)).size).toBe(3)
    await app.nobody
      .get(`${path}?fields=headline`)
      .set('if-none-match', other.headers.etag ?? '')
      .expect(304)
    await app.nobody
      .get(`${path}?fields=headline`)
      .set('if-none-match', some.headers.etag ?? '')
      .expect(200)
  })

  it('and refuses fields that there are not, and formats that have none', async () => {
    const { errors } = await refusal('fields=headline,standfrst')
    expect(errors).toMatchObject([{ pointer: 'fields', detail: expect.stringMatching(/Did you mean "standfirst"\?$/) }])
    await refusal('fields=headline,headline')
    await refusal('fields=notes')
    await app.nobody.get(`/v1/articles/${stories[0]?.id}?fields=headline&format=html`).expect(400)
  })
})
