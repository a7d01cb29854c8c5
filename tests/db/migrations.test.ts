import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { migrateDatabase } from '../../src/db/open.ts'
import { storedTables } from '../support/columns.ts'
import { emptyDatabase, engine, freshDatabase } from '../support/database.ts'
import { runCli, withServices } from '../support/process.ts'

const files = readdirSync(new URL(`../../migrations/${engine}`, import.meta.url)).filter((name) =>
  name.endsWith('.sql'),
)

it('a second migration changes nothing, and leaves what is stored as it is', async () => {
  const { url, drop } = await freshDatabase()
  const before = await storedTables(url)
  const made = await withServices(url, ({ access }) => access.create('News desk', 'editor'))
  await migrateDatabase(url)
  await migrateDatabase(url)
  expect(await storedTables(url)).toEqual(before)
  expect(await withServices(url, ({ access }) => access.list())).toMatchObject([{ id: made.id, name: 'News desk' }])
  await drop()
})

it('of four migrators at once on an empty database none fails, and each migration is done once', async () => {
  const { url, drop } = await emptyDatabase()
  const ends = await Promise.all(Array.from({ length: 4 }, () => runCli(['migrate'], { DATABASE_URL: url })))
  for (const { code, stdout, stderr } of ends) {
    expect([code, stdout, stderr]).toEqual([0, 'The database is up to date.\n', ''])
  }
  const done = await withServices(url, async (_services, db) => {
    const client = (
      db.read as unknown as { $client: { prepare?: (sql: string) => { all: () => unknown[] } } & Queryable }
    ).$client
    if (client.prepare) return client.prepare('select * from __drizzle_migrations').all()
    return (await client.query('select * from drizzle.__drizzle_migrations')).rows
  })
  expect(done).toHaveLength(files.length)
  await drop()
})

interface Queryable {
  query: (sql: string) => Promise<{ rows: unknown[] }>
}
