import { and, eq, like } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'

/**
 * Deletes all that was ever written of an article, from every table that holds some of it: the one place that knows them
 * all, and a test looks through the whole database. What stays is its tombstone, its rows in the audit, which hold names
 * of fields only, and links of other lists that point at its id, which readers do not see.
 */
export async function eraseArticle(tx: Db, tables: Tables, id: string): Promise<void> {
  const { editions, editionBodies, editionTerms, editionWords, vocabulary, addresses } = tables
  for (const table of [editions, editionBodies, editionTerms, editionWords, vocabulary, addresses])
    await tx.delete(table).where(eq(table.articleId, id))
  const { listEditions, headlineListVersions, headlineLinks, headlineLists } = tables
  // The list first: who is pointing its links at a story is waited for, and what they write goes too.
  await tx.delete(headlineLists).where(eq(headlineLists.id, id))
  for (const table of [listEditions, headlineListVersions, headlineLinks])
    await tx.delete(table).where(eq(table.listId, id))
  const { releaseItems, previews } = tables
  await tx.delete(releaseItems).where(and(eq(releaseItems.kind, 'article'), eq(releaseItems.subject, id)))
  await tx.delete(previews).where(and(eq(previews.kind, 'article'), eq(previews.subject, id)))
  // An answer that was kept for a repetition may hold its text.
  const { idempotencyKeys } = tables
  await tx
    .update(idempotencyKeys)
    .set({ body: null, headers: {} })
    .where(like(idempotencyKeys.body, `%${id}%`))
  const { articleVersions, slugs, articleLocks, articles } = tables
  for (const table of [articleVersions, slugs, articleLocks]) await tx.delete(table).where(eq(table.articleId, id))
  await tx.delete(articles).where(eq(articles.id, id))
}
