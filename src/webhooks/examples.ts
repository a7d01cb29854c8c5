import type * as z from 'zod'
import type {
  Delivery,
  DeliveryDetail,
  DeliveryPage,
  Webhook,
  WebhookCreate,
  WebhookCreated,
  WebhookList,
} from './schema.ts'

const desk = { id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77', name: 'News desk' }

export const webhook: Webhook = {
  id: '019b0f80-1c2d-7e3f-8a4b-5c6d7e8f9a0b',
  name: 'The app',
  url: 'https://app.example/hooks/dateline',
  kinds: ['article.published', 'article.withdrawn', 'article.killed'],
  sections: [],
  service: null,
  paths: [],
  isActive: true,
  format: 'standard',
  hasToken: false,
  disabled: null,
  failingSince: null,
  pausedUntil: null,
  place: 1204,
  formerSecretUntil: null,
  version: 1,
  createdAt: '2026-11-22T18:20:00.000Z',
  createdBy: desk,
  updatedAt: '2026-11-22T18:20:00.000Z',
}
export const list: z.output<typeof WebhookList> = { data: [webhook] }
export const create: WebhookCreate = { name: webhook.name, url: webhook.url, kinds: webhook.kinds }
export const created: WebhookCreated = { ...webhook, secret: 'whsec_EXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEEXAMPLEw=' }
export const rotated: WebhookCreated = {
  ...created,
  version: 2,
  formerSecretUntil: '2026-11-24T09:00:00.000Z',
  updatedAt: '2026-11-23T09:00:00.000Z',
}

export const delivery: Delivery = {
  id: '019b0f81-2d3e-7f40-9b5c-6d7e8f9a0b1c',
  messageId: '019b0f81-2d3d-7a11-8c22-1f2e3d4c5b6a',
  seq: 1205,
  kind: 'article.published',
  subject: { kind: 'article', id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02' },
  state: 'delivered',
  attempts: 2,
  nextAttemptAt: null,
  createdAt: '2026-11-22T18:21:00.000Z',
  finishedAt: '2026-11-22T18:21:05.412Z',
  lastAttemptAt: '2026-11-22T18:21:05.310Z',
  lastStatus: 204,
  lastError: null,
}
export const deliveries: z.output<typeof DeliveryPage> = {
  data: [delivery],
  page: { limit: 20, next: null, previous: null },
}
export const test: Delivery = {
  ...delivery,
  id: '019b0f82-3e4f-7051-8c6d-7e8f9a0b1c2d',
  messageId: '019b0f82-3e4f-7051-8c6d-7e8f9a0b1c2d',
  seq: null,
  kind: 'webhook.test',
  subject: { kind: 'webhook', id: '019b0f82-3e4f-7051-8c6d-7e8f9a0b1c2d' },
  state: 'pending',
  attempts: 0,
  nextAttemptAt: '2026-11-22T18:22:00.000Z',
  createdAt: '2026-11-22T18:22:00.000Z',
  finishedAt: null,
  lastAttemptAt: null,
  lastStatus: null,
}
const body = {
  type: 'article.published',
  timestamp: '2026-11-22T18:20:59.900Z',
  data: { seq: 1205, subject: delivery.subject, version: 1, slug: 'us-russia-istanbul-talks' },
}
export const detail: DeliveryDetail = {
  ...delivery,
  requests: [{ method: 'POST', url: webhook.url, body: JSON.stringify(body) }],
  log: [
    { at: '2026-11-22T18:21:05.310Z', durationMs: 102, status: 204, error: null, answer: '' },
    { at: '2026-11-22T18:21:00.020Z', durationMs: 48, status: 500, error: null, answer: 'Try again later.' },
  ],
}
