import type { FastifyReply, FastifyRequest } from 'fastify'
import { acceptable } from '../http/accept.ts'
import { isNotModified } from '../http/etag.ts'
import { CachedHeaders } from '../http/headers.ts'
import type { App } from '../http/operation.ts'
import { fieldsOf, fieldsTag, formsFor, picked } from './fields.ts'
import { type Format, formatFor, formats, tagIn } from './formats/choice.ts'
import { contentIn } from './formats/examples.ts'
import { ArticleQuery } from './query-schema.ts'
import * as schema from './schema.ts'
import type { DeliveryService, Moment } from './service.ts'

type Found = Awaited<ReturnType<DeliveryService['article']>>
interface Shared {
  momentOf: (request: FastifyRequest, query: { at?: string | undefined; embargoed?: 'true' | undefined }) => Moment
  giveOrMove: (
    request: FastifyRequest,
    reply: FastifyReply,
    answer: Found,
    as: { format?: Format | undefined },
  ) => FastifyReply
}

/** One article, in whichever format. */
export function articleRoute(app: App, delivery: DeliveryService, { momentOf, giveOrMove }: Shared): void {
  app.get(
    '/articles/:idOrSlug',
    {
      config: { isNegotiated: true, isKept: true },
      schema: {
        operationId: 'getArticle',
        summary: 'Read one article',
        description:
          'By id or slug, with its headline links. A former slug answers 301 to the present one. `format` or, without it, `Accept` says in which format; where several are liked the same, JSON comes first, so that `*/*` is JSON and a browser, which likes `text/html` best, gets HTML. `body` and `fields` go with JSON only. Each format has an ETag of its own.',
        tags: ['Articles'],
        params: schema.IdOrSlug,
        querystring: ArticleQuery,
        response: {
          200: { description: 'The article', content: contentIn, headers: CachedHeaders },
          301: { description: 'It has another slug now: see `Location`' },
        },
        problems: ['not-found', 'gone', 'forbidden'],
      },
    },
    async (request, reply) => {
      const { query, headers } = request
      const name = formatFor(query, (types) => acceptable(headers.accept, types))
      const format = name === 'json' ? undefined : formats[name]
      const fields = fieldsOf(query.fields)
      const forms = format?.forms ?? formsFor(query.body, fields, ['html'])
      const known = headers['if-none-match']
      const tagOf = (etag: string) => fieldsTag(tagIn(name, etag), fields)
      const isKnown = known === undefined ? undefined : (etag: string) => isNotModified(known, tagOf(etag))
      const found = await delivery.article(request.params.idOrSlug, forms, momentOf(request, query), isKnown)
      const answer =
        found && 'etag' in found ? { ...found, json: picked(found.json, fields), etag: tagOf(found.etag) } : found
      return giveOrMove(request, reply, answer, { format })
    },
  )
}
