import type { FastifyReply, FastifyRequest } from 'fastify'
import { CachedHeaders, PageHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, NO_TIME, pageLinks, pageOf } from '../http/paging.ts'
import { Problem } from '../shared/problem.ts'
import * as example from './examples.ts'
import * as schema from './schema.ts'
import type { Answer, DeliveryService, Moment } from './service.ts'

/** What all routes of delivery share: who may see which instant, and how an answer is given. */
interface Door {
  momentOf: (request: FastifyRequest, query: { at?: string | undefined }) => Moment
  give: (request: FastifyRequest, reply: FastifyReply, answer: Answer) => FastifyReply
}

/** Fronts: pages made of rails, each in one answer. */
export function frontRoutes(app: App, delivery: DeliveryService, { momentOf, give }: Door): void {
  app.get(
    '/fronts',
    {
      config: { isKept: true },
      schema: {
        operationId: 'listFronts',
        summary: 'List the fronts',
        description: 'By key, with the keys of their rails.',
        tags: ['Fronts'],
        querystring: schema.RailListQuery,
        response: { 200: json('A page of fronts, by key', schema.FrontList, example.frontList, PageHeaders) },
        problems: ['forbidden'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor, at } = request.query
      const moment = momentOf(request, { at })
      const filters = at === undefined ? 'fronts' : { fronts: at }
      const place = decodeCursor(cursor, filters)
      const { rows, answer } = await delivery.fronts(limit, place, moment)
      const shown = pageOf(rows, limit, place, filters, ({ key }) => ({ at: NO_TIME, id: key }))
      reply.header('link', pageLinks(request.url, shown.page))
      return give(request, reply, answer(shown.rows, shown.page))
    },
  )

  app.get(
    '/fronts/:key',
    {
      config: { isKept: true },
      schema: {
        operationId: 'getFront',
        summary: 'Read a page: all its rails in one answer',
        description: 'In the order of the page, all as they are at one instant. Rails that are not there are left out.',
        tags: ['Fronts'],
        params: schema.FrontKey,
        querystring: schema.AtQuery,
        response: { 200: json('The front', schema.Front, example.front, CachedHeaders) },
        problems: ['not-found', 'forbidden'],
      },
    },
    async (request, reply) => {
      const front = await delivery.front(request.params.key, momentOf(request, request.query))
      if (!front) throw new Problem('not-found', 'There is no such front.')
      return give(request, reply, front)
    },
  )
}
