import { promisify } from 'node:util'
import { brotliCompress, brotliCompressSync, constants, gzip, gzipSync } from 'node:zlib'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { LRUCache } from 'lru-cache'
import { acceptable } from './accept.ts'
import { isNotModified } from './etag.ts'

// Compression that keeps validators right: each coding of an answer has a tag of its own, as RFC 9110 wants of strong
// ones, and who sends it back gets 304. Ours, because the plugin sends one tag for all, and `Vary` on the compressed only.

const LENGTH_MIN = 1_024
/** What is longer is compressed by another thread. */
const LENGTH_ALONE = 65_536
const COMPRESSIBLE = /json|text\/|xml|javascript/
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }

const codings = {
  br: { now: (text: Buffer) => brotliCompressSync(text, quality), later: promisify(brotliCompress), options: quality },
  gzip: { now: (text: Buffer) => gzipSync(text), later: promisify(gzip), options: {} },
} as const
export type Coding = keyof typeof codings
const names = Object.keys(codings) as Coding[]

/** The coding that is liked best; undefined where none is. */
function codingFor(field: string | undefined): Coding | undefined {
  if (field === undefined || field === '') return undefined
  // The grammar is that of Accept, with names in the place of media types.
  return acceptable(field.replaceAll('*', '*/*'), names)[0] as Coding | undefined
}

const known = new LRUCache<string, { name: Coding | undefined }>({ max: 100 })
/** The same; browsers and caches say it in few ways, which are remembered. */
export function codingOf(field: string | string[] | undefined): Coding | undefined {
  const text = String(field ?? '')
  const found = known.get(text) ?? { name: codingFor(text) }
  known.set(text, found)
  return found.name
}

/** Entity tags as they are without this coding. */
export const plainTags = (tags: string, coding: string | undefined): string =>
  coding === undefined ? tags : tags.replaceAll(`.${coding}"`, '"')

/** The tag of an answer in this coding. */
const codedTag = (etag: string, coding: Coding | undefined): string =>
  coding === undefined ? etag : `${etag.slice(0, -1)}.${coding}"`

/** The tag of an answer that is sent to who knows these, and whether that is one of them. `etag` is without the coding. */
export function taggedAs(etag: string, coding: Coding | undefined, known: string | undefined) {
  const coded = codedTag(etag, coding)
  if (known === undefined) return { etag: coded, isKnown: false }
  const isKnown = isNotModified(plainTags(known, coding), etag)
  // Who has the answer as it is without a coding is answered by the tag of that.
  const isOther = isKnown && known.includes(etag) && !known.includes(coded)
  return { etag: isOther ? etag : coded, isKnown }
}

/** Tells caches that an answer depends on it, also where it was not compressed. */
function vary(reply: FastifyReply): void {
  const known = String(reply.getHeader('vary') ?? '')
  if (/\baccept-encoding\b/i.test(known)) return
  reply.header('vary', known === '' ? 'Accept-Encoding' : `${known}, Accept-Encoding`)
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The coding that who asks likes best, and the tags that were sent with that. */
    coding: { name: Coding | undefined; knownTags: string } | null
  }
}

/**
 * Compresses what a door answers, for who takes it. The tag says which coding was asked for, be the answer long enough for
 * it or not, so that it is known without the answer.
 */
export function compressAnswers(door: FastifyInstance): void {
  door.decorateRequest('coding', null)
  door.addHook('onRequest', (request, _reply, done) => {
    const name = codingOf(request.headers['accept-encoding'])
    const knownTags = request.headers['if-none-match'] ?? ''
    request.coding = { name, knownTags }
    if (name !== undefined) request.headers['if-none-match'] &&= plainTags(knownTags, name)
    done()
  })
  door.addHook('onSend', (request, reply, payload, done) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return void done()
    vary(reply)
    // What is refused before anything is known of it is sent as it is.
    const { name, knownTags } = request.coding ?? { name: undefined, knownTags: '' }
    if (name === undefined) return void done()
    const etag = reply.getHeader('etag') as string | undefined
    if (etag !== undefined) {
      reply.header('etag', taggedAs(etag, name, reply.statusCode === 304 ? knownTags : undefined).etag)
    }
    const isText = typeof payload === 'string' || Buffer.isBuffer(payload)
    if (!isText || reply.hasHeader('content-encoding')) return void done()
    const text = typeof payload === 'string' ? Buffer.from(payload) : payload
    if (text.length < LENGTH_MIN || !COMPRESSIBLE.test(String(reply.getHeader('content-type')))) return void done()
    const { now, later, options } = codings[name]
    reply.header('content-encoding', name).removeHeader('content-length')
    if (text.length > LENGTH_ALONE) return later(text, options)
    done(null, now(text))
  })
}
