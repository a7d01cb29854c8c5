import { stateOf } from './rules.ts'
import type { ArticleContent, EditorialArticle, EditorialArticleSummary } from './schema.ts'
import type { ArticleRow } from './store.ts'

/** An article where it stands, and what it says. */
export interface Article {
  article: ArticleRow
  content: ArticleContent
}

/** An article as the desk gets it. */
export const shown = (each: Article, now: string): EditorialArticle => ({
  ...summaryOf(each, now),
  body: each.content.body,
})

/** The same without its text. */
export function summaryOf({ article, content }: Article, now: string): EditorialArticleSummary {
  const { body: _body, ...fields } = content
  const liveUntil = article.liveUntil
  return {
    id: article.id,
    state: stateOf(article, now),
    version: article.version,
    ...fields,
    createdAt: article.createdAt,
    createdBy: { id: article.createdById, name: article.createdByName },
    updatedAt: article.updatedAt,
    updatedBy: { id: article.updatedById, name: article.updatedByName },
    publishedAt: article.firstPublishedAt,
    liveFrom: article.liveFrom,
    liveUntil,
    edition: article.edition,
  }
}
