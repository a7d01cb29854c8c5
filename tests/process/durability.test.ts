import { setTimeout as sleep } from 'node:timers/promises'
import { count, eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import type { EditorialArticle } from '../../src/articles/schema.ts'
import { toText } from '../../src/body/to-text.ts'
import type { Database } from '../../src/db/database.ts'
import type { EditorialHeadlines } from '../../src/headlines/schema.ts'
import { engine, freshDatabase } from '../support/database.ts'
import { holdServer, type LiveArticle, makeKey, type Server, withServices } from '../support/process.ts'
import { rounds } from '../support/rounds.ts'

// A PostgreSQL is a process of its own, which a kill of ours does not touch.
const ROUNDS = (engine === 'postgres' ? 3 : 6) * rounds
const DESKS = 8

/** What is known of one article: what was acknowledged last and, while a write is on its way, what it would make of it. */
interface Piece {
  id: string
  acknowledged: Standing
  onItsWay?: Standing
}
interface Standing {
  version: number
  headline: string
  text: string
  edition: number
  listVersion: number
  links: string[]
}

let written = 0

/** One desk: writes articles, changes, publications and links without a pause, until the server is gone. */
async function work(server: Server, key: string, pieces: Piece[]): Promise<void> {
  const send = async (method: string, path: string, body: unknown, version?: number) => {
    const headers: Record<string, string> = version === undefined ? {} : { 'if-match': `"${version}"` }
    const answer = await server.call(`/v1/editorial/articles${path}`, key, { method, body, headers })
    const given = (await answer.json()) as { id: string; version: number }
    expect([200, 201], JSON.stringify(given)).toContain(answer.status)
    written++
    return given
  }
  for (let turn = 0; ; turn++) {
    const headline = `Headline ${written} at ${turn}`
    const publish = turn % 2 === 0
    const tags = [{ name: 'Storm' }]
    const text = `Text ${turn}.\n\nIts second paragraph.`
    const { id, version } = await send('POST', '', { headline, bodyText: text, publish, tags })
    const standing = { version, headline, text, edition: publish ? 1 : 0, listVersion: 0, links: [] }
    const piece: Piece = { id, acknowledged: standing }
    pieces.push(piece)
    const step = async (change: Partial<Standing>, write: () => Promise<unknown>) => {
      piece.onItsWay = { ...piece.acknowledged, ...change }
      await write()
      piece.acknowledged = piece.onItsWay
      delete piece.onItsWay
    }
    const edited = { headline: `${headline}, again`, text: `${text}\n\nAnd more.` }
    await step({ ...edited, version: version + 1 }, () =>
      send('PUT', `/${id}`, { headline: edited.headline, bodyText: edited.text, tags }, version),
    )
    // None of them the headline of a story: that would be pointed at it by whoever publishes it.
    const links = ['A Win', 'A Loss', `Also: ${headline}`]
    await step({ links, listVersion: 1 }, () =>
      send('PUT', `/${id}/headlines`, { items: links.map((each) => ({ headline: each })) }, 0),
    )
    await step({ version: version + 2, edition: standing.edition + 1 }, () =>
      send('POST', `/${id}/publish`, undefined, version + 1),
    )
  }
}

async function standingOf(server: Server, key: string, id: string): Promise<Standing> {
  const article = await server.read<EditorialArticle>(`/v1/editorial/articles/${id}`, key)
  const list = await server.read<EditorialHeadlines>(`/v1/editorial/articles/${id}/headlines`, key)
  const text = toText(article.body)
  if (article.edition > 0) {
    // What is live is what stands, unless an edit came after it.
    const live = await server.read<LiveArticle>(`/v1/articles/${id}?body=text`)
    expect(live.edition).toBe(article.edition)
    if (article.state === 'live') expect([live.headline, live.bodyText]).toEqual([article.headline, text])
    else expect(live.headline).not.toBe(article.headline)
  }
  const { version, headline, edition } = article
  const links = list.items.map((link) => link.headline ?? '')
  return { version, headline, text, edition, listVersion: list.version, links }
}

/** All of it or none: no row of the database may stand without those that belong to it. */
async function expectWhole({ read, tables }: Database): Promise<void> {
  const { articles, articleVersions, editions, editionBodies, editionTerms, addresses, slugs } = tables
  const numberBy = async (
    table: typeof articleVersions | typeof editions | typeof editionBodies | typeof editionTerms,
  ) =>
    new Map(
      (await read.select({ id: table.articleId, rows: count() }).from(table).groupBy(table.articleId)).map((e) => [
        e.id,
        e.rows,
      ]),
    )
  const [versions, made, bodies, terms] = await Promise.all(
    [articleVersions, editions, editionBodies, editionTerms].map(numberBy),
  )
  const owned = new Set((await read.select().from(slugs)).map((each) => `${each.slug} ${each.articleId}`))
  const open = new Set((await read.select().from(addresses)).map((each) => each.articleId))
  const all = await read.select().from(articles)
  for (const { id, version, edition, slug, firstPublishedAt } of all) {
    expect(versions?.get(id), `versions of ${id}`).toBe(version)
    expect(owned, `slug of ${id}`).toContain(`${slug} ${id}`)
    expect(made?.get(id) ?? 0, `editions of ${id}`).toBe(edition)
    expect(bodies?.get(id) ?? 0, `bodies of the editions of ${id}`).toBe(edition)
    expect(open.has(id)).toBe(edition > 0)
    expect(firstPublishedAt !== null).toBe(edition > 0)
  }
  expect([...(versions?.keys() ?? [])].sort()).toEqual(all.map(({ id }) => id).sort())
  expect(terms?.size).toBe(made?.size)
  const { headlineLists, headlineListVersions, headlineLinks, listEditions } = tables
  for (const { id, version } of await read.select().from(headlineLists)) {
    const rowsOf = async (table: typeof headlineListVersions | typeof listEditions | typeof headlineLinks) =>
      (await read.select({ rows: count() }).from(table).where(eq(table.listId, id)))[0]?.rows
    expect(await rowsOf(headlineListVersions), `versions of the list ${id}`).toBe(version)
    expect(await rowsOf(listEditions), `editions of the list ${id}`).toBe(version)
    expect(await rowsOf(headlineLinks), `links of the list ${id}`).toBe(3)
  }
}

it(`what was acknowledged is there after a kill -9, ${ROUNDS} times over, and nothing is half done`, {
  timeout: 60_000 * ROUNDS,
}, async () => {
  const { url, drop } = await freshDatabase()
  const key = await makeKey(url, 'editor')
  const settings = { DATABASE_URL: url, LOG_LEVEL: 'info' }
  const reserve = [holdServer(settings), holdServer(settings)]
  const everything: Piece[] = []
  let server: Server | undefined
  for (let round = 0; round <= ROUNDS; round++) {
    server = await reserve.shift()?.start()
    if (!server) throw new Error('No server is held')
    if (round + 2 <= ROUNDS) reserve.push(holdServer(settings))
    const recent = everything.splice(-3 * DESKS)
    // The newest are looked at after each kill, all of them after the last.
    for (const piece of round === ROUNDS ? [...everything, ...recent] : recent) {
      const found = await standingOf(server, key, piece.id)
      const { acknowledged, onItsWay } = piece
      if (onItsWay && found.version + found.listVersion !== acknowledged.version + acknowledged.listVersion)
        piece.acknowledged = onItsWay
      expect(found, `round ${round}`).toEqual(piece.acknowledged)
      delete piece.onItsWay
    }
    everything.push(...recent)
    await withServices(url, (_services, db) => expectWhole(db))
    if (round === ROUNDS) break
    const alive = server
    const desks = Array.from({ length: DESKS }, () => work(alive, key, everything).catch((error) => error))
    const enough = written + 5 + Math.floor(Math.random() * 60)
    let isCut = false
    void Promise.race(desks).then(() => {
      isCut = true
    })
    while (written < enough && !isCut) await sleep(Math.random() * 4)
    await alive.kill('SIGKILL')
    for (const error of await Promise.all(desks)) expect(String(error)).toMatch(/fetch failed|terminated|closed/)
  }
  expect(everything.length).toBeGreaterThan(5 * ROUNDS)
  expect(written).toBeGreaterThan(2 * everything.length)
  expect((await server?.kill('SIGTERM'))?.code).toBe(0)
  await drop()
})
