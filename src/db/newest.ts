import { and, desc, eq, lte, type SQLWrapper, sql } from 'drizzle-orm'
import { FOREVER } from '../shared/clock.ts'
import type { Db } from './database.ts'
import type { PublishedTables } from './tables.ts'

/** A section or a tag. */
interface Term {
  kind: 'section' | 'tag'
  slug: string
}

/**
 * The id of the newest article of a section or tag that is visible at `at`, to stand in another statement. `isNow` where
 * that is the present: then the small indexes of what is public now will do.
 */
export function newestIn(
  db: Db,
  { editions, editionTerms }: Pick<PublishedTables, 'editions' | 'editionTerms'>,
  { kind, slug }: Term,
  at: string,
  isNow: boolean,
): SQLWrapper {
  // `coalesce` takes the index of ends away, by which all would be found and then put in order.
  const isVisible = and(lte(editions.liveFrom, at), sql`coalesce(${editions.liveUntil}, ${FOREVER}) > ${at}`)
  if (kind === 'section') {
    return db
      .select({ id: editions.articleId })
      .from(editions)
      .where(and(eq(editions.section, slug), isNow ? eq(editions.superseded, false) : undefined, isVisible))
      .orderBy(desc(editions.publishedAt), desc(editions.articleId))
      .limit(1)
  }
  const isOfEdition = and(eq(editionTerms.articleId, editions.articleId), eq(editionTerms.edition, editions.edition))
  return db
    .select({ id: editionTerms.articleId })
    .from(editionTerms)
    .innerJoin(editions, isOfEdition)
    .where(
      and(
        eq(editionTerms.kind, kind),
        eq(editionTerms.slug, slug),
        isNow ? eq(editionTerms.superseded, false) : undefined,
        isVisible,
      ),
    )
    .orderBy(desc(editionTerms.publishedAt), desc(editionTerms.articleId))
    .limit(1)
}

/** Whether a column is one of these values, be they known or found by a statement. */
export const isOneOf = (column: SQLWrapper, values: (string | SQLWrapper)[]) =>
  sql`${column} in (${sql.join(
    values.map((each) => sql`${each}`),
    sql`, `,
  )})`
