import { and, asc, desc, eq, exists, gt, inArray, isNotNull, lt, sql } from 'drizzle-orm'
import { countVisible } from '../db/counts.ts'
import type { Db } from '../db/database.ts'
import { insertRow, once, placesFor } from '../db/prepared.ts'
import { holdTaxonomy } from '../db/sharing.ts'
import type { Tables } from '../db/tables.ts'
import type { Place } from '../shared/place.ts'
import type { TermName } from './schema.ts'

type TaxonomyTables = Pick<Tables, 'terms' | 'termSlugs' | 'taxonomy' | 'editions' | 'editionTerms' | 'editionWords'>
export type TermRow = Tables['terms']['$inferSelect']

export const taxonomyStore = (db: Db, tables: TaxonomyTables) => {
  const { terms, termSlugs, taxonomy, editionTerms, editionWords } = tables
  const isTerm = (kind: TermName, key: string) => and(eq(terms.kind, kind), eq(terms.key, key))
  const isSection = (key: string) => and(eq(editionTerms.kind, 'section'), eq(editionTerms.slug, key))

  /** The keys of slugs, as far as these are known. */
  async function keysOf(kind: TermName, slugs: string[]): Promise<Map<string, string>> {
    if (slugs.length === 0) return new Map()
    const { places, given } = placesFor(slugs)
    const statement = once(db, `keys of ${places.length} slugs`, (as) =>
      db
        .select({ slug: termSlugs.slug, key: termSlugs.key })
        .from(termSlugs)
        .where(and(eq(termSlugs.kind, sql.placeholder('kind')), inArray(termSlugs.slug, places)))
        .prepare(as),
    )
    const rows = await statement.execute({ ...given, kind })
    return new Map(rows.map(({ slug, key }) => [slug, key]))
  }

  return {
    /** Nobody moves or renames a term before the transaction ends; others may hold it so too. */
    holdShared: () => holdTaxonomy(db, tables),

    /** One more write of a term: others who write or hold wait for its end. */
    advance: async () => void (await db.update(taxonomy).set({ version: sql`${taxonomy.version} + 1` })),

    keysOf,

    /** Takes up a slug that is new, with a term of its own; answers the key that it has now: somebody else may have been first. */
    insertFound: async (row: TermRow): Promise<string> => {
      const { kind, slug, key } = row
      const value = (name: string) => sql.placeholder(name)
      const slugRow = { kind: value('kind'), slug: value('slug'), key: value('key') }
      const take = once(db, 'take up slug', (as) =>
        db.insert(termSlugs).values(slugRow).onConflictDoNothing().returning({ key: termSlugs.key }).prepare(as),
      )
      const isTaken = (await take.execute({ kind, slug, key })).length === 0
      if (isTaken) return (await keysOf(kind, [slug])).get(slug) ?? key
      await insertRow(db, terms, row)
      return key
    },

    /** Whether the slug is this term's from now on: false where it is or was another's. */
    takeSlug: async (kind: TermName, slug: string, key: string): Promise<boolean> => {
      await db.insert(termSlugs).values({ kind, slug, key }).onConflictDoNothing()
      const [row] = await db
        .select({ key: termSlugs.key })
        .from(termSlugs)
        .where(and(eq(termSlugs.kind, kind), eq(termSlugs.slug, slug)))
      return row?.key === key
    },

    bySlug: async (kind: TermName, slug: string): Promise<TermRow | undefined> =>
      (
        await db
          .select({ term: terms })
          .from(termSlugs)
          .innerJoin(terms, and(eq(terms.kind, termSlugs.kind), eq(terms.key, termSlugs.key)))
          .where(and(eq(termSlugs.kind, kind), eq(termSlugs.slug, slug)))
      )[0]?.term,

    insert: (row: TermRow) => db.insert(terms).values(row),
    /** False if it is not at the version before any more. */
    update: async (row: TermRow): Promise<boolean> =>
      (
        await db
          .update(terms)
          .set(row)
          .where(and(isTerm(row.kind, row.key), eq(terms.version, row.version - 1)))
          .returning({ key: terms.key })
      ).length > 0,
    remove: async (kind: TermName, key: string): Promise<void> => {
      await db.delete(termSlugs).where(and(eq(termSlugs.kind, kind), eq(termSlugs.key, key)))
      await db.delete(terms).where(isTerm(kind, key))
    },

    /** By slug. Going back, the rows come in the opposite order. */
    list: (kind: TermName, limit: number, place: Place | undefined): Promise<TermRow[]> => {
      const back = place?.direction === 'before'
      return db
        .select()
        .from(terms)
        .where(and(eq(terms.kind, kind), place && (back ? lt : gt)(terms.slug, place.id)))
        .orderBy(back ? desc(terms.slug) : asc(terms.slug))
        .limit(limit)
    },

    slugsOf: async (kind: TermName, keys: string[]) =>
      keys.length === 0
        ? []
        : db
            .select({ key: termSlugs.key, slug: termSlugs.slug })
            .from(termSlugs)
            .where(and(eq(termSlugs.kind, kind), inArray(termSlugs.key, keys)))
            .orderBy(termSlugs.slug),

    /** Each section that is in another one, with that. */
    parents: async (): Promise<Map<string, string | null>> => {
      const statement = once(db, 'parents of sections', (as) =>
        db
          .select({ key: terms.key, parentKey: terms.parentKey })
          .from(terms)
          .where(and(eq(terms.kind, 'section'), isNotNull(terms.parentKey)))
          .prepare(as),
      )
      const rows = await statement.execute()
      return new Map(rows.map(({ key, parentKey }) => [key, parentKey]))
    },

    /** Whether any edition has it, be it seen or not, or a section is in it. */
    isInUse: async (kind: TermName, key: string): Promise<boolean> => {
      const had = await db
        .select({ slug: editionTerms.slug })
        .from(editionTerms)
        .where(and(eq(editionTerms.kind, kind), eq(editionTerms.slug, key)))
        .limit(1)
      const inside = await db
        .select({ key: terms.key })
        .from(terms)
        .where(and(eq(terms.kind, kind), eq(terms.parentKey, key)))
        .limit(1)
      return had.length + inside.length > 0
    },

    /** Finds all that is found in this section in others too, and no more in these: where it has been moved. */
    moveIn: async (key: string, { from, to }: { from: string[]; to: string[] }): Promise<void> => {
      const own = db
        .select({ articleId: editionTerms.articleId, edition: editionTerms.edition })
        .from(editionTerms)
        .where(isSection(key))
        .as('own')
      const isOwn = and(eq(own.articleId, editionTerms.articleId), eq(own.edition, editionTerms.edition))
      for (const gone of from)
        await db
          .delete(editionTerms)
          .where(and(isSection(gone), exists(db.select({ edition: own.edition }).from(own).where(isOwn))))
      for (const added of to) {
        await db
          .insert(editionTerms)
          .select(
            db
              .select({
                articleId: editionTerms.articleId,
                edition: editionTerms.edition,
                kind: editionTerms.kind,
                slug: sql<string>`${added}`.as('slug'),
                publishedAt: editionTerms.publishedAt,
                updatedAt: editionTerms.updatedAt,
                superseded: editionTerms.superseded,
              })
              .from(editionTerms)
              .where(isSection(key)),
          )
          .onConflictDoNothing()
      }
    },

    /** Lets the ticker look again at the words of all that has it, as it is called otherwise now. */
    renamed: async (kind: TermName, key: string): Promise<void> => {
      const had = db
        .select({ slug: editionTerms.slug })
        .from(editionTerms)
        .where(
          and(
            eq(editionTerms.articleId, editionWords.articleId),
            eq(editionTerms.edition, editionWords.edition),
            eq(editionTerms.kind, kind),
            eq(editionTerms.slug, key),
          ),
        )
      await db.update(editionWords).set({ isListed: false }).where(exists(had))
    },

    counts: (kind: TermName, keys: string[], at: string) => countVisible(db, tables, { kind, keys }, at),
  }
}
