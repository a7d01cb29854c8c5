import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/shared/clock.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'
import { type CacheName, isInstalled, startCache } from '../support/caches.ts'

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: Buffer
}

/** A request as it is, without what a client would add or unpack by itself. */
const ask = (address: string, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((done, failed) => {
    const sent = request(`${address}${path}`, { method, headers, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part) => parts.push(part))
      response.on('end', () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      )
    })
    sent.once('error', failed)
    sent.end()
  })

const caches: CacheName[] = ['varnish', 'nginx']
for (const name of caches.filter((each) => !isInstalled(each)))
  it(`${name} is not installed here: nothing is known of Dateline behind it`, ({ skip }) => skip())

describe.each(caches.filter(isInstalled))('behind %s', (name) => {
  let app: TestApp
  let desk: Desk
  let cache: Awaited<ReturnType<typeof startCache>>
  beforeAll(async () => {
    const clock = { now: () => systemClock.now(), pass: () => undefined }
    app = await startApp({ clock, settings: { CACHE_TAGS: 'surrogate-key,cache-groups' } })
    desk = await app.withRole('editor')
    cache = await startCache(name, app.port)
  })
  afterAll(() => cache?.stop())

  const get = (path: string, headers?: Record<string, string>) => ask(cache.address, path, headers)
  const textOf = async (path: string) => (await get(path)).body.toString()

  /** As docs/caches says for each: all that has the tag, or the address anew. */
  async function purge(path: string): Promise<void> {
    const key = (await app.nobody.get(path)).headers['surrogate-key'] ?? ''
    const [tag = ''] = key.split(' ')
    expect(tag).toMatch(/^[\w-]{1,32}$/)
    if (name === 'varnish') expect((await ask(cache.address, '/', { 'surrogate-key': tag }, 'PURGE')).status).toBe(200)
    else await get(path, { 'x-refresh': 'change-this-word' })
  }

  it('what was published anew is old until it is purged by its tag, and new within a second then', async () => {
    const piece = await published(desk, { headline: 'The first headline' })
    const paths = [
      `/v1/articles/${piece.id}`,
      '/v1/articles?limit=1',
      '/v1/feeds/atom.xml?limit=1',
      '/v1/search?q=headline',
    ]
    for (const path of paths) expect(await textOf(path)).toContain('The first headline')
    await desk.patch(articleAt(piece.id), { headline: 'The second headline' }, '*').expect(200)
    await desk.change(`${articleAt(piece.id)}/publish`, '*').expect(200)
    for (const path of paths) expect(await textOf(path), path).toContain('The first headline')
    const since = performance.now()
    for (const path of paths) await purge(path)
    for (const path of paths) {
      expect(await textOf(path), path).toContain('The second headline')
      expect(await textOf(path), path).not.toContain('The first headline')
    }
    expect(performance.now() - since).toBeLessThan(1_000 * paths.length)
  })

  it('what is scheduled is seen when it is due, whatever the cache has by then', async () => {
    const piece = await published(desk, { headline: 'Before the hour' })
    const path = `/v1/articles/${piece.id}`
    await desk.patch(articleAt(piece.id), { headline: 'After the hour' }, '*').expect(200)
    const due = Date.now() + 2_500
    await desk.change(`${articleAt(piece.id)}/publish`, '*', { liveFrom: new Date(due).toISOString() }).expect(200)
    const missing = await draft(desk, { headline: 'Not there yet', slug: `not-there-${name}` })
    await desk.change(`${articleAt(missing.id)}/publish`, '*', { liveFrom: new Date(due).toISOString() }).expect(200)
    const first = await get(path)
    expect(String(first.headers['cache-control'])).toMatch(/max-age=[012], s-maxage=[012], stale-while-revalidate=0/)
    expect((await get(`/v1/articles/${missing.slug}`)).status).toBe(404)
    while (Date.now() < due - 700) {
      expect(await textOf(path)).toContain('Before the hour')
      await sleep(100)
    }
    await sleep(due + 50 - Date.now())
    // A second of a cache is a whole one: it counts from when it got the answer.
    const until = Date.now() + 1_100
    while (!(await textOf(path)).includes('After the hour') && Date.now() < until) await sleep(20)
    expect(await textOf(path)).toContain('After the hour')
    while ((await get(`/v1/articles/${missing.slug}`)).status !== 200 && Date.now() < until) await sleep(20)
    expect((await get(`/v1/articles/${missing.slug}`)).status).toBe(200)
  })

  it('nothing that was asked for with a key is ever stored, or given to somebody else', async () => {
    const secret = await draft(desk, { headline: 'A secret draft' })
    const authorization = `Bearer ${desk.key}`
    const at = articleAt(secret.id)
    for (const path of [
      at,
      '/v1/editorial/articles',
      '/v1/me',
      '/v1/articles?limit=3',
      '/v1/articles?embargoed=true',
    ]) {
      const mine = await get(path, { authorization })
      expect(mine.status, path).toBe(200)
      expect(mine.headers['cache-control'], path).toBe('private, no-store')
      const theirs = await get(path)
      if (path === '/v1/articles?limit=3') expect(theirs.headers['cache-control']).toContain('public')
      else expect(theirs.status, path).toBe(401)
      expect(theirs.body.toString()).not.toContain('A secret draft')
      expect((await get(path, { authorization })).headers['cache-control'], path).toBe('private, no-store')
    }
    const { body: preview } = await desk.post('/v1/editorial/previews', { articleId: secret.id }).expect(201)
    const path = new URL(preview.url).pathname
    expect((await get(path)).body.toString()).toContain('A secret draft')
    await desk.delete(`/v1/editorial/previews/${preview.id}`).expect(204)
    expect((await get(path)).body.toString()).not.toContain('A secret draft')
  })

  it('each coding of an answer is its own, with a tag that is known again', async () => {
    const piece = await published(desk, { bodyText: 'Words of a longer text. '.repeat(200) })
    const path = `/v1/articles/${piece.id}`
    const tags = new Set<string>()
    for (const round of [1, 2]) {
      for (const coding of ['br', 'gzip', '']) {
        const answer = await get(path, coding === '' ? {} : { 'accept-encoding': coding })
        expect(answer.headers['content-encoding'] ?? '', `${round}`).toBe(coding)
        expect(String(answer.headers.vary)).toMatch(/accept-encoding/i)
        const etag = String(answer.headers.etag)
        tags.add(etag)
        const plain = coding === 'br' ? brotliDecompressSync(answer.body) : answer.body
        if (coding !== 'gzip') expect(JSON.parse(plain.toString()).id).toBe(piece.id)
        const known = { 'if-none-match': etag, ...(coding !== '' && { 'accept-encoding': coding }) }
        expect((await get(path, known)).status).toBe(304)
      }
    }
    expect(tags.size).toBe(3)
  })
})
