import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Stretch } from '../db/database.ts'
import { plainTags } from '../http/compress.ts'

// Answers of delivery are kept as they were sent, to be sent again (again.ts) for as long as the database says that readers get
// the same. Each request asks it: no process can go on with something that another one has changed, and no clock passes what is planned.

/** How much is kept in each process, and how much of that one answer may be. */
const BYTES_MAX = 16 * 1024 * 1024
const ANSWER_BYTES_MAX = 1024 * 1024
/** What an entry takes besides its text, about. */
const ENTRY_BYTES = 1_500

/** An answer as it was sent, without what each has of its own. One of which only the tag was sent has no body yet. */
export interface Kept {
  etag: string
  /** Fields of each answer, and those that only come with a body; as Node takes them, names and values in turns. */
  fields: string[]
  bodyFields: string[]
  body: Buffer | undefined
}

/** What is said anew with each answer. */
const OWN = new Set(['x-request-id', 'cache-control', 'etag', 'connection'])
/** Not sent with 304. */
const isOfBody = (field: string): boolean => field.startsWith('content-')

/** Under which name the answer to a request is to be kept, when it was asked for, and in which stretch. */
interface Keeping {
  name: string
  at: string
  stretch: Stretch
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

export interface KeptAnswers {
  /** Whether there is one of this name, of whichever stretch. */
  has(name: string): boolean
  /** The one of this name that holds in this stretch. */
  in(stretch: Stretch, name: string): Kept | undefined
  keep(stretch: Stretch, name: string, answer: Kept): void
}

export function keptAnswers(): KeptAnswers {
  const kept = new LRUCache<string, Kept>({
    maxSize: BYTES_MAX,
    maxEntrySize: ANSWER_BYTES_MAX,
    sizeCalculation: ({ body }, name) => ENTRY_BYTES + name.length + (body?.length ?? 0),
  })
  /** The stretch of all that is kept. */
  let current: string | undefined
  return {
    has: (name) => kept.has(name),
    in(stretch, name) {
      if (stretch.name === undefined) return undefined
      if (current !== stretch.name) kept.clear()
      current = stretch.name
      return kept.get(name)
    },
    keep(stretch, name, answer) {
      if (stretch.name === current) kept.set(name, answer)
    },
  }
}

/** All that an answer depends on besides the database and the clock. */
export const nameOf = (url: string, accept: string | undefined, coding: string | undefined): string =>
  `${url}\n${accept ?? ''}\n${coding ?? ''}`

interface Dependencies {
  kept: KeptAnswers
  stretchAt: (at: string) => Promise<Stretch> | Stretch
  now: () => string
  /** Whether answers tell shared caches when the next change comes. */
  isCut: boolean
}

/** For the door of delivery, after all that can refuse a request before it is known what it asks for. */
export function keepAnswers(door: FastifyInstance, { kept, stretchAt, now, isCut }: Dependencies): void {
  door.decorateRequest('keeping', null)

  door.addHook('onRequest', (request, _reply, done) => {
    const isKept = mayBeKept(request)
    if (request.caller !== null || !(isCut || isKept)) return done()
    const at = now()
    const begin = (stretch: Stretch) => {
      if (isCut) request.keepAtMostS = secondsLeft(at, stretch)
      const name = nameOf(request.url, request.headers.accept, request.coding?.name)
      // Asked for first, so that all is forgotten that was of another stretch.
      if (isKept && stretch.name !== undefined && kept.in(stretch, name)?.body === undefined)
        request.keeping = { name, at, stretch }
      done()
    }
    const stretch = stretchAt(at)
    // SQLite answers at once, and a promise for each request would only cost.
    if (stretch instanceof Promise) stretch.then(begin, done)
    else begin(stretch)
  })

  // After compression, so that it is done once.
  door.addHook('onSend', (request, reply, payload, done) => {
    const { keeping } = request
    if (keeping === null || (reply.statusCode !== 200 && reply.statusCode !== 304)) return done()
    const body = typeof payload === 'string' ? Buffer.from(payload) : Buffer.isBuffer(payload) ? payload : undefined
    const etag = reply.getHeader('etag')
    const { name, at, stretch } = keeping
    // What was made after the stretch had ended is of the next one; by a clock that was set back meanwhile, of the one before.
    const made = now()
    const isWithin = made >= at && (stretch.until === null || made < stretch.until)
    if (isWithin && typeof etag === 'string' && (body || reply.statusCode === 304)) {
      const sent = Object.entries(reply.getHeaders()).filter(([field]) => !OWN.has(field) && field !== 'content-length')
      const listed = (entries: typeof sent) => entries.flatMap(([field, value]) => [field, String(value)])
      kept.keep(stretch, name, {
        etag: plainTags(etag, request.coding?.name),
        fields: listed(sent.filter(([field]) => !isOfBody(field))),
        bodyFields: [
          ...listed(sent.filter(([field]) => isOfBody(field))),
          ...['content-length', String(body?.length ?? 0)],
        ],
        body: body && copied(body),
      })
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

/** Seconds until the next change that is noted; null where none is. */
export const secondsLeft = (at: string, { until }: Stretch): number | null =>
  until === null ? null : Math.max(0, Math.floor((Date.parse(until) - Date.parse(at)) / 1_000))
