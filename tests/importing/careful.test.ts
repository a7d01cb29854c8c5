import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { roles } from '../../src/access/schema.ts'
import { recordsOf } from '../../src/importing/records.ts'
import type { ImportHow, Reported } from '../../src/importing/schema.ts'
import { findFiles, sourcesOf } from '../../src/importing/sources.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { articleAt, type Desk } from '../support/builders.ts'
import { sourceOf } from './formats/reading.ts'

let app: TestApp
let desk: Desk
const folder = mkdtempSync(join(tmpdir(), 'dateline-careful-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeAll(async () => {
  app = await startApp({ settings: { IMPORT_FOLDER: join(folder, 'uploads') } })
  desk = await app.withRole('admin')
})

const editor = {
  id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77',
  name: 'Importer',
  role: 'admin' as const,
  scopes: roles.admin,
}
async function take(records: ReturnType<typeof recordsOf>, how: Partial<ImportHow> = {}): Promise<Reported[]> {
  const all: Reported[] = []
  const options = { isDryRun: false, asDrafts: false, withEnded: false, isMoved: false, ...how }
  for await (const some of app.services.imports.import(editor, records, options)) all.push(...some)
  return all
}
const bring = (name: string, content: string, how?: Partial<ImportHow>) =>
  take(recordsOf([sourceOf(name, content, 5_000)], 'auto', {}), how)
const results = (all: Reported[]) => all.map(({ result }) => result)
const feed = (...items: object[]) =>
  JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title: 'Feed',
    feed_url: 'https://wire.example/feed.json',
    items: items.map((item) => ({ date_published: '2020-01-01T00:00:00Z', content_text: 'Words.', ...item })),
  })
const post = (head: string, text = 'The ferry sails.') => `---\n${head}\n---\n${text}\n`
const deskArticle = async (reported: Reported | undefined) =>
  (await desk.get(articleAt(reported?.articleId ?? '')).expect(200)).body
const read = async (slug: string) => (await app.nobody.get(`/v1/articles/${slug}`).expect(200)).body

describe('a record that no database takes', () => {
  it('is reported, and stops nothing of what comes after it', async () => {
    const long = `/${'報'.repeat(1_500)}`
    const all = await bring(
      'bad.json',
      feed({ id: 'a\u0000b', title: 'Bad id' }, { id: 'c', title: 'Good', url: `https://wire.example${long}` }),
    )
    expect(results(all)).toEqual(['failed', 'created'])
    expect(JSON.stringify(all)).not.toContain('\\u0000')
    const sent = await desk
      .post('/v1/editorial/imports?file=bad.json')
      .set('content-type', 'application/octet-stream')
      .send(feed({ id: 'd\u0000', title: 'Bad id' }, { id: 'e', title: 'After it' }))
      .expect(202)
    await app.services.jobs.tick()
    const { body } = await desk.get(`/v1/editorial/imports/${sent.body.id}`).expect(200)
    expect(body).toMatchObject({ state: 'done', counts: { failed: 1, created: 1 } })
  })
})

describe('what does not fit', () => {
  it('is in the notes or told, and what is stored is what an editor could have written', async () => {
    const tags = Array.from({ length: 30 }, (_, n) => `"${n} ${'long '.repeat(30)}"`)
    const [reported] = await bring(
      'fit/many.md',
      post(`title: Many\nslug: fit-many\ndate: 2020-01-01\ntags: [fine, ${tags}]`),
    )
    const article = await deskArticle(reported)
    expect(article.tags).toEqual([{ slug: 'fine', name: 'fine' }])
    expect(article.notes).toContain('29 long')
    await desk.patch(articleAt(article.id), { kicker: 'Edited' }, '*').expect(200)
    const more = Array.from({ length: 60 }, (_, n) => `tag ${n}`)
    const [crowded] = await bring(
      'fit/crowd.md',
      post(`title: Crowd\nslug: fit-crowd\ndate: 2020-01-01\ntags: [${more}]`),
    )
    const { tags: kept, notes } = await deskArticle(crowded)
    expect(kept).toHaveLength(50)
    expect(notes).toContain('tag 59')
    const standfirst = 'word '.repeat(6_000)
    const [long] = await bring(
      'fit/long.md',
      post(`title: Long\nslug: fit-long\ndate: 2020-01-01\ndescription: "${standfirst}"`),
    )
    expect(long?.warnings.join(' ')).toMatch(/characters beginning .* are not kept/)
  })
})

describe('what changes at its source', () => {
  it('keeps its date here where that says none, and is told to have changed where its text did', async () => {
    const [first] = await bring('when/old.md', post('title: Old\nslug: when-old\ndate: 2019-05-05'))
    app.clock.pass(86_400_000)
    expect(
      results(await bring('when/old.md', post('title: Old\nslug: when-old\ndate: 2019-05-05', 'Another text.'))),
    ).toEqual(['updated'])
    expect(await read('when-old')).toMatchObject({
      id: first?.articleId,
      publishedAt: '2019-05-05T00:00:00.000Z',
      updatedAt: expect.stringMatching(new RegExp(`^${app.clock.now().slice(0, 10)}`)),
    })
  })

  it('goes out where it goes out by a plan, and is not public by being published there', async () => {
    const at = new Date(Date.parse(app.clock.now()) + 60_000).toISOString()
    const plan = (text: string) => post(`title: Planned\nslug: when-planned\ndate: ${at}`, text)
    await bring('when/plan.md', plan('First text.'))
    expect(results(await bring('when/plan.md', plan('Second text.')))).toEqual(['updated'])
    await app.nobody.get('/v1/articles/when-planned').expect(404)
    app.clock.pass(61_000)
    expect((await app.nobody.get('/v1/articles/when-planned?body=text').expect(200)).body.bodyText).toBe('Second text.')
  })

  it('stays as readers have it where it has become a draft there, which is told, and goes on once it is none', async () => {
    const text = (draft: boolean, words: string) =>
      post(`title: Back\nslug: when-back\ndate: 2019-05-05\ndraft: ${draft}`, words)
    const shown = async () => (await app.nobody.get('/v1/articles/when-back?body=text').expect(200)).body.bodyText
    await bring('when/back.md', text(false, 'First.'))
    const [drafted] = await bring('when/back.md', text(true, 'Second.'))
    expect(drafted?.warnings.join(' ')).toContain('readers here keep what they have')
    expect(await shown()).toBe('First.')
    expect(results(await bring('when/back.md', text(false, 'Third.')))).toEqual(['updated'])
    expect(await shown()).toBe('Third.')
  })
})

describe('a dry run', () => {
  it('knows what it did before, however many records ago, and names no article that is not there', async () => {
    const items = [
      ...Array.from({ length: 120 }, (_, n) => ({ id: `dry-${n}`, title: `Dry ${n}` })),
      { id: 'dry-119', title: 'Dry 119' },
      { id: 'dry-0', title: 'Dry 0' },
    ]
    const tried = await bring('dry.json', feed(...items), { isDryRun: true })
    const done = await bring('dry.json', feed(...items))
    expect(results(tried)).toEqual(results(done))
    expect(results(done).at(-1)).toBe('unchanged')
    expect(tried.every(({ articleId }) => articleId === undefined)).toBe(true)
  })
})

describe('a wire with two versions of one item at once', () => {
  it('has the links of the last one', async () => {
    const item = (version: number, headline: string) => ({
      uri: 'urn:wire:two',
      version: `${version}`,
      type: 'text',
      headline: `Two ${version}`,
      versioncreated: `2020-01-0${version}T00:00:00Z`,
      body_html: `<p>Version ${version}.</p>`,
      associations: { related: { uri: 'urn:wire:other', type: 'text', headline } },
    })
    const all = await bring(
      'wire.ninjs',
      `${JSON.stringify(item(1, 'First link'))}\n${JSON.stringify(item(2, 'Second link'))}\n`,
    )
    expect(results(all)).toEqual(['created', 'updated'])
    expect(all[1]?.warnings).toEqual(all[0]?.warnings)
    const { body } = await desk.get(`${articleAt(all[0]?.articleId ?? '')}/headlines`).expect(200)
    expect(body.items.map(({ headline }: { headline: string }) => headline)).toEqual(['Second link'])
  })
})

describe('a folder', () => {
  it('with something that cannot be read is imported but for that, and says what was passed over', async () => {
    mkdirSync(join(folder, 'mixed'))
    for (const name of ['a', 'b', 'c'])
      writeFileSync(join(folder, 'mixed', `${name}.md`), post(`title: ${name}\nslug: mixed-${name}\ndate: 2020-01-01`))
    symlinkSync(join(folder, 'mixed', 'a.md'), join(folder, 'mixed', 'link.md'))
    const found = await findFiles([join(folder, 'mixed')])
    rmSync(join(folder, 'mixed', 'b.md'))
    const all = await take(recordsOf(sourcesOf(found), 'auto', {}))
    expect(all.map(({ source, result, why }) => [source, result, why?.split(':')[0]])).toEqual([
      ['a.md', 'created', undefined],
      ['b.md', 'failed', 'It cannot be opened'],
      ['c.md', 'created', undefined],
      ['link.md', 'skipped', 'It is a link'],
    ])
  })
})
