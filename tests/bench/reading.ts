import { mkdtempSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { pino } from 'pino'
import { type Caller, roles } from '../../src/access/schema.ts'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { migrateDatabase, openDatabase } from '../../src/db/open.ts'
import { encodeCursor } from '../../src/http/paging.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { newId } from '../../src/shared/ids.ts'
import { questionOf } from '../../src/shared/question.ts'
import { PLACES } from '../../src/shared/words.ts'
import { fill } from './newsroom.ts'

// How long reading takes beside the reading of one article, in one run on one machine: medians over HTTP on a connection
// that is kept open, asked in turns. `npm run bench`; BENCH_ARTICLES says how many there are.

const count = Number(process.env.BENCH_ARTICLES ?? 5_000)
const folder = mkdtempSync(join(tmpdir(), 'dateline-bench-'))
const url = process.env.BENCH_DATABASE_URL ?? `file:${join(folder, 'bench.db')}`
const desk: Caller = { id: newId(), name: 'The bench', role: 'editor', scopes: roles.editor }

await migrateDatabase(url)
const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: url })
const connections = { url, connectionsMax: 4, statementTimeoutMs: 30_000 }
const db = await openDatabase(connections, () => undefined)
const logger = pino({ level: 'silent' })
const { app, services } = buildApp({ config, db, clock: systemClock, ids: newId, logger })

const started = performance.now()
const ids = await fill(services, db, desk, count)
process.stdout.write(`${count} articles in ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
while (await services.ticker.tick());
const linksTo = (from: number, length: number) =>
  ids.slice(from, from + length).map((id) => ({ target: { kind: 'article' as const, id } }))
await db.write(async (tx) => {
  await services.headlines.replaceIn(tx, desk, ids[0] ?? '', [0], linksTo(1, 16))
  for (const [front, rails, items] of [
    ['small', 2, 5],
    ['large', 10, 20],
  ] as const) {
    const keys = Array.from({ length: rails }, (_, n) => `${front}-${n}`)
    for (const [n, key] of keys.entries()) {
      await services.rails.createIn(tx, desk, { key, title: key, items: linksTo(20 + n * items, items) })
    }
    await services.fronts.createIn(tx, desk, { key: front, title: front, rails: keys.map((key) => ({ key })) })
  }
  const backfill = { section: 'world' }
  await services.rails.createIn(tx, desk, { key: 'filled', title: 'World', maxItems: 20, backfill })
})
await app.listen({ host: '127.0.0.1', port: 0 })
const { port } = app.server.address() as AddressInfo

/** The place of a story in the middle of all, as far from either end of a list as there is. */
const middle = ids[Math.floor(ids.length / 2)] ?? ''
const story = (await (await fetch(`http://127.0.0.1:${port}/v1/articles/${middle}`)).json()) as Record<string, string>
const { publishedAt = '', updatedAt = '' } = story
/** The page of a list that begins in its middle. */
function deep(question: Record<string, string>): string {
  const at = question.sort === '-updatedAt' ? updatedAt : publishedAt
  const cursor = encodeCursor({ direction: 'after', at, id: middle }, question)
  return `/v1/articles?${new URLSearchParams({ ...question, cursor })}`
}
/** The page of a search that begins in the middle of what was found. */
function deepSearch(q: string): string {
  const hit = { tier: 3, nth: Date.parse(publishedAt) * PLACES }
  return `/v1/search?q=${q}&cursor=${encodeCursor({ direction: 'after', at: publishedAt, id: middle, hit }, { q: { text: q, ...questionOf(q) } })}`
}
const term = { section: 'world', tag: 'flood-defences', author: 'jane-doe', language: 'en' }
const paths = {
  'one article': `/v1/articles/${ids[0]}`,
  'a list of 20': '/v1/articles?limit=20',
  'its page in the middle': deep({}),
  'oldest first': '/v1/articles?sort=publishedAt',
  'oldest first, in the middle': deep({ sort: 'publishedAt' }),
  'by change': '/v1/articles?sort=-updatedAt',
  'by change, in the middle': deep({ sort: '-updatedAt' }),
  ...Object.fromEntries(
    Object.entries(term).flatMap(([name, slug]) => [
      [`of one ${name}`, `/v1/articles?${name}=${slug}`],
      [`of one ${name}, in the middle`, deep({ [name]: slug })],
    ]),
  ),
  'of a section and a tag': `/v1/articles?section=${term.section}&tag=${term.tag}`,
  'of all four, by change': `/v1/articles?${new URLSearchParams({ ...term, sort: '-updatedAt' })}`,
  'published before': `/v1/articles?publishedBefore=${publishedAt}`,
  'updated since, by change': `/v1/articles?updatedAfter=${updatedAt}&sort=-updatedAt`,
  '20 by their ids': `/v1/articles?ids=${ids.slice(0, 20).join()}`,
  'with links': '/v1/articles?include=headlines',
  'with two fields': '/v1/articles?fields=headline,url',
  'counted exactly': '/v1/articles?count=exact',
  'with words, newest first': '/v1/articles?q=harbour',
  'search: a rare word': '/v1/search?q=quinelwick',
  'search: a common word': '/v1/search?q=harbour',
  'search: its page in the middle': deepSearch('harbour'),
  'search: two common words': '/v1/search?q=harbour+council',
  'search: a phrase': '/v1/search?q=%22harbour+budget%22',
  'search: a beginning': '/v1/search?q=ha*',
  'search: excluding': '/v1/search?q=harbour+-council',
  'search: in a section': '/v1/search?q=harbour&section=world',
  'search: of nothing, did you mean': '/v1/search?q=harbuor',
  'related to one': `/v1/articles/${middle}/related`,
  sections: '/v1/sections',
  tags: '/v1/tags',
  'one section': '/v1/sections/world',
  'a feed of 20, RSS': '/v1/feeds/rss.xml',
  'a feed of 20, JSON': '/v1/feeds/feed.json',
  'the index of sitemaps': '/v1/sitemap.xml',
  'a rail of 20': '/v1/rails/large-0',
  'a rail filled by a section': '/v1/rails/filled',
  'a front of 2 × 5': '/v1/fronts/small',
  'a front of 10 × 20': '/v1/fronts/large',
}
const worker = new Worker(new URL('./ask.ts', import.meta.url), { workerData: { port, paths: Object.values(paths) } })
const medians = await new Promise<number[]>((resolve, reject) => worker.once('message', resolve).once('error', reject))
const [one = 1] = medians
for (const [n, name] of Object.keys(paths).entries()) {
  const ms = medians[n] ?? Number.NaN
  process.stdout.write(`${name.padEnd(34)}${ms.toFixed(3)} ms  ${(ms / one).toFixed(1)} ×\n`)
}
await app.close()
await db.close()
rmSync(folder, { recursive: true })
