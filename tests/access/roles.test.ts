import { beforeAll, describe, expect, it } from 'vitest'
import { type Role, roleNames } from '../../src/access/schema.ts'
import { startApp, type TestApp } from '../support/app.ts'
import type { Desk } from '../support/builders.ts'

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'
interface Operation {
  operationId: string
  verb: Verb
  path: string
}

const writers: Role[] = ['contributor', 'editor', 'admin']
const editors: Role[] = ['editor', 'admin']
const admins: Role[] = ['admin']

/**
 * Who may use which operation, and the scope that the others are told of. Written by hand on purpose: a new operation
 * has to be thought about here, and one that forgot its scope is seen.
 */
const mayUse: Record<string, { roles: readonly Role[]; scope: string | null }> = {
  listEditorialArticles: { roles: writers, scope: 'articles:write' },
  createArticle: { roles: writers, scope: 'articles:write' },
  getEditorialArticle: { roles: writers, scope: 'articles:write' },
  replaceArticle: { roles: writers, scope: 'articles:write' },
  patchArticle: { roles: writers, scope: 'articles:write' },
  trashArticle: { roles: writers, scope: 'articles:write' },
  restoreArticle: { roles: writers, scope: 'articles:write' },
  publishArticle: { roles: editors, scope: 'articles:publish' },
  withdrawArticle: { roles: editors, scope: 'articles:publish' },
  unscheduleArticle: { roles: editors, scope: 'articles:publish' },
  killArticle: { roles: editors, scope: 'articles:publish' },
  eraseArticle: { roles: admins, scope: 'articles:erase' },
  getArticleLock: { roles: writers, scope: 'articles:write' },
  lockArticle: { roles: writers, scope: 'articles:write' },
  unlockArticle: { roles: writers, scope: 'articles:write' },
  listArticleVersions: { roles: writers, scope: 'articles:write' },
  getArticleVersion: { roles: writers, scope: 'articles:write' },
  diffArticleVersions: { roles: writers, scope: 'articles:write' },
  restoreArticleVersion: { roles: writers, scope: 'articles:write' },
  getEditorialHeadlines: { roles: writers, scope: 'articles:write' },
  operateHeadlines: { roles: writers, scope: 'articles:write' },
  replaceHeadlines: { roles: writers, scope: 'articles:write' },
  appendHeadline: { roles: writers, scope: 'articles:write' },
  getHeadlineLink: { roles: writers, scope: 'articles:write' },
  patchHeadlineLink: { roles: writers, scope: 'articles:write' },
  deleteHeadlineLink: { roles: writers, scope: 'articles:write' },
  listHeadlineLinks: { roles: writers, scope: 'articles:write' },
  listPlacements: { roles: writers, scope: 'articles:write' },
  listHeadlinesVersions: { roles: writers, scope: 'articles:write' },
  getHeadlinesVersion: { roles: writers, scope: 'articles:write' },
  diffHeadlinesVersions: { roles: writers, scope: 'articles:write' },
  restoreHeadlinesVersion: { roles: writers, scope: 'articles:write' },
  listRailVersions: { roles: editors, scope: 'rails:write' },
  getRailVersion: { roles: editors, scope: 'rails:write' },
  diffRailVersions: { roles: editors, scope: 'rails:write' },
  restoreRailVersion: { roles: editors, scope: 'rails:write' },
  listEditorialRails: { roles: editors, scope: 'rails:write' },
  createRail: { roles: editors, scope: 'rails:write' },
  getEditorialRail: { roles: editors, scope: 'rails:write' },
  replaceRail: { roles: editors, scope: 'rails:write' },
  patchRail: { roles: editors, scope: 'rails:write' },
  insertRailItem: { roles: editors, scope: 'rails:write' },
  operateRail: { roles: editors, scope: 'rails:write' },
  replaceRailItems: { roles: editors, scope: 'rails:write' },
  deleteRail: { roles: editors, scope: 'rails:write' },
  publishRail: { roles: editors, scope: 'rails:write' },
  unscheduleRail: { roles: editors, scope: 'rails:write' },
  discardRailDraft: { roles: editors, scope: 'rails:write' },
  listRemovedRailItems: { roles: editors, scope: 'rails:write' },
  listRemovedHeadlines: { roles: writers, scope: 'articles:write' },
  listEditorialFronts: { roles: editors, scope: 'rails:write' },
  createFront: { roles: editors, scope: 'rails:write' },
  getEditorialFront: { roles: editors, scope: 'rails:write' },
  replaceFront: { roles: editors, scope: 'rails:write' },
  patchFront: { roles: editors, scope: 'rails:write' },
  deleteFront: { roles: editors, scope: 'rails:write' },
  listFrontVersions: { roles: editors, scope: 'rails:write' },
  getFrontVersion: { roles: editors, scope: 'rails:write' },
  restoreFrontVersion: { roles: editors, scope: 'rails:write' },
  listEditorialSections: { roles: editors, scope: 'taxonomy:write' },
  getEditorialSection: { roles: editors, scope: 'taxonomy:write' },
  replaceSection: { roles: editors, scope: 'taxonomy:write' },
  patchSection: { roles: editors, scope: 'taxonomy:write' },
  deleteSection: { roles: editors, scope: 'taxonomy:write' },
  listEditorialTags: { roles: editors, scope: 'taxonomy:write' },
  getEditorialTag: { roles: editors, scope: 'taxonomy:write' },
  replaceTag: { roles: editors, scope: 'taxonomy:write' },
  patchTag: { roles: editors, scope: 'taxonomy:write' },
  deleteTag: { roles: editors, scope: 'taxonomy:write' },
  listEditorialAuthors: { roles: editors, scope: 'taxonomy:write' },
  getEditorialAuthor: { roles: editors, scope: 'taxonomy:write' },
  replaceAuthor: { roles: editors, scope: 'taxonomy:write' },
  patchAuthor: { roles: editors, scope: 'taxonomy:write' },
  deleteAuthor: { roles: editors, scope: 'taxonomy:write' },
  listPreviews: { roles: writers, scope: 'articles:write' },
  createPreview: { roles: writers, scope: 'articles:write' },
  revokePreview: { roles: writers, scope: 'articles:write' },
  listReleases: { roles: editors, scope: 'releases:write' },
  createRelease: { roles: editors, scope: 'releases:write' },
  getRelease: { roles: editors, scope: 'releases:write' },
  patchRelease: { roles: editors, scope: 'releases:write' },
  deleteRelease: { roles: editors, scope: 'releases:write' },
  addToRelease: { roles: editors, scope: 'releases:write' },
  removeFromRelease: { roles: editors, scope: 'releases:write' },
  scheduleRelease: { roles: editors, scope: 'releases:write' },
  cancelRelease: { roles: editors, scope: 'releases:write' },
  listSchedule: { roles: editors, scope: 'articles:publish' },
  listDeskChanges: { roles: editors, scope: 'articles:write' },
  createImport: { roles: editors, scope: 'import:write' },
  addImportContent: { roles: editors, scope: 'import:write' },
  listImports: { roles: editors, scope: 'import:write' },
  getImport: { roles: editors, scope: 'import:write' },
  listImportRecords: { roles: editors, scope: 'import:write' },
  cancelImport: { roles: editors, scope: 'import:write' },
  exportEverything: { roles: admins, scope: 'export:read' },
  listAudit: { roles: admins, scope: 'audit:read' },
  exportAudit: { roles: admins, scope: 'audit:read' },
  listKeys: { roles: admins, scope: 'keys:write' },
  createKey: { roles: admins, scope: 'keys:write' },
  revokeKey: { roles: admins, scope: 'keys:write' },
  listWebhooks: { roles: admins, scope: 'webhooks:write' },
  createWebhook: { roles: admins, scope: 'webhooks:write' },
  getWebhook: { roles: admins, scope: 'webhooks:write' },
  patchWebhook: { roles: admins, scope: 'webhooks:write' },
  deleteWebhook: { roles: admins, scope: 'webhooks:write' },
  rotateWebhookSecret: { roles: admins, scope: 'webhooks:write' },
  listWebhookDeliveries: { roles: admins, scope: 'webhooks:write' },
  getWebhookDelivery: { roles: admins, scope: 'webhooks:write' },
  testWebhook: { roles: admins, scope: 'webhooks:write' },
  redeliverWebhook: { roles: admins, scope: 'webhooks:write' },
  batch: { roles: writers, scope: 'articles:write' },
}

let app: TestApp
let operations: Operation[]
const desks = new Map<Role, Desk>()
beforeAll(async () => {
  app = await startApp()
  for (const role of roleNames) desks.set(role, await app.withRole(role))
  const { paths } = app.documents.editorial as { paths: Record<string, Record<Verb, { operationId: string }>> }
  operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, { operationId }]) => ({ operationId, verb: verb as Verb, path })),
  )
})

/** With an id of the right form behind which nothing is, and a body that no operation takes. */
function send(who: Desk, { verb, path }: Operation) {
  const url = path.replaceAll(/\{\w+\}/g, '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02')
  return verb === 'get' || verb === 'delete' ? who[verb](url) : who.raw(verb, url, '{"no": "field"}')
}

describe('who may do what', () => {
  it('is decided for every operation of the editorial document, and for no other', () => {
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(Object.keys(mayUse).toSorted())
  })

  it('nobody may do anything without a key, and learns nothing', async () => {
    for (const operation of operations) {
      const { body, headers, text } = await send(app.nobody, operation).set('x-request-id', 'same').expect(401)
      expect(body.code, operation.operationId).toBe('unauthenticated')
      expect(headers['www-authenticate']).toBe('Bearer realm="dateline"')
      expect(text).toBe((await app.nobody.get('/v1/editorial/keys').set('x-request-id', 'same')).text)
      if (operation.verb === 'get') await app.nobody.head(operation.path.replaceAll(/\{\w+\}/g, 'x')).expect(401)
    }
  })

  it.each(roleNames)('a %s may do what the table says, and is told the missing scope for all else', async (role) => {
    const who = desks.get(role) ?? app.nobody
    for (const operation of operations) {
      const { roles, scope } = mayUse[operation.operationId] ?? { roles: [], scope: 'none' }
      const response = await send(who, operation)
      const name = `${operation.operationId} as ${role}: ${response.text}`
      if (roles.includes(role)) {
        // What it was sent is nonsense to all but the plain lists: refused, but not for the key.
        expect([200, 202, 400, 404, 422, 428], name).toContain(response.status)
        continue
      }
      expect(response.status, name).toBe(403)
      expect(response.body, name).toMatchObject({ code: 'forbidden', scope })
      expect(response.headers['www-authenticate']).toBe(
        `Bearer realm="dateline", error="insufficient_scope", scope="${scope}"`,
      )
      if (operation.verb === 'get') await who.head(operation.path.replaceAll(/\{\w+\}/g, 'x')).expect(403)
    }
  })

  it('a key opens no more of the readers’ door than no key, and no less', async () => {
    const { text } = await app.nobody.get('/v1/articles').expect(200)
    for (const who of desks.values()) expect((await who.get('/v1/articles').expect(200)).text).toBe(text)
  })

  it('every method of an operation that was refused has changed nothing', async () => {
    const admin = desks.get('admin') ?? app.nobody
    expect((await admin.get('/v1/editorial/articles?limit=100')).body.data).toEqual([])
    expect((await admin.get('/v1/editorial/rails')).body.data).toEqual([])
    expect((await admin.get('/v1/editorial/fronts')).body.data).toEqual([])
    expect((await admin.get('/v1/editorial/keys')).body.data).toHaveLength(roleNames.length)
  })
})
