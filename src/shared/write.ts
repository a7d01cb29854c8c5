/** What a write was done to. */
export interface Subject {
  kind: string
  id: string
  version?: number
  changed?: string[]
}

/** A write that nobody asked for by itself: it came of another one. */
export interface Followed {
  action: string
  subject: Subject
}

/** What has been written, and how it is answered. */
export interface Written {
  /** 200 if left out; 204 where there is no body. */
  status?: number
  headers?: Record<string, string>
  body?: unknown
  /** For the audit: what it was done to, and the names of the fields that changed. */
  subject: Subject
  /** What else was written because of it, each with a row of its own in the audit. */
  followed?: Followed[]
  /** It has erased something: an answer that says more than that is not kept for a repetition, as it may hold the text. */
  erases?: boolean
}

/** A write whose input has been checked and prepared: it needs only its transaction. */
export type Ready<Context> = (context: Context) => Promise<Written>
