import type { AuditService } from '../audit/service.ts'
import { CLOCK } from '../audit/service.ts'
import type { Database, Db } from '../db/database.ts'
import type { FacesNow } from '../events/changes.ts'
import type { EventService } from '../events/service.ts'
import { type Clock, later } from '../shared/clock.ts'
import { holding } from '../shared/holding.ts'
import type { Ids } from '../shared/ids.ts'
import type { AddressPolicy } from './addresses.ts'
import { type DeliveryRow, deliveryStore } from './delivery-store.ts'
import { requestsFor } from './formats.ts'
import { messageOf, namedNow } from './messages.ts'
import { giveTurnsIn } from './order.ts'
import { type Outcome, type Resolve, send, systemResolve } from './outgoing.ts'
import { CLAIM_MS, FAILING_MS, isDone, isThrottle, keptAnswer, nextAttempt, retryAfterOf } from './rules.ts'
import { type WebhookRow, webhookStore } from './store.ts'

// One attempt of one delivery: what is sent, what came back, and what becomes of the delivery and of its endpoint.

/** A delivery that nobody else sends now. */
export interface Claimed {
  webhook: WebhookRow
  delivery: DeliveryRow
  claim: string
}

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  audit: AuditService
  events: EventService
  /** How articles are called for readers now. */
  facesNow: FacesNow
  policy: AddressPolicy
  timeoutMs: number
  resolve?: Resolve
}

/** For how long the requests of one attempt may go on. */
const TOTAL_MS = 30_000

/** How an attempt ended. */
interface Result {
  isDone: boolean
  at: string
  outcome: Outcome
}

export function attempts(dependencies: Dependencies, signal: AbortSignal) {
  const { db, clock, ids, audit, events, facesNow, policy, timeoutMs, resolve = systemResolve } = dependencies
  const { tables } = db

  /** Sends the requests of a delivery one after another, until one of them fails. */
  async function sendAll({ webhook, delivery }: Claimed): Promise<Result> {
    const at = clock.now()
    const message = await messageOf(events, delivery)
    if (message === undefined) return { isDone: false, at, outcome: { status: null, error: GONE } }
    let outcome: Outcome = { status: null, error: 'There was nothing to send.' }
    const until = later(at, TOTAL_MS)
    const named = await namedNow(message, webhook.format, facesNow)
    for (const request of requestsFor(webhook, named, at)) {
      if (clock.now() > until) return { isDone: false, at, outcome: { status: null, error: 'It took too long.' } }
      outcome = await send(request, { policy, resolve, timeoutMs, signal })
      if (outcome.status === null || !isDone(webhook.format, outcome.status)) return { isDone: false, at, outcome }
    }
    return { isDone: true, at, outcome }
  }

  /** Keeps others away while it is on its way. Where that fails, somebody else may send it as well: with the same id, as after a crash. */
  const hold = ({ delivery, claim }: Claimed) =>
    holding({
      ...{ clock, leaseMs: CLAIM_MS, everyMs: CLAIM_MS / 3 },
      renew: (until) => db.write((tx) => deliveryStore(tx, tables).renew(delivery.id, claim, until)),
    })

  /** Switches an endpoint off, and tells the desk. */
  async function disableIn(tx: Db, { id, version, name }: WebhookRow, reason: 'gone' | 'failing', now: string) {
    const off = { isActive: false, disabledReason: reason, disabledAt: now }
    const by = { updatedAt: now, updatedById: CLOCK.id, updatedByName: CLOCK.name }
    await webhookStore(tx, tables).update(id, version, { ...off, ...by })
    const subject = { kind: 'webhook', id, version: version + 1, changed: ['isActive'] }
    await audit.clockDidIn(tx, 'disableWebhook', subject)
    const payload = { version: version + 1, headline: name, changed: ['isActive'], reason }
    await events.appendIn(tx, [{ kind: 'desk.disableWebhook', subjectKind: 'webhook', subjectId: id, payload }])
  }

  async function settleIn(tx: Db, { webhook, delivery, claim }: Claimed, { isDone, at, outcome }: Result) {
    const now = clock.now()
    const { status, error = null } = outcome
    const last = { lastAt: at, lastStatus: status, lastError: error }
    const kept = status === null ? '' : keptAnswer(outcome.answer, [webhook.token, webhook.secret])
    const store = deliveryStore(tx, tables)
    const note = async (changes: Partial<DeliveryRow>) => {
      const noted = await store.finish(delivery.id, claim, { ...changes, ...last })
      if (noted) await giveTurnsIn(tx, tables, webhook, now, delivery)
      return noted
    }
    const attempt = { id: ids(), deliveryId: delivery.id, at, status, error, answer: kept }
    const durationMs = Math.max(0, Date.parse(now) - Date.parse(at))
    if (isDone) {
      // Held first, so that who deletes the endpoint at this moment waits, or has done it.
      const held = await webhookStore(tx, tables).hold(webhook.id)
      if (!held) return
      if (held.failingSince !== null) await webhookStore(tx, tables).noteSuccess(webhook.id)
      if (await note({ state: 'delivered', finishedAt: now })) await store.noteAttempt({ ...attempt, durationMs })
      return
    }
    if (error === GONE) {
      // That is no fault of the endpoint.
      if (await webhookStore(tx, tables).hold(webhook.id)) await note({ state: 'failed', finishedAt: now })
      return
    }
    const retryAfter = retryAfterOf(status === null ? undefined : outcome.retryAfter, now)
    const held = await webhookStore(tx, tables).noteFailure(
      webhook.id,
      now,
      isThrottle(status) ? retryAfter : undefined,
    )
    if (!held) return
    const next = nextAttempt(delivery.id, delivery.attempts + 1, now, retryAfter)
    const isLong = (held.failingSince ?? now) <= later(now, -FAILING_MS)
    const reason =
      status === 410 && webhook.format === 'standard' ? 'gone' : next === undefined && isLong ? 'failing' : null
    // What an endpoint is disabled with waits for it: switched on again, it goes on where it stood.
    const isGivenUp = next === undefined && reason === null
    const changes = isGivenUp ? { state: 'failed' as const, finishedAt: now } : { nextAt: next ?? now }
    if (!(await note(changes))) return
    await store.noteAttempt({ ...attempt, durationMs })
    if (reason !== null && held.isActive) await disableIn(tx, held, reason, now)
  }

  /** Makes one attempt. Broken off by the end of the process it is none: somebody else makes it. */
  return async (claimed: Claimed): Promise<void> => {
    const held = hold(claimed)
    const result = await sendAll(claimed).finally(held.end)
    const isBrokenOff = signal.aborted && !result.isDone
    await db.write((tx) =>
      isBrokenOff
        ? deliveryStore(tx, tables).release(claimed.delivery.id, claimed.claim)
        : settleIn(tx, claimed, result),
    )
  }
}

const GONE = 'The log does not have the event any more.'
