import { type App, json } from '../http/operation.ts'
import { LIMIT_DEFAULT } from '../http/paging.ts'
import { Problem } from '../shared/problem.ts'
import { ahead, cursorOf, numberIn, revoked, type Told } from './changes.ts'
import * as example from './examples.ts'
import { ChangePage, ChangeQuery, StreamHeaders, StreamQuery, StreamText } from './feed-schema.ts'
import type { Following } from './following.ts'
import { PAGE } from './stream.ts'

const EVENT_STREAM = 'text/event-stream'

/** The feed of all changes that readers see, as pages and as a stream. */
export function changeRoutes(app: App, following: Following): void {
  const { feed, stream, patiently, standing, isServing, listenersMax } = following

  async function after(from: number, limit: number): Promise<Told[]> {
    const found = await feed.after(from, limit)
    if (found.length > 0 || from <= (await feed.lastPublic())) return found
    throw ahead()
  }

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
    async ({ query, caller, raw }, reply) => {
      const { limit = LIMIT_DEFAULT, wait = 0 } = query
      const from = query.after === undefined ? 0 : numberIn(query.after)
      const found = await patiently(
        () => after(from, limit),
        wait,
        () => !raw.destroyed,
      )
      if (wait > 0 && caller && !(await standing([caller.id])).has(caller.id)) throw revoked()
      const isOpen = caller === null && wait === 0
      reply.header('cache-control', isOpen ? 'public, max-age=1' : 'private, no-store').header('vary', 'Authorization')
      return { data: found.map(({ change }) => change), page: { limit, next: cursorOf(found.at(-1)?.seq ?? from) } }
    },
  )

  app.get(
    '/stream',
    {
      config: { gives: EVENT_STREAM },
      schema: {
        operationId: 'streamChanges',
        summary: 'Hear of changes as they happen',
        description:
          'The same events as `/v1/changes` as Server-Sent Events, within a second, whichever node wrote. `data` is a `ChangeEvent` as JSON; events have no name, so that `onmessage` of an `EventSource` hears all. `id` is the place to go on from: an `EventSource` that lost its connection sends it as `Last-Event-ID` and misses nothing. A line with a colon comes when nothing else does. Who does not read what comes is let go; so is everybody when a server ends, and comes back to another.',
        tags: ['Changes'],
        querystring: StreamQuery,
        headers: StreamHeaders,
        response: {
          200: {
            description: 'Events, as long as the connection lasts',
            content: { [EVENT_STREAM]: { schema: StreamText, example: example.streamed } },
          },
        },
        problems: ['invalid-cursor', 'unavailable'],
      },
    },
    async ({ method, query, headers, caller }, reply) => {
      const cursor = headers['last-event-id'] || query.after
      const last = cursor === undefined ? await feed.lastPublic() : numberIn(cursor)
      // Read before the answer begins, so that what cannot be given is a refusal and not a stream that ends.
      const first = cursor === undefined ? [] : await after(last, PAGE)
      if (stream.count() >= listenersMax || !isServing()) {
        throw new Problem(
          'unavailable',
          'As many listen as this server serves. Try again in a moment, or use /v1/changes.',
          {
            headers: { 'retry-after': '5' },
          },
        )
      }
      // `X-Accel-Buffering` is for an nginx in between, which would else keep events until it has enough of them.
      reply.headers({ 'content-type': EVENT_STREAM, 'cache-control': 'private, no-store', 'x-accel-buffering': 'no' })
      if (method === 'HEAD') return reply.send('')
      reply.hijack()
      reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>)
      stream.listen(reply.raw, { from: last, first, keyId: caller?.id })
      return reply
    },
  )
}
