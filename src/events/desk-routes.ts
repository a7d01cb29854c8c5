import { callerOf } from '../access/guard.ts'
import { type Caller, may, type Scope } from '../access/schema.ts'
import { type App, json } from '../http/operation.ts'
import { LIMIT_DEFAULT } from '../http/paging.ts'
import { ahead, cursorOf, numberIn, revoked } from './changes.ts'
import * as example from './examples.ts'
import { ChangeQuery, DeskEventPage } from './feed-schema.ts'
import type { Following } from './following.ts'
import type { EventService } from './service.ts'

/** What is for administrators only, with the scope that shows it. */
const guarded: Record<string, Scope> = { key: 'keys:write', webhook: 'webhooks:write', replay: 'webhooks:write' }
const hiddenFrom = (caller: Caller): string[] =>
  Object.entries(guarded).flatMap(([kind, scope]) => (may(caller, scope) ? [] : [kind]))

/** The whole log, for tools of the desk. */
export function deskChangeRoutes(
  app: App,
  events: EventService,
  { deskPatiently: patiently, standing }: Following,
): void {
  app.get(
    '/changes',
    {
      config: { scope: 'articles:write' },
      schema: {
        operationId: 'listDeskChanges',
        summary: 'Follow what is done at the desk',
        description:
          'Every event of the log in the order of commits: what readers see, with all that is known of it, and every write of the desk ("desk." and its operation). Who goes on from `page.next` misses none and is told none twice. Writes on keys and webhooks are for administrators.',
        tags: ['Changes'],
        querystring: ChangeQuery,
        response: { 200: json('Events', DeskEventPage, example.deskPage) },
        problems: ['invalid-cursor', 'unavailable'],
      },
    },
    async (request) => {
      const caller = callerOf(request)
      const { after, limit = LIMIT_DEFAULT, wait = 0 } = request.query
      const from = after === undefined ? 0 : numberIn(after, 'desk')
      const hidden = hiddenFrom(caller)
      const found = await patiently(
        () => events.after(from, limit, { hidden }),
        wait,
        () => !request.raw.destroyed,
      )
      if (wait > 0 && !(await standing([caller.id])).has(caller.id)) throw revoked()
      if (found.length === 0 && from > (await events.last())) throw ahead()
      const data = found.map(({ subjectKind, subjectId, payload, ...event }) => ({
        ...event,
        subject: { kind: subjectKind, id: subjectId },
        ...payload,
      }))
      return { data, page: { limit, next: cursorOf(data.at(-1)?.seq ?? from, 'desk') } }
    },
  )
}
