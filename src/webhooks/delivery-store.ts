import {
  aliasedTable,
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  inArray,
  isNull,
  lt,
  lte,
  ne,
  notExists,
  or,
  sql,
} from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { beyond } from '../db/keyset.ts'
import type { Tables } from '../db/tables.ts'
import type { Place } from '../shared/place.ts'
import type { DeliveryState } from './schema.ts'

type DeliveryTables = Pick<Tables, 'webhooks' | 'webhookDeliveries' | 'webhookAttempts'>
export type DeliveryRow = Tables['webhookDeliveries']['$inferSelect']
export type AttemptRow = Tables['webhookAttempts']['$inferSelect']

/** How many rows one statement writes: engines bound the parameters of a statement. */
const ROWS_AT_ONCE = 50
const FORGOTTEN_AT_ONCE = 500

export const deliveryStore = (db: Db, { webhooks, webhookDeliveries: deliveries, webhookAttempts }: DeliveryTables) => {
  /** Due at this instant, sent by nobody, and with nothing of the same subject before it or on its way. */
  const isDue = (now: string) => {
    const other = aliasedTable(deliveries, 'other')
    const first = db
      .select({ id: other.id })
      .from(other)
      .where(
        and(
          eq(other.webhookId, deliveries.webhookId),
          eq(other.state, 'pending'),
          eq(other.subjectKind, deliveries.subjectKind),
          eq(other.subjectId, deliveries.subjectId),
          ne(other.id, deliveries.id),
          or(lt(other.seq, deliveries.seq), gt(other.claimedUntil, now)),
        ),
      )
    return and(
      eq(deliveries.state, 'pending'),
      lte(deliveries.nextAt, now),
      or(isNull(deliveries.claimedUntil), lte(deliveries.claimedUntil, now)),
      notExists(first),
    )
  }
  const isClaimed = (id: string, claim: string) => and(eq(deliveries.id, id), eq(deliveries.claim, claim))

  return {
    /** New deliveries; what was asked for again before its turn came is there already, and stays. */
    add: async (rows: DeliveryRow[]) => {
      for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
        await db
          .insert(deliveries)
          .values(rows.slice(first, first + ROWS_AT_ONCE))
          .onConflictDoNothing()
      }
    },

    /** New deliveries; those that are there already are sent again, from the beginning. */
    request: async (rows: DeliveryRow[]) => {
      for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
        const part = rows.slice(first, first + ROWS_AT_ONCE)
        const [{ createdAt = '' } = {}] = part
        await db
          .insert(deliveries)
          .values(part)
          .onConflictDoUpdate({
            target: [deliveries.webhookId, deliveries.messageId],
            set: { state: 'pending', attempts: 0, nextAt: createdAt, createdAt, finishedAt: null },
          })
      }
    },

    /** Sends one again, from the beginning. */
    again: async (id: string, now: string) =>
      (
        await db
          .update(deliveries)
          .set({ state: 'pending', attempts: 0, nextAt: now, createdAt: now, finishedAt: null })
          .where(eq(deliveries.id, id))
          .returning()
      )[0],

    /** Lets all that waits for its next attempt begin anew, as when an endpoint is switched on again. */
    refresh: (webhookId: string, now: string) =>
      db
        .update(deliveries)
        .set({ attempts: 0, nextAt: now })
        .where(and(eq(deliveries.webhookId, webhookId), eq(deliveries.state, 'pending'))),

    byId: async (webhookId: string, id: string) =>
      (
        await db
          .select()
          .from(deliveries)
          .where(and(eq(deliveries.webhookId, webhookId), eq(deliveries.id, id)))
      )[0],

    /** Newest first. Going back, the rows come in the opposite order. */
    list: (webhookId: string, state: DeliveryState | undefined, limit: number, place: Place | undefined) => {
      const back = place?.direction === 'before'
      return db
        .select()
        .from(deliveries)
        .where(
          and(
            eq(deliveries.webhookId, webhookId),
            state && eq(deliveries.state, state),
            place && beyond(deliveries.createdAt, deliveries.id, place),
          ),
        )
        .orderBy(...(back ? [deliveries.createdAt, deliveries.id] : [desc(deliveries.createdAt), desc(deliveries.id)]))
        .limit(limit)
    },

    attempts: (deliveryId: string, limit: number) =>
      db
        .select()
        .from(webhookAttempts)
        .where(eq(webhookAttempts.deliveryId, deliveryId))
        .orderBy(desc(webhookAttempts.at), desc(webhookAttempts.id))
        .limit(limit),

    waiting: async (webhookId: string) =>
      (
        await db
          .select({ count: count() })
          .from(deliveries)
          .where(and(eq(deliveries.webhookId, webhookId), eq(deliveries.state, 'pending')))
      )[0]?.count ?? 0,

    /** The endpoints that something is due for. */
    dueWebhooks: async (now: string) => {
      const isOpen = or(isNull(webhooks.pausedUntil), lte(webhooks.pausedUntil, now))
      const rows = await db
        .selectDistinct({ webhookId: deliveries.webhookId })
        .from(deliveries)
        .innerJoin(webhooks, eq(webhooks.id, deliveries.webhookId))
        .where(and(eq(webhooks.isActive, true), isOpen, isDue(now)))
      return rows.map(({ webhookId }) => webhookId)
    },

    inFlight: async (webhookId: string, now: string) =>
      (
        await db
          .select({ count: count() })
          .from(deliveries)
          .where(
            and(eq(deliveries.webhookId, webhookId), eq(deliveries.state, 'pending'), gt(deliveries.claimedUntil, now)),
          )
      )[0]?.count ?? 0,

    /** Takes what is due, oldest first and at most so many: nobody else sends it until then. Whoever calls holds the endpoint. */
    claim: async (webhookId: string, now: string, most: number, claim: string, until: string) => {
      const due = await db
        .select({ id: deliveries.id })
        .from(deliveries)
        .where(and(eq(deliveries.webhookId, webhookId), isDue(now)))
        .orderBy(asc(deliveries.seq), asc(deliveries.id))
        .limit(most)
      if (due.length === 0) return []
      const ids = due.map(({ id }) => id)
      const isFree = or(isNull(deliveries.claimedUntil), lte(deliveries.claimedUntil, now))
      const claimed = { claim, claimedUntil: until }
      return db
        .update(deliveries)
        .set(claimed)
        .where(and(inArray(deliveries.id, ids), isFree))
        .returning()
    },

    /** Gives a delivery back as it was. */
    release: (id: string, claim: string) =>
      db.update(deliveries).set({ claim: null, claimedUntil: null }).where(isClaimed(id, claim)),

    /** Notes how an attempt ended, if whoever made it still has the delivery; undefined if not. */
    finish: async (id: string, claim: string, changes: Partial<DeliveryRow>) =>
      (
        await db
          .update(deliveries)
          .set({
            ...changes,
            attempts: sql`${deliveries.attempts} + 1`,
            claim: null,
            claimedUntil: null,
          })
          .where(isClaimed(id, claim))
          .returning()
      )[0],

    noteAttempt: (row: AttemptRow) => db.insert(webhookAttempts).values(row),

    /** Forgets some of what is older, and answers how many. */
    forget: async (createdBefore: string) => {
      const old = await db
        .select({ id: deliveries.id })
        .from(deliveries)
        .where(lt(deliveries.createdAt, createdBefore))
        .limit(FORGOTTEN_AT_ONCE)
      const ids = old.map(({ id }) => id)
      if (ids.length === 0) return 0
      await db.delete(webhookAttempts).where(inArray(webhookAttempts.deliveryId, ids))
      await db.delete(deliveries).where(inArray(deliveries.id, ids))
      return ids.length
    },

    removeAll: async (webhookId: string) => {
      const mine = db.select({ id: deliveries.id }).from(deliveries).where(eq(deliveries.webhookId, webhookId))
      await db.delete(webhookAttempts).where(inArray(webhookAttempts.deliveryId, mine))
      await db.delete(deliveries).where(eq(deliveries.webhookId, webhookId))
    },
  }
}
