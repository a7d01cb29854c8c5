import fc from 'fast-check'
import { untouched } from '../../src/articles/rules.ts'
import { type ArticleContent, ArticleReplace } from '../../src/articles/schema.ts'
import { fromHtml } from '../../src/body/from-html.ts'
import { toHtml } from '../../src/body/to-html.ts'
import type { Document } from '../../src/exporting/schema.ts'
import { body } from '../body/arbitraries.ts'

// Articles with everything in them that a file of another system could take for its own signs.

export const AT = '2026-11-22T12:00:00.000Z'

const signs = fc.constantFrom(
  ...[
    'word',
    'é',
    '東京',
    '😀',
    ' ',
    ': ',
    '"',
    "'",
    '---',
    '#',
    '- ',
    '& ',
    '&amp;',
    '&#65;',
    '<b>',
    '</title>',
    ']]>',
    '<![CDATA[',
  ],
  ...[
    '[gallery]',
    '[[word]]',
    '{{<',
    '{{% x %}}',
    '>}}',
    '\\',
    '`',
    '|',
    '*',
    '{',
    '}',
    '\u0001',
    '\u007f',
    '\u0085',
    '\ufffe',
    '\ufeff',
    'yes',
    '2020-01-01',
    '~',
    '0x1f',
    '%',
    '@',
    '!!x',
    '\t',
  ],
)
const text = fc.array(signs, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''))
/** As editors could have written them: not blank, one line. */
const line = text.filter((each) => each.trim() !== '' && !/[\n\r\u2028\u2029]/.test(each))
const prose = fc
  .array(line, { minLength: 1, maxLength: 3 })
  .chain((lines) => fc.constantFrom('\n', '\n\n', '\n---\n', '\r\n').map((end) => lines.join(end)))
const slug = fc.stringMatching(/^[a-z]{1,6}(-[a-z]{1,4})?$/)
const address = fc.constantFrom('https://a.example/x?a=1&b=2', 'http://b.example/(1)_[2]', 'https://c.example/%20')
const orNull = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null })
const terms = <T extends object>(more: fc.Arbitrary<T>) =>
  fc.uniqueArray(fc.tuple(slug, line, more), { maxLength: 3, selector: ([each]) => each }).map((all) =>
    // One name once: two terms of one name are told apart by their slugs only, which lists of names do not have.
    all
      .filter(([, name], n) => all.findIndex(([, other]) => other === name) === n)
      .map(([slug, name, rest]) => ({ slug, name, ...rest })),
  )
const size = fc.integer({ min: 1, max: 5_000 })

export const content: fc.Arbitrary<ArticleContent> = fc
  .record({
    slug,
    externalId: orNull(line),
    headline: line,
    language: fc.constantFrom('en', 'de-CH', 'zh-Hant'),
    alternativeHeadline: orNull(line),
    kicker: orNull(line),
    standfirst: orNull(prose),
    byline: orNull(line),
    dateline: orNull(line),
    section: orNull(fc.record({ slug, name: line })),
    tags: terms(fc.record({ uri: address }, { requiredKeys: [] })),
    authors: terms(fc.record({ url: address }, { requiredKeys: [] })),
    image: orNull(
      fc.record(
        {
          url: address,
          alt: text,
          caption: prose,
          credit: line,
          width: size,
          height: size,
          focalPoint: fc.constant({ x: 0.25, y: 0.5 }),
        },
        { requiredKeys: ['url', 'alt'] },
      ),
    ),
    source: orNull(fc.record({ name: line, url: address }, { requiredKeys: ['name'] })),
    canonicalUrl: orNull(address),
    notes: orNull(prose),
    provenance: fc.constant(null),
    body: body.map((blocks) => fromHtml(toHtml(blocks))),
  })
  .filter(({ provenance: _, ...fields }) => ArticleReplace.safeParse(fields).success)

const ID = '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77'
const instant = fc
  .integer({ min: Date.parse('1990-01-01'), max: Date.parse(AT) })
  .map((ms) => new Date(ms).toISOString())
const later = fc.integer({ min: 1, max: 1e11 }).map((ms) => new Date(Date.parse(AT) + ms).toISOString())

/** Such an article as an export has it: read now, planned, over, taken back or never public. */
export const document: fc.Arbitrary<Document> = fc
  .record({
    content,
    first: instant,
    later,
    updated: instant,
    formerSlugs: fc.uniqueArray(slug, { maxLength: 2 }),
    state: fc.constantFrom('live', 'ending', 'planned', 'ended', 'withdrawn', 'draft'),
  })
  .map(({ content, first, later, updated, formerSlugs, state }): Document => {
    const isLive = state === 'live' || state === 'ending'
    const wasLive = { firstPublishedAt: first, publishedContentVersion: 1, liveFrom: first }
    const standing = {
      ...untouched,
      contentVersion: 1,
      ...(isLive && wasLive),
      ...(state === 'planned' && { scheduledFrom: later, scheduledContentVersion: 1 }),
      ...(state === 'ended' && { ...wasLive, liveUntil: AT }),
      ...(state === 'withdrawn' && { ...wasLive, liveUntil: AT, withdrawn: true }),
    }
    return {
      article: { ...standing, id: ID, slug: content.slug, createdAt: first, updatedAt: updated },
      content,
      publishedAt: isLive ? first : null,
      updatedAt: isLive ? (updated > first ? updated : first) : null,
      liveUntil: state === 'ending' ? later : isLive ? '9999-12-31T23:59:59.999Z' : null,
      formerSlugs: formerSlugs.filter((each) => each !== content.slug),
      formerPaths: ['/2014/05/old', '?p=12'],
    }
  })
