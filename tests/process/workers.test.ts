import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { makeKey, type Server, startServer } from '../support/process.ts'

// Several processes over one database and one port.

let database: TestDatabase
let server: Server
let key: string
beforeAll(async () => {
  database = await freshDatabase()
  server = await startServer({ DATABASE_URL: database.url, DATELINE_WORKERS: '3' })
  key = await makeKey(database.url, 'editor')
})
afterAll(() => database.drop())

/** The processes that have said in the log that they listen. */
const pids = () =>
  new Set([...server.printed().matchAll(/"pid":(\d+)[^\n]*Server listening/g)].map(([, pid]) => Number(pid)))
const post = (n: number, publish: object = { publish: true }) =>
  server.call('/v1/editorial/articles', key, { body: { headline: `Story ${n}`, bodyText: 'Text.', ...publish } })

it('share the port and the database: whoever is asked knows what any of them has written', async () => {
  while (pids().size < 3) await sleep(50)
  const made = await Promise.all(Array.from({ length: 30 }, (_, n) => post(n)))
  expect(made.map(({ status }) => status)).toEqual(Array(30).fill(201))
  for (let n = 0; n < 30; n++) {
    const { page } = await server.read<{ page: { total: number } }>('/v1/articles?count=exact')
    expect(page.total).toBe(30)
  }
})

it('are never fewer for long: one that is killed has no unanswered write, and the clock goes on', async () => {
  const answered: string[] = []
  let isWriting = true
  const writer = (async () => {
    for (let n = 100; isWriting; n++) {
      const { status } = await post(n).catch(() => ({ status: 0 }))
      if (status === 201) answered.push(`Story ${n}`)
    }
  })()
  const before = [...pids()]
  expect(before).toHaveLength(3)
  for (const pid of before) {
    const many = pids().size
    process.kill(pid, 'SIGKILL')
    while (pids().size === many) await sleep(20)
  }
  expect(pids().size).toBe(before.length * 2)
  // Whoever had the clock is dead; a schedule is kept all the same.
  const draft = (await (await post(50, {})).json()) as { id: string }
  const liveFrom = new Date(Date.now() + 1_500).toISOString()
  const scheduled = await server.call(`/v1/editorial/articles/${draft.id}/publish`, key, {
    body: { liveFrom },
    headers: { 'if-match': '*' },
  })
  expect(scheduled.status).toBe(200)
  await sleep(4_500)
  isWriting = false
  await writer
  expect(answered.length).toBeGreaterThan(10)
  const app = await startApp({ database: { url: database.url, drop: async () => undefined } })
  const { data } = (await app.nobody.get('/v1/changes?limit=100').expect(200)).body
  expect(data.length).toBeGreaterThan(30)
  const all = await app.services.events.after(0, 10_000)
  const begun = all.filter(({ kind, subjectId }) => kind === 'article.published' && subjectId === draft.id)
  expect(begun).toHaveLength(1)
  expect(Date.parse(begun[0]?.at ?? '') - Date.parse(liveFrom)).toBeLessThan(3_000)
  const headlines = new Set(all.flatMap(({ payload }) => payload.headline ?? []))
  for (const headline of answered) expect(headlines).toContain(headline)
}, 90_000)

it('end together, in order', async () => {
  const { code } = await server.kill('SIGTERM')
  expect(code).toBe(0)
})
