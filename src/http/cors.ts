import type { FastifyInstance } from 'fastify'
import { type KnownAddresses, pathOf } from './methods.ts'

/** Everything that a browser client may need to read. Without it, an editor in a browser cannot see the ETag. */
const EXPOSED = 'ETag, Link, Location, Allow, Retry-After, X-Request-Id, Idempotency-Replayed'
const REQUEST_HEADERS =
  'Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Last-Event-ID, X-Request-Id'
const PREFLIGHT_AGE_S = '7200'

interface CorsOptions {
  /** Origins that may use the closed part of the API from a browser. */
  origins: string[]
  /** The start of the addresses that are closed. */
  closedPrefix: string
  addresses: KnownAddresses
}

/**
 * CORS as WHATWG Fetch has it: the open part for everybody, without credentials and without `Vary: Origin`, so that
 * caches keep one copy; the closed part for the listed origins. Answers to preflights say `Allow` as well.
 */
export function answerCors(app: FastifyInstance, { origins, closedPrefix, addresses }: CorsOptions): void {
  app.addHook('onRequest', (request, reply, done) => {
    const { origin } = request.headers
    const isClosed = pathOf(request.url).startsWith(closedPrefix)
    if (isClosed) reply.header('vary', 'Origin')
    const isAllowed = !isClosed || (origin !== undefined && origins.includes(origin))
    if (isAllowed) {
      reply.header('access-control-allow-origin', isClosed ? origin : '*')
      reply.header('access-control-expose-headers', EXPOSED)
    }
    if (request.method !== 'OPTIONS') return done()
    const allow = addresses.methodsAt(request.url)?.join(', ')
    if (allow === undefined) return done()
    reply.header('allow', allow)
    if (isAllowed && request.headers['access-control-request-method'] !== undefined) {
      reply.header('access-control-allow-methods', allow)
      reply.header('access-control-allow-headers', REQUEST_HEADERS)
      reply.header('access-control-max-age', PREFLIGHT_AGE_S)
    }
    reply.code(204).send()
  })
}
