import type { EditorialWrites } from '../access/writes.ts'
import { PageHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, pageLinks, pageOf } from '../http/paging.ts'
import type { DeliveryLog } from './deliveries.ts'
import * as example from './examples.ts'
import * as schema from './schema.ts'

const scope = 'webhooks:write' as const
const tags = ['Webhooks']

/** What became of each event at an endpoint, and sending it again. */
export function deliveryLogRoutes(app: App, writes: EditorialWrites, deliveries: DeliveryLog): void {
  app.get(
    '/webhooks/:id/deliveries',
    {
      config: { scope },
      schema: {
        operationId: 'listWebhookDeliveries',
        summary: 'List the deliveries of an endpoint, newest first',
        description: 'Those of the last 30 days.',
        tags,
        params: schema.WebhookId,
        querystring: schema.DeliveryQuery,
        response: { 200: json('A page of deliveries', schema.DeliveryPage, example.deliveries, PageHeaders) },
        problems: ['not-found', 'invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor, state } = request.query
      const { id } = request.params
      const filters = { deliveries: id, state }
      const place = decodeCursor(cursor, filters)
      const rows = await deliveries.list(id, state, limit + 1, place)
      const shown = pageOf(rows, limit, place, filters, (row) => ({ at: row.createdAt, id: row.id }))
      reply.header('link', pageLinks(request.url, shown.page))
      return { data: shown.rows, page: shown.page }
    },
  )

  app.get(
    '/webhooks/:id/deliveries/:delivery',
    {
      config: { scope },
      schema: {
        operationId: 'getWebhookDelivery',
        summary: 'Read one delivery with its attempts',
        description: 'What would be sent as the endpoint is now, and what has come back each time.',
        tags,
        params: schema.DeliveryAddress,
        response: { 200: json('The delivery', schema.DeliveryDetail, example.detail) },
        problems: ['not-found'],
      },
    },
    async ({ params }) => deliveries.get(params.id, params.delivery),
  )

  writes.route(app, {
    method: 'POST',
    url: '/webhooks/:id/test',
    scope,
    schema: {
      operationId: 'testWebhook',
      summary: 'Send a test to an endpoint',
      description:
        'A message of the kind `webhook.test`, or the purge of a tag that nothing has. The answer is a delivery: read it again to see whether it has arrived.',
      tags,
      params: schema.WebhookId,
      response: { 202: json('The delivery, which is on its way', schema.Delivery, example.test) },
      problems: ['not-found', 'invalid-transition'],
    },
    work: async ({ tx }, { params }) => {
      const delivery = await deliveries.testIn(tx, params.id)
      return { status: 202, body: delivery, subject: { kind: 'webhook', id: params.id } }
    },
  })

  writes.route(app, {
    method: 'POST',
    url: '/webhooks/:id/redeliver',
    scope,
    schema: {
      operationId: 'redeliverWebhook',
      summary: 'Send one delivery again, or a range of events',
      description:
        'Of a range, what the endpoint asks for now, whether it was sent before or not. Messages keep their ids, so that a receiver knows which it has had.',
      tags,
      params: schema.WebhookId,
      body: schema.Redeliver,
      bodyExample: { after: 1200, until: 1205 },
      response: {
        202: json('What will be sent again', schema.Redelivered, { count: 3, until: 1205, isMore: false }),
      },
      problems: ['not-found'],
    },
    prepare: ({ params, body }) => deliveries.rangeOf(params.id, body),
    work: async ({ tx }, { params, body }, range) => {
      const redelivered = await deliveries.redeliverIn(tx, params.id, body, range)
      return { status: 202, body: redelivered, subject: { kind: 'webhook', id: params.id } }
    },
  })
}
