import type { FastifyReply, FastifyRequest } from 'fastify'
import { isNotModified } from '../http/etag.ts'
import { ARTICLES, fewest, TAXONOMY, type TagField, tagFields } from '../shared/cache-tags.ts'
import { Problem } from '../shared/problem.ts'
import type { Format } from './formats/choice.ts'
import type { Answer } from './service.ts'
import type { Site } from './site.ts'

// How every answer of delivery is given: who may keep it and for how long, what it varies by, and 304 to who has it.

export interface CacheTimes {
  /** Seconds that browsers may keep an answer, and shared caches. */
  maxAgeS: number
  sharedMaxAgeS: number
  /** Seconds that shared caches may go on with an old answer while the server does not answer. */
  staleIfErrorS: number
  /** A private deployment's answers belong to the key that asked. */
  isPrivate: boolean
  /** In which fields answers say by which names they can be taken out of a shared cache. */
  tagFields: TagField[]
}

/** Seconds that shared caches may go on with an old answer while they ask for a new one. */
const WHILE_REVALIDATE_S = 60

export type Answering = ReturnType<typeof answering>

/** How long who may keep the answer to a request: nobody beyond the next change that is to come, be it of whatever. */
export const cacheControlOf =
  (cache: CacheTimes) =>
  ({ caller, keepAtMostS }: Pick<FastifyRequest, 'caller' | 'keepAtMostS'>): string => {
    if (cache.isPrivate || caller !== null) return 'private, no-store'
    const left = keepAtMostS ?? Number.POSITIVE_INFINITY
    const shared = Math.min(cache.sharedMaxAgeS, left)
    const revalidate = Math.min(WHILE_REVALIDATE_S, left - shared)
    return `public, max-age=${Math.min(cache.maxAgeS, left)}, s-maxage=${shared}, stale-while-revalidate=${revalidate}, stale-if-error=${cache.staleIfErrorS}`
  }

export function answering(cache: CacheTimes, site: Site) {
  const cacheControl = cacheControlOf(cache)
  const isPrivate = (request: FastifyRequest) => cache.isPrivate || request.caller !== null

  function headers(request: FastifyRequest, reply: FastifyReply, tags = [ARTICLES, TAXONOMY]): FastifyReply {
    // Where the address says what comes, `Accept` makes no difference.
    const isNamed =
      (request.query as { format?: string }).format !== undefined || request.routeOptions.config.gives !== undefined
    reply
      .header('cache-control', cacheControl(request))
      .header('vary', isNamed ? 'Authorization' : 'Accept, Authorization')
    if (!isPrivate(request)) for (const field of cache.tagFields) reply.header(field, tagFields[field](fewest(tags)))
    return reply
  }

  /** The answer as it was made, or in another format, or 304 where the caller has it. */
  function give(request: FastifyRequest, reply: FastifyReply, answer: Answer, format?: Format): FastifyReply {
    headers(request, reply, answer.tags).header('etag', answer.etag)
    if (isNotModified(request.headers['if-none-match'], answer.etag)) return reply.code(304).send()
    if (format === undefined) return reply.type(answer.type ?? 'application/json; charset=utf-8').send(answer.json)
    return reply
      .headers(format.headers ?? {})
      .type(format.contentType)
      .send(format.render(JSON.parse(answer.json), site))
  }

  function giveOrMove(
    request: FastifyRequest,
    reply: FastifyReply,
    answer: Answer | { movedTo: string } | { reason: string | null } | undefined,
    { path = '', format }: { path?: string; format?: Format | undefined } = {},
  ): FastifyReply {
    if (answer === undefined) throw new Problem('not-found', 'There is no such article.')
    if ('etag' in answer) return give(request, reply, answer, format)
    if ('reason' in answer) throw gone(answer.reason)
    return move(request, reply, `/v1/articles/${answer.movedTo}${path}`)
  }

  /** Where something is now, for who asked under a former name. */
  function move(request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply {
    const query = request.url.split('?')[1]
    return headers(request, reply).redirect(`${path}${query ? `?${query}` : ''}`, 301)
  }

  return { give, giveOrMove, move }
}

/** The 410 of what readers once had, with the code of the reason where it was killed. */
const gone = (reason: string | null) =>
  new Problem('gone', 'This was public and has been taken away for good.', {
    members: { ...(reason !== null && { reason }) },
  })
