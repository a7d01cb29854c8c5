import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published, RAILS } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ settings: { ARTICLE_URL: 'https://news.example/{section}/{slug}' } })
  desk = await app.withRole('editor')
})

const editorial = (path: string) => `/v1/editorial/${path}`
const define = (path: string, body: object, ifMatch?: number | string) =>
  ifMatch === undefined
    ? desk.put(editorial(path), body).set('if-none-match', '*')
    : desk.put(editorial(path), body, ifMatch)
const read = async (path: string) => (await app.nobody.get(`/v1/${path}`).expect(200)).body
const slugsOf = async (query: string): Promise<string[]> =>
  (await read(`articles?${query}`)).data.map(({ slug }: { slug: string }) => slug)
const inMs = (by: number) => new Date(Date.parse(app.clock.now()) + by).toISOString()

describe('sections, tags and authors', () => {
  it('are those of visible articles, each with how many, as the newest article calls them', async () => {
    const with_ = (name: string) => ({ tags: [{ slug: 'ferries', name }], authors: [{ name: 'Ann Smith' }] })
    await published(desk, with_('Ferry'))
    app.clock.pass(1_000)
    const newest = await published(desk, with_('Ferries'))
    expect(await read('tags/ferries')).toEqual({ slug: 'ferries', name: 'Ferries', articles: 2 })
    expect(await read('authors/ann-smith')).toEqual({ slug: 'ann-smith', name: 'Ann Smith', articles: 2 })
    await desk.change(`${articleAt(newest.id)}/withdraw`, '*').expect(200)
    expect(await read('tags/ferries')).toEqual({ slug: 'ferries', name: 'Ferry', articles: 1 })
    app.clock.pass(120_000)
    while (await app.services.ticker.tick());
    expect(await read('tags/ferries')).toMatchObject({ articles: 1 })
    expect((await read('tags')).data).toEqual([{ slug: 'ferries', name: 'Ferry', articles: 1 }])
  })

  it('that only drafts, plans, or withdrawn pieces have are not there, and make no difference', async () => {
    await published(desk, { section: { slug: 'open', name: 'Open' } })
    const before = (await app.nobody.get('/v1/sections/open')).headers.etag
    await draft(desk, { section: { slug: 'hidden', name: 'Hidden' } })
    for (const slug of ['hidden', 'open']) {
      const { id } = await draft(desk, { section: { slug, name: 'Planned' } })
      await desk.change(`${articleAt(id)}/publish`, '*', { liveFrom: inMs(60_000) }).expect(200)
      const gone = await published(desk, { section: { slug, name: 'Gone' } })
      await desk.change(`${articleAt(gone.id)}/withdraw`, '*').expect(200)
    }
    await define('sections/hidden', { name: 'Hidden' }, 0).expect(200)
    await app.nobody.get('/v1/sections/hidden').expect(404)
    expect((await read('sections')).data.map(({ slug }: { slug: string }) => slug)).toEqual(['open'])
    expect((await app.nobody.get('/v1/sections/open')).headers.etag).toBe(before)
    app.clock.pass(61_000)
    expect((await read('sections/open')).articles).toBe(2)
    expect((await read('sections/hidden')).articles).toBe(1)
  })

  it('come in pages by slug, both ways, with tags that are 304 while nothing has changed', async () => {
    for (const name of ['B one', 'B two', 'B three']) await published(desk, { authors: [{ name }] })
    const all = (await read('authors')).data
    const first = await app.nobody.get('/v1/authors?limit=2').expect(200)
    const second = await read(`authors?limit=2&cursor=${first.body.page.next}`)
    expect([...first.body.data, ...second.data]).toEqual(all)
    expect((await read(`authors?limit=2&cursor=${second.page.previous}`)).data).toEqual(first.body.data)
    const again = () => app.nobody.get('/v1/authors?limit=2').set('if-none-match', first.headers.etag ?? '')
    await again().expect(304)
    await published(desk, { authors: [{ name: 'Ann Smith' }] })
    await again().expect(200)
  })
})

describe('a new name', () => {
  it('shows at once on all that was published, in lists, links and addresses, and the old slug leads to the new one', async () => {
    const piece = await published(desk, {
      slug: 'harbour-story',
      section: { slug: 'harbor', name: 'Harbor' },
      tags: [{ slug: 'boat', name: 'Boat' }],
      authors: [{ slug: 'jo', name: 'Jo' }, { name: 'Al' }],
    })
    const own = await published(desk, { byline: 'By Jo', authors: [{ slug: 'jo', name: 'Jo' }] })
    const items = [{ target: { kind: 'article', id: piece.id } }]
    await desk.post(RAILS, { key: 'harbour', title: 'Harbour', items }).expect(201)
    const before = await app.nobody.get('/v1/articles/harbour-story').expect(200)
    const other = await app.nobody.get(`/v1/articles/${own.id}?fields=section`).expect(200)
    await define('sections/harbor', { slug: 'harbour', name: 'Harbour' }, 0).expect(200)
    const topic = 'http://cv.iptc.org/newscodes/mediatopic/20000587'
    await define('tags/boat', { slug: 'boats', name: 'Boats', uri: topic }, 0).expect(200)
    await define('authors/jo', { slug: 'joan', name: 'Joan', url: 'https://news.example/joan' }, 0).expect(200)

    const { body, headers } = await app.nobody.get('/v1/articles/harbour-story').expect(200)
    expect(body).toMatchObject({
      url: 'https://news.example/harbour/harbour-story',
      section: { slug: 'harbour', name: 'Harbour' },
      tags: [{ slug: 'boats', name: 'Boats', uri: topic }],
      authors: [
        { slug: 'joan', name: 'Joan', url: 'https://news.example/joan' },
        { slug: 'al', name: 'Al' },
      ],
      byline: 'Joan and Al',
      updatedAt: before.body.updatedAt,
      edition: before.body.edition,
    })
    expect(headers.etag).not.toBe(before.headers.etag)
    expect((await read(`articles/${own.id}`)).byline).toBe('By Jo')
    expect((await read('rails/harbour')).items[0].url).toBe('https://news.example/harbour/harbour-story')
    for (const query of ['section=harbor', 'section=harbour', 'tag=boat', 'tag=boats&section=harbor'])
      expect(await slugsOf(query), query).toEqual(['harbour-story'])
    expect(await slugsOf('author=jo&author=joan'.slice(0, 9))).toHaveLength(2)
    expect((await read('search?q=council&section=harbor')).facets.section).toEqual([
      { slug: 'harbour', name: 'Harbour', articles: 1 },
    ])
    const moved = await app.nobody.get('/v1/sections/harbor').expect(301)
    expect(moved.headers.location).toBe('/v1/sections/harbour')
    expect((await app.nobody.get('/v1/resolve?path=/harbor/harbour-story')).body).toMatchObject({ status: 'moved' })
    // What has none of them is not another answer.
    expect((await app.nobody.get(`/v1/articles/${own.id}?fields=section`)).text).toBe(other.text)
  })

  it('holds for what is published under the old slug afterwards, and once more renamed there is no chain', async () => {
    await published(desk, { slug: 'late', section: { slug: 'harbor', name: 'Harbor' } })
    expect((await read('articles/late')).section).toEqual({ slug: 'harbour', name: 'Harbour' })
    expect(await slugsOf('section=harbour')).toEqual(['late', 'harbour-story'])
    await define('sections/harbour', { slug: 'port', name: 'Port' }, '*').expect(200)
    for (const former of ['harbor', 'harbour'])
      expect((await app.nobody.get(`/v1/sections/${former}`).expect(301)).headers.location).toBe('/v1/sections/port')
    await define('sections/port', { slug: 'harbor', name: 'Harbor' }, '*').expect(200)
    expect((await app.nobody.get('/v1/sections/port').expect(301)).headers.location).toBe('/v1/sections/harbor')
    const { body } = await desk.get(editorial('sections/harbour')).expect(200)
    expect(body).toMatchObject({ slug: 'harbor', formerSlugs: ['harbour', 'port'], version: 3, articles: 2 })
  })

  it('that is or was that of another one is refused, whether defined or brought by an article', async () => {
    await define('tags/one', { name: 'One' }).expect(201)
    await published(desk, { tags: [{ slug: 'brought', name: 'Brought' }] })
    for (const taken of ['brought', 'boat', 'boats']) {
      const { body } = await define('tags/one', { slug: taken, name: 'One' }, 1).expect(409)
      expect(body).toMatchObject({ code: 'already-exists', errors: [{ pointer: '#/slug' }] })
    }
    expect((await desk.get(editorial('tags/one'))).body).toMatchObject({ slug: 'one', version: 1 })
  })
})

describe('sections in sections', () => {
  it('hold the articles of all that are parts of them, and a section that is moved takes its articles along', async () => {
    await define('sections/news', { name: 'News' }).expect(201)
    await define('sections/sport', { name: 'Sport' }).expect(201)
    await define('sections/world', { name: 'World', parent: 'news' }).expect(201)
    await define('sections/europe', { name: 'Europe', parent: 'world' }).expect(201)
    await published(desk, { slug: 'in-europe', section: { slug: 'europe', name: 'Europe' } })
    await published(desk, { slug: 'in-world', section: { slug: 'world', name: 'World' } })
    const found = async () => [await slugsOf('section=news'), await slugsOf('section=sport')]
    expect(await found()).toEqual([['in-world', 'in-europe'], []])
    expect(await read('sections/world')).toEqual({
      slug: 'world',
      name: 'World',
      parent: { slug: 'news', name: 'News' },
      articles: 2,
    })
    expect((await read('articles/in-europe')).section).toEqual({ slug: 'europe', name: 'Europe' })
    const scheduled = await draft(desk, { slug: 'later', section: { slug: 'europe', name: 'Europe' } })
    await desk.change(`${articleAt(scheduled.id)}/publish`, '*', { liveFrom: inMs(5_000) }).expect(200)

    await define('sections/world', { name: 'World', parent: 'sport' }, 1).expect(200)
    expect(await found()).toEqual([[], ['in-world', 'in-europe']])
    await app.nobody.get('/v1/sections/news').expect(404)
    app.clock.pass(6_000)
    expect(await found()).toEqual([[], ['later', 'in-world', 'in-europe']])
    await define('sections/world', { name: 'World' }, 2).expect(200)
    expect(await found()).toEqual([[], []])
    expect(await slugsOf('section=world')).toHaveLength(3)
    expect((await read('sections/world')).parent).toBeNull()
  })

  it('never in a circle, nor in what there is not, nor deeper than six', async () => {
    const refused = async (path: string, body: object) => (await define(path, body, '*').expect(422)).body.errors
    expect(await refused('sections/world', { name: 'W', parent: 'europe' })).toMatchObject([{ code: 'circle' }])
    expect(await refused('sections/world', { name: 'W', parent: 'world' })).toMatchObject([{ code: 'circle' }])
    expect(await refused('sections/world', { name: 'W', parent: 'no' })).toMatchObject([{ code: 'unknown-section' }])
    for (let n = 1; n <= 6; n++)
      await define(`sections/d${n}`, { name: `D${n}`, ...(n > 1 && { parent: `d${n - 1}` }) }).expect(201)
    const { body } = await define('sections/d7', { name: 'D7', parent: 'd6' }).expect(422)
    expect(body.errors).toMatchObject([{ pointer: '#/parent', code: 'too-deep' }])
    expect(await refused('sections/d1', { name: 'D1', parent: 'sport' })).toMatchObject([{ code: 'too-deep' }])
    await desk.get(editorial('sections/d7')).expect(404)
  })
})

it('who is called otherwise is found by the new name, and no more by the old one', async () => {
  const found = async (q: string) => (await read(`search?q=${q}`)).data.map(({ slug }: { slug: string }) => slug)
  const fields = {
    authors: [{ slug: 'pat', name: 'Oldnamius Fergusson' }],
    tags: [{ slug: 'tagged', name: 'Oldtagius' }],
  }
  await published(desk, { slug: 'by-pat', ...fields })
  while (await app.services.ticker.tick());
  expect(await found('oldnamius')).toEqual(['by-pat'])
  await define('authors/pat', { name: 'Newnamia Fergusson' }, 0).expect(200)
  await define('tags/tagged', { name: 'Newtagia' }, 0).expect(200)
  while (await app.services.ticker.tick());
  expect([await found('newnamia'), await found('oldnamius')]).toEqual([['by-pat'], []])
  expect([await found('newtagia'), await found('oldtagius')]).toEqual([['by-pat'], []])
  expect((await read('search?q=newnamea')).didYouMean).toBe('newnamia')
  expect((await read('search?q=oldnamios')).didYouMean).toBeNull()
  await published(desk, { slug: 'also-by-pat', ...fields })
  while (await app.services.ticker.tick());
  expect(await found('newnamia')).toEqual(['also-by-pat', 'by-pat'])
})

it('what is published while its section is moved is found where that is now', async () => {
  await define('sections/left', { name: 'Left' }).expect(201)
  await define('sections/right', { name: 'Right' }).expect(201)
  await define('sections/tossed', { name: 'Tossed', parent: 'left' }).expect(201)
  const move = async (n: number) =>
    void (await define('sections/tossed', { name: 'Tossed', parent: n % 2 ? 'left' : 'right' }, '*').expect(200))
  const publish = async () => void (await published(desk, { section: { slug: 'tossed', name: 'Tossed' } }))
  await Promise.all(Array.from({ length: 24 }, (_, n) => (n % 4 === 3 ? move(n >> 2) : publish())))
  const { parent } = (await desk.get(editorial('sections/tossed'))).body
  expect(await slugsOf(`section=${parent}`)).toHaveLength(18)
  expect(await slugsOf(`section=${parent === 'left' ? 'right' : 'left'}`)).toEqual([])
})

describe('the desk', () => {
  it('needs a version, and is told of who was faster', async () => {
    await define('tags/raced', { name: 'Raced' }).expect(201)
    expect((await desk.put(editorial('tags/raced'), { name: 'X' }).expect(428)).body.code).toBe('version-required')
    expect((await define('tags/raced', { name: 'X' }, 7).expect(412)).body).toMatchObject({ currentVersion: 1 })
    expect((await define('tags/raced', { name: 'X' }).expect(409)).body.code).toBe('already-exists')
    expect((await define('tags/unknown', { name: 'X' }, '*').expect(404)).body.code).toBe('not-found')
    expect((await define('tags/Not%20a%20slug', { name: 'X' }).expect(422)).body.errors).toHaveLength(1)
  })

  it('changes a field and leaves the others as they are', async () => {
    const profile = { name: 'Pat Lee', description: 'Pat writes.', sameAs: ['https://orcid.org/0000-0002-1825-0097'] }
    await define('authors/pat-lee', profile).expect(201)
    const { body } = await desk.patch(editorial('authors/pat-lee'), { slug: 'patricia-lee' }, 1).expect(200)
    expect(body).toMatchObject({ ...profile, slug: 'patricia-lee', formerSlugs: ['pat-lee'], version: 2 })
    const emptied = await desk.patch(editorial('authors/pat-lee'), { description: null, sameAs: null }, 2).expect(200)
    expect(emptied.body).toMatchObject({ name: 'Pat Lee', description: null, sameAs: [] })
    await define('sections/whole', { name: 'Whole' }).expect(201)
    await define('sections/part', { name: 'Part', parent: 'whole' }).expect(201)
    expect((await desk.patch(editorial('sections/part'), { name: 'A part' }, 1).expect(200)).body.parent).toBe('whole')
    expect((await desk.patch(editorial('sections/part'), { parent: null }, 2).expect(200)).body.parent).toBeNull()
    for (const [body, pointer] of [
      [{ name: null }, '#/name'],
      [{ uri: 'x' }, '#/uri'],
    ] as const)
      expect((await desk.patch(editorial('sections/part'), body, 3).expect(422)).body.errors).toMatchObject([
        { pointer },
      ])
    await published(desk, { tags: [{ slug: 'patched', name: 'As brought' }] })
    expect((await desk.patch(editorial('tags/patched'), { description: 'Defined' }, 0).expect(200)).body).toMatchObject(
      {
        name: 'As brought',
        isDefined: true,
      },
    )
  })

  it('deletes only what nothing has', async () => {
    await define('tags/idle', { name: 'Idle' }).expect(201)
    await desk.delete(editorial('tags/idle'), 1).expect(204)
    await desk.get(editorial('tags/idle')).expect(404)
    await define('tags/idle', { name: 'Idle again' }).expect(201)
    const { id } = await published(desk, { tags: [{ slug: 'idle', name: 'Idle' }] })
    await desk.change(`${articleAt(id)}/withdraw`, '*').expect(200)
    expect((await desk.delete(editorial('tags/idle'), 1).expect(409)).body.code).toBe('in-use')
    expect((await desk.delete(editorial('sections/d1'), '*').expect(409)).body.code).toBe('in-use')
  })

  it.each([
    ['http://cv.iptc.org/newscodes/mediatopic/20000587', 201],
    ['https://cv.iptc.org/newscodes/mediatopic/20000587', 422],
    ['http://cv.iptc.org/newscodes/mediatopic/2000058', 422],
    ['http://cv.iptc.org/newscodes/mediatopics/20000587', 422],
    ['https://www.wikidata.org/entity/Q5', 201],
    ['politics', 422],
  ])('gives a tag a name in a vocabulary, spelled as that has it: %s', async (uri, status) => {
    const path = `tags/topic-${Math.random().toString(36).slice(2)}`
    await define(path, { name: 'Topic', uri }).expect(status)
    if (status === 201) expect((await desk.get(editorial(path))).body.uri).toBe(uri)
  })

  it('gives an author a public profile', async () => {
    await published(desk, { authors: [{ name: 'Mia Wong' }] })
    const profile = {
      name: 'Mia Wong',
      description: 'Mia writes about ferries.',
      jobTitle: 'Harbour correspondent',
      url: 'https://news.example/mia',
      image: { url: 'https://news.example/mia.jpg', alt: 'Mia' },
      sameAs: ['https://orcid.org/0000-0002-1825-0097'],
    }
    await define('authors/mia-wong', profile, 0).expect(200)
    expect(await read('authors/mia-wong')).toEqual({ slug: 'mia-wong', ...profile, articles: 1 })
  })
})
