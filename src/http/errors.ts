import type { Socket } from 'node:net'
import type { FastifyBaseLogger, FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem, type ProblemCode, problems } from '../shared/problem.ts'
import { unsupported } from './content-types.ts'
import { type KnownAddresses, pathOf } from './methods.ts'

/** The only place where an error becomes a response: RFC 9457 for everything that is not a success. */

const fromFastify: Record<string, [ProblemCode, string]> = {
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['malformed-request', 'Content-Length does not match the body.'],
  FST_ERR_BAD_URL: ['malformed-request', 'The address holds a broken percent-encoding.'],
  FST_ERR_MAX_PARAM_LENGTH: ['uri-too-long', 'A part of the address is too long.'],
}

/** Turns whatever was thrown into a refusal that is safe to show. */
function problemOf(error: unknown, request: FastifyRequest, translate: Translate): Problem {
  if (error instanceof Problem) return error
  const code = (error as FastifyError | undefined)?.code ?? ''
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return unsupported(request.method, 'Send the body as JSON.')
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new Problem('payload-too-large', `The body is larger than ${request.routeOptions.bodyLimit} bytes.`, {
      cause: error,
    })
  }
  // Not the database's connection: the caller's, which ended in the middle of the body.
  if (code === 'ECONNRESET' && (error as Error).message === 'aborted') {
    return new Problem('malformed-request', 'The body did not arrive whole.', { cause: error })
  }
  const known = fromFastify[code]
  if (known) return new Problem(known[0], known[1], { cause: error })
  return (
    translate(error) ??
    new Problem('internal-error', 'The request could not be carried out. It has been logged.', { cause: error })
  )
}

/** Knows the failures of the database (db/failure.ts), which this folder does not. */
type Translate = (error: unknown) => Problem | undefined

export function answerErrors(app: FastifyInstance, addresses: KnownAddresses, translate: Translate): void {
  app.setErrorHandler((error, request, reply) => {
    const problem = problemOf(error, request, translate)
    if (problem.status >= 500) request.log.error({ err: problem.cause ?? problem }, problem.message)
    return sendProblem(reply, request, problem)
  })
  const refusal = (request: FastifyRequest): Problem => {
    const allow = addresses.methodsAt(request.url)?.join(', ')
    if (allow === undefined) return new Problem('not-found', 'There is nothing at this address.')
    return new Problem('method-not-allowed', `${request.method} is not taken here; ${allow} are.`, {
      headers: { allow },
    })
  }
  // Before the body is read: what is wrong with it does not matter where nothing takes it.
  app.addHook('onRequest', (request, _reply, done) => {
    done(request.is404 ? refusal(request) : undefined)
  })
  app.setNotFoundHandler((request, reply) => sendProblem(reply, request, refusal(request)))
}

/** For addresses that the router cannot read. No hook has run for them, so what every answer has is set here. */
export function refuseAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error, request, () => undefined)
  reply.header('x-request-id', request.id).header('x-content-type-options', 'nosniff')
  sendProblem(reply, request, problem)
  request.log.info({ method: request.method, status: problem.status }, 'request')
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Seconds that caches may keep the answer at most, because something changes then; null where nothing is known of. */
    keepAtMostS: number | null
  }
}

/** Seconds that caches may keep that nothing is there. */
const MISS_KEPT_S = 5

/** Writes one refusal as the answer. */
export function sendProblem(reply: FastifyReply, request: FastifyRequest, problem: Problem): FastifyReply {
  // Those of the answer that was being made are no longer true; the refusal may have an ETag of its own (412).
  reply.removeHeader('etag').removeHeader('last-modified')
  reply.code(problem.status).headers(problem.headers)
  // An error says nothing about the next attempt; only "gone" and "not there" may be kept, for seconds.
  const isPublicMiss =
    (problem.code === 'not-found' || problem.code === 'gone') &&
    request.headers.authorization === undefined &&
    reply.getHeader('cache-control') !== 'private, no-store' &&
    !pathOf(request.url).startsWith('/v1/editorial')
  if (isPublicMiss) reply.header('vary', 'Accept, Authorization')
  const keptS = Math.min(MISS_KEPT_S, request.keepAtMostS ?? MISS_KEPT_S)
  reply.header('cache-control', isPublicMiss ? `public, max-age=${keptS}` : 'private, no-store')
  return reply.type('application/problem+json').send(Buffer.from(JSON.stringify(problemBody(problem, request.id))))
}

/** The members of RFC 9457, and ours: `code` for programs, `errors` for the fields at fault. */
export const problemBody = (problem: Problem, requestId: string): object => ({
  type: `/docs/problems/${problem.code}`,
  title: problem.title,
  status: problem.status,
  detail: problem.message,
  instance: `urn:request:${requestId}`,
  code: problem.code,
  ...(problem.errors && { errors: problem.errors }),
  ...problem.members,
})

const beforeRouting: Record<string, ProblemCode> = {
  HPE_HEADER_OVERFLOW: 'headers-too-large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request-timeout',
}

/** For what Node itself refuses before a request exists: broken HTTP, oversized header fields, slow senders. */
export function answerBrokenConnection(
  error: Error & { code?: string },
  socket: Socket,
  requestId: string,
  log: FastifyBaseLogger,
): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const code = beforeRouting[error.code ?? ''] ?? 'malformed-request'
  const problem = new Problem(
    code,
    code === 'malformed-request' ? 'This is not HTTP as RFC 9112 has it.' : `${problems[code][1]}.`,
  )
  log.info({ reqId: requestId, status: problem.status, fault: error.code }, 'request')
  const body = JSON.stringify(problemBody(problem, requestId))
  // Not by `import`, which reads all that the module has, and with it loads Node's client for requests.
  const { STATUS_CODES } = process.getBuiltinModule('node:http')
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: private, no-store',
      `Date: ${new Date().toUTCString()}`,
      `X-Request-Id: ${requestId}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}
