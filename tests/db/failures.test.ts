import { setTimeout as sleep } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { conflictOf, databaseProblem } from '../../src/db/failure.ts'
import { newId } from '../../src/shared/ids.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, draft, story } from '../support/builders.ts'
import { definedTables } from '../support/columns.ts'
import { engine } from '../support/database.ts'
import { execute } from '../support/sql.ts'

let app: TestApp
beforeAll(async () => {
  app = await startApp()
})

/** Ends every connection that the program has to its database. */
const cut = () =>
  execute(
    app.url,
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )

describe('a failed write', () => {
  it('that met a unique key is named alike on both engines', async () => {
    const { keys, articleVersions, slugs, articles } = app.db.tables
    const desk = await app.withRole('editor')
    const { id, slug } = await draft(desk, { externalId: 'known' })
    const failing = async (work: Parameters<typeof app.db.write>[0]) =>
      app.db.write(work).catch((error: unknown) => error)
    const at = '2026-11-22T12:00:00.000Z'
    const [article] = await app.db.read.select().from(articles)
    const [key] = await app.db.read.select().from(keys)
    const [version] = await app.db.read.select().from(articleVersions)
    if (!article || !key || !version) throw new Error('Nothing is stored')
    const conflicts = await Promise.all([
      failing((tx) => tx.insert(articles).values({ ...article, externalId: null })),
      failing((tx) => tx.insert(articles).values({ ...article, id: newId() })),
      failing((tx) => tx.insert(keys).values({ ...key, id: newId() })),
      failing((tx) => tx.insert(slugs).values({ slug, articleId: id })),
      failing((tx) => tx.insert(articleVersions).values({ ...version, createdAt: at })),
    ])
    expect(conflicts.map(conflictOf)).toEqual([
      'articles_pkey',
      'articles_external_id_key',
      'keys_hash_key',
      'slugs_pkey',
      'article_versions_pkey',
    ])
    for (const error of conflicts) expect(databaseProblem(error)).toBeUndefined()
    // Those of the list are names that the tables have.
    expect(definedTables().articles?.indexes).toHaveProperty('articles_external_id_key')
    const missing = await failing((tx) => tx.insert(slugs).values({ slug: 'no-article', articleId: newId() }))
    expect(missing).toBeInstanceOf(Error)
    expect(conflictOf(missing)).toBeUndefined()
    expect(conflictOf(new Error('UNIQUE constraint failed: articles.id'))).toBeUndefined()
    expect(conflictOf(undefined)).toBeUndefined()
  })

  it.each([
    ['57P01', 503],
    ['57P03', 503],
    ['57014', 503],
    ['08006', 503],
    ['53300', 503],
    ['25006', 503],
    ['ECONNREFUSED', 503],
    ['ECONNRESET', 503],
    ['SQLITE_BUSY', 503],
    ['SQLITE_BUSY_SNAPSHOT', 503],
    ['SQLITE_LOCKED', 503],
    ['SQLITE_FULL', 507],
    ['53100', 507],
    ['ENOSPC', 507],
    ['22001', undefined],
    ['42P01', undefined],
    ['SQLITE_ERROR', undefined],
    ['SQLITE_CORRUPT', undefined],
    ['EACCES', undefined],
  ])('with the code %s is answered with %s, wrapped or not', (code, status) => {
    const error = Object.assign(new Error('of the driver'), { code })
    for (const each of [error, new Error('Failed query', { cause: error })]) {
      const problem = databaseProblem(each)
      expect(problem?.status).toBe(status)
      if (status === 503) expect(problem?.headers['retry-after']).toMatch(/^\d+$/)
      expect(problem?.message ?? '').not.toContain('driver')
    }
  })

  it.runIf(engine === 'postgres')('on a full disk answers 507 and stores nothing', async () => {
    await execute(
      app.url,
      `create function full_disk() returns trigger language plpgsql as $$ begin raise exception using errcode = '53100'; end $$;
       create trigger full_disk before insert on slugs execute function full_disk()`,
    )
    const desk = await app.withRole('editor')
    const before = await desk.get(ARTICLES).expect(200)
    const { body } = await desk.post(ARTICLES, story()).expect(507)
    expect(body.code).toBe('storage-full')
    expect((await desk.get(ARTICLES).expect(200)).body).toEqual(before.body)
    await execute(app.url, 'drop trigger full_disk on slugs')
    await desk.post(ARTICLES, story()).expect(201)
  })

  it.runIf(engine === 'postgres')(
    'in the middle of which its connection is lost leaves nothing, and is a 503',
    async () => {
      const desk = await app.withRole('editor')
      const before = await desk.get(ARTICLES).expect(200)
      const { slugs, articles } = app.db.tables
      const [article] = await app.db.read.select().from(articles)
      const failing = app.db.write(async (tx) => {
        await tx.insert(slugs).values({ slug: 'half-done', articleId: article?.id ?? '' })
        // Nobody is waiting for an answer at this moment.
        await cut()
        await sleep(100)
        await tx.select().from(slugs)
      })
      const error = await failing.catch((each: unknown) => each)
      expect(databaseProblem(error)?.status).toBe(503)
      expect((await desk.get(ARTICLES)).body).toEqual(before.body)
      expect(await app.db.read.$count(slugs, eq(slugs.slug, 'half-done'))).toBe(0)
    },
  )

  it.runIf(engine === 'postgres')(
    'because all connections were cut does not end the program: 503, and the next one works',
    async () => {
      const desk = await app.withRole('editor')
      await cut()
      expect([200, 503]).toContain((await app.nobody.get('/v1/articles')).status)
      await app.nobody.get('/v1/articles').expect(200)

      const outcomes: { status: number; headers: Record<string, string> }[] = []
      let isOver = false
      const writers = Array.from({ length: 8 }, async (_, at) => {
        while (!isOver)
          outcomes.push(
            at % 2 ? await desk.post(ARTICLES, story({ publish: true })) : await app.nobody.get('/v1/articles'),
          )
      })
      for (let turn = 0; turn < 15; turn++) await cut()
      isOver = true
      await Promise.all(writers)
      const statuses = new Set(outcomes.map(({ status }) => status))
      expect([...statuses].filter((status) => ![200, 201, 503].includes(status))).toEqual([])
      expect(statuses).toContain(503)
      for (const { status, headers } of outcomes) if (status === 503) expect(headers['retry-after']).toBe('2')
      // A connection that was cut is found out by who takes it next: at most one refusal for each that there may be.
      const tries: number[] = []
      while (!tries.includes(201) && tries.length <= app.config.DATABASE_CONNECTIONS)
        tries.push((await desk.post(ARTICLES, story())).status)
      expect([...new Set(tries)].filter((status) => status !== 503)).toEqual([201])
      await app.nobody.get('/health/ready').expect(200)
    },
  )
})
