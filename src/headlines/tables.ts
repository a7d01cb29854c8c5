import type { Columns } from '../db/columns.postgres.ts'
import type { RemovedLink } from './link-schema.ts'
import type { ListContent } from './schema.ts'

export const headlineTables = (c: Columns) => {
  /** An ordered list of headline links: a rail, or the links of one article (then its id is the article's). */
  const headlineLists = c.table(
    'headline_lists',
    {
      id: c.text('id').primaryKey(),
      kind: c.text('kind').$type<'article' | 'rail'>().notNull(),
      /** The address of a rail; null for an article's list. */
      key: c.text('key'),
      version: c.integer('version').notNull(),
      /** The version whose content stands. */
      contentVersion: c.integer('content_version').notNull(),
      /** The version whose content will stand from `scheduledFrom` on, and the release that brings it. */
      scheduledVersion: c.integer('scheduled_version'),
      scheduledFrom: c.instant('scheduled_from'),
      releaseId: c.text('release_id'),
      /** The version that readers have of a staged rail, 0 while they have none; null where every write is public at once. */
      publishedVersion: c.integer('published_version'),
      /** The links that were taken out last, the last one first, to be put back. */
      removed: c.json('removed').$type<RemovedLink[]>().notNull(),
      createdAt: c.instant('created_at').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
      updatedById: c.text('updated_by_id').notNull(),
      updatedByName: c.text('updated_by_name').notNull(),
    },
    (t) => [
      c.uniqueIndex('headline_lists_key_key').on(t.key),
      c.index('headline_lists_scheduled_from_idx').on(t.scheduledFrom),
    ],
  )
  /** What a list held at each version, in order; never changed. `content` is null where only its state changed. */
  const headlineListVersions = c.table(
    'headline_list_versions',
    {
      listId: c.text('list_id').notNull(),
      version: c.integer('version').notNull(),
      action: c.text('action').notNull(),
      content: c.json('content').$type<ListContent>(),
      createdAt: c.instant('created_at').notNull(),
      createdById: c.text('created_by_id').notNull(),
      createdByName: c.text('created_by_name').notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.listId, t.version] })],
  )
  /** Which list a link stands in, which article it points at or for which it waits: an index over the newest versions, to find them by. */
  const headlineLinks = c.table(
    'headline_links',
    {
      id: c.text('id').primaryKey(),
      listId: c.text('list_id').notNull(),
      /** The link that it stands below; null for one that stands in the list itself. */
      parentId: c.text('parent_id'),
      isPending: c.boolean('is_pending').notNull(),
      targetArticleId: c.text('target_article_id'),
      /** A digest of the folded headline of a pending link, whose length has a bound; null for the others. */
      pendingDigest: c.text('pending_digest'),
    },
    (t) => [
      c.index('headline_links_list_id_idx').on(t.listId),
      c.index('headline_links_target_article_id_idx').on(t.targetArticleId, t.id),
      c.index('headline_links_pending_digest_idx').on(t.pendingDigest),
      c.index('headline_links_is_pending_idx').on(t.isPending, t.id),
    ],
  )
  /** What readers get of a list: immutable, visible while `liveFrom <= now < liveUntil`. */
  const listEditions = c.table(
    'list_editions',
    {
      listId: c.text('list_id').notNull(),
      version: c.integer('version').notNull(),
      key: c.text('key'),
      liveFrom: c.instant('live_from').notNull(),
      liveUntil: c.instant('live_until').notNull(),
      /** When readers last saw it change; later than that, links may have come that they do not see. */
      updatedAt: c.instant('updated_at').notNull(),
      /** JSON text: the list's own fields, then its items with the ids of their targets (headlines/edition.ts). */
      card: c.text('card').notNull(),
      items: c.text('items').notNull(),
      /** What the items depend on, as JSON (headlines/edition.ts); 'null' means `items` can be sent as it is. */
      needs: c.text('needs').notNull(),
      /** A digest of `items`, for the ETag. */
      digest: c.text('digest').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.listId, t.version] }),
      c.index('list_editions_list_id_live_until_idx').on(t.listId, t.liveUntil),
      c.index('list_editions_key_live_until_idx').on(t.key, t.liveUntil),
    ],
  )
  /** When links of what readers have come and go, until it has been told. What is changed meanwhile stays noted, and is not told. */
  const listWindows = c.table(
    'list_windows',
    { listId: c.text('list_id').notNull(), at: c.instant('at').notNull() },
    (t) => [c.primaryKey({ columns: [t.listId, t.at] }), c.index('list_windows_at_list_id_idx').on(t.at, t.listId)],
  )
  return { headlineLists, headlineListVersions, headlineLinks, listEditions, listWindows }
}
