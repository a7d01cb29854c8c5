import type { Columns } from '../db/columns.postgres.ts'
import type { WebhookFormat } from './schema.ts'

export const webhookTables = (c: Columns) => {
  /** Where events are sent. The secrets stand here as they are, because messages are signed with them. */
  const webhooks = c.table(
    'webhooks',
    {
      id: c.text('id').primaryKey(),
      name: c.text('name').notNull(),
      url: c.text('url').notNull(),
      format: c.text('format').$type<WebhookFormat>().notNull(),
      /** Which kinds of event; all public ones where there are none. */
      kinds: c.json('kinds').$type<string[]>().notNull(),
      /** Keys of the sections whose articles are meant; all where there are none. */
      sections: c.json('sections').$type<string[]>().notNull(),
      /** The service of Fastly or the zone of Cloudflare. */
      service: c.text('service'),
      /** What an nginx asks for anew besides what the event is of. */
      paths: c.json('paths').$type<string[]>().notNull(),
      secret: c.text('secret'),
      /** The secret before, which signs too until then. */
      formerSecret: c.text('former_secret'),
      formerSecretUntil: c.instant('former_secret_until'),
      /** What a cache knows us by. */
      token: c.text('token'),
      version: c.integer('version').notNull(),
      isActive: c.boolean('is_active').notNull(),
      disabledReason: c.text('disabled_reason').$type<'desk' | 'gone' | 'failing'>(),
      disabledAt: c.instant('disabled_at'),
      /** Since when every attempt has failed; null after one that did not. */
      failingSince: c.instant('failing_since'),
      /** Until when the receiver asked for peace. */
      pausedUntil: c.instant('paused_until'),
      /** The number of the last event that deliveries were made for. */
      place: c.long('place').notNull(),
      createdAt: c.instant('created_at').notNull(),
      createdById: c.text('created_by_id').notNull(),
      createdByName: c.text('created_by_name').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
      updatedById: c.text('updated_by_id').notNull(),
      updatedByName: c.text('updated_by_name').notNull(),
    },
    (t) => [c.index('webhooks_created_at_id_idx').on(t.createdAt, t.id)],
  )
  /** One row for each event and endpoint, made in one transaction with the endpoint's move to the event's place. */
  const webhookDeliveries = c.table(
    'webhook_deliveries',
    {
      id: c.text('id').primaryKey(),
      webhookId: c
        .text('webhook_id')
        .notNull()
        .references(() => webhooks.id),
      /** What the receiver knows the message by: the id of the event, or of the delivery where it is a test. */
      messageId: c.text('message_id').notNull(),
      /** The number of the event; 0 for a test. */
      seq: c.long('seq').notNull(),
      kind: c.text('kind').notNull(),
      subjectKind: c.text('subject_kind').notNull(),
      subjectId: c.text('subject_id').notNull(),
      state: c.text('state').$type<'pending' | 'delivered' | 'failed'>().notNull(),
      attempts: c.integer('attempts').notNull(),
      /** When it is tried next. */
      nextAt: c.instant('next_at').notNull(),
      /** Whoever sends it at the moment, and until when nobody else does. */
      claim: c.text('claim'),
      claimedUntil: c.instant('claimed_until'),
      createdAt: c.instant('created_at').notNull(),
      finishedAt: c.instant('finished_at'),
      lastAt: c.instant('last_at'),
      lastStatus: c.integer('last_status'),
      lastError: c.text('last_error'),
    },
    (t) => [
      c.uniqueIndex('webhook_deliveries_webhook_id_message_id_key').on(t.webhookId, t.messageId),
      c.index('webhook_deliveries_subject_idx').on(t.webhookId, t.state, t.subjectKind, t.subjectId, t.seq),
      c.index('webhook_deliveries_state_next_at_idx').on(t.state, t.nextAt),
      c.index('webhook_deliveries_webhook_id_created_at_id_idx').on(t.webhookId, t.createdAt, t.id),
      c.index('webhook_deliveries_subject_kind_subject_id_idx').on(t.subjectKind, t.subjectId),
      c.index('webhook_deliveries_created_at_idx').on(t.createdAt),
    ],
  )
  /** Each time that a delivery was tried, and what came back. */
  const webhookAttempts = c.table(
    'webhook_attempts',
    {
      id: c.text('id').primaryKey(),
      deliveryId: c
        .text('delivery_id')
        .notNull()
        .references(() => webhookDeliveries.id),
      at: c.instant('at').notNull(),
      durationMs: c.integer('duration_ms').notNull(),
      status: c.integer('status'),
      error: c.text('error'),
      answer: c.text('answer').notNull(),
    },
    (t) => [c.index('webhook_attempts_delivery_id_at_id_idx').on(t.deliveryId, t.at, t.id)],
  )
  return { webhooks, webhookDeliveries, webhookAttempts }
}
