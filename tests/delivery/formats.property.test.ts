import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromMarkdown } from '../../src/body/from-markdown.ts'
import type { Block } from '../../src/body/schema.ts'
import { toHtml } from '../../src/body/to-html.ts'
import { toMarkdown } from '../../src/body/to-markdown.ts'
import { toText } from '../../src/body/to-text.ts'
import { wholeArticle } from '../../src/delivery/examples.ts'
import { formats } from '../../src/delivery/formats/choice.ts'
import type { Article } from '../../src/delivery/schema.ts'
import { body } from '../body/arbitraries.ts'
import { plain } from '../body/plain.ts'
import { expectInert, faultsOfNinjs, readMarkdown, readPage, textIn, unknownToSchemaOrg } from '../support/readers.ts'
import { runs } from '../support/rounds.ts'
import { anyText } from '../support/texts.ts'

const breaking = fc.constantFrom(
  ...[
    '</script>',
    '<script>alert(1)</script>',
    '</title>',
    '<!--',
    '-->',
    ']]>',
    '"',
    "'",
    '`',
    '\\',
    '&amp;',
    '&',
    '\n---\n',
  ],
  ...[
    '---',
    '...',
    '\n',
    '\r\n',
    '\u2028',
    '\u2029',
    '\u0085',
    ': ',
    ' #',
    '- ',
    '{',
    '*',
    '|',
    '%',
    '@',
    'yes',
    '2026-11-22',
  ],
)
// A database cannot hold NUL or half of a surrogate pair, so they do not come here.
const words = fc
  .array(fc.oneof(breaking, breaking, anyText(3)), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('').replaceAll('\0', '').toWellFormed() || 'x')
/** One line, as the fields of one line are. */
const line = words.map((text) => text.replaceAll(/[\n\r\u2028\u2029]+/g, ' ').replace(/^\s*$/, 'x'))
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const url = fc.constantFrom(
  'https://a.example/?b=1&c=%22',
  "https://a.example/'(x)",
  'https://a.example/?q=%3C/script%3E#---',
)
const time = fc.constant('2026-11-22T18:04:05.000Z')
const sublink = fc.record({
  id: fc.uuid(),
  headline: line,
  kicker: line,
  url: fc.option(url),
  target: fc.constant(null),
})
const link = fc.tuple(sublink, fc.array(sublink, { maxLength: 2 })).map(([itself, sublinks]) => ({
  ...{ ...itself, position: 0, prominence: 'normal' as const, pinned: false },
  ...(sublinks.length > 0 && { sublinks }),
}))

const article: fc.Arbitrary<Article & { body: Block[] }> = fc
  .record({
    headline: line,
    alternativeHeadline: maybe(line),
    kicker: maybe(line),
    standfirst: maybe(words),
    byline: fc.option(line),
    dateline: maybe(line),
    section: fc.option(fc.record({ slug: fc.constant('s'), name: line })),
    tags: fc.array(fc.record({ slug: fc.constant('t'), name: line, uri: maybe(url) }), { maxLength: 3 }),
    authors: fc.array(fc.record({ slug: fc.constant('a'), name: line, url: maybe(url) }), { maxLength: 2 }),
    image: fc.option(
      fc.record({ url, alt: words, caption: maybe(words), credit: maybe(line), width: maybe(fc.nat(99)) }),
    ),
    source: fc.option(fc.record({ name: line, url: maybe(url) })),
    corrections: fc.array(fc.record({ kind: fc.constant('update'), text: words, publishedAt: time }), { maxLength: 2 }),
    embargoedUntil: maybe(time),
    canonicalUrl: fc.option(url),
    headlines: fc.array(link, { maxLength: 3 }),
    body,
  })
  .map((fields) => ({
    ...wholeArticle(),
    ...fields,
    bodyHtml: toHtml(fields.body),
    bodyMarkdown: toMarkdown(fields.body),
    bodyText: toText(fields.body),
  }))

/** As the parser of a page hands it over: a carriage return is the end of a line like any other. */
const asParsed = (text: string) => text.replaceAll(/\r\n?/g, '\n')
const holds = (check: (article: Article & { body: Block[] }) => void) =>
  fc.assert(
    fc.property(article, (each) => check(JSON.parse(JSON.stringify(each)))),
    runs(150),
  )

it('whatever it says, nothing in the page runs, and the headline is the headline', () => {
  holds((each) => {
    const page = readPage(formats.html.render(each))
    expectInert(page)
    for (const tagName of ['title', 'h1']) expect(page.all(tagName).map(textIn)).toEqual([asParsed(each.headline)])
    const standfirst = each.standfirst === undefined ? [] : [asParsed(each.standfirst)]
    expect(page.classed('standfirst').map(textIn)).toEqual(standfirst)
    expect(page.all('nav')).toHaveLength(each.headlines?.length ? 1 : 0)
    expect(page.all('script').concat(page.all('iframe'))).toEqual([])
  })
})

it('whatever it says, its front matter ends where it ends, and our importer reads the same text below it', () => {
  holds((each) => {
    const document = formats.markdown.render(each)
    const { front, body } = readMarkdown(document)
    // Some readers take these for the end of a line, or drop them.
    expect(document.slice(0, -body.length || undefined)).not.toMatch(/[\u007f-\u009f\u2028\u2029\ufeff]/)
    expect(front).toMatchObject({ title: each.headline, date: each.publishedAt })
    expect(front.tags ?? []).toEqual(each.tags.map(({ name }) => name))
    expect(front.description).toBe(each.standfirst)
    expect(body).toBe(each.bodyMarkdown)
    // An embed that went through Markdown is a link.
    const held = each.body.filter((block) => block._type !== 'embed')
    if (held.length === each.body.length) expect(plain(toHtml(fromMarkdown(body)))).toBe(plain(toHtml(held)))
  })
}, 30_000)

it('blocks that came from Markdown are the same blocks after they went out as a document and came in again', () => {
  holds((each) => {
    const blocks = fromMarkdown(each.bodyMarkdown ?? '')
    const document = formats.markdown.render({ ...each, bodyMarkdown: toMarkdown(blocks) })
    expect(toHtml(fromMarkdown(readMarkdown(document).body))).toBe(toHtml(blocks))
  })
}, 30_000)

it('whatever it says, plain text has the headline above its text, and each headline below', () => {
  holds((each) => {
    const text = formats.text.render(each)
    const at = text.indexOf(each.headline)
    expect(at).toBeGreaterThanOrEqual(0)
    expect(text.indexOf(each.bodyText ?? '', at)).toBeGreaterThanOrEqual(0)
    for (const { headline } of each.headlines ?? []) expect(text).toContain(`${headline}`)
  })
})

it('whatever it says, JSON-LD is in the words of schema.org and stays in its script element', () => {
  holds((each) => {
    const text = formats.jsonld.render(each)
    expect(text).not.toMatch(/[<\u2028\u2029]/)
    const [script] = readPage(`<script type="application/ld+json">${text}</script>`).all('script')
    const document = JSON.parse(script ? textIn(script) : '')
    expect(document).toMatchObject({ '@type': 'NewsArticle', headline: each.headline, articleBody: each.bodyText })
    expect(unknownToSchemaOrg(document)).toEqual([])
  })
})

it('whatever it says, ninjs is what its schema asks for', () => {
  holds((each) => {
    const document = JSON.parse(formats.ninjs.render(each))
    expect(faultsOfNinjs(document)).toBe('')
    expect(document.headlines[0].value).toBe(each.headline)
    expect(document.pubStatus).toBe(each.embargoedUntil === undefined ? 'usable' : 'withheld')
  })
})

/** With everything that an article can have. */
const rich: Article = {
  ...wholeArticle(),
  ...{
    kicker: 'Analysis',
    alternativeHeadline: 'No',
    dateline: 'ISTANBUL',
    embargoedUntil: '2026-11-23T06:00:00.000Z',
  },
  image: { url: 'https://images.example/1.jpg', alt: 'A', caption: 'B', credit: 'C', width: 9, height: 9 },
  updatedAt: '2026-11-22T19:00:00.000Z',
  corrections: [{ kind: 'correction', text: 'Was <wrong>.', publishedAt: '2026-11-22T19:00:00.000Z' }],
  source: { name: 'A Wire', url: 'https://wire.example/1' },
  canonicalUrl: 'https://wire.example/1',
}

it('the same tag never stands for another text: who changes what a format writes raises its version', () => {
  const publisher = { name: 'Dateline News', url: 'https://news.example/' }
  const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)
  const written = Object.entries(formats).map(([name, { version, render }]) => [
    `${name}${version}`,
    digest(render(wholeArticle(), { publisher }) + render(rich)),
  ])
  expect(Object.fromEntries(written)).toEqual({
    html1: '223c726e4124',
    markdown1: '0d8a6ebbcf7d',
    text1: '3b8c7ea5557c',
    jsonld2: '603cd01dc5e6',
    ninjs1: '3ce94bc70f1a',
  })
})
