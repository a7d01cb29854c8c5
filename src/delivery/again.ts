import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { Stretch } from '../db/database.ts'
import { type Coding, codingOf, taggedAs } from '../http/compress.ts'
import { hasOneHost, noteRequest, type RequestIds } from '../http/requests.ts'
import { stopwatch } from '../shared/clock.ts'
import { type CacheTimes, cacheControlOf } from './answers.ts'
import { type Kept, type KeptAnswers, nameOf, secondsLeft } from './kept.ts'

// Answers that are kept are sent again before the router, the hooks and the objects of Fastify, which took longer than all else.
// Whatever is not plainly one of them goes on to Fastify, which makes it, and refuses what is to be refused.

interface Dependencies {
  kept: KeptAnswers
  stretchAt: (at: string) => Promise<Stretch> | Stretch
  now: () => string
  requestId: RequestIds
  cache: CacheTimes
  isCut: boolean
  isCompressed: boolean
  /** False from the moment on when the process was asked to end: then there is more to say than what is kept. */
  isServing: () => boolean
}

/** A request for which something is kept. */
interface Arrived {
  request: IncomingMessage
  response: ServerResponse
  name: string
  coding: Coding | undefined
  elapsed: () => number
}

/** Puts itself before the program: what is kept is sent from here. */
export function sendKeptAgain(app: FastifyInstance, { kept, stretchAt, now, ...rest }: Dependencies): void {
  const { requestId, cache, isCut, isCompressed, isServing } = rest
  const cacheControl = cacheControlOf(cache)
  let waiting: Arrived[] = []
  // The one that there is is Fastify's, which is called as `app.routing`.
  app.server.removeAllListeners('request').on('request', (request, response) => {
    const { method, url = '', headers } = request
    const coding = isCompressed ? codingOf(headers['accept-encoding']) : undefined
    const name = nameOf(url, headers.accept, coding)
    const isPlain = method === 'GET' && headers.authorization === undefined && hasOneHost(request)
    if (!isPlain || !kept.has(name)) return app.routing(request, response)
    if (waiting.push({ request, response, name, coding, elapsed: stopwatch() }) === 1) setImmediate(look)
  })

  /** One look at the database for all that has arrived in this turn of the event loop, and so before it. */
  function look(): void {
    const arrived = waiting
    waiting = []
    const at = now()
    const answer = (stretch: Stretch) => {
      const control = cacheControl({ caller: null, keepAtMostS: isCut ? secondsLeft(at, stretch) : null })
      for (const each of arrived) {
        // Who has left meanwhile is noted in the log by Fastify.
        const isUsual = isServing() && !each.response.destroyed
        const found = isUsual ? kept.in(stretch, each.name) : undefined
        if (found === undefined || !sent(each, found, control)) pass(each)
      }
    }
    // Fastify says what is to be said of a database that does not answer.
    const passAll = () => arrived.forEach(pass)
    try {
      const stretch = stretchAt(at)
      if (stretch instanceof Promise) stretch.then(answer).catch(passAll)
      else answer(stretch)
    } catch {
      passAll()
    }
  }
  const pass = ({ request, response }: Arrived) => {
    if (!response.headersSent) app.routing(request, response)
  }

  function sent({ request, response, coding, elapsed }: Arrived, found: Kept, cacheControl: string): boolean {
    const { etag, isKnown } = taggedAs(found.etag, coding, request.headers['if-none-match'])
    if (!isKnown && found.body === undefined) return false
    const id = requestId(request)
    const own = ['x-request-id', id, 'cache-control', cacheControl, 'etag', etag]
    response.writeHead(
      isKnown ? 304 : 200,
      isKnown ? own.concat(found.fields) : own.concat(found.fields, found.bodyFields),
    )
    response.end(isKnown ? undefined : found.body)
    response.on('close', () => noteRequest(app.log, request, response.statusCode, elapsed(), { reqId: id }))
    return true
  }
}
