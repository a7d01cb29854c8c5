import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toText } from '../../src/body/to-text.ts'
import { migrateDatabase } from '../../src/db/open.ts'
import { sealed } from '../../src/exporting/sealed.ts'
import { makeReady } from '../../src/importing/ready.ts'
import { readAll } from '../importing/formats/reading.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, links, published, RAILS } from '../support/builders.ts'
import { type Hidden, plant, plantThePast } from '../support/canaries.ts'
import { runHere } from '../support/command.ts'
import { engine, freshDatabase, type TestDatabase } from '../support/database.ts'
import { whole } from '../support/twins.ts'

// An installation with everything in it, and the one that its archive becomes.

const folder = mkdtempSync(join(tmpdir(), 'dateline-export-'))
afterAll(() => rmSync(folder, { recursive: true }))
const settings = { CACHE_CUT: 'off', PUBLIC_URL: 'https://news.example', PAST: 'public' }
let app: TestApp
let desk: Desk
let archive: string
const hidden: Hidden = { ids: [], slugs: [], keys: [] }
let keys: string[]
let gone: Hidden

beforeAll(async () => {
  app = await startApp({ settings })
  desk = await app.withRole('admin')
  const one = await published(desk, {
    slug: 'one',
    headline: 'One ferry',
    section: { name: 'World' },
    tags: [{ name: 'Talks' }],
    authors: [{ name: 'Jane Doe' }],
    bodyMarkdown: 'It *sails* to <Łódź>.',
    bodyText: undefined,
  })
  const two = await published(desk, { slug: 'two', headline: 'Two ferries', section: { name: 'Local' } })
  await desk.patch(articleAt(two.id), { slug: 'two-renamed', kicker: 'New' }, '*').expect(200)
  await desk.change(`${articleAt(two.id)}/publish`, '*', { kind: 'correction', text: 'Was wrong.' }).expect(200)
  await desk
    .put('/v1/editorial/sections/world', { name: 'The World', slug: 'the-world', description: 'All of it' }, '*')
    .expect(200)
  await desk.put('/v1/editorial/sections/local', { name: 'Local', parent: 'the-world' }, '*').expect(200)
  await links(
    desk,
    one.id,
    [
      { target: { kind: 'article', id: two.id } },
      { headline: 'Pending' },
      { headline: 'Out', target: { kind: 'url', url: 'https://a.example' } },
    ],
    0,
  )
  await desk.post(RAILS, { key: 'top', title: 'Top', items: [{ target: { kind: 'article', id: one.id } }] }).expect(201)
  await desk.post('/v1/editorial/fronts', { key: 'home', title: 'Home', rails: [{ key: 'top' }] }).expect(201)
  gone = await plantThePast(desk, hidden)
  await plant(app, desk, one.id, two.id, hidden)
  while (await app.services.ticker.tick());
  keys = [
    one.id,
    two.id,
    'one',
    'two',
    'two-renamed',
    'top',
    'home',
    'world',
    'the-world',
    'local',
    'talks',
    'jane-doe',
    // Some of what is hidden: all of it is asked for in tests/contract.
    ...hidden.ids.slice(0, 4),
    ...hidden.slugs.slice(0, 4),
    ...hidden.keys.slice(0, 2),
    ...gone.ids,
    ...gone.slugs,
  ]
  archive = await exported(app)
})

async function exported(from: TestApp, withAudit = false): Promise<string> {
  const lines: string[] = []
  await from.services.exporting.archive((line) => void lines.push(line), { withAudit })
  return lines.join('')
}
async function* bytesOf(text: string) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 10_000) yield bytes.subarray(at, at + 10_000)
}
const loadInto = (to: TestApp, text: string) => to.services.exporting.load(() => bytesOf(text))
/** Without what tells when and by which program it was written. */
const rows = (text: string) => text.trimEnd().split('\n').slice(1, -1)

/** All that readers can be answered, at every address that there is. */
async function answers(of: TestApp) {
  const { paths } = of.documents.delivery as {
    paths: Record<string, { get?: { parameters?: { name: string; in: string }[] } }>
  }
  const values: Record<string, string[]> = {
    format: ['html', 'markdown', 'jsonld', 'ninjs', 'text'],
    body: ['html,blocks,markdown,text'],
    at: ['2026-11-22T12:00:00.500Z', '2030-06-01T00:00:00Z'],
    q: ['ferry', 'lodz'],
    sort: ['-updatedAt'],
    section: ['world', 'the-world'],
    include: ['headlines'],
    count: ['exact'],
    path: ['/v1/articles/two', '/v1/articles/one'],
    limit: ['100'],
  }
  const needed: Record<string, string> = { q: 'ferry', path: '/' }
  const admin = await of.withRole('admin')
  const all = new Map<string, unknown>()
  for (const [template, { get }] of Object.entries(paths)) {
    if (get === undefined || ['/v1/stream', '/v1/me'].includes(template) || template.includes('previews')) continue
    const names = (get.parameters ?? []).filter((each) => each.in === 'query').map(({ name }) => name)
    const base = names.flatMap((name) =>
      needed[name] && ['/v1/search', '/v1/resolve'].includes(template) ? [[name, needed[name] ?? '']] : [],
    )
    const queries = [[], ...names.flatMap((name) => (values[name] ?? []).map((value) => [[name, value]]))]
    for (const key of template.includes('{') ? keys : ['']) {
      for (const query of queries) {
        const search = new URLSearchParams(Object.fromEntries([...base, ...query])).toString()
        const path = `${template.replace(/\{\w+\}/g, key)}${search && `?${search}`}`
        all.set(path, whole(await (path.includes('at=') ? admin : of.nobody).get(path)))
      }
    }
  }
  return all
}

/** On the same clock, which stands still: what is read must not depend on when. */
async function other(database?: TestDatabase): Promise<TestApp> {
  const now = app.clock.now()
  return startApp({ settings, clock: { now: () => now, pass: () => {} }, ...(database && { database }) })
}
async function frozen(): Promise<TestApp> {
  return other({ url: app.url, drop: async () => undefined })
}

describe('an archive of everything', () => {
  it('put into an empty installation is the same one: every row, and every answer that readers get', async () => {
    const before = await frozen()
    const copy = await other()
    const many = await loadInto(copy, archive)
    expect(many).toBe(archive.trimEnd().split('\n').length - 1)
    expect(rows(await exported(copy))).toEqual(rows(archive))
    const expected = await answers(before)
    expect(expected.size).toBeGreaterThan(500)
    const found = await answers(copy)
    for (const [path, answer] of expected) expect(found.get(path), path).toEqual(answer)
    // And it lives on: the next numbers and versions follow.
    const fresh = await copy.withRole('admin')
    const piece = await published(fresh, { slug: 'after' })
    await fresh.patch(articleAt((await copy.nobody.get('/v1/articles/one')).body.id), { kicker: 'On' }, '*').expect(200)
    expect((await copy.nobody.get('/v1/articles/after')).body.id).toBe(piece.id)
    expect((await copy.services.events.after(0, 10_000)).map(({ seq }, n) => seq - n)).toEqual(
      Array(await copy.services.events.last()).fill(1),
    )
  })

  it.runIf(engine === 'postgres')('goes from one engine to the other and back without a difference', async () => {
    const url = `file:${join(folder, 'other.db')}`
    await migrateDatabase(url)
    const sqlite = await other({ url, drop: async () => undefined })
    await loadInto(sqlite, archive)
    const back = await other()
    const over = await exported(sqlite)
    expect(rows(over)).toEqual(rows(archive))
    await loadInto(back, over)
    expect(rows(await exported(back))).toEqual(rows(archive))
    const [expected, found] = [await answers(await frozen()), await answers(sqlite)]
    for (const [path, answer] of expected) expect(found.get(path), path).toEqual(answer)
  })

  it('is refused where something is already there, where it was cut or changed, and then nothing is', async () => {
    await expect(loadInto(app, archive)).rejects.toThrow('not empty')
    const empty = await other()
    const before = await exported(empty, true)
    for (const broken of [
      archive.slice(0, -20),
      archive.replace('One ferry', 'Two ferry'),
      '',
      '{"kind":"x"}\n',
      archive.replace('"version":1,', '"version":2,'),
    ])
      await expect(loadInto(empty, broken)).rejects.toThrow()
    expect(rows(await exported(empty, true))).toEqual(rows(before))
    await loadInto(empty, archive)
  })

  it('of another schema is refused, however whole it is: nothing is dropped or filled in silence', async () => {
    const empty = await other()
    const records = () =>
      archive
        .trimEnd()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line))
    type Row = { kind: string; row: Record<string, unknown>; schema?: unknown }
    const changed = async (change: (record: Row) => unknown) => {
      const all: Row[] = records()
      const first = all.find((record) => change(record) !== undefined)
      expect(first).toBeDefined()
      const lines: string[] = []
      for await (const line of sealed(all as unknown as Record<string, unknown>[])) lines.push(line)
      return loadInto(empty, lines.join(''))
    }
    const ofArticle = (change: (row: Row['row']) => unknown) => (record: Row) =>
      record.kind === 'articles' ? [change(record.row)] : undefined
    await expect(changed((header) => [Object.assign(header, { schema: 'x' })])).rejects.toThrow('with other tables')
    await expect(changed((header) => [delete header.schema])).rejects.toThrow('with other tables')
    await expect(changed(ofArticle((row) => Object.assign(row, { mood: 'x' })))).rejects.toThrow(
      'a row of articles with an unknown column, "mood"',
    )
    await expect(changed(ofArticle((row) => delete row.withdrawn))).rejects.toThrow('with no column "withdrawn"')
    expect(await empty.services.articles.isEmpty()).toBe(true)
  })

  it('holds no key and no secret, and of what was erased only that it is gone', async () => {
    expect(archive).not.toMatch(/dl_(dev|live)_|whsec_|"hash"/)
    const kinds = new Set(
      archive
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).kind),
    )
    for (const kind of ['keys', 'webhooks', 'previews', 'idempotencyKeys', 'articleLocks', 'audit'])
      expect(kinds).not.toContain(kind)
    expect(archive).not.toContain(`${gone.slugs[1]}"`)
    const withAudit = await exported(app, true)
    expect(
      new Set(
        withAudit
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line).kind),
      ),
    ).toContain('audit')
  })

  it('is of one instant, whatever is written meanwhile', async () => {
    const busy = await startApp({ settings })
    const writer = await busy.withRole('admin')
    for (let n = 0; n < 120; n++) await published(writer)
    const before = rows(await exported(busy))
    const lines: string[] = []
    await busy.services.exporting.archive(
      async (line) => {
        if (lines.push(line) % 400 === 0) await published(writer, { section: { name: `Section ${lines.length}` } })
      },
      { withAudit: false },
    )
    expect(rows(lines.join(''))).toEqual(before)
    expect(rows(await exported(busy)).length).toBeGreaterThan(before.length)
  })
})

describe('an export for others', () => {
  it('as WordPress and as Markdown is read again with the same words, dates and terms', async () => {
    const run = (...args: string[]) => runHere(['export', ...args], { DATABASE_URL: app.url, ...settings }, folder)
    expect(await run('--format', 'wxr', 'site.xml')).toMatchObject({ code: 0, stderr: '' })
    expect(await run('--format', 'markdown', 'content')).toMatchObject({ code: 0, stderr: '' })
    const wxr = await readAll('site.xml', readFileSync(join(folder, 'site.xml')), {}, 'auto', 10_000)
    const names = readdirSync(join(folder, 'content'))
    for (const slug of ['one', 'two-renamed']) {
      const { body } = await app.nobody.get(`/v1/articles/${slug}?body=text`).expect(200)
      const item = wxr.find((each) => each.kind === 'article' && each.fields.slug === slug)
      expect(names).toContain(`${slug}.md`)
      const [file] = await readAll(`${slug}.md`, readFileSync(join(folder, 'content', `${slug}.md`)))
      for (const record of [item, file]) {
        if (record?.kind !== 'article') throw new Error(`${slug} is missing`)
        const ready = makeReady(record)
        expect(toText(ready.body)).toBe(body.bodyText)
        expect(record.fields.headline).toBe(body.headline)
        expect(record.fields.tags?.map(({ name }) => name)).toEqual(body.tags.map(({ name }: { name: string }) => name))
        expect(record.publication).toMatchObject({
          state: 'published',
          publishedAt: expect.stringContaining(body.publishedAt.slice(0, 19)),
        })
      }
    }
    // What nobody may read yet is a draft there, too.
    const states = wxr.flatMap((each) =>
      each.kind === 'article' && each.fields.headline.includes('zyxcanary') ? [each.publication.state] : [],
    )
    expect(states.length).toBeGreaterThan(3)
    expect(states).not.toContain('published')
  })

  it('as ninjs has what readers have, and no more', async () => {
    const lines: string[] = []
    await app.services.exporting.ninjs((line) => void lines.push(line))
    const items = lines.map((line) => JSON.parse(line))
    const { body } = await app.nobody.get('/v1/articles?limit=100&count=exact')
    expect(items).toHaveLength(body.page.total)
    expect(lines.join()).not.toContain('zyxcanary')
    const { text } = await app.nobody.get('/v1/articles/one?format=ninjs').expect(200)
    expect(items.find(({ slugline }) => slugline === 'one')).toEqual(JSON.parse(text))
  })

  it('by the API is for administrators, and is the same file', async () => {
    const { text, headers } = await desk.get('/v1/editorial/export').expect(200)
    expect(headers['content-type']).toContain('application/x-ndjson')
    expect(rows(text)).toEqual(rows(await exported(app)))
    for (const format of ['wxr', 'ninjs']) await desk.get(`/v1/editorial/export?format=${format}`).expect(200)
    for (const role of ['reader', 'editor'] as const)
      await (await app.withRole(role)).get('/v1/editorial/export').expect(403)
    await app.nobody.get('/v1/editorial/export').expect(401)
  })
})

it('the commands write a file that is whole, and load it', async () => {
  expect(await runHere(['export', 'all.ndjson'], { DATABASE_URL: app.url }, folder)).toMatchObject({
    code: 0,
    stderr: '',
  })
  const target = await freshDatabase()
  expect(await runHere(['load', 'all.ndjson'], { DATABASE_URL: target.url }, folder)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+ records\n$/),
  })
  const again = await runHere(['load', 'all.ndjson'], { DATABASE_URL: target.url }, folder)
  expect(again).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not empty: give it a new database. Nothing was changed.'),
  })
  writeFileSync(join(folder, 'cut.ndjson'), readFileSync(join(folder, 'all.ndjson')).subarray(0, -9))
  expect(await runHere(['load', 'cut.ndjson'], { DATABASE_URL: target.url }, folder)).toMatchObject({ code: 1 })
  await target.drop()
})

it('an archive is brought into an installation with articles of its own, and again brings nothing', async () => {
  const target = await startApp({ settings })
  const own = await target.withRole('admin')
  await published(own, { slug: 'one', headline: 'Was here before' })
  const send = async () => {
    const { body } = await own
      .raw('post', '/v1/editorial/imports?file=all.ndjson', archive, { 'content-type': 'application/octet-stream' })
      .expect(202)
    await target.services.jobs.tick()
    return (await own.get(`/v1/editorial/imports/${body.id}`).expect(200)).body
  }
  const { counts, state } = await send()
  expect(state).toBe('done')
  expect(counts).toMatchObject({ updated: 0, unchanged: 0, conflict: 0, failed: 0 })
  expect((await target.nobody.get('/v1/articles/one').expect(200)).body.headline).toBe('Was here before')
  expect((await target.nobody.get('/v1/articles/one-2').expect(200)).body).toMatchObject({
    headline: 'One ferry',
    tags: [{ name: 'Talks' }],
  })
  const list = await target.nobody.get('/v1/articles?limit=100').expect(200)
  expect(list.text).not.toContain('zyxcanary')
  expect((await send()).counts).toMatchObject({ created: 0, unchanged: counts.created })
})
