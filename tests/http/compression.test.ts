import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { published } from '../support/builders.ts'

let app: TestApp
let path: string
beforeAll(async () => {
  app = await startApp()
  const { id } = await published(await app.withRole('editor'), { bodyText: 'Words of a longer text. '.repeat(100) })
  path = `/v1/articles/${id}`
})

/** A request with these fields alone, and the answer as it came. */
const ask = (at: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<{ status: number | undefined; headers: Record<string, unknown>; body: Buffer }>((done, failed) => {
    const sent = request(`${app.origin}${at}`, { method, headers, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part) => parts.push(part))
      response.on('end', () =>
        done({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }),
      )
    })
    sent.once('error', failed).end()
  })
const taking = (coding: string) => ({ 'accept-encoding': coding })

describe('an answer is compressed', () => {
  it.each([
    ['br, gzip', 'br'],
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['br;q=0, gzip;q=0', undefined],
    ['*', 'br'],
    ['identity', undefined],
    ['zstd', undefined],
    ['', undefined],
    ['BR', 'br'],
  ])('as who asks likes it best: %s', async (field, coding) => {
    const { headers, body } = await ask(path, taking(field))
    expect(headers['content-encoding']).toBe(coding)
    const text = coding === 'br' ? brotliDecompressSync(body) : coding === 'gzip' ? gunzipSync(body) : body
    expect(text.equals((await ask(path)).body)).toBe(true)
    expect(Number(headers['content-length'])).toBe(body.length)
  })

  it('with a tag of its own for each coding, which is known again, in a list and weakened too', async () => {
    const tags = new Set<unknown>()
    for (const coding of ['br', 'gzip', 'identity']) {
      const { etag } = (await ask(path, taking(coding))).headers
      tags.add(etag)
      for (const known of [`${etag}`, `W/${etag}`, `"other", ${etag}`, '*']) {
        const answer = await ask(path, { ...taking(coding), 'if-none-match': known })
        expect([answer.status, answer.headers.etag, answer.body.length], known).toEqual([304, etag, 0])
        expect(answer.headers.vary).toMatch(/accept-encoding/i)
        expect(answer.headers).not.toHaveProperty('content-encoding')
      }
      const other = coding === 'br' ? 'gzip' : 'br'
      const crossed = await ask(path, { ...taking(other), 'if-none-match': String(etag) })
      // The plain one is known to whoever compresses; one coding is never taken for another.
      expect(crossed.status).toBe(coding === 'identity' ? 304 : 200)
      if (coding === 'identity') expect(crossed.headers.etag).toBe(etag)
    }
    expect(tags.size).toBe(3)
  })

  it('with the same fields for HEAD', async () => {
    for (const coding of ['br', 'gzip', 'identity']) {
      const [head, get] = [await ask(path, taking(coding), 'HEAD'), await ask(path, taking(coding))]
      const kept = ({ date: _date, 'x-request-id': _id, ...rest }: Record<string, unknown>) => rest
      expect(kept(head.headers)).toEqual(kept(get.headers))
      expect(head.body).toHaveLength(0)
    }
  })

  it('not where that saves nothing, and caches are told all the same that it could be', async () => {
    for (const [at, status] of [
      ['/v1/articles?limit=1&fields=id', 200],
      ['/v1/articles/nothing', 404],
      ['/v1/rails', 200],
    ] as const) {
      const { headers, status: given } = await ask(at, taking('br'))
      expect(given).toBe(status)
      expect(headers).not.toHaveProperty('content-encoding')
      expect(headers.vary, at).toMatch(/accept-encoding/i)
    }
  })

  it('nothing of the desk, and nothing where the settings say so', async () => {
    const desk = await app.withRole('editor')
    const own = await ask('/v1/editorial/articles', { ...taking('br'), authorization: `Bearer ${desk.key}` })
    expect(own.headers).not.toHaveProperty('content-encoding')
    const plain = await startApp({ settings: { COMPRESSION: 'off' } })
    const { id } = await published(await plain.withRole('editor'), { bodyText: 'Words. '.repeat(1_000) })
    const { headers } = await plain.nobody.get(`/v1/articles/${id}`).expect(200)
    expect(headers).not.toHaveProperty('content-encoding')
    expect(headers.etag).not.toMatch(/gzip|br"/)
  })
})
