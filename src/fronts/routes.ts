import * as z from 'zod'
import type { EditorialWrites, WriteContext } from '../access/writes.ts'
import { JSON_PATCH, MERGE_PATCH } from '../http/content-types.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { CreatedHeaders, PageHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, NO_TIME, Page, PageQuery, pageLinks, pageOf } from '../http/paging.ts'
import { JsonPatch } from '../shared/json-patch.ts'
import type { Written } from '../shared/write.ts'
import * as example from './examples.ts'
import * as schema from './schema.ts'
import { type ChangedFront, type FrontService, subjectOf } from './service.ts'

const FrontList = z
  .strictObject({ data: z.array(schema.EditorialFront), page: Page })
  .meta({ id: 'EditorialFrontPage', description: 'Fronts, by key' })
export const Key = z.object({
  key: z.string().max(200).meta({ description: 'The key of a front', example: 'home' }),
})
const changed = ['not-found', 'version-mismatch', 'version-required'] as const
const scope = 'rails:write' as const
// Whether its rails are there is not a matter of its version: there is no 304.
const onFronts = { config: { scope, isAlwaysSent: true } }
const frontAnswer = { 200: json('The front', schema.EditorialFront, example.front, TaggedHeaders) }

/** Fronts: pages made of rails. Every write is public at once. */
export function frontRoutes(app: App, writes: EditorialWrites, fronts: FrontService): void {
  const answer = async ({ tx }: WriteContext, changing: Promise<ChangedFront>): Promise<Written> => {
    const front = await changing
    const body = await fronts.showIn(tx, front)
    return { headers: { etag: versionTag(body.version) }, body, subject: subjectOf(front) }
  }

  app.get(
    '/fronts',
    {
      ...onFronts,
      schema: {
        operationId: 'listEditorialFronts',
        summary: 'List the fronts',
        description: 'By key, with all their rails, also those that were deleted since.',
        tags: ['Fronts'],
        querystring: PageQuery,
        response: { 200: json('A page of fronts', FrontList, example.frontList, PageHeaders) },
        problems: ['invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor } = request.query
      const place = decodeCursor(cursor, 'editorial fronts')
      const rows = await fronts.list(limit + 1, place)
      const page = pageOf(rows, limit, place, 'editorial fronts', ({ key }) => ({ at: NO_TIME, id: key }))
      reply.header('link', pageLinks(request.url, page.page))
      return { data: page.rows, page: page.page }
    },
  )

  writes.route(app, {
    method: 'POST',
    url: '/fronts',
    scope,
    schema: {
      operationId: 'createFront',
      summary: 'Create a front',
      description: 'Public at once. Under a key that a deleted front had the versions go on after its last one.',
      tags: ['Fronts'],
      body: schema.FrontCreate,
      bodyExample: example.frontCreate,
      response: { 201: json('The front', schema.EditorialFront, example.front, CreatedHeaders) },
      problems: ['already-exists'],
    },
    work: async (context, { body }) => {
      const answered = await answer(context, fronts.createIn(context.tx, context.caller, body))
      const location = `/v1/editorial/fronts/${body.key}`
      return { ...answered, status: 201, headers: { ...answered.headers, location } }
    },
  })

  app.get(
    '/fronts/:key',
    {
      ...onFronts,
      schema: {
        operationId: 'getEditorialFront',
        summary: 'Read one front',
        description:
          'With all its rails, also those that were deleted since, but not what these hold. The ETag is what If-Match needs.',
        tags: ['Fronts'],
        params: Key,
        response: frontAnswer,
        problems: ['not-found'],
      },
    },
    async (request, reply) => {
      const front = await fronts.get(request.params.key)
      return reply.header('etag', versionTag(front.version)).send(front)
    },
  )

  writes.route(app, {
    method: 'PUT',
    url: '/fronts/:key',
    scope,
    schema: {
      operationId: 'replaceFront',
      summary: 'Replace a front with all its rails',
      description: 'What is left out is emptied. The key stays.',
      tags: ['Fronts'],
      params: Key,
      headers: WriteHeaders,
      body: schema.FrontReplace,
      bodyExample: example.frontReplace,
      response: frontAnswer,
      problems: [...changed],
    },
    work: (context, { params, body, ifMatch }) =>
      answer(context, fronts.replaceIn(context.tx, context.caller, params.key, requireVersion(ifMatch), body)),
  })

  writes.route(app, {
    method: 'PATCH',
    url: '/fronts/:key',
    scope,
    schema: {
      operationId: 'patchFront',
      summary: 'Change a front: its name, its rails, their order or priority',
      description:
        'A JSON Merge Patch (RFC 7396), or a JSON Patch (RFC 6902), which also changes, moves or adds single rails.',
      tags: ['Fronts'],
      params: Key,
      headers: WriteHeaders,
      consumes: [MERGE_PATCH, JSON_PATCH],
      body: z.union([schema.FrontPatch, JsonPatch]),
      bodyDocumented: schema.FrontPatch,
      bodyExample: example.frontPatch,
      response: frontAnswer,
      problems: [...changed, 'patch-test-failed'],
    },
    work: (context, { params, body, ifMatch }) =>
      answer(context, fronts.patchIn(context.tx, context.caller, params.key, requireVersion(ifMatch), body)),
  })

  writes.route(app, {
    method: 'DELETE',
    url: '/fronts/:key',
    scope,
    schema: {
      operationId: 'deleteFront',
      summary: 'Delete a front',
      description: 'Its rails stay. Its key can be used again.',
      tags: ['Fronts'],
      params: Key,
      headers: WriteHeaders,
      response: { 204: { description: 'It is gone' } },
      problems: [...changed],
    },
    work: async ({ tx, caller }, { params, ifMatch }) => {
      const deleted = await fronts.deleteIn(tx, caller, params.key, requireVersion(ifMatch))
      return { status: 204, subject: subjectOf(deleted) }
    },
  })
}
