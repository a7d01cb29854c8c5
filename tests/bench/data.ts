import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eq } from 'drizzle-orm'
import { type Caller, roles } from '../../src/access/schema.ts'
import { fromText } from '../../src/body/from-text.ts'
import { readConfig } from '../../src/config.ts'
import { migrateDatabase, openDatabase } from '../../src/db/open.ts'
import { buildServices } from '../../src/services.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { newId } from '../../src/shared/ids.ts'
import { randomFrom, storyOf } from './newsroom.ts'

// A newsroom of some size whose articles have 16 links each: 6 to pages elsewhere, 4 that are only words, 6 to earlier articles of ours.
// On SQLite it is made once and kept beside the system's other temporary files, as making it takes longer than asking it.

export interface Newsroom {
  url: string
  /** Of articles from all over the years: those that the bench asks for. */
  sample: { id: string; slug: string }[]
  /** The story in the middle of all, and when it was published. */
  middle: { id: string; at: string }
  key: string
}

const desk: Caller = { id: newId(), name: 'The bench', role: 'editor', scopes: roles.editor }
const SAMPLE = 500
const LINKS = { external: 6, pending: 4, internal: 6 }

export function linksOf(n: number, idOf: (n: number) => string | undefined) {
  const random = randomFrom(n + 7)
  const number = () => Math.floor(random() * 1e6)
  const elsewhere = () => ({
    headline: `What others say of it (${number()})`,
    target: { kind: 'url' as const, url: `https://elsewhere.example/${number()}-${number()}` },
  })
  const external = Array.from({ length: LINKS.external }, elsewhere)
  const pending = Array.from({ length: LINKS.pending }, () => ({
    headline: `What is still to be written (${number()})`,
  }))
  // Of the last hundred, and none twice: a list shows each story once.
  const ids = Array.from({ length: LINKS.internal }, (_, place) => idOf(n - 1 - place * 16 - Math.floor(random() * 16)))
  const internal = ids.map((id) => (id === undefined ? elsewhere() : { target: { kind: 'article' as const, id } }))
  return [external, internal, pending].flat()
}

async function make(url: string, count: number): Promise<Omit<Newsroom, 'url'>> {
  await migrateDatabase(url)
  const db = await openDatabase({ url, connectionsMax: 4, statementTimeoutMs: 60_000 }, () => undefined)
  const config = readConfig({ NODE_ENV: 'production', DATABASE_URL: url })
  const services = buildServices({ config, db, clock: systemClock, ids: newId })
  const { articles, headlines, publishing, rails, fronts, access, ticker } = services
  const made: { id: string; slug: string }[] = []
  const AT_ONCE = 200
  for (let from = 0; from < count; from += AT_ONCE) {
    await db.write(async (tx) => {
      for (let n = from; n < Math.min(from + AT_ONCE, count); n++) {
        const { bodyText, ...fields } = storyOf(n)
        const { article } = await articles.createIn(tx, desk, fields, { body: fromText(bodyText) })
        await headlines.replaceIn(
          tx,
          desk,
          article.id,
          [0],
          linksOf(n, (earlier) => made[earlier]?.id),
        )
        await publishing.publishIn(tx, desk, article.id, [1])
        made.push({ id: article.id, slug: article.slug })
      }
    })
    if (from % 10_000 === 0 && count > 10_000) process.stderr.write(`${from} of ${count} articles are made\n`)
  }
  while (await ticker.tick());
  const pointing = (from: number, length: number) =>
    made.slice(from, from + length).map(({ id }) => ({ target: { kind: 'article' as const, id } }))
  await db.write(async (tx) => {
    const keys = Array.from({ length: 6 }, (_, n) => `rail-${n}`)
    for (const [n, key] of keys.entries()) {
      await rails.createIn(tx, desk, { key, title: key, items: pointing(n * 20, 20) })
    }
    await fronts.createIn(tx, desk, { key: 'home', title: 'Home', rails: keys.map((key) => ({ key })) })
  })
  const { key } = await access.create('The bench', 'editor')
  const step = Math.max(1, Math.floor(count / SAMPLE))
  const chosen = made.filter((_, n) => n % step === 0).slice(0, SAMPLE)
  const middle = made[Math.floor(count / 2)]?.id ?? ''
  const [story] = await db.read
    .select({ at: db.tables.editions.publishedAt })
    .from(db.tables.editions)
    .where(eq(db.tables.editions.articleId, middle))
  await db.tidy()
  await db.close()
  return { key, sample: chosen, middle: { id: middle, at: story?.at ?? '' } }
}

/** What the data depends on. */
function digest(): string {
  const sources = ['data.ts', 'newsroom.ts'].map((name) => readFileSync(new URL(name, import.meta.url)))
  const folder = new URL('../../migrations/sqlite/', import.meta.url)
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql'))
  const steps = names.map((name) => readFileSync(new URL(name, folder)))
  return createHash('sha256')
    .update(Buffer.concat([...sources, ...steps]))
    .digest('hex')
    .slice(0, 12)
}

/** A newsroom of so many articles in a file of its own in `folder`, made or copied. */
export async function newsroomOf(count: number, folder: string): Promise<Newsroom> {
  const kept = join(tmpdir(), `dateline-bench-${count}-${digest()}`)
  const file = join(kept, 'bench.db')
  if (!existsSync(kept)) {
    const making = mkdtempSync(join(tmpdir(), 'dateline-bench-making-'))
    const made = await make(`file:${join(making, 'bench.db')}`, count)
    writeFileSync(join(making, 'about.json'), JSON.stringify(made))
    // It is there whole or not at all.
    renameSync(making, kept)
  }
  const about = JSON.parse(readFileSync(join(kept, 'about.json'), 'utf8')) as Omit<Newsroom, 'url'>
  const own = join(folder, `${count}.db`)
  copyFileSync(file, own)
  return { ...about, url: `file:${own}` }
}

/** The same in an empty PostgreSQL. */
export const newsroomIn = async (url: string, count: number): Promise<Newsroom> => ({
  ...(await make(url, count)),
  url,
})
