import type { IncomingMessage } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify'
import type { Ids } from '../shared/ids.ts'
import { Problem } from '../shared/problem.ts'
import { withoutSecrets } from '../shared/secrets.ts'

export const URL_LENGTH_MAX = 8_000

/** The id of a request in answers, log and audit: the caller's own where it is harmless and no key of ours, else a new one. */
export type RequestIds = ReturnType<typeof requestIdOf>
export const requestIdOf =
  (ids: Ids) =>
  (request: { headers: Record<string, string | string[] | undefined> }): string => {
    const given = request.headers['x-request-id']
    const isHarmless = typeof given === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(given)
    return isHarmless && withoutSecrets(given) === given ? given : ids()
  }

/** What holds for every request and answer: its id, limits that the parser does not have, one line in the log. */
export function watchRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    if (request.url.length > URL_LENGTH_MAX) {
      throw new Problem('uri-too-long', `The address is longer than ${URL_LENGTH_MAX} characters.`)
    }
    requireOneHost(request)
    refuseUnstorable(request)
    done()
  })
  app.addHook('onResponse', (request, reply, done) => {
    noteRequest(request.log, request.raw, reply.statusCode, reply.elapsedTime, { key: callerId(request) })
    done()
  })
}

/** The line of a request in the log. */
export function noteRequest(
  log: FastifyBaseLogger,
  { method, url }: Pick<IncomingMessage, 'method' | 'url'>,
  status: number,
  elapsedMs: number,
  { reqId, key }: { reqId?: string; key?: string | undefined },
): void {
  // The path alone: a query may hold what a reader searched for, or a secret sent in the wrong place.
  const path = url?.split('?', 1)[0]
  const ms = Math.round(elapsedMs * 10) / 10
  log.info({ reqId, method, path, status, ms, key }, 'request')
}

const callerId = (request: FastifyRequest): string | undefined =>
  (request as { caller?: { id: string } | null }).caller?.id

/** RFC 9112, 3.2. Node itself would refuse a missing one without a word, and take the first of two. */
function requireOneHost({ raw }: FastifyRequest): void {
  if (hasOneHost(raw) || (raw.httpVersion !== '1.1' && raw.headers.host === undefined)) return
  throw new Problem('malformed-request', 'Send exactly one Host header field.')
}

export function hasOneHost({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === 'host') hosts++
  }
  return hosts === 1
}

/** A path or query with U+0000 or half a surrogate pair means a different thing to each engine: nothing has such a name. */
function refuseUnstorable(request: FastifyRequest): void {
  // Neither can be written otherwise.
  if (!request.url.includes('%')) return
  const values = [...Object.values(request.params ?? {}), ...Object.entries(request.query ?? {}).flat(2)]
  const isBad = (value: unknown) => typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())
  if (values.some(isBad)) throw new Problem('malformed-request', 'The address holds a character that no text can have.')
}
