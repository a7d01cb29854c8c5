import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runHere } from '../support/command.ts'
import { emptyDatabase, engine, type TestDatabase } from '../support/database.ts'
import { type LiveArticle, runMain, type Server, startServer } from '../support/process.ts'

const document = readFileSync(new URL('../../seeds/us-russia-istanbul-talks.txt', import.meta.url), 'utf8')
const lines = document
  .split('\n')
  .map((line) => line.trimEnd())
  .filter((line) => line !== '')
const KEY = /dl_dev_[\w-]{43}/g

const folder = mkdtempSync(join(tmpdir(), 'dateline-start-'))
let database: TestDatabase
let first: Server
let key: string
let slug: string

// On SQLite as a newcomer has it: no setting at all, in an empty folder.
const settings = () => ({ NODE_ENV: 'development', ...(engine === 'postgres' && { DATABASE_URL: database.url }) })

beforeAll(async () => {
  database = await emptyDatabase()
  first = await startServer(settings(), folder)
  await first.found(/reference .*\n/)
  key = first.printed().match(KEY)?.[0] ?? ''
  slug = /\/v1\/articles\/([a-z0-9-]+)\n/.exec(first.printed())?.[1] ?? ''
})
afterAll(async () => {
  await first.kill('SIGKILL')
  await database.drop()
  rmSync(folder, { recursive: true })
})

it('prints the addresses, and once an admin key that works', async () => {
  const { origin } = first
  for (const address of [`Dateline is at ${origin}\n`, ` ${origin}/v1/articles\n`, ` ${origin}/docs/\n`]) {
    expect(first.printed()).toContain(address)
  }
  expect(first.printed().match(KEY)).toEqual([key])
  expect(await first.read('/v1/me', key)).toMatchObject({ role: 'admin' })
  for (const path of ['/v1/articles', `/v1/articles/${slug}`, '/docs/'])
    expect((await first.call(path)).status).toBe(200)
})

it('serves the source document: six blocks and sixteen headlines, in its order and to the letter', async () => {
  const article = await first.read<LiveArticle>(`/v1/articles/${slug}?body=blocks,text`)
  expect(lines).toHaveLength(22)
  expect(article.body).toHaveLength(6)
  expect(article.bodyText).toBe(lines.slice(0, 6).join('\n\n'))
  const links = article.headlines
  expect(links.map(({ headline }) => headline)).toEqual(lines.slice(6))
  expect(links.map(({ position, url, target }) => [position, url, target])).toEqual(
    Array.from({ length: 16 }, (_, at) => [at, null, null]),
  )
  const list = await first.read<{ data: LiveArticle[] }>('/v1/articles')
  expect(list.data.map((each) => each.slug)).toEqual([slug])
})

it('never writes the key into the log, however often it is used', async () => {
  await first.call('/v1/editorial/articles', key)
  await first.call('/v1/editorial/articles', `${key}x`)
  await first.found(/"status":401/)
  const log = first
    .printed()
    .split('\n')
    .filter((line) => line.startsWith('{'))
  expect(log.length).toBeGreaterThan(5)
  expect(log.join('\n')).not.toContain('dl_dev')
})

it('prints no key at the second start, and imports nothing again', async () => {
  expect((await first.kill('SIGTERM')).code).toBe(0)
  const second = await startServer(settings(), folder)
  await second.found(/reference .*\n/)
  expect(second.printed()).not.toContain('dl_')
  expect(second.printed()).not.toContain(slug)
  const list = await second.read<{ data: { version: number }[] }>('/v1/editorial/articles', key)
  expect(list.data.map(({ version }) => version)).toEqual([2])
  const keys = await second.read<{ data: object[] }>('/v1/editorial/keys', key)
  expect(keys.data).toHaveLength(1)
  await second.kill('SIGKILL')
})

it('makes no key and imports nothing in production', async () => {
  const empty = await emptyDatabase()
  const server = await startServer({ NODE_ENV: 'production', DATABASE_URL: empty.url })
  expect(server.printed()).not.toContain('dl_')
  for (const line of server.printed().trim().split('\n')) expect(JSON.parse(line), line).toHaveProperty('time')
  expect(await server.read('/v1/articles')).toMatchObject({ data: [] })
  expect((await server.call('/v1/me', key)).status).toBe(401)
  await server.kill('SIGKILL')
  await empty.drop()
})

it('does not start with wrong settings, and names each of them', async () => {
  const wrong = {
    NODE_ENV: 'prod',
    PORT: '70000',
    DATABASE_URL: 'mysql://here',
    DATABASE_TIMEOUT_MS: '1e4',
    PUBLIC_URL: 'ftp://dateline.example',
    ARTICLE_URL: 'https://news.example/',
    DELIVERY: 'open',
    CORS_ORIGINS: 'https://desk.example, https://a.example/',
    LOG_LEVEL: 'loud',
  }
  const { code, stdout, stderr } = await runMain(wrong, folder)
  expect([code, stdout]).toEqual([1, ''])
  const named = stderr.split('\n').flatMap((line) => /^ {2}([A-Z_]+): ./.exec(line)?.[1] ?? [])
  expect(named.sort()).toEqual(Object.keys(wrong).sort())
  expect(stderr).not.toContain(' at ')
})

const broken: [string, () => string, RegExp][] =
  engine === 'postgres'
    ? [
        [
          'nothing listens',
          () => 'postgres://dateline:s3cret@127.0.0.1:1/nothing',
          /postgres:\/\/dateline@127\.0\.0\.1:1\/nothing.*ECONNREFUSED.*\n.*PostgreSQL run/,
        ],
        [
          'no such host is known',
          () => 'postgres://dateline:s3cret@nowhere.invalid/x?password=s3cret',
          /postgres:\/\/dateline@nowhere\.invalid\/x: .*\n.*PostgreSQL run/,
        ],
        [
          'no such database is',
          () => database.url.replace(/\/\w+$/, '/nothing'),
          /\/nothing: .*does not exist\n.*[Mm]ake it/,
        ],
        [
          'a sign in the password breaks the address',
          () => 'postgres://dateline:1/s3cret@127.0.0.1/x',
          /postgres:\/\/…: .*\n.*percent-encoded/,
        ],
        ['the address is broken', () => 'postgres://dateline:s3cret@[', /postgres:\/\/…: /],
      ]
    : [
        ['a file is where its folder should be', () => 'file:file/dateline.db', /file:file\/dateline\.db.*\n.*folder/],
        ['it is a folder', () => 'file:data', /file:data: unable to open database file\n.*folder/],
        ['it is another file', () => 'file:notes.txt', /file:notes\.txt: file is not a database\n.*another/],
      ]

it.each(broken)('does not start where %s, and names the database without its password', async (_, url, words) => {
  writeFileSync(join(folder, 'file'), '')
  writeFileSync(join(folder, 'notes.txt'), 'These are notes of the desk. '.repeat(100))
  const program = runMain({ DATABASE_URL: url() }, folder)
  const list = await runHere(['keys', 'list'], { DATABASE_URL: url() }, folder)
  const migrate = await runHere(['migrate'], { DATABASE_URL: url() }, folder)
  for (const ended of [await program, list, migrate]) {
    expect([ended.code, ended.stdout]).toEqual([1, ''])
    expect(ended.stderr).toMatch(/^The database of DATABASE_URL /)
    expect(ended.stderr).toMatch(words)
    expect(ended.stderr).not.toContain('s3cret')
    expect(ended.stderr).not.toContain(' at ')
  }
})

it('does not start where another has its port, and the key is still to be had at the next start', async () => {
  const empty = await emptyDatabase()
  const own = { NODE_ENV: 'development', DATABASE_URL: empty.url }
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const refused = await runMain({ ...own, PORT: String(port) })
  other.close()
  expect([refused.code, refused.stdout]).toEqual([1, ''])
  expect(refused.stderr).toMatch(new RegExp(`PORT ${port} .*HOST 127\\.0\\.0\\.1.*EADDRINUSE.*\\n.*PORT`))
  const server = await startServer(own)
  const [given = ''] = await server.found(KEY)
  expect((await server.call('/v1/me', given)).status).toBe(200)
  await server.kill('SIGKILL')
  await empty.drop()
})

it('does not start at an address that this machine does not have, and says so', async () => {
  const empty = await emptyDatabase()
  const { code, stdout, stderr } = await runMain({
    NODE_ENV: 'development',
    DATABASE_URL: empty.url,
    HOST: '192.0.2.1',
  })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/HOST 192\.0\.2\.1.*EADDRNOTAVAIL.*\n.*HOST/)
  await empty.drop()
})
