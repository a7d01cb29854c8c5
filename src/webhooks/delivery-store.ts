import { and, asc, count, desc, eq, gt, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { beyond } from '../db/keyset.ts'
import type { Tables } from '../db/tables.ts'
import { FOREVER } from '../shared/clock.ts'
import type { Place } from '../shared/place.ts'
import type { DeliveryState } from './schema.ts'

type DeliveryTables = Pick<Tables, 'webhooks' | 'webhookDeliveries' | 'webhookAttempts'>
export type DeliveryRow = Tables['webhookDeliveries']['$inferSelect']
export type Subject = Pick<DeliveryRow, 'subjectKind' | 'subjectId'>
export type AttemptRow = Tables['webhookAttempts']['$inferSelect']

/** How many rows one statement writes: engines bound the parameters of a statement. */
const ROWS_AT_ONCE = 50
const IDS_AT_ONCE = 500
const FORGOTTEN_AT_ONCE = 500

export const deliveryStore = (db: Db, { webhooks, webhookDeliveries: deliveries, webhookAttempts }: DeliveryTables) => {
  const isFree = (now: string) => or(isNull(deliveries.claimedUntil), lte(deliveries.claimedUntil, now))
  /** Due at this instant, and sent by nobody: what waits for an earlier one is due at no time. */
  const isDue = (now: string) => and(eq(deliveries.state, 'pending'), lte(deliveries.nextAt, now), isFree(now))
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

    /** Deliveries, new or there already, that are to be sent from the beginning. What is on its way at the moment stays so. */
    request: async (rows: DeliveryRow[], now: string) => {
      const nextAt = sql`case when ${deliveries.claimedUntil} > ${sql.param(now, deliveries.claimedUntil)} then ${deliveries.nextAt} else ${sql.param(FOREVER, deliveries.nextAt)} end`
      const again = { state: 'pending' as const, attempts: 0, nextAt, createdAt: now, finishedAt: null }
      const target = [deliveries.webhookId, deliveries.messageId]
      for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
        const part = rows.slice(first, first + ROWS_AT_ONCE)
        await db.insert(deliveries).values(part).onConflictDoUpdate({ target, set: again })
      }
    },

    /** What is pending at an endpoint, or of one subject there, oldest first: as much as tells whose turn it is. */
    pending: (webhookId: string, subject?: Subject) =>
      db
        .select({
          id: deliveries.id,
          subjectKind: deliveries.subjectKind,
          subjectId: deliveries.subjectId,
          nextAt: deliveries.nextAt,
          claimedUntil: deliveries.claimedUntil,
        })
        .from(deliveries)
        .where(
          and(
            eq(deliveries.webhookId, webhookId),
            eq(deliveries.state, 'pending'),
            subject && eq(deliveries.subjectKind, subject.subjectKind),
            subject && eq(deliveries.subjectId, subject.subjectId),
          ),
        )
        .orderBy(asc(deliveries.seq), asc(deliveries.id)),

    /** Sets when these are tried next. */
    setNext: async (ids: string[], nextAt: string) => {
      for (let first = 0; first < ids.length; first += IDS_AT_ONCE) {
        const part = ids.slice(first, first + IDS_AT_ONCE)
        await db.update(deliveries).set({ nextAt }).where(inArray(deliveries.id, part))
      }
    },

    /** Lets all that waits for its next attempt begin anew, as when an endpoint is switched on again. */
    refresh: (webhookId: string, now: string) =>
      db
        .update(deliveries)
        .set({ attempts: 0, nextAt: now })
        .where(
          and(eq(deliveries.webhookId, webhookId), eq(deliveries.state, 'pending'), lt(deliveries.nextAt, FOREVER)),
        ),

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

    /**
     * How many have their turn and have not been tried: neither what is refused nor what is behind it in the order of its subject
     * counts, or it would stop all else.
     */
    untried: async (webhookId: string) =>
      (
        await db
          .select({ count: count() })
          .from(deliveries)
          .where(
            and(
              eq(deliveries.webhookId, webhookId),
              eq(deliveries.state, 'pending'),
              eq(deliveries.attempts, 0),
              lt(deliveries.nextAt, FOREVER),
            ),
          )
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

    /**
     * Takes what is due, at most so many: nobody else sends it until then. What was never tried goes first, so that a kill does not wait
     * behind all that is refused slowly; then the oldest. Whoever calls holds the endpoint.
     */
    claim: async (webhookId: string, now: string, most: number, claim: string, until: string) => {
      const due = await db
        .select({ id: deliveries.id })
        .from(deliveries)
        .where(and(eq(deliveries.webhookId, webhookId), isDue(now)))
        .orderBy(asc(deliveries.attempts), asc(deliveries.seq), asc(deliveries.id))
        .limit(most)
      if (due.length === 0) return []
      const ids = due.map(({ id }) => id)
      return db
        .update(deliveries)
        .set({ claim, claimedUntil: until })
        .where(and(inArray(deliveries.id, ids), isFree(now)))
        .returning()
    },

    /** Keeps others away for longer, while it is on its way; answers whether it was still claimed so. */
    renew: async (id: string, claim: string, until: string): Promise<boolean> =>
      (
        await db
          .update(deliveries)
          .set({ claimedUntil: until })
          .where(isClaimed(id, claim))
          .returning({ id: deliveries.id })
      ).length > 0,

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
