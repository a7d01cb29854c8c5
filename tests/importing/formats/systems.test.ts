import { describe, expect, it } from 'vitest'
import { toHtml } from '../../../src/body/to-html.ts'
import { toText } from '../../../src/body/to-text.ts'
import type { ArticleRecord } from '../../../src/importing/formats/format.ts'
import { makeReady } from '../../../src/importing/ready.ts'
import { article, readAll } from './reading.ts'

const item = (id: number, inside: string) => `<item><wp:post_id>${id}</wp:post_id>${inside}</item>`
const wxrOf = (items: string, version = '1.2', prefix = 'wp') =>
  `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/${version}/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/${version}/">
<channel><title>Harbour</title><language>en-US</language><wp:base_site_url>https://harbour.example</wp:base_site_url><wp:base_blog_url>https://harbour.example/blog</wp:base_blog_url>
${items}
<wp:author><wp:author_login>jdoe</wp:author_login><wp:author_display_name><![CDATA[Jane Doe]]></wp:author_display_name></wp:author>
</channel></rss>`.replaceAll(/(?<=<\/?|xmlns:)wp(?=[:=])/g, prefix)

const full = item(
  12,
  `<title>Ferry &amp;amp; budget</title><link>https://harbour.example/blog/2014/05/ferry/</link><guid isPermaLink="true">https://harbour.example/blog/?p=12</guid>
<dc:creator>jdoe</dc:creator><wp:post_type>post</wp:post_type><wp:status>publish</wp:status><wp:post_name>ferry</wp:post_name>
<wp:post_date_gmt>2014-05-06 07:08:09</wp:post_date_gmt><wp:post_modified_gmt>2014-05-07 00:00:00</wp:post_modified_gmt><wp:is_sticky>1</wp:is_sticky>
<category domain="category" nicename="world"><![CDATA[World]]></category><category domain="post_tag" nicename="ferries"><![CDATA[Ferries]]></category>
<excerpt:encoded><![CDATA[In short.]]></excerpt:encoded>
<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>7</wp:meta_value></wp:postmeta>
<wp:postmeta><wp:meta_key>_wp_old_slug</wp:meta_key><wp:meta_value>boat</wp:meta_value></wp:postmeta>
<wp:comment><wp:comment_id>1</wp:comment_id></wp:comment>
<content:encoded><![CDATA[<!-- wp:paragraph --><p>It <strong>sails</strong>.</p><!-- /wp:paragraph -->
<!-- wp:latest-posts {"n":5} /-->
<!-- wp:embed {"url":"https://video.example/1"} --><figure class="wp-block-embed"><div class="wp-block-embed__wrapper">
https://video.example/1
</div></figure><!-- /wp:embed -->]]]]><![CDATA[> end]]></content:encoded>`,
)
const picture = item(
  7,
  '<wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status><wp:attachment_url>https://harbour.example/f.jpg</wp:attachment_url><excerpt:encoded>At sea</excerpt:encoded><wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>A ferry</wp:meta_value></wp:postmeta>',
)
const simple = (id: number, more: string, text = 'Text') =>
  item(
    id,
    `<title>Post ${id}</title><wp:post_type>post</wp:post_type>${more}<content:encoded><![CDATA[${text}]]></content:encoded>`,
  )

describe('a WordPress export', () => {
  it('brings text, dates, authors, terms, pictures and old addresses, whatever its version and prefix', async () => {
    for (const [version, prefix] of [
      ['1.0', 'wp'],
      ['1.1', 'w'],
      ['1.2', 'wp'],
    ] as const) {
      const records = await readAll('site.xml', wxrOf(full + picture, version, prefix))
      expect(records.map(({ kind }) => kind)).toEqual(['article', 'skipped'])
      const [found] = records as [ArticleRecord]
      expect(found).toMatchObject({
        externalId: 'wordpress:https://harbour.example/blog?p=12',
        line: 4,
        fields: {
          headline: 'Ferry & budget',
          slug: 'ferry',
          standfirst: 'In short.',
          language: 'en-US',
          section: { slug: 'world', name: 'World' },
          tags: [{ slug: 'ferries', name: 'Ferries' }],
          authors: [{ name: 'Jane Doe' }],
          image: { url: 'https://harbour.example/f.jpg', alt: 'A ferry', caption: 'At sea' },
        },
        publication: {
          state: 'published',
          publishedAt: '2014-05-06T07:08:09.000Z',
          updatedAt: '2014-05-07T00:00:00.000Z',
        },
        formerAddresses: [
          'https://harbour.example/blog/2014/05/ferry/',
          'https://harbour.example/blog/?p=12',
          'https://harbour.example/blog/2014/05/boat/',
        ],
      })
      const { body } = makeReady(found)
      expect(toText(body)).toBe('It sails.\n\nhttps://video.example/1\n\n]]> end')
      expect(body.map(({ _type }) => _type)).toContain('embed')
      expect(found.warnings.join(' ')).toMatch(/latest-posts.*/)
      expect(found.warnings).toContain('Its 1 comment is not taken.')
    }
  })

  it('makes nothing public that was not: private, protected, draft, trash, future', async () => {
    const status = (name: string) => `<wp:status>${name}</wp:status>`
    const date = '<wp:post_date_gmt>2030-01-02 03:04:05</wp:post_date_gmt>'
    const none = '<wp:post_date_gmt>0000-00-00 00:00:00</wp:post_date_gmt>'
    const records = await readAll(
      'site.xml',
      wxrOf(
        simple(1, status('private')) +
          simple(2, `${status('publish')}<wp:post_password>x</wp:post_password>`) +
          simple(3, status('draft') + none) +
          simple(4, status('trash')) +
          simple(5, status('future') + date) +
          simple(6, status('pending')) +
          simple(7, status('auto-draft')) +
          item(8, '<wp:post_type>nav_menu_item</wp:post_type>'),
      ),
    )
    expect(records.map((each) => (each.kind === 'article' ? each.publication.state : each.kind))).toEqual([
      ...['draft', 'draft', 'draft', 'trashed', 'scheduled', 'draft', 'skipped', 'skipped'],
    ])
  })

  it('gives classic posts their paragraphs, captions, galleries and code, and keeps shortcodes as text', async () => {
    const text = `First line
second line

[caption id="a" width="3"]<img src="https://harbour.example/g.jpg" alt="G" /> At the quay[/caption]

<pre>a

b</pre>
[gallery ids="7"]
[contact-form to="x"] and [[gallery]]`
    const records = await readAll('site.xml', wxrOf(simple(1, '<wp:status>draft</wp:status>', text) + picture))
    const found = records[0] as ArticleRecord
    const { body } = makeReady(found)
    expect(toText(body)).toBe(
      'First line\nsecond line\n\nAt the quay\n\na\n\nb\n\nAt sea\n\n[contact-form to="x"] and [gallery]',
    )
    expect(toHtml(body).match(/<img /g)).toHaveLength(2)
    expect(found.warnings).toEqual(['The shortcode "contact-form" is kept as text.'])
  })

  it('goes on after a record that is not well-formed, and says where it breaks off', async () => {
    const broken = wxrOf(simple(1, '') + simple(2, '<b>&nosuch;</b>') + simple(3, ''))
    expect((await readAll('a.xml', broken)).map(({ kind }) => kind)).toEqual(['article', 'failed', 'article'])
    const cut = wxrOf(simple(1, '') + simple(2, '')).slice(0, -150)
    const records = await readAll('a.xml', cut)
    expect(records.at(-1)).toMatchObject({ kind: 'failed', why: expect.stringContaining('nothing can be read') })
    const bomb = wxrOf(simple(1, '', '&a;')).replace('<rss', '<!DOCTYPE rss [<!ENTITY a "aaaa">]><rss')
    expect(JSON.stringify(await readAll('a.xml', bomb))).not.toContain('aaaa')
  })
})

describe('a Ghost export', () => {
  const data = {
    posts: [
      {
        ...{
          id: '1',
          uuid: 'u-1',
          title: 'Ferry',
          slug: 'ferry',
          html: '<p>It <b>sails</b>. <img src="__GHOST_URL__/content/f.jpg"></p>',
          custom_excerpt: 'In short.',
        },
        ...{
          feature_image: 'https://g.example/f.jpg',
          status: 'published',
          visibility: 'public',
          published_at: '2020-02-03T04:05:06.000Z',
          updated_at: '2020-02-04 00:00:00',
        },
      },
      { id: '2', uuid: 'u-2', title: 'Members', html: '<p>x</p>', status: 'published', visibility: 'members' },
      {
        id: '3',
        uuid: 'u-3',
        title: 'Old',
        html: null,
        author_id: '9',
        status: 'draft',
        mobiledoc: JSON.stringify({
          markups: [['strong'], ['a', ['href', 'https://a.example']]],
          atoms: [['soft-return', '', {}]],
          cards: [
            ['image', { src: 'https://g.example/i.png', caption: 'Seen' }],
            ['odd', { said: 'Some words' }],
          ],
          sections: [
            [
              1,
              'p',
              [
                [0, [0], 1, 'bold'],
                [1, [], 0, 0],
                [0, [1], 1, 'link'],
              ],
            ],
            [3, 'ul', [[[0, [], 0, 'one']], [[0, [], 0, 'two']]]],
            [10, 0],
            [10, 1],
          ],
        }),
      },
      {
        id: '4',
        uuid: 'u-4',
        title: 'New',
        status: 'scheduled',
        published_at: '2030-02-03T04:05:06.000Z',
        lexical: JSON.stringify({
          root: {
            children: [
              { type: 'extended-heading', tag: 'h2', children: [{ type: 'extended-text', text: 'Head' }] },
              {
                type: 'paragraph',
                children: [
                  { type: 'text', text: 'bold', format: 1 },
                  { type: 'linebreak' },
                  { type: 'link', url: 'https://a.example', children: [{ type: 'text', text: 'link' }] },
                ],
              },
              { type: 'codeblock', code: 'a < b' },
              { type: 'bookmark', url: 'https://b.example', metadata: { title: 'Book' } },
              { type: 'callout', calloutText: '<b>Note</b>' },
            ],
          },
        }),
      },
    ],
    tags: [
      { id: 't1', name: 'World', slug: 'world' },
      { id: 't2', name: '#hidden', slug: 'hash-hidden' },
      { id: 't3', name: 'Ferries', slug: 'ferries' },
    ],
    posts_tags: [
      { post_id: '1', tag_id: 't3', sort_order: 1 },
      { post_id: '1', tag_id: 't1', sort_order: 0 },
      { post_id: '1', tag_id: 't2', sort_order: 2 },
    ],
    posts_authors: [{ post_id: '1', author_id: '9', sort_order: 0 }],
    users: [{ id: '9', name: 'Jane Doe', email: 'CANARY@example.com', password: 'CANARY$2a$10' }],
    posts_meta: [{ post_id: '1', feature_image_alt: 'A ferry' }],
    settings: [{ key: 'stripe_secret_key', value: 'CANARY-sk' }],
    api_keys: [{ secret: 'CANARY-key' }],
    members: [{ email: 'CANARY@reader.example' }],
  }
  const shapes = [{ db: [{ meta: { version: '5.0' }, data }] }, { meta: { exported_on: 1, version: '2.0' }, data }]

  it('brings text, terms, authors and dates, from each of its editors, in each of its shapes', async () => {
    for (const shape of shapes) {
      const records = (await readAll('ghost.json', JSON.stringify(shape))) as ArticleRecord[]
      expect(records).toHaveLength(4)
      expect(records[0]).toMatchObject({
        externalId: 'ghost:u-1',
        fields: {
          headline: 'Ferry',
          standfirst: 'In short.',
          section: { name: 'World' },
          tags: [{ slug: 'ferries', name: 'Ferries' }],
          authors: [{ name: 'Jane Doe' }],
          image: { alt: 'A ferry' },
        },
        publication: {
          state: 'published',
          publishedAt: '2020-02-03T04:05:06.000Z',
          updatedAt: '2020-02-04T00:00:00.000Z',
        },
        formerAddresses: ['/ferry/'],
      })
      const texts = records.map((each) => toText(makeReady(each).body))
      expect(texts[2]).toBe(
        'bold\nlink\n\n• one\n• two\n\nSeen\n\nSome words'.replaceAll('• ', texts[2]?.includes('• ') ? '• ' : '- '),
      )
      expect(texts[3]).toBe('Head\n\nbold\nlink\n\na < b\n\nBook\n\nNote')
      expect(records.map(({ publication }) => publication.state)).toEqual(['published', 'draft', 'draft', 'scheduled'])
      expect(records[2]?.warnings.join()).toContain('"odd"')
    }
  })

  it('never reads a secret of it', async () => {
    for (const shape of shapes)
      expect(JSON.stringify(await readAll('ghost.json', JSON.stringify(shape)))).not.toContain('CANARY')
  })

  it('that is cut off is reported, and what came before is taken', async () => {
    const whole = JSON.stringify(shapes[0])
    const records = await readAll('ghost.json', whole.slice(0, -20))
    expect(records.at(-1)).toMatchObject({ kind: 'failed' })
    const deep = await readAll('ghost.json', `{"db":[{"data":{"posts":[${'['.repeat(100_000)}`, {}, 'auto', 10_000)
    expect(deep.at(-1)).toMatchObject({ kind: 'failed', why: expect.stringContaining('deeper') })
  })
})

describe('ninjs', () => {
  const three = {
    ...{
      uri: 'urn:n:3',
      type: 'text',
      pubStatus: 'usable',
      language: 'EN-gb',
      firstCreated: '2020-01-02T03:04:05Z',
      versionCreated: '2020-01-03T00:00:00Z',
      located: 'ISTANBUL',
      slugline: 'ferry',
    },
    headlines: [
      { role: 'main', value: 'Ferry sails' },
      { role: 'kicker', value: 'Sea' },
    ],
    descriptions: [{ role: 'summary', value: 'In short.' }],
    bodies: [
      { contentType: 'text/plain', value: 'plain' },
      { contentType: 'text/html', value: '<p>It <b>sails</b>.</p>' },
    ],
    subjects: [
      { name: 'World', rel: 'section', literal: 'world' },
      { name: 'Ferries', uri: 'http://cv.iptc.org/newscodes/mediatopic/1' },
    ],
    infoSources: [
      { name: 'Jane Doe', role: 'author' },
      { name: 'Harbour News', role: 'source', uri: 'https://h.example' },
    ],
    associations: [
      {
        name: 'main',
        type: 'picture',
        renditions: [{ name: 'original', href: 'https://h.example/f.jpg', width: 4, height: 3 }],
      },
    ],
  }
  const one = {
    ...{
      uri: 'urn:n:1',
      type: 'text',
      pubstatus: 'usable',
      headline: 'Old ferry',
      body_html: '<p>Old.</p>',
      description_text: 'Short.',
      byline: 'By Jane',
      versioncreated: '2019-01-02T03:04:05Z',
      urgency: 3,
      usageterms: 'Once',
    },
    subject: [{ name: 'Ferries' }],
    associations: {
      featuremedia: {
        type: 'picture',
        renditions: {
          a: { href: 'https://h.example/s.jpg', width: 1 },
          b: { href: 'https://h.example/l.jpg', width: 9 },
        },
      },
    },
  }

  it('of versions 3 and 1 brings what it says', async () => {
    expect(await article('a.json', JSON.stringify(three))).toMatchObject({
      externalId: 'ninjs:urn:n:3',
      fields: {
        headline: 'Ferry sails',
        kicker: 'Sea',
        slug: 'ferry',
        standfirst: 'In short.',
        dateline: 'ISTANBUL',
        language: 'en-GB',
        section: { slug: 'world' },
        tags: [{ name: 'Ferries', uri: expect.any(String) }],
        authors: [{ name: 'Jane Doe' }],
        source: { name: 'Harbour News' },
        image: { width: 4 },
      },
      body: { html: '<p>It <b>sails</b>.</p>' },
      publication: { state: 'published', publishedAt: '2020-01-02T03:04:05.000Z' },
    })
    expect(await article('a.json', JSON.stringify(one, null, 1))).toMatchObject({
      fields: {
        headline: 'Old ferry',
        byline: 'By Jane',
        standfirst: 'Short.',
        image: { url: 'https://h.example/l.jpg' },
        notes: 'urgency: 3\nusage terms: Once',
      },
      body: { html: '<p>Old.</p>' },
    })
  })

  it('comes as an array or a line each; what is withheld, cancelled or no text is not published', async () => {
    const all = [
      three,
      { ...one, uri: 'urn:2', pubstatus: 'withheld' },
      { ...one, uri: 'urn:3', pubstatus: 'canceled' },
      { ...one, uri: 'urn:4', type: 'picture' },
      { ...one, uri: 'urn:5', embargoed: '2031-01-01T00:00:00Z' },
    ]
    const expected = ['published', 'draft', 'skipped', 'skipped', 'scheduled']
    const states = (records: Awaited<ReturnType<typeof readAll>>) =>
      records.map((each) => (each.kind === 'article' ? each.publication.state : each.kind))
    expect(states(await readAll('a.json', JSON.stringify(all)))).toEqual(expected)
    const lines = `${all.map((each) => JSON.stringify(each)).join('\n')}\n{"broken\n`
    const read = await readAll('a.ndjson', lines)
    expect(states(read)).toEqual([...expected, 'failed'])
    expect(read.at(-1)?.line).toBe(6)
  })
})

describe('a feed', () => {
  it('of each kind brings its items as articles that were published elsewhere', async () => {
    const rss = `<?xml version="1.0" encoding="iso-8859-1"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><title>Caf\xe9 &amp;amp; ferry</title><link>https://w.example/1</link><guid>g-1</guid><pubDate>Tue, 18 Mar 2019 13:00:00 -0500</pubDate><dc:creator>Jane</dc:creator><category>Sea</category><description>Short.</description><content:encoded><![CDATA[<p>Whole.</p>]]></content:encoded><enclosure url="https://w.example/a.jpg" type="image/jpeg" length="1"/></item></channel></rss>`
    const [first] = (await readAll('a.xml', Buffer.from(rss, 'latin1'))) as [ArticleRecord]
    expect(first).toMatchObject({
      externalId: 'feed:https://w.example#g-1',
      fields: {
        headline: 'Café & ferry',
        canonicalUrl: 'https://w.example/1',
        standfirst: 'Short.',
        authors: [{ name: 'Jane' }],
        tags: [{ name: 'Sea' }],
        image: { url: 'https://w.example/a.jpg' },
      },
      body: { html: '<p>Whole.</p>' },
      publication: { publishedAt: '2019-03-18T18:00:00.000Z' },
    })
    const atom = `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:a</id><title type="html">A &amp;lt; b</title><link href="https://w.example/2"/><published>2020-01-02T03:04:05+01:00</published><author><name>Kim</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">One <b>two</b> &lt;three<br/>four</div></content></entry></feed>`
    const [second] = (await readAll('a.xml', atom)) as [ArticleRecord]
    expect(second).toMatchObject({
      fields: { headline: 'A < b', authors: [{ name: 'Kim' }] },
      publication: { publishedAt: '2020-01-02T02:04:05.000Z' },
    })
    expect(toText(makeReady(second).body)).toBe('One two <three\nfour')
    const json = {
      version: 'https://jsonfeed.org/version/1.1',
      items: [
        {
          id: 'j',
          title: 'J',
          content_text: 'a < b\n\nc',
          url: 'https://w.example/3',
          tags: ['T'],
          authors: [{ name: 'Lee' }],
          date_published: '2020-01-02T03:04:05Z',
        },
      ],
    }
    const [third] = (await readAll('f.json', JSON.stringify(json))) as [ArticleRecord]
    expect(toText(makeReady(third).body)).toBe('a < b\n\nc')
    expect(third.fields).toMatchObject({ authors: [{ name: 'Lee' }], tags: [{ name: 'T' }] })
  })
})
