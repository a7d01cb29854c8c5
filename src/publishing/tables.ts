import type { Columns } from '../db/columns.postgres.ts'
import type { TermKind } from '../shared/filters.ts'
import type { Correction } from './schema.ts'

export const publishingTables = (c: Columns) => ({
  /**
   * What readers get of an article: rendered once, immutable, visible while `liveFrom <= now < liveUntil`.
   * `superseded` marks editions that a later one has followed a while ago, so that lists do not walk over them.
   */
  editions: c.table(
    'editions',
    {
      articleId: c.text('article_id').notNull(),
      edition: c.integer('edition').notNull(),
      slug: c.text('slug').notNull(),
      /** Its key; empty without one. */
      section: c.text('section').notNull(),
      publishedAt: c.instant('published_at').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
      liveFrom: c.instant('live_from').notNull(),
      liveUntil: c.instant('live_until').notNull(),
      /** The end that its publication asked for; `liveUntil` may be earlier, where something else ended it. */
      expiresAt: c.instant('expires_at').notNull(),
      /** Whether partners with the scope for it may read it before it begins. */
      embargo: c.boolean('embargo').notNull(),
      /** The version of the article that it was made from. */
      contentVersion: c.integer('content_version').notNull(),
      corrections: c.json('corrections').$type<Correction[]>().notNull(),
      /** Whether its beginning and its end have been noted, where they come by the clock (ticker.ts). */
      beginNoted: c.boolean('begin_noted').notNull(),
      endNoted: c.boolean('end_noted').notNull(),
      superseded: c.boolean('superseded').notNull(),
      /** JSON text of everything but address, body and links, without the outer braces, ready to be joined to them. */
      card: c.text('card').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.articleId, t.edition] }),
      c.index('editions_article_id_live_until_idx').on(t.articleId, t.liveUntil),
      c.index('editions_superseded_published_at_idx').on(t.superseded, t.publishedAt, t.articleId),
      c.index('editions_published_at_article_id_idx').on(t.publishedAt, t.articleId),
      c.index('editions_begin_noted_live_from_idx').on(t.beginNoted, t.liveFrom),
      c.index('editions_end_noted_live_until_idx').on(t.endNoted, t.liveUntil),
      c.index('editions_superseded_live_until_idx').on(t.superseded, t.liveUntil),
      c.index('editions_superseded_updated_at_idx').on(t.superseded, t.updatedAt, t.articleId),
    ],
  ),
  /** The four forms of an edition's body, each as JSON text. Apart from the editions, so that lists read few pages. */
  editionBodies: c.table(
    'edition_bodies',
    {
      articleId: c.text('article_id').notNull(),
      edition: c.integer('edition').notNull(),
      html: c.text('html').notNull(),
      blocks: c.text('blocks').notNull(),
      markdown: c.text('markdown').notNull(),
      text: c.text('text').notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.articleId, t.edition] })],
  ),
  /** What each edition is found by in lists: the keys of its section and those above it, tags and authors; its language. */
  editionTerms: c.table(
    'edition_terms',
    {
      articleId: c.text('article_id').notNull(),
      edition: c.integer('edition').notNull(),
      kind: c.text('kind').$type<TermKind>().notNull(),
      slug: c.text('slug').notNull(),
      publishedAt: c.instant('published_at').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
      superseded: c.boolean('superseded').notNull(),
    },
    (t) => [
      c.primaryKey({ columns: [t.articleId, t.edition, t.kind, t.slug] }),
      c
        .index('edition_terms_kind_slug_superseded_published_at_idx')
        .on(t.kind, t.slug, t.superseded, t.publishedAt, t.articleId),
      c
        .index('edition_terms_kind_slug_superseded_updated_at_idx')
        .on(t.kind, t.slug, t.superseded, t.updatedAt, t.articleId),
    ],
  ),
  /** When readers may see something else than before, be it whatever; those that have passed are deleted. */
  instants: c.table('instants', { at: c.instant('at').primaryKey() }),
  /** Every slug under which an article has been public, from `since` on. Old ones answer with a redirect. */
  addresses: c.table(
    'addresses',
    {
      slug: c.text('slug').primaryKey(),
      articleId: c.text('article_id').notNull(),
      since: c.instant('since').notNull(),
    },
    (t) => [c.index('addresses_article_id_idx').on(t.articleId)],
  ),
  /** Paths of a site that went before, each with the article that is there now. Set by imports (shared/former-path.ts). */
  formerPaths: c.table(
    'former_paths',
    { path: c.text('path').primaryKey(), articleId: c.text('article_id').notNull() },
    (t) => [c.index('former_paths_article_id_idx').on(t.articleId)],
  ),
  /**
   * What editions that may be visible now or later are searched by. `place` is their order, by first publication
   * (words-store.ts). The engine's own index of the words comes with a
   * migration of its own (src/db/words.ts).
   */
  editionWords: c.table(
    'edition_words',
    {
      place: c.long('place').primaryKey(),
      articleId: c.text('article_id').notNull(),
      edition: c.integer('edition').notNull(),
      /** Whether its words are in the vocabulary, where they come once it has begun. */
      isListed: c.boolean('is_listed').notNull(),
      words: c.words('words').notNull(),
    },
    (t) => [
      c.index('edition_words_article_id_edition_idx').on(t.articleId, t.edition),
      c.index('edition_words_is_listed_place_idx').on(t.isListed, t.place),
    ],
  ),
  /**
   * Every word of what is searched, each with an article that had it: for beginnings of words, which SQLite would otherwise
   * gather from its index, and, where it has been public, for who has misspelt one.
   */
  vocabulary: c.table(
    'vocabulary',
    {
      word: c.text('word').primaryKey(),
      initial: c.text('initial').notNull(),
      length: c.integer('length').notNull(),
      articleId: c.text('article_id').notNull(),
      isPublic: c.boolean('is_public').notNull(),
    },
    (t) => [
      c.index('vocabulary_is_public_initial_length_idx').on(t.isPublic, t.initial, t.length),
      c.index('vocabulary_article_id_idx').on(t.articleId),
    ],
  ),
})
