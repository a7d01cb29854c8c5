import { FOREVER } from '../shared/clock.ts'
import type { AttemptRow, DeliveryRow } from './delivery-store.ts'
import type { Delivery, Webhook } from './schema.ts'
import type { WebhookRow } from './store.ts'

/** An endpoint as the desk gets it: without its secrets. */
export const shownWebhook = (row: WebhookRow, now: string): Webhook => ({
  id: row.id,
  name: row.name,
  url: row.url,
  kinds: row.kinds,
  sections: row.sections,
  service: row.service,
  paths: row.paths,
  isActive: row.isActive,
  format: row.format,
  hasToken: row.token !== null,
  disabled: row.isActive ? null : { reason: row.disabledReason ?? 'desk', at: row.disabledAt ?? row.updatedAt },
  failingSince: row.failingSince,
  pausedUntil: row.pausedUntil !== null && row.pausedUntil > now ? row.pausedUntil : null,
  place: row.place,
  formerSecretUntil: row.formerSecretUntil,
  version: row.version,
  createdAt: row.createdAt,
  createdBy: { id: row.createdById, name: row.createdByName },
  updatedAt: row.updatedAt,
})

/** A delivery as the desk gets it. */
export const shownDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  messageId: row.messageId,
  seq: row.seq === 0 ? null : row.seq,
  kind: row.kind,
  subject: { kind: row.subjectKind, id: row.subjectId },
  state: row.state,
  attempts: row.attempts,
  nextAttemptAt: row.state === 'pending' && row.nextAt !== FOREVER ? row.nextAt : null,
  createdAt: row.createdAt,
  finishedAt: row.finishedAt,
  lastAttemptAt: row.lastAt,
  lastStatus: row.lastStatus,
  lastError: row.lastError,
})

export const shownAttempt = ({ at, durationMs, status, error, answer }: AttemptRow) => ({
  at,
  durationMs,
  status,
  error,
  answer,
})
