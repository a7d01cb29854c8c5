import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, linkAt, links, linksOf, published, story } from '../support/builders.ts'

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor', 'News desk')
})

/** Every kind of write on an article, each with a body that would be taken. */
const writes = {
  'a replacement': (id: string, ifMatch?: string) => desk.put(articleAt(id), story(), ifMatch),
  'a patch': (id: string, ifMatch?: string) => desk.patch(articleAt(id), { headline: 'Changed' }, ifMatch),
  'a publication': (id: string, ifMatch?: string) => transition(`${articleAt(id)}/publish`, ifMatch),
  'a withdrawal': (id: string, ifMatch?: string) => transition(`${articleAt(id)}/withdraw`, ifMatch),
  'a move to the trash': (id: string, ifMatch?: string) => desk.delete(articleAt(id), ifMatch),
}
const transition = (path: string, ifMatch?: string) =>
  ifMatch === undefined ? desk.post(path) : desk.change(path, ifMatch)

describe.each(Object.entries(writes))('%s', (_name, write) => {
  it('is refused without a version, and says what to send', async () => {
    const before = await published(desk)
    const { body } = await write(before.id).expect(428)
    expect(body).toMatchObject({ code: 'version-required', detail: expect.stringContaining('If-Match') })
    expect((await desk.get(articleAt(before.id))).body).toEqual(before)
  })

  it('on a stale version changes nothing, and is told what stands now and whose it is', async () => {
    const { id } = await published(desk)
    const colleague = await app.withRole('editor', 'Night desk')
    const { body: now } = await colleague.patch(articleAt(id), { kicker: 'Night' }, 1).expect(412)
    expect(now.currentVersion).toBe(2)
    const { body: theirs } = await colleague.patch(articleAt(id), { kicker: 'Night' }, 2).expect(200)
    const refused = await write(id, '"2"').expect(412)
    expect(refused.headers.etag).toBe('"3"')
    expect(refused.body).toMatchObject({
      code: 'version-mismatch',
      currentVersion: 3,
      updatedAt: theirs.updatedAt,
      updatedBy: theirs.updatedBy,
    })
    expect(refused.body.updatedBy.name).toBe('Night desk')
    expect((await desk.get(articleAt(id))).body).toEqual(theirs)
    expect((await app.nobody.get(`/v1/articles/${id}`).expect(200)).body.edition).toBe(1)
  })

  it.each([
    ['the tag as it was given', '"2"'],
    ['a tag that a proxy made weak', 'W/"2"'],
    ['a list that names the version', '"1", W/"7" ,"2"'],
    ['an asterisk', '*'],
  ])('is done with %s', async (_form, ifMatch) => {
    const { id } = await published(desk)
    const { headers } = await write(id, ifMatch).expect(200)
    expect(headers.etag).toBe('"3"')
  })

  it.each(['2', '"2', '2"', 'W/2', '', ',', 'any', '"2" or "3"', "'2'", '"2" *'])(
    'is refused with the broken field {%s}',
    async (ifMatch) => {
      const { id } = await published(desk)
      const { body } = await write(id, ifMatch).expect(400)
      expect(body.errors).toMatchObject([{ pointer: 'If-Match' }])
      expect((await desk.get(articleAt(id))).headers.etag).toBe('"2"')
    },
  )

  it.each(['"02x"', '"v2"', '""', '"2.0"', '"-2"', '"99999999999999999999"', '"1e0"', '"9"'])(
    'does not take %s for the version that stands',
    async (ifMatch) => {
      const { id } = await published(desk)
      await write(id, ifMatch).expect(412)
    },
  )
})

describe('two editors at once', () => {
  it('of fifty concurrent replacements of one version one wins, and there is one new version', async () => {
    const { id } = await draft(desk, { slug: 'fifty-editors' })
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => desk.put(articleAt(id), { headline: `Editor ${n}`, bodyText: 'x' }, 1)),
    )
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(49)
    const won = answers.filter(({ status }) => status === 200)
    expect(won).toHaveLength(1)
    expect((await desk.get(articleAt(id))).body).toEqual(won[0]?.body)
    for (const { status, body } of answers) if (status === 412) expect(body.currentVersion).toBe(2)
    const { articleVersions } = app.db.tables
    const stored = await app.db.read.select().from(articleVersions)
    expect(stored.filter(({ articleId }) => articleId === id).map(({ version }) => version)).toEqual([1, 2])
  })

  it('a replacement and a publication of one version do not both happen', async () => {
    const { id } = await draft(desk)
    const [replaced, publication] = await Promise.all([
      writes['a replacement'](id, '"1"'),
      writes['a publication'](id, '"1"'),
    ])
    expect([replaced.status, publication.status].sort()).toEqual([200, 412])
    expect((await desk.get(articleAt(id))).headers.etag).toBe('"2"')
  })

  it('may write an article and its links at the same time, because each has versions of its own', async () => {
    const { id } = await draft(desk)
    const list = await links(desk, id, [{ headline: 'Pending' }], 0)
    await desk.patch(articleAt(id), { kicker: 'New' }, 1).expect(200)
    await desk.patch(linkAt(list.items[0]?.id ?? ''), { kicker: 'New' }, 1).expect(200)
    expect((await desk.get(articleAt(id))).headers.etag).toBe('"2"')
    expect((await desk.get(linksOf(id))).headers.etag).toBe('"2"')
  })
})

describe('a refused write', () => {
  it('leaves no trace: no version, no slug, no edition', async () => {
    const before = await draft(desk, { slug: 'untouched' })
    const other = await draft(desk, { slug: 'in-the-way' })
    await desk.patch(articleAt(before.id), { slug: 'in-the-way' }, 1).expect(409)
    await desk.patch(articleAt(before.id), { slug: 'wanted', headline: '' }, 1).expect(422)
    await desk.patch(articleAt(before.id), { slug: 'wanted' }, 7).expect(412)
    expect((await desk.get(articleAt(before.id))).body).toEqual(before)
    expect((await desk.get(articleAt(other.id))).body).toEqual(other)
    await draft(desk, { slug: 'wanted' })
    await app.nobody.get('/v1/articles/untouched').expect(404)
  })
})
