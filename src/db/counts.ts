import { and, count, eq, gt, inArray, lte } from 'drizzle-orm'
import type { TermKind } from '../shared/filters.ts'
import type { Db } from './database.ts'
import type { PublishedTables } from './tables.ts'

/**
 * How many articles are visible at `at` that have each of these terms: all that is in the index of now, without what of
 * it has not begun or has ended already, of which there is little and which is found by its own indexes.
 */
export async function countVisible(
  db: Db,
  { editions, editionTerms }: Pick<PublishedTables, 'editions' | 'editionTerms'>,
  { kind, keys }: { kind: TermKind; keys: string[] },
  at: string,
): Promise<Map<string, number>> {
  if (keys.length === 0) return new Map()
  const isOne = and(eq(editionTerms.kind, kind), inArray(editionTerms.slug, keys), eq(editionTerms.superseded, false))
  const all = await db
    .select({ key: editionTerms.slug, articles: count() })
    .from(editionTerms)
    .where(isOne)
    .groupBy(editionTerms.slug)
  const counts = new Map(all.map(({ key, articles }) => [key, articles]))
  const isSame = and(eq(editionTerms.articleId, editions.articleId), eq(editionTerms.edition, editions.edition))
  const hidden = [
    // Both halves of an index: by a clock that is behind, what was noted as begun is still to come.
    and(inArray(editions.beginNoted, [false, true]), gt(editions.liveFrom, at), eq(editions.superseded, false)),
    and(eq(editions.superseded, false), lte(editions.liveUntil, at), lte(editions.liveFrom, at)),
  ]
  for (const isHidden of hidden) {
    const less = await db
      .select({ key: editionTerms.slug, articles: count() })
      // A cross join, which SQLite takes as it is written: the few that are hidden come first.
      .from(editions)
      .crossJoin(editionTerms)
      .where(and(isHidden, isSame, isOne))
      .groupBy(editionTerms.slug)
    for (const { key, articles } of less) counts.set(key, (counts.get(key) ?? 0) - articles)
  }
  return counts
}
