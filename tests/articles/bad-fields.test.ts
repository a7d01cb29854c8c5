import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, type Desk, draft, story } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const stored = () => app.db.read.$count(app.db.tables.articles)
const long = (length: number) => 'x'.repeat(length)
const block = (children: unknown) => [{ _type: 'block', children }]

describe('a new article with faults', () => {
  it('hears of all of them at once, each with its place', async () => {
    const before = await stored()
    const { body } = await desk
      .post(ARTICLES, {
        headline: '',
        slug: 'Not A Slug',
        language: 'Englisch',
        kicker: 7,
        tags: [{ name: 'Good' }, { nam: 'Bad' }],
        authors: 'Jane Doe',
        image: { url: 'javascript:alert(1)', alt: null, focalPoint: { x: 2, y: 0.5 } },
        canonicalUrl: '/relative',
        'a/b~c': true,
        publish: 'yes',
      })
      .expect(422)
    expect(body).toMatchObject({ code: 'validation-failed', status: 422 })
    const pointers = body.errors.map((each: { pointer: string }) => each.pointer)
    expect(pointers.toSorted()).toEqual(
      [
        '#/headline',
        '#/slug',
        '#/language',
        '#/kicker',
        '#/tags/1/name',
        '#/tags/1/nam',
        '#/authors',
        '#/image/url',
        '#/image/alt',
        '#/image/focalPoint/x',
        '#/canonicalUrl',
        '#/a~1b~0c',
        '#/publish',
      ].toSorted(),
    )
    for (const each of body.errors) expect(each.detail, each.pointer).toMatch(/^\S.*[.?]$/s)
    expect(await stored()).toBe(before)
  })

  it.each([
    ['no headline', { headline: undefined }, '#/headline', 'required'],
    ['a headline of null', { headline: null }, '#/headline', 'wrong-type'],
    ['a headline of blanks', { headline: ' \t\u00a0' }, '#/headline', 'invalid'],
    ['a headline of two lines', { headline: 'One\nTwo' }, '#/headline', 'invalid'],
    ['a headline with a line separator', { headline: 'One\u2028Two' }, '#/headline', 'invalid'],
    ['a headline of 301 characters', { headline: long(301) }, '#/headline', 'too-big'],
    ['a kicker of 101 characters', { kicker: long(101) }, '#/kicker', 'too-big'],
    ['an empty standfirst', { standfirst: '' }, '#/standfirst', 'too-small'],
    ['fifty-one tags', { tags: Array.from({ length: 51 }, (_, n) => ({ name: `T${n}` })) }, '#/tags', 'too-big'],
    ['a tag of another kind', { tags: ['World'] }, '#/tags/0', 'wrong-type'],
    ['a section without a name', { section: { slug: 'world' } }, '#/section/name', 'required'],
    [
      'a section slug that is an id',
      { section: { slug: crypto.randomUUID(), name: 'W' } },
      '#/section/slug',
      'invalid',
    ],
    ['a picture without words for it', { image: { url: 'https://i.example/a' } }, '#/image/alt', 'required'],
    ['half a pixel', { image: { url: 'https://i.example/a', alt: '', width: 1.5 } }, '#/image/width', 'wrong-type'],
    [
      'a picture of no width',
      { image: { url: 'https://i.example/a', alt: '', width: 0 } },
      '#/image/width',
      'too-small',
    ],
    ['an address with a password', { canonicalUrl: 'https://a:b@news.example/' }, '#/canonicalUrl', 'invalid'],
    ['an address with a line break', { canonicalUrl: 'https://news.example/\r\nX: y' }, '#/canonicalUrl', 'invalid'],
    ['an address without slashes', { canonicalUrl: 'https:news.example' }, '#/canonicalUrl', 'invalid'],
    ['an address with backslashes', { canonicalUrl: 'https:\\\\news.example\\' }, '#/canonicalUrl', 'invalid'],
    ['a file as its source', { source: { name: 'Us', url: 'file:///etc/passwd' } }, '#/source/url', 'invalid'],
    ['an unknown block', { body: [{ _type: 'blok' }], bodyText: undefined }, '#/body/0/_type', 'not-allowed'],
    ['a block without its kind', { body: [{}], bodyText: undefined }, '#/body/0/_type', 'required'],
    ['a body of numbers', { body: [1], bodyText: undefined }, '#/body/0', 'wrong-type'],
    [
      'a mark that is not defined',
      { body: block([{ _type: 'span', text: 'a', marks: ['l1'] }]), bodyText: undefined },
      '#/body/0/children/0/marks/0',
      'invalid',
    ],
    ['a text that is an object', { bodyText: {} }, '#/bodyText', 'wrong-type'],
    ['HTML nested too deep', { bodyHtml: '<b>'.repeat(5_000), bodyText: undefined }, '#/bodyHtml', 'too-deep'],
  ])('such as %s is refused at the field', async (_what, fields, pointer, code) => {
    const before = await stored()
    const { body } = await desk.post(ARTICLES, story(fields)).expect(422)
    expect(body.errors).toEqual([expect.objectContaining({ pointer, code })])
    expect(await stored()).toBe(before)
  })

  it('hears what was probably meant', async () => {
    const { body } = await desk.post(ARTICLES, story({ hedline: 'x', publsh: true, stand_first: 'y' })).expect(422)
    expect(body.errors.map((each: { didYouMean?: string }) => each.didYouMean)).toEqual([
      'headline',
      'publish',
      'standfirst',
    ])
  })
})

describe('names without a letter that a slug could have', () => {
  const names = ['!!!', '東京', '漢'.repeat(100), '550e8400-e29b-41d4-a716-446655440000', '😀', '—', 'a'.repeat(100)]
  it.each(names)('name a section, a tag and an author all the same: %s', async (name) => {
    const article = await draft(desk, { section: { name }, tags: [{ name }], authors: [{ name }], publish: true })
    for (const term of [article.section, ...article.tags, ...article.authors]) {
      expect(term).toMatchObject({ name, slug: expect.stringMatching(/^[a-z0-9]+(-[a-z0-9]+)*$/) })
    }
    const { body } = await app.nobody.get(`/v1/articles?section=${article.section?.slug}`).expect(200)
    expect(body.data.map(({ id }: { id: string }) => id)).toContain(article.id)
    await desk.get(ARTICLES).expect(200)
  })

  it('stay apart where they differ only at the end', async () => {
    const tags = [`${'漢'.repeat(99)}字`, `${'漢'.repeat(99)}語`, '!', '!!', '。'].map((name) => ({ name }))
    const article = await draft(desk, { tags })
    expect(article.tags.map(({ name }) => ({ name }))).toEqual(tags)
    expect(new Set(article.tags.map(({ slug }) => slug)).size).toBe(tags.length)
  })

  it('get the same slug each time', async () => {
    const [first, second] = [
      await draft(desk, { section: { name: '東京' } }),
      await draft(desk, { section: { name: '東京' } }),
    ]
    expect(second.section).toEqual(first.section)
  })
})
