import * as z from 'zod'
import type { EditorialWrites } from '../access/writes.ts'
import { JSON_PATCH, MERGE_PATCH } from '../http/content-types.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { CreatedHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { JsonPatch } from '../shared/json-patch.ts'
import { deliveryLogRoutes } from './delivery-routes.ts'
import * as example from './examples.ts'
import * as schema from './schema.ts'
import type { WebhookService } from './service.ts'

const scope = 'webhooks:write' as const
const tags = ['Webhooks']
const asked = { tags, params: schema.WebhookId, headers: WriteHeaders }
const changed = ['not-found', 'version-mismatch', 'version-required'] as const

const subjectOf = ({ id, version }: schema.Webhook, names?: string[]) => ({
  ...{ kind: 'webhook', id, version },
  ...(names && { changed: names }),
})

/** Endpoints: where events are sent. Secrets are in the answer that makes them, and nowhere else ever again. */
export function webhookRoutes(app: App, writes: EditorialWrites, webhooks: WebhookService): void {
  deliveryLogRoutes(app, writes, webhooks.deliveries)
  const operations = () => writes.known.map(({ operationId }) => operationId)

  app.get(
    '/webhooks',
    {
      config: { scope },
      schema: {
        operationId: 'listWebhooks',
        summary: 'List all endpoints, newest first',
        description: 'With how each stands; without their secrets.',
        tags,
        response: { 200: json('The endpoints', schema.WebhookList, example.list) },
      },
    },
    async () => ({ data: await webhooks.list() }),
  )

  writes.route(app, {
    method: 'POST',
    url: '/webhooks',
    scope,
    isSecret: true,
    schema: {
      operationId: 'createWebhook',
      summary: 'Make an endpoint',
      description:
        'From now on, events are sent to it; with `after`, from an earlier one on. Messages are signed as Standard Webhooks has it, with the secret in the answer, which is shown this once. A message arrives at least once, and those of one article in order; what does not arrive is tried again for a day.',
      tags,
      body: schema.WebhookCreate,
      bodyExample: example.create,
      response: { 201: json('The endpoint, with its secret', schema.WebhookCreated, example.created, CreatedHeaders) },
      problems: ['invalid-transition'],
    },
    prepare: ({ body }) => webhooks.beginning(body),
    work: async ({ tx, caller }, { body }, place) => {
      const made = await webhooks.createIn(tx, caller, body, { place, operations: operations() })
      const headers = { etag: versionTag(made.version), location: `/v1/editorial/webhooks/${made.id}` }
      return { status: 201, headers, body: made, subject: subjectOf(made) }
    },
  })

  app.get(
    '/webhooks/:id',
    {
      config: { scope, isAlwaysSent: true },
      schema: {
        operationId: 'getWebhook',
        summary: 'Read one endpoint',
        description:
          'The ETag is what If-Match needs. How its deliveries go changes without a new version, so there is no 304.',
        tags,
        params: schema.WebhookId,
        response: { 200: json('The endpoint', schema.Webhook, example.webhook, TaggedHeaders) },
        problems: ['not-found'],
      },
    },
    async (request, reply) => {
      const found = await webhooks.get(request.params.id)
      return reply.header('etag', versionTag(found.version)).send(found)
    },
  )

  writes.route(app, {
    method: 'PATCH',
    url: '/webhooks/:id',
    scope,
    schema: {
      ...asked,
      operationId: 'patchWebhook',
      summary: 'Change an endpoint',
      description:
        'A JSON Merge Patch (RFC 7396) or a JSON Patch (RFC 6902), the latter without the token. With another host the token has to be sent again. `isActive: true` switches an endpoint on again that was disabled: it goes on where it stood, and all that waits is tried at once.',
      consumes: [MERGE_PATCH, JSON_PATCH],
      body: z.union([schema.WebhookPatch, JsonPatch]),
      bodyDocumented: schema.WebhookPatch,
      bodyExample: { isActive: true },
      response: { 200: json('The endpoint', schema.Webhook, example.webhook, TaggedHeaders) },
      problems: [...changed, 'patch-test-failed'],
    },
    work: async ({ tx, caller }, { params, body, ifMatch }) => {
      const { webhook, changed } = await webhooks.patchIn(tx, caller, params.id, requireVersion(ifMatch), {
        patch: body,
        operations: operations(),
      })
      return { headers: { etag: versionTag(webhook.version) }, body: webhook, subject: subjectOf(webhook, changed) }
    },
  })

  writes.route(app, {
    method: 'DELETE',
    url: '/webhooks/:id',
    scope,
    schema: {
      ...asked,
      operationId: 'deleteWebhook',
      summary: 'Delete an endpoint',
      description: 'With its deliveries. What is on its way at this moment may still arrive.',
      response: { 204: { description: 'It is gone' } },
      problems: [...changed],
    },
    work: async ({ tx }, { params, ifMatch }) => {
      await webhooks.deleteIn(tx, params.id, requireVersion(ifMatch))
      return { status: 204, subject: { kind: 'webhook', id: params.id } }
    },
  })

  writes.route(app, {
    method: 'POST',
    url: '/webhooks/:id/rotate',
    scope,
    isSecret: true,
    schema: {
      ...asked,
      operationId: 'rotateWebhookSecret',
      summary: 'Make a new secret',
      description:
        'It is shown this once. For 24 hours messages have two signatures, by the new secret and by the one before, so that the receiver can change in peace.',
      response: {
        200: json('The endpoint, with its new secret', schema.WebhookCreated, example.rotated, TaggedHeaders),
      },
      problems: [...changed, 'invalid-transition'],
    },
    work: async ({ tx, caller }, { params, ifMatch }) => {
      const rotated = await webhooks.rotateIn(tx, caller, params.id, requireVersion(ifMatch))
      const headers = { etag: versionTag(rotated.version) }
      return { headers, body: rotated, subject: subjectOf(rotated, ['secret']) }
    },
  })
}
