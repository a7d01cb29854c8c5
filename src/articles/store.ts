import {
  and,
  type Column,
  desc,
  eq,
  getTableColumns,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  notInArray,
  or,
  type SQL,
  sql,
} from 'drizzle-orm'
import { readFor } from '../db/chunks.ts'
import type { Db } from '../db/database.ts'
import { beyond } from '../db/keyset.ts'
import { insertRow, once, placesFor, runKept, settingOf } from '../db/prepared.ts'
import type { Tables } from '../db/tables.ts'
import type { Place, VersionPlace } from '../shared/place.ts'
import type { ArticleContent, ArticleState } from './schema.ts'

export type ArticleRow = Tables['articles']['$inferSelect']
export type LockRow = Tables['articleLocks']['$inferSelect']
export type VersionRow = Tables['articleVersions']['$inferSelect']

interface Current {
  article: ArticleRow
  content: ArticleContent
  lock: LockRow | null
}

interface ListQuery {
  state: ArticleState | undefined
  createdById: string | undefined
  now: string
  limit: number
  place: Place | undefined
}

export const articleStore = (
  db: Db,
  {
    articles,
    articleVersions,
    slugs,
    articleLocks,
    tombstones,
  }: Pick<Tables, 'articles' | 'articleVersions' | 'slugs' | 'articleLocks' | 'tombstones'>,
) => {
  /** An article with what it says now. */
  const current = () =>
    db
      .select({ article: articles, content: articleVersions.content, lock: articleLocks })
      .from(articles)
      .innerJoin(
        articleVersions,
        and(eq(articleVersions.articleId, articles.id), eq(articleVersions.version, articles.contentVersion)),
      )
      .leftJoin(articleLocks, eq(articleLocks.articleId, articles.id))

  const store = {
    insert: (row: typeof articles.$inferInsert) => insertRow(db, articles, row),

    insertVersion: (row: typeof articleVersions.$inferInsert) => insertRow(db, articleVersions, row),

    /** Changes the article if it still stands at `version`; undefined if it does not. */
    update: async (id: string, version: number, changes: Partial<typeof articles.$inferInsert>) => {
      const { set, name, given } = settingOf(articles, { ...changes, version: version + 1 })
      const isIt = and(
        eq(articles.id, sql.placeholder('wantedId')),
        eq(articles.version, sql.placeholder('wantedVersion')),
      )
      const query = () => db.update(articles).set(set).where(isIt).returning()
      return (await runKept(db, `update ${name}`, query, { ...given, wantedId: id, wantedVersion: version }))[0]
    },

    byId: async (id: string) => {
      const query = () => current().where(eq(articles.id, sql.placeholder('id')))
      return (await runKept(db, 'article by id', query, { id }))[0] as Current | undefined
    },

    byIds: async (ids: string[]) => (await current().where(inArray(articles.id, ids))) as Current[],

    /** What the article said at a version: the newest text that is not younger. */
    contentAt: async (id: string, version: number) =>
      (
        await db
          .select({ content: articleVersions.content })
          .from(articleVersions)
          .where(
            and(
              eq(articleVersions.articleId, id),
              lte(articleVersions.version, version),
              isNotNull(articleVersions.content),
            ),
          )
          .orderBy(desc(articleVersions.version))
          .limit(1)
      )[0]?.content ?? undefined,

    /** Whether something was done with the article after a version that is not a new text: published, withdrawn … */
    hasMovedSince: async (id: string, version: number) =>
      (
        await db
          .select({ version: articleVersions.version })
          .from(articleVersions)
          .where(
            and(
              eq(articleVersions.articleId, id),
              gt(articleVersions.version, version),
              isNull(articleVersions.content),
              ne(articleVersions.action, 'edit'),
            ),
          )
          .limit(1)
      ).length > 0,
    /** The rows of versions, newest first, without what they say. Going back, they come in the opposite order. */
    versions: async (id: string, limit: number, place: VersionPlace | undefined) => {
      const back = place?.direction === 'before'
      const { content, ...facts } = getTableColumns(articleVersions)
      const rows = await db
        .select({ ...facts, hasText: sql<unknown>`${content} is not null` })
        .from(articleVersions)
        .where(
          and(eq(articleVersions.articleId, id), place && (back ? gt : lt)(articleVersions.version, place.version)),
        )
        .orderBy(back ? articleVersions.version : desc(articleVersions.version))
        .limit(limit)
      return rows.map((row) => ({ ...row, hasText: Boolean(row.hasText) }))
    },

    version: async (id: string, version: number) =>
      (
        await db
          .select()
          .from(articleVersions)
          .where(and(eq(articleVersions.articleId, id), eq(articleVersions.version, version)))
      )[0],

    lockOf: async (articleId: string) =>
      (await db.select().from(articleLocks).where(eq(articleLocks.articleId, articleId)))[0],

    setLock: (row: LockRow) =>
      db.insert(articleLocks).values(row).onConflictDoUpdate({ target: articleLocks.articleId, set: row }),

    byImportedFrom: async (source: string) =>
      (await db.select().from(articles).where(eq(articles.importedFrom, source)))[0],

    /** Keeps others from writing the article until this transaction ends; undefined if there is none. */
    hold: async (id: string) => {
      const value = sql.placeholder('id')
      const query = () =>
        db
          .update(articles)
          .set({ id: sql`${value}` })
          .where(eq(articles.id, value))
          .returning()
      return (await runKept(db, 'hold article', query, { id }))[0]
    },

    any: async () => (await db.select({ id: articles.id }).from(articles).limit(1)).length > 0,

    standings: (ids: string[]) => readFor(ids, (some) => db.select().from(articles).where(inArray(articles.id, some))),

    /** Newest change first. Going back, the rows come in the opposite order. */
    list: ({ state, createdById, now, limit, place }: ListQuery) => {
      const back = place?.direction === 'before'
      return current()
        .where(
          and(
            inState(state, now),
            createdById === undefined
              ? undefined
              : and(eq(articles.createdById, createdById), isNull(articles.firstPublishedAt)),
            place && beyond(articles.updatedAt, articles.id, place),
          ),
        )
        .orderBy(...(back ? [articles.updatedAt, articles.id] : [desc(articles.updatedAt), desc(articles.id)]))
        .limit(limit) as Promise<Current[]>

      /** The same distinction as `stateOf` in rules.ts, as a condition. Without a state, all but the trash. */
      function inState(wanted: ArticleState | undefined, at: string): SQL | undefined {
        const { scheduledFrom, scheduledUntil, liveFrom, liveUntil } = articles
        const notTrashed = isNull(articles.trashedAt)
        const standing = and(notTrashed, isNull(articles.killedAt))
        // What was scheduled has begun, or what began before is what counts.
        const hasBegun = and(isNotNull(scheduledFrom), lte(scheduledFrom, at))
        const isPending = and(isNotNull(scheduledFrom), gt(scheduledFrom, at))
        const covers = (from: Column, until: Column) => and(lte(from, at), or(isNull(until), gt(until, at)))
        const scheduledIsLive = and(hasBegun, covers(scheduledFrom, scheduledUntil))
        const earlierIsLive = and(isNotNull(liveFrom), sql`not (${hasBegun})`, covers(liveFrom, liveUntil))
        const isLive = or(scheduledIsLive, earlierIsLive)
        const isSame = or(
          and(hasBegun, eq(articles.contentVersion, articles.scheduledContentVersion)),
          and(sql`not (${hasBegun})`, eq(articles.contentVersion, articles.publishedContentVersion)),
        )
        const isAhead = or(
          isPending,
          and(
            isNotNull(liveFrom),
            sql`not (${hasBegun})`,
            gt(liveFrom, at),
            or(isNull(liveUntil), gt(liveUntil, liveFrom)),
          ),
        )
        const no = (condition: SQL | undefined) => sql`not coalesce(${condition}, false)`
        switch (wanted) {
          case undefined:
            return notTrashed
          case 'killed':
            return isNotNull(articles.killedAt)
          case 'trashed':
            return and(isNotNull(articles.trashedAt), isNull(articles.killedAt))
          case 'draft':
            return and(standing, isNull(articles.firstPublishedAt), no(isAhead))
          case 'scheduled':
            return and(standing, no(isLive), isAhead)
          case 'live':
            return and(standing, isLive, isSame)
          case 'liveWithChanges':
            return and(standing, isLive, no(isSame))
          case 'withdrawn':
            return and(standing, isNotNull(articles.firstPublishedAt), no(isLive), no(isAhead))
        }
      }
    },

    /** Takes the slug for the article. False if another article has it; true too if it is the article's already. */
    takeSlug: async (slug: string, articleId: string) => {
      const row = { slug: sql.placeholder('slug'), articleId: sql.placeholder('articleId') }
      const statement = once(db, 'take slug', (as) =>
        db.insert(slugs).values(row).onConflictDoNothing().returning({ slug: slugs.slug }).prepare(as),
      )
      const taken = await statement.execute({ slug, articleId })
      if (taken.length > 0) return true
      return (await store.slugsTaken([slug])).get(slug) === articleId
    },

    /** Those of these slugs that articles have, with whose they are. */
    slugsTaken: async (some: string[]): Promise<Map<string, string>> => {
      const { places, given } = placesFor(some)
      const query = () => db.select().from(slugs).where(inArray(slugs.slug, places))
      const rows = await runKept(db, `${places.length} slugs`, query, given)
      return new Map(rows.map(({ slug, articleId }) => [slug, articleId]))
    },

    setSlug: async (id: string, slug: string): Promise<void> => {
      const { set, name, given } = settingOf(articles, { slug })
      const isIt = eq(articles.id, sql.placeholder('id'))
      await runKept(db, `only ${name}`, () => db.update(articles).set(set).where(isIt), { ...given, id })
    },

    freeSlugsBut: async (articleId: string, kept: string[]): Promise<void> => {
      const { places, given } = placesFor(kept)
      const isFree = and(eq(slugs.articleId, sql.placeholder('articleId')), notInArray(slugs.slug, places))
      const query = () => db.delete(slugs).where(isFree)
      await runKept(db, `free all but ${places.length} slugs`, query, { ...given, articleId })
    },

    isGone: async (articleId: string) =>
      (await db.select().from(tombstones).where(eq(tombstones.articleId, articleId))).length > 0,

    bury: (stone: typeof tombstones.$inferInsert) => db.insert(tombstones).values(stone).onConflictDoNothing(),

    holdsSlug: async (slug: string, articleId: string) =>
      (
        await db
          .select()
          .from(slugs)
          .where(and(eq(slugs.slug, slug), eq(slugs.articleId, articleId)))
      ).length > 0,

    freeSlug: (slug: string, articleId: string) =>
      db.delete(slugs).where(and(eq(slugs.slug, slug), eq(slugs.articleId, articleId))),
  }
  return store
}
