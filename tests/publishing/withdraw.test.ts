import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, links, linksOf, published } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const act = (id: string, name: 'publish' | 'withdraw' | 'restore', version: number) =>
  desk.change(`${articleAt(id)}/${name}`, version)
const trash = (id: string, version: number) => desk.delete(articleAt(id), version)

/** Nothing of the article may show to readers, in any answer. */
async function isGone({ id, slug, headline }: { id: string; slug: string; headline: string }) {
  for (const path of [id, slug, `${id}/headlines`, `${slug}/headlines`]) {
    const { body } = await app.nobody.get(`/v1/articles/${path}`).expect(404)
    expect(body.code).toBe('not-found')
  }
  const { text } = await app.nobody.get('/v1/articles?limit=100&body=text').expect(200)
  expect(text).not.toContain(id)
  expect(text).not.toContain(`"${headline}"`)
}

describe('withdrawing', () => {
  it('takes an article from the readers at once and leaves it on the desk', async () => {
    const article = await published(desk)
    const { body } = await act(article.id, 'withdraw', 2).expect(200)
    expect(body).toMatchObject({ state: 'withdrawn', version: 3, edition: 1, headline: article.headline })
    expect(body.publishedAt).toBe(article.publishedAt)
    expect(body.liveUntil > (article.publishedAt ?? '')).toBe(true)
    await isGone(article)
    expect((await desk.get(articleAt(article.id))).body).toEqual(body)
  })

  it('takes its former addresses with it', async () => {
    const { id } = await published(desk, { slug: 'first-address' })
    await desk.patch(articleAt(id), { slug: 'second-address' }, 2).expect(200)
    await act(id, 'publish', 3).expect(200)
    await app.nobody.get('/v1/articles/first-address').expect(301)
    await act(id, 'withdraw', 4).expect(200)
    await app.nobody.get('/v1/articles/first-address').expect(404)
    await app.nobody.get('/v1/articles/second-address').expect(404)
  })

  it('takes an article with unpublished changes too, and readers see none of either', async () => {
    const article = await published(desk)
    await desk.patch(articleAt(article.id), { headline: 'Changed' }, 2).expect(200)
    expect((await act(article.id, 'withdraw', 3).expect(200)).body.state).toBe('withdrawn')
    await isGone(article)
  })

  it.each([
    ['a draft', async () => draft(desk)],
    ['what is withdrawn already', async () => (await act((await published(desk)).id, 'withdraw', 2)).body],
    ['what is in the trash', async () => (await trash((await published(desk)).id, 2)).body],
  ])('is refused for %s', async (_what, make) => {
    const before = await make()
    const { body } = await act(before.id, 'withdraw', before.version).expect(409)
    expect(body.code).toBe('invalid-transition')
    expect((await desk.get(articleAt(before.id))).body).toEqual(before)
  })
})

describe('publishing after a withdrawal', () => {
  it('brings the article back as it was, with its first date and its links', async () => {
    const article = await published(desk)
    await links(desk, article.id, [{ headline: 'Still here' }], 0)
    const { body: first } = await app.nobody.get(`/v1/articles/${article.slug}`).expect(200)
    await act(article.id, 'withdraw', 2).expect(200)
    app.clock.pass(60_000)
    const { body } = await act(article.id, 'publish', 3).expect(200)
    expect(body).toMatchObject({ state: 'live', edition: 2, publishedAt: article.publishedAt, liveUntil: null })
    const { body: again } = await app.nobody.get(`/v1/articles/${article.slug}`).expect(200)
    expect(again).toEqual({ ...first, edition: 2 })
  })

  it('shows what was changed meanwhile, and only then', async () => {
    const { id, ...article } = await published(desk)
    await act(id, 'withdraw', 2).expect(200)
    expect((await desk.patch(articleAt(id), { headline: 'Put Right' }, 3).expect(200)).body.state).toBe('withdrawn')
    await isGone({ id, ...article })
    await act(id, 'publish', 4).expect(200)
    expect((await app.nobody.get(`/v1/articles/${id}`).expect(200)).body.headline).toBe('Put Right')
  })
})

describe('the trash', () => {
  it('takes a live article from the readers, and keeps it for the desk', async () => {
    const article = await published(desk)
    const { body, headers } = await trash(article.id, 2).expect(200)
    expect(headers.etag).toBe('"3"')
    expect(body).toMatchObject({ state: 'trashed', headline: article.headline })
    await isGone(article)
    expect((await desk.get(articleAt(article.id)).expect(200)).body).toEqual(body)
  })

  it('gives a draft back as a draft, and what was public as withdrawn', async () => {
    const [never, once] = [await draft(desk), await published(desk)]
    await trash(never.id, 1).expect(200)
    await trash(once.id, 2).expect(200)
    const restored = await act(never.id, 'restore', 2).expect(200)
    expect(restored.body).toMatchObject({ state: 'draft', version: 3, headline: never.headline, body: never.body })
    expect((await act(once.id, 'restore', 3).expect(200)).body).toMatchObject({ state: 'withdrawn', version: 4 })
    await isGone(never)
    await isGone(once)
    await act(once.id, 'publish', 4).expect(200)
    await app.nobody.get(`/v1/articles/${once.id}`).expect(200)
  })

  it('holds what it holds still: nothing in it is edited, published or trashed again', async () => {
    const { id } = await published(desk)
    const { body: before } = await trash(id, 2).expect(200)
    const refused = [
      desk.patch(articleAt(id), { headline: 'x' }, 3),
      desk.put(articleAt(id), { headline: 'x', bodyText: '' }, 3),
      act(id, 'publish', 3),
      act(id, 'withdraw', 3),
      trash(id, 3),
    ]
    for (const each of refused) expect((await each.expect(409)).body.code).toBe('invalid-transition')
    expect((await desk.get(articleAt(id))).body).toEqual(before)
  })

  it('gives nothing back that is not in it', async () => {
    for (const article of [await draft(desk), await published(desk)]) {
      const { body } = await act(article.id, 'restore', article.version).expect(409)
      expect(body.code).toBe('invalid-transition')
      expect((await desk.get(articleAt(article.id))).body).toEqual(article)
    }
  })

  it('is open to contributors for drafts of their own, and not for what was published', async () => {
    const contributor = await app.withRole('contributor')
    const { id } = await draft(contributor)
    await contributor.delete(articleAt(id), 1).expect(200)
    await contributor.change(`${articleAt(id)}/restore`, 2).expect(200)
    await act(id, 'publish', 3).expect(200)
    await contributor.delete(articleAt(id), 4).expect(404)
    await app.nobody.get(`/v1/articles/${id}`).expect(200)
    const theirs = await draft(desk)
    await contributor.delete(articleAt(theirs.id), 1).expect(404)
    await contributor.put(linksOf(theirs.id), { items: [] }, 0).expect(404)
  })
})
