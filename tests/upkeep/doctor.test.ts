import { eq, sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { upkeepService } from '../../src/upkeep/service.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, links, published, RAILS } from '../support/builders.ts'
import { plant, plantThePast } from '../support/canaries.ts'
import { runCli } from '../support/process.ts'

let app: TestApp
let desk: Desk
let id: string
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('admin')
  const one = await published(desk, { slug: 'one', section: { name: 'World' } })
  const two = await published(desk, { slug: 'two' })
  id = one.id
  await links(desk, one.id, [{ target: { kind: 'article', id: two.id }, sublinks: [{ headline: 'Below' }] }], 0)
  await desk.post(RAILS, { key: 'top', title: 'Top', items: [{ headline: 'Pending' }] }).expect(201)
  const hidden = { ids: [], slugs: [], keys: [] }
  await plantThePast(desk, hidden)
  await plant(app, desk, one.id, two.id, hidden)
  while (await app.services.ticker.tick());
})
const examine = async () => (await upkeepService(app).examine()).filter(({ problems }) => problems.length > 0)

describe('the doctor', () => {
  it('finds nothing wrong where everything has been done that can be done', async () => {
    expect(await examine()).toEqual([])
    const { code, stdout } = await runCli(['doctor'], { DATABASE_URL: app.url })
    expect({ code, lines: stdout.split('\n').filter((line) => !line.startsWith('ok ')) }, stdout).toEqual({
      code: 0,
      lines: [''],
    })
  })

  const breaks: [
    string,
    string,
    (tx: Parameters<Parameters<TestApp['db']['write']>[0]>[0], t: TestApp['db']['tables']) => PromiseLike<unknown>,
  ][] = [
    [
      'a body that is gone',
      'every row belongs to something',
      (tx, t) => tx.delete(t.editionBodies).where(eq(t.editionBodies.articleId, id)),
    ],
    [
      'two editions at once',
      'one edition at a time',
      (tx, t) =>
        tx
          .update(t.editions)
          .set({ liveFrom: '2020-01-01T00:00:00.000Z', liveUntil: '2040-01-01T00:00:00.000Z' })
          .where(eq(t.editions.slug, 'two')),
    ],
    [
      'an edition that nobody counts',
      'editions are counted',
      (tx, t) => tx.update(t.articles).set({ edition: 7 }).where(eq(t.articles.id, id)),
    ],
    [
      'a text that is gone',
      'articles have their text',
      (tx, t) =>
        tx
          .update(t.articleVersions)
          .set({ content: sql`null` as never })
          .where(eq(t.articleVersions.articleId, id)),
    ],
    [
      'an address that is gone',
      'slugs lead to what they name',
      (tx, t) => tx.delete(t.addresses).where(eq(t.addresses.slug, 'one')),
    ],
    [
      'a list that is behind',
      'lists are in step with editions',
      (tx, t) =>
        tx
          .update(t.editionTerms)
          .set({ publishedAt: '2001-01-01T00:00:00.000Z' })
          .where(eq(t.editionTerms.articleId, id)),
    ],
    [
      'words that are gone',
      'the index of words is in step',
      (tx, t) => tx.delete(t.editionWords).where(eq(t.editionWords.articleId, id)),
    ],
    [
      'a link that nobody finds',
      'links are in step with lists',
      (tx, t) => tx.delete(t.headlineLinks).where(eq(t.headlineLinks.listId, id)),
    ],
    ['an event that is gone', 'the log has no gap', (tx, t) => tx.delete(t.events).where(eq(t.events.seq, 2))],
    ['a counter that is behind', 'the log has no gap', (tx, t) => tx.update(t.eventCounter).set({ last: 1 })],
  ]
  it.each(breaks)('names %s', async (_, check, damage) => {
    const undone = new Error('taken back')
    await app.db
      .write(async (tx) => {
        await damage(tx, app.db.tables)
        const inside = {
          ...app.db,
          instant: (work: (read: typeof tx) => Promise<unknown>) => work(tx),
        } as TestApp['db']
        const found = (await upkeepService({ db: inside }).examine()).filter(({ problems }) => problems.length > 0)
        expect(found.map((each) => each.check)).toEqual([check])
        expect(found[0]?.problems.join()).toMatch(/\w/)
        throw undone
      })
      .catch((error) => {
        if (error !== undone) throw error
      })
    expect(await examine()).toEqual([])
  })
})
