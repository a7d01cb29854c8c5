import { callerOf } from '../access/guard.ts'
import { writers } from '../access/schema.ts'
import type { EditorialWrites, WriteContext } from '../access/writes.ts'
import { ArticleId } from '../articles/routes.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import type { Written } from '../shared/write.ts'
import * as example from './examples.ts'
import { type ChangedList, subjectOf } from './lists.ts'
import { Key } from './rail-routes.ts'
import type { RailService } from './rails.ts'
import * as schema from './schema.ts'
import type { HeadlineService } from './service.ts'

const problems = ['not-found', 'invalid-transition', 'version-mismatch', 'version-required'] as const
const scope = 'rails:write' as const
const staged = { 200: json('The rail', schema.EditorialRail, example.stagedRail, TaggedHeaders) }
const removed = { 200: json('The links', schema.RemovedLinks, example.removed) }

/** The drafts of staged rails, and what was taken out of lists last. */
export function stagingRoutes(
  app: App,
  writes: EditorialWrites,
  { headlines, rails }: { headlines: HeadlineService; rails: RailService },
): void {
  const answer = async ({ tx, caller }: WriteContext, changing: Promise<ChangedList>): Promise<Written> => {
    const rail = await changing
    const body = await rails.showIn(tx, caller, rail)
    return { headers: { etag: versionTag(rail.list.version) }, body, subject: subjectOf(rail) }
  }

  writes.route(app, {
    method: 'POST',
    url: '/rails/:key/publish',
    scope,
    schema: {
      operationId: 'publishRail',
      summary: 'Publish the draft of a staged rail',
      description:
        'Now, or with `liveFrom` later, exactly then: the draft as it stands, whatever is written until then. What was planned before gives way.',
      tags: ['Rails'],
      params: Key,
      headers: WriteHeaders,
      body: schema.RailPublish,
      bodyOptional: true,
      bodyExample: example.railPublish,
      response: staged,
      problems: [...problems],
    },
    work: (context, { params, body, ifMatch }) => {
      const liveFrom = body?.liveFrom ?? undefined
      return answer(context, rails.publishIn(context.tx, context.caller, params.key, requireVersion(ifMatch), liveFrom))
    },
  })

  writes.route(app, {
    method: 'POST',
    url: '/rails/:key/unschedule',
    scope,
    schema: {
      operationId: 'unscheduleRail',
      summary: 'Take back the planned publication of a staged rail',
      description: 'What readers have goes on, and so does the draft.',
      tags: ['Rails'],
      params: Key,
      headers: WriteHeaders,
      response: staged,
      problems: [...problems],
    },
    work: (context, { params, ifMatch }) =>
      answer(context, rails.unscheduleIn(context.tx, context.caller, params.key, requireVersion(ifMatch))),
  })

  writes.route(app, {
    method: 'POST',
    url: '/rails/:key/discard',
    scope,
    schema: {
      operationId: 'discardRailDraft',
      summary: 'Discard the draft of a staged rail',
      description:
        'It holds what readers have once more. The draft stays in the history; what is planned stays planned.',
      tags: ['Rails'],
      params: Key,
      headers: WriteHeaders,
      response: staged,
      problems: [...problems],
    },
    work: (context, { params, ifMatch }) =>
      answer(context, rails.discardIn(context.tx, context.caller, params.key, requireVersion(ifMatch))),
  })

  app.get(
    '/rails/:key/removed',
    {
      config: { scope },
      schema: {
        operationId: 'listRemovedRailItems',
        summary: 'The last 20 items that were taken out of a rail',
        description: 'The last one first. The operation `putBack` puts one back as it was.',
        tags: ['Rails'],
        params: Key,
        response: removed,
        problems: ['not-found'],
      },
    },
    (request) => rails.removed(request.params.key),
  )

  app.get(
    '/articles/:id/headlines/removed',
    {
      config: { scope: writers },
      schema: {
        operationId: 'listRemovedHeadlines',
        summary: "The last 20 links that were taken out of an article's list",
        description: 'The last one first. The operation `putBack` puts one back as it was.',
        tags: ['Headlines'],
        params: ArticleId,
        response: removed,
        problems: ['not-found'],
      },
    },
    (request) => headlines.removed(callerOf(request), request.params.id),
  )
}
