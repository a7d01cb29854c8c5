import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published, RAILS } from '../support/builders.ts'
import { readFeed, readXml } from '../support/feeds.ts'

let app: TestApp
let desk: Desk
let story: { id: string; publishedAt: string | null }
const names = ['rss.xml', 'atom.xml', 'feed.json'] as const
const settings = {
  PUBLISHER_NAME: 'The Harbour & Post',
  PUBLISHER_URL: 'https://post.example/',
  PUBLIC_URL: 'https://api.post.example/cms',
  ARTICLE_URL: 'https://post.example/{section}/{slug}',
}
const get = async (path: string) => (await app.nobody.get(`/v1/${path}`).expect(200)).text
const feed = (name: string, query = '') => get(`feeds/${name}${query && `?${query}`}`)
const json = async (query = '') => JSON.parse(await feed('feed.json', query))
const titles = async (query = ''): Promise<string[]> =>
  (await json(query)).items.map(({ title }: { title: string }) => title)

beforeAll(async () => {
  app = await startApp({ settings })
  desk = await app.withRole('editor')
  await published(desk, { headline: 'Older & <wiser>', bodyText: 'Old text.', language: 'fr' })
  app.clock.pass(3_600_000)
  story = await published(desk, {
    headline: 'Ferry resumes',
    slug: 'ferry',
    standfirst: 'After a year.',
    bodyText: undefined,
    bodyHtml: '<p>It <b>sails</b> &amp; sails ]]&gt;.</p>',
    authors: [{ name: 'Jane Doe', url: 'https://post.example/jane' }, { name: 'Al Roe' }],
    section: { name: 'World' },
    tags: [{ name: 'Ferries' }],
    image: { url: 'https://post.example/a.jpg', alt: 'A ferry', credit: 'AP', width: 800, height: 600 },
  })
  app.clock.pass(1_000)
  await desk.patch(articleAt(story.id), { kicker: 'Update' }, '*').expect(200)
  const correction = { kind: 'correction', text: 'It sails on <Mondays>.' }
  await desk.change(`${articleAt(story.id)}/publish`, '*', correction).expect(200)
  await draft(desk, { headline: 'Hidden' })
})

describe('a feed', () => {
  it.each(['rss.xml', 'atom.xml'])('is read by two readers alike, and is well-formed: %s', async (name) => {
    const text = await feed(name)
    readXml(text)
    const { one, other } = await readFeed(text)
    expect(one.title).toBe('The Harbour & Post')
    expect(other.title).toBe('The Harbour & Post')
    expect(other.self).toBe(`https://api.post.example/cms/v1/feeds/${name}`)
    expect(one.items.map(({ title }) => title)).toEqual(['Ferry resumes', 'Older & <wiser>'])
    expect(other.items.map(({ title }) => title)).toEqual(['Ferry resumes', 'Older & <wiser>'])
    expect(one.items.map(({ link }) => link)).toContain('https://post.example/world/ferry')
    const { id, url, description, published: at } = other.items[0] ?? {}
    expect([id, url, description]).toEqual([
      `urn:uuid:${story.id}`,
      'https://post.example/world/ferry',
      'After a year.',
    ])
    // RSS has no milliseconds.
    const toSeconds = (instant: string | null | undefined) => instant?.slice(0, 19)
    expect(toSeconds(at?.toISOString())).toBe(toSeconds(story.publishedAt))
    expect(other.items[0]?.authors.map((author) => author.name)).toEqual(['Jane Doe', 'Al Roe'])
    expect(other.items[0]?.categories.map(({ label, term }) => label ?? term)).toEqual(['World', 'Ferries'])
    const content = one.items[0]?.['content:encoded'] ?? one.items[0]?.content ?? ''
    expect(content).toContain('<p>It <strong>sails</strong> &#x26; sails ]]>.</p>')
    expect(content).toContain('<strong>Correction:</strong> It sails on &lt;Mondays&gt;.')
    expect(toSeconds(one.items[0]?.isoDate)).toBe(toSeconds(story.publishedAt))
  })

  it('says in RSS and Atom what each has a place for', async () => {
    const rss = readXml(await feed('rss.xml'))
    const all = (path: string) => rss.filter((each) => each.path === `rss/channel/${path}`)
    expect(all('item/guid')[0]).toMatchObject({ attributes: { isPermaLink: 'false' }, text: `urn:uuid:${story.id}` })
    expect(all('item/media:content')[0]?.attributes).toMatchObject({ url: 'https://post.example/a.jpg', width: '800' })
    expect(all('item/media:content/media:credit')[0]?.text).toBe('AP')
    expect(all('item/dcterms:modified')[0]?.text).not.toBe(story.publishedAt)
    const atom = readXml(await feed('atom.xml'))
    const text = (path: string) => atom.find((each) => each.path === `feed/${path}`)?.text
    expect(text('entry/published')).toBe(story.publishedAt)
    expect(text('updated')).toBe(text('entry/updated'))
    expect(text('id')).toBe('https://api.post.example/cms/v1/feeds/atom.xml')
  })

  it('is JSON Feed 1.1', async () => {
    const found = await json()
    expect(found).toMatchObject({
      version: 'https://jsonfeed.org/version/1.1',
      title: 'The Harbour & Post',
      home_page_url: 'https://post.example/',
      feed_url: 'https://api.post.example/cms/v1/feeds/feed.json',
    })
    expect(found.items[0]).toMatchObject({
      id: `urn:uuid:${story.id}`,
      url: 'https://post.example/world/ferry',
      title: 'Ferry resumes',
      summary: 'After a year.',
      image: 'https://post.example/a.jpg',
      date_published: story.publishedAt,
      authors: [{ name: 'Jane Doe', url: 'https://post.example/jane' }, { name: 'Al Roe' }],
      tags: ['World', 'Ferries'],
      language: 'en',
    })
    expect(found.items[0].content_html).toContain('<strong>sails</strong>')
    expect((await json('body=none')).items[0]).toMatchObject({ content_text: 'After a year.' })
  })

  it('is of what is asked for: a section, tag, author, language, words', async () => {
    for (const query of ['section=world', 'tag=ferries', 'author=jane-doe', 'q=sails', 'language=en&q=ferry'])
      expect(await titles(query), query).toEqual(['Ferry resumes'])
    expect(await titles('section=nowhere')).toEqual([])
    expect((await json('section=world&tag=ferries&q=sails')).title).toBe('The Harbour & Post: World, Ferries, “sails”')
    const empty = readXml(await feed('atom.xml', 'tag=nothing')).map(({ path }) => path)
    expect(empty).toContain('feed/updated')
    expect(empty).not.toContain('feed/entry')
  })

  it('is of a rail: its headlines in order, those that lead elsewhere too, and none that lead nowhere', async () => {
    const items = [
      { headline: 'Elsewhere', target: { kind: 'url', url: 'https://other.example/' } },
      { headline: 'Not written yet' },
      { headline: 'Our own headline', target: { kind: 'article', id: story.id }, hideImage: true },
    ]
    await desk.post(RAILS, { key: 'top', title: 'Top', items }).expect(201)
    const found = await json('rail=top')
    expect(found.title).toBe('The Harbour & Post: Top')
    expect(found.items).toMatchObject([
      { title: 'Elsewhere', external_url: 'https://other.example/' },
      { title: 'Our own headline', url: 'https://post.example/world/ferry', id: `urn:uuid:${story.id}` },
    ])
    expect(found.items[0]).not.toHaveProperty('url')
    expect(found.items[1]).not.toHaveProperty('image')
    expect(found.items[1].content_html).toContain('sails')
    for (const name of ['rss.xml', 'atom.xml'] as const) {
      const { one, other } = await readFeed(await feed(name, 'rail=top'))
      expect(one.items.map(({ link }) => link)).toEqual(['https://other.example/', 'https://post.example/world/ferry'])
      expect(other.items.map(({ title }) => title)).toEqual(['Elsewhere', 'Our own headline'])
    }
    await app.nobody.get('/v1/feeds/rss.xml?rail=nowhere').expect(404)
    for (const other of ['tag=ferries', 'q=sails'])
      expect((await app.nobody.get(`/v1/feeds/rss.xml?rail=top&${other}`).expect(400)).body.errors[0].code).toBe(
        'not-together',
      )
  })

  it('names its next page, which goes on', async () => {
    const first = await json('limit=1')
    expect(first.next_url).toMatch(/^https:\/\/api\.post\.example\/cms\/v1\/feeds\/feed\.json\?limit=1&cursor=/)
    const second = JSON.parse((await app.nobody.get(first.next_url.replace('https://api.post.example/cms', ''))).text)
    expect([...first.items, ...second.items].map(({ title }) => title)).toEqual(await titles())
    expect(second).not.toHaveProperty('next_url')
    expect(await feed('rss.xml', 'limit=1')).toMatch(/<atom:link href="[^"]*cursor=[^"]*" rel="next"/)
  })

  it.each(names)('has a type and a tag of its own, and is not sent again to who has it: %s', async (name) => {
    const path = `/v1/feeds/${name}`
    const { headers } = await app.nobody.get(path).set('accept', 'text/plain').expect(200)
    expect(headers['content-type']).toMatch(/^application\/(rss\+xml|atom\+xml|feed\+json); charset=utf-8$/)
    expect(headers['cache-control']).toContain('public')
    await app.nobody
      .get(path)
      .set('if-none-match', headers.etag ?? '')
      .expect(304)
    const other = names.find((each) => each !== name)
    await app.nobody
      .get(`/v1/feeds/${other}`)
      .set('if-none-match', headers.etag ?? '')
      .expect(200)
    await app.nobody
      .get(`${path}?limit=1`)
      .set('if-none-match', headers.etag ?? '')
      .expect(200)
  })

  it('keeps its shape whatever is written, characters that XML has no place for included', async () => {
    const odd = `Odd \u0001\u000b\ufffe ]]> <!-- & "quotes" 'too' </title> \u{1F600}`
    const piece = await published(desk, { headline: odd, bodyText: odd, tags: [{ name: odd.slice(0, 40) }] })
    for (const name of ['rss.xml', 'atom.xml']) {
      const found = readXml(await feed(name))
      const title = found.find(({ path }) => /(item|entry)\/title$/.test(path))?.text
      const unwritable = ['\u0001', '\u000b', '\ufffe']
      expect(title).toBe([...odd].map((each) => (unwritable.includes(each) ? '\ufffd' : each)).join(''))
    }
    expect((await json()).items[0].title).toBe(odd)
    readXml(await get('news-sitemap.xml'))
    await desk.change(`${articleAt(piece.id)}/withdraw`, '*').expect(200)
  })
})

describe('sitemaps', () => {
  const texts = (xml: string, path: string) => readXml(xml).flatMap((each) => (each.path === path ? [each.text] : []))

  it('name each visible article once, by the month of its first publication, with its address on the site', async () => {
    const index = await get('sitemap.xml')
    expect(texts(index, 'sitemapindex/sitemap/loc')).toEqual(['https://api.post.example/cms/v1/sitemaps/2026-11-1.xml'])
    const all = await get('sitemaps/2026-11-1.xml')
    expect(texts(all, 'urlset/url/loc')).toHaveLength(2)
    expect(texts(all, 'urlset/url/loc')).toContain('https://post.example/world/ferry')
    expect(texts(index, 'sitemapindex/sitemap/lastmod')).toEqual([texts(all, 'urlset/url/lastmod').toSorted().at(-1)])
    for (const name of [
      '2026-11-2.xml',
      '2026-10-1.xml',
      '2026-13-1.xml',
      '2026-11-0.xml',
      'x',
      '9999-12-1.xml',
      '0026-11-1.xml',
    ])
      await app.nobody.get(`/v1/sitemaps/${name}`).expect(404)
    const { etag } = (await app.nobody.get('/v1/sitemap.xml')).headers
    await app.nobody
      .get('/v1/sitemap.xml')
      .set('if-none-match', etag ?? '')
      .expect(304)
  })

  it('for news name those of the last two days, with publisher, language, time and title', async () => {
    const news = await get('news-sitemap.xml')
    const path = 'urlset/url/news:news'
    expect(texts(news, `${path}/news:title`)).toEqual(['Ferry resumes', 'Older & <wiser>'])
    expect(texts(news, `${path}/news:publication/news:name`)[0]).toBe('The Harbour & Post')
    expect(texts(news, `${path}/news:publication/news:language`)).toEqual(['en', 'fr'])
    expect(texts(news, `${path}/news:publication_date`)[0]).toBe(story.publishedAt)
    app.clock.pass(2 * 24 * 3_600_000 - 1_800_000)
    expect(texts(await get('news-sitemap.xml'), `${path}/news:title`)).toEqual(['Ferry resumes'])
    app.clock.pass(3_600_000)
    expect(texts(await get('news-sitemap.xml'), `${path}/news:title`)).toEqual([])
    expect(texts(await get('sitemap.xml'), 'sitemapindex/sitemap/loc')).toHaveLength(1)
  })

  it('have a part for each month', async () => {
    app.clock.pass(20 * 24 * 3_600_000)
    await published(desk, { headline: 'In December', language: 'zh-Hant' })
    const months = texts(await get('sitemap.xml'), 'sitemapindex/sitemap/loc').map((loc) => loc.split('/').at(-1))
    expect(months).toEqual(['2026-12-1.xml', '2026-11-1.xml'])
    expect(texts(await get('news-sitemap.xml'), 'urlset/url/news:news/news:publication/news:language')).toEqual([
      'zh-tw',
    ])
  })
})

it('JSON-LD names the publisher, where the newsroom has been named', async () => {
  const { body } = await app.nobody.get('/v1/articles/ferry?format=jsonld').expect(200)
  expect(body.publisher).toEqual({
    '@type': 'NewsMediaOrganization',
    name: 'The Harbour & Post',
    url: 'https://post.example/',
  })
})
