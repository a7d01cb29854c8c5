import { and, desc, eq, gt, lt } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { beyond } from '../db/keyset.ts'
import { insertRow } from '../db/prepared.ts'
import type { Tables } from '../db/tables.ts'
import type { Place } from '../shared/place.ts'
import type { AuditFilters } from './schema.ts'

export type AuditRow = Tables['audit']['$inferSelect']

export const auditStore = (db: Db, { audit }: Pick<Tables, 'audit'>) => {
  /** The condition where a filter is given. */
  const where = <Value, Condition>(value: Value | undefined, condition: (value: Value) => Condition) =>
    value === undefined ? undefined : condition(value)

  return {
    insert: (row: AuditRow) => insertRow(db, audit, row),

    /** But for those that are there already. */
    insertOnce: (rows: AuditRow[]) => db.insert(audit).values(rows).onConflictDoNothing(),

    /** Newest first. Going back, the rows come in the opposite order. */
    list: (filters: AuditFilters, limit: number, place: Place | undefined): Promise<AuditRow[]> => {
      const back = place?.direction === 'before'
      return db
        .select()
        .from(audit)
        .where(
          and(
            where(filters.actor, (id) => eq(audit.actorId, id)),
            where(filters.action, (action) => eq(audit.action, action)),
            where(filters.subject, (id) => eq(audit.subjectId, id)),
            where(filters.kind, (kind) => eq(audit.subjectKind, kind)),
            where(filters.outcome, (outcome) => eq(audit.outcome, outcome)),
            where(filters.after, (at) => gt(audit.at, at)),
            where(filters.before, (at) => lt(audit.at, at)),
            place && beyond(audit.at, audit.id, place),
          ),
        )
        .orderBy(...(back ? [audit.at, audit.id] : [desc(audit.at), desc(audit.id)]))
        .limit(limit)
    },
  }
}
