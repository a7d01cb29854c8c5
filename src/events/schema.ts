/** What has happened to something that readers see. */
export const publicKinds = [
  'article.published',
  'article.updated',
  'article.corrected',
  'article.moved',
  'article.withdrawn',
  'article.expired',
  'article.killed',
  'article.erased',
  'rail.changed',
  'rail.deleted',
  'front.changed',
  'front.deleted',
  'taxonomy.changed',
] as const
export type PublicKind = (typeof publicKinds)[number]

/** What has happened at the desk: "desk." and the operation that wrote, as in "desk.patchArticle". */
export type DeskKind = `desk.${string}`
/** What is done at the desk besides the operations of the API. */
export const unasked = ['linkPendingHeadline', 'importRecord', 'createImport', 'disableWebhook']
export type EventKind = PublicKind | DeskKind

/** Thin: enough to know what to read again, and to purge. Never a text. */
export interface EventPayload {
  /** The edition of an article, or the version of anything else. */
  version?: number
  slug?: string
  /** The slug before, where it moved. */
  formerSlug?: string
  headline?: string
  url?: string
  /** Keys of its section and those above it, for who wants some sections only. */
  sections?: string[]
  /** Those that it has left by this change: who follows them has to know. */
  formerSections?: string[]
  language?: string
  /** Names of the fields that changed. */
  changed?: string[]
  /** Why it was killed. */
  reason?: string | null
  /** By which names caches take out what shows it (shared/cache-tags.ts). */
  tags?: string[]
}

/** One event, as readers of the log get it. */
export interface LoggedEvent {
  seq: number
  id: string
  kind: EventKind
  at: string
  subjectKind: string
  subjectId: string
  payload: EventPayload
}

export type NewEvent = Pick<LoggedEvent, 'kind' | 'subjectKind' | 'subjectId' | 'payload'>
