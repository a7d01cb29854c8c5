import { callerOf } from '../access/guard.ts'
import type { Scope } from '../access/schema.ts'
import * as example from '../articles/examples.ts'
import { ArticleId } from '../articles/routes.ts'
import { EditorialArticle } from '../articles/schema.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import type { PublishingService } from './service.ts'

interface Transition {
  name: 'publish' | 'withdraw' | 'trash' | 'restore'
  method: 'POST' | 'DELETE'
  path: string
  summary: string
  description: string
  scope: Scope | Scope[]
  state: EditorialArticle['state']
}

const transitions: Transition[] = [
  {
    name: 'publish',
    method: 'POST',
    path: '/articles/:id/publish',
    summary: 'Publish an article now',
    description:
      'Makes an edition of the version that stands. Readers see it from this instant on, instead of the one before.',
    scope: 'articles:publish',
    state: 'live',
  },
  {
    name: 'withdraw',
    method: 'POST',
    path: '/articles/:id/withdraw',
    summary: 'Withdraw an article from the readers',
    description: 'It is gone from every public answer at once; publishing brings it back.',
    scope: 'articles:publish',
    state: 'withdrawn',
  },
  {
    name: 'trash',
    method: 'DELETE',
    path: '/articles/:id',
    summary: 'Put an article in the trash',
    description: 'Withdraws it if it is public. Nothing is deleted: restore brings it back, as a draft or withdrawn.',
    scope: ['articles:write', 'articles:write-own'],
    state: 'trashed',
  },
  {
    name: 'restore',
    method: 'POST',
    path: '/articles/:id/restore',
    summary: 'Take an article out of the trash',
    description: 'It comes back as a draft, or as withdrawn if it has been public.',
    scope: ['articles:write', 'articles:write-own'],
    state: 'withdrawn',
  },
]

/** Transitions: each has an address of its own, answers the article in its new state, and is a version like any write. */
export function publishingRoutes(app: App, publishing: PublishingService): void {
  for (const { name, method, path, summary, description, scope, state } of transitions) {
    app.route({
      method,
      url: path,
      config: { scope },
      schema: {
        operationId: `${name}Article`,
        summary,
        description,
        tags: ['Articles'],
        params: ArticleId,
        headers: WriteHeaders,
        response: {
          200: json('The article in its new state', EditorialArticle, { ...example.article, state }, TaggedHeaders),
        },
        problems: ['not-found', 'invalid-transition', 'version-mismatch', 'version-required'],
      },
      handler: async (request, reply) => {
        const versions = requireVersion(request.headers['if-match'])
        const article = await publishing[name](callerOf(request), request.params.id, versions)
        return reply.header('etag', versionTag(article.version)).send(article)
      },
    })
  }
}
