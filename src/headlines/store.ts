import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gt,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  max,
  notInArray,
  sql,
} from 'drizzle-orm'
import { readFor } from '../db/chunks.ts'
import type { Db } from '../db/database.ts'
import { ahead } from '../db/keyset.ts'
import { newestOfEach } from '../db/newest.ts'
import type { Tables } from '../db/tables.ts'
import type { Wanted } from '../shared/filters.ts'
import type { Place, Span, VersionPlace } from '../shared/place.ts'
import type { ListContent } from './schema.ts'

type HeadlineTables = Pick<
  Tables,
  | 'headlineLists'
  | 'headlineListVersions'
  | 'headlineLinks'
  | 'listEditions'
  | 'editions'
  | 'editionTerms'
  | 'termSlugs'
>
export type ListRow = Tables['headlineLists']['$inferSelect']
/** A list with what it holds; `published` is what readers have of a staged rail, null while that is nothing. */
export interface FoundList {
  list: ListRow
  content: ListContent
  published: ListContent | null
}
export type ListVersionRow = Tables['headlineListVersions']['$inferSelect']

/** Versions that say what readers will have, or have, while the desk holds something else. */
const asideActions = ['schedule', 'come-alive-published']

/** Inserts stay below SQLite's limit of 32,766 parameters in a statement. */
const ROWS_AT_ONCE = 500

export const headlineStore = (
  db: Db,
  {
    headlineLists,
    headlineListVersions,
    headlineLinks,
    listEditions,
    editions,
    editionTerms,
    termSlugs,
  }: HeadlineTables,
) => {
  /** Lists with what they hold at `now`: what was scheduled and has come counts. */
  const published = db
    .select({
      listId: headlineListVersions.listId,
      version: headlineListVersions.version,
      content: headlineListVersions.content,
    })
    .from(headlineListVersions)
    .as('published')
  const current = (now: string) => {
    const { scheduledFrom, scheduledVersion, contentVersion, publishedVersion } = headlineLists
    const hasCome = lte(scheduledFrom, now)
    const isLive = isNull(publishedVersion)
    return db
      .select({ list: headlineLists, content: headlineListVersions.content, published: published.content })
      .from(headlineLists)
      .innerJoin(
        headlineListVersions,
        and(
          eq(headlineListVersions.listId, headlineLists.id),
          eq(
            headlineListVersions.version,
            sql`case when ${and(hasCome, isLive)} then ${scheduledVersion} else ${contentVersion} end`,
          ),
        ),
      )
      .leftJoin(
        published,
        and(
          isNotNull(publishedVersion),
          eq(published.listId, headlineLists.id),
          eq(published.version, sql`case when ${hasCome} then ${scheduledVersion} else ${publishedVersion} end`),
        ),
      )
  }
  const asRows = (rows: unknown) => rows as FoundList[]

  return {
    byId: async (id: string, now: string) => asRows(await current(now).where(eq(headlineLists.id, id)))[0],
    byKey: async (key: string, now: string) => asRows(await current(now).where(eq(headlineLists.key, key)))[0],
    byIds: async (ids: string[], now: string) =>
      ids.length === 0 ? [] : asRows(await current(now).where(inArray(headlineLists.id, ids))),
    byLink: async (linkId: string, now: string) =>
      asRows(
        await current(now)
          .innerJoin(headlineLinks, eq(headlineLinks.listId, headlineLists.id))
          .where(eq(headlineLinks.id, linkId)),
      )[0],
    byKeys: async (keys: string[], now: string) => asRows(await current(now).where(inArray(headlineLists.key, keys))),
    keysThere: async (keys: string[]): Promise<Set<string | null>> => {
      const rows = await readFor(keys, (some) =>
        db.select({ key: headlineLists.key }).from(headlineLists).where(inArray(headlineLists.key, some)),
      )
      return new Set(rows.map(({ key }) => key))
    },
    /** Those of these rails that readers see at `at`. */
    keysShown: async (keys: string[], at: string): Promise<Set<string | null>> => {
      const isVisible = and(lte(listEditions.liveFrom, at), gt(listEditions.liveUntil, at))
      const rows = await readFor(keys, (some) =>
        db
          .select({ key: listEditions.key })
          .from(listEditions)
          .where(and(inArray(listEditions.key, some), isVisible)),
      )
      return new Set(rows.map(({ key }) => key))
    },
    /** Those of these articles that readers see at `at`. */
    visibleOf: async (articleIds: string[], at: string): Promise<string[]> =>
      (
        await readFor(articleIds, (some) =>
          db
            .select({ id: editions.articleId })
            .from(editions)
            .where(and(inArray(editions.articleId, some), lte(editions.liveFrom, at), gt(editions.liveUntil, at))),
        )
      ).map(({ id }) => id),
    /** Whether one of these articles has ended by `at`, and nobody has noted it. */
    hasEnded: async (articleIds: string[], at: string): Promise<boolean> =>
      (
        await readFor(articleIds, (some) =>
          db
            .select({ id: editions.articleId })
            .from(editions)
            .where(and(inArray(editions.articleId, some), eq(editions.endNoted, false), lte(editions.liveUntil, at))),
        )
      ).length > 0,
    /** What readers see of the newest articles that are wanted, of each one list. */
    newest: (wanted: Wanted[], at: string) =>
      newestOfEach(db, { editions, editionTerms, termSlugs }, wanted, at, false),
    /** Keeps others from writing a rail until this transaction ends. */
    hold: (key: string) => db.update(headlineLists).set({ key }).where(eq(headlineLists.key, key)),
    /** Rails whose scheduled content is still to come, in the order of time. */
    ahead: async (span: Span) => {
      const { condition, order } = ahead(headlineLists.scheduledFrom, headlineLists.key, span)
      const rows = await current(span.now)
        .where(and(eq(headlineLists.kind, 'rail'), condition))
        .orderBy(...order)
        .limit(span.limit)
      return asRows(rows)
    },
    /** By key. Going back, the rows come in the opposite order. */
    rails: async (limit: number, place: Place | undefined, now: string) => {
      const back = place?.direction === 'before'
      const rows = await current(now)
        .where(and(eq(headlineLists.kind, 'rail'), place && (back ? lt : gt)(headlineLists.key, place.id)))
        .orderBy(back ? desc(headlineLists.key) : asc(headlineLists.key))
        .limit(limit)
      return asRows(rows)
    },
    /** Lists whose scheduled content has come, and which nobody has written since. */
    due: async (now: string, most: number) =>
      asRows(await current(now).where(lte(headlineLists.scheduledFrom, now)).limit(most)),

    /** What a list held at a version: the newest content that is not younger, and was the desk's. */
    contentAt: async (listId: string, version: number) =>
      (
        await db
          .select({ content: headlineListVersions.content })
          .from(headlineListVersions)
          .where(
            and(
              eq(headlineListVersions.listId, listId),
              lte(headlineListVersions.version, version),
              isNotNull(headlineListVersions.content),
              notInArray(headlineListVersions.action, asideActions),
            ),
          )
          .orderBy(desc(headlineListVersions.version))
          .limit(1)
      )[0]?.content ?? undefined,

    version: async (listId: string, version: number) =>
      (
        await db
          .select()
          .from(headlineListVersions)
          .where(and(eq(headlineListVersions.listId, listId), eq(headlineListVersions.version, version)))
      )[0],

    /** The rows of versions, newest first, without what they hold. Going back, they come in the opposite order. */
    versions: (listId: string, limit: number, place: VersionPlace | undefined) => {
      const back = place?.direction === 'before'
      const { content: _content, ...facts } = getTableColumns(headlineListVersions)
      return db
        .select(facts)
        .from(headlineListVersions)
        .where(
          and(
            eq(headlineListVersions.listId, listId),
            place && (back ? gt : lt)(headlineListVersions.version, place.version),
          ),
        )
        .orderBy(back ? headlineListVersions.version : desc(headlineListVersions.version))
        .limit(limit)
    },

    /** The links that point at an article, and where they stand. */
    pointingAt: (articleId: string) =>
      db
        .select({
          linkId: headlineLinks.id,
          kind: headlineLists.kind,
          listId: headlineLists.id,
          key: headlineLists.key,
        })
        .from(headlineLinks)
        .innerJoin(headlineLists, eq(headlineLists.id, headlineLinks.listId))
        .where(eq(headlineLinks.targetArticleId, articleId))
        .orderBy(headlineLinks.id),

    /** False if the list has come into being meanwhile. */
    insert: async (row: ListRow) =>
      (await db.insert(headlineLists).values(row).onConflictDoNothing().returning({ id: headlineLists.id })).length > 0,

    /** False if the list does not stand at `version` any more. */
    update: async (id: string, version: number, changes: Partial<ListRow>) =>
      (
        await db
          .update(headlineLists)
          .set({ ...changes, version: version + 1 })
          .where(and(eq(headlineLists.id, id), eq(headlineLists.version, version)))
          .returning({ id: headlineLists.id })
      ).length > 0,

    /** The last version of whichever lists readers have had under a key; 0 if there was none. */
    lastVersionOf: async (key: string): Promise<number> => {
      const former = db.select({ id: listEditions.listId }).from(listEditions).where(eq(listEditions.key, key))
      const rows = await db
        .select({ last: max(headlineListVersions.version) })
        .from(headlineListVersions)
        .where(inArray(headlineListVersions.listId, former))
      return rows[0]?.last ?? 0
    },

    remove: (id: string) => db.delete(headlineLists).where(eq(headlineLists.id, id)),

    insertVersion: (row: ListVersionRow) => db.insert(headlineListVersions).values(row),

    removeLinks: async (ids: string[]) => {
      if (ids.length > 0) await db.delete(headlineLinks).where(inArray(headlineLinks.id, ids))
    },
    insertLinks: async (rows: (typeof headlineLinks.$inferInsert)[]) => {
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        await db.insert(headlineLinks).values(rows.slice(at, at + ROWS_AT_ONCE))
      }
    },
  }
}
