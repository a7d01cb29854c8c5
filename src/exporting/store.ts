import { createHash } from 'node:crypto'
import { and, asc, eq, gt, inArray, isNull, lte, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { type AnyRow, columnsOf, pages, tableOf } from '../db/pages.ts'
import { insertRow } from '../db/prepared.ts'
import type { Tables } from '../db/tables.ts'
import { derived, type PartName, parts } from './parts.ts'
import type { Document, ExportedTerm } from './schema.ts'

const DOCUMENTS_AT_ONCE = 50

export const exportingStore = (db: Db, tables: Tables) => {
  /** The names of what a row of a table holds in an archive. */
  const namesOf = (name: PartName): string[] =>
    Object.keys(columnsOf(tables, name))
      .filter((column) => column !== derived[name])
      .sort()

  return {
    /** A digest of the tables and columns that an archive of this program has. */
    schemaDigest: (): string =>
      createHash('sha256')
        .update(parts.map(([name]) => `${name}: ${namesOf(name).join()}`).join('\n'))
        .digest('hex'),

    /** Which column a row lacks, or has too many; undefined where it is as it has to be. */
    columnFault: (name: PartName, row: AnyRow): string | undefined => {
      const wanted = new Set(namesOf(name))
      const extra = Object.keys(row).find((each) => !wanted.has(each))
      if (extra !== undefined) return `an unknown column, "${extra}"`
      const missing = [...wanted].find((each) => !Object.hasOwn(row, each))
      return missing === undefined ? undefined : `no column "${missing}"`
    },

    /** All rows of a table in the order of its key, some at a time; those that are made anew are left out. */
    async *rows(name: PartName): AsyncGenerator<AnyRow> {
      const [, key = [], many = 1] = parts.find(([each]) => each === name) ?? []
      const { [derived[name] ?? '']: _, ...kept } = columnsOf(tables, name)
      for await (const page of pages(db, tables, name, { key, many }, kept)) yield* page
    },

    /**
     * What each article says, in the order of their ids: to readers at `at`, where they have it, else at the desk. Killed ones are
     * left out.
     */
    async *documents(at: string): AsyncGenerator<Document> {
      const { articles, articleVersions, editions, addresses, formerPaths } = tables
      const isSeen = and(eq(editions.articleId, articles.id), lte(editions.liveFrom, at), gt(editions.liveUntil, at))
      const said = sql`coalesce(${editions.contentVersion}, ${articles.contentVersion})`
      for (let last = ''; ; ) {
        const rows = await db
          .select({
            article: articles,
            content: articleVersions.content,
            publishedAt: editions.publishedAt,
            updatedAt: editions.updatedAt,
            liveUntil: editions.liveUntil,
          })
          .from(articles)
          .leftJoin(editions, isSeen)
          .innerJoin(
            articleVersions,
            and(eq(articleVersions.articleId, articles.id), eq(articleVersions.version, said)),
          )
          .where(and(gt(articles.id, last), isNull(articles.killedAt)))
          .orderBy(asc(articles.id))
          .limit(DOCUMENTS_AT_ONCE)
        for (const { content, ...row } of rows) {
          if (content === null) continue
          const { id, slug } = row.article
          const slugs = await db.select({ slug: addresses.slug }).from(addresses).where(eq(addresses.articleId, id))
          const paths = await db
            .select({ path: formerPaths.path })
            .from(formerPaths)
            .where(eq(formerPaths.articleId, id))
          const formerSlugs = slugs.map((each) => each.slug).filter((each) => each !== slug && each !== content.slug)
          yield { ...row, content, formerSlugs: formerSlugs.sort(), formerPaths: paths.map(({ path }) => path).sort() }
        }
        last = rows.at(-1)?.article.id ?? last
        if (rows.length < DOCUMENTS_AT_ONCE) return
      }
    },

    /** All sections, and the tags that say more than their names. */
    async terms(): Promise<ExportedTerm[]> {
      const { kind, key: slug, name, parentKey: parent, details } = tables.terms
      const rows = await db
        .select({ kind, slug, name, parent, details })
        .from(tables.terms)
        .where(inArray(kind, ['section', 'tag']))
        .orderBy(asc(kind), asc(slug))
      return rows
        .map(({ details, ...row }) => ({ ...row, description: details.description ?? '' }))
        .filter(({ kind, description }) => kind === 'section' || description !== '')
    },

    /** What readers have of articles at `at`, in the order of their ids. */
    async *visible(at: string): AsyncGenerator<typeof tables.editions.$inferSelect & { html: string; text: string }> {
      const { editions, editionBodies } = tables
      const isBody = and(eq(editionBodies.articleId, editions.articleId), eq(editionBodies.edition, editions.edition))
      for (let last = ''; ; ) {
        const rows = await db
          .select({ edition: editions, html: editionBodies.html, text: editionBodies.text })
          .from(editions)
          .innerJoin(editionBodies, isBody)
          .where(and(gt(editions.articleId, last), lte(editions.liveFrom, at), gt(editions.liveUntil, at)))
          .orderBy(asc(editions.articleId))
          .limit(DOCUMENTS_AT_ONCE)
        for (const { edition, html, text } of rows) yield { ...edition, html, text }
        last = rows.at(-1)?.edition.articleId ?? last
        if (rows.length < DOCUMENTS_AT_ONCE) return
      }
    },

    /** Whether the table has no row yet. */
    isEmpty: async (name: PartName): Promise<boolean> =>
      (await db.select({ one: sql`1` }).from(tableOf(tables, name)).limit(1)).length === 0,

    /** Puts a row back as it was. */
    insert: (name: PartName, row: AnyRow): Promise<void> => insertRow(db, tableOf(tables, name), row),

    /** Forgets the one row that every database begins with. */
    clear: (name: PartName) => db.delete(tableOf(tables, name)),
  }
}
