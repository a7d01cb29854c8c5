import { beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, draft, published } from '../support/builders.ts'
import { exchange } from '../support/wire.ts'

const TRUSTED = 'https://desk.example'
const EVIL = 'https://evil.example'
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp({ settings: { CORS_ORIGINS: `${TRUSTED}, http://localhost:5173` } })
  desk = await app.withRole('editor')
  await published(desk, { slug: 'there' })
})

const allowed = (headers: Record<string, string | undefined>) => headers['access-control-allow-origin']
const exposed = ['ETag', 'Link', 'Location', 'Allow', 'Retry-After', 'X-Request-Id']

describe('what readers get', () => {
  it('may be read by scripts of every site, and caches keep one copy for all of them', async () => {
    const paths = ['/v1/articles', '/v1/articles/there', '/v1/rails', '/v1/articles/nothing', '/v1/articles?limit=0']
    for (const path of paths) {
      for (const origin of [TRUSTED, EVIL, 'null', undefined]) {
        const { headers } = await app.nobody.get(path).set(origin ? { origin } : {})
        expect(allowed(headers), path).toBe('*')
        expect(headers.vary ?? '').not.toMatch(/origin/i)
        expect(headers).not.toHaveProperty('access-control-allow-credentials')
        for (const name of exposed) expect(headers['access-control-expose-headers']?.split(', ')).toContain(name)
      }
    }
  })

  it('may be asked for with a key and a known ETag, as the preflight says', async () => {
    const { headers, text } = await app.nobody
      .options('/v1/articles/there')
      .set({ origin: EVIL, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' })
      .expect(204)
    expect(text).toBe('')
    expect(allowed(headers)).toBe('*')
    expect(headers['access-control-allow-methods']).toBe('GET, HEAD, OPTIONS')
    for (const name of ['Authorization', 'If-None-Match', 'X-Request-Id']) {
      expect(headers['access-control-allow-headers']?.split(', ')).toContain(name)
    }
    expect(Number(headers['access-control-max-age'])).toBeGreaterThan(0)
  })
})

describe('what the desk writes', () => {
  it('may be read by scripts of the listed sites, and by no others', async () => {
    const { id } = await draft(desk)
    const paths = ['', '/keys', '/articles', `/articles/${id}`, '/articles/nothing', '/nothing', '/articles?limit=0']
    for (const path of paths.map((each) => `/v1/editorial${each}`)) {
      for (const who of [desk, app.nobody]) {
        for (const origin of [TRUSTED, 'http://localhost:5173']) {
          const { headers } = await who.get(path).set({ origin })
          expect(allowed(headers), path).toBe(origin)
          expect(headers.vary).toMatch(/\bOrigin\b/)
        }
        const others = [EVIL, 'null', `${TRUSTED}.evil.example`, 'https://DESK.example', `${TRUSTED}/`, '*', '']
        for (const origin of others) {
          const { headers } = await who.get(path).set({ origin })
          expect(allowed(headers), `${path} for ${origin}`).toBeUndefined()
          expect(headers.vary, path).toMatch(/\bOrigin\b/)
        }
      }
    }
  })

  it.each(['/v1/%65ditorial/articles', '/v1/editorial%2Farticles', '/%76%31/editorial/articles'])(
    'is not opened by another spelling of its address: %s',
    async (path) => {
      const { headers } = await desk.get(path).set({ origin: EVIL })
      if (path !== '/v1/editorial%2Farticles') expect(allowed(headers)).toBeUndefined()
      const preflight = { origin: EVIL, 'access-control-request-method': 'GET' }
      expect(allowed((await app.nobody.options(path.replace('%2F', '/')).set(preflight)).headers)).toBeUndefined()
    },
  )

  it('is not opened by an address with a host in it', async () => {
    const head = `GET http://any.example/v1/editorial/articles HTTP/1.1\r\nHost: any.example\r\nOrigin: ${EVIL}\r\n`
    const { status, headers } = await exchange(app.port, `${head}Connection: close\r\n\r\n`)
    expect(status).toBe(401)
    expect(allowed(headers)).toBeUndefined()
  })

  it('may be written from the listed sites with everything that writing needs', async () => {
    const { id } = await draft(desk)
    const preflight = (origin: string, method: string) =>
      app.nobody
        .options(`/v1/editorial/articles/${id}`)
        .set({ origin, 'access-control-request-method': method, 'access-control-request-headers': 'if-match' })
        .expect(204)
    const { headers } = await preflight(TRUSTED, 'PATCH')
    expect(allowed(headers)).toBe(TRUSTED)
    expect(headers['access-control-allow-methods']?.split(', ')).toEqual(
      expect.arrayContaining(['GET', 'PUT', 'PATCH', 'DELETE']),
    )
    for (const name of ['Authorization', 'Content-Type', 'If-Match', 'If-None-Match']) {
      expect(headers['access-control-allow-headers']?.split(', ')).toContain(name)
    }
    const refused = (await preflight(EVIL, 'PATCH')).headers
    for (const name of Object.keys(refused)) expect(name).not.toMatch(/^access-control-/)
  })

  it('is closed to scripts of every site where none is listed', async () => {
    const bare = await startApp()
    const { headers } = await (await bare.withRole('editor'))
      .get('/v1/editorial/articles')
      .set({ origin: TRUSTED })
      .expect(200)
    expect(allowed(headers)).toBeUndefined()
  })
})

describe('the sites that are listed', () => {
  const sites = (CORS_ORIGINS: string) => readConfig({ CORS_ORIGINS }).CORS_ORIGINS

  it.each([
    'https://desk.example',
    'http://localhost:5173',
    'http://127.0.0.1:8080',
    'https://[::1]:3000',
    'https://xn--bcher-kva.example',
    'capacitor://localhost',
  ])('are taken as a browser says them: %s', (site) => {
    expect(sites(` ${site} ,`)).toEqual([site])
  })

  it.each([
    ['*', ''],
    ['null', ''],
    ['desk.example', ''],
    ['https://*.example', ''],
    ['https://', ''],
    ['localhost:5173', ''],
    ['http://127.0.0.1:80801', ''],
    ['https://desk.example/', 'https://desk.example'],
    ['https://desk.example/cms?x', 'https://desk.example'],
    ['HTTPS://Desk.Example', 'https://desk.example'],
    ['https://desk.example:443', 'https://desk.example'],
    ['http://desk.example:080', 'http://desk.example'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('are refused at start where no browser says them so: %s', (site, right) => {
    let said = ''
    try {
      sites(`https://right.example,${site}`)
    } catch (error) {
      said = String(error)
    }
    expect(said).toContain(`CORS_ORIGINS: "${site}" `)
    if (right === '') expect(said).toContain('scheme://host')
    else expect(said).toContain(`"${right}"`)
    expect(said).not.toContain('right.example')
  })

  it('are all named where several are wrong', () => {
    expect(() => sites('*,https://a.example,https://b.example/')).toThrow(
      /CORS_ORIGINS: "\*" .*"https:\/\/b\.example\/"/,
    )
  })
})
