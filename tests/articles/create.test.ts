import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, linksOf, story } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor', 'News desk')
})

const everything = {
  headline: 'Ferry Service to the Islands Resumes – “at Last”',
  slug: 'ferry-service-resumes',
  language: 'en-GB',
  alternativeHeadline: 'The ferries are back',
  kicker: 'Transport',
  standfirst: 'After nine days of storms\nthe boats leave again.',
  byline: 'By Jane Doe and John Roe',
  dateline: 'OBAN',
  section: { slug: 'scotland', name: 'Scotland' },
  tags: [{ slug: 'ferries', name: 'Ferries', uri: 'https://cv.example/ferries' }],
  authors: [{ slug: 'jane-doe', name: 'Jane Doe', url: 'https://people.example/jane' }],
  image: {
    url: 'https://images.example/ferry.jpg',
    alt: '',
    caption: 'The first boat',
    credit: 'J. Roe',
    width: 1600,
    height: 900,
    focalPoint: { x: 0.5, y: 0.25 },
  },
  source: { name: 'Oban Courier', url: 'https://courier.example/' },
  canonicalUrl: 'https://courier.example/ferry',
  externalId: 'courier:4711',
  notes: 'Call the harbour master on Monday.',
}

describe('a new article', () => {
  it('needs no more than a headline, and the rest of it is empty', async () => {
    const response = await desk.post(ARTICLES, { headline: 'Snow Expected' }).expect(201)
    expect(response.headers.etag).toBe('"1"')
    expect(response.headers.location).toBe(articleAt(response.body.id))
    expect(response.body).toMatchObject({
      state: 'draft',
      version: 1,
      edition: 0,
      headline: 'Snow Expected',
      slug: 'snow-expected',
      language: 'en',
      body: [],
      tags: [],
      authors: [],
      createdBy: { name: 'News desk' },
      updatedBy: { name: 'News desk' },
    })
    const empty = ['kicker', 'standfirst', 'byline', 'dateline', 'section', 'image', 'source', 'canonicalUrl', 'notes']
    const unset = ['alternativeHeadline', 'externalId', 'provenance', 'publishedAt', 'liveFrom', 'liveUntil']
    for (const field of [...empty, ...unset]) expect(response.body, field).toHaveProperty(field, null)
    await app.nobody.get('/v1/articles/snow-expected').expect(404)
    await app.nobody.get(`/v1/articles/${response.body.id}`).expect(404)
  })

  it('keeps every field as it was sent, and reading it gives back what creating it did', async () => {
    const created = await desk.post(ARTICLES, { ...everything, bodyText: 'One.\n\nTwo.' }).expect(201)
    expect(created.body).toMatchObject(everything)
    const read = await desk.get(articleAt(created.body.id)).expect(200)
    expect(read.body).toEqual(created.body)
    expect(read.headers.etag).toBe('"1"')
  })

  it('is published at once where that is asked for, with the desk’s notes kept from readers', async () => {
    const article = await draft(desk, { publish: true, notes: 'Not for print' })
    expect(article).toMatchObject({ state: 'live', edition: 1, liveUntil: null })
    expect(article.publishedAt).toBe(article.liveFrom)
    const read = await app.nobody.get(`/v1/articles/${article.slug}`).expect(200)
    expect(read.body.headline).toBe(article.headline)
    expect(read.text).not.toContain('Not for print')
  })

  it('is neither created nor published for a contributor who asks for both', async () => {
    const contributor = await app.withRole('contributor')
    const fields = story({ slug: 'by-a-contributor', publish: true })
    const refused = await contributor.post(ARTICLES, fields).expect(403)
    expect(refused.body.scope).toBe('articles:publish')
    await desk.post(ARTICLES, story({ slug: 'by-a-contributor' })).expect(201)
  })
})

describe('the text of a new article', () => {
  const text = 'The boats leave at six.'
  const block = { _type: 'block', children: [{ _type: 'span', text }] }
  it.each([
    ['blocks', { body: [block] }],
    ['HTML', { bodyHtml: `<p>${text}</p>` }],
    ['Markdown', { bodyMarkdown: text }],
    ['plain text', { bodyText: text }],
  ])('may come as %s and is kept as blocks', async (_form, body) => {
    const { body: article } = await desk.post(ARTICLES, { headline: 'The Boats Leave', ...body }).expect(201)
    expect(article.body).toEqual([
      {
        _type: 'block',
        _key: 'b1',
        style: 'normal',
        children: [{ _type: 'span', _key: 's1', text, marks: [] }],
        markDefs: [],
      },
    ])
    for (const form of ['bodyHtml', 'bodyMarkdown', 'bodyText']) expect(article).not.toHaveProperty(form)
  })

  it.each([
    ['HTML and text', { bodyHtml: '<p>a</p>', bodyText: 'b' }],
    ['blocks and Markdown', { body: [], bodyMarkdown: 'b' }],
  ])('is refused in two forms at once: %s', async (_forms, bodies) => {
    const { body } = await desk.post(ARTICLES, { headline: 'Two Forms', slug: 'two-forms', ...bodies }).expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#/body' }])
  })

  it('loses the script that came with the HTML', async () => {
    const bodyHtml = '<p onclick="a()">Safe<script>alert(1)</script></p><iframe src="javascript:b()"></iframe>'
    const article = await draft(desk, { bodyText: undefined, bodyHtml })
    expect(JSON.stringify(article.body)).not.toMatch(/script|onclick|alert/)
    expect(JSON.stringify(article.body)).toContain('Safe')
  })
})

describe('reading an article on the desk', () => {
  it('answers the whole article also to whoever has this version: its state and its lock change without one', async () => {
    const { id } = await draft(desk)
    const liveFrom = '2026-11-22T18:00:00.000Z'
    await desk.change(`${articleAt(id)}/publish`, 1, { liveFrom }).expect(200)
    const before = await desk.get(articleAt(id)).set('if-none-match', '"7", W/"2"').expect(200)
    expect(before.body).toMatchObject({ state: 'scheduled', version: 2 })
    app.clock.pass(Date.parse(liveFrom) - Date.parse(app.clock.now()))
    const after = await desk
      .get(articleAt(id))
      .set('if-none-match', before.headers.etag ?? '')
      .expect(200)
    expect(after.body).toMatchObject({ state: 'live', version: 2 })
    expect(after.headers.etag).toBe('"2"')
  })

  it('sends its links whole also to whoever has their version, because their states change by the clock', async () => {
    const { id } = await draft(desk)
    const { headers } = await desk.get(linksOf(id)).set('if-none-match', '"7", W/"0"').expect(200)
    expect(headers.etag).toBe('"0"')
  })

  it.each(['019b0f61-2c44-7d10-8a55-0a6f3f1f9b02', 'no-uuid', '%F0%9F%93%B0'])('answers 404 for %s', async (id) => {
    const { body } = await desk.get(articleAt(id)).expect(404)
    expect(body.code).toBe('not-found')
  })
})
