import { describe, expect, it } from 'vitest'
import { toHtml } from '../../../src/body/to-html.ts'
import { toText } from '../../../src/body/to-text.ts'
import { instantOf } from '../../../src/importing/formats/dates.ts'
import type { ArticleRecord } from '../../../src/importing/formats/format.ts'
import { makeReady } from '../../../src/importing/ready.ts'
import { article, nameOfFormat, readAll } from './reading.ts'

const NAMESPACES =
  'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
const DATE = '<pubDate>Tue, 18 Mar 2019 13:00:00 GMT</pubDate>'
const rss = (items: string, channel = '<link>https://w.example/</link>') =>
  `<rss version="2.0" ${NAMESPACES}><channel>${channel}${items}</channel></rss>`
const atom = (entries: string, head = '<link href="https://a.example/"/>', more = '') =>
  `<feed xmlns="http://www.w3.org/2005/Atom"${more}>${head}${entries}</feed>`
const json = (items: object[], more: object = { home_page_url: 'https://j.example/' }) =>
  JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', ...more, items })
const all = async (text: string, name = 'a.xml') => (await readAll(name, text)) as ArticleRecord[]
const item = (inside: string) => `<item>${inside}</item>`

describe('what nobody can date or name', () => {
  it('waits as a draft, whichever feed it is in, and never comes as published now', async () => {
    const undated = [
      ...(await all(rss(item('<guid>1</guid><title>T</title><description>x</description>')))),
      ...(await all(rss(item('<title>T</title><pubDate>yesterday</pubDate><description>x</description>')))),
      ...(await all(atom('<entry><id>urn:1</id><title>T</title><content>x</content></entry>'))),
      ...(await all(json([{ id: '1', title: 'T', content_text: 'x', date_published: '2020-13-01' }]), 'a.json')),
    ]
    expect(undated.map(({ publication }) => publication)).toEqual(Array(4).fill({ state: 'draft' }))
    for (const { warnings } of undated) expect(warnings).toContain('It has no date: it comes as a draft.')
    expect(undated[1]?.warnings).toContain('"yesterday" is no date that is known.')
  })

  it('is refused without a title and a text, and a draft where only a picture is there', async () => {
    const records = [
      ...(await readAll(
        'a.xml',
        rss(
          item(`<guid>1</guid>${DATE}`) +
            item(`<guid>2</guid>${DATE}<description><![CDATA[<img src="https://w.example/i.png">]]></description>`),
        ),
      )),
      ...(await readAll('a.json', json([{ id: '1', title: ' ', date_published: '2020-01-01T00:00:00Z' }]))),
    ]
    expect(records.map((each) => (each.kind === 'article' ? each.publication.state : each.kind))).toEqual([
      'failed',
      'draft',
      'failed',
    ])
    expect(records[0]).toMatchObject({ why: 'It has neither a title nor a text.' })
  })

  it('but what has a date is published then, or when it was changed last', async () => {
    const entry = (dates: string) => `<entry><id>urn:1</id><title>T</title>${dates}<content>x</content></entry>`
    const [both, one] = await all(
      atom(
        entry('<published>2020-01-02T03:04:05Z</published><updated>2021-01-01T00:00:00Z</updated>') +
          entry('<updated>2021-01-01T00:00:00Z</updated>'),
      ),
    )
    expect(both?.publication).toMatchObject({
      state: 'published',
      publishedAt: '2020-01-02T03:04:05.000Z',
      updatedAt: '2021-01-01T00:00:00.000Z',
    })
    expect(one?.publication).toMatchObject({ state: 'published', publishedAt: '2021-01-01T00:00:00.000Z' })
  })
})

describe('the id of an item', () => {
  const one = item(`<guid isPermaLink="false">1</guid><title>T</title>${DATE}<description>x</description>`)
  it('is that of its feed, so that two feeds with the same numbers do not overwrite one another', async () => {
    const ids = [
      ...(await all(rss(one))),
      ...(await all(rss(one, '<link>https://other.example/</link>'))),
      ...(await all(rss(one, '<atom:link rel="self" href="https://self.example/feed"/>'))),
      ...(await all(rss(one, ''), 'saved.xml')),
      ...(await all(json([{ id: 1, title: 'T', content_text: 'x' }]), 'f.json')),
      ...(await all(
        json([{ id: 1, title: 'T', content_text: 'x' }], { feed_url: 'https://k.example/feed.json' }),
        'f.json',
      )),
    ].map(({ externalId }) => externalId)
    expect(ids).toEqual([
      'feed:https://w.example/#1',
      'feed:https://other.example/#1',
      'feed:https://self.example/feed#1',
      'feed:saved.xml#1',
      'feed:https://j.example/#1',
      'feed:https://k.example/feed.json#1',
    ])
  })

  it('is left as it is where nobody else has the same', async () => {
    for (const id of ['https://w.example/?p=1', 'urn:uuid:1', 'tag:w.example,2020:1']) {
      const { externalId } = await article('a.xml', rss(item(`<guid isPermaLink="false">${id}</guid><title>T</title>`)))
      expect(externalId).toBe(`feed:${id}`)
    }
  })
})

describe('what a feed says', () => {
  it('of itself fills in what an item does not: who wrote it and in which language', async () => {
    const [own, none] = await all(
      rss(
        item('<title>A</title><dc:creator>Kim</dc:creator>') + item('<title>B</title>'),
        '<image><link>https://picture.example/</link><title>P</title></image><atom:link rel="self" href="https://w.example/feed"/><link>https://w.example/</link><language>en-us</language><dc:creator>The desk</dc:creator>',
      ),
    )
    expect([own?.fields.authors, none?.fields.authors]).toEqual([[{ name: 'Kim' }], [{ name: 'The desk' }]])
    expect(none).toMatchObject({ externalId: 'feed:https://w.example/#B', fields: { language: 'en-US' } })
    const author = (name: string) => `<author><name>${name}</name></author>`
    const entries = await all(
      atom(
        `<entry><id>urn:1</id><title>A</title><source>${author('Lee')}</source></entry><entry><id>urn:2</id><title>B</title></entry>`,
        author('The desk'),
      ),
    )
    expect(entries.map(({ fields }) => fields.authors)).toEqual([[{ name: 'Lee' }], [{ name: 'The desk' }]])
    const [third] = await all(
      json([{ id: 'a', title: 'T', content_text: 'x' }], { authors: [{ name: 'The desk' }] }),
      'a.json',
    )
    expect(third?.fields.authors).toEqual([{ name: 'The desk' }])
  })

  it('in JSON is text and no HTML, but for what is called HTML', async () => {
    const [found] = await all(
      json([
        {
          id: 'a',
          title: 'Why <b> is &amp; not </b>',
          summary: '1 < 2 &lt; 3',
          content_html: '<p>a <b>b</b></p>',
          tags: ['R&amp;D'],
          authors: [{ name: 'A & <B>' }],
        },
      ]),
      'a.json',
    )
    expect(found?.fields).toMatchObject({
      headline: 'Why <b> is &amp; not </b>',
      standfirst: '1 < 2 &lt; 3',
      tags: [{ name: 'R&amp;D' }],
      authors: [{ name: 'A & <B>' }],
    })
    const [short] = await all(json([{ id: 'a', title: 'T', summary: 'a < b' }]), 'a.json')
    expect(toText(makeReady(short as ArticleRecord).body)).toBe('a < b')
    expect(short?.warnings.join()).toContain('no whole text')
  })

  it('brings pictures from wherever they are, and tells of what is no picture', async () => {
    const pictures = await all(
      rss(
        [
          '<enclosure url="https://w.example/a.mp3" type="audio/mpeg" length="1"/><enclosure url="https://w.example/a.jpg" type="image/jpeg" length="1"/>',
          '<media:group><media:content url="https://w.example/v.mp4" type="video/mp4"/><media:content url="https://w.example/b.jpg" medium="image"><media:description>At sea</media:description><media:credit>Kim</media:credit></media:content></media:group>',
          '<media:content url="https://w.example/c.jpg?w=1"/>',
          '<media:thumbnail url="/d.png"/>',
        ]
          .map((inside, n) => item(`<title>T${n}</title>${inside}`))
          .join(''),
      ),
    )
    expect(pictures.map(({ fields }) => fields.image)).toEqual([
      { url: 'https://w.example/a.jpg', alt: '' },
      { url: 'https://w.example/b.jpg', alt: '', caption: 'At sea', credit: 'Kim' },
      { url: 'https://w.example/c.jpg?w=1', alt: '' },
      { url: 'https://w.example/d.png', alt: '' },
    ])
    expect(pictures[0]?.warnings).toContain('Its attachment https://w.example/a.mp3 is not taken.')
    expect(pictures[1]?.warnings).toContain('Its attachment https://w.example/v.mp4 is not taken.')
  })

  it('relatively means what it stands under', async () => {
    const entry =
      '<entry xml:base="posts/"><id>urn:1</id><title>T</title><link href="1"/><content type="xhtml" xml:base="1/"><div xmlns="http://www.w3.org/1999/xhtml"><a href="next">n</a> <img src="/i.png"/> <a href="#note">o</a></div></content></entry>'
    const found = await article('a.xml', atom(entry, '', ' xml:base="https://a.example/blog/"'))
    expect(found.fields.canonicalUrl).toBe('https://a.example/blog/posts/1')
    expect(toHtml(makeReady(found).body)).toBe(
      '<p><a href="https://a.example/blog/posts/1/next">n</a></p><figure><img src="https://a.example/i.png" alt=""></figure><p><a href="#note">o</a></p>',
    )
    const plain = await article(
      'a.xml',
      rss(
        item(
          '<title>T</title><link>https://w.example/x/1</link><description><![CDATA[<a href="2">n</a>]]></description>',
        ),
      ),
    )
    expect(toHtml(makeReady(plain).body)).toBe('<p><a href="https://w.example/x/2">n</a></p>')
    const nowhere = await article(
      'a.xml',
      rss(item('<title>T</title><description><![CDATA[<a href="2">n</a>]]></description>'), ''),
    )
    expect(nowhere.warnings).toContain('It has relative addresses, and the feed does not say to what.')
  })

  it('elsewhere is told, and what is no text is not taken for one', async () => {
    const [away, binary] = await all(
      atom(
        '<entry><id>urn:1</id><title>T</title><summary>Short.</summary><content src="https://a.example/1.html" type="text/html"/></entry><entry><id>urn:2</id><title>T</title><content type="image/png">iVBORw0=</content></entry>',
      ),
    )
    expect(away?.warnings).toContain('Its text is not in the feed but at https://a.example/1.html.')
    expect(away?.body).toEqual({ html: 'Short.' })
    expect(binary?.body).toEqual({ html: '' })
    expect(binary?.warnings).toContain('Its content of the type "image/png" is no text, and not taken.')
  })

  it('in a namespace of its own is not taken for what it is called', async () => {
    const found = await article(
      'a.xml',
      rss(
        item(
          '<itunes:title>No</itunes:title><title>Yes</title><atom:link href="https://no.example"/><link>https://w.example/1</link>',
        ),
      ),
    )
    expect(found.fields).toMatchObject({ headline: 'Yes', canonicalUrl: 'https://w.example/1' })
  })
})

describe('a feed is recognised', () => {
  const text = rss(item('<title>Łódź</title>'))
  it('behind a declaration, a comment and a document type, with things that it declares', async () => {
    for (const before of [
      '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">',
      '<?xml version="1.0"?>\n<!-- a > b -->\n<!DOCTYPE rss [<!ENTITY % all SYSTEM "x.ent"> <!ELEMENT a (b)>]>\n',
    ]) {
      expect(nameOfFormat('a.xml', before + text)).toBe('feed')
      expect((await article('a.xml', before + text)).fields.headline).toBe('Łódź')
    }
    expect(nameOfFormat('a.xml', '<!DOCTYPE rss [<!ENTITY a')).not.toBe('feed')
  })

  it('in UTF-16, with its mark or without, and in UTF-8 though it says UTF-16', async () => {
    const sixteen = `<?xml version="1.0" encoding="UTF-16"?>${text}`
    const little = Buffer.from(sixteen, 'utf16le')
    for (const bytes of [
      Buffer.from(`\ufeff${sixteen}`, 'utf16le'),
      Buffer.from(`\ufeff${sixteen}`, 'utf16le').swap16(),
      little,
      Buffer.from(little).swap16(),
      Buffer.from(sixteen),
    ])
      expect((await article('a.xml', bytes)).fields.headline).toBe('Łódź')
    expect(
      (await article('a.json', Buffer.from(`\ufeff${json([{ id: 'a', title: 'Łódź', content_text: 'x' }])}`))).fields
        .headline,
    ).toBe('Łódź')
  })

  it('but read only until it nests deeper than any feed, and what came before is taken', async () => {
    for (const piece of [100, 1_000_000]) {
      const deep = rss(`${item('<title>A</title>')}${'<a>'.repeat(100_000)}`)
      const records = await readAll('a.xml', deep, {}, 'auto', piece)
      expect(records.map(({ kind }) => kind)).toEqual(['article', 'failed'])
      expect(records[1]).toMatchObject({ why: expect.stringContaining('deeper than 1000 elements') })
    }
  })

  it('of any size, but no part of it is held that is larger than an article', async () => {
    const huge = rss(item(`<title>A</title><description><![CDATA[${'x'.repeat(21_000_000)}`))
    const records = await readAll('a.xml', huge, {}, 'auto', 250_000)
    expect(records.at(-1)).toMatchObject({ kind: 'failed', why: expect.stringContaining('larger than any article') })
    const many = rss(item(`<title>A</title>${'<a/>'.repeat(205_000)}`) + item('<title>B</title>'))
    expect((await readAll('a.xml', many, {}, 'auto', 250_000)).map(({ kind }) => kind)).toEqual(['failed', 'article'])
  })
})

describe('a date', () => {
  it('of mail may have two digits for its year and a zone by name, and means the same on every machine', () => {
    const zone = process.env.TZ
    process.env.TZ = 'America/New_York'
    const read = [
      'Tue, 18 Mar 2019 13:00:00 -0500',
      '18 Mar 19 13:00 EST',
      '1 Sept 99 00:00:01 gmt',
      '18 Mar 2019 13:00:00',
      'Tuesday, 18-Mar-19 13:00:00 +01:00',
    ].map(instantOf)
    process.env.TZ = zone
    expect(read).toEqual([
      '2019-03-18T18:00:00.000Z',
      '2019-03-18T18:00:00.000Z',
      '1999-09-01T00:00:01.000Z',
      '2019-03-18T13:00:00.000Z',
      '2019-03-18T12:00:00.000Z',
    ])
  })

  it('that is none, or in a zone that nobody knows, is not guessed', () => {
    for (const text of [
      '30 Feb 2019 00:00:00 GMT',
      '18 Xyz 2019 13:00:00 GMT',
      '18 Mar 2019 25:00:00 GMT',
      '18 Mar 2019 13:00:00 XYZ',
      'Mon, 30 Nov -0001 00:00:00 +0000',
      '2020-02-30',
      '2020-01-01T24:30',
      '0000-00-00 00:00:00',
    ])
      expect(instantOf(text), text).toBeUndefined()
  })
})
