import Sqlite from 'better-sqlite3'
import { getTableName } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { noteInstants } from '../../src/db/instants.ts'
import { publishedTables } from '../../src/db/tables.ts'
import { later } from '../../src/shared/clock.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, FRONTS, linksOf, published, RAILS, story } from '../support/builders.ts'
import { engine } from '../support/database.ts'

// The stretch of time in which readers get the same: what is kept for them goes by its name.

let app: TestApp
let other: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  other = await startApp({ database: { url: app.url, drop: async () => undefined }, clock: app.clock })
  desk = await app.withRole('admin')
  await published(desk, { tags: [{ slug: 'ferries', name: 'Boats' }] })
})
const nameNow = async (node = app) => (await node.db.stretch(node.clock.now())).name

it('is another one when something was written that readers may get, by whichever process', async () => {
  const { id } = await draft(desk)
  const deeds: [string, () => PromiseLike<{ status: number }>][] = [
    ['a publication', () => desk.change(`${articleAt(id)}/publish`, '*')],
    ['links', () => desk.put(linksOf(id), { items: [{ headline: 'One' }] }, 0)],
    ['a rail', () => desk.post(RAILS, { key: 'top', title: 'Top' })],
    ['a front', () => desk.post(FRONTS, { key: 'home', title: 'Home', rails: [{ key: 'top' }] })],
    ['a tag with another name', () => desk.put('/v1/editorial/tags/ferries', { name: 'Ferries' }, '*')],
    ['a withdrawal', () => desk.change(`${articleAt(id)}/withdraw`, '*')],
    ['a kill', () => desk.change(`${articleAt(id)}/kill`, '*', { reason: 'legal' })],
    ['an erasure', () => desk.change(`${articleAt(id)}/erase`, '*', { confirm: id })],
  ]
  for (const [what, deed] of deeds) {
    const before = [await nameNow(app), await nameNow(other)]
    expect(before).not.toContain(undefined)
    expect((await deed()).status, what).toBeLessThan(300)
    const after = [await nameNow(app), await nameNow(other)]
    for (const [n, name] of after.entries()) expect(name, what).not.toBe(before[n])
  }
})

it('is the same for who asks again, and on SQLite also while the desk writes drafts', async () => {
  const before = await nameNow()
  expect(await nameNow()).toBe(before)
  const { id } = (await desk.post(ARTICLES, story()).expect(201)).body
  await desk.patch(articleAt(id), { standfirst: 'Another one.' }, '*').expect(200)
  if (engine === 'sqlite') expect(await nameNow()).toBe(before)
})

it('ends where something begins or ends by the clock, and goes back with a clock that is set back', async () => {
  const from = app.clock.now()
  const [soon, then] = [later(from, 10_000), later(from, 20_000)]
  await app.db.write((tx) => noteInstants(tx, app.db.tables, [then, from, soon]))
  const [now, next] = [await app.db.stretch(from), await app.db.stretch(soon)]
  expect(now.until).toBe(soon)
  expect(next.until).toBe(then)
  expect(next.name).not.toBe(now.name)
  expect((await app.db.stretch(later(soon, -1))).name).toBe(now.name)
  expect((await app.db.stretch(then)).until).toBe(null)
})

it('has no name before the first instant that is known', async () => {
  expect((await app.db.stretch('2001-01-01T00:00:00.000Z')).name).toBe(undefined)
})

it.runIf(engine === 'sqlite')(
  'is known by whatever is written into a table that readers get something of',
  async () => {
    const names = Object.values(publishedTables(app.db.tables)).map(getTableName)
    expect(names).toContain('editions')
    const client = new Sqlite(app.url.slice('file:'.length), { readonly: true })
    const triggers = client.prepare("select tbl_name, name from sqlite_master where type = 'trigger'").all() as {
      tbl_name: string
      name: string
    }[]
    client.close()
    const wanted = names.flatMap((name) =>
      ['insert', 'update', 'delete'].map((act) => `${name} ${name}_published_${act}`),
    )
    const found = triggers.map(({ tbl_name, name }) => `${tbl_name} ${name}`).filter((name) => /_published_/.test(name))
    expect(found.toSorted()).toEqual(wanted.toSorted())
  },
)
