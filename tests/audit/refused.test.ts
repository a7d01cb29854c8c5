import { beforeEach, describe, expect, it } from 'vitest'
import { REFUSALS_A_MINUTE } from '../../src/audit/refusals.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { auditRows } from '../support/audit.ts'
import { ARTICLES, articleAt, draft, story } from '../support/builders.ts'

let app: TestApp
beforeEach(async () => {
  app = await startApp()
  return app.stop
})

const refusals = async () => (await auditRows(app)).filter(({ outcome }) => outcome === 'refused').reverse()

describe('a refused credential', () => {
  it('has one row with nothing of the key: unknown, revoked, of another form, at either door', async () => {
    const { id, key } = await app.services.access.create('Gone', 'admin')
    await app.services.access.revoke(id)
    const unknown = `dl_live_${'x'.repeat(43)}`
    const sent: [string, string, string][] = [
      ['/v1/editorial/articles', `Bearer ${unknown}`, 'listEditorialArticles'],
      ['/v1/articles', `Bearer ${key}`, 'listArticles'],
      ['/v1/articles/some-piece', 'Basic c2VjcmV0LXBhc3N3b3Jk', 'getArticle'],
      ['/v1/me', '', 'getMe'],
    ]
    const ids: string[] = []
    for (const [path, authorization] of sent) {
      const { headers } = await app.nobody.get(path).set('authorization', authorization).expect(401)
      ids.push(headers['x-request-id'] ?? '')
    }
    const rows = await refusals()
    expect(rows.map(({ action, requestId }) => [action, requestId])).toEqual(
      sent.map(([, , operationId], at) => [operationId, ids[at]]),
    )
    for (const row of rows) expect(row).toMatchObject({ actorId: null, actorName: null, subjectId: null, times: 1 })
    for (const secret of [unknown, key, 'c2VjcmV0', key.slice(-4), 'xxxx']) {
      expect(JSON.stringify(rows)).not.toContain(secret)
    }
  })

  it('has one row with its name where the key is good and not enough, wherever that is found out', async () => {
    const contributor = await app.withRole('contributor', 'Trainee')
    const liveFrom = '2027-01-01T00:00:00Z'
    await contributor.get('/v1/editorial/keys').expect(403)
    await contributor.post(ARTICLES, story({ publish: true })).expect(403)
    await contributor.post(`${ARTICLES}?dryRun=true`, story({ publish: true })).expect(403)
    await contributor.get('/v1/articles?embargoed=true').expect(403)
    await contributor.get(`/v1/rails?at=${liveFrom}`).expect(403)
    const { id } = await draft(contributor)
    await contributor.change(`${articleAt(id)}/publish`, 1).expect(403)
    const rows = await refusals()
    expect(rows.map(({ action }) => action)).toEqual([
      'listKeys',
      'createArticle',
      'createArticle',
      'listArticles',
      'listRails',
      'publishArticle',
    ])
    for (const row of rows) expect(row).toMatchObject({ actorName: 'Trainee', outcome: 'refused' })
  })

  it('is not one where nobody sent a key, where nothing is there, or where the fault is another', async () => {
    const contributor = await app.withRole('contributor')
    await app.nobody.get('/v1/editorial/articles').expect(401)
    await app.nobody.get('/v1/me').expect(401)
    await app.nobody.get('/v1/articles?embargoed=true').expect(401)
    await contributor.get(articleAt('019b0f61-2c44-7d10-8a55-0a6f3f1f9b02')).expect(404)
    await contributor.get('/v1/editorial/nothing').expect(404)
    await contributor.post(ARTICLES, {}).expect(422)
    expect(await refusals()).toEqual([])
  })

  it('is counted and no row of its own where there are too many, and another kind is still noted', async () => {
    const reader = await app.withRole('reader', 'A reader')
    const wrong = app.as('wrong')
    for (let each = 0; each < REFUSALS_A_MINUTE + 5; each++) await wrong.get('/v1/articles').expect(401)
    await reader.get('/v1/editorial/articles').expect(403)
    expect((await refusals()).map(({ times }) => times)).toEqual(Array(REFUSALS_A_MINUTE + 1).fill(1))
    app.clock.pass(60_000)
    const rows = await refusals()
    expect(rows).toHaveLength(REFUSALS_A_MINUTE + 2)
    expect(rows.at(-1)).toMatchObject({ action: 'refusedTooOften', times: 5, actorId: null })
    await wrong.get('/v1/articles').expect(401)
    expect((await refusals()).at(-1)).toMatchObject({ action: 'listArticles', times: 1 })
  })

  it('costs the one who is refused nothing while nothing can be written, and is written later', async () => {
    const { audit } = app.services
    const wrong = app.as('wrong')
    let open: () => void = () => undefined
    const held = app.db.write(() => new Promise<void>((resolve) => (open = resolve)))
    for (const _ of Array(3)) await wrong.get('/v1/articles').expect(401)
    open()
    await held
    const { write } = app.db
    app.db.write = () => Promise.reject(new Error('The database is away'))
    await expect(audit.writeRefusals()).rejects.toThrow('away')
    await wrong.get('/v1/articles').expect(401)
    app.db.write = write
    expect(await refusals()).toHaveLength(4)
    expect(await refusals()).toHaveLength(4)
  })

  it('is written at the end of the process, the ones that were only counted too', async () => {
    const stop = app.services.ticker.start(60_000, (error) => {
      throw error
    })
    for (let each = 0; each < REFUSALS_A_MINUTE + 1; each++) await app.as('wrong').get('/v1/me').expect(401)
    await stop()
    const { audit } = app.db.tables
    expect(await app.db.read.$count(audit)).toBe(REFUSALS_A_MINUTE + 1)
  })

  it('has one row also where the connection was lost between the commit and its answer', async () => {
    await app.nobody.get('/v1/articles').set('authorization', 'Bearer wrong').expect(401)
    const { audit } = app.services
    const write = app.db.write
    app.db.write = async (work) => {
      await write(work)
      throw new Error('The connection was lost')
    }
    await expect(audit.writeRefusals()).rejects.toThrow('lost')
    app.db.write = write
    expect(await refusals()).toHaveLength(1)
  })
})
