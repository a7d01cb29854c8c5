import { and, asc, count, desc, eq, gte, lt, max, type SQL } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { visibleInOrder } from '../db/newest.ts'
import type { PublishedTables } from '../db/tables.ts'
import { taxonomyVersion } from './face-store.ts'
import type { EditionRow } from './rows.ts'

/** A part of the time in which articles were first published: from the first instant to before the second. */
export interface Month {
  from: string
  to: string
}

type SitemapRow = Pick<EditionRow, 'articleId' | 'slug' | 'section' | 'updatedAt' | 'card'>

/** The part of the store that sitemaps need. */
export function sitemapStore(
  db: Db,
  tables: PublishedTables,
  {
    faced,
  }: {
    faced: <Row extends SitemapRow & { publishedAt: string; taxonomy?: number | null }>(rows: Row[]) => Promise<Row[]>
  },
) {
  const { editions } = tables
  const seen = (at: string, ...more: (SQL | undefined)[]) =>
    and(eq(editions.superseded, false), visibleInOrder(tables, at), ...more)
  const within = ({ from, to }: Month) => and(gte(editions.publishedAt, from), lt(editions.publishedAt, to))

  return {
    /** When the newest visible article was first published that was before `before`. */
    lastBefore: async (before: string, at: string): Promise<string | undefined> =>
      (
        await db
          .select({ at: editions.publishedAt })
          .from(editions)
          .where(seen(at, lt(editions.publishedAt, before)))
          .orderBy(desc(editions.publishedAt))
          .limit(1)
      )[0]?.at,

    /** How many visible articles are of a month, and when one of them was changed last. */
    monthOf: async (month: Month, at: string): Promise<{ articles: number; updatedAt: string | null }> => {
      const [row] = await db
        .select({ articles: count(), updatedAt: max(editions.updatedAt) })
        .from(editions)
        .where(seen(at, within(month)))
      return { articles: row?.articles ?? 0, updatedAt: row?.updatedAt ?? null }
    },

    /** Some of the visible articles of a month, the oldest first. */
    ofMonth: async (month: Month, at: string, { limit, skip }: { limit: number; skip: number }) => {
      const rows = await db
        .select({
          articleId: editions.articleId,
          slug: editions.slug,
          section: editions.section,
          publishedAt: editions.publishedAt,
          updatedAt: editions.updatedAt,
          card: editions.card,
          taxonomy: taxonomyVersion(tables),
        })
        .from(editions)
        .where(seen(at, within(month)))
        .orderBy(asc(editions.publishedAt), asc(editions.articleId))
        .limit(limit)
        .offset(skip)
      return faced(rows)
    },
  }
}
