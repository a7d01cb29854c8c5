import * as z from 'zod'
import { callerOf } from '../access/guard.ts'
import { writers } from '../access/schema.ts'
import type { EditorialWrites } from '../access/writes.ts'
import { ArticleId } from '../articles/routes.ts'
import { JSON_PATCH, MERGE_PATCH } from '../http/content-types.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { CreatedHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { PatchBody } from '../http/patch-body.ts'
import * as example from './examples.ts'
import { HeadlineLinkCreate, HeadlineLinkPatch } from './link-schema.ts'
import { type ChangedList, subjectOf } from './lists.ts'
import { DuplicateQuery, ListOperations } from './operations-schema.ts'
import * as schema from './schema.ts'
import type { HeadlineService } from './service.ts'

const LinkId = z.object({
  id: z
    .string()
    .max(200)
    .meta({ description: 'The id of a headline link', example: '019b0f61-2c6e-7000-b2a1-6a2f5f2c1d01' }),
})
const changed = ['not-found', 'invalid-transition', 'version-mismatch', 'version-required'] as const
const scope = writers
// The states of links change by the clock and with other articles: there is no 304.
const onLinks = { config: { scope, isAlwaysSent: true } }

/** The headline links of articles. The version that `If-Match` speaks of is the list's, not the article's. */
export function headlineRoutes(app: App, writes: EditorialWrites, headlines: HeadlineService): void {
  app.get(
    '/articles/:id/headlines',
    {
      ...onLinks,
      schema: {
        operationId: 'getEditorialHeadlines',
        summary: "Read an article's headline links",
        description: 'An article without links has an empty list at version 0.',
        tags: ['Headlines'],
        params: ArticleId,
        response: { 200: json('The list', schema.EditorialHeadlines, example.headlines, TaggedHeaders) },
        problems: ['not-found'],
      },
    },
    async (request, reply) => {
      const list = await headlines.ofArticle(callerOf(request), request.params.id)
      return reply.header('etag', versionTag(list.version)).send(list)
    },
  )

  writes.route(app, {
    method: 'PUT',
    url: '/articles/:id/headlines',
    scope,
    schema: {
      operationId: 'replaceHeadlines',
      summary: "Replace or reorder an article's headline links",
      description:
        'The whole list in its new order. A link keeps its id by `id`, or by having the same target or pending headline.',
      tags: ['Headlines'],
      params: ArticleId,
      headers: WriteHeaders,
      querystring: DuplicateQuery,
      body: schema.HeadlinesReplace,
      bodyExample: example.headlinesReplace,
      response: { 200: json('The list', schema.EditorialHeadlines, example.headlines, TaggedHeaders) },
      problems: [...changed, 'duplicate-item'],
    },
    work: async ({ tx, caller }, { params, query, body, ifMatch }) => {
      const list = await headlines.replaceIn(tx, caller, params.id, requireVersion(ifMatch), body.items, query)
      return { headers: tagOf(list), body: await headlines.showIn(tx, caller, list), subject: subjectOf(list) }
    },
  })

  writes.route(app, {
    method: 'POST',
    url: '/articles/:id/headlines/operations',
    scope,
    schema: {
      operationId: 'operateHeadlines',
      summary: "Insert, move, update, remove, pin and unpin an article's headline links",
      description:
        'Up to 100 operations, all or none, one after the other, as one version. An error points at its operation, as in `#/operations/2/after`.',
      tags: ['Headlines'],
      params: ArticleId,
      headers: WriteHeaders,
      querystring: DuplicateQuery,
      body: ListOperations,
      bodyExample: example.headlinesOperations,
      response: { 200: json('The list', schema.EditorialHeadlines, example.headlines, TaggedHeaders) },
      problems: [...changed, 'duplicate-item'],
    },
    work: async ({ tx, caller }, { params, query, body, ifMatch }) => {
      const list = await headlines.operateIn(tx, caller, params.id, requireVersion(ifMatch), body.operations, query)
      return { headers: tagOf(list), body: await headlines.showIn(tx, caller, list), subject: subjectOf(list) }
    },
  })

  writes.route(app, {
    method: 'POST',
    url: '/articles/:id/headlines',
    scope,
    schema: {
      operationId: 'appendHeadline',
      summary: 'Add a headline link at the end',
      description: 'Public at once if the article is. The new version of the list is in the ETag.',
      tags: ['Headlines'],
      params: ArticleId,
      headers: WriteHeaders,
      body: HeadlineLinkCreate,
      bodyExample: example.linkCreate,
      response: { 201: json('The link', schema.EditorialHeadlineLinkInPlace, example.linkCreated, CreatedHeaders) },
      problems: [...changed, 'duplicate-item'],
    },
    work: async ({ tx, caller }, { params, body, ifMatch }) => {
      const { id, ...list } = await headlines.appendIn(tx, caller, params.id, requireVersion(ifMatch), body)
      return {
        status: 201,
        headers: { ...tagOf(list), location: `/v1/editorial/headline-links/${id}` },
        body: await headlines.inPlaceIn(tx, caller, list, id),
        subject: subjectOf(list),
      }
    },
  })

  app.get(
    '/headline-links/:id',
    {
      ...onLinks,
      schema: {
        operationId: 'getHeadlineLink',
        summary: 'Read one headline link, wherever it stands',
        description:
          'The ETag is the version of the list that it stands in. A headline below another has the shape of a link, and in `parentId` the one above; it is written there, as one of its `sublinks`.',
        tags: ['Headlines'],
        params: LinkId,
        response: { 200: json('The link', schema.EditorialHeadlineLinkInPlace, example.link, TaggedHeaders) },
        problems: ['not-found'],
      },
    },
    async (request, reply) => {
      const link = await headlines.link(callerOf(request), request.params.id)
      return reply.header('etag', versionTag(link.list.version)).send(link)
    },
  )

  writes.route(app, {
    method: 'PATCH',
    url: '/headline-links/:id',
    scope,
    schema: {
      operationId: 'patchHeadlineLink',
      summary: 'Change one headline link',
      description:
        'A JSON Merge Patch (RFC 7396), or a JSON Patch (RFC 6902). Give a pending headline a `target` here when its story is there; a target of another kind replaces the old one. 405 for a headline below another: patch the `sublinks` of the link that `parentId` names.',
      tags: ['Headlines'],
      params: LinkId,
      headers: WriteHeaders,
      consumes: [MERGE_PATCH, JSON_PATCH],
      body: PatchBody,
      bodyDocumented: HeadlineLinkPatch,
      bodyExample: example.linkPatch,
      response: { 200: json('The link', schema.EditorialHeadlineLinkInPlace, example.linkPatched, TaggedHeaders) },
      problems: [...changed, 'method-not-allowed', 'duplicate-item', 'patch-test-failed'],
    },
    work: async ({ tx, caller }, { params, body, ifMatch }) => {
      const list = await headlines.patchLinkIn(tx, caller, params.id, requireVersion(ifMatch), body)
      return {
        headers: tagOf(list),
        body: await headlines.inPlaceIn(tx, caller, list, params.id),
        subject: subjectOf(list),
      }
    },
  })

  writes.route(app, {
    method: 'DELETE',
    url: '/headline-links/:id',
    scope,
    schema: {
      operationId: 'deleteHeadlineLink',
      summary: 'Take one headline link out of its list',
      description:
        'The others close up. `If-Match` is the version of the list. 405 for a headline below another: patch the `sublinks` of the link that `parentId` names.',
      tags: ['Headlines'],
      params: LinkId,
      headers: WriteHeaders,
      response: { 204: { description: 'It is gone' } },
      problems: [...changed, 'method-not-allowed'],
    },
    work: async ({ tx, caller }, { params, ifMatch }) => {
      const list = await headlines.removeLinkIn(tx, caller, params.id, requireVersion(ifMatch))
      return { status: 204, subject: subjectOf(list) }
    },
  })
}

const tagOf = ({ list }: ChangedList) => ({ etag: versionTag(list.version) })
