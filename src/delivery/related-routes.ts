import * as z from 'zod'
import { CachedHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { limit } from '../http/paging.ts'
import type { Answering } from './answers.ts'
import * as example from './examples.ts'
import { cardFieldsParameter, fieldsOf } from './fields.ts'
import * as schema from './schema.ts'
import type { DeliveryService } from './service.ts'

const RELATED_STANDARD = 6
const RelatedQuery = z.strictObject({
  fields: cardFieldsParameter,
  limit: limit.meta({
    description: 'How many at most',
    override: { type: 'integer', minimum: 1, maximum: 100, default: RELATED_STANDARD },
    example: RELATED_STANDARD,
  }),
})

/** What is related to an article. */
export function relatedRoute(app: App, delivery: DeliveryService, { giveOrMove }: Pick<Answering, 'giveOrMove'>): void {
  app.get(
    '/articles/:idOrSlug/related',
    {
      config: { isKept: true },
      schema: {
        operationId: 'listRelatedArticles',
        summary: 'What else there is to read on it',
        description:
          'Articles of the same language that share tags, the section or words of the headline, the most related first: what few have counts for more. Of each tag, section and word the newest thirty are looked at. For links that the desk has chosen see `headlines`.',
        tags: ['Articles'],
        params: schema.IdOrSlug,
        querystring: RelatedQuery,
        response: {
          200: json('The articles', schema.RelatedArticles, example.related, CachedHeaders),
          301: { description: 'It has another slug now: see `Location`' },
        },
        problems: ['not-found', 'gone'],
      },
    },
    async (request, reply) => {
      const { limit = RELATED_STANDARD, fields } = request.query
      const found = await delivery.related(request.params.idOrSlug, limit, fieldsOf(fields))
      return giveOrMove(request, reply, found, { path: '/related' })
    },
  )
}
