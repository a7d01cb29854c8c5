import type { Columns } from '../db/columns.postgres.ts'
import type { ImportCounts, ImportResult, JobOptions, JobState } from './schema.ts'

export const importingTables = (c: Columns) => ({
  /**
   * What was imported, so that it is known again: a digest of the id that its source gives it, and how it was when it came. Stays
   * when the article is erased, so that it does not come back with the next import; holds nothing that it said.
   */
  imported: c.table(
    'imported',
    {
      key: c.text('key').primaryKey(),
      articleId: c.text('article_id').notNull(),
      /** A digest of where its file was, for what is known by a file; null for everything else. */
      origin: c.text('origin'),
      /** Of all that the source said. */
      digest: c.text('digest').notNull(),
      /** The version of the article, and of its links, that the import wrote: later ones are somebody's work. */
      contentVersion: c.integer('content_version').notNull(),
      listVersion: c.integer('list_version').notNull(),
      /** Whether it waits as a draft though readers had it at its source: another import may publish it. */
      isHeld: c.boolean('is_held').notNull(),
    },
    (t) => [c.index('imported_article_id_idx').on(t.articleId), c.index('imported_origin_idx').on(t.origin)],
  ),
  /** One import that was sent to the API. */
  importJobs: c.table(
    'import_jobs',
    {
      id: c.text('id').primaryKey(),
      state: c.text('state').$type<JobState>().notNull(),
      options: c.json('options').$type<JobOptions>().notNull(),
      /** Whose key it was sent with. */
      callerId: c.text('caller_id').notNull(),
      callerName: c.text('caller_name').notNull(),
      createdAt: c.instant('created_at').notNull(),
      finishedAt: c.instant('finished_at'),
      /** How many bytes it has, and up to where they are read. */
      bytes: c.long('bytes').notNull(),
      bytesRead: c.long('bytes_read').notNull(),
      counts: c.json('counts').$type<ImportCounts>().notNull(),
      /** Why it failed as a whole. */
      error: c.text('error'),
      /** How often it was taken up since the last record that was done. */
      tries: c.integer('tries').notNull(),
      /** Who works on it, or sends a part of its file, and until when that is believed. */
      worker: c.text('worker'),
      workerUntil: c.instant('worker_until'),
    },
    (t) => [c.index('import_jobs_state_created_at_idx').on(t.state, t.createdAt)],
  ),
  /** What became of each record of it, in their order. */
  importRecords: c.table(
    'import_records',
    {
      jobId: c.text('job_id').notNull(),
      number: c.integer('number').notNull(),
      result: c.text('result').$type<ImportResult>().notNull(),
      source: c.text('source').notNull(),
      line: c.integer('line'),
      sourceId: c.text('source_id'),
      articleId: c.text('article_id'),
      railKey: c.text('rail_key'),
      why: c.text('why'),
      warnings: c.json('warnings').$type<string[]>().notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.jobId, t.number] }),
      c.index('import_records_job_id_result_number_idx').on(t.jobId, t.result, t.number),
      // To erase what is said of an article.
      c.index('import_records_article_id_idx').on(t.articleId),
    ],
  ),
})
