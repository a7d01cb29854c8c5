import { readFileSync } from 'node:fs'
import jsonld from 'jsonld'
import { beforeAll, expect, it } from 'vitest'
import type { EditorialArticle } from '../../src/articles/schema.ts'
import { fromMarkdown } from '../../src/body/from-markdown.ts'
import { wholeArticle } from '../../src/delivery/examples.ts'
import { formats } from '../../src/delivery/formats/choice.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, links, published } from '../support/builders.ts'
import {
  attributeOf,
  expectInert,
  faultsOfNinjs,
  readMarkdown,
  readPage,
  textIn,
  unknownToSchemaOrg,
} from '../support/readers.ts'
import { root } from '../support/sources.ts'

const HEADLINE = `</title></script><script>alert(1)</script> "It's" & more --- <!-- {{x}}`
const STANDFIRST = 'First line\n---\ntitle: "Not this"\n---\u2028</script> last'
const fields = {
  headline: HEADLINE,
  slug: 'everything',
  language: 'en-GB',
  alternativeHeadline: 'No',
  kicker: 'Analysis: "X"',
  standfirst: STANDFIRST,
  byline: 'By Jane Doe & others',
  dateline: 'ISTANBUL',
  section: { slug: 'world', name: 'World <b>' },
  tags: [
    { slug: 'diplomacy', name: 'yes', uri: 'http://cv.iptc.org/newscodes/mediatopic/20000350' },
    { slug: 'talks', name: 'Talks, peace' },
  ],
  authors: [{ slug: 'jane-doe', name: 'Jane Doe', url: 'https://news.example/jane' }, { name: 'The Desk' }],
  image: {
    ...{
      url: 'https://images.example/a.jpg?a=1&b=2',
      alt: 'Two flags "waving"',
      caption: 'The <talks>',
      credit: 'J. Roe',
    },
    ...{ width: 1200, height: 800, focalPoint: { x: 0.5, y: 0.25 } },
  },
  source: { name: 'A Wire', url: 'https://wire.example/1' },
  canonicalUrl: 'https://original.example/story?a=1&b=2',
  externalId: 'zyxcanary:1',
  notes: 'zyxcanary',
  changeNote: 'zyxcanary',
  bodyText: undefined,
  bodyHtml:
    '<p onclick="x()">One <strong>bold</strong> <a href="https://a.example/?x=1&amp;y=2">link</a>.</p><script>alert(2)</script><h2>Part</h2><ul><li>a</li><li>b</li></ul><blockquote><p>Quoted</p></blockquote><img src="https://images.example/b.jpg" alt="B">',
}
let app: TestApp
let desk: Desk
let article: EditorialArticle
let other: EditorialArticle
/** As JSON has it, with all forms of the text. */
let json: Record<string, unknown> & { publishedAt: string; updatedAt: string; headlines: { id: string }[] }
beforeAll(async () => {
  app = await startApp({ settings: { ARTICLE_URL: 'https://news.example/{section}/{slug}' } })
  desk = await app.withRole('editor')
  other = await published(desk, { headline: 'The Other Story', slug: 'other' })
  article = await published(desk, fields)
  const items = [
    { target: { kind: 'article', id: other.id }, kicker: 'Live', note: 'zyxcanary' },
    {
      headline: 'Elsewhere </script>',
      target: { kind: 'url', url: 'https://else.example/?a=1&b=2' },
      sublinks: [{ headline: 'Below it' }],
    },
    { headline: 'Not written yet' },
    { headline: 'zyxcanary', startsAt: '2030-01-01T00:00:00Z' },
  ]
  await links(desk, article.id, items, 0)
  await desk.patch(articleAt(article.id), { kicker: 'Analysis' }, '*').expect(200)
  const correction = { kind: 'correction', text: 'It was <12>, not "20".', note: 'zyxcanary' }
  await desk.change(`${articleAt(article.id)}/publish`, '*', correction).expect(200)
  await desk.patch(articleAt(article.id), { headline: 'zyxcanary' }, '*').expect(200)
  json = (await app.nobody.get('/v1/articles/everything?body=html,blocks,markdown,text').expect(200)).body
})

async function read(format: string): Promise<string> {
  const { text } = await app.nobody.get(`/v1/articles/everything?format=${format}`).expect(200)
  expect(text).not.toContain('zyxcanary')
  return text
}

it('HTML is a whole page in which nothing runs, with all that a reader is to see', async () => {
  const html = await read('html')
  const page = readPage(html)
  expect(page.faults).toEqual([])
  expectInert(page)
  const one = (tagName: string) => {
    expect(page.all(tagName), tagName).toHaveLength(1)
    return page.all(tagName)[0] as (typeof page.elements)[number]
  }
  expect(html).toMatch(/^<!doctype html><html /)
  expect(attributeOf(one('html'), 'lang')).toBe('en-GB')
  expect(attributeOf(page.all('meta')[0], 'charset')).toBe('utf-8')
  for (const tagName of ['title', 'h1']) expect(textIn(one(tagName))).toBe(HEADLINE)
  const hrefOf = (rel: string) =>
    attributeOf(
      page.all('link').find((each) => attributeOf(each, 'rel') === rel),
      'href',
    )
  expect([hrefOf('canonical'), hrefOf('author')]).toEqual([fields.canonicalUrl, 'https://news.example/jane'])
  const contentOf = (name: string) => page.named(name).map((each) => attributeOf(each, 'content'))
  expect(contentOf('description')).toEqual([STANDFIRST])
  expect(contentOf('article:tag')).toEqual(['yes', 'Talks, peace'])
  expect(contentOf('og:image')).toEqual([fields.image.url])
  const said = (name: string) => page.classed(name).map(textIn)
  expect([said('standfirst'), said('byline'), said('dateline')]).toEqual([[STANDFIRST], [fields.byline], ['ISTANBUL']])
  expect(page.all('time').map((each) => attributeOf(each, 'datetime'))).toEqual([
    json.publishedAt,
    json.updatedAt,
    json.updatedAt,
  ])
  expect(said('correction')[0]).toContain('It was <12>, not "20".')
  expect(said('correction')[0]).toContain('Correction')
  expect(html).toContain(String(json.bodyHtml))
  const [main] = page.all('img')
  expect([attributeOf(main, 'src'), attributeOf(main, 'alt')]).toEqual([fields.image.url, fields.image.alt])
  expect(textIn(page.all('figcaption')[0] ?? one('figcaption'))).toBe('The <talks> J. Roe')
  const nav = one('nav')
  expect(textIn(nav)).toBe('Live: The Other StoryElsewhere </script>Below itNot written yet')
  const leads = page.all('a').map((each) => attributeOf(each, 'href'))
  expect(leads.slice(1)).toEqual([
    'https://wire.example/1',
    'https://news.example/other',
    'https://else.example/?a=1&b=2',
  ])
})

it('Markdown is front matter that every YAML reads alike, and the text as the importer gives it back', async () => {
  const { front, body } = readMarkdown(await read('markdown'))
  expect(front).toMatchObject({
    ...{ title: HEADLINE, description: STANDFIRST, alternativeHeadline: 'No', kicker: 'Analysis', slug: 'everything' },
    ...{ date: json.publishedAt, lastmod: json.updatedAt, byline: fields.byline, dateline: 'ISTANBUL' },
    ...{ authors: ['Jane Doe', 'The Desk'], tags: ['yes', 'Talks, peace'], section: 'World <b>', language: 'en-GB' },
    ...{ canonicalUrl: fields.canonicalUrl, link: 'https://news.example/world/everything' },
    ...{ image: fields.image, corrections: json.corrections, source: fields.source, edition: 2 },
    headlines: [
      { headline: 'The Other Story', kicker: 'Live', url: 'https://news.example/other' },
      { headline: 'Elsewhere </script>', url: 'https://else.example/?a=1&b=2', sublinks: [{ headline: 'Below it' }] },
      { headline: 'Not written yet' },
    ],
  })
  expect(body).toBe(json.bodyMarkdown)
  expect(fromMarkdown(body)).toEqual(json.body)
})

it('plain text is the text with what stands above and below it', async () => {
  const text = await read('text')
  const [above = '', below = ''] = text.split(`\n\n${json.bodyText}\n\n`)
  expect(above).toBe(
    `Analysis\n${HEADLINE}\n\n${STANDFIRST}\n\n${fields.byline}\nISTANBUL\nPublished ${json.publishedAt}\nUpdated ${json.updatedAt}`,
  )
  expect(below.split('\n\n')).toEqual([
    `Correction, ${json.updatedAt}: It was <12>, not "20".`,
    'Source: A Wire <https://wire.example/1>',
    '- Live: The Other Story <https://news.example/other>\n- Elsewhere </script> <https://else.example/?a=1&b=2>\n  - Below it\n- Not written yet',
    'https://original.example/story?a=1&b=2\n',
  ])
})

/** As schema.org has it, in short: all words are its own, and these hold addresses and times. */
const context = {
  '@vocab': 'http://schema.org/',
  ...Object.fromEntries(['url', 'mainEntityOfPage', 'sameAs'].map((each) => [each, { '@type': '@id' }])),
  ...Object.fromEntries(['datePublished', 'dateModified'].map((each) => [each, { '@type': 'DateTime' }])),
}

it('JSON-LD says what schema.org knows, expands, and cannot leave the script element that it stands in', async () => {
  const text = await read('jsonld')
  expect(text).not.toMatch(/[<\u2028\u2029]/)
  const [script] = readPage(`<script type="application/ld+json">${text}</script>`).all('script')
  const document = JSON.parse(script ? textIn(script) : '')
  expect(document).toEqual(JSON.parse(text))
  expect(unknownToSchemaOrg(document)).toEqual([])
  const wrong = { '@type': 'NewsArticle', headlin: 'x', author: [{ '@type': 'Person', byline: 'x' }] }
  expect(unknownToSchemaOrg(wrong)).toEqual(['NewsArticle.headlin', 'Person.byline'])

  const documentLoader = async (url: string) => {
    expect(url).toBe('https://schema.org')
    return { documentUrl: url, document: { '@context': context } }
  }
  // What would be lost is an error.
  const options = { documentLoader, safe: true }
  const [expanded = {}] = (await jsonld.expand(document, options)) as Record<string, unknown>[]
  const word = (name: string) => expanded[`http://schema.org/${name}`]
  expect(expanded).toMatchObject({ '@id': `urn:uuid:${article.id}`, '@type': ['http://schema.org/NewsArticle'] })
  for (const [name, value] of Object.entries({
    ...{ headline: HEADLINE, description: STANDFIRST, alternativeHeadline: 'No', dateline: 'ISTANBUL' },
    ...{ articleSection: 'World <b>', creditText: fields.byline, articleBody: json.bodyText, inLanguage: 'en-GB' },
  }))
    expect(word(name), name).toEqual([{ '@value': value }])
  expect(word('mainEntityOfPage')).toEqual([{ '@id': fields.canonicalUrl }])
  expect(word('url')).toEqual([{ '@id': 'https://news.example/world/everything' }])
  expect(word('dateModified')).toEqual([{ '@type': 'http://schema.org/DateTime', '@value': json.updatedAt }])
  expect(document).toMatchObject({
    author: [{ '@type': 'Person', name: 'Jane Doe', url: 'https://news.example/jane' }, { name: 'The Desk' }],
    keywords: ['yes', 'Talks, peace'],
    about: [{ name: 'yes', sameAs: fields.tags[0]?.uri }],
    image: { url: fields.image.url, caption: 'The <talks>', creditText: 'J. Roe', width: 1200, height: 800 },
    correction: [{ text: 'It was <12>, not "20".', datePublished: json.updatedAt }],
    isBasedOn: { name: 'A Wire', url: 'https://wire.example/1' },
  })
})

it('ninjs is what its schema asks for, with all that a partner needs', async () => {
  const document = JSON.parse(await read('ninjs'))
  expect(faultsOfNinjs(document)).toBe('')
  const main = (contentType: string, value: unknown) => ({ role: 'main', contentType, value })
  expect(document).toMatchObject({
    ...{ uri: `urn:uuid:${article.id}`, type: 'text', version: '2', pubStatus: 'usable', language: 'en-GB' },
    ...{ firstCreated: json.publishedAt, versionCreated: json.updatedAt, by: fields.byline, located: 'ISTANBUL' },
    headlines: [
      main('text/plain', HEADLINE),
      { role: 'alternative', value: 'No' },
      { role: 'kicker', value: 'Analysis' },
    ],
    descriptions: [{ role: 'summary', value: STANDFIRST }],
    bodies: [main('text/html', json.bodyHtml), main('text/plain', json.bodyText)],
    edNote: `Correction, ${json.updatedAt}: It was <12>, not "20".`,
    subjects: [
      { name: 'World <b>', rel: 'section' },
      { name: 'yes', rel: 'about', uri: fields.tags[0]?.uri },
      { name: 'Talks, peace' },
    ],
    infoSources: [
      { name: 'Jane Doe', role: 'author', uri: 'https://news.example/jane' },
      { name: 'The Desk', role: 'author' },
      { name: 'A Wire', role: 'source', uri: 'https://wire.example/1' },
    ],
    altIds: [{ role: 'canonical', value: fields.canonicalUrl }],
  })
  const [picture, ...related] = document.associations
  expect(picture).toMatchObject({ name: 'main', type: 'picture', by: 'J. Roe', uri: fields.image.url })
  expect(picture.renditions[0]).toMatchObject({ width: 1200, height: 800, poi: { x: 600, y: 200 } })
  expect(related.map(({ name }: { name: string }) => name)).toEqual([
    'The Other Story',
    'Elsewhere </script>',
    'Below it',
    'Not written yet',
  ])
  expect(related[0]).toMatchObject({
    uri: `urn:uuid:${other.id}`,
    renditions: [{ href: 'https://news.example/other' }],
  })
  expect(related[3]).toMatchObject({ uri: `urn:uuid:${json.headlines[2]?.id}`, rel: 'related' })
  for (const wrong of [
    { ...document, urgency: 10 },
    { ...document, headline: 'x' },
    { ...document, uri: undefined },
  ])
    expect(faultsOfNinjs(JSON.parse(JSON.stringify(wrong)))).not.toBe('')
})

it('the examples in the documents are of the source document as it is published, in every format', async () => {
  const source = readFileSync(`${root}seeds/us-russia-istanbul-talks.txt`, 'utf8')
  const bodyText = (source.split('\n\n\n')[0] ?? '').split('\n').join('\n\n')
  const { headline, standfirst, byline, section, tags, authors } = wholeArticle()
  const { id, slug } = await published(desk, { headline, standfirst, byline, section, tags, authors, bodyText })
  const real = (await app.nobody.get(`/v1/articles/${id}?body=html,markdown,text`).expect(200)).body
  const { url, publishedAt, updatedAt, headlines } = wholeArticle()
  expect({ ...real, id: wholeArticle().id, url, publishedAt, updatedAt, headlines }).toEqual(wholeArticle())
  expect(slug).toBe(wholeArticle().slug)
  const { paths } = app.documents.delivery as { paths: Record<string, { get: { responses: Described } }> }
  const shown = paths['/v1/articles/{idOrSlug}']?.get.responses[200]?.content ?? {}
  expect(Object.keys(shown)).toHaveLength(6)
  for (const format of Object.values(formats)) {
    const { example } = shown[format.contentType.replace('; charset=utf-8', '')] ?? {}
    const written = format.render(wholeArticle(), {
      publisher: { name: 'Dateline News', url: 'https://news.example/' },
    })
    expect(example).toEqual(typeof example === 'string' ? written : JSON.parse(written))
  }
})
type Described = Record<string, { content: Record<string, { example: unknown }> }>
