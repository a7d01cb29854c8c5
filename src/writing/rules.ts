import { createHash } from 'node:crypto'
import { Problem } from '../shared/problem.ts'

/** How long an Idempotency-Key is remembered, with the answer that was given. */
export const REMEMBERED_MS = 24 * 3_600_000

/**
 * The key of an `Idempotency-Key` field: a string in quotes as the draft standard has it, or bare as most clients send
 * it. 400 for what is neither.
 */
export function idempotencyKeyOf(field: string | undefined): string | undefined {
  if (field === undefined) return undefined
  const value = field.trim()
  const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(value)?.[1]
  const key = quoted === undefined ? value : quoted.replaceAll(/\\(["\\])/g, '$1')
  const isBare = quoted === undefined && /^[\x21\x23-\x2b\x2d-\x7e]+$/.test(value)
  if ((quoted !== undefined || isBare) && key.length >= 1 && key.length <= 255) return key
  const detail = 'Must be 1 to 255 visible ASCII characters, bare or in quotes, and sent once, as in "8e03978e-40d5".'
  throw new Problem('malformed-request', `Idempotency-Key: ${detail}`, {
    errors: [{ pointer: 'Idempotency-Key', code: 'wrong-format', detail }],
  })
}

export const digestOf = (...parts: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
