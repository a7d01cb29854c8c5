import { and, eq, isNotNull, isNull, ne, notExists, or, sql } from 'drizzle-orm'
import { type Check, NAMED, RESTORE, wrong } from '../look.ts'

export const tombstones: Check = {
  kind: 'tombstone',
  says: 'what is gone is called gone, and nothing else',
  advice: RESTORE,
  async *find({ read, tables: { articles, tombstones, imported } }) {
    const one = { one: sql`1` }
    const isIts = eq(tombstones.articleId, articles.id)
    const stands = read
      .select({ name: articles.id })
      .from(articles)
      .innerJoin(tombstones, isIts)
      .where(or(isNull(articles.killedAt), isNull(tombstones.reason), ne(tombstones.reason, articles.killReason)))
      .limit(NAMED + 1)
    yield* wrong(stands, 'is an article that stands, and is called gone')
    const lacks = read
      .select({ name: articles.id })
      .from(articles)
      .where(and(isNotNull(articles.killedAt), notExists(read.select(one).from(tombstones).where(isIts))))
      .limit(NAMED + 1)
    yield* wrong(lacks, 'is an article that was killed, and is not called gone')
    const there = read.select(one).from(articles).where(eq(articles.id, imported.articleId))
    const gone = read.select(one).from(tombstones).where(eq(tombstones.articleId, imported.articleId))
    const nobodys = read
      .select({ name: imported.articleId })
      .from(imported)
      .where(and(notExists(there), notExists(gone)))
      .limit(NAMED + 1)
    yield* wrong(nobodys, 'was imported, and neither stands nor was erased')
  },
}
