import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, links, published } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

interface Page {
  data: { key: string }[]
  page: { next: string | null; previous: string | null }
}

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

it('an answer is entirely before or entirely after a publication, links to the same article included', async () => {
  const { id } = await published(desk, { headline: 'Edition 1' })
  await links(desk, id, [{ target: { kind: 'article', id } }], 0)
  let isWriting = true
  const write = async () => {
    for (let edition = 2; edition <= 40 * rounds; edition++) {
      await desk.patch(articleAt(id), { headline: `Edition ${edition}` }, '*').expect(200)
      await desk.change(`${articleAt(id)}/publish`, '*').expect(200)
    }
    isWriting = false
  }
  const read = async () => {
    while (isWriting) {
      const { body } = await app.nobody.get(`/v1/articles/${id}?body=none`).expect(200)
      expect(body.headlines).toMatchObject([{ headline: body.headline }])
    }
  }
  await Promise.all([write(), read(), read(), read()])
})

it('a rail shows no sign of links to what has never been public', async () => {
  const target = await draft(desk)
  const items = [{ headline: 'Seen' }]
  await desk.post('/v1/editorial/rails', { key: 'quiet', title: 'Quiet', items }).expect(201)
  const before = await app.nobody.get('/v1/rails/quiet').expect(200)
  const more = [...items, { target: { kind: 'article', id: target.id } }]
  await desk.put('/v1/editorial/rails/quiet/items', { items: more }, 1).expect(200)
  const after = await app.nobody.get('/v1/rails/quiet').expect(200)
  expect([after.text, after.headers.etag]).toEqual([before.text, before.headers.etag])
  await desk.change(`${articleAt(target.id)}/publish`, 1).expect(200)
  const { body } = await app.nobody.get('/v1/rails/quiet').expect(200)
  expect(body.items.map(({ headline }: { headline: string }) => headline)).toEqual(['Seen', target.headline])
})

it('rails come in pages, forwards and back', async () => {
  for (const n of [1, 2, 3]) await desk.post('/v1/editorial/rails', { key: `page-${n}`, title: `${n}` }).expect(201)
  const walk = async (path: string) => {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const { body }: { body: Page } = await desk.get(`${path}?limit=2${cursor && `&cursor=${cursor}`}`).expect(200)
      seen.push(...body.data.map(({ key }) => key))
      const back = body.page.previous
      if (back) expect((await desk.get(`${path}?limit=2&cursor=${back}`).expect(200)).body.data).toHaveLength(2)
      cursor = body.page.next
    }
    return seen
  }
  for (const path of ['/v1/rails', '/v1/editorial/rails']) {
    expect(await walk(path)).toEqual(['page-1', 'page-2', 'page-3', 'quiet'])
  }
})
