import type { Standing } from '../articles/rules.ts'
import type { ArticleContent } from '../articles/schema.ts'
import type { TermName } from '../taxonomy/schema.ts'

/** An article for another system: what it says, and since when readers have that, if they do. */
export interface Document {
  article: Standing & { id: string; slug: string; createdAt: string; updatedAt: string }
  content: ArticleContent
  publishedAt: string | null
  updatedAt: string | null
  liveUntil: string | null
  formerSlugs: string[]
  formerPaths: string[]
}

/** A section or a tag by the slug it was born with, and what it is a part of. */
export interface ExportedTerm {
  kind: TermName
  slug: string
  name: string
  parent: string | null
  description: string
}
