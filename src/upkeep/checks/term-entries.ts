import { and, eq, ne, or } from 'drizzle-orm'
import { type Check, joined, NAMED, REPUBLISH, wrong } from '../look.ts'

export const termEntries: Check = {
  kind: 'list-entry',
  says: 'entries of lists have the times of their editions',
  advice: REPUBLISH,
  find: ({ read, tables: { editions, editionTerms } }) => {
    const { articleId, edition, kind, slug, publishedAt, updatedAt, superseded } = editionTerms
    const rows = read
      .select({ name: joined(articleId, edition, kind, slug) })
      .from(editionTerms)
      .innerJoin(editions, and(eq(editions.articleId, articleId), eq(editions.edition, edition)))
      .where(
        or(
          ne(superseded, editions.superseded),
          ne(publishedAt, editions.publishedAt),
          ne(updatedAt, editions.updatedAt),
        ),
      )
      .limit(NAMED + 1)
    return wrong(rows, 'is an entry with other times than its edition')
  },
}
