// The catalogue of refusals. Codes never change; each has a page under /docs/problems/{code} (http/problem-pages.ts).

/** Code -> [HTTP status, title]. */
export const problems = {
  'malformed-request': [400, 'The request cannot be read'],
  'malformed-json': [400, 'The body is not valid JSON'],
  'invalid-parameter': [400, 'A parameter is not valid'],
  'invalid-cursor': [400, 'The cursor is not valid here'],
  unauthenticated: [401, 'A valid key is needed'],
  forbidden: [403, 'The key does not allow this'],
  'not-found': [404, 'Nothing is here'],
  'method-not-allowed': [405, 'This address does not take that method'],
  'not-acceptable': [406, 'None of the accepted formats is available'],
  'request-timeout': [408, 'The request took too long to arrive'],
  'slug-taken': [409, 'Another article has this slug'],
  'already-exists': [409, 'This already exists'],
  'in-use': [409, 'Something else needs this'],
  'duplicate-item': [409, 'The list has a link to this already'],
  'rail-full': [409, 'The rail has no room for so many items'],
  'invalid-transition': [409, 'The present state does not allow this'],
  'piece-changed': [409, 'A piece has changed since it was added'],
  locked: [409, 'Somebody else is at work on it'],
  'patch-test-failed': [409, 'A test of the patch failed'],
  'already-done': [409, 'This was done by an earlier request'],
  gone: [410, 'This is gone for good'],
  'version-mismatch': [412, 'It was changed in the meantime'],
  'payload-too-large': [413, 'The body is too large'],
  'uri-too-long': [414, 'The address is too long'],
  'unsupported-media-type': [415, 'The body is in a format that is not taken here'],
  'validation-failed': [422, 'Some fields are not valid'],
  'idempotency-key-reused': [422, 'The Idempotency-Key was sent with another request'],
  'version-required': [428, 'Say which version you are changing'],
  'headers-too-large': [431, 'The header fields are too large'],
  'internal-error': [500, 'Something went wrong here'],
  unavailable: [503, 'Not available for the moment'],
  'storage-full': [507, 'There is no room left to store this'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemCode = keyof typeof problems

/** One field at fault. `pointer` is a JSON Pointer fragment (RFC 6901) into the body, or the name of a parameter. */
export interface FieldError {
  pointer: string
  code: string
  detail: string
  allowed?: string[]
  didYouMean?: string
}

interface ProblemExtras {
  errors?: FieldError[]
  headers?: Record<string, string>
  members?: Record<string, unknown>
  cause?: unknown
}

/** A refusal that is safe to show: `detail` goes to the caller, `cause` only to the log. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly errors: FieldError[] | undefined
  readonly headers: Record<string, string>
  readonly members: Record<string, unknown>

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail, { cause: extras.cause })
    this.name = 'Problem'
    this.code = code
    this.status = problems[code][0]
    this.title = problems[code][1]
    this.errors = extras.errors
    this.headers = extras.headers ?? {}
    this.members = extras.members ?? {}
  }
}

/** A 422 for one field, the commonest refusal of a service. */
export const invalidField = (pointer: string, code: string, detail: string): Problem =>
  new Problem('validation-failed', detail, { errors: [{ pointer, code, detail }] })
