import { and, desc, eq, gt, isNull, lt, min, ne, sql } from 'drizzle-orm'
import type { Db } from '../db/database.ts'
import { noteInstants } from '../db/instants.ts'
import { ahead } from '../db/keyset.ts'
import { insertRow, insertRows, once, runKept } from '../db/prepared.ts'
import { holdTaxonomy } from '../db/sharing.ts'
import type { Tables } from '../db/tables.ts'
import { FOREVER } from '../shared/clock.ts'
import type { Span } from '../shared/place.ts'
import { type Searchable, wordsStore } from './words-store.ts'

type PublishingTables = Pick<
  Tables,
  | 'articles'
  | 'editions'
  | 'editionBodies'
  | 'editionTerms'
  | 'editionWords'
  | 'vocabulary'
  | 'instants'
  | 'taxonomy'
  | 'terms'
  | 'termSlugs'
  | 'addresses'
  | 'formerPaths'
>

/**
 * Editions are immutable but for their end, which may come earlier than their publication asked for: at the beginning of
 * one that is planned as long as that is planned, and then `liveUntil < expiresAt`; or for good, and then both are the same.
 */
export const publishingStore = (db: Db, tables: PublishingTables) => {
  const { articles, editions, editionBodies, editionTerms, editionWords, addresses, formerPaths } = tables
  const words = wordsStore(db, tables)
  const facts = {
    edition: editions.edition,
    slug: editions.slug,
    contentVersion: editions.contentVersion,
    liveFrom: editions.liveFrom,
    liveUntil: editions.liveUntil,
    updatedAt: editions.updatedAt,
    corrections: editions.corrections,
  }
  const of = (articleId: string) => eq(editions.articleId, articleId)
  const isOfIt = eq(editions.articleId, sql.placeholder('articleId'))
  const isReal = lt(editions.liveFrom, editions.liveUntil)

  /** What else goes out of the indexes with editions, and comes back with them. */
  async function mark(ended: { articleId: string; edition: number }[], superseded: boolean): Promise<void> {
    if (ended.length === 0) return
    await holdTaxonomy(db, tables)
    await (superseded ? words.remove(ended) : words.restore(ended))
    for (const { articleId, edition } of ended) {
      await db
        .update(editionTerms)
        .set({ superseded })
        .where(and(eq(editionTerms.articleId, articleId), eq(editionTerms.edition, edition)))
    }
  }
  const named = { articleId: editions.articleId, edition: editions.edition }
  const isCut = lt(editions.liveUntil, editions.expiresAt)

  /** The address of what was only planned, as it is without that. */
  async function restoreAddress(articleId: string, slug: string): Promise<void> {
    const [first] = await db
      .select({ since: min(editions.liveFrom) })
      .from(editions)
      .where(and(of(articleId), eq(editions.slug, slug)))
    const here = and(eq(addresses.articleId, articleId), eq(addresses.slug, slug))
    if (first?.since) await db.update(addresses).set({ since: first.since }).where(here)
    else await db.delete(addresses).where(here)
  }

  /** Another edition of the same article. */
  const another = () =>
    db
      .select({ articleId: editions.articleId, from: editions.liveFrom, until: editions.liveUntil })
      .from(editions)
      .where(isReal)
      .as('other')
  const planned = {
    articleId: editions.articleId,
    edition: editions.edition,
    version: editions.contentVersion,
    embargo: editions.embargo,
    card: editions.card,
  }

  return {
    /** Editions that will begin, in the order of time; `follows` is null where readers see none just before. */
    beginnings: (span: Span) => {
      const other = another()
      const { condition, order } = ahead(editions.liveFrom, editions.articleId, span)
      return db
        .select({ ...planned, at: editions.liveFrom, follows: other.until, releaseId: articles.releaseId })
        .from(editions)
        .innerJoin(articles, and(eq(articles.id, editions.articleId), eq(articles.scheduledFrom, editions.liveFrom)))
        .leftJoin(other, and(eq(other.articleId, editions.articleId), eq(other.until, editions.liveFrom)))
        .where(and(eq(editions.beginNoted, false), isReal, condition))
        .orderBy(...order)
        .limit(span.limit)
    },

    /** Editions that will end by themselves, without another one that follows at once. */
    expiries: (span: Span) => {
      const other = another()
      const { condition, order } = ahead(editions.liveUntil, editions.articleId, span)
      return db
        .select({ ...planned, at: editions.liveUntil })
        .from(editions)
        .leftJoin(other, and(eq(other.articleId, editions.articleId), eq(other.from, editions.liveUntil)))
        .where(
          and(
            eq(editions.endNoted, false),
            eq(editions.liveUntil, editions.expiresAt),
            lt(editions.liveUntil, FOREVER),
            isReal,
            isNull(other.from),
            condition,
          ),
        )
        .orderBy(...order)
        .limit(span.limit)
    },

    /** The newest edition but for one that is planned, however it ended. What was taken back is not there any more. */
    newest: async (articleId: string, planned = 0) => {
      const query = () =>
        db
          .select(facts)
          .from(editions)
          .where(and(isOfIt, ne(editions.edition, sql.placeholder('planned'))))
          .orderBy(desc(editions.edition))
          .limit(1)
      return (await runKept(db, 'newest edition', query, { articleId, planned }))[0]
    },

    /** What is visible of the article and what will be, in order. */
    fromNowOn: (articleId: string, now: string) =>
      db
        .select(facts)
        .from(editions)
        .where(and(of(articleId), gt(editions.liveUntil, now), isReal))
        .orderBy(editions.liveFrom),

    /**
     * Deletes an edition that has not begun, as if it had never been planned: what it would have ended goes on for as
     * long as it was published for. Answers what it was.
     */
    takeBack: async (articleId: string, edition: number) => {
      const planned = (
        await db
          .select(facts)
          .from(editions)
          .where(and(of(articleId), eq(editions.edition, edition)))
      )[0]
      await holdTaxonomy(db, tables)
      await words.addLeft()
      for (const table of [editions, editionBodies, editionTerms, editionWords])
        await db.delete(table).where(and(eq(table.articleId, articleId), eq(table.edition, edition)))
      const back = await db
        .update(editions)
        .set({ liveUntil: editions.expiresAt, endNoted: false, superseded: false })
        .where(and(of(articleId), isCut))
        .returning(named)
      await mark(back, false)
      if (planned) await restoreAddress(articleId, planned.slug)
      return planned
    },

    /** Makes the ends final that came with what was planned and has begun; its embargo is over for good too. */
    settle: async (articleId: string) => {
      const isFinal = { expiresAt: editions.liveUntil, endNoted: true }
      const ends = () => db.update(editions).set(isFinal).where(and(isOfIt, isCut))
      await runKept(db, 'settle ends', ends, { articleId })
      const isHeld = and(isOfIt, eq(editions.embargo, true))
      const embargoes = () => db.update(editions).set({ embargo: false }).where(isHeld)
      await runKept(db, 'settle embargoes', embargoes, { articleId })
    },

    /** Ends what is visible of the article now, for good. What was planned must have been taken back or settled before. */
    end: async (articleId: string, now: string) => {
      const value = sql.placeholder('now')
      const isOver = { liveUntil: sql`${value}`, expiresAt: sql`${value}`, endNoted: true }
      const query = () =>
        db
          .update(editions)
          .set(isOver)
          .where(and(isOfIt, gt(editions.liveUntil, value)))
      await runKept(db, 'end editions', query, { articleId, now })
      await noteInstants(db, tables, [now])
    },

    /** Lets what is visible of the article end at `at`, where something else is planned to begin. */
    endAt: (articleId: string, at: string) =>
      db
        .update(editions)
        .set({ liveUntil: at })
        .where(and(of(articleId), gt(editions.liveUntil, at))),

    /** Takes everything that was ever visible of the article out of the past too. */
    seal: async (articleId: string) => {
      const sealed = await db
        .update(editions)
        .set({
          liveUntil: editions.liveFrom,
          expiresAt: editions.liveFrom,
          superseded: true,
          beginNoted: true,
          endNoted: true,
        })
        .where(of(articleId))
        .returning(named)
      await mark(sealed, true)
    },

    /** Takes editions of the article that ended before `endedBefore` out of the list indexes. */
    supersede: async (articleId: string, endedBefore: string) => {
      const isOld = lt(editions.liveUntil, sql.placeholder('endedBefore'))
      const isIt = and(isOfIt, eq(editions.superseded, false), isOld)
      const query = () => db.update(editions).set({ superseded: true }).where(isIt).returning(named)
      await mark(await runKept(db, 'supersede editions', query, { articleId, endedBefore }), true)
    },

    insertEdition: async (
      edition: typeof editions.$inferInsert,
      body: typeof editionBodies.$inferInsert,
      terms: (typeof editionTerms.$inferInsert)[],
      { words: known, left }: { words?: Searchable['words']; left?: Searchable[] | undefined } = {},
    ) => {
      await insertRow(db, editions, edition)
      await insertRow(db, editionBodies, body)
      await insertRows(db, editionTerms, terms)
      const searchable = { ...edition, text: body.text, words: known }
      if (left) left.push(searchable)
      else await words.leave(searchable)
      await noteInstants(db, tables, [edition.liveFrom, ...(edition.endNoted ? [] : [edition.expiresAt])])
    },

    /** From `since` on readers know the article by this slug. The earliest time counts. */
    openAddress: async (slug: string, articleId: string, since: string): Promise<void> => {
      const value = (name: string) => sql.placeholder(name)
      const statement = once(db, 'open address', (as) =>
        db
          .insert(addresses)
          .values({ slug: value('slug'), articleId: value('articleId'), since: value('since') })
          .onConflictDoUpdate({
            target: addresses.slug,
            set: { since: sql`excluded.since` },
            setWhere: gt(addresses.since, sql`excluded.since`),
          })
          .prepare(as),
      )
      await statement.execute({ slug, articleId, since })
    },

    putWords: words.put,

    addWords: words.addAll,
    addLeftWords: words.addLeft,

    /** Whether the path leads to the article now: the first that came from there has it. */
    openFormerPath: async (path: string, articleId: string): Promise<boolean> => {
      const value = (name: string) => sql.placeholder(name)
      const statement = once(db, 'open former path', (as) =>
        db
          .insert(formerPaths)
          .values({ path: value('path'), articleId: value('articleId') })
          .onConflictDoNothing()
          .returning({ path: formerPaths.path })
          .prepare(as),
      )
      if ((await statement.execute({ path, articleId })).length > 0) return true
      const [row] = await db.select({ id: formerPaths.articleId }).from(formerPaths).where(eq(formerPaths.path, path))
      return row?.id === articleId
    },

    slugsOf: async (articleId: string) => {
      const isIt = eq(addresses.articleId, sql.placeholder('articleId'))
      const query = () => db.select({ slug: addresses.slug }).from(addresses).where(isIt)
      return (await runKept(db, 'slugs of addresses', query, { articleId })).map(({ slug }) => slug)
    },
  }
}
