import { and, count, eq, ne, sql } from 'drizzle-orm'
import { type Check, joined, NAMED, REPUBLISH, wrong } from '../look.ts'

export const searchable: Check = {
  kind: 'search-row',
  says: 'each edition in the lists is searched once, and no other',
  advice: REPUBLISH,
  find: ({ read, tables: { editions, editionWords } }) => {
    const all = read
      .select({ articleId: editionWords.articleId, edition: editionWords.edition, many: count().as('many') })
      .from(editionWords)
      .groupBy(editionWords.articleId, editionWords.edition)
      .as('searched')
    const wanted = sql`case when ${editions.superseded} then 0 else 1 end`
    const rows = read
      .select({ name: joined(editions.articleId, editions.edition) })
      .from(editions)
      .leftJoin(all, and(eq(all.articleId, editions.articleId), eq(all.edition, editions.edition)))
      .where(ne(sql`coalesce(${all.many}, 0)`, wanted))
      .limit(NAMED + 1)
    return wrong(rows, 'is an edition that is searched never, twice or too long')
  },
}
