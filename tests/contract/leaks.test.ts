import { beforeAll, describe, expect, it } from 'vitest'
import { formatNames } from '../../src/delivery/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, type Desk, links, published } from '../support/builders.ts'
import { CANARY, FAR, type Hidden, NOWHERE, plant, plantThePast, WAITS } from '../support/canaries.ts'
import { whole } from '../support/twins.ts'

let app: TestApp
let desk: Desk
let before: Map<string, ReturnType<typeof whole>>
/** An instant at which all that was public once was gone already. */
let since: string
const open: string[] = []
const hidden: Hidden = { ids: [], slugs: [], keys: [] }
let gone: Hidden

interface Operation {
  operationId: string
  parameters?: { name: string; in: string; required?: boolean }[]
}

const operations = (): [string, Operation][] =>
  Object.entries((app.documents.delivery as { paths: Record<string, { get?: Operation }> }).paths).flatMap(
    // The stream never ends; tests/events/stream.test.ts listens to it.
    ([path, { get }]): [string, Operation][] => (get && path !== '/v1/stream' ? [[path, get]] : []),
  )

/** What must be asked, whatever else is: words that every story has. */
const needed: Record<string, string> = { q: 'council', path: '/' }

/** The addresses of every delivery operation: each path with each of `keys`, alone and with each value of each parameter. */
function addresses(keys: string[], values: Record<string, string[]>): string[] {
  return operations().flatMap(([template, { parameters = [] }]) => {
    const paths = template.includes('{') ? keys.map((key) => template.replaceAll(/\{\w+\}/g, key)) : [template]
    const asked = parameters.filter((each) => each.in === 'query')
    const base = asked.flatMap(({ name, required }) => (required ? [[name, needed[name] ?? ''] as const] : []))
    const queries = asked.flatMap(({ name }) => (values[name] ?? []).map((value) => [name, value] as const))
    const withQuery = (path: string, query: (readonly [string, string])[]) => {
      const all = new URLSearchParams(Object.fromEntries([...base, ...query])).toString()
      return path + (all && `?${all}`)
    }
    return paths.flatMap((path) => [withQuery(path, []), ...queries.map((query) => withQuery(path, [query]))])
  })
}
const forms = ['none', 'html,blocks,markdown,text']
const sitePaths = (keys: string[]) => ['/', ...keys.flatMap((key) => [`/v1/articles/${key}`, `/news/${key}`])]
/** Values of every parameter, those that nobody may use among them. */
const values = () => ({
  body: forms,
  format: [...formatNames],
  limit: ['1', '2', '100'],
  section: ['world'],
  tag: ['talks'],
  author: ['jane-doe'],
  language: ['en'],
  publishedAfter: ['2026-01-01T00:00:00Z'],
  publishedBefore: [FAR],
  updatedAfter: ['2026-01-01T00:00:00Z'],
  ids: [[...open, ...hidden.ids, ...gone.ids].filter((key) => /^[0-9a-f-]{36}$/.test(key)).join(',')],
  sort: ['publishedAt', '-updatedAt', 'relevance'],
  q: ['council', 'canary', CANARY],
  fields: ['headline,headlines'],
  include: ['headlines'],
  count: ['exact'],
  at: [since, FAR],
  embargoed: ['true'],
  path: sitePaths(open),
  after: [] as string[],
  wait: ['0'],
  rail: ['top', 'filled', ...hidden.keys],
  cursor: [] as string[],
})

async function readAll(paths: string[]): Promise<typeof before> {
  const all: typeof before = new Map()
  // The log tells that something was public and is gone: by its id, and nothing that it said.
  for (const path of paths.filter((each) => !each.startsWith('/v1/changes')))
    all.set(path, whole(await app.nobody.get(path)))
  return all
}

beforeAll(async () => {
  app = await startApp({ settings: { PAST: 'public' } })
  desk = await app.withRole('admin')
  gone = await plantThePast(desk, hidden)
  const terms = {
    section: { slug: 'world', name: 'World' },
    tags: [{ slug: 'talks', name: 'Talks' }],
    authors: [{ name: 'Jane Doe' }],
  }
  const live = await published(desk, { ...terms, slug: 'live-piece' })
  const other = await published(desk, { ...terms, slug: 'other-piece' })
  const items = [{ headline: WAITS }, { target: { kind: 'article', id: other.id } }]
  await links(desk, live.id, items, 0)
  await desk.post('/v1/editorial/rails', { key: 'top', title: 'Top', items }).expect(201)
  await desk.post('/v1/editorial/fronts', { key: 'top', title: 'Top', rails: [{ key: 'top' }] }).expect(201)
  const newest = ['section', 'tag'].map((kind, n) => ({ target: { kind, slug: ['world', 'talks'][n], latest: true } }))
  await desk.post('/v1/editorial/rails', { key: 'filled', title: 'Filled', items: newest, backfill: {} }).expect(201)
  open.push(live.id, live.slug, other.id, other.slug, 'top', 'filled')
  since = app.clock.now()
  before = await readAll(addresses(open, values()))
  await plant(app, desk, live.id, other.id, hidden)
})

describe('what is not public', () => {
  it('was planted everywhere, and the desk sees it', async () => {
    const all = await desk.get(`${ARTICLES}?limit=100`)
    expect(all.text.split(CANARY).length).toBeGreaterThan(20)
    const states = new Set(all.body.data.map(({ state }: { state: string }) => state))
    const trash = (await desk.get(`${ARTICLES}?state=trashed`)).body.data.length
    expect([...states].sort()).toEqual(['draft', 'killed', 'liveWithChanges', 'scheduled', 'withdrawn'])
    expect(trash).toBe(3)
    expect(all.text).toContain(`"lockedBy":{"id":"${NOWHERE}","name":"${CANARY}"`)
    expect((await desk.get('/v1/editorial/keys')).text).toContain(CANARY)
    expect((await desk.get('/v1/editorial/rails')).text).toContain(CANARY)
    expect([...hidden.ids, ...gone.ids]).toHaveLength(16)
    expect(operations().length).toBeGreaterThanOrEqual(7)
    const known = Object.keys(values())
    for (const [, { parameters = [] }] of operations())
      for (const each of parameters) if (each.in === 'query') expect(known).toContain(each.name)
  })

  it('changes no byte and no field of any public answer: no list, no page, no count, no ETag, now or then', async () => {
    expect(before.size).toBeGreaterThan(110)
    const after = await readAll([...before.keys()])
    for (const [path, answer] of after) expect(answer, path).toEqual(before.get(path))
  })

  it('is said by no answer of any delivery operation, with any parameter, at any address', async () => {
    const cursors = [(await app.nobody.get('/v1/articles?limit=1')).body.page.next]
    const keys = [...open, ...hidden.ids, ...hidden.slugs, ...hidden.keys, ...gone.ids, ...gone.slugs]
    const canaries = { section: ['world', CANARY], tag: ['talks', CANARY], author: ['jane-doe', CANARY] }
    const all = { ...values(), ...canaries, cursor: cursors, path: sitePaths(keys) }
    // Each question of what is open, and what is hidden at every address.
    const asked = new Set([...addresses(open, all), ...addresses(keys, { format: [...formatNames], at: [since] })])
    for (const path of asked) {
      // What has been public is told of by its id or key when it goes.
      if (path.startsWith('/v1/changes')) continue
      // Only what the reader has sent themselves may come back.
      const said = JSON.stringify(whole(await app.nobody.get(path)))
        .replaceAll(path, '')
        .replaceAll(path.split('?')[1] ?? '-', '')
        .replaceAll(new RegExp(`“${CANARY}”|=${CANARY}`, 'g'), '')
      expect(said, path).not.toContain(CANARY)
    }
  })

  it('is for nobody without a scope, whose refusal is the same whatever there is', async () => {
    const partner = await app.withRole('partner')
    for (const query of ['embargoed=true', `at=${FAR}`]) {
      for (const path of addresses([...open, ...hidden.ids, NOWHERE], {})) {
        const isKnown = operations().some(
          ([template, { parameters = [] }]) =>
            new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path.split('?')[0] ?? '') &&
            parameters.some(({ name }) => name === query.split('=')[0]),
        )
        if (!isKnown) continue
        const refused = await Promise.all(
          [app.nobody, partner].map((who) => who.get(`${path}${path.includes('?') ? '&' : '?'}${query}`)),
        )
        expect(
          refused.map(({ status }) => status),
          path,
        ).toEqual([401, 403])
        expect(refused.map(({ text }) => text).join()).not.toContain(CANARY)
      }
    }
  })

  it('is answered exactly like what was never there', async () => {
    const never = new Map<string, ReturnType<typeof whole>>()
    const pairs = [
      ...hidden.ids.map((id) => [id, NOWHERE]),
      ...hidden.slugs.map((slug) => [slug, 'never-there']),
      ...hidden.keys.map((key) => [key, 'never-there']),
    ]
    for (const [key = '', unknown = ''] of pairs) {
      const wanted = addresses([key], {
        body: forms.slice(0, 1),
        format: [...formatNames],
        at: [since],
        path: sitePaths([key]).slice(1),
      })
      const named = wanted.filter((path) => path.includes(key))
      expect(named.length).toBeGreaterThan(5)
      for (const path of named) {
        // What a path leads to has an answer whatever there is, and so a tag.
        const isResolved = path.startsWith('/v1/resolve')
        for (const known of isResolved ? [''] : path.includes('?') ? ['*'] : ['', '*']) {
          const ask = async (at: string) => whole(await app.nobody.get(at).set('if-none-match', known))
          const [answer, nothing] = [await ask(path), path.replace(key, unknown)]
          const name = `${nothing} ${known}`
          if (!never.has(name)) never.set(name, await ask(nothing))
          if (isResolved) expect(answer.text, path).toBe('{"status":"unknown"}')
          else expect(answer.status, path).toBe(404)
          expect(answer, path).toEqual(never.get(name))
        }
      }
    }
  })

  it('and gone for good answers 410 where it was public, with a code and nothing that it said', async () => {
    expect(gone.ids).toHaveLength(2)
    for (const key of [...gone.ids, ...gone.slugs]) {
      const ways = ['', '/headlines', `?at=${since}`, ...formatNames.map((name) => `?format=${name}`)]
      for (const path of ways.map((way) => `/v1/articles/${key}${way}`)) {
        const { status, text } = await app.nobody.get(path)
        // The former slugs of what was erased are erased with it.
        expect(status, path).toBe(key === `${CANARY}-erased` ? 404 : 410)
        expect(text.replaceAll(key, '')).not.toContain(CANARY)
      }
    }
  })

  it('makes no page and no difference where it is filtered for', async () => {
    for (const name of ['section', 'tag', 'author']) {
      for (const then of ['', `&at=${since}`]) {
        const one = whole(await app.nobody.get(`/v1/articles?${name}=${CANARY}${then}`))
        const other = whole(await app.nobody.get(`/v1/articles?${name}=neverthere${then}`))
        const { link, ...headers } = one.headers
        expect({ ...headers, link: String(link).replace(CANARY, 'neverthere') }).toEqual(other.headers)
        expect(one.text).toBe(other.text)
      }
    }
  })
})
