import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'

let app: TestApp
let desk: Desk
const ids: Record<string, string> = {}

const search = async (q: string, more = '') =>
  (await app.nobody.get(`/v1/search?q=${encodeURIComponent(q)}${more}`).expect(200)).body
const found = async (q: string, more = ''): Promise<string[]> =>
  (await search(q, more)).data.map(({ slug }: { slug: string }) => slug)
const refusal = async (query: string) => (await app.nobody.get(`/v1/search?${query}`).expect(400)).body

async function story(slug: string, fields: object): Promise<void> {
  ids[slug] = (await published(desk, { slug, standfirst: null, bodyText: 'Nothing else.', ...fields })).id
  app.clock.pass(1_000)
}

beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  const world = { section: { name: 'World' }, tags: [{ name: 'Diplomacy' }], authors: [{ name: 'Zoë Müller' }] }
  await story('body', {
    headline: 'Council meets',
    bodyText: 'They spoke of Istanbul, and of the talks & <b>bread</b>.',
  })
  await story('standfirst', { headline: 'Envoys meet', standfirst: 'The Istanbul talks went on.', ...world })
  await story('begins', { headline: 'Istanbulites follow talks', ...world })
  await story('headline', { headline: 'Talks in Istanbul end', ...world, bodyText: 'The U.S. and Russia’s envoys.' })
  await story('newer-body', { headline: 'Ferry resumes', bodyText: 'To Istanbul, where talks are.' })
  await story('elections', { headline: 'Élections à Strasbourg', language: 'fr' })
  await story('japan', { headline: '日本の選挙は終わった', language: 'ja' })
  await story('letters', { headline: 'Œuvres', bodyText: 'Smørrebrød in Łódź.' })
  await story('long', { headline: 'Long read', bodyText: `${'Padding goes here. '.repeat(60)}A needle in it.` })
})

describe('a search finds articles that have all the words', () => {
  it('those in the headline first, then those in the standfirst, then those anywhere, and the newest first', async () => {
    expect(await found('istanbul talks')).toEqual(['headline', 'begins', 'standfirst', 'newer-body', 'body'])
    expect(await found('ISTANBUL Talks', '&sort=-publishedAt')).toEqual([
      'newer-body',
      'headline',
      'begins',
      'standfirst',
      'body',
    ])
    expect(await found('istanbul talks', '&sort=publishedAt&limit=2')).toEqual(['body', 'standfirst'])
  })

  it.each([
    ['istanbul -talks', []],
    ['istanbul -istanbulit', ['headline', 'standfirst', 'newer-body', 'body']],
    ['istanbul -"istanbul"', ['begins']],
    ['istanbul -standfirst -ferry', ['headline', 'begins', 'standfirst', 'body']],
    ['"istanbul talks"', ['standfirst']],
    ['"talks in istanbul"', ['headline']],
    ['"istanbul" talks', ['headline', 'standfirst', 'newer-body', 'body']],
    ['istanbulit*', ['begins']],
    ['"istanbul follow"', []],
    ['elections', ['elections']],
    ['ELECTIÔN', ['elections']],
    ['日本', ['japan']],
    ['本日', []],
    ['選挙', ['japan']],
    ['u.s.', ['headline']],
    ['US', ['headline']],
    ["russia's", ['headline']],
    ['müller', ['headline', 'begins', 'standfirst']],
    ['"envoys meet the istanbul"', []],
    ['"talks" OR', []],
    ['needle', ['long']],
    ['oeuvre smorrebrod lodz', ['letters']],
    ['ŒUVRES', ['letters']],
    ['diplomacy', ['headline', 'begins', 'standfirst']],
  ])('%s', async (q, slugs) => expect(await found(q)).toEqual(slugs))

  it.each([
    '"',
    'talks AND (',
    'NEAR(talks istanbul)',
    'headline:talks',
    'talks" OR "a',
    "talks'",
    'talks & istanbul',
    'talks:*A',
    '^talks',
    'talks \\ !',
    '{headline} : talks',
    'talks\u0000',
    '-',
    '***',
    '--talks',
  ])('and never reads what is asked as a language of the engine: %j', async (q) => {
    const { status } = await app.nobody.get(`/v1/search?q=${encodeURIComponent(q)}`)
    expect([200, 400]).toContain(status)
  })

  it('with all filters of the list', async () => {
    expect(await found('istanbul', '&section=world&tag=diplomacy')).toEqual(['headline', 'begins', 'standfirst'])
    expect(await found('istanbul', '&section=world&language=fr')).toEqual([])
    expect(await found('istanbul', `&ids=${ids.body},${ids.japan}`)).toEqual(['body'])
    expect(await found('istanbul', '&publishedBefore=2026-01-01T00:00:00Z')).toEqual([])
  })

  it('not without a word, not for too many, not for what there is not', async () => {
    expect(await refusal('')).toMatchObject({ errors: [{ pointer: 'q' }] })
    expect(await refusal('q=')).toMatchObject({
      errors: [{ pointer: 'q', detail: expect.stringMatching(/^Must hold a word to look for/) }],
    })
    expect(await refusal('q=-talks')).toMatchObject({ errors: [{ pointer: 'q' }] })
    expect(await refusal(`q=${'a%20'.repeat(17)}`)).toMatchObject({ errors: [{ pointer: 'q' }] })
    expect(await refusal(`q=${'a'.repeat(201)}`)).toMatchObject({ errors: [{ pointer: 'q' }] })
    expect(await refusal('q=talks&sort=relevence')).toMatchObject({ errors: [{ didYouMean: 'relevance' }] })
    expect(await refusal('query=talks&q=talks')).toMatchObject({ errors: [{ pointer: 'query' }] })
  })
})

describe('a page of what was found', () => {
  it('goes on in both ways, over the borders of what matches better and worse', async () => {
    for (const sort of ['relevance', '-publishedAt', 'publishedAt', '-updatedAt']) {
      const all = await found('istanbul talks', `&sort=${sort}`)
      const seen: string[] = []
      let page = await search('istanbul talks', `&sort=${sort}&limit=2`)
      const pages = [page]
      for (;;) {
        seen.push(...page.data.map(({ slug }: { slug: string }) => slug))
        if (page.page.next === null) break
        page = await search('istanbul talks', `&sort=${sort}&limit=2&cursor=${page.page.next}`)
        pages.push(page)
      }
      expect(seen).toEqual(all)
      for (const before of pages.slice(0, -1).toReversed()) {
        page = await search('istanbul talks', `&sort=${sort}&limit=2&cursor=${page.page.previous}`)
        expect(page.data).toEqual(before.data)
      }
      expect(page.page.previous).toBeNull()
    }
    const { page } = await search('istanbul talks', '&limit=1')
    expect(await refusal(`q=istanbul&limit=1&cursor=${page.next}`)).toMatchObject({ code: 'invalid-cursor' })
  })

  it('shows where the words are, as HTML that is safe', async () => {
    const { data } = await search('istanbul talk* bread')
    expect(data[0].highlights).toEqual({
      headline: 'Council meets',
      body: 'They spoke of <mark>Istanbul</mark>, and of the <mark>talks</mark> &amp; &lt;b&gt;<mark>bread</mark>&lt;/b&gt;.',
    })
    expect((await search('"talks in istanbul"')).data[0].highlights.headline).toBe('<mark>Talks in Istanbul</mark> end')
    expect((await search('elections')).data[0].highlights.headline).toBe('<mark>Élections</mark> à Strasbourg')
    const { body } = (await search('needle')).data[0].highlights
    expect(body).toMatch(/^… .*A <mark>needle<\/mark> in it\.$/)
    expect(body.length).toBeLessThan(300)
    expect(
      (await search('envoys')).data.map(({ highlights }: { highlights: object }) => Object.keys(highlights)),
    ).toEqual([['headline'], ['headline', 'body']])
  })

  it('says what all that was found have in common, and how many there are', async () => {
    const { found, facets, page } = await search('istanbul', '&limit=1&count=exact')
    expect(found).toEqual({ articles: 5, isExact: true })
    expect(page.total).toBe(5)
    expect(facets).toEqual({
      section: [{ slug: 'world', name: 'World', articles: 3 }],
      tag: [{ slug: 'diplomacy', name: 'Diplomacy', articles: 3 }],
      author: [{ slug: 'zoe-mueller', name: 'Zoë Müller', articles: 3 }],
      year: [{ year: 2026, articles: 5 }],
    })
  })

  it('has a tag that changes with what is shown', async () => {
    const path = '/v1/search?q=ferry'
    const { etag } = (await app.nobody.get(path).expect(200)).headers
    await app.nobody
      .get(path)
      .set('if-none-match', etag ?? '')
      .expect(304)
    await app.nobody
      .get('/v1/search?q=resumes')
      .set('if-none-match', etag ?? '')
      .expect(200)
    await app.nobody
      .get(`${path}&fields=slug`)
      .set('if-none-match', etag ?? '')
      .expect(200)
  })

  it('has the fields that are named', async () => {
    expect(Object.keys((await search('ferry', '&fields=slug')).data[0])).toEqual(['slug', 'highlights'])
  })
})

describe('what may have been meant', () => {
  it('is a word that readers can find', async () => {
    while (await app.services.ticker.tick());
    expect((await search('istambul talks')).didYouMean).toBe('istanbul talks')
    expect((await search('Istanbul Tlaks')).didYouMean).toBe('Istanbul talks')
    expect((await search('"strasburg"')).didYouMean).toBe('"strasbourg"')
    expect((await search('"istanbu"')).didYouMean).toBe('"istanbul"')
    expect((await search('istanbul')).didYouMean).toBeNull()
    expect((await search('xylophone')).didYouMean).toBeNull()
  })

  it('and never one that they cannot', async () => {
    await draft(desk, { headline: 'Zeppelin crashes' })
    const later = new Date(Date.parse(app.clock.now()) + 60_000).toISOString()
    const planned = await draft(desk, { headline: 'Zeppelin lands' })
    await desk.change(`${articleAt(planned.id)}/publish`, '*', { liveFrom: later }).expect(200)
    const gone = await published(desk, { headline: 'Zeppelin withdrawn' })
    while (await app.services.ticker.tick());
    await desk.change(`${articleAt(gone.id)}/withdraw`, '*').expect(200)
    expect((await search('zepelin')).didYouMean).toBeNull()
    app.clock.pass(60_000)
    while (await app.services.ticker.tick());
    expect((await search('zepelin')).didYouMean).toBe('zeppelin')
    expect(await found('zeppelin')).toHaveLength(1)
  })
})

describe('a search follows what is public', () => {
  it('drafts, what is to come, what was withdrawn and former words are not found', async () => {
    const piece = await published(desk, { headline: 'Quokka seen', slug: 'quokka' })
    expect(await found('quokka')).toEqual(['quokka'])
    await desk.patch(articleAt(piece.id), { headline: 'Wombat seen' }, '*').expect(200)
    expect([await found('quokka'), await found('wombat')]).toEqual([['quokka'], []])
    const later = new Date(Date.parse(app.clock.now()) + 5_000).toISOString()
    await desk.change(`${articleAt(piece.id)}/publish`, '*', { liveFrom: later }).expect(200)
    expect([await found('quokka'), await found('wombat')]).toEqual([['quokka'], []])
    app.clock.pass(5_000)
    expect([await found('quokka'), await found('wombat')]).toEqual([[], ['quokka']])
    app.clock.pass(120_000)
    while (await app.services.ticker.tick());
    expect([await found('quokka'), await found('wombat')]).toEqual([[], ['quokka']])
    await desk.change(`${articleAt(piece.id)}/withdraw`, '*').expect(200)
    expect(await found('wombat')).toEqual([])
    expect((await search('wombat')).facets.year).toEqual([])
  })

  it('a planned change that is taken back leaves the words as they were', async () => {
    const piece = await published(desk, { headline: 'Axolotl found', slug: 'axolotl' })
    const later = new Date(Date.parse(app.clock.now()) + 5_000).toISOString()
    await desk.patch(articleAt(piece.id), { headline: 'Narwhal found' }, '*').expect(200)
    await desk.change(`${articleAt(piece.id)}/publish`, '*', { liveFrom: later }).expect(200)
    await desk.change(`${articleAt(piece.id)}/unschedule`, '*').expect(200)
    app.clock.pass(10_000)
    expect([await found('axolotl'), await found('narwhal')]).toEqual([['axolotl'], []])
  })

  it('what is under embargo is found by who may read it', async () => {
    const partner = await app.as((await app.services.access.create('Wire', 'partner')).key)
    const piece = await draft(desk, { headline: 'Platypus report' })
    const later = new Date(Date.parse(app.clock.now()) + 60_000).toISOString()
    await desk.change(`${articleAt(piece.id)}/publish`, '*', { liveFrom: later, embargo: true }).expect(200)
    expect(await found('platypus')).toEqual([])
    await partner.get('/v1/search?q=platypus&embargoed=true').expect(403)
    const admin = await app.withRole('admin')
    const { body } = await admin.get('/v1/search?q=platypus&embargoed=true').expect(200)
    expect(body.data).toMatchObject([{ id: piece.id, embargoedUntil: later }])
  })
})

describe('the list of articles', () => {
  const list = async (query: string) => (await app.nobody.get(`/v1/articles?${query}`).expect(200)).body
  it('is narrowed by words in each of its orders, with all that it can say', async () => {
    const slugs = async (query: string) => (await list(query)).data.map(({ slug }: { slug: string }) => slug)
    expect(await slugs('q=istanbul+talks')).toEqual(['newer-body', 'headline', 'begins', 'standfirst', 'body'])
    expect(await slugs('q=istanbul+talks&sort=relevance&limit=3')).toEqual(['headline', 'begins', 'standfirst'])
    const page = await list('q=istanbul&limit=2&count=exact&include=headlines&body=text&section=world')
    expect(page.page.total).toBe(3)
    expect(page.data[0]).toMatchObject({ headlines: [], bodyText: 'The U.S. and Russia’s envoys.' })
    expect(await slugs(`q=istanbul&limit=2&section=world&cursor=${page.page.next}`)).toEqual(['standfirst'])
  })

  it('has no relevance without words, and no words in the past', async () => {
    const { body } = await app.nobody.get('/v1/articles?sort=relevance').expect(400)
    expect(body.errors).toMatchObject([{ pointer: 'sort', code: 'not-alone' }])
    const admin = await app.withRole('admin')
    const past = await admin.get('/v1/articles?q=istanbul&at=2026-11-22T12:00:00Z').expect(400)
    expect(past.body.errors).toMatchObject([{ pointer: 'at', code: 'not-together' }])
  })
})
