import { existsSync, readFileSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../../src/db/database.ts'
import { migrateDatabase, openDatabase } from '../../src/db/open.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, draft } from '../support/builders.ts'
import { emptyDatabase, engine, freshDatabase, type TestDatabase } from '../support/database.ts'
import { statementsOf } from '../support/statements.ts'

// What only the embedded engine can do wrong.

const client = (db: Db) => (db as unknown as { $client: Sqlite.Database }).$client

describe.runIf(engine === 'sqlite')('the embedded database', () => {
  let database: TestDatabase
  let app: TestApp
  beforeAll(async () => {
    database = await freshDatabase()
    app = await startApp({ database })
  })
  afterAll(() => database.drop())

  it.each(['reading', 'writing'])(
    'waits for the disk on the connection for %s, also when it is opened again',
    async (which) => {
      // The first connection to a new file is safe by itself; it is the later ones that need to be told.
      expect(existsSync(`${database.url.slice('file:'.length)}-wal`)).toBe(true)
      const again = await openDatabase(
        { url: database.url, connectionsMax: 1, statementTimeoutMs: 1_000 },
        () => undefined,
      )
      const ask = (pragma: string) =>
        which === 'reading'
          ? client(again.read).pragma(pragma, { simple: true })
          : again.write(async (tx) => client(tx).pragma(pragma, { simple: true }))
      expect(await ask('synchronous')).toBe(2)
      expect(await ask('journal_mode')).toBe('wal')
      expect(await ask('foreign_keys')).toBe(1)
      expect(await ask('journal_size_limit')).toBe(64 * 1024 * 1024)
      await again.close()
    },
  )

  it('does the writes again, each by itself, that shared a commit which failed', async () => {
    const { keys } = app.db.tables
    const key = { role: 'reader' as const, scopes: [], hint: 'none', createdAt: '2026-11-22T12:00:00.000Z' }
    const commits: string[] = []
    const write = (name: string) =>
      app.db.write(async (tx) => {
        const connection = client(tx)
        if (commits.length === 0) {
          connection.exec = (text) => {
            if (text === 'COMMIT') commits.push(text)
            if (commits.length === 1 && text === 'COMMIT') throw new Error('the disk is full')
            return Object.getPrototypeOf(connection).exec.call(connection, text)
          }
        }
        await tx.insert(keys).values({ ...key, id: name, name, hash: name })
        return name
      }, true)
    const three = ['one', 'two', 'three']
    expect(await Promise.all(three.map(write))).toEqual(three)
    expect(commits).toHaveLength(4)
    const rows = await app.db.read.select({ name: keys.name }).from(keys)
    expect(rows.map(({ name }) => name)).toEqual(expect.arrayContaining(three))
  })

  it('is checked row by row after it was migrated, and not at a start that has nothing to do', async () => {
    const check = expect.stringMatching(/foreign_key_check/)
    expect(await statementsOf(database.url, () => migrateDatabase(database.url))).not.toContainEqual(check)
    const empty = await emptyDatabase()
    expect(await statementsOf(empty.url, () => migrateDatabase(empty.url))).toContainEqual(check)
    await empty.drop()
  })

  it('has nothing of an erased article in its files any more, once it has been tidied', async () => {
    const admin = await app.withRole('admin')
    const filesHold = (word: string) =>
      ['', '-wal']
        .map((end) => `${database.url.slice('file:'.length)}${end}`)
        .some((file) => readFileSync(file).includes(word))
    const word = 'zyxerasedzyx'
    const bodyText = `${word} said so. `.repeat(400)
    const { id } = await draft(admin, { headline: `The ${word} File`, bodyText, publish: true })
    await admin.patch(articleAt(id), { standfirst: word, bodyText: `${bodyText} Again.` }, '*').expect(200)
    await admin.delete(articleAt(id), '*').expect(200)
    await admin.change(`${articleAt(id)}/erase`, '*', { confirm: id }).expect(204)
    expect(filesHold(word)).toBe(true)
    await app.db.tidy()
    expect(filesHold(word)).toBe(false)
  })

  it('that is full answers 507, stores nothing of the write, is read on, and heals when there is room', async () => {
    const desk = await app.withRole('editor')
    const { slug } = await draft(desk, { publish: true })
    const limit = (pages: string) => app.db.write(async (tx) => client(tx).pragma(`max_page_count = ${pages}`))
    const used = client(app.db.read).pragma('page_count', { simple: true })
    await limit(String(Number(used) + 20))
    const big = { headline: 'A Long Read', bodyText: 'x'.repeat(30_000), publish: true }
    const answers = []
    for (let turn = 0; turn < 8; turn++) answers.push(await desk.post(ARTICLES, big))
    const refused = answers.filter(({ status }) => status === 507)
    const stored = answers.filter(({ status }) => status === 201)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.length + stored.length).toBe(answers.length)
    expect(refused[0]?.body).toMatchObject({ code: 'storage-full', status: 507 })
    expect(client(app.db.read).pragma('integrity_check', { simple: true })).toBe('ok')
    await app.nobody.get(`/v1/articles/${slug}`).expect(200)
    const { body } = await app.nobody.get('/v1/articles').expect(200)
    expect(body.data).toHaveLength(1 + stored.length)
    await limit('1000000')
    await desk.post(ARTICLES, big).expect(201)
  })
})
