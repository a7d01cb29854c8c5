import type { FastifyRequest } from 'fastify'
import { PageHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, pageLinks, pageOf } from '../http/paging.ts'
import type { Answering } from './answers.ts'
import * as example from './examples.ts'
import { fieldsOf } from './fields.ts'
import { placeIn } from './list-routes.ts'
import { SearchQuery } from './query-schema.ts'
import * as schema from './search-schema.ts'
import type { DeliveryService, Moment } from './service.ts'

interface Door extends Pick<Answering, 'give'> {
  momentOf: (request: FastifyRequest, query: { embargoed?: 'true' | undefined }) => Moment
}

/** Search. */
export function searchRoute(app: App, delivery: DeliveryService, { momentOf, give }: Door): void {
  app.get(
    '/search',
    {
      config: { isKept: true },
      schema: {
        operationId: 'searchArticles',
        summary: 'Search what is published',
        description:
          'Articles that have all the words: those first that have them in the headline, then in standfirst, kicker, byline and the names of section and tags, then anywhere, and the newest first among these. `highlights` is HTML that is safe to insert, with the words in `<mark>`. What they have in common is counted among the newest 300 that have the words. Where nothing does, `didYouMean` is the question with words that would find something. It goes with all filters of the list of articles.',
        tags: ['Articles'],
        querystring: SearchQuery,
        response: { 200: json('A page of what was found', schema.SearchPage, example.searchPage, PageHeaders) },
        problems: ['invalid-cursor', 'forbidden'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor, fields, count, ...asked } = request.query
      const { embargoed: _embargoed, q, sort = 'relevance', ...filters } = asked
      const place = decodeCursor(cursor, asked)
      const isCounted = count === 'exact'
      const wish = { filters, question: q, sort, limit, place, fields: fieldsOf(fields), isCounted }
      const { rows, answer } = await delivery.search(wish, momentOf(request, asked))
      const shown = pageOf(rows, limit, place, asked, placeIn(sort))
      reply.header('link', pageLinks(request.url, shown.page))
      return give(request, reply, answer(shown.rows, shown.page))
    },
  )
}
