import type { Database, Db } from '../db/database.ts'
import type { FacesNow } from '../events/changes.ts'
import type { LoggedEvent } from '../events/schema.ts'
import type { EventService } from '../events/service.ts'
import { type Clock, FOREVER } from '../shared/clock.ts'
import type { Ids } from '../shared/ids.ts'
import type { Place } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'
import { notFound, refuseAhead } from './checks.ts'
import { deliveryStore } from './delivery-store.ts'
import { requestsFor } from './formats.ts'
import { deliveryOf, messageOf, namedNow, testOf } from './messages.ts'
import { giveTurnsIn } from './order.ts'
import { isFor, seesDesk } from './rules.ts'
import {
  type Delivery,
  type DeliveryDetail,
  type DeliveryState,
  REDELIVERED_MAX,
  type Redeliver,
  type Redelivered,
} from './schema.ts'
import { shownAttempt, shownDelivery } from './shown.ts'
import { type WebhookRow, webhookStore } from './store.ts'

// Owns what the desk sees and asks of deliveries: what became of each, and that one is sent again or for a try. It only
// writes down what is to be sent; the sender sends it.

interface Dependencies {
  db: Database
  clock: Clock
  ids: Ids
  events: EventService
  /** How articles are called for readers now. */
  facesNow: FacesNow
}

/** The events of a range, read before the transaction. */
export interface EventRange {
  found: LoggedEvent[]
  until: number
  isMore: boolean
}

/** How many attempts of one delivery are shown. */
const ATTEMPTS_SHOWN = 50

export type DeliveryLog = ReturnType<typeof deliveryLog>

export function deliveryLog({ db, clock, ids, events, facesNow }: Dependencies) {
  const { tables } = db

  async function webhookOf(on: Db, id: string): Promise<WebhookRow> {
    const webhook = await webhookStore(on, tables).byId(id)
    if (!webhook) throw notFound()
    return webhook
  }

  async function heldIn(tx: Db, id: string): Promise<WebhookRow> {
    const held = await webhookStore(tx, tables).hold(id)
    if (!held) throw notFound()
    return held
  }

  return {
    async list(id: string, state: DeliveryState | undefined, limit: number, place: Place | undefined) {
      await webhookOf(db.read, id)
      return (await deliveryStore(db.read, tables).list(id, state, limit, place)).map(shownDelivery)
    },

    async get(id: string, deliveryId: string): Promise<DeliveryDetail> {
      const webhook = await webhookOf(db.read, id)
      const store = deliveryStore(db.read, tables)
      const row = await store.byId(id, deliveryId)
      if (!row) throw noDelivery()
      const message = await messageOf(events, row)
      const named = message && (await namedNow(message, webhook.format, facesNow))
      const requests = named === undefined ? [] : requestsFor(webhook, named, clock.now())
      return {
        ...shownDelivery(row),
        requests: requests.map(({ method, url, body }) => ({ method, url, body })),
        log: (await store.attempts(deliveryId, ATTEMPTS_SHOWN)).map(shownAttempt),
      }
    },

    /** Sends something that is no event, to see whether it arrives. */
    async testIn(tx: Db, id: string): Promise<Delivery> {
      const { isActive } = await heldIn(tx, id)
      if (!isActive) throw new Problem('invalid-transition', 'The endpoint is switched off. Switch it on first.')
      const now = clock.now()
      const row = testOf({ id: ids(), webhookId: id, now })
      await deliveryStore(tx, tables).add([{ ...row, nextAt: now }])
      return shownDelivery({ ...row, nextAt: now })
    },

    /** The events of a range, as far as they are sent again at once; undefined where one delivery is meant. */
    async rangeOf(id: string, { after, until }: Redeliver): Promise<EventRange | undefined> {
      if (after === undefined) return undefined
      const webhook = await webhookOf(db.read, id)
      const newest = await events.last()
      refuseAhead(after, newest, until)
      const last = Math.min(until ?? Number.MAX_SAFE_INTEGER, newest)
      const all = await events.after(after, REDELIVERED_MAX, { publicOnly: !seesDesk(webhook) })
      const found = all.filter(({ seq }) => seq <= last)
      const isMore = all.length === REDELIVERED_MAX && (all.at(-1)?.seq ?? 0) < last
      return { found, until: isMore ? (all.at(-1)?.seq ?? after) : Math.max(last, after), isMore }
    },

    /** Sends one delivery again, or all events of a range that the endpoint asks for. They keep their ids. */
    async redeliverIn(tx: Db, id: string, asked: Redeliver, range: EventRange | undefined): Promise<Redelivered> {
      const held = await heldIn(tx, id)
      const store = deliveryStore(tx, tables)
      const now = clock.now()
      if (range === undefined) {
        const row = await store.byId(id, asked.deliveryId ?? '')
        if (!row) throw noDelivery()
        await store.request([{ ...row, nextAt: FOREVER }], now)
        await giveTurnsIn(tx, tables, held, now, row)
        return { count: 1, until: null, isMore: false }
      }
      const meant = range.found.filter((event) => isFor(held, event))
      await store.request(
        meant.map((event) => deliveryOf({ id: ids(), webhookId: id, now }, event)),
        now,
      )
      await giveTurnsIn(tx, tables, held, now)
      return { count: meant.length, until: range.until, isMore: range.isMore }
    },
  }
}

const noDelivery = () => new Problem('not-found', 'There is no such delivery at this endpoint.')
