import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, published, story } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

const publish = (id: string, version: number) => desk.change(`${articleAt(id)}/publish`, version)
const reader = async (id: string) => (await app.nobody.get(`/v1/articles/${id}?body=text`).expect(200)).body
const listed = async (id: string): Promise<boolean> => {
  const { body } = await app.nobody.get('/v1/articles?limit=100').expect(200)
  return body.data.some((each: { id: string }) => each.id === id)
}

describe('publishing', () => {
  it('shows readers a draft that they could not see before, everywhere at once', async () => {
    const { id, slug } = await draft(desk)
    for (const path of [id, slug, `${id}/headlines`, `${slug}/headlines`])
      await app.nobody.get(`/v1/articles/${path}`).expect(404)
    expect(await listed(id)).toBe(false)
    const { body, headers } = await publish(id, 1).expect(200)
    expect(headers.etag).toBe('"2"')
    expect(body).toMatchObject({ id, state: 'live', version: 2, edition: 1, liveUntil: null })
    expect(body.publishedAt).toBe(body.liveFrom)
    for (const path of [id, slug, `${id}/headlines`, `${slug}/headlines`])
      await app.nobody.get(`/v1/articles/${path}`).expect(200)
    expect(await listed(id)).toBe(true)
  })

  it('keeps later changes from readers until they are published', async () => {
    const { id, slug } = await published(desk, { headline: 'As Published', bodyText: 'The old text.', kicker: 'Old' })
    const before = await reader(id)
    const changed = { headline: 'Canary Headline', bodyText: 'Canary text.', kicker: null, slug: 'canary-slug' }
    const { body: article } = await desk.patch(articleAt(id), changed, 2).expect(200)
    expect(article).toMatchObject({ state: 'liveWithChanges', edition: 1 })
    expect(await reader(id)).toEqual(before)
    await app.nobody.get('/v1/articles/canary-slug').expect(404)
    expect((await app.nobody.get('/v1/articles?limit=100&body=text')).text).not.toContain('anary')
    expect((await publish(id, 3).expect(200)).body).toMatchObject({ state: 'live', edition: 2 })
    expect(await reader(id)).toMatchObject({
      headline: 'Canary Headline',
      bodyText: 'Canary text.',
      slug: 'canary-slug',
    })
    expect(await reader(id)).not.toHaveProperty('kicker')
    expect((await app.nobody.get(`/v1/articles/${slug}`).expect(301)).headers.location).toBe('/v1/articles/canary-slug')
  })

  it('again counts one more edition; first publication stays, and the update moves with the text only', async () => {
    const { id } = await published(desk)
    const first = await reader(id)
    app.clock.pass(3_600_000)
    await publish(id, 2).expect(200)
    const same = await reader(id)
    expect(same).toMatchObject({ edition: 2, publishedAt: first.publishedAt, updatedAt: first.updatedAt })
    app.clock.pass(3_600_000)
    await desk.patch(articleAt(id), { headline: 'Changed' }, 3).expect(200)
    await publish(id, 4).expect(200)
    const changed = await reader(id)
    expect(changed).toMatchObject({ edition: 3, publishedAt: first.publishedAt, headline: 'Changed' })
    expect(Date.parse(changed.updatedAt) - Date.parse(first.updatedAt)).toBeGreaterThanOrEqual(7_200_000)
  })

  it('gives the edition a validator of its own', async () => {
    const { id } = await published(desk)
    const { headers } = await app.nobody.get(`/v1/articles/${id}`).expect(200)
    const tag = headers.etag ?? ''
    await app.nobody.get(`/v1/articles/${id}`).set('if-none-match', tag).expect(304)
    await desk.patch(articleAt(id), { notes: 'Only for the desk' }, 2).expect(200)
    await app.nobody.get(`/v1/articles/${id}`).set('if-none-match', tag).expect(304)
    await publish(id, 3).expect(200)
    await app.nobody.get(`/v1/articles/${id}`).set('if-none-match', tag).expect(200)
  })

  it('moves an article in the lists from its old section to its new one', async () => {
    const { id } = await published(desk, { section: { name: 'Before' }, tags: [{ name: 'Was' }] })
    await desk
      .patch(articleAt(id), { section: { slug: 'after', name: 'After' }, tags: [{ name: 'Is' }] }, 2)
      .expect(200)
    const found = async (query: string) =>
      (await app.nobody.get(`/v1/articles?${query}`).expect(200)).body.data.map((each: { id: string }) => each.id)
    expect([await found('section=before'), await found('section=after'), await found('tag=is')]).toEqual([[id], [], []])
    await publish(id, 3).expect(200)
    expect([await found('section=before'), await found('tag=was')]).toEqual([[], []])
    expect([await found('section=after'), await found('tag=is')]).toEqual([[id], [id]])
  })

  it('needs a key that may publish, and an article that is there', async () => {
    const contributor = await app.withRole('contributor')
    const { id } = await draft(contributor)
    await contributor.change(`${articleAt(id)}/publish`, 1).expect(403)
    await app.nobody.change(`${articleAt(id)}/publish`, 1).expect(401)
    await app.nobody.get(`/v1/articles/${id}`).expect(404)
    await publish(crypto.randomUUID(), 1).expect(404)
  })

  it('fails whole with the creation that it came with', async () => {
    await published(desk, { slug: 'stands' })
    const count = () => app.db.read.$count(app.db.tables.editions)
    const before = await count()
    await desk.post(ARTICLES, story({ slug: 'stands', publish: true })).expect(409)
    expect(await count()).toBe(before)
  })
})

describe('two who publish at once', () => {
  it('of fifty concurrent publications of one version one wins, and there is one edition', async () => {
    const { id } = await draft(desk)
    const answers = await Promise.all(Array.from({ length: 50 }, () => publish(id, 1)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(49)
    expect((await desk.get(articleAt(id))).body).toMatchObject({ version: 2, edition: 1, state: 'live' })
    const editions = await app.db.read.select().from(app.db.tables.editions)
    expect(editions.filter(({ articleId }) => articleId === id)).toHaveLength(1)
  })

  it('of a publication and a withdrawal of one version one wins, and readers see that one', async () => {
    for (let n = 0; n < 5; n++) {
      const { id } = await published(desk)
      const [again, withdrawn] = await Promise.all([publish(id, 2), desk.change(`${articleAt(id)}/withdraw`, 2)])
      expect([again.status, withdrawn.status].sort()).toEqual([200, 412])
      await app.nobody.get(`/v1/articles/${id}`).expect(again.status === 200 ? 200 : 404)
    }
  })

  it('never publish words that the version did not have', async () => {
    const { id } = await draft(desk, { headline: 'Version One' })
    const [publication, edit] = await Promise.all([
      publish(id, 1),
      desk.patch(articleAt(id), { headline: 'Version Two' }, 1),
    ])
    expect([publication.status, edit.status].sort()).toEqual([200, 412])
    if (publication.status === 200) expect((await reader(id)).headline).toBe('Version One')
    else await app.nobody.get(`/v1/articles/${id}`).expect(404)
  })
})
