import * as z from 'zod'
import { Actor } from '../audit/schema.ts'
import { cursor, limit, Page } from '../http/paging.ts'
import { instant, line, uuid, webAddress } from '../shared/fields.ts'

export const formats = ['standard', 'varnish', 'nginx', 'fastly', 'cloudflare'] as const
export type WebhookFormat = (typeof formats)[number]

/** The most endpoints of one installation. */
export const WEBHOOKS_MAX = 100
/** The most events that are sent again at once. */
export const REDELIVERED_MAX = 1_000

export const WebhookFormatName = z.enum(formats).meta({
  id: 'WebhookFormat',
  description:
    '`standard`: each event as a signed message (Standard Webhooks). The others turn events into purges of a cache: `varnish` and `nginx` as in docs/caches, `fastly` and `cloudflare` by their APIs',
})

const kind = z.string().max(100).meta({
  description:
    'A kind of event: "article.published", or "article.*" for all of articles; of the desk "desk." and an operation of this API that writes, as in "desk.patchArticle", or "desk.*"',
  example: 'article.published',
})

const fields = {
  name: line(100).meta({ description: 'Whose it is, for the desk', example: 'The app' }),
  url: webAddress.meta({
    description:
      'Where to. For `fastly` and `cloudflare` the beginning of the address of their API. Only https, and only public addresses, unless settings of the server say otherwise',
  }),
  kinds: z.array(kind).max(50).meta({ description: 'Which kinds of event. All that are public, if it is empty' }),
  sections: z
    .array(line(120))
    .max(100)
    .meta({ description: 'Keys of sections: of articles, only those in them or below them. All, if it is empty' }),
  service: z
    .string()
    .regex(/^[\w-]{1,64}$/, { error: 'Must be letters, digits, hyphens and underscores' })
    .nullable()
    .meta({ description: 'The id of the service of Fastly, or of the zone of Cloudflare' }),
  paths: z
    .array(
      z
        .string()
        .max(500)
        .regex(/^\/[\w\-.~/?=&%:,+]*$/, { error: 'Must be a path, as in "/v1/articles"' }),
    )
    .max(20)
    .meta({ description: 'For `nginx`: what is asked for anew with every event, besides what it is of' }),
  isActive: z.boolean().meta({
    description: 'Whether anything is sent. Switched on again, an endpoint goes on where it stood',
  }),
}
/** What can be changed of an endpoint, as a patch sees it. */
export const WebhookFields = z.strictObject(fields)
export type WebhookFields = z.output<typeof WebhookFields>

const token = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[\x21-\x7e]+$/, { error: 'Must be visible ASCII characters' })
  .meta({
    description:
      'What the cache knows us by: the token of Fastly or Cloudflare, the word of an nginx. Stored as it is, and never shown again',
  })

export const WebhookCreate = z
  .strictObject({
    name: fields.name,
    url: fields.url,
    format: WebhookFormatName.optional(),
    kinds: fields.kinds.optional(),
    sections: fields.sections.optional(),
    service: fields.service.optional(),
    paths: fields.paths.optional(),
    token: token.optional(),
    isActive: fields.isActive.optional(),
    after: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'Begins after the event with this number. With what comes from now on, if left out' }),
  })
  .meta({ id: 'WebhookCreate', description: 'A new endpoint' })
export type WebhookCreate = z.output<typeof WebhookCreate>

export const WebhookPatch = WebhookFields.partial()
  .extend({ token: token.nullable().optional() })
  .meta({ id: 'WebhookPatch', description: 'A JSON Merge Patch (RFC 7396) of an endpoint' })
export type WebhookPatch = z.output<typeof WebhookPatch>

const shown = {
  id: uuid,
  ...fields,
  format: WebhookFormatName,
  hasToken: z.boolean(),
  disabled: z
    .strictObject({
      reason: z.string().meta({
        description:
          '`desk`: somebody switched it off. `gone`: the receiver answered 410. `failing`: nothing has arrived for a day. Reasons may be added',
      }),
      at: instant,
    })
    .nullable()
    .meta({ description: 'Why nothing is sent' }),
  failingSince: instant.nullable().meta({ description: 'Since when every attempt has failed' }),
  pausedUntil: instant.nullable().meta({ description: 'Until when the receiver has asked for peace (Retry-After)' }),
  place: z.int().meta({ description: 'The number of the last event that was looked at for it' }),
  formerSecretUntil: instant
    .nullable()
    .meta({ description: 'Until when messages are signed with the secret before, too' }),
  version: z.int(),
  createdAt: instant,
  createdBy: Actor,
  updatedAt: instant,
}
export const Webhook = z.strictObject(shown).meta({ id: 'Webhook', description: 'An endpoint, without its secrets' })
export const WebhookCreated = z
  .strictObject({
    ...shown,
    secret: z.string().nullable().meta({
      description: 'What messages are signed with; null where nothing is signed. Shown this once',
    }),
  })
  .meta({ id: 'WebhookCreated', description: 'An endpoint with its new secret' })
export const WebhookList = z
  .strictObject({ data: z.array(Webhook) })
  .meta({ id: 'WebhookList', description: 'All endpoints, newest first' })
export type Webhook = z.output<typeof Webhook>
export type WebhookCreated = z.output<typeof WebhookCreated>

export const DeliveryState = z
  .enum(['pending', 'delivered', 'failed'])
  .meta({ id: 'WebhookDeliveryState', description: '`failed`: given up after the last attempt' })
export type DeliveryState = z.output<typeof DeliveryState>

const deliveryFields = {
  id: uuid,
  messageId: z.string().meta({ description: 'The `webhook-id` of all its attempts: the id of the event' }),
  seq: z.int().nullable().meta({ description: 'The number of the event; null for a test' }),
  kind: z.string(),
  subject: z.strictObject({ kind: z.string(), id: z.string() }).meta({ description: 'What it is of' }),
  state: DeliveryState,
  attempts: z.int().meta({ description: 'How often it was tried, since it was last asked for' }),
  nextAttemptAt: instant
    .nullable()
    .meta({ description: 'null where there is none, and where an earlier one of the same subject comes first' }),
  createdAt: instant,
  finishedAt: instant.nullable(),
  lastAttemptAt: instant.nullable(),
  lastStatus: z.int().nullable().meta({ description: 'The status of the last answer; null where there was none' }),
  lastError: z.string().nullable().meta({ description: 'Why there was no answer' }),
}
export const Delivery = z
  .strictObject(deliveryFields)
  .meta({ id: 'WebhookDelivery', description: 'One event on its way to one endpoint' })
export type Delivery = z.output<typeof Delivery>

const Attempt = z
  .strictObject({
    at: instant,
    durationMs: z.int(),
    status: z.int().nullable(),
    error: z.string().nullable(),
    answer: z.string().meta({ description: 'The first 2,048 bytes of the answer' }),
  })
  .meta({ id: 'WebhookAttempt', description: 'One time that a delivery was tried, and what came back' })
const Request = z
  .strictObject({ method: z.string(), url: z.string(), body: z.string().nullable() })
  .meta({ id: 'WebhookRequest', description: 'What is sent, without its header fields, some of which are secret' })
export const DeliveryDetail = z
  .strictObject({ ...deliveryFields, requests: z.array(Request), log: z.array(Attempt) })
  .meta({
    id: 'WebhookDeliveryDetail',
    description:
      'A delivery, with what would be sent as the endpoint is now, and all attempts of 30 days, newest first',
  })
export type DeliveryDetail = z.output<typeof DeliveryDetail>
export const DeliveryPage = z
  .strictObject({ data: z.array(Delivery), page: Page })
  .meta({ id: 'WebhookDeliveryPage', description: 'Deliveries of an endpoint, newest first' })
export const DeliveryQuery = z.strictObject({
  state: DeliveryState.optional().meta({ description: 'Only those that stand so' }),
  limit,
  cursor,
})

const seq = z.int().min(0)
export const Redeliver = z
  .strictObject({
    deliveryId: uuid.optional().meta({ description: 'One delivery, be it delivered, pending or failed' }),
    after: seq.optional().meta({ description: 'Or a range of events: those after this number …' }),
    until: seq.optional().meta({ description: '… up to this one. Up to the newest, if left out' }),
  })
  .refine(({ deliveryId, after }) => (deliveryId === undefined) !== (after === undefined), {
    error: 'Must name a delivery or the beginning of a range, and not both',
    path: ['deliveryId'],
  })
  .meta({ id: 'WebhookRedeliver', description: 'What is to be sent again' })
export type Redeliver = z.output<typeof Redeliver>
export const Redelivered = z
  .strictObject({
    count: z.int().meta({ description: 'How many deliveries are on their way' }),
    until: z
      .int()
      .nullable()
      .meta({
        description: `The number of the last event that was looked at: go on after it. At most ${REDELIVERED_MAX.toLocaleString('en')} events at once; null for one delivery`,
      }),
    isMore: z.boolean().meta({ description: 'Whether the range goes on' }),
  })
  .meta({ id: 'WebhookRedelivered', description: 'What will be sent again' })
export type Redelivered = z.output<typeof Redelivered>

const example = '019b0f80-1c2d-7e3f-8a4b-5c6d7e8f9a0b'
export const WebhookId = z.object({
  id: z.string().max(200).meta({ description: 'The id of an endpoint', example }),
})
export const DeliveryAddress = WebhookId.extend({
  delivery: z.string().max(200).meta({
    description: 'The id of a delivery',
    example: '019b0f81-2d3e-7f40-9b5c-6d7e8f9a0b1c',
  }),
})
