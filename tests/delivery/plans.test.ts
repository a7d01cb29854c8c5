import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeCursor } from '../../src/http/paging.ts'
import { FOREVER } from '../../src/shared/clock.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { execute, planOf } from '../support/sql.ts'
import { sentTo } from '../support/statements.ts'

const ARTICLES = 6_000
const AT_ONCE = 1_000

const at = (n: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + n * 60_000).toISOString()
const idOf = (n: number) => `019b0f61-2c44-7d10-8a55-${String(n).padStart(12, '0')}`

let app: TestApp
let get: (query: string) => Promise<void>
beforeAll(async () => {
  // How long an answer may be kept is another statement.
  app = await startApp({ settings: { CACHE_CUT: 'off' } })
  const { port } = app.app.server.address() as AddressInfo
  get = async (query) => {
    const { status } = await fetch(`http://127.0.0.1:${port}/v1/articles?${query}`)
    expect(status, query).toBe(200)
  }
  const { editions, editionTerms } = app.db.tables
  const row = (n: number): typeof editions.$inferInsert => ({
    articleId: idOf(n),
    edition: 1,
    slug: `story-${n}`,
    section: `section-${n % 3}`,
    publishedAt: at(n),
    updatedAt: at(n),
    liveFrom: at(n),
    liveUntil: FOREVER,
    expiresAt: FOREVER,
    embargo: false,
    contentVersion: 1,
    corrections: [],
    beginNoted: true,
    endNoted: true,
    superseded: false,
    card: `"headline":"${'word '.repeat(100)}"`,
  })
  const terms = (n: number) =>
    (
      [
        ['section', `section-${n % 3}`],
        ['tag', `tag-${n % 7}`],
        ['author', `author-${n % 5}`],
        ['language', n % 4 ? 'en' : 'fr'],
      ] as const
    ).map(([kind, slug]) => ({
      articleId: idOf(n),
      edition: 1,
      kind,
      slug,
      publishedAt: at(n),
      updatedAt: at(n),
      superseded: false,
    }))
  for (let from = 0; from < ARTICLES; from += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, n) => from + n)
    await app.db.write(async (tx) => {
      await tx.insert(editions).values(some.map(row))
      await tx.insert(editionTerms).values(some.flatMap(terms))
    })
  }
  const { termSlugs } = app.db.tables
  const slugs = Array.from({ length: AT_ONCE }, (_, n) => ({ kind: 'tag' as const, slug: `tag-${n}`, key: `tag-${n}` }))
  await app.db.write(async (tx) => void (await tx.insert(termSlugs).values(slugs)))
  // PostgreSQL does this by itself after a while; SQLite never does, and finds its way without.
  if (app.db.engine === 'postgres') await execute(app.url, 'analyze')
}, 120_000)

/** A step that looks at everything there is (the table of one row apart), or puts it in order afterwards. */
const costly = /\bSeq Scan\b(?! on taxonomy)|\bSort\b|^SCAN (?!.*USING)|TEMP B-TREE/m

const filters: Record<string, string>[] = [
  {},
  { section: 'section-1' },
  { tag: 'tag-1' },
  { author: 'author-1' },
  { language: 'EN' },
  { section: 'section-1', tag: 'tag-1' },
  { section: 'section-1', author: 'author-2', language: 'en' },
]
const times: Record<string, string>[] = [
  {},
  { publishedAfter: at(100), publishedBefore: at(5_000) },
  { updatedAfter: at(100) },
]
const questions = filters.flatMap((filter) =>
  times.flatMap((time) => ['-publishedAt', 'publishedAt', '-updatedAt'].map((sort) => ({ ...filter, ...time, sort }))),
)

/** The address of the page in the middle of a list, both ways: as far from the first one as there is. */
function pages(question: Record<string, string>): string[] {
  const middle = { at: at(ARTICLES / 2), id: idOf(ARTICLES / 2) }
  const cursors = (['after', 'before'] as const).map((direction) => encodeCursor({ direction, ...middle }, question))
  return [undefined, ...cursors].map((cursor) => `${new URLSearchParams({ ...question, ...(cursor && { cursor }) })}`)
}

describe('a page of articles, the first as well as the thousandth', () => {
  it.each(questions)('is found in the order of an index, none put in order afterwards: %j', async (question) => {
    for (const query of pages(question)) {
      const sent = await sentTo(app.url, () => get(query))
      expect(sent.length, query).toBe(1)
      for (const statement of sent) expect(await planOf(app.url, statement), query).not.toMatch(costly)
    }
  })

  it('would be known for costly if it were', async () => {
    const { text, values } = (await sentTo(app.url, () => get('')))[0] ?? {
      text: '',
      values: [],
    }
    const unordered = text.replace(/order by [^)]* limit(?=[^)]*$)/is, 'order by "editions"."card" limit')
    expect(unordered).not.toBe(text)
    expect(await planOf(app.url, { text: unordered, values })).toMatch(costly)
  })

  it('of a few articles by their ids is found by these', async () => {
    const ids = Array.from({ length: 100 }, (_, n) => idOf(n * 7))
    const [statement] = await sentTo(app.url, () => get(`limit=100&ids=${ids.join(',')}`))
    expect(statement && (await planOf(app.url, statement))).toMatch(
      /SEARCH editions USING INDEX \S+ \(article_id=|Index Scan (using|on) editions_(pkey|article_id\S+)|Index Cond: \(article_id = ANY/,
    )
  })
})
