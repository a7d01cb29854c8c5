import * as z from 'zod'
import { callerOf } from '../access/guard.ts'
import { writers } from '../access/schema.ts'
import type { EditorialWrites } from '../access/writes.ts'
import { ArticleId } from '../articles/routes.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { PageHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { LIMIT_DEFAULT, Page, PageQuery, pageLinks } from '../http/paging.ts'
import { versionNumber, versionPage, versionPlace } from '../http/version-pages.ts'
import * as example from './examples.ts'
import { ListDiff } from './history-schema.ts'
import { subjectOf } from './lists.ts'
import { Key } from './rail-routes.ts'
import type { RailService } from './rails.ts'
import * as schema from './schema.ts'
import type { HeadlineService } from './service.ts'

const VersionList = z
  .strictObject({ data: z.array(schema.ListVersionSummary), page: Page })
  .meta({ id: 'ListVersionPage', description: 'Versions of a list, newest first' })
const listed = { 200: json('A page of versions', VersionList, example.versions, PageHeaders) }
const foundOf = (example: schema.ListVersion) => ({ 200: json('The version', schema.ListVersion, example) })
const AtVersion = {
  ofArticle: ArticleId.extend({ version: versionNumber }),
  ofRail: Key.extend({ version: versionNumber }),
}
const between = {
  a: versionNumber.meta({ description: 'The version to start from', example: 1 }),
  b: versionNumber.meta({ description: 'The version to arrive at', example: 2 }),
}
const compared = { 200: json('What leads from one to the other', ListDiff, example.diff) }
const problems = ['not-found', 'version-mismatch', 'version-required'] as const

const APPLIED =
  'Only what has left its place among the others has moved, not what slid along. Applied to the first version it gives the second: take out what goes and what moves, then put what comes and what moves to its place, from top to bottom.'

/** What the lists of headlines were before: those of articles, and rails. */
export function listHistoryRoutes(
  app: App,
  writes: EditorialWrites,
  { headlines, rails }: { headlines: HeadlineService; rails: RailService },
): void {
  app.get(
    '/articles/:id/headlines/versions',
    {
      config: { scope: writers },
      schema: {
        operationId: 'listHeadlinesVersions',
        summary: "The history of an article's headline links, newest first",
        description: 'Each write is a version that is never changed. A list that nobody has written has none.',
        tags: ['History'],
        params: ArticleId,
        querystring: PageQuery,
        response: listed,
        problems: ['not-found', 'invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const { limit = LIMIT_DEFAULT, cursor } = request.query
      const filters = { headlines: id }
      const { place, from } = versionPlace(cursor, filters)
      const rows = await headlines.versions(callerOf(request), id, limit + 1, from)
      const shown = versionPage(rows, limit, place, filters)
      reply.header('link', pageLinks(request.url, shown.page))
      return { data: shown.rows, page: shown.page }
    },
  )

  app.get(
    '/rails/:key/versions',
    {
      config: { scope: 'rails:write' },
      schema: {
        operationId: 'listRailVersions',
        summary: 'The history of a rail, newest first',
        description: 'Each write is a version that is never changed; `isPlan` marks what a release was to bring later.',
        tags: ['History'],
        params: Key,
        querystring: PageQuery,
        response: listed,
        problems: ['not-found', 'invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { key } = request.params
      const { limit = LIMIT_DEFAULT, cursor } = request.query
      const filters = { rail: key }
      const { place, from } = versionPlace(cursor, filters)
      const shown = versionPage(await rails.versions(key, limit + 1, from), limit, place, filters)
      reply.header('link', pageLinks(request.url, shown.page))
      return { data: shown.rows, page: shown.page }
    },
  )

  app.get(
    '/articles/:id/headlines/versions/:version',
    {
      config: { scope: writers },
      schema: {
        operationId: 'getHeadlinesVersion',
        summary: "What an article's headline links were at a version",
        description: 'All of them in order, as they stood after that write.',
        tags: ['History'],
        params: AtVersion.ofArticle,
        response: foundOf(example.headlinesVersion),
        problems: ['not-found'],
      },
    },
    (request) => headlines.version(callerOf(request), request.params.id, request.params.version),
  )

  app.get(
    '/rails/:key/versions/:version',
    {
      config: { scope: 'rails:write' },
      schema: {
        operationId: 'getRailVersion',
        summary: 'What a rail held at a version',
        description: 'As it stood after that write; for a plan, what it was to hold.',
        tags: ['History'],
        params: AtVersion.ofRail,
        response: foundOf(example.railVersion),
        problems: ['not-found'],
      },
    },
    (request) => rails.version(request.params.key, request.params.version),
  )

  app.get(
    '/articles/:id/headlines/versions/:a/diff/:b',
    {
      config: { scope: writers },
      schema: {
        operationId: 'diffHeadlinesVersions',
        summary: "How two versions of an article's headline links differ",
        description: `By link: what comes, goes, moves and changes. ${APPLIED}`,
        tags: ['History'],
        params: ArticleId.extend(between),
        response: compared,
        problems: ['not-found'],
      },
    },
    (request) => {
      const { id, a, b } = request.params
      return headlines.diff(callerOf(request), id, a, b)
    },
  )

  app.get(
    '/rails/:key/versions/:a/diff/:b',
    {
      config: { scope: 'rails:write' },
      schema: {
        operationId: 'diffRailVersions',
        summary: 'How two versions of a rail differ',
        description: `By field, and by item: what comes, goes, moves and changes; of a plan, what it was to hold. ${APPLIED}`,
        tags: ['History'],
        params: Key.extend(between),
        response: compared,
        problems: ['not-found'],
      },
    },
    (request) => {
      const { key, a, b } = request.params
      return rails.diff(key, a, b)
    },
  )

  writes.route(app, {
    method: 'POST',
    url: '/articles/:id/headlines/versions/:version/restore',
    scope: writers,
    schema: {
      operationId: 'restoreHeadlinesVersion',
      summary: "Bring an article's headline links of a version back",
      description: 'As a new version, public at once where the article is. Links have the ids that they had.',
      tags: ['History'],
      params: AtVersion.ofArticle,
      headers: WriteHeaders,
      response: { 200: json('The list', schema.EditorialHeadlines, example.headlines, TaggedHeaders) },
      problems: [...problems, 'invalid-transition'],
    },
    work: async ({ tx, caller }, { params: { id, version }, ifMatch }) => {
      const list = await headlines.restoreIn(tx, caller, id, requireVersion(ifMatch), version)
      const body = await headlines.showIn(tx, caller, list)
      return { headers: { etag: versionTag(list.list.version) }, body, subject: subjectOf(list) }
    },
  })

  writes.route(app, {
    method: 'POST',
    url: '/rails/:key/versions/:version/restore',
    scope: 'rails:write',
    schema: {
      operationId: 'restoreRailVersion',
      summary: 'Bring back what a rail held at a version',
      description: 'As a new version, public at once; its title, description and language too.',
      tags: ['History'],
      params: AtVersion.ofRail,
      headers: WriteHeaders,
      response: { 200: json('The rail', schema.EditorialRail, example.rail, TaggedHeaders) },
      problems: [...problems, 'rail-full'],
    },
    work: async ({ tx, caller }, { params: { key, version }, ifMatch }) => {
      const rail = await rails.restoreIn(tx, caller, key, requireVersion(ifMatch), version)
      const body = await rails.showIn(tx, caller, rail)
      return { headers: { etag: versionTag(rail.list.version) }, body, subject: subjectOf(rail) }
    },
  })
}
