import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, links, linksOf, published, release, releaseAt } from '../support/builders.ts'

const RAILS = '/v1/editorial/rails'
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor', 'News desk')
})

const headlines = (items: { headline: string | null }[]) => items.map(({ headline }) => headline)

it('a version of a rail comes back although an article that it pointed at was erased since; readers see the rest', async () => {
  const admin = await app.withRole('admin')
  const { id } = await published(desk)
  const items = [{ target: { kind: 'article', id } }, { headline: 'Stays' }]
  await desk.post(RAILS, { key: 'lost', title: 'Lost', items }).expect(201)
  await desk.put(`${RAILS}/lost/items`, { items: [{ headline: 'Now' }] }, 1).expect(200)
  await desk.delete(articleAt(id), '*').expect(200)
  await admin.change(`${articleAt(id)}/erase`, '*', { confirm: id }).expect(204)
  const { body } = await desk.change(`${RAILS}/lost/versions/1/restore`, 2).expect(200)
  expect(body.items).toMatchObject(items)
  expect(headlines((await app.nobody.get('/v1/rails/lost').expect(200)).body.items)).toEqual(['Stays'])
})

describe('the history of an article’s links', () => {
  it('has every version as it was, and brings one back with the ids of its links', async () => {
    const { id, slug } = await published(desk)
    const first = await links(desk, id, [{ headline: 'One' }, { headline: 'Two' }], 0)
    await links(desk, id, [{ headline: 'Three' }], 1)
    const versions = `${linksOf(id)}/versions`
    const { data } = (await desk.get(versions).expect(200)).body
    expect(data).toMatchObject([
      { version: 2, action: 'replace', isPlan: false, createdBy: { name: 'News desk' } },
      { version: 1, action: 'replace', isPlan: false },
    ])
    expect((await desk.get(`${versions}/1`).expect(200)).body).toMatchObject({
      version: 1,
      title: null,
      // Whether readers see a link is of now, not of a version.
      items: first.items.map(({ state: _state, ...link }) => link),
    })
    const back = (await desk.change(`${versions}/1/restore`, 2).expect(200)).body
    expect(back).toMatchObject({ version: 3, items: first.items })
    expect((await desk.get(`${versions}/2`)).body.items).toMatchObject([{ headline: 'Three' }])
    expect((await desk.get(`${versions}/3`)).body.action).toBe('restore-version')
    const read = (await app.nobody.get(`/v1/articles/${slug}/headlines`).expect(200)).body
    expect(headlines(read.data)).toEqual(['One', 'Two'])
    // They can be found and written again under their ids.
    await desk.patch(`/v1/editorial/headline-links/${first.items[0]?.id}`, { headline: 'Uno' }, 3).expect(200)
  })

  it('is empty where nobody has written, refuses another version, and does not exist for who may not know', async () => {
    const contributor = await app.withRole('contributor')
    const { id } = await draft(desk)
    const versions = `${linksOf(id)}/versions`
    expect((await desk.get(versions).expect(200)).body.data).toEqual([])
    await desk.get(`${versions}/1`).expect(404)
    await desk.change(`${versions}/1/restore`, 0).expect(404)
    await links(desk, id, [{ headline: 'One' }], 0)
    await desk.post(`${versions}/1/restore`).expect(428)
    expect((await desk.change(`${versions}/1/restore`, 7).expect(412)).body.currentVersion).toBe(1)
    await contributor.get(versions).expect(404)
    await contributor.get(`${versions}/1`).expect(404)
    await contributor.change(`${versions}/1/restore`, 1).expect(404)
  })
})

describe('how two versions differ', () => {
  it('is told of an article’s links, one by one, and does not exist for who may not know', async () => {
    const { id } = await draft(desk)
    const { items } = await links(desk, id, [{ headline: 'One' }, { headline: 'Two' }, { headline: 'Three' }], 0)
    const [one, two, three] = items.map((link) => link.id)
    const { items: after } = await links(
      desk,
      id,
      [{ id: three }, { headline: 'New' }, { id: one, headline: 'Uno' }],
      1,
    )
    const diff = `${linksOf(id)}/versions/1/diff/2`
    expect((await desk.get(diff).expect(200)).body).toMatchObject({
      fields: [],
      items: [
        { kind: 'remove', id: two, item: { id: two, headline: 'Two', position: 1, prominence: 'normal' } },
        { kind: 'add', id: after[1]?.id, item: { headline: 'New', position: 1 } },
        { kind: 'move', id: one, from: 0, to: 2 },
        { kind: 'change', id: one, fields: [{ field: 'headline', before: 'One', after: 'Uno' }] },
      ],
    })
    // The other way round too, and of a version with itself there is nothing to tell.
    const back = (await desk.get(`${linksOf(id)}/versions/2/diff/1`).expect(200)).body
    expect(back.items.map(({ kind }: { kind: string }) => kind)).toEqual(['remove', 'change', 'add', 'move'])
    expect((await desk.get(`${linksOf(id)}/versions/2/diff/2`)).body).toEqual({ fields: [], items: [] })
    for (const there of ['1/diff/3', '3/diff/1', '0/diff/1', '1/diff/x']) {
      await desk.get(`${linksOf(id)}/versions/${there}`).expect(404)
    }
    await (await app.withRole('contributor')).get(diff).expect(404)
  })

  it('is told of a rail with what it says of itself; of a plan, what the rail was to hold', async () => {
    const items = [{ headline: 'One' }, { headline: 'Two' }]
    await desk.post(RAILS, { key: 'compared', title: 'Before', items }).expect(201)
    const rail = `${RAILS}/compared`
    const { body } = await desk.patch(rail, { title: 'After', maxItems: 5 }, 1).expect(200)
    const diff = async (a: number, b: number) => (await desk.get(`${rail}/versions/${a}/diff/${b}`).expect(200)).body
    const fields = [
      { field: 'title', before: 'Before', after: 'After' },
      { field: 'maxItems', before: null, after: 5 },
    ]
    expect(await diff(1, 2)).toEqual({ fields, items: [] })
    const [one, two] = body.items.map((link: { id: string }) => link.id)
    const piece = { kind: 'rail', key: 'compared', items: [{ id: two }] }
    const { id } = await release(desk, [piece])
    const liveFrom = new Date(Date.parse(app.clock.now()) + 60_000).toISOString()
    await desk.change(`${releaseAt(id)}/schedule`, 1, { liveFrom }).expect(200)
    const gone = [{ kind: 'remove', id: one }]
    expect(await diff(2, 3)).toMatchObject({ fields: [], items: gone })
    await desk.change(`${releaseAt(id)}/cancel`, 2).expect(200)
    // What was only planned has changed nothing.
    expect(await diff(2, 4)).toEqual({ fields: [], items: [] })
    expect(await diff(3, 4)).toMatchObject({ items: [{ kind: 'add', id: one, item: { position: 0 } }] })
    await desk.get(`${rail}/versions/1/diff/9`).expect(404)
    await desk.get(`${RAILS}/nothing/versions/1/diff/1`).expect(404)
    await (await app.withRole('contributor')).get(`${rail}/versions/1/diff/2`).expect(403)
  })
})

describe('the history of a rail', () => {
  it('has every version as it was, in pages, and brings one back at once for readers', async () => {
    const rail = `${RAILS}/front`
    await desk.post(RAILS, { key: 'front', title: 'Front', items: [{ headline: 'One' }] }).expect(201)
    await desk.patch(rail, { title: 'The front', description: 'All of it' }, 1).expect(200)
    await desk.put(`${rail}/items`, { items: [{ headline: 'Two' }] }, 2).expect(200)
    const page = (await desk.get(`${rail}/versions?limit=2`).expect(200)).body
    expect(page.data.map(({ action }: { action: string }) => action)).toEqual(['replace-items', 'patch'])
    const rest = (await desk.get(`${rail}/versions?limit=2&cursor=${page.page.next}`).expect(200)).body
    expect(rest.data).toMatchObject([{ version: 1, action: 'create' }])
    expect((await desk.get(`${rail}/versions/1`).expect(200)).body).toMatchObject({
      title: 'Front',
      description: null,
      items: [{ headline: 'One', position: 0 }],
    })
    const back = (await desk.change(`${rail}/versions/1/restore`, 3).expect(200)).body
    expect(back).toMatchObject({ version: 4, title: 'Front', description: null, items: [{ headline: 'One' }] })
    expect((await app.nobody.get('/v1/rails/front').expect(200)).body).toMatchObject({ title: 'Front' })
    await desk.get(`${rail}/versions/5`).expect(404)
    await desk.get(`${RAILS}/nothing/versions`).expect(404)
  })

  it('shows what a release has planned as a plan, which is not what the rail holds', async () => {
    await desk.post(RAILS, { key: 'later', title: 'Later', items: [{ headline: 'Now' }] }).expect(201)
    const { id, name, role, scopes } = (await desk.get('/v1/me')).body
    const release = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'
    const from = new Date(Date.parse(app.clock.now()) + 60_000).toISOString()
    await app.db.write((tx) =>
      app.services.rails.planIn(
        tx,
        { id, name, role, scopes },
        'later',
        { items: [{ headline: 'Then' }] },
        from,
        release,
      ),
    )
    const { data } = (await desk.get(`${RAILS}/later/versions`).expect(200)).body
    expect(data).toMatchObject([{ version: 2, action: 'schedule', isPlan: true }, { isPlan: false }])
    expect((await desk.get(`${RAILS}/later/versions/2`)).body).toMatchObject({
      isPlan: true,
      items: [{ headline: 'Then' }],
    })
    expect((await desk.get(`${RAILS}/later`)).body.items).toMatchObject([{ headline: 'Now' }])
    app.clock.pass(60_000)
    await app.services.ticker.tick()
    expect((await desk.get(`${RAILS}/later/versions/3`)).body).toMatchObject({ action: 'release', isPlan: false })
  })
})
