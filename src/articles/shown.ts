import { canonical } from '../shared/json.ts'
import { changedFields } from './diff.ts'
import { hasBeenPublic, isLiveAt, standingAt, stateOf } from './rules.ts'
import type { ArticleContent, EditorialArticle, EditorialArticleSummary, Lock } from './schema.ts'
import type { ArticleRow, LockRow } from './store.ts'

/** An article where it stands, and what it says. */
export interface Article {
  article: ArticleRow
  content: ArticleContent
  lock: LockRow | null
}

/** An article as the desk gets it. */
export const shown = (each: Article, now: string): EditorialArticle => ({
  ...summaryOf(each, now),
  body: each.content.body,
})

/** The same without its text. */
export function summaryOf({ article: row, content, lock }: Article, now: string): EditorialArticleSummary {
  const { body: _body, ...fields } = content
  const article = standingAt(row, now)
  const scheduled =
    article.scheduledFrom === null
      ? null
      : {
          liveFrom: article.scheduledFrom,
          liveUntil: article.scheduledUntil,
          embargo: article.scheduledEmbargo,
          releaseId: article.releaseId,
        }
  const { liveFrom, liveUntil } = scheduled && !isLiveAt(article, now) ? scheduled : article
  return {
    id: article.id,
    state: stateOf(article, now),
    version: article.version,
    ...fields,
    createdAt: article.createdAt,
    createdBy: { id: article.createdById, name: article.createdByName },
    updatedAt: article.updatedAt,
    updatedBy: { id: article.updatedById, name: article.updatedByName },
    publishedAt: hasBeenPublic(article, now) ? article.firstPublishedAt : null,
    liveFrom,
    liveUntil,
    scheduled,
    killReason: article.killReason,
    lockedBy: shownLock(lock, now),
    edition: article.edition,
  }
}

/** A lock while it lasts. */
export const shownLock = (lock: LockRow | null | undefined, now: string): Lock | null =>
  lock && now < lock.until ? { id: lock.holderId, name: lock.holderName, since: lock.since, until: lock.until } : null

/** What every write changes. */
const always = ['version', 'updatedAt', 'updatedBy']

/** The names of the fields that the desk sees differ after a write, but for those that always do. */
export function changesShown(before: Article, after: Article, now: string): string[] {
  const [a, b] = [summaryOf(before, now), summaryOf(after, now)]
  const names = (Object.keys(b) as (keyof EditorialArticleSummary)[]).filter(
    (name) => !always.includes(name) && !(name in after.content),
  )
  const stood = names.filter((name) => canonical(a[name]) !== canonical(b[name]))
  return before.content === after.content ? stood : [...stood, ...changedFields(before.content, after.content)]
}
