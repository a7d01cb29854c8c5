import { describe, expect, it } from 'vitest'
import { toText } from '../../../src/body/to-text.ts'
import type { ArticleRecord } from '../../../src/importing/formats/format.ts'
import { makeReady } from '../../../src/importing/ready.ts'
import { formerPathOf } from '../../../src/shared/former-path.ts'
import { readAll } from './reading.ts'

const item = (inside: string) => `<item>${inside}</item>`
const wxrOf = (items: string, head = '<wp:base_blog_url>https://h.example</wp:base_blog_url>') =>
  `<rss xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>${head}${items}</channel></rss>`
const DATE = '<wp:post_date_gmt>2014-05-06 07:08:09</wp:post_date_gmt>'
const post = (more: string, text = 'Text.', status = 'publish') =>
  item(
    `<title>Post</title><wp:post_id>7</wp:post_id><wp:post_type>post</wp:post_type><wp:status>${status}</wp:status>${more}<content:encoded><![CDATA[${text}]]></content:encoded>`,
  )
const recordsOf = (items: string, head?: string) => readAll('a.xml', wxrOf(items, head))
const all = async (items: string, head?: string) =>
  (await recordsOf(items, head)).filter(({ kind }) => kind !== 'term') as ArticleRecord[]
const picture = (id: number, name: string, parent = 0) =>
  item(
    `<wp:post_type>attachment</wp:post_type><wp:post_id>${id}</wp:post_id><wp:post_parent>${parent}</wp:post_parent><wp:status>inherit</wp:status><wp:attachment_url>https://h.example/${name}</wp:attachment_url>`,
  )

it('shows the players that WordPress makes of an address that stands alone, and keeps the pages of a text apart', async () => {
  const [found] = await all(
    post(
      DATE,
      'One.\n\nhttps://www.youtube.com/watch?v=abc&amp;t=1\n\nhttps://h.example/a\n\nTwo.<!--nextpage-->Three.',
    ),
  )
  const text = found && 'html' in found.body ? found.body.html : ''
  expect(makeReady(found as ArticleRecord).body.map(({ _type }) => _type)).toContain('embed')
  expect(text).toContain('https://h.example/a')
  expect(text).not.toMatch(/Two\.Three/)
})

/** What is read of a text, and what is told of it. */
async function read(text: string, others = '') {
  const [found] = await all(post(DATE, text) + others)
  if (found?.kind !== 'article') throw new Error(JSON.stringify(found))
  const { body } = makeReady(found)
  const pictures = body.flatMap((each) => (each._type === 'image' || each._type === 'embed' ? [each.url] : []))
  return { text: toText(body), pictures, warnings: found.warnings }
}

describe('brackets in a post', () => {
  it('around words are left alone, single and double, and nobody is told of shortcodes', async () => {
    for (const text of [
      'As [See the report] says',
      '[See the report, x = 5] it says',
      'A [[wiki link]] and [[word]]',
      '[1] note [/] end',
      '[sic]',
    ])
      expect(await read(text), text).toEqual({ text, pictures: [], warnings: [] })
  })

  it('doubled around a shortcode show it, and lose one', async () => {
    expect(await read('Use [[gallery ids="1"]] or [[my-form to="x"]].')).toEqual({
      text: 'Use [gallery ids="1"] or [my-form to="x"].',
      pictures: [],
      warnings: [],
    })
  })

  it('that mean something to a plugin stay, and are told', async () => {
    const { text, warnings } = await read('[my-form to="x"]\n\n[box]Words[/box]')
    expect(text).toBe('[my-form to="x"]\n\n[box]Words[/box]')
    expect(warnings).toEqual(['The shortcode "my-form" is kept as text.', 'The shortcode "box" is kept as text.'])
  })

  it('around players and pictures leave nothing behind', async () => {
    const cases: [string, string[], string][] = [
      ['[video width="1" mp4="https://h.example/v.mp4"][/video]', ['https://h.example/v.mp4'], ''],
      ['[audio mp3="https://h.example/a.mp3"][/audio]', ['https://h.example/a.mp3'], ''],
      ['[audio src="https://h.example/a.mp3"]', ['https://h.example/a.mp3'], ''],
      ['[embed width="3"] https://h.example/e?a=1&amp;b=2 [/embed]', ['https://h.example/e?a=1&b=2'], ''],
      ['[embed]<a href="https://h.example/e">https://h.example/e</a>[/embed]', ['https://h.example/e'], ''],
      ['[youtube]https://h.example/y[/youtube]', ['https://h.example/y'], ''],
      ['[video src="https://h.example/v.mp4"]No player.[/video]', ['https://h.example/v.mp4'], 'No player.'],
      ['[gallery ids="1,2"]', ['https://h.example/1.jpg', 'https://h.example/2.jpg'], ''],
      ['[gallery]', ['https://h.example/2.jpg'], ''],
      ['[gallery columns="2" ids="2,99"]', ['https://h.example/2.jpg'], ''],
      ['[playlist ids="3"]', ['https://h.example/3.mp3'], ''],
    ]
    const others = picture(1, '1.jpg') + picture(2, '2.jpg', 7) + picture(3, '3.mp3', 7)
    for (const [text, pictures, rest] of cases) {
      const found = await read(`Before\n\n${text}\n\nafter`, others)
      expect(found.pictures, text).toEqual(pictures)
      expect(
        found.text
          .replaceAll(/https?:\S+/g, '')
          .split(/\n+/)
          .filter(Boolean),
        text,
      ).toEqual(['Before', rest, 'after'].filter(Boolean))
    }
    expect((await read('[gallery ids="2,99"]', others)).warnings).toEqual([
      '1 of the 2 parts of a gallery are not in the export.',
    ])
    expect(await read('[video]')).toEqual({
      text: '[video]',
      pictures: [],
      warnings: ['The shortcode "video" is kept as text.'],
    })
  })

  it('of a caption keep its words, around a picture or not', async () => {
    expect(
      (
        await read(
          '[caption id="a" caption="At the quay"]<a href="/x"><img src="https://h.example/g.jpg"></a>[/caption]',
        )
      ).text,
    ).toBe('At the quay')
    expect(
      (await read('[caption caption="At the quay"]<iframe src="https://h.example/v"></iframe>[/caption]')).text,
    ).toContain('At the quay')
    expect((await read('[caption id="a"]Only words[/caption]')).text).toBe('Only words')
    expect((await read('[caption caption="By Kim"]<img src="https://h.example/g.jpg"> At sea[/caption]')).text).toBe(
      'At sea By Kim',
    )
  })
})

describe('a date of WordPress', () => {
  const local = '<wp:post_date>2014-05-06 07:08:09</wp:post_date>'
  const none = '<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>'
  const mail = '<pubDate>Tue, 06 May 2014 05:08:09 +0000</pubDate>'
  it('is that of Greenwich, then that of the feed, and by the clock of the site only with a word', async () => {
    const found = await all(post(DATE + local + mail) + post(none + local + mail) + post(none + local) + post(none))
    expect(found.map(({ publication }) => publication)).toEqual([
      { state: 'published', publishedAt: '2014-05-06T07:08:09.000Z' },
      { state: 'published', publishedAt: '2014-05-06T05:08:09.000Z' },
      { state: 'published', publishedAt: '2014-05-06T07:08:09.000Z' },
      { state: 'draft' },
    ])
    expect(found[2]?.warnings).toEqual(['Its date is known without a zone only, and taken for UTC.'])
    expect(found[3]?.warnings).toEqual(['It has no date: it comes as a draft.'])
  })

  it('that is hours off never makes anything public: what is scheduled without a zone is a draft', async () => {
    const later = '<wp:post_date>2034-05-06 07:08:09</wp:post_date>'
    const found = await all(post(later, 'x', 'future') + post('', 'x', 'future'))
    expect(found.map(({ publication }) => publication)).toEqual([{ state: 'draft' }, { state: 'draft' }])
    expect(found[0]?.warnings.join()).toContain('2034-05-06T07:08:09')
  })
})

it('only "publish" was public: no other status, no password, nothing without a status or without words', async () => {
  const states = [
    'pending',
    'draft',
    'future',
    'private',
    'trash',
    'auto-draft',
    'inherit',
    'request-pending',
    'archived',
    '',
  ]
  for (const status of states) {
    const [found] = await readAll(
      'a.xml',
      wxrOf(post('<wp:post_date_gmt>2034-01-01 00:00:00</wp:post_date_gmt>', 'x', status)),
    )
    expect(found?.kind === 'article' ? found.publication.state : found?.kind, status).not.toBe('published')
  }
  const password = '<wp:post_password>x</wp:post_password>'
  const found = await all(
    post(DATE + password) +
      post(DATE + password, 'x', 'trash') +
      item(
        `<wp:status>publish</wp:status><wp:post_id>1</wp:post_id>${DATE}<content:encoded><![CDATA[<img src="https://h.example/i.png">]]></content:encoded>`,
      ),
  )
  expect(found.map(({ publication }) => publication.state)).toEqual(['draft', 'trashed', 'draft'])
})

describe('the terms of a post', () => {
  const category = (slug: string, name: string, domain = 'category') =>
    `<category domain="${domain}" nicename="${slug}"><![CDATA[${name}]]></category>`
  const head = `<wp:base_blog_url>https://h.example</wp:base_blog_url>${[
    ['world', 'World', ''],
    ['europe', 'Europe &amp;amp; more', 'world'],
    ['greece', 'Greece', 'europe'],
    ['loop', 'Loop', 'pool'],
    ['pool', 'Pool', 'loop'],
  ]
    .map(
      ([slug, name, parent]) =>
        `<wp:category><wp:category_nicename>${slug}</wp:category_nicename><wp:category_parent>${parent}</wp:category_parent><wp:cat_name>${name}</wp:cat_name></wp:category>`,
    )
    .join('')}`
  const termsOf = async (terms: string, more = '') => {
    const [found] = await all(post(DATE + terms) + more, head)
    const { section, tags, authors } = found?.fields ?? {}
    return {
      section: section?.slug,
      tags: tags?.map(({ name }) => name),
      authors: authors?.map(({ name }) => name),
      warnings: found?.warnings,
    }
  }

  it('keep what a category is a part of', async () => {
    expect(await termsOf(category('greece', 'Greece'))).toEqual({
      section: 'greece',
      tags: [],
      authors: [],
      warnings: [],
    })
    expect(
      await termsOf(category('world', 'World') + category('europe', 'Europe &amp; more') + category('other', 'Other')),
    ).toMatchObject({ section: 'europe', tags: ['Other'], warnings: [] })
    expect(await termsOf(category('loop', 'Loop'))).toMatchObject({ section: 'loop', tags: [] })
    const terms = (await recordsOf(post(DATE), head)).filter(({ kind }) => kind === 'term')
    expect(terms).toMatchObject([
      { term: 'section', slug: 'world', fields: { name: 'World' } },
      { slug: 'europe', fields: { name: 'Europe & more', parent: 'world' } },
      { slug: 'loop', fields: { parent: 'pool' } },
      { slug: 'pool', fields: { parent: 'loop' } },
      { slug: 'greece', fields: { name: 'Greece', parent: 'europe' } },
    ])
  })

  it('bring what categories and tags say of themselves, those that are a part of others after them', async () => {
    const named = (slug: string, name: string, more: string) =>
      `<wp:category><wp:category_nicename>${slug}</wp:category_nicename><wp:cat_name>${name}</wp:cat_name>${more}</wp:category>`
    const said =
      named('athen', 'Athens', '<wp:category_parent>greece-x</wp:category_parent>') +
      named(
        'greece-x',
        'Greece',
        '<wp:category_description><![CDATA[All of <b>it</b> &amp; more]]></wp:category_description>',
      ) +
      named('plain', 'Plain', '') +
      '<wp:tag><wp:tag_slug>ports</wp:tag_slug><wp:tag_name>Ports</wp:tag_name><wp:tag_description>Ships</wp:tag_description></wp:tag>' +
      '<wp:tag><wp:tag_slug>silent</wp:tag_slug><wp:tag_name>Silent</wp:tag_name></wp:tag>'
    const terms = (await recordsOf(post(DATE), said)).filter(({ kind }) => kind === 'term')
    expect(terms.map((each) => each.kind === 'term' && [each.term, each.slug, each.fields])).toEqual([
      ['section', 'greece-x', { name: 'Greece', description: 'All of it & more' }],
      ['section', 'athen', { name: 'Athens', parent: 'greece-x' }],
      ['tag', 'ports', { name: 'Ports', description: 'Ships' }],
    ])
  })

  it('without a category are told', async () => {
    expect(await termsOf(category('uncategorized', 'Uncategorized'))).toMatchObject({
      section: undefined,
      warnings: [expect.stringContaining('"Uncategorized" is not taken')],
    })
    expect(await termsOf(category('uncategorized-2', 'Uncategorized'))).toMatchObject({ section: 'uncategorized-2' })
  })

  it('name authors as they are called, guests of Co-Authors Plus too', async () => {
    const authors =
      '<wp:author><wp:author_login>jdoe</wp:author_login><wp:author_display_name>Jane Doe</wp:author_display_name></wp:author>'
    const guest = item(
      '<title>Kim Lee</title><wp:post_type>guest-author</wp:post_type><wp:post_id>90</wp:post_id><wp:postmeta><wp:meta_key>cap-display_name</wp:meta_key><wp:meta_value>Kim Lee</wp:meta_value></wp:postmeta><wp:postmeta><wp:meta_key>cap-user_login</wp:meta_key><wp:meta_value>kim-lee</wp:meta_value></wp:postmeta>',
    )
    const creator = '<dc:creator>jdoe</dc:creator>'
    expect(
      await termsOf(
        creator + category('cap-jdoe', 'jdoe', 'author') + category('cap-kim-lee', 'kim-lee', 'author'),
        authors + guest,
      ),
    ).toMatchObject({ authors: ['Jane Doe', 'Kim Lee'], warnings: [] })
    expect(await termsOf(creator, authors)).toMatchObject({ authors: ['Jane Doe'] })
    expect(await termsOf('<dc:creator>nobody1</dc:creator>', authors)).toMatchObject({
      authors: ['nobody1'],
      warnings: ['Of its author only the login "nobody1" is known.'],
    })
  })
})

it('custom fields that editors see are kept in the notes, and told', async () => {
  const meta = (key: string, value: string) =>
    `<wp:postmeta><wp:meta_key>${key}</wp:meta_key><wp:meta_value><![CDATA[${value}]]></wp:meta_value></wp:postmeta>`
  const [found] = await all(post(DATE + meta('subtitle', 'In short') + meta('_edit_last', '1') + meta('empty', '')))
  expect(found?.fields.notes).toBe('subtitle: In short')
  expect(found?.warnings).toEqual(['Its custom fields are kept in the notes: subtitle.'])
})

it('a post is found by its number too, and a folder is nobody’s former address', async () => {
  const [found] = await all(
    post(`${DATE}<link>https://h.example/blog/?p=7</link><guid isPermaLink="false">https://h.example/blog/?p=7</guid>`),
    '<wp:base_blog_url>https://h.example/blog</wp:base_blog_url>',
  )
  const paths = [...new Set(found?.formerAddresses.map(formerPathOf))]
  expect(paths).toEqual(['/blog?p=7'])
  expect(formerPathOf('/blog/?p=7&utm_source=x')).toBe('/blog?p=7')
  expect(formerPathOf('/?p=7')).toBe('?p=7')
  expect(formerPathOf('/?page_id=7')).toBe('?page_id=7')
  expect(formerPathOf('/2014/05/ferry/?share=1')).toBe('/2014/05/ferry')
})
