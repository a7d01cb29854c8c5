import type { Response } from 'supertest'
import { beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../../src/access/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, links, linksOf, published } from '../support/builders.ts'

/** Stands in everything that readers must not see. Nothing else in the test has it. */
const CANARY = 'zyxcanary'
const secret = `${CANARY} text`
const NOWHERE = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'

let app: TestApp
let desk: Desk
let before: Map<string, Snapshot>
const open: string[] = []
const hidden: { ids: string[]; slugs: string[]; keys: string[] } = { ids: [], slugs: [], keys: [] }

interface Snapshot {
  status: number
  headers: Record<string, unknown>
  text: string
}
interface Operation {
  operationId: string
  parameters?: { name: string; in: string }[]
}

/** All of an answer that is not of this one request alone. */
function snapshot({ status, headers, text, body }: Response): Snapshot {
  const { date: _date, 'x-request-id': id, ...rest } = headers
  return { status, headers: rest, text: body?.instance ? text.replaceAll(String(id), 'ID') : text }
}

const operations = (): [string, Operation][] =>
  Object.entries((app.documents.delivery as { paths: Record<string, { get?: Operation }> }).paths).flatMap(
    ([path, { get }]): [string, Operation][] => (get ? [[path, get]] : []),
  )

/** The addresses of every delivery operation: each path with each of `keys`, alone and with each value of each parameter. */
function addresses(keys: string[], values: Record<string, string[]>): string[] {
  return operations().flatMap(([template, { parameters = [] }]) => {
    const paths = template.includes('{') ? keys.map((key) => template.replaceAll(/\{\w+\}/g, key)) : [template]
    const queries = parameters
      .filter((each) => each.in === 'query')
      .flatMap(({ name }) => (values[name] ?? []).map((value) => `?${name}=${encodeURIComponent(value)}`))
    return paths.flatMap((path) => ['', ...queries].map((query) => path + query))
  })
}
const forms = ['html', 'blocks', 'markdown', 'text', 'none', 'html,blocks,markdown,text']
const harmless = { body: forms, limit: ['1', '2', '100'], section: ['world'], tag: ['talks'], author: ['jane-doe'] }

async function readAll(paths: string[]): Promise<Map<string, Snapshot>> {
  const all = new Map<string, Snapshot>()
  for (const path of paths) all.set(path, snapshot(await app.nobody.get(path)))
  return all
}

/** Everything that the desk may keep to itself, beside articles that are public and stay as they are. */
async function plant(live: { id: string; slug: string }): Promise<void> {
  const everywhere = {
    headline: secret,
    bodyText: secret,
    kicker: CANARY,
    standfirst: secret,
    notes: secret,
    section: { slug: CANARY, name: CANARY },
    tags: [
      { slug: CANARY, name: CANARY },
      { slug: 'talks', name: 'Talks' },
    ],
    authors: [
      { slug: CANARY, name: CANARY },
      { slug: 'jane-doe', name: 'Jane Doe' },
    ],
    image: { url: `https://images.example/${CANARY}.jpg`, alt: CANARY },
    source: { name: CANARY },
    canonicalUrl: `https://${CANARY}.example/`,
  }
  const hide = ({ id, slug }: { id: string; slug: string }) => {
    hidden.ids.push(id)
    hidden.slugs.push(slug)
    return id
  }
  hide(await draft(desk, { ...everywhere, slug: `${CANARY}-draft`, externalId: CANARY }))
  const trashed = hide(await draft(desk, { ...everywhere, slug: `${CANARY}-trash` }))
  await desk.delete(articleAt(trashed), '*').expect(200)
  const withdrawn = hide(await published(desk, { ...everywhere, slug: `${CANARY}-withdrawn` }))
  await desk.patch(articleAt(withdrawn), { slug: `${CANARY}-moved` }, '*').expect(200)
  await desk.change(`${articleAt(withdrawn)}/publish`, '*').expect(200)
  await desk.change(`${articleAt(withdrawn)}/withdraw`, '*').expect(200)
  const binned = hide(await published(desk, { ...everywhere, slug: `${CANARY}-binned` }))
  await desk.delete(articleAt(binned), '*').expect(200)
  hidden.slugs.push(`${CANARY}-moved`, `${CANARY}-pending`)

  // The live piece, changed and not published, under a new slug that nobody knows yet.
  await desk
    .patch(articleAt(live.id), { ...everywhere, bodyText: undefined, slug: `${CANARY}-pending` }, '*')
    .expect(200)
  const { version, items } = (await desk.get(linksOf(live.id))).body
  const noted = items.map(({ position: _position, ...link }: Record<string, unknown>) => ({ ...link, note: secret }))
  const toHidden = hidden.ids.map((id) => ({ headline: secret, note: secret, target: { kind: 'article', id } }))
  await links(desk, live.id, [...toHidden, ...noted, ...toHidden], version)
  const rail = (await desk.get('/v1/editorial/rails/top')).body
  const kept = rail.items.map(({ position: _position, ...link }: Record<string, unknown>) => ({
    ...link,
    note: secret,
  }))
  await desk.put('/v1/editorial/rails/top/items', { items: kept }, rail.version).expect(200)
  await desk.post('/v1/editorial/rails', { key: CANARY, title: CANARY, items: [{ headline: secret }] }).expect(201)
  await desk.delete(`/v1/editorial/rails/${CANARY}`, '*').expect(204)
  hidden.keys.push(CANARY)

  const caller = { id: NOWHERE, name: CANARY, role: 'admin' as const, scopes: roles.admin }
  const document = Buffer.from(`${secret}.\n\n\n${secret} one\n${secret} two\n`)
  const options = { headline: 'derive' as const, publish: false }
  const outcome = await app.services.importing.importDocument(caller, `${CANARY}.txt`, document, options)
  hidden.ids.push('id' in outcome ? outcome.id : '')
  await app.services.access.create(CANARY, 'admin')
}

beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('admin')
  const terms = {
    section: { slug: 'world', name: 'World' },
    tags: [{ slug: 'talks', name: 'Talks' }],
    authors: [{ name: 'Jane Doe' }],
  }
  const live = await published(desk, { ...terms, slug: 'live-piece' })
  const other = await published(desk, { ...terms, slug: 'other-piece' })
  const items = [{ headline: 'Pending' }, { target: { kind: 'article', id: other.id } }]
  await links(desk, live.id, items, 0)
  await desk.post('/v1/editorial/rails', { key: 'top', title: 'Top', items }).expect(201)
  open.push(live.id, live.slug, other.id, other.slug, 'top')
  before = await readAll(addresses(open, { ...harmless, path: open.map((key) => `/v1/articles/${key}`) }))
  await plant(live)
})

describe('what is not public', () => {
  it('was planted everywhere, and the desk sees it', async () => {
    expect((await desk.get(`${ARTICLES}?limit=100`)).text.split(CANARY).length).toBeGreaterThan(20)
    expect((await desk.get('/v1/editorial/keys')).text).toContain(CANARY)
    expect((await desk.get('/v1/editorial/rails')).text).toContain(CANARY)
    expect(hidden.ids).toHaveLength(5)
    expect(operations().length).toBeGreaterThanOrEqual(5)
  })

  it('changes no byte and no field of any public answer: no list, no page, no count, no ETag', async () => {
    expect(before.size).toBeGreaterThan(50)
    const after = await readAll([...before.keys()])
    for (const [path, answer] of after) expect(answer, path).toEqual(before.get(path))
  })

  it('is said by no answer of any delivery operation, with any parameter, at any address', async () => {
    const { data } = (await desk.get(`${ARTICLES}?limit=100`)).body
    const cursors = [(await app.nobody.get('/v1/articles?limit=1')).body.page.next]
    const values = { ...harmless, section: ['world', CANARY], tag: ['talks', CANARY], author: ['jane-doe', CANARY] }
    const keys = [...open, ...hidden.ids, ...hidden.slugs, ...hidden.keys, ...data.map(({ id }: { id: string }) => id)]
    const paths = keys.map((key) => `/v1/articles/${key}`)
    for (const path of addresses([...new Set(keys)], { ...values, cursor: cursors, path: paths })) {
      for (const answer of [await app.nobody.get(path), await app.nobody.get(path).set('if-none-match', '*')]) {
        // Only what the reader has sent themselves may come back.
        const said = JSON.stringify(snapshot(answer))
          .replaceAll(path, '')
          .replaceAll(path.split('?')[1] ?? '-', '')
        expect(said, path).not.toContain(CANARY)
      }
    }
  })

  it('is answered exactly like what was never there', async () => {
    const pairs = [
      ...hidden.ids.map((id) => [id, NOWHERE]),
      ...hidden.slugs.map((slug) => [slug, 'never-there']),
      ...hidden.keys.map((key) => [key, 'never-there']),
    ]
    for (const [key = '', unknown = ''] of pairs) {
      const wanted = addresses([key], { body: forms }).filter((path) => path.includes(key))
      expect(wanted.length).toBeGreaterThan(5)
      for (const path of wanted) {
        for (const known of ['', '*', '"a"']) {
          const ask = async (at: string) => snapshot(await app.nobody.get(at).set('if-none-match', known))
          const answer = await ask(path)
          expect(answer.status, path).toBe(404)
          expect(answer, path).toEqual(await ask(path.replace(key, unknown)))
        }
      }
    }
  })

  it('makes no page and no difference where it is filtered for', async () => {
    for (const name of ['section', 'tag', 'author']) {
      const one = snapshot(await app.nobody.get(`/v1/articles?${name}=${CANARY}`))
      const other = snapshot(await app.nobody.get(`/v1/articles?${name}=neverthere`))
      const { link, ...headers } = one.headers
      expect({ ...headers, link: String(link).replace(CANARY, 'neverthere') }).toEqual(other.headers)
      expect(one.text).toBe(other.text)
    }
  })
})
