import type { FastifyRequest } from 'fastify'
import { PageHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, pageLinks, pageOf } from '../http/paging.ts'
import type { Sort } from '../shared/filters.ts'
import { Problem } from '../shared/problem.ts'
import type { Answering } from './answers.ts'
import type { ListRow } from './article-lists.ts'
import * as example from './examples.ts'
import { fieldsOf, formsFor } from './fields.ts'
import { ArticleListQuery } from './query-schema.ts'
import * as schema from './schema.ts'
import type { DeliveryService, Moment } from './service.ts'

interface Door extends Pick<Answering, 'give'> {
  momentOf: (request: FastifyRequest, query: { at?: string | undefined; embargoed?: 'true' | undefined }) => Moment
}

/** Lists of articles. */
export function listRoute(app: App, delivery: DeliveryService, { momentOf, give }: Door): void {
  app.get(
    '/articles',
    {
      config: { isKept: true },
      schema: {
        operationId: 'listArticles',
        summary: 'List articles, newest first',
        description:
          'Published articles, by first publication unless `sort` says otherwise. All filters go together. Without links and without text unless these are asked for. A cursor goes on from where a page ended, whatever is published or withdrawn meanwhile: who follows it sees everything that stays exactly once. In the order of `-updatedAt` an article that is changed meanwhile moves to the front.',
        tags: ['Articles'],
        querystring: ArticleListQuery,
        response: {
          200: json('A page of articles', schema.ArticlePage, example.articlePage, PageHeaders),
        },
        problems: ['invalid-cursor', 'forbidden'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor, body, fields, include, count, ...question } = request.query
      const { at, embargoed: _embargoed, q, sort = '-publishedAt', ...filters } = question
      if (q !== undefined && at !== undefined)
        throw refused('at', 'not-together', 'Words are looked for in what is public now: `q` goes without `at`.')
      if (q === undefined && sort === 'relevance')
        throw refused('sort', 'not-alone', 'Relevance is that of words: it goes with `q`.')
      const moment = momentOf(request, question)
      const place = decodeCursor(cursor, question)
      const chosen = fieldsOf(fields)
      const wish = {
        filters,
        question: q,
        sort,
        limit,
        place,
        forms: formsFor(body, chosen, []),
        withLinks: chosen?.includes('headlines') ?? include === 'headlines',
        fields: chosen,
        isCounted: count === 'exact',
      }
      const { rows, answer } = await delivery.list(wish, moment)
      const shown = pageOf(rows, limit, place, question, placeIn(sort))
      reply.header('link', pageLinks(request.url, shown.page))
      return give(request, reply, answer(shown.rows, shown.page))
    },
  )
}

/** Where a row stands in a list of this order. */
export const placeIn =
  (sort: Sort) =>
  ({ publishedAt, updatedAt, articleId, tier, nth }: ListRow) => ({
    at: sort === '-updatedAt' ? updatedAt : publishedAt,
    id: articleId,
    ...(tier !== undefined && nth !== undefined && { hit: { tier, nth } }),
  })

const refused = (pointer: string, code: string, detail: string) =>
  new Problem('invalid-parameter', detail, { errors: [{ pointer, code, detail }] })
