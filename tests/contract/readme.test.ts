import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { beforeAll, expect, test } from 'vitest'
import { commandLine } from '../../src/commands/actor.ts'
import { startApp } from '../support/app.ts'

const run = promisify(execFile)
const seed = 'seeds/us-russia-istanbul-talks.txt'
let answers: Record<string, unknown>[]

/** The lines of the README as printed, but for the key and the address; each answer on a line of its own. */
async function asPrinted(origin: string, key: string): Promise<string> {
  const readme = await readFile('README.md', 'utf8')
  const blocks = [...readme.matchAll(/## (?:Five requests|And then)[\s\S]*?```sh\n([\s\S]*?)```/g)].map(
    ([, each]) => each,
  )
  return blocks
    .join('\n')
    .replace(/^KEY=.*$/m, `KEY=${key}`)
    .replace('http://localhost:3000', origin)
}

beforeAll(async () => {
  const app = await startApp()
  const options = { headline: 'derive', publish: true } as const
  await app.services.importing.importDocument(commandLine, 'talks.txt', await readFile(seed), options)
  // The reader has written something of their own before they come to the requests.
  await app.services.importing.importDocument(commandLine, 'own.txt', Buffer.from('Boats run again.\n'), options)
  const { key } = await app.services.access.create('Reader of the README', 'admin')
  const { stdout } = await run('sh', ['-c', await asPrinted(app.origin, key)])
  answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
})

test('the five requests of the README work as they are printed', () => {
  const [read, write, publish, reorder, error] = answers
  expect(read).toMatchObject({ edition: 1, bodyText: expect.stringContaining('Arctic resource development.') })
  expect(read?.headlines).toHaveLength(16)
  expect(write).toMatchObject({ state: 'liveWithChanges', version: 3, kicker: 'Diplomacy' })
  expect(publish).toMatchObject({ state: 'live', version: 4, edition: 2 })
  const headlines = (list: unknown) => (list as { headline: string }[]).map(({ headline }) => headline)
  expect(headlines(reorder?.items)).toEqual(headlines(read?.headlines).reverse())
  expect(error).toMatchObject({ status: 412, code: 'version-mismatch', currentVersion: 4 })
})

test('and so do those that come then', () => {
  const [article, rail, top, ...then] = answers.slice(5)
  const [world, longer, ordered, turned, read, listDifference, waiting] = then
  const [planned, schedule, preview, difference, again, both, ...more] = then.slice(7)
  expect(more).toEqual([])
  expect(article).toMatchObject({ state: 'live', headline: 'Ferry Service Resumes' })
  expect(rail).toMatchObject({ key: 'home-top', version: 1 })
  expect(top?.items).toHaveLength(3)
  expect([world, longer, ordered, turned]).toMatchObject(
    [1, 2, 3, 4].map((version) => ({ key: 'home-world', version })),
  )
  const ids = (list: unknown) => (list as { id: string }[]).map(({ id }) => id)
  const [first, new_, second, last] = ids(longer?.items)
  expect(ids(ordered?.items)).toEqual([last, first, new_, second])
  expect(ids(turned?.items)).toEqual([new_, last, second, first])
  expect(ids(read?.items)).toEqual([new_, first, last, second])
  expect(ids(listDifference?.items)).toContain(first)
  expect(waiting?.data).toHaveLength(3)
  expect(planned).toMatchObject({ state: 'live', scheduled: { liveFrom: '2030-11-23T05:00:00.000Z' } })
  expect(schedule?.data).toHaveLength(2)
  expect(preview?.url).toMatch(/\/v1\/previews\/dl_preview_/)
  expect(difference?.fields).toMatchObject([{ field: 'tags' }, { field: 'kicker' }].toReversed())
  expect(again).toMatchObject({ version: 6, effects: { redirects: [] } })
  expect(both?.results).toMatchObject([{ status: 200 }, { status: 200, body: { scheduled: null, kicker: 'Talks' } }])
})
