import { beforeAll, describe, expect, it } from 'vitest'
import { type Role, roleNames } from '../../src/access/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, published } from '../support/builders.ts'

const PRIVATE = 'private, no-store'
const addresses = [
  '/v1/articles',
  '/v1/articles/here',
  '/v1/articles/here/headlines',
  '/v1/rails',
  '/v1/rails/top',
  '/v1/fronts',
  '/v1/fronts/top',
]

async function withContent(settings: Record<string, string>): Promise<{ app: TestApp; desk: Desk }> {
  const app = await startApp({ settings })
  const desk = await app.withRole('editor')
  const { id } = await published(desk, { slug: 'there' })
  await desk.patch(articleAt(id), { slug: 'here' }, '*').expect(200)
  await desk.change(`${articleAt(id)}/publish`, '*').expect(200)
  await desk.post('/v1/editorial/rails', { key: 'top', title: 'Top', items: [{ headline: 'One' }] }).expect(201)
  await desk.post('/v1/editorial/fronts', { key: 'top', title: 'Top', rails: [{ key: 'top' }] }).expect(201)
  return { app, desk }
}

describe('an open installation', () => {
  let app: TestApp
  let desk: Desk
  beforeAll(async () => {
    ;({ app, desk } = await withContent({ CACHE_MAX_AGE_S: '7', CACHE_SHARED_MAX_AGE_S: '70' }))
  })

  it('lets caches keep what everybody may read, for as long as the settings say', async () => {
    const expected = 'public, max-age=7, s-maxage=70, stale-while-revalidate=60, stale-if-error=86400'
    for (const path of addresses) {
      const { headers } = await app.nobody.get(path).expect(200)
      expect(headers['cache-control'], path).toBe(expected)
      expect(headers.vary).toMatch(/\bAuthorization\b/)
      expect(headers.vary).toMatch(/\bAccept\b/)
      const again = await app.nobody
        .get(path)
        .set('if-none-match', headers.etag ?? '')
        .expect(304)
      expect(again.headers['cache-control']).toBe(expected)
    }
    expect((await app.nobody.get('/v1/articles/there').expect(301)).headers['cache-control']).toBe(expected)
  })

  it('lets no cache keep what was asked for with a key, though it says the same', async () => {
    for (const path of [...addresses, '/v1/articles/there', '/v1/articles/nothing', '/v1/nothing']) {
      const response = await desk.get(path)
      expect(response.headers['cache-control'], path).toBe(PRIVATE)
      expect(response.body.data ?? response.body.id).toEqual(
        (await app.nobody.get(path)).body.data ?? (await app.nobody.get(path)).body.id,
      )
    }
    const { etag = '' } = (await desk.get('/v1/rails')).headers
    const known = await desk.get('/v1/rails').set('if-none-match', etag).expect(304)
    expect(known.headers['cache-control']).toBe(PRIVATE)
  })

  it('lets caches keep no refusal, but for a few seconds that nothing is there', async () => {
    const kept = async (path: string) => (await app.nobody.get(path)).headers['cache-control']
    for (const path of ['/v1/articles/nothing', '/v1/rails/nothing', '/v1/fronts/nothing', '/nothing']) {
      expect(await kept(path), path).toBe('public, max-age=5')
    }
    expect(await kept('/v1/articles?limit=0')).toBe(PRIVATE)
    expect(await kept('/v1/articles?cursor=x')).toBe(PRIVATE)
    expect((await app.nobody.get('/v1/articles').set('accept', 'text/html').expect(406)).headers['cache-control']).toBe(
      PRIVATE,
    )
    expect((await app.nobody.post('/v1/articles').expect(405)).headers['cache-control']).toBe(PRIVATE)
    expect((await app.as('dl_dev_no').get('/v1/articles').expect(401)).headers['cache-control']).toBe(PRIVATE)
  })

  it('lets nobody keep anything of the desk, refusals and missing addresses included', async () => {
    const { id } = (await desk.get('/v1/editorial/articles')).body.data[0]
    const paths = [
      'articles',
      `articles/${id}`,
      `articles/${id}/headlines`,
      'articles/nothing',
      'rails',
      'fronts',
      'me',
      'keys',
    ]
    for (const path of [...paths, 'nothing', 'articles?limit=0']) {
      for (const who of [desk, app.nobody]) {
        const { headers, status } = await who.get(`/v1/editorial/${path}`)
        expect(headers['cache-control'], `${path} ${status}`).toBe(PRIVATE)
      }
    }
  })
})

describe('a private installation', () => {
  let app: TestApp
  beforeAll(async () => {
    ;({ app } = await withContent({ DELIVERY: 'private' }))
  })

  it('answers nobody without a key, and tells whether something is there to none of them', async () => {
    const answers = new Set<string>()
    for (const path of [
      ...addresses,
      '/v1/articles/there',
      '/v1/articles/nothing',
      '/v1/rails/nothing',
      '/v1/fronts/nothing',
    ]) {
      const { headers, text, body } = await app.nobody.get(path).expect(401)
      expect(headers['www-authenticate']).toBe('Bearer realm="dateline"')
      expect(headers['cache-control']).toBe(PRIVATE)
      expect(headers).not.toHaveProperty('etag')
      answers.add(text.replace(body.instance, ''))
      await app.nobody.head(path).expect(401)
      await app.nobody.get(path).set('if-none-match', '*').expect(401)
    }
    expect(answers.size).toBe(1)
  })

  it.each(roleNames)('answers a %s, and no cache may keep it', async (role: Role) => {
    const reader = await app.withRole(role)
    for (const path of addresses) {
      const { headers } = await reader.get(path).expect(200)
      expect(headers['cache-control'], path).toBe(PRIVATE)
      const known = await reader
        .get(path)
        .set('if-none-match', headers.etag ?? '')
        .expect(304)
      expect(known.headers['cache-control'], path).toBe(PRIVATE)
    }
    for (const [path, status] of [
      ['/v1/articles/there', 301],
      ['/v1/articles/nothing', 404],
    ] as const) {
      expect((await reader.get(path).expect(status)).headers['cache-control']).toBe(PRIVATE)
    }
  })

  it('refuses a key from the moment on when it is revoked', async () => {
    const { id, key } = await app.services.access.create('Partner', 'partner')
    await app.as(key).get('/v1/articles').expect(200)
    await app.services.access.revoke(id)
    await app.as(key).get('/v1/articles').expect(401)
  })
})
