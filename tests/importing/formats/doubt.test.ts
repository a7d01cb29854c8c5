import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rounds } from '../../support/rounds.ts'
import { article } from './reading.ts'

// What a document does not say is not guessed: what may not have been public stays with the desk.

const draft = { state: 'draft' }
const post = (head: string, text = 'The ferry sails.') => article('a.md', `---\n${head}\n---\n${text}\n`)

describe('a Markdown document is a draft, and says why,', () => {
  const cases: [string, string, RegExp, string?][] = [
    ['without a date', 'title: A', /^It has no date: it comes as a draft\.$/],
    [
      'with a date that nobody can read',
      'title: A\ndate: soon',
      /^Its date "soon" is no date that can be read: it comes/,
    ],
    ['with a day that is none', 'title: A\ndate: 2019-02-30', /^Its date "2019-02-30"/],
    ['with a day that could be two', 'title: A\ndate: 03/04/2019', /^Its date "03\/04\/2019"/],
    [
      'with a readable date, but a publication that is none',
      'title: A\ndate: 2019-02-03\npublishDate: later',
      /publishdate/,
    ],
    ['with an end that nobody can read', 'title: A\ndate: 2019-02-03\nexpiryDate: when it is over', /expirydate/],
    ['without a title', 'date: 2019-02-03', /^It has no title: it comes as a draft\.$/],
    ['without a text', 'title: A\ndate: 2019-02-03', /^It has no text: it comes as a draft\.$/, ' \n\n'],
  ]
  it.each(cases)('%s', async (_, head, why, text) => {
    const found = await post(head, text)
    expect(found.publication).toEqual(draft)
    expect(found.warnings[0]).toMatch(why)
  })

  it.each(['headless: true', '_build:\n  render: never', 'build:\n  list: never', 'build: { render: false }'])(
    'where Hugo makes no page of it, or names it nowhere: %s',
    async (head) => {
      expect((await post(`title: A\ndate: 2019-02-03\n${head}`)).publication).toEqual(draft)
    },
  )

  it('and not where Hugo is only told how to make its page', async () => {
    const found = await post('title: A\ndate: 2019-02-03\nbuild:\n  render: always\nheadless: false')
    expect(found.publication).toMatchObject({ state: 'published' })
  })

  it('with a date of TOML that is only a time', async () => {
    const found = await article('a.md', '+++\ntitle = "A"\ndate = 07:32:00\n+++\nText.')
    expect(found.publication).toEqual(draft)
  })
})

it('a Markdown document with a date is public as before, and an update that cannot be read is left out', async () => {
  const found = await post('title: A\ndate: 2019-02-03\nlastmod: yesterday')
  expect(found.publication).toEqual({ state: 'published', publishedAt: '2019-02-03T00:00:00.000Z' })
  expect(found.warnings[0]).toBe('Its lastmod "yesterday" is no date that can be read, and is left out.')
  expect(found.fields.notes).toBe('lastmod: yesterday')
})

it('a Markdown document that says in any way that it is not public is a draft', async () => {
  const ways = [
    ...[
      'draft: true',
      'draft: "true"',
      'draft: yes',
      'draft: 1',
      'published: false',
      'published: "no"',
      'private: true',
    ],
    ...[
      'hidden: true',
      'status: draft',
      'status: Private',
      'post_status: pending',
      'visibility: hidden',
      'password: x',
    ],
  ]
  for (const way of ways) {
    const { publication, warnings } = await post(`title: A\ndate: 2019-02-03\n${way}`)
    expect({ way, publication }).toEqual({ way, publication: draft })
    expect(warnings.join()).not.toContain('no date')
  }
  const inFolder = await article('_drafts/a.md', '---\ntitle: A\ndate: 2019-02-03\n---\nText.')
  expect(inFolder.publication).toEqual(draft)
  for (const way of [
    'draft: false',
    'draft: "no"',
    'published: true',
    'private: false',
    'status: publish',
    'status: final',
  ])
    expect((await post(`title: A\ndate: 2019-02-03\n${way}`)).publication, way).toMatchObject({ state: 'published' })
})

it('a headline that leads to a text elsewhere needs none of its own', async () => {
  const found = await post('title: A\ndate: 2019-02-03\nsource_url: https://a.example/1', '')
  expect(found.publication).toMatchObject({ state: 'published' })
})

it('hands over when it was published and when it ended', async () => {
  const { publication } = await post('title: A\ndate: 2019-02-03\nexpiryDate: 2020-02-03T04:05:06+01:00')
  expect(publication).toMatchObject({ publishedAt: '2019-02-03T00:00:00.000Z', liveUntil: '2020-02-03T03:05:06.000Z' })
  const said = await post('title: A\npublished: 2019-02-03')
  expect(said.publication).toMatchObject({ state: 'published', publishedAt: '2019-02-03T00:00:00.000Z' })
})

it('what two names say differently is not lost: the second is in the notes', async () => {
  const found = await post('title: A\nheadline: B\ndate: 2019-02-03')
  expect(found.fields).toMatchObject({ headline: 'A', notes: 'headline: B' })
  expect(found.warnings).toEqual(['Not known here or not used, and kept in the notes: headline.'])
})

it('no head makes a document public without a date of its own', async () => {
  const names = ['date', 'publishdate', 'published', 'draft', 'status', 'expirydate', 'lastmod', 'title']
  const values = fc.oneof(fc.string(), fc.boolean(), fc.integer(), fc.constantFrom('now', 'today', '2019-13-01', '1'))
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), values), async (head) => {
      const lines = Object.entries(head).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
      const { publication } = await post(['a: b', ...lines].join('\n'))
      if (publication.state === 'published') expect(publication.publishedAt).toBeDefined()
    }),
    { numRuns: 200 * rounds },
  )
})

describe('a page of HTML is a draft, and says why,', () => {
  const page = (head: string, body = '<article><h1>A</h1><p>The ferry sails.</p></article>') =>
    article('a.html', `<html><head>${head}</head><body>${body}</body></html>`)
  const date = '<meta property="article:published_time" content="2019-02-03">'
  const cases: [string, string, string | undefined, RegExp][] = [
    ['without a date', '', undefined, /^It has no date: it comes as a draft\.$/],
    ['with a date that nobody can read', date.replace('2019-02-03', 'Sunday'), undefined, /^Its date "Sunday"/],
    ['without a title', date, '<article><p>The ferry sails.</p></article>', /^It has no title/],
    ['without a text', date, '<article><h1>A</h1><script>x()</script> </article>', /^It has no text/],
    [
      'with no date but of what it tells of',
      '',
      '<article><h1>A</h1><p>It sails <time datetime="2019-02-03">soon</time>.</p></article>',
      /^It has no date/,
    ],
  ]
  it.each(cases)('%s', async (_, head, body, why) => {
    const found = await page(head, body)
    expect(found.publication).toEqual(draft)
    expect(found.warnings).toEqual([expect.stringMatching(why)])
  })

  it('but public with a date above its text, or a picture alone', async () => {
    const times = [
      '<article><header><h1>A</h1><time datetime="2019-02-03">3 February</time></header><p>Text.</p></article>',
      '<article><h1>A</h1><time class="entry-date published" datetime="2019-02-03"></time><p>Text.</p></article>',
      '<article><h1>A</h1><time itemprop="datePublished" datetime="2019-02-03"></time><p>Text.</p></article>',
    ]
    for (const each of times)
      expect((await page('', each)).publication, each).toMatchObject({ publishedAt: '2019-02-03T00:00:00.000Z' })
    const picture = await page(date, '<article><h1>A</h1><img src="https://a.example/1.jpg" alt=""></article>')
    expect(picture.publication).toMatchObject({ state: 'published' })
  })
})
