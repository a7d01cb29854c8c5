import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Stretch } from '../db/database.ts'
import { plainTags } from '../http/compress.ts'
import { isNotModified } from '../http/etag.ts'
import { type CacheTimes, cacheControlOf } from './answers.ts'

// Answers of delivery are kept as they were sent, to be sent again for as long as the database says that readers get the
// same. Each request asks it: no process can go on with something that another one has changed, and no clock passes what is planned.

/** How much is kept in each process, and how much of that one answer may be. */
const BYTES_MAX = 16 * 1024 * 1024
const ANSWER_BYTES_MAX = 1024 * 1024
/** What an entry takes besides its text, about. */
const ENTRY_BYTES = 1_000

/** An answer as it was sent. One of which only the tag was sent has no body yet. */
interface Kept {
  etag: string
  headers: Record<string, string>
  body: Buffer | undefined
}

/** Under which name the answer to a request is to be kept, when it was asked for, in which stretch, and which fields every answer has. */
interface Keeping {
  name: string
  at: string
  stretch: Stretch
  common: Set<string>
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who asks the same without a key gets the same, until something is written or an instant comes that was noted (db/instants.ts). */
    isKept?: boolean
  }
  interface FastifyRequest {
    keeping: Keeping | null
  }
}

interface Dependencies {
  stretchAt: (at: string) => Promise<Stretch> | Stretch
  now: () => string
  cache: CacheTimes
  /** Whether answers tell shared caches when the next change comes. */
  isCut: boolean
}

/** For the door of delivery, after all that can refuse a request before it is known what it asks for. */
export function keepAnswers(door: FastifyInstance, { stretchAt, now, cache, isCut }: Dependencies): void {
  const kept = new LRUCache<string, Kept>({
    maxSize: BYTES_MAX,
    maxEntrySize: ANSWER_BYTES_MAX,
    sizeCalculation: ({ body }, name) => ENTRY_BYTES + name.length + (body?.length ?? 0),
  })
  /** The stretch of all that is kept. */
  let stretchName: string | undefined
  const cacheControl = cacheControlOf(cache)
  door.decorateRequest('keeping', null)

  door.addHook('onRequest', (request, reply, done) => {
    const isKept = mayBeKept(request)
    if (request.caller !== null || !(isCut || isKept)) return done()
    const at = now()
    const begin = (stretch: Stretch) => {
      if (isCut) request.keepAtMostS = secondsBetween(at, stretch.until)
      try {
        if (isKept && answered(request, reply, at, stretch)) return
      } catch (error) {
        return done(error as Error)
      }
      done()
    }
    const stretch = stretchAt(at)
    // SQLite answers at once, and a promise for each request would only cost.
    if (stretch instanceof Promise) stretch.then(begin, done)
    else begin(stretch)
  })

  /** Whether it was: else its answer is kept, if it is one that can be. */
  function answered(request: FastifyRequest, reply: FastifyReply, at: string, stretch: Stretch): boolean {
    if (stretch.name === undefined) return false
    if (stretchName !== stretch.name) kept.clear()
    stretchName = stretch.name
    const name = nameOf(request)
    const found = kept.get(name)
    const isKnown = found !== undefined && isNotModified(request.headers['if-none-match'], found.etag)
    if (found === undefined || (found.body === undefined && !isKnown)) {
      request.keeping = { name, at, stretch, common: new Set(Object.keys(reply.getHeaders())) }
      return false
    }
    const { etag, headers, body } = found
    reply.header('cache-control', cacheControl(request)).header('etag', etag)
    for (const name in headers) if (!isKnown || !isOfBody(name)) reply.header(name, headers[name])
    if (isKnown) reply.code(304).send()
    else reply.send(body)
    return true
  }

  // After compression, so that it is done once.
  door.addHook('onSend', (request, reply, payload, done) => {
    const { keeping } = request
    if (keeping === null || (reply.statusCode !== 200 && reply.statusCode !== 304)) return done()
    const body = typeof payload === 'string' ? Buffer.from(payload) : Buffer.isBuffer(payload) ? payload : undefined
    const { 'cache-control': _, etag, connection: __, ...fields } = reply.getHeaders()
    const { name, at, stretch, common } = keeping
    // What was made after the stretch had ended is of the next one; by a clock that was set back meanwhile, of the one before.
    const made = now()
    const isWithin = stretch.name === stretchName && made >= at && (stretch.until === null || made < stretch.until)
    if (isWithin && typeof etag === 'string' && (body || reply.statusCode === 304)) {
      const own = Object.entries(fields).filter(([field]) => !common.has(field) && field !== 'content-length')
      const headers = Object.fromEntries(own) as Record<string, string>
      kept.set(name, { etag: plainTags(etag, request.coding?.name), headers, body: body && copied(body) })
    }
    done(null, body ?? payload)
  })
}

/** A buffer of its own: what is compressed is often a small part of a large one, which would be kept with it. */
function copied(body: Buffer): Buffer {
  const own = Buffer.allocUnsafeSlow(body.length)
  body.copy(own)
  return own
}

/** Not what is asked of another instant: whether that has passed, and may be seen, is not known by the stretch. */
const mayBeKept = ({ method, routeOptions, query }: FastifyRequest): boolean =>
  method === 'GET' && routeOptions.config.isKept === true && (query as { at?: unknown }).at === undefined

/** All that an answer depends on besides the database and the clock. */
const nameOf = ({ url, headers, coding }: FastifyRequest): string =>
  `${url}\n${headers.accept ?? ''}\n${coding?.name ?? ''}`

/** Not sent with 304. */
const isOfBody = (field: string): boolean => field.startsWith('content-')

const secondsBetween = (at: string, until: string | null): number | null =>
  until === null ? null : Math.max(0, Math.floor((Date.parse(until) - Date.parse(at)) / 1_000))
