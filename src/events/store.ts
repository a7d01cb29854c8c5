import { and, asc, desc, eq, gt, notInArray, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { insertRows, once } from '../db/prepared.ts'
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
    /** Takes the next numbers, and answers the last of each. Others who want some wait until this transaction is done. */
    take: async (many: number, ofPublic: number): Promise<{ last: number; lastPublic: number }> => {
      const statement = once(db, 'take numbers', (as) =>
        db
          .insert(eventCounter)
          .values({ id: ONLY, last: sql.placeholder('many'), lastPublic: sql.placeholder('ofPublic') })
          .onConflictDoUpdate({
            target: eventCounter.id,
            set: {
              last: sql`${eventCounter.last} + excluded.last`,
              lastPublic: sql`${eventCounter.lastPublic} + excluded.last_public`,
            },
          })
          .returning({ last: eventCounter.last, lastPublic: eventCounter.lastPublic })
          .prepare(as),
      )
      const [row] = await statement.execute({ many, ofPublic })
      return row ?? { last: many, lastPublic: ofPublic }
    },

    insert: (rows: (typeof events.$inferInsert)[]): Promise<void> => insertRows(db, events, rows),

    /** What came after number `seq`, in order, at most so many. */
    after: (seq: number, limit: number, publicOnly: boolean, hidden: string[]): Promise<LoggedEvent[]> =>
      db
        .select(columns)
        .from(events)
        .where(
          and(
            publicOnly ? eq(events.isPublic, true) : undefined,
            gt(events.seq, seq),
            hidden.length === 0 ? undefined : notInArray(events.subjectKind, hidden),
          ),
        )
        .orderBy(asc(events.seq))
        .limit(limit),

    /** What readers may know of that came after their number. */
    publicAfter: async (publicSeq: number, limit: number): Promise<LoggedEvent[]> => {
      const rows = await db
        .select({ ...columns, publicSeq: events.publicSeq })
        .from(events)
        .where(gt(events.publicSeq, publicSeq))
        .orderBy(asc(events.publicSeq))
        .limit(limit)
      return rows.map(({ publicSeq, ...row }) => ({ ...row, seq: publicSeq ?? 0 }))
    },

    last: async (): Promise<number> =>
      (await db.select({ seq: events.seq }).from(events).orderBy(desc(events.seq)).limit(1))[0]?.seq ?? 0,

    lastPublic: async (): Promise<number> =>
      (
        await db
          .select({ seq: events.publicSeq })
          .from(events)
          .where(gt(events.publicSeq, 0))
          .orderBy(desc(events.publicSeq))
          .limit(1)
      )[0]?.seq ?? 0,
  }
}
