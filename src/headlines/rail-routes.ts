import * as z from 'zod'
import { callerOf } from '../access/guard.ts'
import type { EditorialWrites, WriteContext } from '../access/writes.ts'
import { JSON_PATCH, MERGE_PATCH } from '../http/content-types.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { CreatedHeaders, PageHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, NO_TIME, Page, PageQuery, pageLinks, pageOf } from '../http/paging.ts'
import { PatchBody } from '../http/patch-body.ts'
import type { Written } from '../shared/write.ts'
import * as example from './examples.ts'
import { type ChangedList, subjectOf } from './lists.ts'
import { ItemInsert, ListOperations, ListQuery, OverflowQuery } from './operations-schema.ts'
import type { RailService } from './rails.ts'
import * as schema from './schema.ts'

const RailList = z
  .strictObject({ data: z.array(schema.EditorialRail), page: Page })
  .meta({ id: 'EditorialRailPage', description: 'Rails, by key' })
export const Key = z.object({
  key: z.string().max(200).meta({ description: 'The key of a rail', example: 'home-top' }),
})
const changed = ['not-found', 'version-mismatch', 'version-required'] as const
const crowded = ['duplicate-item', 'rail-full'] as const
const scope = 'rails:write' as const
// The states of its items change by the clock and with other articles: there is no 304.
const onRails = { config: { scope, isAlwaysSent: true } }
const railAnswer = { 200: json('The rail', schema.EditorialRail, example.rail, TaggedHeaders) }

/** Rails: ordered lists of headlines with a name. Every write is public at once. */
export function railRoutes(app: App, writes: EditorialWrites, rails: RailService): void {
  const answer = async ({ tx, caller }: WriteContext, changing: Promise<ChangedList>): Promise<Written> => {
    const rail = await changing
    const body = await rails.showIn(tx, caller, rail)
    return { headers: { etag: versionTag(rail.list.version) }, body, subject: subjectOf(rail) }
  }

  app.get(
    '/rails',
    {
      ...onRails,
      schema: {
        operationId: 'listEditorialRails',
        summary: 'List the rails',
        description: 'By key, with all their items, whether readers see them or not.',
        tags: ['Rails'],
        querystring: PageQuery,
        response: { 200: json('A page of rails', RailList, example.railList, PageHeaders) },
        problems: ['invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor } = request.query
      const place = decodeCursor(cursor, 'editorial rails')
      const rows = await rails.list(callerOf(request), limit + 1, place)
      const page = pageOf(rows, limit, place, 'editorial rails', ({ key }) => ({ at: NO_TIME, id: key }))
      reply.header('link', pageLinks(request.url, page.page))
      return { data: page.rows, page: page.page }
    },
  )

  writes.route(app, {
    method: 'POST',
    url: '/rails',
    scope,
    schema: {
      operationId: 'createRail',
      summary: 'Create a rail',
      description: 'Public at once.',
      tags: ['Rails'],
      querystring: ListQuery,
      body: schema.RailCreate,
      bodyExample: example.railCreate,
      response: { 201: json('The rail', schema.EditorialRail, example.rail, CreatedHeaders) },
      problems: ['already-exists', ...crowded],
    },
    work: async (context, { body, query }) => {
      const answered = await answer(context, rails.createIn(context.tx, context.caller, body, query))
      const location = `/v1/editorial/rails/${body.key}`
      return { ...answered, status: 201, headers: { ...answered.headers, location } }
    },
  })

  app.get(
    '/rails/:key',
    {
      ...onRails,
      schema: {
        operationId: 'getEditorialRail',
        summary: 'Read one rail',
        description: 'With all its items, whether readers see them or not. The ETag is what If-Match needs.',
        tags: ['Rails'],
        params: Key,
        response: railAnswer,
        problems: ['not-found'],
      },
    },
    async (request, reply) => {
      const rail = await rails.get(callerOf(request), request.params.key)
      return reply.header('etag', versionTag(rail.version)).send(rail)
    },
  )

  writes.route(app, {
    method: 'PUT',
    url: '/rails/:key',
    scope,
    schema: {
      operationId: 'replaceRail',
      summary: 'Replace a rail with all its items',
      description: 'What is left out is emptied. The key stays.',
      tags: ['Rails'],
      params: Key,
      headers: WriteHeaders,
      querystring: ListQuery,
      body: schema.RailReplace,
      bodyExample: example.railReplace,
      response: railAnswer,
      problems: [...changed, ...crowded],
    },
    work: (context, { params, query, body, ifMatch }) =>
      answer(context, rails.replaceIn(context.tx, context.caller, params.key, requireVersion(ifMatch), body, query)),
  })

  writes.route(app, {
    method: 'PATCH',
    url: '/rails/:key',
    scope,
    schema: {
      operationId: 'patchRail',
      summary: 'Rename a rail, or change what it says of itself',
      description: 'A JSON Merge Patch (RFC 7396) or a JSON Patch (RFC 6902). The items have operations of their own.',
      tags: ['Rails'],
      params: Key,
      headers: WriteHeaders,
      consumes: [MERGE_PATCH, JSON_PATCH],
      querystring: OverflowQuery,
      body: PatchBody,
      bodyDocumented: schema.RailPatch,
      bodyExample: example.railPatch,
      response: railAnswer,
      problems: [...changed, 'patch-test-failed', 'rail-full'],
    },
    work: (context, { params, query, body, ifMatch }) =>
      answer(context, rails.patchIn(context.tx, context.caller, params.key, requireVersion(ifMatch), body, query)),
  })

  writes.route(app, {
    method: 'PUT',
    url: '/rails/:key/items',
    scope,
    schema: {
      operationId: 'replaceRailItems',
      summary: 'Replace or reorder the items of a rail',
      description:
        'The whole list in its new order. An item keeps its id by `id`, or by having the same target or pending headline.',
      tags: ['Rails'],
      params: Key,
      headers: WriteHeaders,
      querystring: ListQuery,
      body: schema.HeadlinesReplace,
      bodyExample: example.itemsReplace,
      response: railAnswer,
      problems: [...changed, ...crowded],
    },
    work: (context, { params, query, body, ifMatch }) =>
      answer(
        context,
        rails.replaceItemsIn(context.tx, context.caller, params.key, requireVersion(ifMatch), body.items, query),
      ),
  })

  writes.route(app, {
    method: 'POST',
    url: '/rails/:key/items',
    scope,
    schema: {
      operationId: 'insertRailItem',
      summary: 'Put one item into a rail',
      description: 'Beside another one, at a place, first or last. The answer is the rail.',
      tags: ['Rails'],
      params: Key,
      headers: WriteHeaders,
      querystring: ListQuery,
      body: ItemInsert,
      bodyExample: example.insert,
      response: railAnswer,
      problems: [...changed, ...crowded],
    },
    work: (context, { params, query, body, ifMatch }) =>
      answer(context, rails.insertIn(context.tx, context.caller, params.key, requireVersion(ifMatch), body, query)),
  })

  writes.route(app, {
    method: 'POST',
    url: '/rails/:key/operations',
    scope,
    schema: {
      operationId: 'operateRail',
      summary: 'Insert, move, update, remove, pin and unpin items of a rail',
      description:
        'Up to 100 operations, all or none, one after the other, as one version. An error points at its operation, as in `#/operations/2/after`.',
      tags: ['Rails'],
      params: Key,
      headers: WriteHeaders,
      querystring: ListQuery,
      body: ListOperations,
      bodyExample: example.railOperations,
      response: railAnswer,
      problems: [...changed, ...crowded],
    },
    work: (context, { params, query, body, ifMatch }) =>
      answer(
        context,
        rails.operateIn(context.tx, context.caller, params.key, requireVersion(ifMatch), body.operations, query),
      ),
  })

  writes.route(app, {
    method: 'DELETE',
    url: '/rails/:key',
    scope,
    schema: {
      operationId: 'deleteRail',
      summary: 'Delete a rail',
      description: 'Its key can be used again.',
      tags: ['Rails'],
      params: Key,
      headers: WriteHeaders,
      response: { 204: { description: 'It is gone' } },
      problems: [...changed, 'invalid-transition'],
    },
    work: async ({ tx, caller }, { params, ifMatch }) => {
      const deleted = await rails.deleteIn(tx, caller, params.key, requireVersion(ifMatch))
      return { status: 204, subject: subjectOf(deleted) }
    },
  })
}
