import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'

let app: TestApp
let desk: Desk
const terms = {
  section: ['world', 'sport'],
  tag: ['diplomacy', 'money'],
  author: ['jane-doe', 'john-roe'],
} as const

interface Story {
  slug: string
  section?: string | undefined
  tag?: string | undefined
  author?: string | undefined
}
const stories: Story[] = []

const slugsOf = (response: { body: { data: { slug: string }[] } }) => response.body.data.map(({ slug }) => slug)

beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  for (const section of [undefined, ...terms.section]) {
    for (const tag of [undefined, ...terms.tag]) {
      const author = terms.author[stories.length % 3]
      const { slug } = await published(desk, {
        ...(section && { section: { slug: section, name: section } }),
        ...(tag && { tags: [{ name: 'Always' }, { slug: tag, name: tag }] }),
        ...(author && { authors: [{ slug: author, name: author }] }),
      })
      stories.unshift({ slug, section, tag, author })
    }
  }
  await draft(desk, { section: { slug: 'world', name: 'World' }, tags: [{ slug: 'money', name: 'Money' }] })
})

describe('the list of articles', () => {
  it('has what is published, newest first, and no draft', async () => {
    expect(slugsOf(await app.nobody.get('/v1/articles').expect(200))).toEqual(stories.map(({ slug }) => slug))
  })

  it('narrows by section, tag and author, alone and together, each as the others leave it', async () => {
    for (const section of [undefined, ...terms.section, 'nowhere']) {
      for (const tag of [undefined, ...terms.tag, 'nothing']) {
        for (const author of [undefined, ...terms.author, 'nobody']) {
          const given = Object.entries({ section, tag, author }).filter(([, value]) => value !== undefined)
          const query = new URLSearchParams(given as [string, string][]).toString()
          const expected = stories.filter((each) => given.every(([name, value]) => each[name as keyof Story] === value))
          const response = await app.nobody.get(`/v1/articles?${query}`).expect(200)
          expect(slugsOf(response), query).toEqual(expected.map(({ slug }) => slug))
        }
      }
    }
  })

  it('follows an article that is published again under other terms, and does not show it under the former ones', async () => {
    const { id, slug, version } = await published(desk, {
      section: { slug: 'before', name: 'Before' },
      tags: [{ slug: 'old-tag', name: 'Old' }],
      authors: [{ slug: 'old-author', name: 'Old' }],
    })
    const terms = { section: { slug: 'after', name: 'After' }, tags: [{ slug: 'new-tag', name: 'New' }], authors: [] }
    await desk.patch(articleAt(id), terms, version).expect(200)
    const list = async (query: string) => slugsOf(await app.nobody.get(`/v1/articles?${query}`))
    expect(await list('section=before&tag=old-tag&author=old-author')).toEqual([slug])
    expect(await list('section=after')).toEqual([])
    await desk.change(`${articleAt(id)}/publish`, version + 1).expect(200)
    for (const old of ['section=before', 'tag=old-tag', 'author=old-author']) expect(await list(old), old).toEqual([])
    for (const now of ['section=after', 'tag=new-tag']) expect(await list(now), now).toEqual([slug])
    expect((await list('limit=100')).filter((each) => each === slug)).toHaveLength(1)
  })

  it('keeps the place of an article that is published again: it is sorted by first publication', async () => {
    const tags = [{ slug: 'order', name: 'Order' }]
    const older = await published(desk, { tags })
    const newer = await published(desk, { tags })
    await desk.patch(articleAt(older.id), { kicker: 'Update' }, older.version).expect(200)
    await desk.change(`${articleAt(older.id)}/publish`, '*').expect(200)
    const { body } = await app.nobody.get('/v1/articles?tag=order')
    expect(body.data.map((each: { id: string }) => each.id)).toEqual([newer.id, older.id])
    expect(body.data[1]).toMatchObject({ kicker: 'Update', edition: 2 })
    expect(body.data[1].updatedAt > body.data[1].publishedAt).toBe(true)
  })

  it('has neither text nor links unless the text is asked for', async () => {
    const bodies = ['bodyHtml', 'body', 'bodyMarkdown', 'bodyText', 'headlines']
    const plain = (await app.nobody.get('/v1/articles?limit=1')).body.data[0]
    for (const field of bodies) expect(plain).not.toHaveProperty(field)
    const some = (await app.nobody.get('/v1/articles?limit=1&body=text,markdown')).body.data[0]
    expect(some).toMatchObject({ bodyText: 'The council met on Monday.', bodyMarkdown: 'The council met on Monday.\n' })
    for (const field of ['bodyHtml', 'body', 'headlines']) expect(some).not.toHaveProperty(field)
    const { bodyText: _text, bodyMarkdown: _markdown, ...rest } = some
    expect(rest).toEqual(plain)
  })
})

describe('the parameters of the list', () => {
  it.each(['1', '2', '99', '100'])('take a limit of %s', async (limit) => {
    const { body } = await app.nobody.get(`/v1/articles?limit=${limit}`).expect(200)
    expect(body.page.limit).toBe(Number(limit))
    expect(body.data.length).toBeLessThanOrEqual(Number(limit))
  })

  const limits = [
    '0',
    '101',
    '-1',
    '1.5',
    '0x10',
    '',
    '1e2',
    '%2B5',
    '%205',
    '5%20',
    '05',
    '%D9%A3',
    'abc',
    'NaN',
    '1,2',
  ]
  it.each([...limits, '1000', '9'.repeat(400), '1%00'])('refuse a limit of "%s"', async (limit) => {
    const { body } = await app.nobody.get(`/v1/articles?limit=${limit}`).expect(400)
    if (limit === '1%00') expect(body.code).toBe('malformed-request')
    else expect(body).toMatchObject({ code: 'invalid-parameter', errors: [{ pointer: 'limit' }] })
  })

  it.each(['limit=1&limit=1', 'section=a&section=a', 'body=text&body=html', 'cursor=a&cursor=b', 'tag=&author=jane'])(
    'are refused twice or empty: %s',
    async (query) => {
      const { body } = await app.nobody.get(`/v1/articles?${query}`).expect(400)
      expect(body).toMatchObject({ code: 'invalid-parameter', errors: [{ pointer: query.split('=')[0] }] })
      if (query.startsWith('tag=')) return
      expect(body.errors).toHaveLength(1)
      expect(body.errors[0].detail).toBe('Is given twice: send it once.')
    },
  )

  it('that are given more often are counted', async () => {
    const { body } = await app.nobody.get('/v1/articles?limit=5&limit=6&limit=7&sektion=a&sektion=b').expect(400)
    expect(body.errors).toMatchObject([
      { pointer: 'limit', code: 'wrong-type', detail: 'Is given 3 times: send it once.' },
      { pointer: 'sektion', code: 'unknown-parameter', didYouMean: 'section' },
    ])
    expect(body.detail).toContain('limit: Is given 3 times: send it once.')
  })

  it.each([
    ['sektion', 'section'],
    ['Tag', 'tag'],
    ['authors', 'author'],
    ['limt', 'limit'],
    ['curser', 'cursor'],
    ['section[]', 'section'],
  ])('that are misspelt are not passed over: %s should be %s', async (wrong, right) => {
    const { body } = await app.nobody.get(`/v1/articles?${encodeURIComponent(wrong)}=world`).expect(400)
    expect(body.errors).toMatchObject([{ pointer: wrong, code: 'unknown-parameter', didYouMean: right }])
  })

  it('that are unknown are refused with the known ones named, on every address', async () => {
    for (const path of ['/v1/articles', '/v1/articles/x', '/v1/articles/x/headlines', '/v1/rails', '/v1/rails/x']) {
      const { body } = await app.nobody.get(`${path}?colour=blue`).expect(400)
      expect(body.errors, path).toMatchObject([{ pointer: 'colour', code: 'unknown-parameter' }])
      expect(body.errors[0]).not.toHaveProperty('didYouMean')
    }
  })

  it.each(['', 'HTML', 'xml', 'html,html', 'none,html', 'html,none', ',', 'html,', 'html;text', 'toString'])(
    'refuse a body of "%s"',
    async (body) => {
      for (const path of ['/v1/articles', '/v1/articles/x']) {
        const response = await app.nobody.get(`${path}?body=${body}`).expect(400)
        expect(response.body.errors).toMatchObject([{ pointer: 'body' }])
      }
    },
  )
})
