import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../../src/access/schema.ts'
import { type Placed, recordsOf } from '../../src/importing/records.ts'
import type { ImportHow, Reported } from '../../src/importing/schema.ts'
import { sourceOf as fileSource, findFiles } from '../../src/importing/sources.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk } from '../support/builders.ts'
import { runHere } from '../support/command.ts'
import { sourceOf } from './formats/reading.ts'

let app: TestApp
let desk: Desk
const editor = {
  id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77',
  name: 'Importer',
  role: 'admin' as const,
  scopes: roles.admin,
}
const folder = mkdtempSync(join(tmpdir(), 'dateline-archive-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(async () => {
  app = await startApp({ settings: { IMPORT_FOLDER: join(folder, 'uploads') } })
  desk = await app.withRole('admin')
})

type Files = Record<string, string>
async function importAll(records: AsyncIterable<Placed>, how: Partial<ImportHow> = {}) {
  const all: Reported[] = []
  const options = { isDryRun: false, asDrafts: false, withEnded: false, isMoved: false, ...how }
  for await (const some of app.services.imports.import(editor, records, options)) all.push(...some)
  return all
}
const bring = (files: Files, how: Partial<ImportHow> = {}) =>
  importAll(
    recordsOf(
      Object.entries(files).map(([name, text]) => sourceOf(name, text, 1_000)),
      'auto',
      {},
    ),
    how,
  )
const post = (fields: string, text = 'The ferry sails.') => `---\n${fields}\n---\n${text}\n`
const results = (all: Reported[]) => all.map(({ result }) => result)
const read = async (slug: string) => (await app.nobody.get(`/v1/articles/${slug}`).expect(200)).body

describe('an archive', () => {
  it('is read by readers with its dates, authors, terms and text, and found by its old addresses', async () => {
    const [done] = await bring({
      'a/old.md': post(
        'title: Old\nslug: old\ndate: 2015-02-03T04:05:06Z\nlastmod: 2016-01-01\nauthors: [Jane Doe]\ntags: [Sea]\naliases: [/2015/02/old-path/]',
        'It **sails**.',
      ),
    })
    expect(done).toMatchObject({ result: 'created', source: 'a/old.md', line: 10 })
    const article = await read('old')
    expect(article).toMatchObject({
      headline: 'Old',
      publishedAt: '2015-02-03T04:05:06.000Z',
      updatedAt: '2016-01-01T00:00:00.000Z',
      byline: 'Jane Doe',
      tags: [{ name: 'Sea' }],
    })
    const { body } = await app.nobody.get('/v1/articles/old?body=text').expect(200)
    expect(body.bodyText).toBe('It sails.')
    for (const path of ['/2015/02/old-path/', '/2015/02/old-path', '/2015/02/old%2Dpath/'])
      expect((await app.nobody.get(`/v1/resolve?path=${encodeURIComponent(path)}`)).body).toMatchObject({
        status: 'moved',
        slug: 'old',
      })
    expect((await desk.get(articleAt(article.id))).body).toMatchObject({
      externalId: 'file:a/old.md',
      provenance: { file: 'a/old.md' },
    })
    await desk.change(`${articleAt(article.id)}/withdraw`, '*').expect(200)
    expect((await app.nobody.get('/v1/resolve?path=/2015/02/old-path/')).body).toEqual({ status: 'unknown' })
  })

  it('a second time brings nothing, changed a new version, and never overwrites what was edited here', async () => {
    const first = {
      'b/x.md': post('title: X\nslug: b-x\ndate: 2015-01-01'),
      'b/y.md': post('title: Y\nslug: b-y\ndate: 2015-01-01'),
    }
    expect(results(await bring(first))).toEqual(['created', 'created'])
    const before = await Promise.all(['b-x', 'b-y'].map(read))
    expect(results(await bring(first))).toEqual(['unchanged', 'unchanged'])
    expect(await Promise.all(['b-x', 'b-y'].map(read))).toEqual(before)
    const { id } = before[1]
    await desk.patch(articleAt(id), { kicker: 'Edited here' }, '*').expect(200)
    const changed = {
      'b/x.md': post('title: X two\nslug: b-x\ndate: 2015-01-01'),
      'b/y.md': post('title: Y two\nslug: b-y\ndate: 2015-01-01'),
    }
    const again = await bring(changed)
    expect(results(again)).toEqual(['updated', 'conflict'])
    expect(again[1]?.why).toContain('edited here')
    expect(await read('b-x')).toMatchObject({ headline: 'X two', publishedAt: before[0].publishedAt, edition: 2 })
    expect((await desk.get(articleAt(id))).body).toMatchObject({ headline: 'Y', kicker: 'Edited here' })
    expect(results(await bring(changed))).toEqual(['unchanged', 'conflict'])
  })

  it('has links between its documents, which lead to the articles in whichever order they come', async () => {
    const all = await bring({
      'content/h/a.md': post('title: A\nslug: h-a\ndate: 2015-01-01', '[later]({{< ref "h-later.md" >}})'),
      'content/h/h-later.md': post(
        'title: B\nslug: h-b\ndate: 2015-01-01',
        '[back]({{< ref "h/a.md" >}}) [draft](h-draft.md)',
      ),
      'content/h/h-draft.md': post('title: D\nslug: h-d\ndate: 2015-01-01\ndraft: true'),
    })
    expect(results(all)).toEqual(['created', 'created', 'created'])
    const linksOf = async (slug: string) =>
      [...(await app.nobody.get(`/v1/articles/${slug}?body=html`)).body.bodyHtml.matchAll(/href="([^"]+)"/g)].map(
        ([, to]) => to,
      )
    const where = async (path: string) => (await app.nobody.get(`/v1/resolve?path=${encodeURIComponent(path)}`)).body
    const [later] = await linksOf('h-a')
    const [back, draft] = await linksOf('h-b')
    expect(await where(later)).toMatchObject({ status: 'moved', slug: 'h-b' })
    expect(await where(back)).toMatchObject({ status: 'moved', slug: 'h-a' })
    expect(await where(draft)).toEqual({ status: 'unknown' })
  })

  it('brings back nothing that was erased or killed here', async () => {
    const files = {
      'c/gone.md': post('title: Gone\nslug: c-gone\ndate: 2015-01-01'),
      'c/dead.md': post('title: Dead\nslug: c-dead\ndate: 2015-01-01'),
    }
    const [gone, dead] = await bring(files)
    for (const each of [gone, dead])
      await desk.change(`${articleAt(each?.articleId ?? '')}/kill`, '*', { reason: 'legal' }).expect(200)
    await desk.change(`${articleAt(gone?.articleId ?? '')}/erase`, '*', { confirm: gone?.articleId }).expect(204)
    const changed = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, `${text}More.`]))
    expect(results(await bring(changed))).toEqual(['skipped', 'skipped'])
    await app.nobody.get('/v1/articles/c-dead').expect(410)
  })

  it('gives who comes later another slug and keeps what does not fit, and says so', async () => {
    const long = 'x'.repeat(150)
    const all = await bring({
      'd/1.md': post('title: One\nslug: same\ndate: 2015-01-01'),
      'd/2.md': post(`title: Two\nslug: same\ndate: 2015-01-01\ntags: [fine, "${long}", Fine]`),
    })
    expect(results(all)).toEqual(['created', 'created'])
    expect(all[1]?.warnings.join(' ')).toMatch(/"same" was taken: it is "same-2"/)
    const { body } = await desk.get(articleAt(all[1]?.articleId ?? '')).expect(200)
    expect(body.tags).toEqual([{ slug: 'fine', name: 'fine' }])
    expect(body.notes).toContain(long)
    expect(all[1]?.warnings.join(' ')).toMatch(/"Fine" is taken for "fine".*tags could not be kept/)
  })

  it('makes public only what was: drafts, ended and future pieces wait, and the past shows nothing of them', async () => {
    const all = await bring({
      'e/draft.md': post('title: Draft\nslug: e-draft\ndraft: true\ndate: 2015-01-01'),
      'e/ended.md': post('title: Ended\nslug: e-ended\ndate: 2015-01-01\nexpirydate: 2016-01-01'),
      'e/later.md': post('title: Later\nslug: e-later\ndate: 2027-01-01T00:00:00Z'),
    })
    expect(results(all)).toEqual(['created', 'created', 'created'])
    expect(all[1]?.warnings[0]).toContain('It ended on 2016-01-01')
    for (const slug of ['e-draft', 'e-ended', 'e-later']) await app.nobody.get(`/v1/articles/${slug}`).expect(404)
    const states = await Promise.all(
      all.map(async ({ articleId }) => (await desk.get(articleAt(articleId ?? ''))).body.state),
    )
    expect(states).toEqual(['draft', 'draft', 'scheduled'])
    const [ended] = await bring(
      { 'e/ended2.md': post('title: Ended\nslug: e-ended2\ndate: 2015-01-01\nexpirydate: 2016-01-01') },
      { withEnded: true },
    )
    expect(ended?.result).toBe('created')
    expect(await read('e-ended2')).toMatchObject({ publishedAt: '2015-01-01T00:00:00.000Z' })
    const [kept] = await bring({ 'e/kept.md': post('title: Kept\nslug: e-kept\ndate: 2015-01-01') }, { asDrafts: true })
    expect((await desk.get(articleAt(kept?.articleId ?? ''))).body.state).toBe('draft')
  })

  it('what waits as a draft keeps its date, be it published here or by another import', async () => {
    const files = {
      'k/a.md': post('title: A\nslug: k-a\ndate: 2015-01-01\nexpirydate: 2016-01-01'),
      'k/b.md': post('title: B\nslug: k-b\ndate: 2015-02-01\nexpirydate: 2016-01-01'),
      'k/c.md': post('title: C\nslug: k-c\ndate: 2015-03-01\nexpirydate: 2016-01-01'),
    }
    const all = await bring(files)
    expect(results(await bring(files))).toEqual(['unchanged', 'unchanged', 'unchanged'])
    const [a, b] = all.map(({ articleId }) => articleAt(articleId ?? ''))
    expect((await desk.get(a ?? '')).body).toMatchObject({
      state: 'draft',
      publishedAt: null,
      provenance: { publishedAt: '2015-01-01T00:00:00.000Z' },
    })
    await desk.change(`${a}/publish`, '*').expect(200)
    expect(await read('k-a')).toMatchObject({ publishedAt: '2015-01-01T00:00:00.000Z' })
    await desk.patch(b ?? '', { kicker: 'Edited here' }, '*').expect(200)
    const again = await bring(files, { withEnded: true })
    expect(results(again)).toEqual(['conflict', 'conflict', 'updated'].with(0, results(again)[0] ?? ''))
    expect(again[1]?.why).toContain('publish it here')
    expect(await read('k-c')).toMatchObject({ publishedAt: '2015-03-01T00:00:00.000Z' })
    await app.nobody.get('/v1/articles/k-b').expect(404)
    expect(results(await bring(files, { withEnded: true }))[2]).toBe('unchanged')
    const draft = { 'k/d.md': post('title: D\nslug: k-d\ndate: 2015-04-01') }
    await bring(draft, { asDrafts: true })
    await app.nobody.get('/v1/articles/k-d').expect(404)
    expect(results(await bring(draft))).toEqual(['updated'])
    expect(await read('k-d')).toMatchObject({ publishedAt: '2015-04-01T00:00:00.000Z' })
  })

  it('one bad record is reported and does not stop the rest, and a dry run reports the same and keeps nothing', async () => {
    const files = {
      'f/a.md': post('title: A\nslug: f-a\ndate: 2015-01-01'),
      'f/b.md': '---\ntitle: "open\n---\n',
      'f/c.md': post('title: C\nslug: f-c\ndate: 2015-01-01', `Text\u0000`),
      'f/d.md': post('title: D\nslug: f-a\ndate: 2015-01-01'),
      'f/e.bin': '\u0000\u0001',
    }
    const before = (await desk.get('/v1/editorial/articles?limit=1')).body
    const events = await app.services.events.last()
    const tried = await bring(files, { isDryRun: true })
    expect(results(tried)).toEqual(['created', 'failed', 'failed', 'created', 'skipped'])
    expect((await desk.get('/v1/editorial/articles?limit=1')).body).toEqual(before)
    expect(await app.services.events.last()).toBe(events)
    await app.nobody.get('/v1/articles/f-a').expect(404)
    const done = await bring(files)
    const plain = ({ articleId: _, ...rest }: Reported) => rest
    expect(done.map(plain)).toEqual(tried.map(plain))
    expect(done[2]?.why).toContain('NUL')
    await read('f-a-2')
  })

  it('the same record twice in one archive is one article', async () => {
    const item = (text: string) => `<item><guid>g-1</guid><title>Twice</title><description>${text}</description></item>`
    const all = await bring({
      'feed.xml': `<rss version="2.0"><channel>${item('a')}${item('a')}${item('b')}</channel></rss>`,
    })
    expect(results(all)).toEqual(['created', 'unchanged', 'conflict'])
    expect(all[2]?.why).toMatch(/has the same id and says something else/)
    expect(new Set(all.slice(0, 2).map(({ articleId }) => articleId)).size).toBe(1)
    // Nor does it change anything the next time, or in a dry run.
    const again = { 'feed.xml': `<rss version="2.0"><channel>${item('a')}${item('b')}</channel></rss>` }
    for (const isDryRun of [true, false])
      expect(results(await bring(again, { isDryRun }))).toEqual(['unchanged', 'conflict'])
    const { articleId } = all[0] ?? {}
    expect((await desk.get(articleAt(articleId ?? ''))).body.contentVersion ?? 1).toBe(1)
  })

  it('that was to be published at a time that has passed comes as a draft: nobody knows whether it was', async () => {
    const planned = (id: number, at: string) =>
      `<item><title>Planned ${id}</title><link>https://plan.example/?p=${id}</link><content:encoded>Soon.</content:encoded><wp:post_id>${id}</wp:post_id><wp:post_date_gmt>${at}</wp:post_date_gmt><wp:post_name>planned-${id}</wp:post_name><wp:status>future</wp:status><wp:post_type>post</wp:post_type></item>`
    const site = `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://plan.example</wp:base_blog_url>${planned(1, '2026-01-01 00:00:00')}${planned(2, '2031-01-01 00:00:00')}</channel></rss>`
    const [passed, ahead] = await bring({ 'plan.xml': site })
    expect(passed?.warnings).toContainEqual(expect.stringMatching(/which has passed; whether it was is not known/))
    expect((await desk.get(articleAt(passed?.articleId ?? ''))).body.state).toBe('draft')
    expect((await desk.get(articleAt(ahead?.articleId ?? ''))).body.state).toBe('scheduled')
    expect(results(await bring({ 'plan.xml': site }))).toEqual(['unchanged', 'unchanged'])
    // Nor does another text of it go out.
    const [again] = await bring({ 'plan.xml': site.replace('Soon.', 'Sooner.') })
    expect(again).toMatchObject({ result: 'updated', articleId: passed?.articleId })
    expect((await desk.get(articleAt(passed?.articleId ?? ''))).body.state).toBe('draft')
    await app.nobody.get('/v1/articles/planned-1').expect(404)
  })

  it('is in the log and the audit, once for each record', async () => {
    const from = await app.services.events.last()
    const [done] = await bring({ 'g/a.md': post('title: G\nslug: g-a\ndate: 2015-01-01') })
    const seen = await app.services.events.after(from, 10)
    expect(seen.map(({ kind }) => kind)).toEqual(['article.published', 'desk.importRecord'])
    const { body } = await desk.get('/v1/editorial/audit?limit=1').expect(200)
    expect(body.data[0]).toMatchObject({
      action: 'importRecord',
      actor: { name: 'Importer' },
      subject: { id: done?.articleId },
    })
  })
})

describe('the command', () => {
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const run = (...args: string[]) => runHere(['import', ...args], { DATABASE_URL: app.url }, folder)

  it('imports folders, tells what failed with file and line, and writes a report', async () => {
    write('site/one.md', post('title: One\nslug: cli-one\ndate: 2015-01-01'))
    write('site/deep/two.md', post('title: Two\nslug: cli-two\ndate: 2015-01-01'))
    write('site/bad.md', '---\ntitle: a\ntitle: b\n---\n')
    write('site/.hidden.md', post('title: No'))
    const { code, stdout, stderr } = await run('--report', 'report.json', 'site')
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: '2 created, 0 updated, 0 unchanged, 0 conflict, 0 skipped, 1 failed\n',
    })
    expect(stderr).toContain('bad.md:3: failed. Its front matter is no valid YAML')
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
    expect(report).toMatchObject({ isDryRun: false, counts: { created: 2, failed: 1 } })
    expect(report.records.map(({ source }: Reported) => source)).toEqual(['bad.md', 'deep/two.md', 'one.md'])
    expect((await run('site')).stdout).toContain('0 created, 0 updated, 2 unchanged')
  })

  it('never takes a file for another of the same name, nor one file for two', async () => {
    /** As the command does it: files below these paths. */
    async function walk(paths: string[], { site, ...how }: { site?: string; isMoved?: boolean } = {}) {
      const sources = []
      for (const each of await findFiles(paths.map((path) => join(folder, path)))) sources.push(await fileSource(each))
      return results(await importAll(recordsOf(sources, 'auto', { site }), how))
    }
    const index = (title: string) => post(`title: ${title}\nslug: ${title}\ndate: 2015-01-01`)
    for (const title of ['one', 'two']) write(`sites/${title}/index.md`, index(`same-name-${title}`))
    const both = await run('sites/one', 'sites/two')
    expect(both).toMatchObject({
      code: 1,
      stdout: '1 created, 0 updated, 0 unchanged, 1 conflict, 0 skipped, 0 failed\n',
      stderr: expect.stringContaining('name that with --site'),
    })
    expect(await walk(['sites/two'])).toEqual(['conflict'])
    expect(await walk(['sites/two'], { site: 'two' })).toEqual(['created'])
    expect(await walk(['sites/two'], { site: 'two' })).toEqual(['unchanged'])
    // The same file, called otherwise.
    expect(await walk(['sites/one/index.md'])).toEqual(['unchanged'])
    write('sites/one/deep/piece.md', index('deep-piece'))
    expect(await walk(['sites/one'])).toEqual(['created', 'unchanged'])
    expect(await walk(['sites/one/deep'])).toEqual(['unchanged'])
    write('sites/one/deep/piece.md', `${index('deep-piece')}More.`)
    expect(await walk(['sites/one/deep'])).toEqual(['updated'])
    expect(await walk(['sites/one'])).toEqual(['unchanged', 'unchanged'])
    // The archive is somewhere else now, and has changed.
    write('moved/index.md', `${index('same-name-one')}More.`)
    expect(await walk(['moved'])).toEqual(['conflict'])
    expect(await walk(['moved'], { isMoved: true })).toEqual(['updated'])
    expect(await walk(['moved'])).toEqual(['unchanged'])
  })

  it('brings back from WordPress as many of our articles as there were, though each was once a file', async () => {
    const own = (n: number) =>
      `<item><title>Own ${n}</title><link>https://own.example/own-${n}</link><content:encoded>Text ${n}.</content:encoded><wp:post_id>${n}</wp:post_id><wp:post_date_gmt>2015-02-03 04:05:06</wp:post_date_gmt><wp:post_name>own-back-${n}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type><wp:postmeta><wp:meta_key>_dateline_id</wp:meta_key><wp:meta_value>019b0f61-2c44-7d10-8a55-0a6f3f1f9b0${n}</wp:meta_value></wp:postmeta><wp:postmeta><wp:meta_key>_dateline</wp:meta_key><wp:meta_value>{"externalId":"file:site/own-${n}.md"}</wp:meta_value></wp:postmeta></item>`
    write(
      'own/site.xml',
      `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>${[1, 2, 3].map(own).join('')}</channel></rss>`,
    )
    const sources = []
    for (const each of await findFiles([join(folder, 'own')])) sources.push(await fileSource(each))
    expect(results(await importAll(recordsOf(sources, 'auto', {})))).toEqual(['created', 'created', 'created'])
    for (const n of [1, 2, 3]) expect((await read(`own-back-${n}`)).headline).toBe(`Own ${n}`)
  })

  it('a dry run tells what would be where there is no database yet, and makes none', async () => {
    write('dry/one.md', post('title: Dry\nslug: dry\ndate: 2015-01-01'))
    const url = `file:${join(folder, 'none', 'nowhere.db')}`
    const { code, stdout } = await runHere(['import', '--dry-run', 'dry'], { DATABASE_URL: url }, folder)
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('1 created') })
    expect(existsSync(join(folder, 'none'))).toBe(false)
  })

  it('says what is wrong with what it is asked for', async () => {
    for (const [args, words] of [
      [[], 'Usage'],
      [['nowhere'], 'no such file'],
      [['--format', 'docx', 'site'], '--format must be one of'],
    ] as const) {
      const { code, stderr } = await run(...args)
      expect({ code, says: stderr.includes(words) }, stderr).toEqual({ code: 2, says: true })
    }
  })
})

describe('the sections, tags and authors of an archive', () => {
  const category = (slug: string, name: string, parent: string, description = '') =>
    `<wp:category><wp:category_nicename>${slug}</wp:category_nicename><wp:category_parent>${parent}</wp:category_parent><wp:cat_name>${name}</wp:cat_name><wp:category_description>${description}</wp:category_description></wp:category>`
  const post = (id: number, section: string) =>
    `<item><title>Piece ${id}</title><link>https://old.example/?p=${id}</link><content:encoded>The ferry sails.</content:encoded><wp:post_id>${id}</wp:post_id><wp:post_date_gmt>2015-02-03 04:05:06</wp:post_date_gmt><wp:post_name>piece-${id}</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type><category domain="category" nicename="${section}">${section}</category></item>`
  const site = (categories: string, posts: string) => ({
    'site.xml': `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example</wp:base_blog_url>${posts}${categories}</channel></rss>`,
  })
  const nested =
    category('w-athens', 'Athens', 'w-greece') +
    category('w-greece', 'Greece', 'w-world') +
    category('w-world', 'World', '')
  const editorial = async (slug: string) => (await desk.get(`/v1/editorial/sections/${slug}`)).body
  const found = async (section: string) =>
    (await app.nobody.get(`/v1/articles?section=${section}`).expect(200)).body.data.map(
      ({ slug }: { slug: string }) => slug,
    )

  it('are parts of one another as there, and found by what they are a part of; a second time nothing changes', async () => {
    const archive = site(nested, post(9001, 'w-athens') + post(9002, 'w-world'))
    // In a dry run nothing is made, and all is said as it would be.
    expect(results(await bring(archive, { isDryRun: true }))).toEqual(Array(5).fill('created'))
    expect(await editorial('w-athens')).toMatchObject({ status: 404 })
    expect(results(await bring(archive))).toEqual(Array(5).fill('created'))
    expect(await editorial('w-athens')).toMatchObject({
      name: 'Athens',
      parent: 'w-greece',
      isDefined: true,
      articles: 1,
    })
    expect(await found('w-world')).toEqual(['piece-9002', 'piece-9001'].sort().reverse())
    expect(await found('w-greece')).toEqual(['piece-9001'])
    expect((await read('piece-9001')).tags).toEqual([])
    expect(results(await bring(archive))).toEqual(Array(5).fill('unchanged'))
    expect(await editorial('w-athens')).toMatchObject({ version: 1 })
  })

  it('stay as the desk has defined them, and what articles had brought is defined', async () => {
    await desk.put('/v1/editorial/sections/d-mine', { name: 'Ours' }).set('if-none-match', '*').expect(201)
    await bring(site('', post(9003, 'd-brought')))
    expect(await editorial('d-brought')).toMatchObject({ isDefined: false })
    const again = await bring(
      site(category('d-mine', 'Theirs', '', 'x') + category('d-brought', 'Brought', 'd-mine'), post(9003, 'd-brought')),
    )
    expect(results(again)).toEqual(['conflict', 'created', 'unchanged'])
    expect(again[0]?.why).toBe('There is a section "d-mine" that says something else. It stays as it is.')
    expect(await editorial('d-mine')).toMatchObject({ name: 'Ours', description: null })
    expect(await editorial('d-brought')).toMatchObject({ parent: 'd-mine', isDefined: true })
    expect(await found('d-mine')).toEqual(['piece-9003'])
  })

  it('that cannot be so fail alone, and what does not fit is told', async () => {
    const circle = category('c-one', 'One', 'c-two') + category('c-two', 'Two', 'c-one')
    const long = category('c-long', 'Long', '', 'x'.repeat(2_001))
    const all = await bring(site(circle + long, post(9004, 'c-one')))
    expect(results(all).sort()).toEqual(['created', 'created', 'failed', 'failed'])
    expect(all.find(({ result }) => result === 'failed')?.why).toMatch(/Must be the slug of a section/)
    expect(all.find(({ sourceId }) => sourceId === 'c-long')?.warnings).toEqual([
      expect.stringMatching(/^description could not be kept/),
    ])
    expect(await found('c-one')).toEqual(['piece-9004'])
  })
})
