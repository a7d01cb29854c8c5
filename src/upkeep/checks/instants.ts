import { and, eq, gt, lt, notExists, sql } from 'drizzle-orm'
import { FOREVER } from '../../shared/clock.ts'
import { type Check, joined, NAMED, REPUBLISH, wrong } from '../look.ts'

export const instants: Check = {
  kind: 'instant',
  says: 'caches are told when something is planned',
  advice: REPUBLISH,
  async *find({ read, tables: { editions, instants }, latest }) {
    for (const at of [editions.liveFrom, editions.liveUntil]) {
      const noted = read.select({ one: sql`1` }).from(instants).where(eq(instants.at, at))
      const rows = read
        .select({ name: joined(editions.articleId, editions.edition) })
        .from(editions)
        .where(and(lt(editions.liveFrom, editions.liveUntil), gt(at, latest), lt(at, FOREVER), notExists(noted)))
        .limit(NAMED + 1)
      yield* wrong(rows, 'is an edition that begins or ends at an instant that is not noted')
    }
  },
}
