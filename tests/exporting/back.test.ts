import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { extract } from 'tar-stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../../src/access/schema.ts'
import { type ExportFormat, writeExport } from '../../src/exporting/outputs.ts'
import { recordsOf } from '../../src/importing/records.ts'
import type { Reported } from '../../src/importing/schema.ts'
import { exportSettingsOf } from '../../src/site.ts'
import { sourceOf } from '../importing/formats/reading.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk, draft, published } from '../support/builders.ts'
import { runCli } from '../support/process.ts'

// What leaves for another system and comes back: into the installation that it came from, and into another.

const folder = mkdtempSync(join(tmpdir(), 'dateline-back-'))
afterAll(() => rmSync(folder, { recursive: true }))
const settings = { PUBLIC_URL: 'https://news.example' }
const editor = {
  id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77',
  name: 'Importer',
  role: 'admin' as const,
  scopes: roles.admin,
}
let app: TestApp
let desk: Desk
const ids: Record<string, string> = {}

beforeAll(async () => {
  app = await startApp({ settings })
  desk = await app.withRole('admin')
  const one = await published(desk, {
    slug: 'one',
    headline: 'One: "ferry" & <b> [sic]',
    kicker: 'Sea',
    notes: 'For the desk',
    externalId: 'cms-1',
    section: { name: 'World' },
    tags: [{ name: 'Talks', uri: 'https://cv.example/1' }],
    authors: [{ name: 'Jane Doe', url: 'https://j.example' }, { name: 'Kim' }],
    image: { url: 'https://news.example/i.jpg', alt: 'A ferry', caption: 'At sea', credit: 'Kim', width: 4, height: 3 },
    bodyHtml:
      '<p>It [[sails]] <em>to</em> {{&lt; x &gt;}}.</p><figure><img src="https://news.example/j.jpg" alt="J"><figcaption>At <b>dawn</b></figcaption></figure><pre>a\n\nb</pre>',
    bodyText: undefined,
  })
  ids.one = one.id
  await desk.patch(articleAt(one.id), { slug: 'one-renamed' }, '*').expect(200)
  await desk.change(`${articleAt(one.id)}/publish`, '*', {}).expect(200)
  // Readers have another text than the desk.
  await desk.patch(articleAt(one.id), { kicker: 'Not yet' }, '*').expect(200)
  ids.draft = (await draft(desk, { slug: 'a-draft' })).id
  ids.planned = (await draft(desk, { slug: 'planned' })).id
  await desk.change(`${articleAt(ids.planned)}/publish`, '*', { liveFrom: '2030-01-02T03:04:05.678Z' }).expect(200)
  ids.ended = (await published(desk, { slug: 'ended' })).id
  await desk.patch(articleAt(ids.ended), { slug: 'ended-renamed' }, '*').expect(200)
  await desk.change(`${articleAt(ids.ended)}/publish`, '*', { liveUntil: '2026-11-22T13:00:00.000Z' }).expect(200)
  ids.withdrawn = (await published(desk, { slug: 'withdrawn' })).id
  await desk.change(`${articleAt(ids.withdrawn)}/withdraw`, '*').expect(200)
  await desk.put('/v1/editorial/sections/news', { name: 'News' }, '*')
  app.clock.pass(7_200_000)
  while (await app.services.ticker.tick());
})

/** The files of an export. */
async function filesOf(from: TestApp, format: ExportFormat | 'markdown'): Promise<Record<string, string>> {
  if (format === 'markdown') {
    const to = mkdtempSync(join(folder, 'md-'))
    const { code, stderr } = await runCli(
      ['export', '--format', 'markdown', to],
      { DATABASE_URL: from.url, ...settings },
      folder,
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return Object.fromEntries(readdirSync(to).map((name) => [name, readFileSync(join(to, name), 'utf8')]))
  }
  const parts: string[] = []
  const how = { ...exportSettingsOf(from.config), withAudit: false }
  await writeExport(from.services.exporting, format, how, (part) => void parts.push(String(part)))
  return { [`all.${format === 'wxr' ? 'xml' : 'ndjson'}`]: parts.join('') }
}

async function bring(to: TestApp, files: Record<string, string>, how: object = {}): Promise<Reported[]> {
  const sources = Object.entries(files).map(([name, text]) => sourceOf(name, text, 10_000))
  const all: Reported[] = []
  const options = { isDryRun: false, asDrafts: false, withEnded: false, isMoved: false, ...how }
  for await (const some of to.services.imports.import(editor, recordsOf(sources, 'auto', {}), options))
    all.push(...some)
  return all.filter(({ result }) => result !== 'skipped')
}
const results = (all: Reported[]) => [...new Set(all.map(({ result }) => result))]
const formats = ['ndjson', 'wxr', 'markdown', 'ninjs'] as const

describe.each(formats)('an export as %s', (format) => {
  it('brought back changes nothing, and nothing comes twice', async () => {
    const before = (await desk.get('/v1/editorial/articles?limit=100')).body
    const files = await filesOf(app, format)
    const all = await bring(app, files)
    expect(all.filter(({ result }) => result !== 'unchanged')).toEqual([])
    expect(all.map(({ articleId }) => articleId)).toContain(ids.one)
    expect((await desk.get('/v1/editorial/articles?limit=100')).body).toEqual(before)
  })

  it('brought elsewhere is as public as it was here, and there once', async () => {
    const other = await startApp({ settings, clock: { now: () => app.clock.now(), pass: () => {} } })
    const files = await filesOf(app, format)
    const all = await bring(other, files)
    expect(results(all)).toEqual(['created'])
    expect(results(await bring(other, files))).toEqual(['unchanged'])
    const found = (await other.nobody.get('/v1/articles/one-renamed?body=text').expect(200)).body
    const expected = (await app.nobody.get('/v1/articles/one-renamed?body=text').expect(200)).body
    for (const field of ['headline', 'kicker', 'byline', 'section', 'image', 'bodyText', 'publishedAt', 'tags'])
      expect(found[field], field).toEqual(expected[field])
    const { data } = (await other.nobody.get('/v1/articles?limit=100').expect(200)).body
    expect(data.map(({ slug }: { slug: string }) => slug)).toEqual(['one-renamed'])
    if (format === 'ninjs') return
    const own = await other.withRole('admin')
    const states = (await own.get('/v1/editorial/articles?limit=100').expect(200)).body.data as {
      slug: string
      state: string
      scheduled: { liveFrom: string } | null
    }[]
    expect(Object.fromEntries(states.map(({ slug, state }) => [slug, state]))).toEqual({
      ...{
        'one-renamed': 'live',
        'a-draft': 'draft',
        planned: 'scheduled',
        'ended-renamed': 'draft',
        withdrawn: 'draft',
      },
    })
    expect(states.find(({ slug }) => slug === 'planned')?.scheduled?.liveFrom).toBe('2030-01-02T03:04:05.678Z')
    expect((await other.nobody.get('/v1/resolve?path=/v1/articles/one')).body).toMatchObject({ slug: 'one-renamed' })
  })

  it('of which something was changed is a conflict here, and what was killed or erased does not come back', async () => {
    const files = await filesOf(app, format)
    const changed = Object.fromEntries(
      Object.entries(files).map(([name, text]) => [name, text.replaceAll(/ferry/g, 'barge')]),
    )
    if (format === 'ndjson') return
    const [conflict, ...more] = (await bring(app, changed, { isDryRun: true })).filter(
      ({ result }) => result !== 'unchanged',
    )
    expect(more).toEqual([])
    expect(conflict).toMatchObject({
      result: 'conflict',
      articleId: ids.one,
      why: expect.stringContaining('this installation'),
    })
    const gone = await startApp({ settings })
    const theirs = await gone.withRole('admin')
    const [killed, erased] = [await published(theirs, { slug: 'killed' }), await published(theirs, { slug: 'erased' })]
    const taken = await filesOf(gone, format)
    for (const { id } of [killed, erased])
      await theirs.change(`${articleAt(id)}/kill`, '*', { reason: 'legal' }).expect(200)
    await theirs.change(`${articleAt(erased.id)}/erase`, '*', { confirm: erased.id }).expect(204)
    const records = recordsOf(
      Object.entries(taken).map(([name, text]) => sourceOf(name, text)),
      'auto',
      {},
    )
    const again: Reported[] = []
    for await (const some of gone.services.imports.import(editor, records, {
      isDryRun: false,
      asDrafts: false,
      withEnded: false,
      isMoved: false,
    }))
      again.push(...some)
    expect(again.map(({ result }) => result)).toEqual(['skipped', 'skipped'])
    await gone.nobody.get('/v1/articles/killed').expect(410)
    await gone.nobody.get('/v1/articles/erased').expect(404)
  })
})

it('as Markdown comes by the API too, as a tar of the same files', async () => {
  const { body, headers } = await desk
    .get('/v1/editorial/export?format=markdown')
    .buffer()
    .parse((response, done) => {
      const parts: Buffer[] = []
      response
        .on('data', (part: Buffer) => parts.push(part))
        .on('end', () => {
          const text = Buffer.concat(parts).toString('latin1')
          Object.assign(response, { text })
          done(null, text)
        })
    })
    .expect(200)
  expect(headers).toMatchObject({
    'content-type': 'application/x-tar',
    'content-disposition': 'attachment; filename="dateline.tar"',
  })
  const files: Record<string, string> = {}
  const tar = extract()
  const read = (async () => {
    for await (const entry of tar) files[entry.header.name] = (await Array.fromAsync(entry, String)).join('')
  })()
  tar.end(Buffer.from(body, 'latin1'))
  await read
  expect(files).toEqual(await filesOf(app, 'markdown'))
  expect(Object.keys(files)).toContain('one-renamed.md')
})

it('what has ended keeps its date and its former addresses as WordPress and as Markdown', async () => {
  for (const format of ['wxr', 'markdown'] as const) {
    const other = await startApp({ settings, clock: { now: () => app.clock.now(), pass: () => {} } })
    await bring(other, await filesOf(app, format), { withEnded: true })
    const there = (await app.withRole('admin')).get(articleAt(ids.ended ?? ''))
    const found = (await other.nobody.get('/v1/articles/ended-renamed').expect(200)).body
    expect(found.publishedAt).toBe((await there).body.publishedAt)
    expect((await other.nobody.get('/v1/resolve?path=/v1/articles/ended')).body).toMatchObject({
      slug: 'ended-renamed',
    })
  }
})

it('a post of WordPress is found by the number that it had', async () => {
  const wxr = `<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><wp:base_blog_url>https://old.example/blog</wp:base_blog_url><item><title>Numbered</title><link>https://old.example/blog/?p=7</link><wp:post_id>7</wp:post_id><wp:post_name>numbered</wp:post_name><wp:status>publish</wp:status><wp:post_date_gmt>2014-01-01 00:00:00</wp:post_date_gmt><content:encoded>x</content:encoded></item></channel></rss>`
  expect(results(await bring(app, { 'old.xml': wxr }))).toEqual(['created'])
  for (const path of ['/blog/?p=7', '/blog?p=7', '/blog/?p=7&utm_source=x'])
    expect((await app.nobody.get(`/v1/resolve?path=${encodeURIComponent(path)}`)).body, path).toMatchObject({
      slug: 'numbered',
    })
  for (const path of ['/blog/', '/blog/?p=8', '/?p=7'])
    expect((await app.nobody.get(`/v1/resolve?path=${encodeURIComponent(path)}`)).body, path).toEqual({
      status: 'unknown',
    })
})
