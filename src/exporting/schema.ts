import type { ArticleContent } from '../articles/schema.ts'

/** An article for another system: what it says, and since when readers have that, if they do. */
export interface Document {
  article: {
    id: string
    slug: string
    createdAt: string
    updatedAt: string
    trashedAt: string | null
    firstPublishedAt: string | null
    scheduledFrom: string | null
    scheduledUntil: string | null
  }
  content: ArticleContent
  publishedAt: string | null
  updatedAt: string | null
  liveUntil: string | null
  formerSlugs: string[]
  formerPaths: string[]
}
