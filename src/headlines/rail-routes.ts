import * as z from 'zod'
import { callerOf } from '../access/guard.ts'
import { MERGE_PATCH } from '../http/content-types.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { CreatedHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { cursor, decodeCursor, LIMIT_DEFAULT, limit, NO_TIME, Page, pageLinks, pageOf } from '../http/paging.ts'
import * as example from './examples.ts'
import type { RailService } from './rails.ts'
import * as schema from './schema.ts'

const RailList = z
  .strictObject({ data: z.array(schema.EditorialRail), page: Page })
  .meta({ id: 'EditorialRailPage', description: 'Rails, by key' })
const RailListQuery = z.strictObject({ limit, cursor })
const Key = z.object({ key: z.string().max(200).meta({ description: 'The key of a rail', example: 'home-top' }) })
const changed = ['not-found', 'version-mismatch', 'version-required'] as const
const onRails = { config: { scope: 'rails:write' as const } }
const railAnswer = { 200: json('The rail', schema.EditorialRail, example.rail, TaggedHeaders) }

/** Rails: ordered lists of headlines with a name. Every write is public at once. */
export function railRoutes(app: App, rails: RailService): void {
  app.get(
    '/rails',
    {
      ...onRails,
      schema: {
        operationId: 'listEditorialRails',
        summary: 'List the rails',
        description: 'By key, with all their items, whether readers see them or not.',
        tags: ['Rails'],
        querystring: RailListQuery,
        response: { 200: json('A page of rails', RailList, example.railList) },
        problems: ['invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor } = request.query
      const place = decodeCursor(cursor, 'editorial rails')
      const rows = await rails.list(limit + 1, place)
      const page = pageOf(rows, limit, place, 'editorial rails', ({ key }) => ({ at: NO_TIME, id: key }))
      reply.header('link', pageLinks(request.url, page.page))
      return { data: page.rows, page: page.page }
    },
  )

  app.post(
    '/rails',
    {
      ...onRails,
      schema: {
        operationId: 'createRail',
        summary: 'Create a rail',
        description: 'Public at once.',
        tags: ['Rails'],
        body: schema.RailCreate,
        bodyExample: example.railCreate,
        response: { 201: json('The rail', schema.EditorialRail, example.rail, CreatedHeaders) },
        problems: ['already-exists'],
      },
    },
    async (request, reply) => {
      const rail = await rails.create(callerOf(request), request.body)
      return reply
        .code(201)
        .header('location', `/v1/editorial/rails/${rail.key}`)
        .header('etag', versionTag(rail.version))
        .send(rail)
    },
  )

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
      const rail = await rails.get(request.params.key)
      return reply.header('etag', versionTag(rail.version)).send(rail)
    },
  )

  app.put(
    '/rails/:key',
    {
      ...onRails,
      schema: {
        operationId: 'replaceRail',
        summary: 'Replace a rail with all its items',
        description: 'What is left out is emptied. The key stays.',
        tags: ['Rails'],
        params: Key,
        headers: WriteHeaders,
        body: schema.RailReplace,
        bodyExample: example.railReplace,
        response: railAnswer,
        problems: [...changed],
      },
    },
    async (request, reply) => {
      const versions = requireVersion(request.headers['if-match'])
      const rail = await rails.replace(callerOf(request), request.params.key, versions, request.body)
      return reply.header('etag', versionTag(rail.version)).send(rail)
    },
  )

  app.patch(
    '/rails/:key',
    {
      ...onRails,
      schema: {
        operationId: 'patchRail',
        summary: 'Rename a rail, or change what it says of itself',
        description: 'A JSON Merge Patch (RFC 7396). The items have operations of their own.',
        tags: ['Rails'],
        params: Key,
        headers: WriteHeaders,
        consumes: [MERGE_PATCH],
        body: schema.RailPatch,
        bodyExample: example.railPatch,
        response: railAnswer,
        problems: [...changed],
      },
    },
    async (request, reply) => {
      const versions = requireVersion(request.headers['if-match'])
      const rail = await rails.patch(callerOf(request), request.params.key, versions, request.body)
      return reply.header('etag', versionTag(rail.version)).send(rail)
    },
  )

  app.put(
    '/rails/:key/items',
    {
      ...onRails,
      schema: {
        operationId: 'replaceRailItems',
        summary: 'Replace or reorder the items of a rail',
        description:
          'The whole list in its new order. An item keeps its id by `id`, or by having the same target or pending headline.',
        tags: ['Rails'],
        params: Key,
        headers: WriteHeaders,
        body: schema.HeadlinesReplace,
        bodyExample: example.headlinesReplace,
        response: railAnswer,
        problems: [...changed],
      },
    },
    async (request, reply) => {
      const versions = requireVersion(request.headers['if-match'])
      const rail = await rails.replaceItems(callerOf(request), request.params.key, versions, request.body.items)
      return reply.header('etag', versionTag(rail.version)).send(rail)
    },
  )

  app.delete(
    '/rails/:key',
    {
      ...onRails,
      schema: {
        operationId: 'deleteRail',
        summary: 'Delete a rail',
        description: 'Its key can be used again.',
        tags: ['Rails'],
        params: Key,
        headers: WriteHeaders,
        response: { 204: { description: 'It is gone' } },
        problems: [...changed],
      },
    },
    async (request, reply) => {
      await rails.delete(callerOf(request), request.params.key, requireVersion(request.headers['if-match']))
      return reply.code(204).send()
    },
  )
}
