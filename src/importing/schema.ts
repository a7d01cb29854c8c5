/** How a document is read and what is done with it. */
export interface ImportOptions {
  headline: 'derive' | 'first-line'
  publish: boolean
}

/** What became of one document. */
export type ImportOutcome =
  | {
      result: 'created' | 'unchanged'
      kind: 'article'
      id: string
      headline: string
      /** Whether it is or has been public. */
      isPublic: boolean
      paragraphs: number
      headlines: number
    }
  | { result: 'created' | 'unchanged'; kind: 'rail'; key: string; title: string; headlines: number }

/** Larger than any article, small enough to be read whole. */
export const DOCUMENT_BYTES_MAX = 5_000_000
