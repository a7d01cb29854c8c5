import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { Problem } from '../shared/problem.ts'

/** ETags come from ids and versions, never from hashing stored JSON, whose text differs between the engines. */

/** The tag of something that an editor may write: its version. */
export const versionTag = (version: number): string => `"${version}"`

/** The entity tags of an If-Match or If-None-Match field: a list of opaque tags, or '*'. Undefined for a broken field. */
export function parseTags(field: string): '*' | string[] | undefined {
  if (field.trim() === '*') return '*'
  const tags = field.match(/(?:W\/)?"[^"\s\p{Cc}]*"/gu)
  if (!tags || field.replaceAll(/(?:W\/)?"[^"]*"|[\s,]/g, '') !== '') return undefined
  return tags.map((tag) => tag.replace(/^W\//, ''))
}

/** Weak comparison, as RFC 9110 has it for If-None-Match. */
export function isNotModified(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false
  if (ifNoneMatch === tag) return true
  const tags = parseTags(ifNoneMatch)
  return tags === '*' || (tags?.includes(tag.replace(/^W\//, '')) ?? false)
}

/**
 * The versions that an If-Match field allows to be changed: a list of numbers, or 'any' for '*'. `W/` is stripped,
 * because proxies that compress weaken tags, and these are version numbers all the same. 428 without the field.
 */
export function requireVersion(ifMatch: string | undefined): number[] | 'any' {
  if (ifMatch === undefined) {
    throw new Problem('version-required', 'Send If-Match with the ETag of the version that you are changing.')
  }
  const tags = parseTags(ifMatch)
  if (tags === undefined) {
    const detail = 'If-Match must hold the ETag as it was given, quotes included, as in "3".'
    throw new Problem('malformed-request', detail, { errors: [{ pointer: 'If-Match', code: 'wrong-format', detail }] })
  }
  return tags === '*' ? 'any' : tags.map((tag) => (/^"(0|[1-9]\d{0,9})"$/.test(tag) ? Number(tag.slice(1, -1)) : -1))
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** There is no 304: what is shown also changes without a version, by the clock or by a lock, or it has no tag at all. */
    isAlwaysSent?: boolean
  }
}

/**
 * Gives every answer of a GET a tag, and 304 to who has it. Answers without a version get a weak one, of what they say.
 * For doors whose answers are made anew each time; delivery knows its tags before it reads.
 */
export function tagAnswers(door: FastifyInstance): void {
  door.addHook('onSend', async (request, reply, payload) => {
    if ((request.method !== 'GET' && request.method !== 'HEAD') || reply.statusCode !== 200) return payload
    if (typeof payload !== 'string') return payload
    const version = reply.getHeader('etag') as string | undefined
    const etag = version ?? `W/"${createHash('sha256').update(payload).digest('base64url').slice(0, 16)}"`
    reply.header('etag', etag)
    if (request.routeOptions.config.isAlwaysSent || !isNotModified(request.headers['if-none-match'], etag))
      return payload
    reply.code(304).removeHeader('content-type').removeHeader('content-length')
    return ''
  })
}
