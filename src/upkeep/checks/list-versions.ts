import { and, eq, isNull, ne, notExists, or, sql } from 'drizzle-orm'
import { FOREVER } from '../../shared/clock.ts'
import { countedVersions } from '../counted.ts'
import { type Check, NAMED, RESTORE, wrong } from '../look.ts'

/** Versions of a list have no gap; a rail goes on counting where a deleted one of its key has ended. */
export const listVersions: Check = {
  kind: 'list-versions',
  says: 'lists have all their versions, and versions their list',
  advice: RESTORE,
  async *find({ read, tables: { headlineLists, headlineListVersions, listEditions } }) {
    const { listId, version, action } = headlineListVersions
    const all = countedVersions(read, headlineListVersions, listId, version)
    const gaps = read
      .select({ name: headlineLists.id })
      .from(headlineLists)
      .leftJoin(all, eq(all.owner, headlineLists.id))
      .where(
        or(
          isNull(all.many),
          ne(sql`${all.last}`, headlineLists.version),
          ne(all.many, sql`${all.last} - ${all.first} + 1`),
          and(eq(headlineLists.kind, 'article'), ne(sql`${all.first}`, 1)),
        ),
      )
      .limit(NAMED + 1)
    yield* wrong(gaps, 'is a list that lacks versions, or has too many')
    const there = read.select({ one: sql`1` }).from(headlineLists).where(eq(headlineLists.id, listId))
    const deleted = read
      .select({ one: sql`1` })
      .from(sql`${headlineListVersions} as last_one`)
      .where(sql`last_one.list_id = ${listId} and last_one.action = 'delete'`)
    const lost = read
      .selectDistinct({ name: listId })
      .from(headlineListVersions)
      .where(and(notExists(there), notExists(deleted), ne(action, 'delete')))
      .limit(NAMED + 1)
    yield* wrong(lost, 'is a list that is gone and was not deleted')
    const still = read
      .selectDistinct({ name: listEditions.listId })
      .from(listEditions)
      .leftJoin(headlineLists, eq(headlineLists.id, listEditions.listId))
      .where(and(isNull(headlineLists.id), eq(listEditions.liveUntil, FOREVER)))
      .limit(NAMED + 1)
    yield* wrong(still, 'is a list that is gone, and readers have it without an end')
  },
}
