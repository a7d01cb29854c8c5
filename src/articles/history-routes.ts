import * as z from 'zod'
import { callerOf } from '../access/guard.ts'
import { writers } from '../access/schema.ts'
import type { EditorialWrites } from '../access/writes.ts'
import { requireVersion } from '../http/etag.ts'
import { PageHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { LIMIT_DEFAULT, Page, PageQuery, pageLinks } from '../http/paging.ts'
import { versionNumber, versionPage, versionPlace } from '../http/version-pages.ts'
import * as example from './examples.ts'
import type { HistoryService } from './history.ts'
import { ArticleVersion, VersionDiff, VersionSummary } from './history-schema.ts'
import { ArticleId, type ArticleServices, articleAnswer } from './routes.ts'
import { EditorialArticle, Note } from './schema.ts'

const VersionList = z
  .strictObject({ data: z.array(VersionSummary), page: Page })
  .meta({ id: 'ArticleVersionPage', description: 'Versions of an article, newest first' })
const AtVersion = ArticleId.extend({ version: versionNumber })
const Between = ArticleId.extend({
  a: versionNumber.meta({ description: 'The version to start from', example: 1 }),
  b: versionNumber.meta({ description: 'The version to arrive at', example: 2 }),
})
const scope = writers

/** What an article said at each of its versions, how two of them differ, and the way back to one. */
export function historyRoutes(
  app: App,
  writes: EditorialWrites,
  services: ArticleServices & { history: HistoryService },
): void {
  const { history } = services
  const answer = articleAnswer(services)

  app.get(
    '/articles/:id/versions',
    {
      config: { scope },
      schema: {
        operationId: 'listArticleVersions',
        summary: 'The history of an article, newest first',
        description: 'Each write is a version that is never changed: who, when, what and why.',
        tags: ['History'],
        params: ArticleId,
        querystring: PageQuery,
        response: { 200: json('A page of versions', VersionList, example.versions, PageHeaders) },
        problems: ['not-found', 'invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor } = request.query
      const { id } = request.params
      const filters = { versions: id }
      const { place, from } = versionPlace(cursor, filters)
      const rows = await history.list(callerOf(request), id, limit + 1, from)
      const shown = versionPage(rows, limit, place, filters)
      reply.header('link', pageLinks(request.url, shown.page))
      return { data: shown.rows, page: shown.page }
    },
  )

  app.get(
    '/articles/:id/versions/:version',
    {
      config: { scope },
      schema: {
        operationId: 'getArticleVersion',
        summary: 'What an article said at a version',
        description: 'All its fields and its text, as they stood after that write.',
        tags: ['History'],
        params: AtVersion,
        response: { 200: json('The version', ArticleVersion, example.version) },
        problems: ['not-found'],
      },
    },
    (request) => history.get(callerOf(request), request.params.id, request.params.version),
  )

  app.get(
    '/articles/:id/versions/:a/diff/:b',
    {
      config: { scope },
      schema: {
        operationId: 'diffArticleVersions',
        summary: 'How two versions of an article differ',
        description:
          'By field, and for the text by block: what stays, goes, comes and changes, from top to bottom. Applied to the first version it gives the second.',
        tags: ['History'],
        params: Between,
        response: { 200: json('What leads from one to the other', VersionDiff, example.diff) },
        problems: ['not-found'],
      },
    },
    (request) => {
      const { id, a, b } = request.params
      return history.diff(callerOf(request), id, a, b)
    },
  )

  writes.route(app, {
    method: 'POST',
    url: '/articles/:id/versions/:version/restore',
    scope,
    schema: {
      operationId: 'restoreArticleVersion',
      summary: 'Bring back what an article said at a version',
      description:
        'As a new version; nothing of the history is lost, and readers see it when it is published. The slug of then comes back too if it is still the article’s own, otherwise the present one stays. 409 if its `externalId` is another article’s now.',
      tags: ['History'],
      params: AtVersion,
      headers: WriteHeaders,
      body: Note,
      bodyOptional: true,
      bodyExample: { note: 'The quote was right after all.' },
      response: {
        200: json('The article', EditorialArticle, { ...example.article, state: 'liveWithChanges' }, TaggedHeaders),
      },
      problems: [
        'not-found',
        'slug-taken',
        'already-exists',
        'invalid-transition',
        'version-mismatch',
        'version-required',
      ],
    },
    work: async (context, { params: { id, version }, body, ifMatch }) => {
      const { tx, caller } = context
      const versions = requireVersion(ifMatch)
      return answer(context, await services.history.restoreIn(tx, caller, id, versions, version, body.note))
    },
  })
}
