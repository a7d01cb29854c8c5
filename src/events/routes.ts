import { setTimeout as sleep } from 'node:timers/promises'
import { type App, json } from '../http/operation.ts'
import { LIMIT_DEFAULT } from '../http/paging.ts'
import { Problem } from '../shared/problem.ts'
import * as example from './examples.ts'
import { type ChangeEvent, ChangePage, ChangeQuery } from './feed-schema.ts'
import type { LoggedEvent } from './schema.ts'
import type { EventService } from './service.ts'

/** How often somebody who waits looks again, and how many may wait at a time. */
const LOOK_EVERY_MS = 250
const WAITING_MAX = 500

/** A number among the public events, as it is given out. */
const encoded = (seq: number): string => Buffer.from(`public:${seq}`).toString('base64url')
function decoded(cursor: string | undefined): number {
  if (cursor === undefined) return 0
  const [, number] = /^public:(0|[1-9]\d{0,14})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (number === undefined) throw new Problem('invalid-cursor', 'This cursor was not given out by this API.')
  return Number(number)
}

/**
 * What readers get of an event: that something has happened, and to what. What an article said then may not be public any
 * more, so that is read where it is.
 */
export function changeOf({ id, kind, at, subjectKind, subjectId, payload }: LoggedEvent): ChangeEvent {
  const { version, changed, reason } = payload
  const said = {
    ...(version !== undefined && { version }),
    ...(changed && { changed }),
    ...(reason !== undefined && { reason }),
  }
  return { id, kind, at, subject: { kind: subjectKind, id: subjectId }, ...said }
}

/** The feed of all changes that readers see. */
export function changeRoutes(app: App, events: EventService, isServing: () => boolean): void {
  let waiting = 0

  app.get(
    '/changes',
    {
      schema: {
        operationId: 'listChanges',
        summary: 'Follow what changes',
        description:
          'Every change of what readers see, in the order in which they were done: who goes on from `page.next` misses none and is told none twice. What went away is told too: `article.withdrawn`, `article.expired`, `article.killed`, `article.erased`, `rail.deleted`, `front.deleted`. An event says what to read again, not how it is now: read the article, rail or front that it names, and with an article the rails and fronts that show articles. With `wait` the answer comes as soon as there is something.',
        tags: ['Changes'],
        querystring: ChangeQuery,
        response: { 200: json('Changes', ChangePage, example.changePage) },
        problems: ['invalid-cursor', 'unavailable'],
      },
    },
    async (request, reply) => {
      const { after, limit = LIMIT_DEFAULT, wait = 0 } = request.query
      const from = decoded(after)
      let found = await events.publicAfter(from, limit)
      if (found.length === 0 && wait > 0) {
        if (waiting >= WAITING_MAX) {
          throw new Problem('unavailable', 'Too many are waiting. Ask again in a moment, or without `wait`.', {
            headers: { 'retry-after': '2' },
          })
        }
        waiting++
        try {
          const looks = (wait * 1_000) / LOOK_EVERY_MS
          for (let n = 0; n < looks && found.length === 0 && isServing() && !request.raw.destroyed; n++) {
            await sleep(LOOK_EVERY_MS)
            found = await events.publicAfter(from, limit)
          }
        } finally {
          waiting--
        }
      }
      const isOpen = request.caller === null && wait === 0
      reply.header('cache-control', isOpen ? 'public, max-age=1' : 'private, no-store').header('vary', 'Authorization')
      return { data: found.map(changeOf), page: { limit, next: encoded(found.at(-1)?.seq ?? from) } }
    },
  )
}
