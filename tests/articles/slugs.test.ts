import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, published, story } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const slugOf = async (headline: string): Promise<string> => (await draft(desk, { headline })).slug
const rename = (id: string, slug: string, version: number) => desk.patch(articleAt(id), { slug }, version)

describe('a slug that nobody gave', () => {
  it.each([
    ['Ferry Service to the Islands Resumes', 'ferry-service-to-the-islands-resumes'],
    ['U.S. and E.U. Agree – “at Last”', 'us-and-eu-agree-at-last'],
    ['Überfall in Łódź, naïve Täter', 'ueberfall-in-lodz-naive-taeter'],
    ['  50% off: A/B & C++  ', /^50-off-a-b-and-c/],
  ])('comes from the headline %s', async (headline, slug) => {
    expect(await slugOf(headline)).toMatch(slug)
  })

  it('is numbered where it is taken', async () => {
    expect(await slugOf('Rates Rise')).toBe('rates-rise')
    expect(await slugOf('Rates Rise')).toBe('rates-rise-2')
    expect(await slugOf('RATES, RISE!')).toBe('rates-rise-3')
  })

  it.each([
    ['東京で地震、津波の心配なし'],
    ['زلزال يضرب طوكيو'],
    ['😀🎉👨‍👩‍👧‍👦'],
    ['⸻'],
    ['x'.repeat(300)],
    ['word '.repeat(59).trim()],
    ['漢'.repeat(300)],
    ['550e8400-e29b-41d4-a716-446655440000'],
    ['-'],
  ])('is an address of its own for %s, however often it is used', async (headline) => {
    const slugs = [await slugOf(headline), await slugOf(headline), await slugOf(headline)]
    expect(new Set(slugs).size).toBe(3)
    for (const slug of slugs) {
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(slug.length).toBeLessThanOrEqual(120)
      expect(slug).not.toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    }
  })

  it('brings readers to the article', async () => {
    const { slug, id } = await published(desk, { headline: '東京で地震' })
    expect((await app.nobody.get(`/v1/articles/${slug}`).expect(200)).body.id).toBe(id)
  })

  it('is another one for each of fifty concurrent articles with one headline', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => desk.post(ARTICLES, { headline: 'Fifty at Once', bodyText: 'x' })),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(201))
    const slugs = answers.map(({ body }) => body.slug)
    expect(new Set(slugs).size).toBe(50)
    for (const slug of slugs) expect(slug).toMatch(/^fifty-at-once(-|$)/)
  })
})

describe('a slug that was given', () => {
  it('is taken by one of fifty concurrent articles, and the others are told so', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => desk.post(ARTICLES, story({ slug: 'one-slug', publish: n % 2 === 0 }))),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    const refused = answers.filter(({ status }) => status === 409)
    expect(refused).toHaveLength(49)
    for (const { body } of refused) {
      expect(body).toMatchObject({ code: 'slug-taken', errors: [{ pointer: '#/slug', code: 'taken' }] })
    }
    const { articles } = app.db.tables
    const stored = await app.db.read.select().from(articles)
    expect(stored.filter(({ slug }) => slug === 'one-slug')).toHaveLength(1)
    expect(stored.filter(({ slug }) => slug === '')).toHaveLength(0)
  })

  it.each([
    'Upper',
    'two  words',
    'under_score',
    '-front',
    'back-',
    'a--b',
    'ünder',
    'a/b',
    'a.b',
    '',
    'x'.repeat(121),
    'a\n',
    'a%00',
    '../a',
    randomUUID(),
  ])('is refused as %j', async (slug) => {
    const refusals = [
      await desk.post(ARTICLES, story({ slug })).expect(422),
      await desk.patch(articleAt((await draft(desk)).id), { slug }, 1).expect(422),
    ]
    for (const { body } of refusals) expect(body.errors).toMatchObject([{ pointer: '#/slug' }])
  })

  it('may have 120 characters, and still be read', async () => {
    const slug = 'x'.repeat(120)
    await published(desk, { slug })
    await app.nobody.get(`/v1/articles/${slug}`).expect(200)
  })
})

describe('renaming', () => {
  it('keeps the former slug of a published article from everybody else, and leads readers on', async () => {
    const { id } = await published(desk, { slug: 'once-public' })
    await rename(id, 'now-public', 2).expect(200)
    // Readers keep the old address until the change is published.
    await app.nobody.get('/v1/articles/now-public').expect(404)
    expect((await app.nobody.get('/v1/articles/once-public').expect(200)).body.slug).toBe('once-public')
    await desk.change(`${articleAt(id)}/publish`, 3).expect(200)
    const moved = await app.nobody.get('/v1/articles/once-public?body=text').expect(301)
    expect(moved.headers.location).toBe('/v1/articles/now-public?body=text')
    const { body } = await desk.post(ARTICLES, story({ slug: 'once-public' })).expect(409)
    expect(body.code).toBe('slug-taken')
    expect(await slugOf('Once Public')).toBe('once-public-2')
  })

  it('gives back the former slug of an article that never was public', async () => {
    const { id } = await draft(desk, { slug: 'once-a-draft' })
    await rename(id, 'still-a-draft', 1).expect(200)
    expect((await draft(desk, { slug: 'once-a-draft' })).slug).toBe('once-a-draft')
    await rename(id, 'once-a-draft', 2).expect(409)
    expect((await desk.get(articleAt(id))).body).toMatchObject({ slug: 'still-a-draft', version: 2 })
  })

  it('back to the article’s own former slug is allowed', async () => {
    const { id } = await published(desk, { slug: 'there' })
    await rename(id, 'and', 2).expect(200)
    await desk.change(`${articleAt(id)}/publish`, 3).expect(200)
    await rename(id, 'there', 4).expect(200)
    await desk.change(`${articleAt(id)}/publish`, 5).expect(200)
    expect((await app.nobody.get('/v1/articles/there').expect(200)).body.slug).toBe('there')
    expect((await app.nobody.get('/v1/articles/and').expect(301)).headers.location).toBe('/v1/articles/there')
  })

  it('of twenty drafts to one slug at once succeeds for one', async () => {
    const drafts = await Promise.all(Array.from({ length: 20 }, () => draft(desk)))
    const answers = await Promise.all(drafts.map(({ id }) => rename(id, 'the-prize', 1)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19)
  })

  it('keeps the slug of what is in the trash, for when it comes back', async () => {
    const { id } = await draft(desk, { slug: 'in-the-trash' })
    await desk.delete(articleAt(id), 1).expect(200)
    await desk.post(ARTICLES, story({ slug: 'in-the-trash' })).expect(409)
  })
})
