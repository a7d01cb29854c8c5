/** Who did something: a key, or nobody known. */
export interface Actor {
  id: string
  name: string
}

/** What is noted of one accepted write, or of one refused credential. */
export interface Entry {
  actor: Actor | null
  requestId: string
  /** The operation, as the OpenAPI document names it; "goLive" and "expire" for what the clock did. */
  action: string
  outcome: 'accepted' | 'refused'
  subject?: { kind: string; id: string; version?: number | undefined; changed?: string[] | undefined }
}
