import { createHash } from 'node:crypto'

/** What a tag says of what it speaks for. */
export const digest = (parts: string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 12)
