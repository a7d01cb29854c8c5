import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, draft, story } from '../support/builders.ts'
import { engine, freshDatabase, type TestDatabase } from '../support/database.ts'

// Somebody else works on the same database: another process, a command line, a backup.

let database: TestDatabase
let app: TestApp
beforeAll(async () => {
  database = await freshDatabase()
  app = await startApp({ database, settings: { DATABASE_TIMEOUT_MS: '2000' } })
})
afterAll(() => database.drop())

/** Holds what every write needs, until it is let go. */
async function holdWrites(): Promise<() => Promise<void>> {
  if (engine === 'sqlite') {
    const other = new Sqlite(database.url.slice('file:'.length))
    other.exec('begin immediate')
    return async () => {
      other.exec('rollback')
      other.close()
    }
  }
  const other = new pg.Client({ connectionString: database.url })
  await other.connect()
  await other.query('begin')
  await other.query('lock table articles, article_versions, slugs in exclusive mode')
  return () => other.end()
}

it('reads are served while somebody else is writing, and writes wait for their turn', async () => {
  const desk = await app.withRole('editor')
  const { slug } = await draft(desk, { publish: true })
  const release = await holdWrites()
  const waiting = Promise.all(Array.from({ length: 4 }, () => desk.post(ARTICLES, story())))
  for (let turn = 0; turn < 20; turn++) await app.nobody.get(`/v1/articles/${slug}`).expect(200)
  await release()
  for (const { status } of await waiting) expect(status).toBe(201)
})

it('a write that waits too long answers 503 and changes nothing; nobody else is kept waiting by it', async () => {
  const desk = await app.withRole('editor')
  const before = await desk.get(ARTICLES).expect(200)
  const release = await holdWrites()
  let longest = 0
  let last = performance.now()
  const beat = setInterval(() => {
    longest = Math.max(longest, performance.now() - last)
    last = performance.now()
  }, 5)
  const waiting = desk.post(ARTICLES, story())
  let reads = 0
  const answer = await Promise.race([waiting, readOn()])
  async function readOn(): Promise<never> {
    for (;;) {
      await app.nobody.get('/v1/articles').expect(200)
      reads++
    }
  }
  clearInterval(beat)
  await release()
  expect(answer.status).toBe(503)
  expect(answer.body.code).toBe('unavailable')
  expect(answer.headers['retry-after']).toMatch(/^\d+$/)
  expect(reads).toBeGreaterThan(10)
  // Less than the 5 s that the write waited: the program was not stopped by it.
  expect(longest).toBeLessThan(4_000)
  const after = await desk.get(ARTICLES).expect(200)
  expect(after.body).toEqual(before.body)
  await desk.post(ARTICLES, story()).expect(201)
})
