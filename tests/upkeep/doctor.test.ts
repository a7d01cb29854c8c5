import { setTimeout as sleep } from 'node:timers/promises'
import type Sqlite from 'better-sqlite3'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, FRONTS, links, published, RAILS } from '../support/builders.ts'
import { plant, plantThePast } from '../support/canaries.ts'
import { damages, postgresDamages, sqliteDamages } from '../support/damages.ts'
import { engine } from '../support/database.ts'
import { type Damage, findings, findingsAfter } from '../support/examine.ts'
import { runCli } from '../support/process.ts'
import { rounds } from '../support/rounds.ts'

const ID = '019b0f61-2c44-7d10-8a55-000000000001'
let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('admin')
  const fields = { slug: 'one', section: { name: 'World' }, tags: [{ name: 'Rain' }], authors: [{ name: 'Ada' }] }
  const text = { headline: 'Council Votes', bodyText: 'They met.', ...fields }
  await desk.put(`/v1/editorial/articles/${ID}`, text).set('if-none-match', '*').expect(201)
  await desk.change(`/v1/editorial/articles/${ID}/publish`, '*').expect(200)
  const two = await published(desk, { slug: 'two' })
  const later = { headline: 'Later', startsAt: '2030-01-01T00:00:00Z' }
  const target = { kind: 'article', id: two.id }
  await links(desk, ID, [{ target, sublinks: [{ headline: 'Below' }] }, later], 0)
  await desk.post(RAILS, { key: 'top', title: 'Top', items: [{ headline: 'Pending' }] }).expect(201)
  await desk.post(FRONTS, { key: 'home', title: 'Home', rails: [{ key: 'top', priority: 1 }] }).expect(201)
  const hidden = { ids: [], slugs: [], keys: [] }
  await plantThePast(desk, hidden)
  await plant(app, desk, ID, two.id, hidden)
})

describe('the doctor', () => {
  it('finds nothing wrong where everything has been done that can be done, be the ticker there or not', async () => {
    expect(await findings(app)).toEqual({})
    while (await app.services.ticker.tick());
    expect(await findings(app)).toEqual({})
    const { code, stdout } = await runCli(['doctor'], { DATABASE_URL: app.url })
    expect({ code, lines: stdout.split('\n').filter((line) => !line.startsWith('ok ')) }, stdout).toEqual({
      code: 0,
      lines: [expect.stringMatching(/^Looked at \d+ articles, /), ''],
    })
  })

  it.each(damages(ID))('names %s', async (_, kind, damage) => {
    const found = await findingsAfter(app, damage)
    expect(Object.keys(found)).toContain(kind)
    expect(found[kind]?.join()).not.toContain('could not be looked at')
  })

  it('raises no alarm while others write all the time', async () => {
    let isWriting = true
    const writers = [1, 2, 3].map(async (n) => {
      while (isWriting) {
        const { id } = await published(desk, { tags: [{ name: `Busy ${n}` }] })
        await links(desk, id, [{ headline: `Waits ${n}` }], 0)
        await desk.put(`${RAILS}/top/items`, { items: [{ target: { kind: 'article', id } }] }, '*').expect(200)
        await desk.change(`/v1/editorial/articles/${id}/${n === 1 ? 'withdraw' : 'publish'}`, '*').expect(200)
        await app.services.ticker.tick()
      }
    })
    for (let round = 0; round < 4 * rounds; round++) {
      expect(await findings(app)).toEqual({})
      await sleep(100)
    }
    isWriting = false
    await Promise.all(writers)
  })

  const own = engine === 'sqlite' ? sqliteDamages : postgresDamages
  it.each(own)('names %s', async (_, kind, statement) => {
    expect(Object.keys(await findingsAfter(app, byHand(statement)))).toContain(kind)
  })
})

/** Statements as they are. */
const byHand =
  (statement: string): Damage =>
  async (tx) => {
    const direct = tx as unknown as { $client?: Sqlite.Database; execute?: (text: object) => Promise<unknown> }
    if (engine === 'sqlite') direct.$client?.exec(statement)
    else await direct.execute?.(sql.raw(statement))
  }
