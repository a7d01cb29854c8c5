import { count, isNull, max, min, ne, or, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Look } from './look.ts'

// Versions are counted from 1 on, and none is taken out: what has as many as its number says, from the first to that, has all.

/** How many versions each thing has that has any, the first and the last of them; `owner` is what they are of. */
export const countedVersions = (read: Look['read'], versions: PgTable, owner: PgColumn, version: PgColumn) =>
  read
    .select({ owner, many: count().as('many'), first: min(version).as('first'), last: max(version).as('last') })
    .from(versions)
    .groupBy(owner)
    .as('all_versions')

/** Whether something that is at `version` lacks some of them, or has too many. */
export const isGap = ({ many, first, last }: ReturnType<typeof countedVersions>, version: PgColumn) =>
  or(isNull(many), ne(many, version), ne(sql`${last}`, version), ne(sql`${first}`, 1))
