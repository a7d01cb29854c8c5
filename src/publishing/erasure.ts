import { and, eq, inArray, like, notExists, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import type { Tables } from '../db/tables.ts'
import { wordsStore } from './words-store.ts'

/**
 * Deletes all that was ever written of an article, from every table that holds some of it: the one place that knows them
 * all, and a test looks through the whole database. What stays is its tombstone, its rows in the audit, which hold names
 * of fields only, and links of other lists that point at its id, which readers do not see.
 */
export async function eraseArticle(tx: Db, tables: Tables, id: string): Promise<void> {
  const words = wordsStore(tx, tables)
  await words.addLeft()
  await eraseTerms(tx, tables, id)
  const { editions, editionBodies, editionWords, addresses, formerPaths } = tables
  for (const table of [editions, editionBodies, editionWords, addresses, formerPaths])
    await tx.delete(table).where(eq(table.articleId, id))
  await words.forget(id)
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
  // That something happened stays in the log; what it was called does not.
  const { events } = tables
  await tx
    .update(events)
    .set({ payload: {} })
    .where(and(eq(events.subjectKind, 'article'), eq(events.subjectId, id)))
  await eraseReports(tx, tables, id)
  // Receivers may have repeated what a message said.
  const { webhookAttempts, webhookDeliveries } = tables
  const isOfIt = and(eq(webhookDeliveries.subjectKind, 'article'), eq(webhookDeliveries.subjectId, id))
  const sent = tx.select({ id: webhookDeliveries.id }).from(webhookDeliveries).where(isOfIt)
  await tx.update(webhookAttempts).set({ answer: '' }).where(inArray(webhookAttempts.deliveryId, sent))
  const { articleVersions, slugs, articleLocks, articles } = tables
  for (const table of [articleVersions, slugs, articleLocks]) await tx.delete(table).where(eq(table.articleId, id))
  await tx.delete(articles).where(eq(articles.id, id))
}

/** Reports of imports repeat words of a record, and files may be called after it; dry runs have told of it before it was there. */
async function eraseReports(tx: Db, { importJobs, importRecords }: Tables, id: string): Promise<void> {
  const { jobId, articleId, sourceId } = importRecords
  const own = await tx.select({ jobId, sourceId }).from(importRecords).where(eq(articleId, id))
  const jobs = await tx.select().from(importJobs)
  const nothing = { source: '', line: null, sourceId: null, why: null, warnings: [] }
  await tx.update(importRecords).set(nothing).where(eq(articleId, id))
  const sourceIds = [...new Set(own.flatMap((row) => row.sourceId ?? []))]
  const tried = new Set<string>()
  for (const job of jobs.filter(({ options }) => options.isDryRun)) {
    if (sourceIds.length === 0) break
    const isOfIt = and(eq(jobId, job.id), inArray(sourceId, sourceIds))
    const found = await tx.update(importRecords).set(nothing).where(isOfIt).returning({ jobId })
    if (found.length > 0) tried.add(job.id)
  }
  // Of a file with this record alone, its name is the record's.
  const isAlone = ({ id: job, counts, finishedAt }: (typeof jobs)[number]) =>
    finishedAt !== null &&
    (tried.has(job) || own.some((row) => row.jobId === job)) &&
    Object.values(counts).reduce((sum, many) => sum + many, 0) === 1
  for (const job of jobs.filter(isAlone)) {
    const options = { ...job.options, file: null }
    await tx.update(importJobs).set({ options, error: null }).where(eq(importJobs.id, job.id))
  }
}

/** Sections, tags and authors that nobody has defined and no other article brings are its words too. */
async function eraseTerms(tx: Db, { editionTerms, terms, termSlugs, taxonomy }: Tables, id: string): Promise<void> {
  // Nobody may be about to publish something else that has them, nor move a section that they are in.
  await tx.update(taxonomy).set({ version: sql`${taxonomy.version} + 1` })
  const own = await tx
    .selectDistinct({ kind: terms.kind, key: terms.key })
    .from(editionTerms)
    .innerJoin(terms, and(eq(terms.kind, sql`${editionTerms.kind}`), eq(terms.key, editionTerms.slug)))
    .where(and(eq(editionTerms.articleId, id), eq(terms.isDefined, false)))
  await tx.delete(editionTerms).where(eq(editionTerms.articleId, id))
  for (const { kind, key } of own) {
    const other = tx
      .select({ slug: editionTerms.slug })
      .from(editionTerms)
      .where(and(eq(editionTerms.kind, kind), eq(editionTerms.slug, key)))
    const gone = await tx
      .delete(terms)
      .where(and(eq(terms.kind, kind), eq(terms.key, key), eq(terms.isDefined, false), notExists(other)))
      .returning({ key: terms.key })
    for (const term of gone)
      await tx.delete(termSlugs).where(and(eq(termSlugs.kind, kind), eq(termSlugs.key, term.key)))
  }
}
