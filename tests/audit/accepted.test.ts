import { beforeAll, describe, expect, it } from 'vitest'
import { commandLine } from '../../src/commands/actor.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { auditRows } from '../support/audit.ts'
import { ARTICLES, articleAt, type Desk, draft, linkAt, linksOf, story } from '../support/builders.ts'

let app: TestApp
let admin: Desk
beforeAll(async () => {
  app = await startApp()
  admin = await app.withRole('admin', 'The chief')
})

/** The rows that came while `work` was done, oldest first. */
async function rowsOf(work: () => unknown) {
  const known = new Set((await auditRows(app)).map(({ id }) => id))
  await work()
  return (await auditRows(app)).filter(({ id }) => !known.has(id)).reverse()
}

/** One write of each kind, in an order in which all are possible: what is sent, and what the audit says of it. */
async function* writes() {
  let rail = 0
  const { id } = await draft(admin)
  const at = articleAt(id)
  const lists = linksOf(id)
  const of = (version: number, ...changed: string[]) => ({ kind: 'article', id, version, changed })
  const links = (version: number) => ({ kind: 'headlines', id, version, changed: ['items'] })
  yield ['createArticle', () => admin.post(ARTICLES, story()), { kind: 'article', version: 1, changed: [] }] as const
  yield ['patchArticle', () => admin.patch(at, { kicker: 'New' }, 1), of(2, 'kicker')] as const
  yield [
    'replaceArticle',
    () => admin.put(at, story({ slug: `s-${id}` }), 2),
    of(3, 'slug', 'headline', 'kicker'),
  ] as const
  const restore = `${at}/versions/1/restore`
  yield ['restoreArticleVersion', () => admin.change(restore, 3), of(4, 'headline')] as const
  yield ['lockArticle', () => admin.put(`${at}/lock`, {}), { kind: 'article', id, version: null }] as const
  yield ['unlockArticle', () => admin.delete(`${at}/lock`), { kind: 'article', id, version: null }] as const
  const liveFrom = '2027-01-01T00:00:00.000Z'
  const planned = of(5, 'state', 'liveFrom', 'scheduled', 'edition')
  yield ['publishArticle', () => admin.change(`${at}/publish`, 4, { liveFrom }), planned] as const
  yield [
    'unscheduleArticle',
    () => admin.change(`${at}/unschedule`, 5),
    of(6, 'state', 'liveFrom', 'scheduled', 'edition'),
  ] as const
  const isOut = ['state', 'publishedAt', 'liveFrom', 'edition']
  yield ['publishArticle', () => admin.change(`${at}/publish`, 6), of(7, ...isOut)] as const
  yield ['withdrawArticle', () => admin.change(`${at}/withdraw`, 7), of(8, 'state', 'liveUntil')] as const
  yield ['trashArticle', () => admin.delete(at, 8), of(9, 'state')] as const
  yield ['restoreArticle', () => admin.change(`${at}/restore`, 9), of(10, 'state')] as const
  const items = [{ headline: 'Elsewhere' }]
  yield ['replaceHeadlines', () => admin.put(lists, { items }, 0), links(1)] as const
  yield ['appendHeadline', () => admin.change(lists, 1, { headline: 'More' }), links(2)] as const
  const link = linkAt((await admin.get(lists)).body.items[0].id)
  yield ['patchHeadlineLink', () => admin.patch(link, { headline: 'There' }, 2), links(3)] as const
  yield ['deleteHeadlineLink', () => admin.delete(link, 3), links(4)] as const
  yield ['restoreHeadlinesVersion', () => admin.change(`${lists}/versions/1/restore`, 4), links(5)] as const
  const operations = [
    { op: 'insert', item: { headline: 'Two' } },
    { op: 'insert', item: { headline: 'Three' } },
  ]
  yield ['operateHeadlines', () => admin.change(`${lists}/operations`, 5, { operations }), links(6)] as const
  yield [
    'killArticle',
    () => admin.change(`${at}/kill`, 10, { reason: 'legal' }),
    of(11, 'state', 'killReason'),
  ] as const
  const erase = () => admin.change(`${at}/erase`, 11, { confirm: id })
  yield ['eraseArticle', erase, { kind: 'article', id, version: null, changed: [] }] as const
  const key = `top-${id}`
  const onRail = (...changed: string[]) => ({ kind: 'rail', id: key, version: ++rail, changed })
  const at2 = `/v1/editorial/rails/${key}`
  yield ['createRail', () => admin.post('/v1/editorial/rails', { key, title: 'Top' }), onRail('title')] as const
  const stage = { title: 'Best', publishMode: 'staged' }
  yield ['patchRail', () => admin.patch(at2, stage, 1), onRail('title', 'publishMode')] as const
  yield ['replaceRail', () => admin.put(at2, { title: 'All', items }, 2), onRail('title', 'items')] as const
  yield ['replaceRailItems', () => admin.put(`${at2}/items`, { items: [] }, 3), onRail('items')] as const
  yield ['restoreRailVersion', () => admin.change(`${at2}/versions/1/restore`, 4), onRail('title')] as const
  yield ['operateRail', () => admin.change(`${at2}/operations`, 5, { operations }), onRail('items')] as const
  const item1 = { item: { headline: 'First' }, place: 'first' }
  const later = { liveFrom: '2100-01-01T00:00:00Z' }
  yield ['publishRail', () => admin.change(`${at2}/publish`, 6, later), onRail('scheduled')] as const
  yield ['unscheduleRail', () => admin.change(`${at2}/unschedule`, 7), onRail('scheduled')] as const
  yield ['discardRailDraft', () => admin.change(`${at2}/discard`, 8), onRail('items')] as const
  yield ['insertRailItem', () => admin.change(`${at2}/items`, 9, item1), onRail('items')] as const
  let front = 0
  const onFront = (...changed: string[]) => ({ kind: 'front', id: key, version: ++front, changed })
  const fronts = '/v1/editorial/fronts'
  const at4 = `${fronts}/${key}`
  const page = { key, title: 'Home', rails: [{ key }] }
  yield ['createFront', () => admin.post(fronts, page), onFront('title', 'rails')] as const
  yield ['patchFront', () => admin.patch(at4, { language: 'en' }, 1), onFront('language')] as const
  yield ['replaceFront', () => admin.put(at4, { title: 'Home', rails: [] }, 2), onFront('language', 'rails')] as const
  yield [
    'restoreFrontVersion',
    () => admin.change(`${at4}/versions/2/restore`, 3),
    onFront('language', 'rails'),
  ] as const
  yield ['deleteFront', () => admin.delete(at4, 4), onFront()] as const
  yield ['createFront', () => admin.post(fronts, { key, title: 'Home' }), onFront('title')] as const
  for (const name of ['Section', 'Tag', 'Author']) {
    const kind = name.toLowerCase()
    const at5 = `/v1/editorial/${kind}s/${key}`
    const onTerm = (version: number, ...changed: string[]) => ({ kind, id: key, version, changed })
    const make = () => admin.put(at5, { name: 'Term' }).set('if-none-match', '*')
    yield [`replace${name}`, make, onTerm(1, 'name', 'slug')] as const
    yield [`patch${name}`, () => admin.patch(at5, { name: 'New' }, 1), onTerm(2, 'name')] as const
    yield [`delete${name}`, () => admin.delete(at5, 2), onTerm(3)] as const
  }
  yield ['deleteRail', () => admin.delete(at2, 10), onRail('items')] as const
  const releases = '/v1/editorial/releases'
  const { id: piece } = await draft(admin)
  const { body: release } = await admin.post(releases, { title: 'Night' }).expect(201)
  const at3 = `${releases}/${release.id}`
  const onRelease = (version: number) => ({ kind: 'release', id: release.id, version })
  const item = { kind: 'article', id: piece }
  yield ['createRelease', () => admin.post(releases, { title: 'Day' }), { kind: 'release', version: 1 }] as const
  yield ['patchRelease', () => admin.patch(at3, { title: 'Morning' }, 1), onRelease(2)] as const
  yield ['addToRelease', () => admin.change(`${at3}/items`, 2, item), onRelease(3)] as const
  yield ['scheduleRelease', () => admin.change(`${at3}/schedule`, 3, { liveFrom }), onRelease(4)] as const
  yield ['cancelRelease', () => admin.change(`${at3}/cancel`, 4), onRelease(5)] as const
  yield ['removeFromRelease', () => admin.delete(`${at3}/items/article/${piece}`, 5), onRelease(6)] as const
  yield ['deleteRelease', () => admin.delete(at3, 6), { kind: 'release', id: release.id }] as const
  const previews = '/v1/editorial/previews'
  yield ['createPreview', () => admin.post(previews, { articleId: piece }), { kind: 'preview' }] as const
  const preview = (await admin.get(previews)).body.data[0].id
  yield ['revokePreview', () => admin.delete(`${previews}/${preview}`), { kind: 'preview', id: preview }] as const
  const imports = '/v1/editorial/imports'
  const send = () => admin.raw('post', imports, 'Text', { 'content-type': 'text/plain' })
  yield ['createImport', send, { kind: 'import' }] as const
  const { id: sent } = (await admin.get(imports)).body.data[0]
  yield ['cancelImport', () => admin.post(`${imports}/${sent}/cancel`), { kind: 'import', id: sent }] as const
  const made = await app.services.access.create('For a day', 'reader')
  const keys = '/v1/editorial/keys'
  yield ['createKey', () => admin.post(keys, { name: 'A', role: 'reader' }), { kind: 'key' }] as const
  yield [
    'revokeKey',
    () => admin.delete(`${keys}/${made.id}`),
    { kind: 'key', id: made.id, changed: ['revokedAt'] },
  ] as const
  const hooks = '/v1/editorial/webhooks'
  const hook = { name: 'The app', url: 'https://app.example/hooks' }
  yield ['createWebhook', () => admin.post(hooks, hook), { kind: 'webhook', version: 1 }] as const
  const hookId: string = (await admin.get(hooks)).body.data[0].id
  const onHook = (version: number | null, ...changed: string[]) => ({ kind: 'webhook', id: hookId, version, changed })
  const at6 = `${hooks}/${hookId}`
  yield ['patchWebhook', () => admin.patch(at6, { name: 'Our app' }, 1), onHook(2, 'name')] as const
  yield ['rotateWebhookSecret', () => admin.change(`${at6}/rotate`, 2), onHook(3, 'secret')] as const
  yield ['testWebhook', () => admin.post(`${at6}/test`), onHook(null)] as const
  yield ['redeliverWebhook', () => admin.post(`${at6}/redeliver`, { after: 0 }), onHook(null)] as const
  yield ['deleteWebhook', () => admin.delete(at6, 3), onHook(null)] as const
}

/** Operations that are several writes, or have a test of their own. */
const elsewhere: string[] = ['batch', 'addImportContent']

describe('the audit', () => {
  it('has one row for every accepted write: who, which request, what it was done to and what changed', async () => {
    const walked = new Set<string>()
    for await (const [action, send, subject] of writes()) {
      let requestId = ''
      const rows = await rowsOf(async () => {
        const response = await send()
        expect(response.status, `${action}: ${response.text}`).toBeLessThan(300)
        requestId = response.headers['x-request-id'] ?? ''
      })
      // A release has a row of its own, and each of its pieces one.
      const isOfPieces = ['scheduleRelease', 'cancelRelease'].includes(action)
      expect(rows, action).toHaveLength(isOfPieces ? 2 : 1)
      if (isOfPieces) expect(rows[1], action).toMatchObject({ action, subjectKind: 'article', changed: ['scheduled'] })
      const { kind, id, version, changed } = {
        id: rows[0]?.subjectId,
        version: undefined,
        changed: undefined,
        ...subject,
      }
      expect(rows[0], action).toMatchObject({
        action,
        outcome: 'accepted',
        actorName: 'The chief',
        requestId,
        times: 1,
        subjectKind: kind,
        subjectId: id,
        ...(version !== undefined && { version }),
        ...(changed && { changed }),
      })
      walked.add(action)
    }
    const { paths } = app.documents.editorial as { paths: Record<string, Record<string, { operationId: string }>> }
    const all = Object.values(paths).flatMap((item) =>
      Object.entries(item).flatMap(([verb, { operationId }]) => (verb === 'get' ? [] : [operationId])),
    )
    expect([...walked, ...elsewhere].sort()).toEqual(all.sort())
  })

  it('has no row for what was refused, for a dry run, for reading, or for the same request again', async () => {
    const { id, version } = await draft(admin)
    const rows = await rowsOf(async () => {
      await admin.post(ARTICLES, { headlin: 'Misspelt' }).expect(422)
      await admin.raw('post', ARTICLES, '{').expect(400)
      await admin.patch(articleAt(id), { kicker: 'Late' }, version + 1).expect(412)
      await admin.patch(articleAt(id), { kicker: 'Unseen' }).expect(428)
      await admin.change(`${articleAt(id)}/withdraw`, version).expect(409)
      await admin.patch(`${articleAt(id)}?dryRun=true`, { kicker: 'Try' }, version).expect(200)
      await admin.post(`${ARTICLES}?dryRun=true`, story()).expect(201)
      await admin.get(articleAt(id)).expect(200)
    })
    expect(rows).toEqual([])
    const once = await rowsOf(async () => {
      const body = story()
      for (const replayed of [undefined, 'true']) {
        const { headers } = await admin.post(ARTICLES, body).set('idempotency-key', 'once').expect(201)
        expect(headers['idempotency-replayed']).toBe(replayed)
      }
    })
    expect(once.map(({ action }) => action)).toEqual(['createArticle'])
  })

  it('has one row for each thing that the command line does', async () => {
    const { access, importing } = app.services
    const options = { headline: 'first-line', publish: true } as const
    const text = Buffer.from('The Boats Leave\n\nThey leave at six.\n')
    const rows = await rowsOf(async () => {
      const { id } = await access.create('Partner', 'partner')
      await access.revoke(id)
      await importing.importDocument(commandLine, 'boats.txt', text, options)
      await importing.importDocument(commandLine, 'boats.txt', text, options)
    })
    expect(rows.map(({ action, actorName }) => [action, actorName])).toEqual([
      ['createKey', 'Command line'],
      ['revokeKey', 'Command line'],
      ['importDocument', 'Command line'],
    ])
  })

  it('has one row for what the clock does, however often and on however many nodes it looks', async () => {
    const { id } = await draft(admin)
    const inS = (s: number) => new Date(Date.parse(app.clock.now()) + s * 1000).toISOString()
    const times = { liveFrom: inS(60), liveUntil: inS(120) }
    await admin.change(`${articleAt(id)}/publish`, 1, times).expect(200)
    const other = await startApp({ database: { url: app.url, drop: async () => undefined }, clock: app.clock })
    const tick = () => Promise.all([app, other, app].map(({ services }) => services.ticker.tick()))
    const rows = await rowsOf(async () => {
      await tick()
      for (const ms of [61_000, 1, 61_000, 61_000]) {
        app.clock.pass(ms)
        await tick()
      }
    })
    const subject = { subjectKind: 'article', subjectId: id, version: 1, actorName: 'The clock' }
    expect(rows).toMatchObject([
      { action: 'goLive', ...subject },
      { action: 'expire', ...subject },
    ])
  })
})
