import { and, asc, desc, eq, exists, gt, lt, lte, max } from 'drizzle-orm'
import { countVisible } from '../db/counts.ts'
import type { Db } from '../db/database.ts'
import { visibleInOrder } from '../db/newest.ts'
import type { PublishedTables } from '../db/tables.ts'
import type { NamedKind } from '../shared/filters.ts'
import type { Place } from '../shared/place.ts'

/** A section, tag or author that some visible article has. */
export interface TermRow {
  kind: NamedKind
  key: string
  slug: string
}

/** The part of the store that finds sections, tags and authors: only those that readers see on an article. */
export function termStore(db: Db, tables: PublishedTables) {
  const { terms, termSlugs, editions, editionTerms, instants } = tables
  const columns = { kind: terms.kind, key: terms.key, slug: terms.slug }
  const isSeen = (at: string) =>
    exists(
      db
        .select({ slug: editionTerms.slug })
        .from(editionTerms)
        .innerJoin(
          editions,
          and(eq(editions.articleId, editionTerms.articleId), eq(editions.edition, editionTerms.edition)),
        )
        .where(
          and(
            eq(editionTerms.kind, terms.kind),
            eq(editionTerms.slug, terms.key),
            eq(editionTerms.superseded, false),
            visibleInOrder(tables, at),
          ),
        ),
    )

  return {
    /** By slug. Going back, the rows come in the opposite order. */
    terms: (kind: NamedKind, limit: number, place: Place | undefined, at: string): Promise<TermRow[]> => {
      const back = place?.direction === 'before'
      return db
        .select(columns)
        .from(terms)
        .where(and(eq(terms.kind, kind), place && (back ? lt : gt)(terms.slug, place.id), isSeen(at)))
        .orderBy(back ? desc(terms.slug) : asc(terms.slug))
        .limit(limit)
    },

    /** Under whichever of its slugs. */
    term: async (kind: NamedKind, slug: string, at: string): Promise<TermRow | undefined> =>
      (
        await db
          .select(columns)
          .from(termSlugs)
          .innerJoin(terms, and(eq(terms.kind, termSlugs.kind), eq(terms.key, termSlugs.key)))
          .where(and(eq(termSlugs.kind, kind), eq(termSlugs.slug, slug), isSeen(at)))
      )[0],

    /** The last instant that has passed at which readers may have seen something else. */
    lastInstant: async (at: string): Promise<string> =>
      (
        await db
          .select({ at: max(instants.at) })
          .from(instants)
          .where(lte(instants.at, at))
      )[0]?.at ?? '',

    /** How many visible articles have each. */
    countsOf: (kind: NamedKind, keys: string[], at: string) => countVisible(db, tables, { kind, keys }, at),
  }
}
