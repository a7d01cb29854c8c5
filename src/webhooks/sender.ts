import type { AuditService } from '../audit/service.ts'
import type { Database } from '../db/database.ts'
import type { FacesNow } from '../events/changes.ts'
import type { EventService } from '../events/service.ts'
import { type Clock, later } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import type { AddressPolicy } from './addresses.ts'
import { attempts, type Claimed } from './attempts.ts'
import { deliveryStore } from './delivery-store.ts'
import { deliveryOf } from './messages.ts'
import { giveTurnsIn } from './order.ts'
import type { Resolve } from './outgoing.ts'
import { CLAIM_MS, isFor, seesDesk } from './rules.ts'
import { type WebhookRow, webhookStore } from './store.ts'

// Owns the way of events to the endpoints, on however many nodes. Each endpoint has a place in the log; it is moved on in
// the transaction that makes the deliveries of what lies between, so that a crash loses none and makes none twice. A
// delivery is claimed before it is sent, and the claim is renewed while that goes on: whoever dies with it leaves it to others soon.

/** How many deliveries of one endpoint are on their way at once. */
export const AT_ONCE = 5
/** How many events are read at a time. */
const EVENTS_AT_ONCE = 500
/** How far an endpoint may stay behind events that are not for it. */
const BEHIND_MAX = 1_000
/** How many deliveries may wait for their first attempt at one endpoint; the rest waits in the log. */
const UNTRIED_MAX = 1_000
/** How long deliveries are kept. */
const KEPT_MS = 30 * 24 * 3_600_000
const HOUR_MS = 3_600_000
/** How long what is on its way may take when the process ends, before it is broken off and left to others. */
const GRACE_MS = 2_000

export interface SenderDependencies {
  db: Database
  clock: Clock
  ids: Ids
  audit: AuditService
  events: EventService
  facesNow: FacesNow
  policy: AddressPolicy
  timeoutMs: number
  resolve?: Resolve
}

export type WebhookSender = ReturnType<typeof webhookSender>

export function webhookSender(dependencies: SenderDependencies) {
  const { db, clock, ids, events } = dependencies
  const { tables } = db
  const ended = new AbortController()
  const attempt = attempts(dependencies, ended.signal)
  let isEnding = false
  /** Up to where this process has looked for an endpoint, as long as that asks for the same: nothing there was for it. */
  const looked = new Map<string, { version: number; to: number }>()

  /** Makes the deliveries of what is new in the log for one endpoint. Answers whether there may be more. */
  async function follow(webhook: WebhookRow, last: number): Promise<boolean> {
    const { id, version } = webhook
    const known = looked.get(id)
    const place = known?.version === version ? Math.max(webhook.place, known.to) : webhook.place
    if (place >= last) return false
    if ((await deliveryStore(db.read, tables).untried(id)) > UNTRIED_MAX - EVENTS_AT_ONCE) return false
    const seen = await events.after(place, EVENTS_AT_ONCE, { publicOnly: !seesDesk(webhook) })
    const isMore = seen.length === EVENTS_AT_ONCE
    // All that was done up to `last` has been seen, if the page is not full: the log has no gap.
    const to = isMore ? (seen.at(-1)?.seq ?? place) : Math.max(last, seen.at(-1)?.seq ?? 0)
    const meant = seen.filter((event) => isFor(webhook, event))
    if (meant.length === 0 && to - webhook.place < BEHIND_MAX) {
      looked.set(id, { version, to })
      return isMore
    }
    await db.write(async (tx) => {
      if (!(await webhookStore(tx, tables).moveOn(webhook, to))) return
      const now = clock.now()
      await deliveryStore(tx, tables).add(meant.map((event) => deliveryOf({ id: ids(), webhookId: id, now }, event)))
      await giveTurnsIn(tx, tables, webhook, now)
    })
    return isMore
  }

  /** The same for all endpoints; one that fails stops no other. */
  async function followAll(onFault: (error: unknown) => void): Promise<boolean> {
    const webhooks = await webhookStore(db.read, tables).active(clock.now())
    if (webhooks.length === 0) return false
    const last = await events.last()
    let isMore = false
    for (const webhook of webhooks)
      await follow(webhook, last).then((more) => {
        isMore ||= more
      }, onFault)
    return isMore
  }

  /** Takes what is due at one endpoint, as much of it as may be on its way at once, on all nodes together. */
  const claimOf = (webhookId: string): Promise<Claimed[]> =>
    db.write(async (tx) => {
      const webhook = await webhookStore(tx, tables).hold(webhookId)
      const now = clock.now()
      if (!webhook?.isActive || (webhook.pausedUntil ?? '') > now) return []
      const store = deliveryStore(tx, tables)
      const free = AT_ONCE - (await store.inFlight(webhookId, now))
      if (free <= 0) return []
      const claim = ids()
      const rows = await store.claim(webhookId, now, free, claim, later(now, CLAIM_MS))
      return rows.map((delivery) => ({ webhook, delivery, claim }))
    })

  /** Begins with what is due, endpoint by endpoint: what is claimed is sent at once. A claim that fails stops no other endpoint. */
  async function beginAll(begin: (claimed: Claimed) => void, onFault: (error: unknown) => void): Promise<void> {
    for (const id of await deliveryStore(db.read, tables).dueWebhooks(clock.now())) {
      const claimed = await claimOf(id).catch((error: unknown) => {
        onFault(error)
        return []
      })
      for (const each of claimed) begin(each)
    }
  }

  /** Forgets deliveries that are older than 30 days, with their attempts. */
  async function forgetOld(): Promise<void> {
    const before = later(clock.now(), -KEPT_MS)
    while (!isEnding && (await db.write((tx) => deliveryStore(tx, tables).forget(before))) > 0);
    // What waited for something that was forgotten.
    for (const { id } of await webhookStore(db.read, tables).all()) {
      if (isEnding) return
      await db.write(async (tx) => {
        const held = await webhookStore(tx, tables).hold(id)
        if (held) await giveTurnsIn(tx, tables, held, clock.now())
      })
    }
  }

  return {
    forgetOld,

    /** Does all that is due at this instant, and waits until it is done. Answers how many attempts were made. */
    async tick(): Promise<number> {
      for (let made = 0; ; ) {
        const flights: Promise<void>[] = []
        const faults: unknown[] = []
        const onFault = (error: unknown) => void faults.push(error)
        const isMore = await followAll(onFault)
        await beginAll((each) => flights.push(attempt(each)), onFault)
        await Promise.all(flights)
        if (faults.length > 0) throw faults[0]
        made += flights.length
        if (!isMore && flights.length === 0) return made
      }
    },

    /** Looks for what is due every so often, and whenever something has arrived, until the function that it answers is called. */
    start(
      everyMs: number,
      onFault: (error: unknown) => void,
      isOurs: () => Promise<boolean> = always,
    ): () => Promise<void> {
      const flying = new Set<Promise<void>>()
      let isWoken = false
      let rouse = () => {}
      const wake = () => {
        isWoken = true
        rouse()
      }
      let tidiedAt = ''
      const turn = async () => {
        if (!(await isOurs())) return false
        const isMore = await followAll(onFault)
        await beginAll((each) => {
          const flight = attempt(each)
            .catch(onFault)
            .finally(() => {
              flying.delete(flight)
              wake()
            })
          flying.add(flight)
        }, onFault)
        if (later(clock.now(), -HOUR_MS) > tidiedAt) {
          await forgetOld()
          tidiedAt = clock.now()
        }
        return isMore
      }
      const pause = () =>
        new Promise<void>((done) => {
          const timer = setTimeout(done, everyMs)
          rouse = () => {
            clearTimeout(timer)
            done()
          }
        })
      const loop = async () => {
        while (!isEnding) {
          isWoken = false
          const isMore = await turn().catch(onFault)
          if (isMore !== true && !isEnding && !isWoken) await pause()
        }
      }
      const running = loop()
      return async () => {
        isEnding = true
        wake()
        await running
        const breakOff = setTimeout(() => ended.abort(), GRACE_MS)
        await Promise.all(flying)
        clearTimeout(breakOff)
      }
    },
  }
}

/** One process alone does everything. */
const always = async (): Promise<boolean> => true
