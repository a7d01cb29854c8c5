import { aliasedTable, and, eq, lt } from 'drizzle-orm'
import { type Check, NAMED, RESTORE, wrong } from '../look.ts'

export const overlapping: Check = {
  kind: 'two-editions',
  says: 'readers have one edition of an article at a time',
  advice: RESTORE,
  find: ({ read, tables: { editions } }) => {
    const other = aliasedTable(editions, 'other')
    const isBoth = and(
      lt(editions.liveFrom, editions.liveUntil),
      lt(other.liveFrom, other.liveUntil),
      lt(editions.liveFrom, other.liveUntil),
      lt(other.liveFrom, editions.liveUntil),
    )
    const rows = read
      .selectDistinct({ name: editions.articleId })
      .from(editions)
      .innerJoin(other, and(eq(other.articleId, editions.articleId), lt(editions.edition, other.edition)))
      .where(isBoth)
      .limit(NAMED + 1)
    return wrong(rows, 'is an article with two editions at once')
  },
}
