import type { Columns } from '../db/columns.postgres.ts'
import type { ArticleContent, BrokenLock } from './schema.ts'

export const articleTables = (c: Columns) => {
  /** One row per article: where it stands. What it says is in `article_versions`, at `contentVersion`. */
  const articles = c.table(
    'articles',
    {
      id: c.text('id').primaryKey(),
      slug: c.text('slug').notNull(),
      externalId: c.text('external_id'),
      /** A digest of the source that it was imported from, by which the same source is known again. */
      importedFrom: c.text('imported_from'),
      version: c.integer('version').notNull(),
      contentVersion: c.integer('content_version').notNull(),
      createdAt: c.instant('created_at').notNull(),
      createdById: c.text('created_by_id').notNull(),
      createdByName: c.text('created_by_name').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
      updatedById: c.text('updated_by_id').notNull(),
      updatedByName: c.text('updated_by_name').notNull(),
      trashedAt: c.instant('trashed_at'),
      killedAt: c.instant('killed_at'),
      killReason: c.text('kill_reason'),
      /** The number of the newest edition, 0 before the first. */
      edition: c.integer('edition').notNull(),
      /** When it was or will be public for the first time. */
      firstPublishedAt: c.instant('first_published_at'),
      /** The edition that began last when the article was written: what it was made from and when it is visible. */
      publishedContentVersion: c.integer('published_content_version'),
      liveFrom: c.instant('live_from'),
      liveUntil: c.instant('live_until'),
      /** Whether that end came by hand: an end that was asked for stays when the article is published again. */
      withdrawn: c.boolean('withdrawn').notNull(),
      /** The edition that was to begin later, then. By the clock it follows the one above (rules.ts, `standingAt`). */
      scheduledContentVersion: c.integer('scheduled_content_version'),
      scheduledFrom: c.instant('scheduled_from'),
      scheduledUntil: c.instant('scheduled_until'),
      scheduledEmbargo: c.boolean('scheduled_embargo').notNull(),
      /** The release that scheduled it. */
      releaseId: c.text('release_id'),
    },
    (t) => [
      c.uniqueIndex('articles_external_id_key').on(t.externalId),
      c.uniqueIndex('articles_imported_from_key').on(t.importedFrom),
      c.index('articles_updated_at_id_idx').on(t.updatedAt, t.id),
      c.index('articles_created_by_id_updated_at_idx').on(t.createdById, t.updatedAt, t.id),
      c.index('articles_scheduled_from_idx').on(t.scheduledFrom),
      c.index('articles_live_until_idx').on(t.liveUntil),
    ],
  )
  /** One row per write, never changed. `content` is null where the write changed the state and not the text. */
  const articleVersions = c.table(
    'article_versions',
    {
      articleId: c
        .text('article_id')
        .notNull()
        .references(() => articles.id),
      version: c.integer('version').notNull(),
      action: c.text('action').notNull(),
      /** Why, in the words of who wrote it. */
      note: c.text('note'),
      content: c.json('content').$type<ArticleContent>(),
      createdAt: c.instant('created_at').notNull(),
      createdById: c.text('created_by_id').notNull(),
      createdByName: c.text('created_by_name').notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.articleId, t.version] })],
  )
  /** Every slug that an article has, or had while it was public: the primary key makes a slug one article's alone. */
  const slugs = c.table(
    'slugs',
    {
      slug: c.text('slug').primaryKey(),
      articleId: c
        .text('article_id')
        .notNull()
        .references(() => articles.id),
    },
    (t) => [c.index('slugs_article_id_idx').on(t.articleId)],
  )
  /** Who says to be at work on an article, until when. A courtesy: the version check alone decides who may write. */
  const articleLocks = c.table('article_locks', {
    articleId: c.text('article_id').primaryKey(),
    holderId: c.text('holder_id').notNull(),
    holderName: c.text('holder_name').notNull(),
    since: c.instant('since').notNull(),
    until: c.instant('until').notNull(),
    /** Who last broke a lock of this article that was another's, and why: for the one whose lock it was. */
    broken: c.json('broken').$type<BrokenLock>(),
  })
  /** What became of articles that are gone for good: killed, or erased. Holds nothing that they said. */
  const tombstones = c.table('tombstones', {
    articleId: c.text('article_id').primaryKey(),
    /** The reason of a kill; null where the article was erased. */
    reason: c.text('reason'),
    wasPublic: c.boolean('was_public').notNull(),
    at: c.instant('at').notNull(),
  })
  return { articles, articleVersions, slugs, articleLocks, tombstones }
}
