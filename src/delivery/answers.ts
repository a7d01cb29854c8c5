import type { FastifyReply, FastifyRequest } from 'fastify'
import { isNotModified } from '../http/etag.ts'
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
}

export type Answering = ReturnType<typeof answering>

export function answering(cache: CacheTimes, site: Site) {
  const cacheControl = (request: FastifyRequest): string =>
    cache.isPrivate || request.caller !== null
      ? 'private, no-store'
      : `public, max-age=${cache.maxAgeS}, s-maxage=${cache.sharedMaxAgeS}, stale-while-revalidate=60, stale-if-error=${cache.staleIfErrorS}`

  /** Where the address names the format, `Accept` makes no difference. */
  const headers = (request: FastifyRequest, reply: FastifyReply) =>
    reply
      .header('cache-control', cacheControl(request))
      .header('vary', (request.query as { format?: string }).format ? 'Authorization' : 'Accept, Authorization')

  /** The answer as it was made, or in another format, or 304 where the caller has it. */
  function give(request: FastifyRequest, reply: FastifyReply, answer: Answer, format?: Format): FastifyReply {
    headers(request, reply).header('etag', answer.etag)
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
