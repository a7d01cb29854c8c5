import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { startApp } from '../support/app.ts'
import { runImporter } from '../support/process.ts'
import { rounds } from '../support/rounds.ts'

const MANY = 400
const folder = mkdtempSync(join(tmpdir(), 'dateline-killed-'))
afterAll(() => rmSync(folder, { recursive: true }))

it(
  'however often the process is killed, an import goes on where it stood: each record once, in the report and as an article',
  async () => {
    const clock = { now: () => new Date().toISOString(), pass: () => {} }
    const app = await startApp({ settings: { IMPORT_FOLDER: folder }, clock })
    const desk = await app.withRole('admin')
    const items = Array.from(
      { length: MANY },
      (_, n) =>
        `<item><guid>k-${n}</guid><title>Killed ${n}</title><description>${'Text. '.repeat(100)}</description></item>`,
    )
    const { body } = await desk
      .raw(
        'post',
        '/v1/editorial/imports?file=a.xml',
        `<rss version="2.0"><channel>${items.join('')}</channel></rss>`,
        { 'content-type': 'application/octet-stream' },
      )
      .expect(202)
    const settings = { DATABASE_URL: app.url, IMPORT_FOLDER: folder }
    const job = async () => (await desk.get(`/v1/editorial/imports/${body.id}`).expect(200)).body
    const done = async () =>
      Object.values((await job()).counts as Record<string, number>).reduce((sum, many) => sum + many, 0)
    let ahead = 0
    for (let round = 0; round < 2 * rounds && (await job()).state !== 'done'; round++) {
      ahead += 30_000
      const importer = runImporter(settings, ahead)
      await importer.begun()
      const before = await done()
      // At any point of the work on some records, or just after it.
      for (let waited = 0; waited < 100 && (await done()) === before && (await job()).state !== 'done'; waited++)
        await sleep(10)
      await sleep(Math.random() * 60)
      expect((await importer.kill()).stderr).toBe('')
    }
    const last = runImporter(settings, ahead + 30_000)
    await last.begun()
    for (let waited = 0; waited < 300 && (await job()).state !== 'done'; waited++) await sleep(100)
    await last.kill()
    expect(await job()).toMatchObject({ state: 'done', counts: { created: MANY, unchanged: 0, failed: 0 } })
    const numbers: number[] = []
    const articles: string[] = []
    for (let cursor = ''; ; ) {
      const page = (
        await desk.get(`/v1/editorial/imports/${body.id}/records?limit=100${cursor && `&cursor=${cursor}`}`)
      ).body
      numbers.push(...page.data.map(({ number }: { number: number }) => number))
      articles.push(...page.data.map(({ articleId }: { articleId: string }) => articleId))
      if (page.page.next === null) break
      cursor = page.page.next
    }
    expect(numbers).toEqual(Array.from({ length: MANY }, (_, n) => n + 1))
    expect(new Set(articles).size).toBe(MANY)
    const all = await app.db.read.$count(app.db.tables.articles)
    expect(all).toBe(MANY)
  },
  120_000 * Math.max(1, rounds),
)
