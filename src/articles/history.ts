import type { Caller } from '../access/schema.ts'
import type { Database, Db } from '../db/database.ts'
import type { VersionPlace } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'
import type { Versions } from '../shared/versions.ts'
import { diffContents } from './diff.ts'
import type { ArticleVersion, VersionDiff, VersionSummary } from './history-schema.ts'
import { refuseAtRest } from './rules.ts'
import type { ArticleContent } from './schema.ts'
import type { ArticleService, Changed } from './service.ts'
import { moveSlug } from './slugs.ts'
import { articleStore, type VersionRow } from './store.ts'

// Owns what articles said before. Promises that a version is never changed: to bring one back is to write another.

interface Dependencies {
  db: Database
  articles: ArticleService
}

export type HistoryService = ReturnType<typeof historyService>

export function historyService({ db, articles }: Dependencies) {
  const { tables } = db
  const read = articleStore(db.read, tables)

  /** What an article said at a version, if the caller may know of it. 404 for a version that there never was. */
  async function textAt(on: Db, caller: Caller, id: string, version: number): Promise<Told> {
    await articles.findIn(on, caller, id)
    const store = articleStore(on, tables)
    const row = await store.version(id, version)
    const content = row && (row.content ?? (await store.contentAt(id, version)))
    if (!row || !content) throw new Problem('not-found', `The article has no version ${version}.`)
    return { row, content }
  }

  return {
    /** Newest first; going back from a place, in the opposite order. */
    async list(caller: Caller, id: string, limit: number, place?: VersionPlace): Promise<VersionSummary[]> {
      await articles.findIn(db.read, caller, id)
      return (await read.versions(id, limit, place)).map(summaryOf)
    },

    async get(caller: Caller, id: string, version: number): Promise<ArticleVersion> {
      const { row, content } = await textAt(db.read, caller, id, version)
      return { ...summaryOf({ ...row, hasText: row.content !== null }), content }
    },

    async diff(caller: Caller, id: string, a: number, b: number): Promise<VersionDiff> {
      const before = await textAt(db.read, caller, id, a)
      const after = await textAt(db.read, caller, id, b)
      return diffContents(before.content, after.content)
    },

    /**
     * Writes what the article said at a version once more. Its slug of then comes back where it is the article's still;
     * where it came from is a fact and stays as it is.
     */
    async restoreIn(
      tx: Db,
      caller: Caller,
      id: string,
      versions: Versions,
      version: number,
      note: string | undefined,
    ): Promise<Changed> {
      const { content } = await textAt(tx, caller, id, version)
      const isOwn = await articleStore(tx, tables).holdsSlug(content.slug, id)
      return articles.advanceIn(tx, caller, id, versions, async (current) => {
        refuseAtRest(current.article, 'change')
        const slug = isOwn ? content.slug : current.article.slug
        return {
          action: 'restore-version',
          ...(note !== undefined && { note }),
          content: { ...content, slug, provenance: current.content.provenance },
          afterwards: (at) => moveSlug(at, current.article, slug),
        }
      })
    },
  }
}

interface Told {
  row: VersionRow
  content: ArticleContent
}

const summaryOf = (row: Omit<VersionRow, 'content'> & { hasText: boolean }): VersionSummary => ({
  version: row.version,
  action: row.action,
  note: row.note,
  hasText: row.hasText,
  createdAt: row.createdAt,
  createdBy: { id: row.createdById, name: row.createdByName },
})
