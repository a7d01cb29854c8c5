import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, story } from '../support/builders.ts'
import { rounds } from '../support/rounds.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

it('an article that is published and renamed at the same moment keeps every slug that was public', async () => {
  for (let round = 0; round < 10 * rounds; round++) {
    const before = `before-${round}`
    const { id } = await draft(desk, { slug: before })
    const renamed = desk.patch(articleAt(id), { slug: `after-${round}` }, '*')
    const [publication, renaming] = await Promise.all([desk.change(`${articleAt(id)}/publish`, '*'), renamed])
    expect([publication.status, renaming.status]).toEqual([200, 200])
    const wasPublic = (await app.nobody.get(`/v1/articles/${before}`)).status !== 404
    const other = await desk.post(ARTICLES, story({ slug: before, publish: true }))
    expect(other.status).toBe(wasPublic ? 409 : 201)
    const reached = await app.nobody.get(`/v1/articles/${before}`).redirects(1).expect(200)
    expect(reached.body.id).toBe(wasPublic ? id : other.body.id)
  }
})

it('a section by its name alone is another section, and a slug cannot be emptied', async () => {
  const { id } = await draft(desk, { section: { slug: 'world', name: 'World' } })
  const { body } = await desk.patch(articleAt(id), { section: { name: 'Sports' } }, 1).expect(200)
  expect(body.section).toEqual({ slug: 'sports', name: 'Sports' })
  for (const field of ['slug', 'language']) {
    const refused = await desk.patch(articleAt(id), { [field]: null }, 2).expect(422)
    expect(refused.body.errors).toMatchObject([{ pointer: `#/${field}` }])
  }
})
