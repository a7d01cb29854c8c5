import * as z from 'zod'
import type { EditorialWrites } from '../access/writes.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { PageHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { LIMIT_DEFAULT, Page, PageQuery, pageLinks } from '../http/paging.ts'
import { versionNumber, versionPage, versionPlace } from '../http/version-pages.ts'
import * as example from './examples.ts'
import { Key } from './routes.ts'
import * as schema from './schema.ts'
import { type FrontService, subjectOf } from './service.ts'

const VersionList = z
  .strictObject({ data: z.array(schema.FrontVersionSummary), page: Page })
  .meta({ id: 'FrontVersionPage', description: 'Versions of a front, newest first' })
const AtVersion = Key.extend({ version: versionNumber })
const scope = 'rails:write' as const

/** What fronts were before. */
export function frontHistoryRoutes(app: App, writes: EditorialWrites, fronts: FrontService): void {
  app.get(
    '/fronts/:key/versions',
    {
      config: { scope },
      schema: {
        operationId: 'listFrontVersions',
        summary: 'The history of a front, newest first',
        description:
          'Each write is a version that is never changed, those of deleted fronts of the same key among them.',
        tags: ['History'],
        params: Key,
        querystring: PageQuery,
        response: { 200: json('A page of versions', VersionList, example.versions, PageHeaders) },
        problems: ['not-found', 'invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { key } = request.params
      const { limit = LIMIT_DEFAULT, cursor } = request.query
      const filters = { front: key }
      const { place, from } = versionPlace(cursor, filters)
      const shown = versionPage(await fronts.versions(key, limit + 1, from), limit, place, filters)
      reply.header('link', pageLinks(request.url, shown.page))
      return { data: shown.rows, page: shown.page }
    },
  )

  app.get(
    '/fronts/:key/versions/:version',
    {
      config: { scope },
      schema: {
        operationId: 'getFrontVersion',
        summary: 'What a front was at a version',
        description: 'As it was after that write; where it was deleted, as it was until then.',
        tags: ['History'],
        params: AtVersion,
        response: { 200: json('The version', schema.FrontVersion, example.version) },
        problems: ['not-found'],
      },
    },
    (request) => fronts.version(request.params.key, request.params.version),
  )

  writes.route(app, {
    method: 'POST',
    url: '/fronts/:key/versions/:version/restore',
    scope,
    schema: {
      operationId: 'restoreFrontVersion',
      summary: 'Bring back what a front was at a version',
      description: 'As a new version, public at once. Rails that were deleted since come back as missing.',
      tags: ['History'],
      params: AtVersion,
      headers: WriteHeaders,
      response: { 200: json('The front', schema.EditorialFront, example.front, TaggedHeaders) },
      problems: ['not-found', 'version-mismatch', 'version-required'],
    },
    work: async ({ tx, caller }, { params: { key, version }, ifMatch }) => {
      const front = await fronts.restoreIn(tx, caller, key, requireVersion(ifMatch), version)
      const body = await fronts.showIn(tx, front)
      return { headers: { etag: versionTag(body.version) }, body, subject: subjectOf(front) }
    },
  })
}
