import { beforeAll, describe, expect, it } from 'vitest'
import { later, systemClock } from '../../src/shared/clock.ts'
import { startApp, type TestApp, type TestClock } from '../support/app.ts'
import { articleAt, type Desk, published } from '../support/builders.ts'
import { type CacheName, isInstalled, startCache } from '../support/caches.ts'
import { happen, OPEN, startReceiver, WEBHOOKS } from '../support/receiver.ts'

/** The time of the machine, as the caches have it, and what passes besides. */
let aheadMs = 0
const clock: TestClock = {
  now: () => later(systemClock.now(), aheadMs),
  pass: (ms) => {
    aheadMs += ms
  },
}

let app: TestApp
let admin: Desk
beforeAll(async () => {
  app = await startApp({ clock, settings: { ...OPEN, CACHE_TAGS: 'surrogate-key' } })
  admin = await app.withRole('admin')
})

const endpoint = async (fields: object): Promise<string> =>
  (await admin.post(WEBHOOKS, { name: 'Purge', ...fields }).expect(201)).body.id
const states = async (id: string): Promise<string[]> =>
  (await admin.get(`${WEBHOOKS}/${id}/deliveries`)).body.data.map(({ state }: { state: string }) => state)
const remove = (id: string) => admin.delete(`${WEBHOOKS}/${id}`, '*').expect(204)
/** All that is due, also what failed because a cache was at work on it. */
const tick = () => app.services.sender.tick()

const caches: CacheName[] = ['varnish', 'nginx']
for (const name of caches.filter((each) => !isInstalled(each)))
  it(`${name} is not installed here: nothing is known of its purges`, ({ skip }) => skip())

describe.each(caches.filter(isInstalled))('a %s', (name) => {
  it('shows what was published anew within a second of its event, and nothing of what was withdrawn', async () => {
    const cache = await startCache(name, app.port)
    const settings = {
      varnish: { format: 'varnish', url: `${cache.address}/` },
      nginx: {
        format: 'nginx',
        url: cache.address,
        token: 'change-this-word',
        paths: ['/v1/articles?limit=1', '/v1/feeds/atom.xml?limit=1'],
      },
    }
    const id = await endpoint(settings[name])
    try {
      const piece = await published(admin, { headline: 'The first headline' })
      const paths = [
        ...[`/v1/articles/${piece.id}`, `/v1/articles/${piece.slug}`],
        ...['/v1/articles?limit=1', '/v1/feeds/atom.xml?limit=1'],
      ]
      const codings = ['identity', 'gzip', 'br', 'gzip, deflate, br, zstd']
      const ask = (path: string, coding: string) =>
        fetch(`${cache.address}${path}`, { headers: { 'accept-encoding': coding } })
      const shown = async () => {
        const texts = []
        for (const path of paths) for (const coding of codings) texts.push(await (await ask(path, coding)).text())
        return texts
      }
      expect((await shown()).every((text) => text.includes('The first headline'))).toBe(true)
      await admin.patch(articleAt(piece.id), { headline: 'The second headline' }, '*').expect(200)
      await admin.change(`${articleAt(piece.id)}/publish`, '*').expect(200)
      expect((await shown()).every((text) => text.includes('The first headline'))).toBe(true)
      await tick()
      // The publication, and the change.
      expect(await states(id)).toEqual(['delivered', 'delivered'])
      expect((await shown()).every((text) => text.includes('The second headline'))).toBe(true)
      await admin.change(`${articleAt(piece.id)}/withdraw`, '*').expect(200)
      await tick()
      expect((await shown()).filter((text) => text.includes('The second headline'))).toEqual([])
      for (const coding of codings) expect((await ask(paths[0] ?? '', coding)).status).toBe(404)
      await admin.post(`${WEBHOOKS}/${id}/test`).expect(202)
      await tick()
      expect(await states(id)).toEqual(['delivered', 'delivered', 'delivered', 'delivered'])
    } finally {
      await remove(id)
      await cache.stop()
    }
  })

  it('that is away is purged when it is back', async () => {
    const id = await endpoint(
      name === 'varnish'
        ? { format: 'varnish', url: 'http://127.0.0.1:9/' }
        : { format: 'nginx', url: 'http://127.0.0.1:9', token: 'change-this-word' },
    )
    await happen(app, { kind: 'rail.changed', id: 'top', payload: { tags: ['r-top', 'rails'] } })
    await tick()
    expect(await states(id)).toEqual(['pending'])
    const cache = await startCache(name, app.port)
    try {
      const patch = { url: cache.address, ...(name === 'nginx' && { token: 'change-this-word' }) }
      await admin.patch(`${WEBHOOKS}/${id}`, patch, '*').expect(200)
      clock.pass(5_600)
      await tick()
      expect(await states(id)).toEqual(['delivered'])
    } finally {
      await remove(id)
      await cache.stop()
    }
  })
})

describe('an event', () => {
  const tags = Array.from({ length: 32 }, (_, n) => `tag-${n}`)
  const received = async (fields: object, payload: object) => {
    const receiver = await startReceiver()
    const id = await endpoint({ url: `${receiver.url}/api`, ...fields })
    await happen(app, { kind: 'article.updated', payload }, { kind: 'article.updated', payload: {} })
    await tick()
    expect(await states(id)).toEqual(payload === undefined ? [] : ['delivered'])
    await remove(id)
    return receiver.received.map(({ method, path, headers, body }) => ({ method, path, headers, body }))
  }

  it('becomes a purge of all its tags by the API of Fastly', async () => {
    const fields = { format: 'fastly', service: 'SU1Z0isxPaozGVKXdv0eY', token: 'key' }
    expect(await received(fields, { tags })).toMatchObject([
      {
        method: 'POST',
        path: '/api/service/SU1Z0isxPaozGVKXdv0eY/purge',
        headers: { 'fastly-key': 'key', 'surrogate-key': tags.join(' '), 'content-length': '0' },
        body: '',
      },
    ])
  })

  it('becomes purges of all its tags by the API of Cloudflare, 30 at a time', async () => {
    const zone = '023e105f4ecef8ad9ca31a8372d0c353'
    const common = {
      method: 'POST',
      path: `/api/zones/${zone}/purge_cache`,
      headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
    }
    const sent = await received({ format: 'cloudflare', service: zone, token: 'key' }, { tags })
    expect(sent).toMatchObject([common, common])
    expect(sent.map(({ body }) => JSON.parse(body))).toEqual([{ tags: tags.slice(0, 30) }, { tags: tags.slice(30) }])
  })

  it('becomes a PURGE for each tag at a Varnish, and nothing is signed', async () => {
    const sent = await received({ format: 'varnish' }, { tags: tags.slice(0, 3) })
    expect(sent).toMatchObject(
      tags.slice(0, 3).map((tag) => ({ method: 'PURGE', path: '/api', headers: { 'surrogate-key': tag } })),
    )
    for (const { headers } of sent) expect(headers).not.toHaveProperty('webhook-signature')
  })

  it('becomes questions for all addresses of an article at an nginx, in each coding', async () => {
    const sent = await received({ format: 'nginx', token: 'word' }, { tags, slug: 'new', formerSlug: 'old' })
    const paths = ['one', 'new', 'old'].flatMap((each) => [
      `/api/v1/articles/${each}`,
      `/api/v1/articles/${each}/headlines`,
    ])
    expect([...new Set(sent.map(({ path }) => path))]).toEqual(paths)
    expect(sent).toHaveLength(18)
    for (const { method, headers } of sent) expect([method, headers['x-refresh']]).toEqual(['GET', 'word'])
  })
})
