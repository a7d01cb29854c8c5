import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp, testClock } from '../support/app.ts'
import { articleAt, type Desk, draft, linkAt, links, linksOf, published, RAILS, railAt } from '../support/builders.ts'

// Headlines that wait, when their story or their list has a history.

const clock = testClock()
let app: TestApp
let desk: Desk
let admin: Desk
beforeAll(async () => {
  app = await startApp({ clock, settings: { PAST: 'public' } })
  desk = await app.withRole('editor')
  admin = await app.withRole('admin')
})

let count = 0
async function waiting(): Promise<{ key: string; headline: string; id: string }> {
  const headline = `Awaited Story ${++count}`
  const key = `again-${count}`
  const { body } = await desk.post(RAILS, { key, title: 'Again', items: [{ headline }] }).expect(201)
  return { key, headline, id: body.items[0].id }
}
const publish = (id: string, body: object = {}) => desk.change(`${articleAt(id)}/publish`, '*', body).expect(200)
const first = async (key: string, query = '') =>
  (await app.nobody.get(`/v1/rails/${key}${query}`).expect(200)).body.items[0]

describe('a headline that waits', () => {
  it('gets a story that was published under another headline, once that is published under this one', async () => {
    const { key, headline } = await waiting()
    const { id } = await published(desk, { headline: `Working Title ${count}` })
    await desk.patch(articleAt(id), { headline }, '*').expect(200)
    expect(await first(key)).toMatchObject({ headline, url: null })
    await publish(id, { kind: 'minor' })
    expect(await first(key)).toMatchObject({ headline, target: { id } })
    // It is the story's from then on, whatever that is called.
    await desk.patch(articleAt(id), { headline: `Last Title ${count}` }, '*').expect(200)
    await publish(id)
    expect(await first(key)).toMatchObject({ headline: `Last Title ${count}`, target: { id } })
  })

  it('waits again when an older version of its list is restored, also for the same story', async () => {
    const { key, headline } = await waiting()
    const { id } = await published(desk, { headline })
    await desk.change(`${railAt(key)}/versions/1/restore`, 2).expect(200)
    expect(await first(key)).toMatchObject({ headline, url: null })
    const { data } = (await desk.get('/v1/editorial/headline-links?state=pending&limit=1').expect(200)).body
    expect(data).toMatchObject([{ headline, list: { railKey: key, version: 3 } }])
    await publish(id)
    expect(await first(key)).toMatchObject({ headline, target: { id } })
  })

  it('is not pointed by a batch that is not done', async () => {
    const { key, headline, id: linkId } = await waiting()
    const { id } = await draft(desk, { headline })
    const operations = [
      { method: 'POST', path: `${articleAt(id)}/publish`, ifMatch: 1 },
      // Of the version that the publication has just replaced.
      { method: 'PATCH', path: linkAt(linkId), ifMatch: 1, body: { label: 'live' } },
    ]
    await desk.post('/v1/editorial/batch', { operations }).expect(412)
    expect(await first(key)).toMatchObject({ headline, url: null })
    expect((await desk.get(railAt(key))).body).toMatchObject({ version: 1, items: [{ target: null }] })
    const audit = `/v1/editorial/audit?action=linkPendingHeadline&subject=${key}`
    expect((await admin.get(audit).expect(200)).body.data).toEqual([])
    await desk
      .post('/v1/editorial/batch', { operations: [operations[0], { ...operations[1], ifMatch: 2 }] })
      .expect(200)
    expect(await first(key)).toMatchObject({ headline, label: 'live', target: { id } })
    expect((await admin.get(audit).expect(200)).body.data).toHaveLength(1)
  })

  it('is what it was to who asks for the past, in a rail and at an article', async () => {
    const { key, headline } = await waiting()
    const owner = await published(desk)
    await links(desk, owner.id, [{ headline }], 0)
    const between = `?at=${clock.now()}`
    const { id } = await published(desk, { headline: headline.toUpperCase() })
    for (const [query, shown] of [
      [between, { headline, url: null, target: null }],
      ['', { headline: headline.toUpperCase(), target: { id } }],
      [`?at=${clock.now()}`, { headline: headline.toUpperCase(), target: { id } }],
    ] as const) {
      expect(await first(key, query)).toMatchObject(shown)
      const { body } = await app.nobody.get(`/v1/articles/${owner.id}/headlines${query}`).expect(200)
      expect(body.data).toMatchObject([shown])
    }
  })

  it('is pointed by hand or by its story, whoever was first, and the other finds nothing to do', async () => {
    for (let round = 0; round < 5; round++) {
      const { key, headline, id: linkId } = await waiting()
      const { id } = await draft(desk, { headline })
      const byHand = { kind: 'url', url: 'https://news.example/by-hand' }
      const [patched] = await Promise.all([desk.patch(linkAt(linkId), { target: byHand }, 1), publish(id)])
      expect([200, 412]).toContain(patched.status)
      const { version, items } = (await desk.get(railAt(key)).expect(200)).body
      expect([version, items[0].target]).toEqual([2, patched.status === 200 ? byHand : { kind: 'article', id }])
    }
  })

  it('does not wait any more where it got other words, and waits where it got these', async () => {
    const { key, headline, id: linkId } = await waiting()
    await desk.patch(linkAt(linkId), { headline: `Other words ${count}` }, 1).expect(200)
    await published(desk, { headline })
    expect(await first(key)).toMatchObject({ headline: `Other words ${count}`, url: null })
    const { id } = await published(desk, { headline: `other  WORDS ${count}` })
    expect(await first(key)).toMatchObject({ target: { id } })
    // Without a target it is a headline that waits, and needs words.
    await desk.patch(linkAt(linkId), { target: null }, 3).expect(422)
    await desk.patch(linkAt(linkId), { target: null, headline }, 3).expect(200)
    await publish(id)
    expect(await first(key)).toMatchObject({ headline, url: null })
  })
})

describe('where an article is used', () => {
  it('is not told of the links of an article in the trash, and is once that is back', async () => {
    const { id } = await published(desk)
    const owner = await draft(desk)
    const { items } = await links(desk, owner.id, [{ target: { kind: 'article', id } }], 0)
    const places = async () => (await desk.get(`${articleAt(id)}/placements`).expect(200)).body.data
    expect(await places()).toMatchObject([{ linkId: items[0]?.id, position: 0, list: { articleId: owner.id } }])
    await desk.delete(articleAt(owner.id), '*').expect(200)
    expect(await places()).toEqual([])
    await desk.change(`${articleAt(owner.id)}/restore`, '*').expect(200)
    expect(await places()).toHaveLength(1)
    await desk.put(linksOf(owner.id), { items: [] }, 1).expect(200)
    expect(await places()).toEqual([])
  })
})
