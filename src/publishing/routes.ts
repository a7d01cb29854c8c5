import type { FastifyRequest } from 'fastify'
import { callerOf } from '../access/guard.ts'
import { writers } from '../access/schema.ts'
import type { EditorialWrites } from '../access/writes.ts'
import * as example from '../articles/examples.ts'
import { ArticleId, articleAnswer, textsOf } from '../articles/routes.ts'
import { EditorialArticle, Note } from '../articles/schema.ts'
import type { ArticleService } from '../articles/service.ts'
import { requireVersion } from '../http/etag.ts'
import { TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import type { Ahead } from './edition.ts'
import { Erase, Kill, Publish } from './schema.ts'
import type { PublishingService } from './service.ts'

const problems = ['not-found', 'invalid-transition', 'version-mismatch', 'version-required'] as const
const asked = { tags: ['Articles'], params: ArticleId, headers: WriteHeaders, problems: [...problems] }
const answers = (state: EditorialArticle['state'], more: Partial<EditorialArticle> = {}) => ({
  200: json('The article in its new state', EditorialArticle, { ...example.article, state, ...more }, TaggedHeaders),
})
const noted = { body: Note, bodyOptional: true, bodyExample: { note: 'The minister has called back.' } }
const scheduled = { liveFrom: '2026-11-23T05:00:00.000Z', liveUntil: null, embargo: true, releaseId: null }

/** Four forms of a few of the longest articles, or of hundreds of usual ones. */
const AHEAD_LENGTH_MAX = 16 * 1024 * 1024
const aheads = new WeakMap<FastifyRequest, Ahead>()

/** What one request may have rendered ahead, be it a batch of publications and releases: all of it is in memory at once. */
export function aheadOf(request: FastifyRequest): Ahead {
  const known = aheads.get(request) ?? { left: AHEAD_LENGTH_MAX }
  aheads.set(request, known)
  return known
}

/** Transitions: each has an address of its own, answers the article in its new state, and is a version like any write. */
export function publishingRoutes(
  app: App,
  writes: EditorialWrites,
  { publishing, articles }: { publishing: PublishingService; articles: ArticleService },
): void {
  const answer = articleAnswer({ articles, publishing })

  writes.route(app, {
    method: 'POST',
    url: '/articles/:id/publish',
    scope: 'articles:publish',
    schema: {
      ...asked,
      operationId: 'publishArticle',
      summary: 'Publish an article, now or later',
      description:
        'Makes an edition of the version that stands. Without `liveFrom` readers see it from this instant on, instead of the one before; with it, exactly from then on, and until then they see what they see now. What was scheduled before gives way. Instants may have any offset and are given out in UTC.',
      body: Publish,
      bodyOptional: true,
      bodyExample: { liveFrom: '2026-11-23T06:00:00+01:00', embargo: true, note: 'After the press conference' },
      response: answers('live', { scheduled }),
    },
    prepare: ({ params }, request) =>
      publishing.renderEarly(callerOf(request), params.id, aheadOf(request), textsOf(request).get(params.id)),
    work: async (context, { params, body, ifMatch }, early) => {
      const { tx, caller } = context
      return answer(
        context,
        await publishing.publishIn(tx, caller, params.id, requireVersion(ifMatch), body, { early }),
      )
    },
  })

  const simple = [
    {
      name: 'withdraw',
      operationId: 'withdrawArticle',
      summary: 'Withdraw an article from the readers',
      description:
        'It is gone from every public answer at once, and what was scheduled is cancelled; publishing brings it back.',
      method: 'POST',
      url: '/articles/:id/withdraw',
      scope: 'articles:publish',
      state: 'withdrawn',
    },
    {
      name: 'unschedule',
      operationId: 'unscheduleArticle',
      summary: 'Take back what was scheduled',
      description: 'What readers see now goes on, as long as it was published for.',
      method: 'POST',
      url: '/articles/:id/unschedule',
      scope: 'articles:publish',
      state: 'draft',
    },
    {
      name: 'trash',
      operationId: 'trashArticle',
      summary: 'Put an article in the trash',
      description: 'Withdraws it if it is public. Nothing is deleted: restore brings it back, as a draft or withdrawn.',
      method: 'DELETE',
      url: '/articles/:id',
      scope: writers,
      state: 'trashed',
    },
    {
      name: 'restore',
      operationId: 'restoreArticle',
      summary: 'Take an article out of the trash',
      description: 'It comes back as a draft, or as withdrawn if it has been public.',
      method: 'POST',
      url: '/articles/:id/restore',
      scope: writers,
      state: 'withdrawn',
    },
  ] as const
  for (const { name, method, url, scope, state, ...told } of simple) {
    writes.route(app, {
      method,
      url,
      scope,
      schema: { ...asked, ...told, ...(method === 'POST' && noted), response: answers(state) },
      work: async (context, { params, body, ifMatch }) => {
        const { tx, caller } = context
        const { note } = (body ?? {}) as { note?: string }
        const versions = requireVersion(ifMatch)
        return answer(context, await publishing[`${name}In`](tx, caller, params.id, versions, note))
      },
    })
  }

  writes.route(app, {
    method: 'POST',
    url: '/articles/:id/kill',
    scope: 'articles:publish',
    schema: {
      ...asked,
      operationId: 'killArticle',
      summary: 'Kill an article for good',
      description:
        'For what must never have been published: it is answered 410 with the reason, its former addresses too, and is in no list, link or past any more. Nobody can write it again; its history stays at the desk.',
      body: Kill,
      bodyExample: { reason: 'legal', note: 'Injunction of 22 November' },
      response: answers('killed', { killReason: 'legal' }),
    },
    work: async (context, { params, body, ifMatch }) => {
      const { tx, caller } = context
      return answer(context, await publishing.killIn(tx, caller, params.id, requireVersion(ifMatch), body))
    },
  })

  writes.route(app, {
    method: 'POST',
    url: '/articles/:id/erase',
    scope: 'articles:erase',
    schema: {
      ...asked,
      operationId: 'eraseArticle',
      summary: 'Erase an article and its whole history',
      description:
        'Only what is in the trash or was killed. Every version, edition, link and kept answer goes; a tombstone with its id and nothing that it said stays, so that its id answers 410 if it was ever public; its slugs are erased too. This cannot be undone.',
      body: Erase,
      bodyExample: { confirm: example.article.id },
      response: { 204: { description: 'It is gone' } },
    },
    work: async ({ tx, caller }, { params, body, ifMatch }) => {
      await publishing.eraseIn(tx, caller, params.id, requireVersion(ifMatch), body.confirm)
      return { status: 204, subject: { kind: 'article', id: params.id }, erases: true }
    },
  })
}
