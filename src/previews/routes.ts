import * as z from 'zod'
import { callerOf, requireScope } from '../access/guard.ts'
import { writers } from '../access/schema.ts'
import type { EditorialWrites } from '../access/writes.ts'
import * as delivered from '../delivery/examples.ts'
import { formsFor } from '../delivery/fields.ts'
import { PageHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, PageQuery, pageLinks, pageOf } from '../http/paging.ts'
import { Problem } from '../shared/problem.ts'
import * as example from './examples.ts'
import * as schema from './schema.ts'
import type { PreviewService } from './service.ts'

const filters = 'previews'

/** At the desk: making an address, looking at those that are open, taking one back. */
export function previewRoutes(app: App, writes: EditorialWrites, previews: PreviewService): void {
  app.get(
    '/previews',
    {
      config: { scope: writers },
      schema: {
        operationId: 'listPreviews',
        summary: 'List the previews that are open, newest first',
        description: 'Without their addresses, which are nowhere. Contributors see their own.',
        tags: ['Previews'],
        querystring: PageQuery,
        response: {
          200: json('A page of previews', schema.PreviewPage, example.page, PageHeaders),
        },
        problems: ['invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor } = request.query
      const place = decodeCursor(cursor, filters)
      const rows = await previews.list(callerOf(request), limit + 1, place)
      const shown = pageOf(rows, limit, place, filters, ({ createdAt, id }) => ({ at: createdAt, id }))
      reply.header('link', pageLinks(request.url, shown.page))
      return { data: shown.rows, page: shown.page }
    },
  )

  writes.route(app, {
    method: 'POST',
    url: '/previews',
    scope: writers,
    isSecret: true,
    schema: {
      operationId: 'createPreview',
      summary: 'Make an address that shows an article or a rail before it is public',
      description:
        'Whoever has the address needs no key, until it expires or is revoked. It shows what the desk has each time that somebody looks, and never more than the key that made it may see: with that key it ends. The answer has the address, this once: only a hash of it is stored. Contributors can show their own drafts; rails need `rails:write`, and `at` needs `preview:read`.',
      tags: ['Previews'],
      body: schema.PreviewCreate,
      bodyExample: { articleId: example.preview.articleId, expiresInS: 86_400, note: 'For the lawyer' },
      response: { 201: json('The preview, with its address', schema.PreviewCreated, example.created) },
      problems: ['invalid-transition'],
    },
    work: async ({ tx, caller }, { body }) => {
      if (body.railKey !== undefined) requireScope(caller, 'rails:write')
      if (body.at !== undefined) requireScope(caller, 'preview:read')
      const made = await previews.createIn(tx, caller, body)
      return { status: 201, body: made, subject: { kind: 'preview', id: made.id } }
    },
  })

  writes.route(app, {
    method: 'DELETE',
    url: '/previews/:id',
    scope: writers,
    schema: {
      operationId: 'revokePreview',
      summary: 'Revoke a preview',
      description: 'Its address shows nothing from the next request on. Revoking it again changes nothing.',
      tags: ['Previews'],
      params: schema.PreviewId,
      response: { 204: { description: 'Revoked' } },
      problems: ['not-found'],
    },
    work: async ({ tx, caller }, { params }) => {
      await previews.revokeIn(tx, caller, params.id)
      return { status: 204, subject: { kind: 'preview', id: params.id, changed: ['revokedAt'] } }
    },
  })
}

/** Neither caches nor search engines may keep it, and a page that shows it must not pass its address on. */
export const previewHeaders = {
  'cache-control': 'private, no-store',
  'x-robots-tag': 'noindex, nofollow',
  'referrer-policy': 'no-referrer',
}
const PreviewHeaders = z.object({
  'Cache-Control': z.string().meta({ description: `\`${previewHeaders['cache-control']}\`` }),
  'X-Robots-Tag': z.string().meta({ description: `\`${previewHeaders['x-robots-tag']}\`` }),
  'Referrer-Policy': z.string().meta({ description: `\`${previewHeaders['referrer-policy']}\`` }),
})

/** For whoever has the address. It stands behind the open door in a private installation too: the address is the key. */
export function openPreviewRoute(app: App, previews: PreviewService): void {
  app.get(
    '/previews/:token',
    {
      config: { isAlwaysSent: true },
      schema: {
        operationId: 'getPreview',
        summary: 'Look at a preview',
        description:
          'An article or a rail in the form in which readers would get it, for whoever has the address; no key is needed. An article is shown as it stands on the desk: as if it were published at this moment, so that `publishedAt`, where it has not been public, `updatedAt` and `edition` are those that it would have. Links to articles that are not public are left out. An address that is unknown, expired or revoked, or whose article is in the trash or gone, answers 404.',
        tags: ['Previews'],
        needsNoKey: true,
        params: schema.Token,
        querystring: schema.PreviewQuery,
        response: { 200: json('The article or rail', schema.Previewed, delivered.article, PreviewHeaders) },
        problems: ['not-found'],
      },
    },
    async (request, reply) => {
      const { body } = request.query
      const shown = await previews.show(
        request.params.token,
        body === undefined ? undefined : formsFor(body, undefined, []),
      )
      if (shown === undefined) throw new Problem('not-found', 'There is nothing at this address.')
      return reply.type('application/json; charset=utf-8').send(shown)
    },
  )
}
