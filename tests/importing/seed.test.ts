import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EditorialArticle } from '../../src/articles/schema.ts'
import type { HeadlineLink } from '../../src/delivery/schema.ts'
import type { EditorialHeadlines } from '../../src/headlines/schema.ts'
import { runHere } from '../support/command.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { type LiveArticle, makeKey, runCli, type Server, startServer } from '../support/process.ts'

const document = fileURLToPath(new URL('../../seeds/us-russia-istanbul-talks.txt', import.meta.url))
const lines = readFileSync(document, 'utf8')
  .split('\n')
  .map((line) => line.trimEnd())
  .filter((line) => line !== '')
const folder = mkdtempSync(join(tmpdir(), 'dateline-seed-'))
const story = 'The council met on Monday.\nIt voted.\n'

let database: TestDatabase
let server: Server
let key: string

const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content)
const seed = (...args: string[]) => runHere(['seed', ...args], { DATABASE_URL: database.url }, folder)
const seedAlone = (...args: string[]) => runCli(['seed', ...args], { DATABASE_URL: database.url }, folder)
const read = <T>(path: string) => server.read<T>(`/v1${path}`, key)
const all = async () => (await read<{ data: EditorialArticle[] }>('/editorial/articles?limit=100')).data
const articleOf = async (file: string) => {
  const { id } = (await all()).find(({ provenance }) => provenance?.file === file) ?? {}
  const article = await read<EditorialArticle>(`/editorial/articles/${id}`)
  const list = await read<EditorialHeadlines>(`/editorial/articles/${id}/headlines`)
  const text = article.body.map((block) =>
    'children' in block ? block.children.map((span) => ('text' in span ? span.text : '')).join('') : '',
  )
  return { article, text, links: list.items.map(({ headline }) => headline) }
}

beforeAll(async () => {
  database = await freshDatabase()
  key = await makeKey(database.url, 'editor')
  // It runs all the time: importing must go on beside it.
  server = await startServer({ DATABASE_URL: database.url })
})
afterAll(async () => {
  await server.kill('SIGKILL')
  await database.drop()
  rmSync(folder, { recursive: true })
})

describe('the source document', () => {
  it('imported by two at once becomes one article; the other says that it was there', async () => {
    const ends = await Promise.all([seedAlone(document), seedAlone(document)])
    for (const { code, stderr } of ends) expect([code, stderr]).toEqual([0, ''])
    const said = ends.map(({ stdout }) => stdout).sort()
    expect(said[0]).toContain(`${document}: created article`)
    expect(said[0]).toContain('with 6 paragraphs and 16 headline links: "U.S. and Russian officials met')
    expect(said[1]).toContain(`${document}: unchanged, it is article ${(await all())[0]?.id} already, a draft\n`)
    expect(await all()).toHaveLength(1)
  })

  it('is a draft with every word of it, and says what was made up and from where it came', async () => {
    const { article, text, links } = await articleOf('us-russia-istanbul-talks.txt')
    expect(text).toEqual(lines.slice(0, 6))
    expect(links).toEqual(lines.slice(6))
    expect(article).toMatchObject({
      state: 'draft',
      version: 1,
      edition: 0,
      publishedAt: null,
      liveFrom: null,
      byline: null,
      dateline: null,
    })
    expect(article.headline).toBe(lines[0]?.slice(0, article.headline.length))
    expect(article.headline.length).toBeLessThanOrEqual(110)
    const sha256 = createHash('sha256').update(readFileSync(document)).digest('hex')
    const { importedAt, ...provenance } = article.provenance ?? {}
    expect(provenance).toEqual({
      kind: 'document',
      file: 'us-russia-istanbul-talks.txt',
      publishedAt: null,
      sha256,
      derived: ['headline'],
    })
    expect(Math.abs(Date.parse(importedAt ?? '') - Date.parse(article.createdAt))).toBeLessThan(1_000)
    expect(await read('/articles')).toMatchObject({ data: [] })
  })

  it('imported again changes nothing, not even when it is to be published, or has another name', async () => {
    const before = await articleOf('us-russia-istanbul-talks.txt')
    write('other-name.txt', readFileSync(document))
    const { code, stdout } = await seed('--publish', document, 'other-name.txt')
    const [{ id } = { id: '' }] = await all()
    for (const file of [document, 'other-name.txt']) {
      expect(stdout).toContain(
        `${file}: unchanged, it is article ${id} already, and stays a draft: publish it by POST /v1/editorial/articles/${id}/publish\n`,
      )
    }
    expect(code).toBe(0)
    expect(stdout).toMatch(/\n0 created, 2 unchanged, 0 failed\n$/)
    expect(await articleOf('us-russia-istanbul-talks.txt')).toEqual(before)
    expect(await all()).toHaveLength(1)
  })
})

describe('many documents at once', () => {
  let code: number | null
  let stdout: string
  let stderr: string
  let before: number
  beforeAll(async () => {
    before = (await all()).length
    write(
      'plain.txt',
      'A council of “elders” met – at last – in the town’s hall.\nIt voted.  \n\n\nRates Rise\nIt Rains\n',
    )
    write('windows.txt', `\ufeff${readFileSync(document, 'utf8').replaceAll('\n', '\r\n')}`)
    write('nbsp.txt', '\u00a0It rained 10\u00a0km away. \u00a0\n\u00a0\n\u00a0\nA\u00a0Win\nA Loss\n')
    write('text.txt', 'Only text is here.\n\nAnd more of it.\n')
    write('Home Top.txt', '\nRates Rise\nIt Rains\n\nSnow Falls\n')
    write('empty.txt', '')
    write('blank.txt', ' \n\u00a0\n\n')
    write('binary.txt', Buffer.concat([Buffer.from('A line.\nAnother.\n'), Buffer.from([0, 1, 2])]))
    write('latin.txt', Buffer.from('One.\nTwo.\nCaf\xe9.\n', 'latin1'))
    write('utf16.txt', Buffer.from('\ufeffText', 'utf16le'))
    write('large.txt', Buffer.alloc(5_000_001, 'x'))
    write('last.txt', `The last one.\n${'It is long.\n'.repeat(100)}`)
    mkdirSync(join(folder, 'folder'))
    execFileSync('mkfifo', [join(folder, 'pipe')])
    const end = await seed(
      ...['plain.txt', 'windows.txt', 'empty.txt', 'blank.txt', 'binary.txt', 'nbsp.txt', 'latin.txt', 'utf16.txt'],
      ...['text.txt', 'large.txt', 'missing.txt', 'folder', 'pipe', 'Home Top.txt', 'last.txt'],
    )
    code = end.code
    stdout = end.stdout
    stderr = end.stderr
  })

  it('those that can be read are imported, and the end says that others could not', async () => {
    expect(code).toBe(1)
    expect(stdout).toMatch(/\n6 created, 0 unchanged, 9 failed\n$/)
    expect(await all()).toHaveLength(before + 5)
  })

  it('each bad file is named with its line and what would help, and nothing of it is stored', async () => {
    const said = stderr.split('\n')
    for (const [file, words] of [
      ['empty.txt', /empty/],
      ['blank.txt', /empty/],
      ['binary.txt:3', /control characters/],
      ['latin.txt:3', /UTF-8/],
      ['utf16.txt:1', /UTF-16/],
      ['large.txt', /at most 5000000 bytes/],
      ['missing.txt', /no such file/],
      ['folder', /folder/],
      ['pipe', /not a file: .*pipe/],
    ] as const) {
      expect(
        said.filter((line) => line.startsWith(`${file}: `) && words.test(line)),
        file,
      ).toHaveLength(1)
    }
    expect(said).toHaveLength(10)
    expect(stderr).not.toMatch(/\n {4}at /)
    const imported = (await all()).map(({ provenance }) => provenance?.file)
    for (const file of ['binary.txt', 'latin.txt', 'large.txt', 'folder']) expect(imported).not.toContain(file)
  })

  it('CRLF, byte order marks and no-break spaces do no harm, and quotation marks and dashes stay', async () => {
    const windows = await articleOf('windows.txt')
    expect([windows.text, windows.links]).toEqual([lines.slice(0, 6), lines.slice(6)])
    const nbsp = await articleOf('nbsp.txt')
    expect([nbsp.text, nbsp.links]).toEqual([['It rained 10\u00a0km away.'], ['A\u00a0Win', 'A Loss']])
    const plain = await articleOf('plain.txt')
    expect(plain.text[0]).toBe('A council of “elders” met – at last – in the town’s hall.')
    expect(plain.links).toEqual(['Rates Rise', 'It Rains'])
  })

  it('text alone has no links, and headlines alone become a rail that is named after the file', async () => {
    const { article, text, links } = await articleOf('text.txt')
    expect([article.headline, text, links]).toEqual([
      'Only text is here',
      ['Only text is here.', 'And more of it.'],
      [],
    ])
    expect(stdout).toContain(
      'Home Top.txt: headlines only: created the rail "home-top" with 3 headline links, public at once\n',
    )
    const rail = await read<{ title: string; items: HeadlineLink[] }>('/rails/home-top')
    expect([rail.title, rail.items.map(({ headline }) => headline)]).toEqual([
      'Home Top',
      ['Rates Rise', 'It Rains', 'Snow Falls'],
    ])
    expect((await articleOf('last.txt')).text).toHaveLength(101)
  })
})

it('the first line is the headline where the editor says so, and then nothing is made up; published, readers have it at once', async () => {
  write('headline.txt', `Council: Votes. At Last\n\n${story}`)
  const { code, stdout } = await seed('--publish', '--headline', 'first-line', 'headline.txt')
  expect(code).toBe(0)
  expect(stdout).toContain('created and published article')
  const { article, text } = await articleOf('headline.txt')
  expect([article.headline, text]).toEqual(['Council: Votes. At Last', ['The council met on Monday.', 'It voted.']])
  expect(article.provenance?.derived).toEqual([])
  expect([article.state, article.edition]).toEqual(['live', 1])
  const live = await read<LiveArticle>(`/articles/${article.slug}?body=text`)
  expect([live.headline, live.bodyText]).toEqual([article.headline, text.join('\n\n')])
  expect(JSON.stringify(live)).not.toContain('headline.txt')
})

it('imported again with --publish, what readers have already is said to be unchanged and nothing else', async () => {
  const { code, stdout } = await seed('--publish', '--headline', 'first-line', 'headline.txt')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^headline\.txt: unchanged, it is article [\w-]+ already\n$/)
})
