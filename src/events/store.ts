import { and, asc, desc, eq, gt, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import type { LoggedEvent } from './schema.ts'

/** The id of the only row. */
const ONLY = 1

export const eventStore = (db: Db, { events, eventCounter }: Pick<Tables, 'events' | 'eventCounter'>) => {
  const columns = {
    seq: events.seq,
    id: events.id,
    kind: events.kind,
    at: events.at,
    subjectKind: events.subjectKind,
    subjectId: events.subjectId,
    payload: events.payload,
  }

  return {
    /** Takes the next `many` numbers and answers the first. Others who want some wait until this transaction is done. */
    take: async (many: number): Promise<number> => {
      const [row] = await db
        .insert(eventCounter)
        .values({ id: ONLY, last: many })
        .onConflictDoUpdate({ target: eventCounter.id, set: { last: sql`${eventCounter.last} + ${many}` } })
        .returning({ last: eventCounter.last })
      return (row?.last ?? many) - many + 1
    },

    insert: (rows: (typeof events.$inferInsert)[]) => db.insert(events).values(rows),

    /** What came after number `seq`, in order, at most so many. */
    after: (seq: number, limit: number, publicOnly: boolean): Promise<LoggedEvent[]> =>
      db
        .select(columns)
        .from(events)
        .where(and(publicOnly ? eq(events.isPublic, true) : undefined, gt(events.seq, seq)))
        .orderBy(asc(events.seq))
        .limit(limit),

    last: async (): Promise<number> =>
      (await db.select({ seq: events.seq }).from(events).orderBy(desc(events.seq)).limit(1))[0]?.seq ?? 0,
  }
}
