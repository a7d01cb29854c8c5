import type { Columns } from '../db/columns.postgres.ts'
import type { ArticleContent } from './schema.ts'

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
      /** The number of the newest edition, 0 before the first; what it was made from and when it is visible. */
      edition: c.integer('edition').notNull(),
      publishedContentVersion: c.integer('published_content_version'),
      firstPublishedAt: c.instant('first_published_at'),
      liveFrom: c.instant('live_from'),
      liveUntil: c.instant('live_until'),
    },
    (t) => [
      c.uniqueIndex('articles_external_id_key').on(t.externalId),
      c.uniqueIndex('articles_imported_from_key').on(t.importedFrom),
      c.index('articles_updated_at_id_idx').on(t.updatedAt, t.id),
      c.index('articles_created_by_id_updated_at_idx').on(t.createdById, t.updatedAt, t.id),
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
      content: c.json('content').$type<ArticleContent>(),
      createdAt: c.instant('created_at').notNull(),
      createdById: c.text('created_by_id').notNull(),
      createdByName: c.text('created_by_name').notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.articleId, t.version] })],
  )
  /** Every slug that an article has, or had while it was public: the primary key makes a slug one article's alone. */
  const slugs = c.table('slugs', {
    slug: c.text('slug').primaryKey(),
    articleId: c
      .text('article_id')
      .notNull()
      .references(() => articles.id),
  })
  return { articles, articleVersions, slugs }
}
