import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../shared/problem.ts'
import { parseJson } from './json.ts'

export const MERGE_PATCH = 'application/merge-patch+json'
export const JSON_PATCH = 'application/json-patch+json'
/** One JSON text a line, for what has no end that is worth waiting for. */
export const NDJSON = 'application/x-ndjson'

/**
 * The media types that bodies may have: JSON everywhere, merge patches for PATCH. Anything else, and any charset but
 * UTF-8, is refused by name instead of being read as something that it is not.
 */
export function readBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', MERGE_PATCH, JSON_PATCH],
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      // Many clients name a type also where they send nothing.
      if (body.length === 0) return undefined
      refuseCoding(request.headers)
      const type = request.headers['content-type'] ?? ''
      const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(type)?.[1]
      if (charset && charset.toLowerCase() !== 'utf-8' && charset.toLowerCase() !== 'utf8') {
        throw unsupported(request.method, `JSON is always UTF-8; the charset "${charset.slice(0, 40)}" is not taken.`)
      }
      const patch = [MERGE_PATCH, JSON_PATCH].find((each) => type.toLowerCase().startsWith(each))
      if (patch !== undefined && request.method !== 'PATCH') {
        throw unsupported(request.method, `A patch goes with PATCH, not with ${request.method}.`)
      }
      const parsed = parseJson(body)
      // Plain JSON in a PATCH is a merge patch: a list would be another kind of patch that nobody has named.
      if (request.method === 'PATCH') requirePatch(patch ?? MERGE_PATCH, parsed)
      return parsed
    },
  )
}

/** What is compressed would have to be read without knowing how large it becomes. */
export function refuseCoding(headers: FastifyRequest['headers']): void {
  const coding = headers['content-encoding']
  if (coding === undefined || coding.toLowerCase() === 'identity') return
  throw new Problem('unsupported-media-type', 'Send the body without Content-Encoding.', {
    headers: { 'accept-encoding': 'identity' },
  })
}

/** A list called a merge patch, or an object called a JSON Patch: one of the two is not meant. */
function requirePatch(type: string, parsed: unknown): void {
  if (Array.isArray(parsed) === (type === JSON_PATCH)) return
  const wanted = type === JSON_PATCH ? 'a list of operations' : 'an object'
  const detail = `Must be ${wanted}, as ${type} has it; a list of operations is sent as ${JSON_PATCH}.`
  throw new Problem('validation-failed', detail, { errors: [{ pointer: '#', code: 'wrong-type', detail }] })
}

/** A 415 with the header field that says what would be taken (RFC 5789, RFC 9110). */
export function unsupported(method: string, detail: string): Problem {
  const headers: Record<string, string> =
    method === 'PATCH'
      ? { 'accept-patch': `${MERGE_PATCH}, ${JSON_PATCH}, application/json` }
      : method === 'POST'
        ? { 'accept-post': 'application/json' }
        : { accept: 'application/json' }
  return new Problem('unsupported-media-type', detail, { headers })
}

/** A body that an operation has no use for is refused: who sends one means something by it, and it would not happen. */
export function refuseNeedlessBody(request: FastifyRequest): void {
  const { body } = request
  if (body === undefined || body === null || request.routeOptions.schema?.body !== undefined) return
  if (typeof body === 'object' && Object.keys(body).length === 0) return
  const detail = 'This operation takes no body.'
  throw new Problem('validation-failed', detail, { errors: [{ pointer: '#', code: 'needless-body', detail }] })
}
