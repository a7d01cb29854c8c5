import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Ids } from '../shared/ids.ts'
import { Problem } from '../shared/problem.ts'
import { withoutSecrets } from '../shared/secrets.ts'

export const URL_LENGTH_MAX = 8_000

/** The id of a request in answers, log and audit: the caller's own where it is harmless and no key of ours, else a new one. */
export const requestIdOf =
  (ids: Ids) =>
  (request: { headers: Record<string, string | string[] | undefined> }): string => {
    const given = request.headers['x-request-id']
    const isHarmless = typeof given === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(given)
    return isHarmless && withoutSecrets(given) === given ? given : ids()
  }

/** What holds for every request and answer: its id, limits that the parser does not have, one line in the log. */
export function watchRequests(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('x-content-type-options', 'nosniff')
    if (request.url.length > URL_LENGTH_MAX) {
      throw new Problem('uri-too-long', `The address is longer than ${URL_LENGTH_MAX} characters.`)
    }
    requireOneHost(request)
    refuseUnstorable(request)
  })
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        // The path alone: a query may hold what a reader searched for, or a secret sent in the wrong place.
        path: request.url.split('?')[0],
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        key: callerId(request),
      },
      'request',
    )
  })
}

const callerId = (request: FastifyRequest): string | undefined =>
  (request as { caller?: { id: string } | null }).caller?.id

/** RFC 9112, 3.2. Node itself would refuse a missing one without a word, and take the first of two. */
function requireOneHost({ raw }: FastifyRequest): void {
  const hosts = raw.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length
  if (hosts > 1 || (hosts === 0 && raw.httpVersion === '1.1')) {
    throw new Problem('malformed-request', 'Send exactly one Host header field.')
  }
}

/** A path or query with U+0000 or half a surrogate pair means a different thing to each engine: nothing has such a name. */
function refuseUnstorable(request: FastifyRequest): void {
  const values = [...Object.values(request.params ?? {}), ...Object.entries(request.query ?? {}).flat(2)]
  const isBad = (value: unknown) => typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())
  if (values.some(isBad)) throw new Problem('malformed-request', 'The address holds a character that no text can have.')
}
