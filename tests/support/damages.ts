import { and, eq, gt, isNotNull, sql } from 'drizzle-orm'
import type { Damage } from './examine.ts'

// What may be wrong in a database, made by hand: each is to be found under its kind. `id` is an article with links that readers have.

const LONG_AGO = '2001-01-01T00:00:00.000Z'
const NOBODY = '019b0f61-0000-7000-8000-000000000000'
type Damages = [what: string, kind: string, damage: Damage][]

export const damages = (id: string): Damages => [
  // Rows that belong to something.
  ['a body that is gone', 'orphan-row', (tx, t) => tx.delete(t.editionBodies).where(eq(t.editionBodies.articleId, id))],
  ['a term whose slugs stay', 'orphan-row', (tx, t) => tx.delete(t.terms).where(eq(t.terms.key, 'world'))],
  [
    'a term that is gone with its slugs',
    'orphan-row',
    async (tx, t) => {
      await tx.delete(t.terms).where(eq(t.terms.key, 'world'))
      await tx.delete(t.termSlugs).where(eq(t.termSlugs.key, 'world'))
    },
  ],
  [
    'an address of nobody',
    'orphan-row',
    (tx, t) => tx.insert(t.addresses).values({ slug: 'ghost', articleId: NOBODY, since: LONG_AGO }),
  ],
  [
    'a former address of nobody',
    'orphan-row',
    (tx, t) => tx.insert(t.formerPaths).values({ path: '/ghost', articleId: NOBODY }),
  ],
  ['an address that is gone', 'orphan-row', (tx, t) => tx.delete(t.addresses).where(eq(t.addresses.slug, 'one'))],
  [
    'an address whose slug another may take',
    'orphan-row',
    (tx, t) => tx.delete(t.slugs).where(eq(t.slugs.slug, 'one')),
  ],
  [
    'an edition of a version that is not there',
    'orphan-row',
    (tx, t) => tx.update(t.editions).set({ contentVersion: 99 }).where(eq(t.editions.articleId, id)),
  ],
  [
    'a word of somebody who was erased',
    'orphan-row',
    (tx, t) =>
      tx.insert(t.vocabulary).values({ word: 'zyx', initial: 'z', length: 3, articleId: NOBODY, isPublic: false }),
  ],
  [
    'a list gone with its links',
    'list-versions',
    async (tx, t) => {
      await tx.delete(t.headlineLists).where(eq(t.headlineLists.key, 'top'))
      await tx.delete(t.headlineLinks)
    },
  ],
  // Articles.
  [
    'a version that is gone',
    'article-versions',
    (tx, t) =>
      tx.delete(t.articleVersions).where(and(eq(t.articleVersions.articleId, id), eq(t.articleVersions.version, 2))),
  ],
  [
    'a version too many',
    'article-versions',
    (tx, t) => tx.update(t.articles).set({ version: 1 }).where(eq(t.articles.id, id)),
  ],
  [
    'a text that is gone',
    'article-versions',
    (tx, t) =>
      tx
        .update(t.articleVersions)
        .set({ content: sql`null` as never })
        .where(eq(t.articleVersions.articleId, id)),
  ],
  [
    'a slug that the text does not have',
    'article-versions',
    (tx, t) => tx.update(t.articles).set({ slug: 'other' }).where(eq(t.articles.id, id)),
  ],
  [
    'an edition that nobody counts',
    'article-standing',
    (tx, t) => tx.update(t.articles).set({ edition: 7 }).where(eq(t.articles.id, id)),
  ],
  [
    'an article that is called published without any edition',
    'article-standing',
    async (tx, t) => {
      for (const table of [t.editions, t.editionBodies, t.editionTerms, t.editionWords])
        await tx.delete(table).where(eq(table.articleId, id))
    },
  ],
  [
    'an end that only the desk knows',
    'article-standing',
    (tx, t) => tx.update(t.articles).set({ liveUntil: LONG_AGO }).where(eq(t.articles.id, id)),
  ],
  [
    'a beginning that only readers know',
    'article-standing',
    (tx, t) => tx.update(t.editions).set({ liveFrom: LONG_AGO }).where(eq(t.editions.articleId, id)),
  ],
  [
    'an article that was published at another version',
    'article-standing',
    (tx, t) => tx.update(t.articles).set({ publishedContentVersion: 99 }).where(eq(t.articles.id, id)),
  ],
  [
    'another day of its first publication',
    'article-standing',
    (tx, t) => tx.update(t.articles).set({ firstPublishedAt: LONG_AGO }).where(eq(t.articles.id, id)),
  ],
  [
    'a plan that only the desk knows',
    'article-standing',
    (tx, t) =>
      tx
        .update(t.articles)
        .set({ scheduledFrom: '2030-02-02T00:00:00.000Z', scheduledContentVersion: 1 })
        .where(eq(t.articles.id, id)),
  ],
  [
    'something in the trash that readers have',
    'article-standing',
    (tx, t) => tx.update(t.articles).set({ trashedAt: LONG_AGO }).where(eq(t.articles.id, id)),
  ],
  [
    'something killed that readers have',
    'article-standing',
    (tx, t) => tx.update(t.articles).set({ killedAt: LONG_AGO, killReason: 'legal' }).where(eq(t.articles.id, id)),
  ],
  [
    'two editions at once',
    'two-editions',
    (tx, t) =>
      tx
        .update(t.editions)
        .set({ liveFrom: LONG_AGO, liveUntil: '2040-01-01T00:00:00.000Z' })
        .where(eq(t.editions.slug, 'two')),
  ],
  [
    'a stone for an article that stands',
    'tombstone',
    (tx, t) => tx.insert(t.tombstones).values({ articleId: id, reason: null, wasPublic: true, at: LONG_AGO }),
  ],
  ['something killed without a stone', 'tombstone', (tx, t) => tx.delete(t.tombstones)],
  [
    'something imported of nobody',
    'tombstone',
    (tx, t) =>
      tx.insert(t.imported).values({
        key: 'x',
        articleId: NOBODY,
        origin: null,
        digest: 'x',
        contentVersion: 1,
        listVersion: 0,
        isHeld: false,
      }),
  ],
  [
    'an address that is known too late',
    'address',
    (tx, t) => tx.update(t.addresses).set({ since: '2040-01-01T00:00:00.000Z' }).where(eq(t.addresses.slug, 'one')),
  ],
  [
    'an address at which nothing was',
    'address',
    (tx, t) => tx.insert(t.addresses).values({ slug: 'never', articleId: id, since: LONG_AGO }),
  ],
  // Editions.
  [
    'an edition in another section',
    'edition-terms',
    (tx, t) => tx.update(t.editions).set({ section: 'home' }).where(eq(t.editions.articleId, id)),
  ],
  ...(['tag', 'section', 'author', 'language'] as const).map((kind): Damages[number] => [
    `an edition that is not found by its ${kind}`,
    'edition-terms',
    (tx, t) => tx.delete(t.editionTerms).where(and(eq(t.editionTerms.articleId, id), eq(t.editionTerms.kind, kind))),
  ]),
  [
    'an edition that is found by a tag that it has not',
    'edition-terms',
    (tx, t) =>
      tx
        .update(t.editionTerms)
        .set({ kind: 'section' })
        .where(and(eq(t.editionTerms.articleId, id), eq(t.editionTerms.kind, 'tag'))),
  ],
  [
    'a list that is behind',
    'list-entry',
    (tx, t) => tx.update(t.editionTerms).set({ publishedAt: LONG_AGO }).where(eq(t.editionTerms.articleId, id)),
  ],
  [
    'a live edition that is in no list',
    'hidden-edition',
    async (tx, t) => {
      for (const table of [t.editions, t.editionTerms])
        await tx.update(table).set({ superseded: true }).where(eq(table.articleId, id))
      await tx.delete(t.editionWords).where(eq(t.editionWords.articleId, id))
    },
  ],
  [
    'a card that says something else',
    'edition-card',
    (tx, t) => tx.update(t.editions).set({ card: sql`replace(${t.editions.card}, 'Council', 'Senate')` as never }),
  ],
  [
    'a text that says something else',
    'edition-card',
    (tx, t) => tx.update(t.editionBodies).set({ blocks: '[]' }).where(eq(t.editionBodies.articleId, id)),
  ],
  [
    'a form of a text that is empty',
    'edition-card',
    (tx, t) => tx.update(t.editionBodies).set({ html: '""' }).where(eq(t.editionBodies.articleId, id)),
  ],
  // The search.
  ['words that are gone', 'search-row', (tx, t) => tx.delete(t.editionWords).where(eq(t.editionWords.articleId, id))],
  [
    'words that are there twice',
    'search-row',
    (tx, t) =>
      tx.insert(t.editionWords).values({
        place: 1,
        articleId: id,
        edition: 1,
        isListed: true,
        words: { headline: 'x', standfirst: '', body: '' },
      }),
  ],
  [
    'words of a text that it has not',
    'edition-words',
    async (tx, t) => {
      const row = {
        place: 1,
        articleId: id,
        edition: 1,
        isListed: true,
        words: { headline: 'council', standfirst: '', body: '' },
      }
      await tx.delete(t.editionWords).where(eq(t.editionWords.articleId, id))
      await tx.insert(t.editionWords).values(row)
    },
  ],
  ['a vocabulary that is emptied', 'vocabulary', (tx, t) => tx.delete(t.vocabulary)],
  ['words that are never suggested', 'vocabulary', (tx, t) => tx.update(t.vocabulary).set({ isPublic: false })],
  [
    'a word under another letter',
    'vocabulary-row',
    (tx, t) => tx.update(t.vocabulary).set({ initial: 'q' }).where(eq(t.vocabulary.word, 'council')),
  ],
  // Terms.
  ['a number of the taxonomy that is gone', 'taxonomy', (tx, t) => tx.delete(t.taxonomy)],
  [
    'a section that is in itself',
    'taxonomy',
    (tx, t) =>
      tx
        .update(t.terms)
        .set({ parentKey: 'world' })
        .where(and(eq(t.terms.kind, 'section'), eq(t.terms.key, 'world'))),
  ],
  // Lists.
  [
    'a link that nobody finds',
    'list-links',
    (tx, t) => tx.delete(t.headlineLinks).where(eq(t.headlineLinks.listId, id)),
  ],
  [
    'a link that is found by another article',
    'list-links',
    (tx, t) =>
      tx.update(t.headlineLinks).set({ targetArticleId: NOBODY }).where(isNotNull(t.headlineLinks.targetArticleId)),
  ],
  [
    'a headline that waits for another story',
    'list-links',
    (tx, t) => tx.update(t.headlineLinks).set({ pendingDigest: 'x' }).where(isNotNull(t.headlineLinks.pendingDigest)),
  ],
  [
    'a list without the version that stands',
    'list-versions',
    (tx, t) => tx.delete(t.headlineListVersions).where(eq(t.headlineListVersions.listId, id)),
  ],
  [
    'versions of a list that is gone',
    'list-versions',
    async (tx, t) => {
      await tx.delete(t.headlineLists).where(eq(t.headlineLists.id, id))
      await tx.delete(t.headlineLinks).where(eq(t.headlineLinks.listId, id))
    },
  ],
  [
    'a list that readers have not',
    'list-edition',
    (tx, t) => tx.delete(t.listEditions).where(eq(t.listEditions.listId, id)),
  ],
  [
    'a rail that readers have not',
    'list-edition',
    (tx, t) => tx.delete(t.listEditions).where(eq(t.listEditions.key, 'top')),
  ],
  [
    'a list of which readers have something else',
    'list-edition',
    (tx, t) => tx.update(t.listEditions).set({ items: '[]' }).where(eq(t.listEditions.listId, id)),
  ],
  [
    'a list that depends on something else',
    'list-edition',
    (tx, t) => tx.update(t.listEditions).set({ needs: 'null' }).where(eq(t.listEditions.listId, id)),
  ],
  [
    'a list with the tag of another',
    'list-edition',
    (tx, t) => tx.update(t.listEditions).set({ digest: 'x' }).where(eq(t.listEditions.listId, id)),
  ],
  ['links that come and are not told', 'list-edition', (tx, t) => tx.delete(t.listWindows)],
  // Fronts.
  [
    'a front without its versions',
    'front-versions',
    (tx, t) => tx.delete(t.frontVersions).where(eq(t.frontVersions.key, 'home')),
  ],
  [
    'a front that readers have not',
    'front-edition',
    (tx, t) => tx.delete(t.frontEditions).where(eq(t.frontEditions.key, 'home')),
  ],
  [
    'a front of which readers have something else',
    'front-edition',
    (tx, t) => tx.update(t.frontEditions).set({ rails: '[]' }).where(eq(t.frontEditions.key, 'home')),
  ],
  // What is planned.
  ['instants that are not noted', 'instant', (tx, t) => tx.delete(t.instants)],
  [
    'a release that comes at another time than its pieces',
    'release',
    (tx, t) => tx.update(t.releases).set({ liveFrom: '2031-01-01T00:00:00.000Z' }),
  ],
  // The log.
  ['an event that is gone', 'log', (tx, t) => tx.delete(t.events).where(eq(t.events.seq, 2))],
  ['a counter that is behind', 'log', (tx, t) => tx.update(t.eventCounter).set({ last: 1 })],
  ['a counter that is gone', 'log', (tx, t) => tx.delete(t.eventCounter)],
  [
    'a public event without a number',
    'log',
    (tx, t) =>
      tx
        .update(t.events)
        .set({ isPublic: true })
        .where(and(gt(t.events.seq, 0), eq(t.events.isPublic, false))),
  ],
  // JSON.
  [
    'a card that is no JSON',
    'json',
    (tx, t) => tx.update(t.editions).set({ card: '"headline":' }).where(eq(t.editions.articleId, id)),
  ],
  [
    'blocks that are no JSON',
    'json',
    (tx, t) => tx.update(t.editionBodies).set({ blocks: '[{' }).where(eq(t.editionBodies.articleId, id)),
  ],
  [
    'items that are no JSON',
    'json',
    (tx, t) => tx.update(t.listEditions).set({ items: '[{' }).where(eq(t.listEditions.listId, id)),
  ],
  [
    'a text that lacks a field',
    'json',
    (tx, t) =>
      tx
        .update(t.articleVersions)
        .set({ content: { headline: 'x' } as never })
        .where(eq(t.articleVersions.articleId, id)),
  ],
  [
    'a list that lacks a field',
    'json',
    (tx, t) =>
      tx
        .update(t.headlineListVersions)
        .set({ content: { items: [{ id }] } as never })
        .where(eq(t.headlineListVersions.listId, id)),
  ],
  [
    'an event without its payload',
    'json',
    (tx, t) =>
      tx
        .update(t.events)
        .set({ payload: [] as never })
        .where(eq(t.events.seq, 2)),
  ],
]

/** What only a file can have, in the language of SQLite. */
export const sqliteDamages: [what: string, kind: string, statement: string][] = [
  ['a column that is no JSON', 'json', "update article_versions set content = '{' where version = 1"],
  ['a link to an article of nobody', 'file', `update slugs set article_id = '${NOBODY}'`],
  ['a trigger that is gone', 'schema', 'drop trigger edition_words_added'],
  ['a trigger of somebody else', 'schema', 'create trigger odd after insert on articles begin delete from slugs; end'],
  ['an index that is gone', 'schema', 'drop index editions_article_id_live_until_idx'],
  ['a table that is gone', 'schema', 'drop table vocabulary'],
  [
    'a schema that is behind',
    'schema',
    'delete from __drizzle_migrations where created_at = (select max(created_at) from __drizzle_migrations)',
  ],
  [
    'rows too many in the index of words',
    'search-index',
    "insert into edition_words_index (rowid, headline, standfirst, body) values (77, 'zyxcanary', '', '')",
  ],
  [
    'rows that the index of words lacks',
    'search-index',
    "insert into edition_words_index (edition_words_index) values ('delete-all')",
  ],
  [
    'other words in the index of words',
    'search-index',
    `insert into edition_words_index (edition_words_index, rowid, headline, standfirst, body)
     select 'delete', place, words ->> '$.headline', words ->> '$.standfirst', words ->> '$.body' from edition_words limit 1;
     insert into edition_words_index (rowid, headline, standfirst, body)
     select place, words ->> '$.headline', words ->> '$.standfirst', 'ferry ' || (words ->> '$.body') from edition_words limit 1`,
  ],
]

/** The same of PostgreSQL. */
export const postgresDamages: [what: string, kind: string, statement: string][] = [
  ['an index that is gone', 'schema', 'drop index edition_words_words_idx'],
  ['a column that is gone', 'schema', 'alter table articles drop column kill_reason'],
  ['a column of another kind', 'schema', 'alter table articles alter column slug type text collate "default"'],
  ['a reference that is gone', 'schema', 'alter table slugs drop constraint slugs_article_id_articles_id_fk'],
  ['a table that is gone', 'schema', 'drop table vocabulary'],
  ['a schema that is behind', 'schema', 'delete from drizzle.__drizzle_migrations where id = 1'],
]
