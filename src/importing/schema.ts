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

/** What became of a record. `conflict`: it was changed here since, or belongs to something that was not imported. */
export const importResults = ['created', 'updated', 'unchanged', 'conflict', 'skipped', 'failed'] as const
export type ImportResult = (typeof importResults)[number]
export type ImportCounts = Record<ImportResult, number>
export const noCounts = (): ImportCounts => ({
  created: 0,
  updated: 0,
  unchanged: 0,
  conflict: 0,
  skipped: 0,
  failed: 0,
})

/** How many records were done. */
export const totalOf = (counts: ImportCounts): number => Object.values(counts).reduce((sum, many) => sum + many, 0)

/** A record of a report: where it stood in which source, and what became of it. */
export interface Reported {
  result: ImportResult
  /** The file, as it was named. */
  source: string
  line?: number | undefined
  /** The id that its source gives it. */
  sourceId?: string | undefined
  articleId?: string | undefined
  railKey?: string | undefined
  /** Why it was not taken. */
  why?: string | undefined
  /** What could not be kept as it was. */
  warnings: string[]
}

/** How the formats of archives are called. They stand in formats, one file each, which are loaded with the first import. */
export const importFormats = ['dateline', 'wxr', 'feed', 'ghost', 'ninjs', 'markdown', 'html', 'text'] as const

/** How archives are imported. */
export interface ImportHow {
  /** Everything is done as it would be, and nothing is kept. */
  isDryRun: boolean
  /** Published ones come as drafts. */
  asDrafts: boolean
  /** What has ended at its source comes as it was published, and not as a draft. */
  withEnded: boolean
  /** Files that are at another place than before are taken for those that came from there. */
  isMoved: boolean
}

/** For how long others leave an import, or a part of its file, to who has it; and how often it is said that it still is. */
export const LEASE_MS = 20_000
export const RENEW_MS = 5_000

export const jobStates = ['receiving', 'waiting', 'running', 'done', 'failed', 'canceled'] as const
export type JobState = (typeof jobStates)[number]
export interface JobOptions extends ImportHow {
  format: string
  encoding: string | null
  /** How the file is called; null where nobody has said. */
  file: string | null
  site: string | null
}
