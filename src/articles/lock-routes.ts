import * as z from 'zod'
import { callerOf } from '../access/guard.ts'
import { writers } from '../access/schema.ts'
import type { EditorialWrites } from '../access/writes.ts'
import { type App, json } from '../http/operation.ts'
import { prose } from '../shared/fields.ts'
import type { LockService } from './locks.ts'
import { ArticleId } from './routes.ts'
import { LOCK_S_DEFAULT, LockState, LockWrite } from './schema.ts'

const scope = writers
const example: LockState = {
  articleId: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02',
  lockedBy: {
    id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77',
    name: 'News desk',
    since: '2026-11-22T18:00:00.000Z',
    until: '2026-11-22T18:05:00.000Z',
  },
  broken: null,
}
const answer = { 200: json('The lock as it is now', LockState, example) }
const shared = { tags: ['Articles'], params: ArticleId, response: answer }
const problems = ['not-found', 'invalid-transition', 'locked'] as const

/** Who is at work on an article: shown to others, and in nobody's way. */
export function lockRoutes(app: App, writes: EditorialWrites, locks: LockService): void {
  app.get(
    '/articles/:id/lock',
    {
      config: { scope },
      schema: {
        ...shared,
        operationId: 'getArticleLock',
        summary: 'Who is at work on an article',
        description: 'And, where somebody broke the lock of another, who did and why, until it happens again.',
        problems: ['not-found'],
      },
    },
    (request) => locks.get(callerOf(request), request.params.id),
  )

  writes.route(app, {
    method: 'PUT',
    url: '/articles/:id/lock',
    scope,
    schema: {
      ...shared,
      operationId: 'lockArticle',
      summary: 'Say that you are at work on an article',
      description:
        'Others see it in `lockedBy`, and can still write: the version check decides. It ends by itself; send it again to renew it. Where another has it, 409 names them; an editor takes it from them with `breakReason`.',
      body: LockWrite,
      bodyOptional: true,
      bodyExample: { expiresInS: 300 },
      problems: [...problems],
    },
    work: async ({ tx, caller }, { params: { id }, body }) => {
      const { expiresInS = LOCK_S_DEFAULT, breakReason } = body
      return answered(id, await locks.lockIn(tx, caller, id, expiresInS, breakReason))
    },
  })

  writes.route(app, {
    method: 'DELETE',
    url: '/articles/:id/lock',
    scope,
    schema: {
      ...shared,
      operationId: 'unlockArticle',
      summary: 'Say that you are done with an article',
      description: 'Where nobody is at work on it nothing changes. An editor ends the lock of another with `reason`.',
      querystring: z.strictObject({
        reason: prose(500).optional().meta({ description: 'Why you end the lock of another; editors only' }),
      }),
      problems: [...problems],
    },
    work: async ({ tx, caller }, { params: { id }, query }) =>
      answered(id, await locks.unlockIn(tx, caller, id, query.reason)),
  })
}

const answered = (id: string, body: LockState) => ({ body, subject: { kind: 'article', id, changed: ['lockedBy'] } })
