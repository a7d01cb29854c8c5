import { conflictOf } from '../db/failure.ts'
import { Problem } from '../shared/problem.ts'
import { type Versions, versionMismatch } from '../shared/versions.ts'
import { changedFields } from './diff.ts'
import type { ArticleContent } from './schema.ts'
import type { ArticleRow, articleStore } from './store.ts'

/** Says no more than it must: whether there is an article or was one is not everybody's to know. */
export const usedId = () => new Problem('already-exists', 'This id has been used for an article. Choose another one.')

/** The 412 that also says which fields have been changed since the version that the caller has seen. */
export async function mismatch(
  store: ReturnType<typeof articleStore>,
  { article, content }: { article: ArticleRow; content: ArticleContent },
  versions: Versions,
): Promise<Problem> {
  const seen = versions === 'any' ? [] : versions.filter((each) => each > 0 && each < article.version)
  const base = Math.max(...seen)
  const before = seen.length === 0 ? undefined : await store.contentAt(article.id, base)
  if (before === undefined) return versionMismatch(article)
  const isMoved = await store.hasMovedSince(article.id, base)
  return versionMismatch(article, [...changedFields(before, content), ...(isMoved ? ['state'] : [])])
}

/** Translates the refusals of the unique indexes. */
export async function explained<T>(statement: Promise<T>): Promise<T> {
  try {
    return await statement
  } catch (error) {
    const conflict = conflictOf(error)
    if (conflict === 'articles_external_id_key') {
      const detail = 'Another article has this externalId.'
      throw new Problem('already-exists', detail, { errors: [{ pointer: '#/externalId', code: 'taken', detail }] })
    }
    if (conflict === 'articles_pkey') throw usedId()
    throw error
  }
}
