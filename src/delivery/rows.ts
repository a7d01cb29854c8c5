// The rows of what is public, as the stores give them.

export interface EditionRow {
  articleId: string
  slug: string
  /** Of its section; empty without one. */
  section: string
  edition: number
  publishedAt: string
  updatedAt: string
  liveFrom: string
  contentVersion: number
  /** What of it is shown otherwise than it was published, as part of tags. */
  face?: string
  card: string
  html?: string
  blocks?: string
  markdown?: string
  text?: string
}

/** What links take from an edition. */
export type LinkedRow = Pick<EditionRow, 'articleId' | 'slug' | 'section' | 'publishedAt' | 'card'>

export interface ListEditionRow {
  key: string | null
  updatedAt: string
  card: string
  items: string
  needs: string
  digest: string
}
