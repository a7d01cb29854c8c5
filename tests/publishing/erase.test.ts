import { beforeAll, describe, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { ARTICLES, articleAt, type Desk, draft, linksOf, published, story } from '../support/builders.ts'
import { dump } from '../support/dump.ts'

let app: TestApp
let desk: Desk
let admin: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
  admin = await app.withRole('admin')
})

const inMs = (by: number) => new Date(Date.parse(app.clock.now()) + by).toISOString()
const erase = (id: string, confirm = id) => admin.change(`${articleAt(id)}/erase`, '*', { confirm })

/** The tables in which some text is found. */
const tablesWith = async (text: string): Promise<string[]> =>
  Object.entries(await dump(app.db))
    .filter(([, rows]) => rows.some((row) => row.toLowerCase().includes(text)))
    .map(([name]) => name)
    .toSorted()

describe('erasing', () => {
  it('leaves nothing of what was ever written of an article in any table', async () => {
    const once = (name: string) => ({ 'idempotency-key': `canary-${name}` })
    const everything = {
      headline: 'Canary headline',
      slug: 'canary-slug',
      language: 'en',
      alternativeHeadline: 'canary',
      kicker: 'canary',
      standfirst: 'canary',
      byline: 'canary',
      dateline: 'canary',
      section: { name: 'canary' },
      tags: [{ name: 'canary', uri: 'https://canary.example/' }],
      authors: [{ name: 'canary' }],
      image: { url: 'https://canary.example/a.jpg', alt: 'canary', caption: 'canary', credit: 'canary' },
      source: { name: 'canary' },
      canonicalUrl: 'https://canary.example/',
      externalId: 'canary',
      notes: 'canary',
      changeNote: 'canary',
      bodyText: 'canary',
    }
    const { body: made } = await desk.post(ARTICLES, everything).set(once('create')).expect(201)
    const { id } = made
    const at = articleAt(id)
    const other = await published(desk)
    // Links of its own, in several versions; and one of another article that points at it.
    const put = desk.put(linksOf(id), { items: [{ headline: 'canary', note: 'canary' }] }, 0)
    const { body: list } = await put.set(once('links')).expect(200)
    await desk.change(linksOf(id), '*', { headline: 'canary, too', label: 'canary' }).set(once('link')).expect(201)
    const link = `/v1/editorial/headline-links/${list.items[0].id}`
    await desk.patch(link, { summary: 'canary' }, '*').set(once('patch')).expect(200)
    await desk.put(linksOf(other.id), { items: [{ target: { kind: 'article', id } }] }, 0).expect(200)
    // Editions: one that was, one that is, one that is to come; a correction; notes.
    await desk.change(`${at}/publish`, '*', { note: 'canary' }).set(once('publish')).expect(200)
    await desk.patch(at, { headline: 'Canary again', slug: 'canary-again' }, '*').set(once('edit')).expect(200)
    await desk.change(`${at}/publish`, '*', { kind: 'correction', text: 'canary' }).expect(200)
    await desk.change(`${at}/publish`, '*', { liveFrom: inMs(3_600_000) }).expect(200)
    await admin.put(`${at}/lock`, {}).expect(200)
    await desk.put(`${at}/lock`, { breakReason: 'canary' }).set(once('lock')).expect(200)
    await desk.delete(`${at}/lock`).set(once('unlock')).expect(200)
    const { previews, releases, releaseItems } = app.db.tables
    const receiver = { name: 'A receiver', url: 'https://receiver.example/' }
    const { body: hook } = await admin.post('/v1/editorial/webhooks', receiver).expect(201)
    const by = { createdAt: inMs(0), createdById: 'somebody', createdByName: 'Somebody' }
    await app.db.write(async (tx) => {
      const until = inMs(3_600_000)
      const preview = { id: crypto.randomUUID(), hash: 'x', kind: 'article' as const, subject: id, showsAt: null }
      await tx.insert(previews).values({ ...preview, ...by, expiresAt: until, revokedAt: null })
      const updated = { updatedAt: inMs(0), updatedById: 'x', updatedByName: 'x' }
      const release = { id: 'release', title: 'A release', version: 1, state: 'open' as const, liveFrom: null }
      await tx.insert(releases).values({ ...release, ...by, ...updated })
      const item = { releaseId: 'release', kind: 'article' as const, subject: id, version: 1, plan: null, position: 0 }
      await tx.insert(releaseItems).values(item)
      // A receiver has repeated what a message said.
      const { webhookDeliveries, webhookAttempts } = app.db.tables
      const of = { webhookId: hook.id, seq: 1, kind: 'article.updated', subjectKind: 'article', subjectId: id }
      const stands = { state: 'delivered' as const, attempts: 1, nextAt: until, createdAt: until }
      await tx.insert(webhookDeliveries).values({ id: 'sent', messageId: 'sent', ...of, ...stands })
      const attempt = { id: 'attempt', deliveryId: 'sent', at: until, durationMs: 1, status: 200 }
      await tx.insert(webhookAttempts).values({ ...attempt, answer: 'canary' })
    })
    await desk.delete(at, '*').set(once('trash')).expect(200)
    for (const name of ['articles', 'article_versions', 'editions', 'edition_bodies', 'edition_terms', 'addresses'])
      expect(await tablesWith('canary')).toContain(name)
    expect(await tablesWith('canary')).toContain('webhook_attempts')
    for (const name of ['list_editions', 'headline_list_versions', 'idempotency_keys', 'slugs', 'article_locks'])
      expect(await tablesWith('canary')).toContain(name)

    await erase(id).expect(204)
    expect(await tablesWith('canary')).toEqual([])
    expect(await tablesWith(id)).toEqual([
      'audit',
      'events',
      'headline_links',
      'headline_list_versions',
      'list_editions',
      'tombstones',
      // That something was sent, not what.
      'webhook_deliveries',
    ])
    // Those of the other article alone.
    expect((await app.db.read.select().from(app.db.tables.headlineLists)).map((each) => each.id)).toEqual([other.id])
    expect((await app.nobody.get(`/v1/articles/${other.id}`).expect(200)).body.headlines).toEqual([])
    await app.nobody.get(`/v1/articles/${id}`).expect(410)
    await app.nobody.get('/v1/articles/canary-slug').expect(404)
    await desk.get(at).expect(404)
    await desk.get(`${at}/versions`).expect(404)
    await desk.get(linksOf(id)).expect(404)
    // A repetition of what was done then does nothing, and tells nothing.
    const { body: again, headers } = await desk.post(ARTICLES, everything).set(once('create')).expect(409)
    expect(again.code).toBe('already-done')
    expect(headers).not.toHaveProperty('location')
    expect(await tablesWith('canary')).toEqual([])
  })

  it('leaves nothing of what came by an import in its report, nor in that of a dry run, and all of the others', async () => {
    const octets = { 'content-type': 'application/octet-stream' }
    const send = async (query: string, content: string): Promise<string> => {
      const { body } = await desk.raw('post', `/v1/editorial/imports?${query}`, content, octets).expect(202)
      await app.services.jobs.tick()
      return body.id
    }
    const records = async (job: string) =>
      (await desk.get(`/v1/editorial/imports/${job}/records`).expect(200)).body.data
    const item = (name: string, tag: string) =>
      `<item><guid>${name}-id</guid><title>${name}</title><description>${name} text</description><category>${tag}</category></item>`
    // A tag of more characters than there may be is told of in a warning.
    const both = item('Importcanary', 'importcanary '.repeat(20)) + item('Kept', 'kept '.repeat(40))
    const feed = `<rss version="2.0"><channel>${both}</channel></rss>`
    const dry = await send('file=wire.xml&dryRun=true', feed)
    const wet = await send('file=wire.xml', feed)
    const again = await send('file=wire.xml', feed)
    const page = await send('file=importcanary.md', '---\ntitle: Importcanary page\nlayout: importcanary\n---\nText.\n')
    const { data } = (await desk.get(`${ARTICLES}?limit=100`).expect(200)).body
    const canaries = data.filter(({ headline }: { headline: string }) => headline.startsWith('Importcanary'))
    expect(canaries).toHaveLength(2)
    for (const name of ['import_records', 'import_jobs']) expect(await tablesWith('importcanary')).toContain(name)
    const before = await records(wet)
    expect(before[1].warnings.join()).toContain('kept')

    for (const { id } of canaries) {
      await desk.delete(articleAt(id), '*').expect(200)
      await erase(id).expect(204)
    }
    expect(await tablesWith('importcanary')).toEqual([])
    const nothing = { source: '', line: null, sourceId: null, why: null, warnings: [] }
    for (const job of [dry, wet, again]) {
      const [erased, kept] = await records(job)
      expect(erased).toMatchObject(nothing)
      expect(kept).toMatchObject({ source: 'wire.xml', sourceId: 'Kept-id' })
    }
    expect((await records(wet))[1]).toEqual(before[1])
    expect((await records(page))[0]).toMatchObject({ number: 1, result: 'created', ...nothing })
    expect((await desk.get(`/v1/editorial/imports/${page}`).expect(200)).body.file).toBe('upload')
    expect((await desk.get(`/v1/editorial/imports/${wet}`).expect(200)).body.file).toBe('wire.xml')
  })

  it('frees the slugs, and never the id', async () => {
    const { id, slug } = await published(desk)
    await desk.delete(articleAt(id), '*').expect(200)
    await erase(id).expect(204)
    const anew = await published(desk, { slug })
    expect((await app.nobody.get(`/v1/articles/${slug}`).expect(200)).body.id).toBe(anew.id)
    const create = desk.put(articleAt(id), story()).set('if-none-match', '*')
    expect((await create.expect(409)).body.code).toBe('already-exists')
    await app.nobody.get(`/v1/articles/${id}`).expect(410)
  })

  it('tells readers that something is gone only where they have seen it', async () => {
    const never = await draft(desk)
    const planned = await draft(desk)
    await desk.change(`${articleAt(planned.id)}/publish`, '*', { liveFrom: inMs(3_600_000) }).expect(200)
    for (const { id } of [never, planned]) {
      await desk.delete(articleAt(id), '*').expect(200)
      await erase(id).expect(204)
    }
    app.clock.pass(2 * 3_600_000)
    for (const { id } of [never, planned]) await app.nobody.get(`/v1/articles/${id}`).expect(404)
  })

  it('keeps the reason of a kill', async () => {
    const { id } = await published(desk)
    await desk.change(`${articleAt(id)}/kill`, '*', { reason: 'privacy' }).expect(200)
    await erase(id).expect(204)
    expect((await app.nobody.get(`/v1/articles/${id}`).expect(410)).body.reason).toBe('privacy')
  })

  it('is for what was put away first, for admins, and for who says which one', async () => {
    const { id } = await published(desk)
    await erase(id).expect(409)
    await desk.delete(articleAt(id), '*').expect(200)
    await desk.change(`${articleAt(id)}/erase`, '*', { confirm: id }).expect(403)
    expect((await erase(id, 'yes').expect(422)).body.errors[0].pointer).toBe('#/confirm')
    await desk.get(articleAt(id)).expect(200)
    await erase(id).expect(204)
    await erase(id).expect(404)
  })
})

describe('killing', () => {
  it('answers 410 at every address that readers knew, and 404 at one that was only planned', async () => {
    const { id, slug } = await published(desk)
    await desk.patch(articleAt(id), { slug: `${slug}-planned` }, '*').expect(200)
    await desk.change(`${articleAt(id)}/publish`, '*', { liveFrom: inMs(3_600_000) }).expect(200)
    const { body } = await desk.change(`${articleAt(id)}/kill`, '*', { reason: 'legal' }).expect(200)
    expect(body).toMatchObject({ state: 'killed', killReason: 'legal', scheduled: null })
    app.clock.pass(2 * 3_600_000)
    for (const name of [id, slug]) {
      expect((await app.nobody.get(`/v1/articles/${name}`).expect(410)).body).toMatchObject({
        code: 'gone',
        reason: 'legal',
      })
    }
    await app.nobody.get(`/v1/articles/${slug}-planned`).expect(404)
    const { body: links } = await desk.get(articleAt(id)).expect(200)
    expect(links.state).toBe('killed')
    for (const name of ['publish', 'withdraw', 'unschedule', 'restore'])
      await desk.change(`${articleAt(id)}/${name}`, '*').expect(409)
    await desk.delete(articleAt(id), '*').expect(409)
    await desk.patch(articleAt(id), { headline: 'x' }, '*').expect(409)
  })
})
