import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fromHtml } from '../../../src/body/from-html.ts'
import { toHtml } from '../../../src/body/to-html.ts'
import { toText } from '../../../src/body/to-text.ts'
import { formatOf } from '../../../src/importing/formats/all.ts'
import type { ArticleRecord } from '../../../src/importing/formats/format.ts'
import { ghost } from '../../../src/importing/formats/ghost.ts'
import { makeReady } from '../../../src/importing/ready.ts'
import { runs } from '../../support/rounds.ts'
import { recordsOf, sourceFrom } from '../../support/source.ts'
import { anyCharacter, anyText } from '../../support/texts.ts'

const CANARY = 'zyxcanary'
const base = {
  id: '1',
  uuid: 'u-1',
  title: 'Harbour reopens',
  slug: 'harbour-reopens',
  html: '<p>Ships came back.</p>',
  status: 'published',
  visibility: 'public',
  published_at: '2024-03-01T10:00:00.000Z',
  updated_at: '2024-03-02 11:00:00',
}
const lexical = (...children: object[]) => JSON.stringify({ root: { type: 'root', children } })
const exported = (data: object, meta = { exported_on: 1, version: '5.80.0' }) => ({ db: [{ meta, data }] })
async function article(fields: object, data: object = {}): Promise<ArticleRecord> {
  const [record] = await recordsOf(ghost, sourceFrom(exported({ posts: [{ ...base, ...fields }], ...data })))
  if (record?.kind !== 'article') throw new Error(JSON.stringify(record))
  return record
}

it('tags and authors bring what they say of themselves, and who wrote nothing is left out', async () => {
  const data = {
    posts: [base],
    tags: [
      { id: 't1', name: 'Trade', slug: 'trade', description: 'Goods and ships' },
      { id: 't2', name: 'Ports', slug: 'ports', description: 'Where they land' },
      { id: 't3', name: '#hidden', slug: 'hash-hidden', visibility: 'internal', description: CANARY },
      { id: 't4', name: 'Unused', slug: 'unused', description: 'x' },
      { id: 't5', name: 'Silent', slug: 'silent', description: null },
    ],
    users: [
      { id: 'a1', name: 'Ana', slug: 'ana', bio: 'Covers ports.', profile_image: '__GHOST_URL__/a.jpg', email: CANARY },
      { id: 'a2', name: 'Bo', slug: 'bo', bio: CANARY },
      { id: 'a3', name: 'Cy', slug: 'cy', profile_image: '/content/c.jpg' },
    ],
    posts_tags: ['t3', 't1', 't2', 't5'].map((tag_id, sort_order) => ({ post_id: '1', tag_id, sort_order })),
    posts_authors: ['a1', 'a3'].map((author_id, sort_order) => ({ post_id: '1', author_id, sort_order })),
    settings: [{ key: 'url', value: 'https://h.example' }],
  }
  const records = await recordsOf(ghost, sourceFrom(exported(data)))
  const terms = records.flatMap((each) => (each.kind === 'term' ? each : []))
  expect(terms.map(({ term, slug, fields }) => [term, slug, fields])).toEqual([
    ['section', 'trade', { name: 'Trade', description: 'Goods and ships' }],
    ['tag', 'ports', { name: 'Ports', description: 'Where they land' }],
    [
      'author',
      'ana',
      { name: 'Ana', description: 'Covers ports.', image: { url: 'https://h.example/a.jpg', alt: '' } },
    ],
    ['author', 'cy', { name: 'Cy' }],
  ])
  expect(terms[3]?.warnings).toEqual(['Its picture is at no web address, and is left out: /content/c.jpg'])
  expect(JSON.stringify(records)).not.toContain(CANARY)
})

const htmlOf = ({ body }: ArticleRecord) => ('html' in body ? toHtml(fromHtml(body.html)) : '')

it('a post comes with its text, dates, tags and authors in their order, wherever these stand in the file', async () => {
  const tables = {
    tags: [
      { id: 't1', name: 'Ports', slug: 'ports', visibility: 'public' },
      { id: 't2', name: 'Trade', slug: 'trade' },
      { id: 't3', name: '#hidden', slug: 'hash-hidden', visibility: 'internal' },
    ],
    users: [
      { id: 'a1', name: 'Ana Lopez', slug: 'ana', website: 'https://ana.example/' },
      { id: 'a2', name: 'Bo', slug: 'bo' },
    ],
    posts_tags: [
      { post_id: '1', tag_id: 't1', sort_order: 1 },
      { post_id: '1', tag_id: 't2', sort_order: 0 },
      { post_id: '1', tag_id: 't3', sort_order: 2 },
    ],
    posts_authors: [
      { post_id: '1', author_id: 'a2', sort_order: 1 },
      { post_id: '1', author_id: 'a1', sort_order: 0 },
    ],
    posts_meta: [{ post_id: '1', feature_image_alt: 'A ship', feature_image_caption: '<b>At</b> dawn &amp; dusk' }],
  }
  const post = { ...base, custom_excerpt: 'After six weeks', feature_image: 'https://img.example/a.jpg' }
  const shapes = [
    exported({ posts: [post], ...tables }),
    exported({ ...tables, posts: [post] }),
    { meta: { exported_on: 1, version: '2.1' }, data: { ...tables, posts: [post] } },
    { posts: [post], ...tables },
  ]
  for (const shape of shapes) {
    const source = sourceFrom(shape, { step: 11 })
    expect(formatOf(source)?.name).toBe('ghost')
    const [author, record] = await recordsOf(ghost, source)
    expect(author).toMatchObject({ kind: 'term', term: 'author', slug: 'ana', fields: { url: 'https://ana.example/' } })
    expect(record).toMatchObject({
      kind: 'article',
      id: 'u-1',
      externalId: 'ghost:u-1',
      fields: {
        headline: 'Harbour reopens',
        slug: 'harbour-reopens',
        standfirst: 'After six weeks',
        section: { name: 'Trade', slug: 'trade' },
        tags: [{ name: 'Ports', slug: 'ports' }],
        authors: [
          { name: 'Ana Lopez', slug: 'ana', url: 'https://ana.example/' },
          { name: 'Bo', slug: 'bo' },
        ],
        image: { url: 'https://img.example/a.jpg', alt: 'A ship', caption: 'At dawn & dusk' },
      },
      body: { html: '<p>Ships came back.</p>' },
      publication: {
        state: 'published',
        publishedAt: '2024-03-01T10:00:00.000Z',
        updatedAt: '2024-03-02T11:00:00.000Z',
      },
      formerAddresses: ['/harbour-reopens/'],
      warnings: ['Internal tags are left out: #hidden.'],
    })
  }
})

it('what only members could read never becomes public', async () => {
  const gated =
    '<!--kg-gated-block:begin nonMember:false memberSegment:"status:-free" --><p>Paid</p><!--kg-gated-block:end-->'
  const card = {
    type: 'html',
    html: '<p>x</p>',
    visibility: { web: { nonMember: false, memberSegment: 'status:free' } },
  }
  for (const fields of [
    { visibility: 'members' },
    { visibility: 'paid' },
    { visibility: 'tiers' },
    { visibility: 'paid', status: 'scheduled' },
    { status: 'sent' },
    { email_only: true },
    { html: gated },
    { html: null, lexical: lexical(card) },
    { status: 'scheduled', published_at: null },
    { status: 'other' },
  ]) {
    const { publication, warnings } = await article(fields)
    expect([fields, publication]).toEqual([fields, { state: 'draft' }])
    expect(warnings.join()).toMatch(/draft here/)
  }
  expect((await article({ status: 'draft' })).publication).toEqual({ state: 'draft' })
  expect((await article({ status: 'scheduled', published_at: '2030-01-02T03:04:05Z' })).publication).toEqual({
    state: 'scheduled',
    liveFrom: '2030-01-02T03:04:05.000Z',
  })
})

it('keys, digests of passwords, settings and members are in no record, warning or fault', async () => {
  const secrets = {
    api_keys: [{ id: '9', secret: CANARY, type: 'admin' }],
    users: [{ id: 'a1', name: 'Ana', slug: 'ana', password: CANARY, email: CANARY, accessibility: CANARY }],
    settings: [
      { key: 'members_private_key', value: CANARY },
      { key: 'stripe_secret_key', value: CANARY },
      { key: 'password', value: CANARY },
      { key: 'codeinjection_head', value: CANARY },
    ],
    members: [{ id: 'm', email: CANARY }],
    tokens: [{ token: CANARY, token2: { a: [CANARY] } }],
    sessions: [{ session_data: CANARY }],
    posts_authors: [{ post_id: '1', author_id: 'a1', secret: CANARY }],
    posts_meta: [{ post_id: '1', email_subject: 'Read it', newsletter_secret: CANARY }],
  }
  const posts = [
    { ...base, codeinjection_head: CANARY, secret: CANARY, comment_id: CANARY },
    { ...base, id: null, uuid: null, token: CANARY },
    { ...base, html: null, lexical: '{', token: CANARY },
  ]
  const records = await recordsOf(ghost, sourceFrom(exported({ ...secrets, posts })))
  expect(records.map(({ kind }) => kind)).toEqual(['article', 'failed', 'failed'])
  expect(JSON.stringify(records)).not.toContain(CANARY)
  expect(records[0]).toMatchObject({
    fields: { authors: [{ name: 'Ana' }], notes: 'email_subject: Read it' },
    warnings: expect.arrayContaining(['Code that was put into its page is left out.']),
  })
  for (const cut of [200, 900, 1500]) {
    const text = JSON.stringify(exported({ ...secrets, posts })).slice(0, cut)
    const fault = await recordsOf(ghost, sourceFrom(text)).catch((error: unknown) => error)
    expect(String(fault)).not.toContain(CANARY)
    expect(fault).toMatchObject({ name: 'SourceFault', line: 1 })
  }
})

it('the placeholder of the site becomes its address where the export has it, else a path that is told', async () => {
  const fields = {
    html: '<p><a href="__GHOST_URL__/about/">About</a></p>',
    feature_image: '__GHOST_URL__/content/a.jpg',
    canonical_url: '__GHOST_URL__/first/',
  }
  const unknown = await article(fields)
  expect(unknown).toMatchObject({
    body: { html: '<p><a href="/about/">About</a></p>' },
    fields: { notes: expect.stringContaining('feature_image: /content/a.jpg') },
  })
  expect(unknown.warnings.join()).toMatch(/where the site was/)
  const known = await article(fields, { settings: [{ key: 'url', value: 'https://old.example/' }] })
  expect(known).toMatchObject({
    body: { html: '<p><a href="https://old.example/about/">About</a></p>' },
    fields: { image: { url: 'https://old.example/content/a.jpg' }, canonicalUrl: 'https://old.example/first/' },
    formerAddresses: ['https://old.example/harbour-reopens/'],
    warnings: [],
  })
})

it('old files: the author by author_id, numbers for ids, permalinks with dates, pages, the language of the site', async () => {
  const post = { ...base, id: 7, uuid: undefined, author_id: 3, page: 0, status: 'published' }
  const data = {
    posts: [post, { ...post, id: 8, page: 1, slug: 'about' }],
    users: [{ id: 3, name: 'Ana', slug: 'ana' }],
    settings: [
      { key: 'permalinks', value: '/:year/:month/:day/:slug/' },
      { key: 'lang', value: 'pt_BR' },
    ],
  }
  const [first, page] = await recordsOf(ghost, sourceFrom(exported(data)))
  expect(first).toMatchObject({
    externalId: 'ghost:7',
    fields: { authors: [{ name: 'Ana' }], language: 'pt-BR' },
    formerAddresses: ['/2024/03/01/harbour-reopens/'],
  })
  expect(page).toMatchObject({ formerAddresses: ['/about/'], warnings: ['It was a page, and is an article here.'] })
})

it('a text in Lexical keeps its paragraphs, marks, links, lists, pictures and cards', async () => {
  const text = (words: string, format = 0) => ({ type: 'extended-text', text: words, format })
  const record = await article({
    html: null,
    lexical: lexical(
      { type: 'paragraph', children: [text('Plain '), text('bold', 1), { type: 'linebreak' }, text('<b>', 3)] },
      { type: 'extended-heading', tag: 'h3', children: [text('Why')] },
      { type: 'paragraph', children: [{ type: 'link', url: 'https://a.example/?a=1&b=2', children: [text('link')] }] },
      { type: 'list', listType: 'number', children: [{ type: 'listitem', children: [text('one')] }] },
      { type: 'extended-quote', children: [text('Said')] },
      { type: 'image', src: 'https://img.example/b.jpg', alt: 'B', caption: '<i>Below</i>' },
      { type: 'gallery', images: [{ src: 'https://img.example/c.jpg' }], caption: 'Several' },
      { type: 'embed', url: 'https://video.example/1', html: '<iframe></iframe>', caption: 'Film' },
      { type: 'bookmark', url: 'https://b.example/', metadata: { title: 'Mark', description: 'Long' } },
      { type: 'codeblock', code: 'a < b', language: 'js' },
      { type: 'html', html: '<table><tr><td>cell</td></tr></table><script>alert(1)</script>' },
      { type: 'markdown', markdown: '*marked*' },
      { type: 'callout', calloutEmoji: '💡', calloutText: 'Idea' },
      { type: 'toggle', heading: 'Ask', content: '<p>Answer</p>' },
      { type: 'button', buttonText: 'Go', buttonUrl: 'https://go.example/' },
      { type: 'audio', src: 'https://a.example/a.mp3', title: 'Sound' },
      { type: 'horizontalrule' },
      { type: 'brand-new', words: 'Unheard of', backgroundColor: 'red' },
      { type: 'email', html: '<p>Dear reader</p>' },
    ),
  })
  const html = htmlOf(record)
  for (const part of [
    'Plain <strong>bold</strong><br>',
    '<strong><em>&#x3C;b></em></strong>',
    '<h3>Why</h3>',
    'href="https://a.example/?a=1&#x26;b=2"',
    '<ol><li>one</li></ol>',
    '<blockquote>',
    'alt="B"',
    'Below',
    'c.jpg',
    'Several',
    'https://video.example/1',
    'Film',
    'Mark',
    'Long',
    '<pre><code class="language-js">a &#x3C; b</code></pre>',
    'cell',
    '<em>marked</em>',
    '💡 Idea',
    'Ask',
    'Answer',
    'https://go.example/',
    'Sound',
    '<hr>',
    'Unheard of',
  ])
    expect(html).toContain(part)
  expect(html).not.toMatch(/alert|red|Dear/)
  expect(record.fields.notes).toContain('Dear reader')
  expect(record.warnings.join()).toMatch(/script.*|brand-new/)
})

it('a text in Mobiledoc keeps its sections, marks, atoms and cards', async () => {
  const mobiledoc = JSON.stringify({
    version: '0.3.1',
    atoms: [['soft-return', '', {}]],
    cards: [
      ['image', { src: 'https://img.example/d.jpg', caption: 'Cap' }],
      ['hr', {}],
      ['odd', { text: 'Kept' }],
    ],
    markups: [['strong'], ['a', ['href', 'https://m.example/']]],
    sections: [
      [1, 'h2', [[0, [], 0, 'Top']]],
      [
        1,
        'p',
        [
          [0, [1], 0, 'a '],
          [0, [0], 2, 'link'],
          [1, [], 0, 0],
          [0, [], 0, '& end'],
        ],
      ],
      [3, 'ul', [[[0, [], 0, 'item']]]],
      [10, 0],
      [10, 1],
      [10, 2],
    ],
  })
  const record = await article({ html: null, mobiledoc })
  const html = htmlOf(record)
  for (const part of [
    '<h2>Top</h2>',
    'm.example',
    '<strong>link</strong>',
    '<br>&#x26; end',
    '<li>item</li>',
    'd.jpg',
    'Cap',
    '<hr>',
    'Kept',
  ])
    expect(html).toContain(part)
})

it('no word of a text is lost, whichever editor wrote it', async () => {
  const words = fc.array(fc.stringMatching(/^[a-z<&"]{1,8}$/), { minLength: 1, maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(words, fc.nat(255), async (list, format) => {
      const children = list.map((each) => ({ type: 'paragraph', children: [{ type: 'text', text: each, format }] }))
      const sections = list.map((each) => [1, 'p', [[0, [], 0, each]]])
      const mobiledoc = JSON.stringify({ version: '0.3.1', atoms: [], cards: [], markups: [], sections })
      for (const fields of [{ lexical: lexical(...children) }, { mobiledoc }]) {
        const { body } = await article({ html: null, ...fields })
        expect('html' in body && toText(fromHtml(body.html))).toBe(list.join('\n\n'))
      }
    }),
    runs(60),
  )
})

it('nothing in a post stops the others, whatever it is', async () => {
  const anything = fc.jsonValue({ maxDepth: 4, stringUnit: anyCharacter })
  const names =
    'id uuid title html lexical mobiledoc status visibility published_at feature_image canonical_url locale author_id'
  const odd = fc.dictionary(
    fc.constantFrom(...names.split(' ')),
    fc.oneof(
      anything,
      anyText(20),
      anything.map((each) =>
        JSON.stringify({ root: { children: [each] }, version: '0.3.1', sections: [each], cards: [each] }),
      ),
    ),
  )
  const row = fc.dictionary(
    fc.constantFrom('id', 'name', 'slug', 'post_id', 'tag_id', 'sort_order', 'key', 'value'),
    anything,
  )
  await fc.assert(
    fc.asyncProperty(odd, row, async (post, other) => {
      const tables = {
        tags: [other, null],
        users: [other],
        posts_tags: [other],
        posts_authors: [other],
        posts_meta: [other],
        settings: [other],
      }
      const records = await recordsOf(
        ghost,
        sourceFrom(exported({ posts: [post, { ...base, id: 'last' }], ...tables })),
      )
      expect(records.length).toBe(2)
      expect(records[1]?.kind).toBe('article')
      for (const record of records) {
        if (record.kind !== 'article') continue
        try {
          makeReady(record)
        } catch (error) {
          expect((error as Error).message).toMatch(/^[A-Z]/)
        }
      }
    }),
    runs(200),
  )
})

it('a text that points at one part a million times is refused in no time', async () => {
  const card = ['html', { html: `<p>${'x'.repeat(100_000)}</p>` }]
  const sections = Array.from({ length: 100_000 }, () => [10, 0])
  const mobiledoc = JSON.stringify({ version: '0.3.1', atoms: [], cards: [card], markups: [], sections })
  const [record] = await recordsOf(ghost, sourceFrom(exported({ posts: [{ ...base, html: null, mobiledoc }] })))
  expect(record).toMatchObject({ kind: 'failed', why: 'Its text is longer than any article is.' })
})
