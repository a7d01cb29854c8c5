import { and, count, desc, eq, isNull, lte, or, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'

export type WebhookRow = Tables['webhooks']['$inferSelect']

export const webhookStore = (db: Db, { webhooks }: Pick<Tables, 'webhooks'>) => ({
  insert: (row: WebhookRow) => db.insert(webhooks).values(row),
  count: async () => (await db.select({ count: count() }).from(webhooks))[0]?.count ?? 0,
  byId: async (id: string) => (await db.select().from(webhooks).where(eq(webhooks.id, id)))[0],
  all: () => db.select().from(webhooks).orderBy(desc(webhooks.createdAt), desc(webhooks.id)),
  remove: (id: string) => db.delete(webhooks).where(eq(webhooks.id, id)),

  /** Those that may be sent to at this instant. */
  active: (now: string) =>
    db
      .select()
      .from(webhooks)
      .where(and(eq(webhooks.isActive, true), or(isNull(webhooks.pausedUntil), lte(webhooks.pausedUntil, now)))),

  /** Keeps others from the endpoint until this transaction ends; undefined if there is none. */
  hold: async (id: string) => (await db.update(webhooks).set({ id }).where(eq(webhooks.id, id)).returning())[0],

  /** Changes the endpoint if it still stands at `version`; undefined if it does not. */
  update: async (id: string, version: number, changes: Partial<WebhookRow>) =>
    (
      await db
        .update(webhooks)
        .set({ ...changes, version: version + 1 })
        .where(and(eq(webhooks.id, id), eq(webhooks.version, version)))
        .returning()
    )[0],

  /** Moves the endpoint on in the log, if it still stands where it was read and asks for the same; answers whether it did. */
  moveOn: async ({ id, place, version }: Pick<WebhookRow, 'id' | 'place' | 'version'>, to: number) =>
    (
      await db
        .update(webhooks)
        .set({ place: to })
        .where(and(eq(webhooks.id, id), eq(webhooks.place, place), eq(webhooks.version, version)))
        .returning({ id: webhooks.id })
    ).length > 0,

  /** Notes that something has arrived. */
  noteSuccess: (id: string) => db.update(webhooks).set({ failingSince: null }).where(eq(webhooks.id, id)),

  /** Notes that something has not; the first time counts. Answers the endpoint. */
  noteFailure: async (id: string, at: string, pausedUntil: string | undefined) =>
    (
      await db
        .update(webhooks)
        .set({
          failingSince: sql`coalesce(${webhooks.failingSince}, ${sql.param(at, webhooks.failingSince)})`,
          ...(pausedUntil !== undefined && { pausedUntil }),
        })
        .where(eq(webhooks.id, id))
        .returning()
    )[0],
})
