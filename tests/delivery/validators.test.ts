import type { Response } from 'supertest'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, linkAt, links, published } from '../support/builders.ts'

let app: TestApp
let desk: Desk
let addresses: string[]
let article: { id: string; slug: string }
let target: { id: string; slug: string }
let firstLink: string

beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  target = await published(desk, { slug: 'target' })
  article = await published(desk, { slug: 'article', notes: 'A note' })
  const items = [{ headline: 'Pending' }, { target: { kind: 'article', id: target.id } }]
  firstLink = (await links(desk, article.id, items, 0)).items[0]?.id ?? ''
  await desk.post('/v1/editorial/rails', { key: 'top', title: 'Top', items }).expect(201)
  await desk.post('/v1/editorial/fronts', { key: 'top', title: 'Top', rails: [{ key: 'top' }] }).expect(201)
  addresses = [
    '/v1/articles',
    '/v1/articles?limit=1&body=html',
    '/v1/articles/article',
    `/v1/articles/${article.id}?body=text,blocks`,
    '/v1/articles/article/headlines',
    '/v1/rails',
    '/v1/rails/top',
    '/v1/fronts/top',
  ]
})

/** What a cache would keep: not the fields that are of one answer only. */
const kept = ({ headers }: Response) => {
  const { date: _date, 'x-request-id': _id, connection: _connection, ...rest } = headers
  return rest
}
const read = (path: string) => app.nobody.get(path).expect(200)
const publish = (id: string) => desk.change(`${articleAt(id)}/publish`, '*').expect(200)

describe('an ETag', () => {
  it('is on every answer, and the same while nothing has changed', async () => {
    for (const path of addresses) {
      const one = await read(path)
      expect(one.headers.etag, path).toMatch(/^"[\w.-]+"$/)
      expect(kept(await read(path)), path).toEqual(kept(one))
    }
    const tags = await Promise.all(addresses.map(async (path) => (await read(path)).headers.etag))
    expect(new Set(tags).size).toBe(tags.length)
  })

  it('saves the body where the reader has it: alone, weak, in a list and as *', async () => {
    for (const path of addresses) {
      const full = await read(path)
      const { etag = '' } = full.headers
      const known = [etag, `W/${etag}`, `"other", ${etag}`, `"a","b" ,W/${etag}, "c"`, '*', ' * ']
      for (const field of known) {
        const response = await app.nobody.get(path).set('if-none-match', field).expect(304)
        expect(response.text, field).toBe('')
        for (const name of ['etag', 'cache-control', 'vary', 'access-control-allow-origin']) {
          expect(response.headers[name], `${path} ${name}`).toBe(full.headers[name])
        }
        await app.nobody.head(path).set('if-none-match', field).expect(304)
      }
    }
  })

  it('of something else, or one that is broken, does not', async () => {
    for (const path of addresses) {
      const { etag = '' } = (await read(path)).headers
      const unknown = ['"other"', `"x${etag.slice(1)}`, etag.slice(1, -1), `${etag.slice(0, -1)}`, '', '""', 'W/', '**']
      for (const field of unknown) await app.nobody.get(path).set('if-none-match', field).expect(200)
    }
  })

  it('does not turn what is not there into 304', async () => {
    for (const path of ['/v1/articles/nothing', '/v1/articles/nothing/headlines', '/v1/rails/nothing']) {
      await app.nobody.get(path).set('if-none-match', '*').expect(404)
    }
  })

  it('comes with HEAD too, with every field of GET and no body', async () => {
    for (const path of addresses) {
      const head = await app.nobody.head(path).expect(200)
      expect(head.text ?? '').toBe('')
      expect(kept(head), path).toEqual(kept(await read(path)))
    }
    await app.nobody.head('/v1/articles/nothing').expect(404)
    await app.nobody.head('/v1/articles?limit=0').expect(400)
  })
})

describe('after a change, the ETag', () => {
  /** Which addresses have another ETag after `change`. A new ETag without a new text, or the other way round, is a lie. */
  async function changedBy(change: () => Promise<unknown>): Promise<string[]> {
    const before = await Promise.all(addresses.map(read))
    await change()
    const after = await Promise.all(addresses.map(read))
    return addresses.filter((path, at) => {
      const isNew = after[at]?.headers.etag !== before[at]?.headers.etag
      expect(after[at]?.text !== before[at]?.text, path).toBe(isNew)
      return isNew
    })
  }
  const withLinks = (): string[] => addresses.slice(2)
  const lists = (): string[] => addresses.slice(0, 1)

  it('of everything that shows it is new when the target of a link is published again', async () => {
    await desk.patch(articleAt(target.id), { headline: 'New headline' }, '*').expect(200)
    expect(await changedBy(() => publish(target.id))).toEqual([...lists(), ...withLinks()])
  })

  it('of everything that shows it is new when the slug of the target changes', async () => {
    await desk.patch(articleAt(target.id), { slug: 'target-moved' }, '*').expect(200)
    expect(await changedBy(() => publish(target.id))).toEqual([...lists(), ...withLinks()])
  })

  it('of everything that shows it is new when the target is withdrawn, and when it comes back', async () => {
    const withdraw = () => desk.change(`${articleAt(target.id)}/withdraw`, '*').expect(200)
    // The page of one article too: whether there is a next page is part of it.
    expect(await changedBy(withdraw)).toEqual(addresses)
    expect(await changedBy(() => publish(target.id))).toEqual(addresses)
  })

  it('of an article is new when its links change, but not that of the list of articles', async () => {
    const expected = addresses.filter((path) => path.startsWith('/v1/articles/'))
    expect(await changedBy(() => desk.patch(linkAt(firstLink), { label: 'live' }, '*').expect(200))).toEqual(expected)
  })

  it('of a rail is new when its title changes', async () => {
    const rename = () => desk.patch('/v1/editorial/rails/top', { title: 'Top stories' }, '*').expect(200)
    expect(await changedBy(rename)).toEqual(addresses.filter((path) => /^\/v1\/(rails|fronts)/.test(path)))
  })

  it('of all rails is new when one is replaced by an empty one under another key', async () => {
    await desk.post('/v1/editorial/rails', { key: 'extra', title: 'Extra' }).expect(201)
    const replace = async () => {
      await desk.delete('/v1/editorial/rails/extra', '*').expect(204)
      await desk.post('/v1/editorial/rails', { key: 'other', title: 'Extra' }).expect(201)
    }
    expect(await changedBy(replace)).toEqual(['/v1/rails'])
  })

  const hidden: [string, () => Promise<unknown>][] = [
    ['a draft elsewhere', () => draft(desk)],
    ['a change of the article that is not published', () => desk.patch(articleAt(article.id), { kicker: 'x' }, '*')],
    ['a change of the target that is not published', () => desk.patch(articleAt(target.id), { headline: 'y' }, '*')],
    ['a new slug that is not published', () => desk.patch(articleAt(target.id), { slug: 'not-yet' }, '*')],
    ["an editor's note on the article", () => desk.patch(articleAt(article.id), { notes: 'z' }, '*')],
    ["an editor's note on a link", () => desk.patch(linkAt(firstLink), { note: 'z' }, '*')],
    ['the links of a draft', async () => links(desk, (await draft(desk)).id, [{ headline: 'Secret' }], 0)],
    [
      'a link to a draft',
      async () => {
        const { version, items } = (await desk.get(`${articleAt(article.id)}/headlines`)).body
        const kept = items.map(({ id }: { id: string }) => ({ id }))
        const secret = { headline: 'Secret', target: { kind: 'article', id: (await draft(desk)).id } }
        await links(desk, article.id, [secret, ...kept], version)
      },
    ],
    ['a key', () => app.withRole('admin')],
  ]
  it.each(hidden)('stays as it is after %s', async (_name, change) => {
    expect(await changedBy(change)).toEqual([])
  })

  it('stays where the first link of an article without any goes to a draft', async () => {
    const { id, slug } = await published(desk)
    const secret = await draft(desk)
    for (const path of [`/v1/articles/${slug}`, `/v1/articles/${slug}/headlines`]) {
      const before = await read(path)
      const { version } = (await desk.get(`${articleAt(id)}/headlines`)).body
      await links(desk, id, [{ target: { kind: 'article', id: secret.id } }], version)
      expect(kept(await read(path))).toEqual(kept(before))
    }
  })

  it('is another one where readers have seen what was taken back, and something else got its number', async () => {
    const { id } = await published(desk)
    const address = `/v1/articles/${id}`
    await desk.patch(articleAt(id), { headline: 'Planned' }, '*').expect(200)
    const liveFrom = new Date(Date.parse(app.clock.now()) + 3_600_000).toISOString()
    await desk.change(`${articleAt(id)}/publish`, '*', { liveFrom }).expect(200)
    app.clock.pass(3_600_000)
    const seen = await read(address)
    expect(seen.body).toMatchObject({ headline: 'Planned', edition: 2 })
    // The clock of the node that is written to is not as far, or was set back.
    app.clock.pass(-3_600_000)
    await desk.patch(articleAt(id), { headline: 'Instead' }, '*').expect(200)
    await publish(id)
    const now = await app.nobody
      .get(address)
      .set('if-none-match', seen.headers.etag ?? '')
      .expect(200)
    expect(now.body).toMatchObject({ headline: 'Instead', edition: 2 })
    app.clock.pass(7_200_000)
  })
})
