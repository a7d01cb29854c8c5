import * as z from 'zod'
import { callerOf, requireScope } from '../access/guard.ts'
import type { Caller } from '../access/schema.ts'
import type { EditorialWrites } from '../access/writes.ts'
import { Note } from '../articles/schema.ts'
import { JSON_PATCH, MERGE_PATCH } from '../http/content-types.ts'
import { requireVersion, versionTag } from '../http/etag.ts'
import { CreatedHeaders, PageHeaders, TaggedHeaders, WriteHeaders } from '../http/headers.ts'
import { type App, json } from '../http/operation.ts'
import { decodeCursor, LIMIT_DEFAULT, pageLinks, pageOf } from '../http/paging.ts'
import { aheadOf } from '../publishing/routes.ts'
import { JsonPatch } from '../shared/json-patch.ts'
import type { Followed, Written } from '../shared/write.ts'
import * as example from './examples.ts'
import * as schema from './schema.ts'
import type { ReleaseService } from './service.ts'
import { type ChangedRelease, entryId } from './shown.ts'

const scope = 'releases:write' as const
const onReleases = { config: { scope } }
const tags = ['Releases']
const answered = { 200: json('The release', schema.Release, example.release, TaggedHeaders) }
const changed = ['not-found', 'invalid-transition', 'version-mismatch', 'version-required'] as const
const asked = { tags, params: schema.ReleaseId, headers: WriteHeaders }

/** A release publishes: who schedules it, or changes one that is scheduled, must be allowed what it does. */
function requireToPublish(caller: Caller): void {
  requireScope(caller, 'articles:publish')
  requireScope(caller, 'rails:write')
}

/** Releases: articles and rails that change at one instant. And all that will happen by the clock. */
export function releaseRoutes(app: App, writes: EditorialWrites, releases: ReleaseService): void {
  const answer = (written: ChangedRelease, also?: (release: schema.Release) => Followed[]): Written => ({
    headers: { etag: versionTag(written.release.version) },
    body: releases.show(written),
    subject: {
      kind: 'release',
      id: written.release.id,
      version: written.release.version,
      changed: written.changed,
    },
    followed: [...(written.followed ?? []), ...(also?.(releases.show(written)) ?? [])],
  })

  app.get(
    '/releases',
    {
      ...onReleases,
      schema: {
        operationId: 'listReleases',
        summary: 'List releases, last changed first',
        description: 'Without their pieces. A release that has come is `released` from that instant on.',
        tags,
        querystring: schema.ReleaseListQuery,
        response: { 200: json('A page of releases', schema.ReleasePage, example.list, PageHeaders) },
        problems: ['invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor, state } = request.query
      const filters = { releases: true, state }
      const place = decodeCursor(cursor, filters)
      const rows = await releases.list(state, limit + 1, place)
      const shown = pageOf(rows, limit, place, filters, ({ updatedAt, id }) => ({ at: updatedAt, id }))
      reply.header('link', pageLinks(request.url, shown.page))
      return { data: shown.rows, page: shown.page }
    },
  )

  writes.route(app, {
    method: 'POST',
    url: '/releases',
    scope,
    schema: {
      operationId: 'createRelease',
      summary: 'Create a release',
      description:
        'Open, with pieces or without. `version` is the version of a piece that you have looked at: a release refuses to take another one.',
      tags,
      body: schema.ReleaseCreate,
      bodyExample: example.create,
      response: { 201: json('The release', schema.Release, { ...example.release, state: 'open' }, CreatedHeaders) },
      problems: ['already-exists', 'invalid-transition', 'piece-changed', 'duplicate-item', 'rail-full'],
    },
    work: async ({ tx, caller }, { body }) => {
      const written = await releases.createIn(tx, caller, body)
      const { headers, ...rest } = answer(written)
      const location = `/v1/editorial/releases/${written.release.id}`
      return { ...rest, status: 201, headers: { ...headers, location } }
    },
  })

  app.get(
    '/releases/:id',
    {
      config: { scope, isAlwaysSent: true },
      schema: {
        operationId: 'getRelease',
        summary: 'Read one release with its pieces',
        description:
          'Each with how it stands now. The ETag is what If-Match needs; how the pieces stand, and `state`, also change without a new version, so there is no 304.',
        tags,
        params: schema.ReleaseId,
        response: answered,
        problems: ['not-found'],
      },
    },
    async (request, reply) => {
      const release = await releases.get(callerOf(request), request.params.id)
      return reply.header('etag', versionTag(release.version)).send(release)
    },
  )

  writes.route(app, {
    method: 'PATCH',
    url: '/releases/:id',
    scope,
    schema: {
      ...asked,
      operationId: 'patchRelease',
      summary: 'Rename a release',
      description: 'A JSON Merge Patch (RFC 7396) or a JSON Patch (RFC 6902). The pieces have operations of their own.',
      consumes: [MERGE_PATCH, JSON_PATCH],
      body: z.union([schema.ReleasePatch, JsonPatch]),
      bodyDocumented: schema.ReleasePatch,
      bodyExample: { title: 'Election night, the second count' },
      response: answered,
      problems: [...changed, 'patch-test-failed'],
    },
    work: async ({ tx, caller }, { params, body, ifMatch }) =>
      answer(await releases.renameIn(tx, caller, params.id, requireVersion(ifMatch), body)),
  })

  writes.route(app, {
    method: 'DELETE',
    url: '/releases/:id',
    scope,
    schema: {
      ...asked,
      operationId: 'deleteRelease',
      summary: 'Delete a release',
      description: 'Only while it is open or cancelled. Its pieces stay as they are.',
      response: { 204: { description: 'It is gone' } },
      problems: [...changed],
    },
    work: async ({ tx }, { params, ifMatch }) => {
      await releases.deleteIn(tx, params.id, requireVersion(ifMatch))
      return { status: 204, subject: { kind: 'release', id: params.id } }
    },
  })

  writes.route(app, {
    method: 'POST',
    url: '/releases/:id/items',
    scope,
    schema: {
      ...asked,
      operationId: 'addToRelease',
      summary: 'Add a piece to a release',
      description:
        'An article as it stands, or a rail with what it will hold. If the release is scheduled already, the piece is scheduled with it, for the same instant.',
      body: schema.PieceWrite,
      bodyExample: example.pieceWrite,
      response: answered,
      problems: [...changed, 'already-exists', 'piece-changed', 'duplicate-item', 'rail-full'],
    },
    prepare: ({ params, body }, request) =>
      releases.renderPieceEarly(callerOf(request), params.id, body, aheadOf(request)),
    work: async ({ tx, caller }, { params, body, ifMatch }, early) => {
      requireToPublish(caller)
      return answer(await releases.addIn(tx, caller, params.id, requireVersion(ifMatch), body, early))
    },
  })

  writes.route(app, {
    method: 'DELETE',
    url: '/releases/:id/items/:kind/:subject',
    scope,
    schema: {
      ...asked,
      params: schema.PieceAddress,
      operationId: 'removeFromRelease',
      summary: 'Take a piece out of a release',
      description: 'If the release is scheduled, what it has planned for the piece is taken back.',
      response: answered,
      problems: [...changed],
    },
    work: async ({ tx, caller }, { params, ifMatch }) => {
      requireToPublish(caller)
      return answer(await releases.removeIn(tx, caller, params.id, requireVersion(ifMatch), params))
    },
  })

  writes.route(app, {
    method: 'POST',
    url: '/releases/:id/schedule',
    scope,
    schema: {
      ...asked,
      operationId: 'scheduleRelease',
      summary: 'Schedule a release, or release it now',
      description:
        'All its pieces change for readers at one instant: at `liveFrom`, or now if that is left out. A piece that has changed since it was added is refused by name, unless `acceptChanges` says that it is meant. One that is scheduled already is moved.',
      body: schema.ReleaseSchedule,
      bodyOptional: true,
      bodyExample: { liveFrom: '2026-11-23T06:00:00+01:00' },
      response: answered,
      problems: [...changed, 'piece-changed', 'slug-taken', 'duplicate-item', 'rail-full'],
    },
    prepare: ({ params }, request) => releases.renderEarly(callerOf(request), params.id, aheadOf(request)),
    work: async ({ tx, caller }, { params, body, ifMatch }, early) => {
      requireToPublish(caller)
      return answer(
        await releases.scheduleIn(tx, caller, params.id, requireVersion(ifMatch), body, early),
        piecesOf('scheduleRelease'),
      )
    },
  })

  writes.route(app, {
    method: 'POST',
    url: '/releases/:id/cancel',
    scope,
    schema: {
      ...asked,
      operationId: 'cancelRelease',
      summary: 'Cancel a release before its time',
      description: 'Readers see nothing of it, ever. It can be scheduled again.',
      body: Note,
      bodyOptional: true,
      bodyExample: { note: 'The count goes on.' },
      response: {
        200: json('The release', schema.Release, { ...example.release, state: 'cancelled' }, TaggedHeaders),
      },
      problems: [...changed],
    },
    work: async ({ tx, caller }, { params, body, ifMatch }) => {
      requireToPublish(caller)
      return answer(
        await releases.cancelIn(tx, caller, params.id, requireVersion(ifMatch), body.note),
        piecesOf('cancelRelease'),
      )
    },
  })

  app.get(
    '/schedule',
    {
      config: { scope: 'articles:publish' },
      schema: {
        operationId: 'listSchedule',
        summary: 'What will happen, in the order of time',
        description:
          'Every beginning and end of an article, every change of a rail and every release that is still to come. Pieces of a release have its `releaseId`.',
        tags,
        querystring: schema.ScheduleQuery,
        response: { 200: json('A page of what will happen', schema.SchedulePage, example.schedule, PageHeaders) },
        problems: ['invalid-cursor'],
      },
    },
    async (request, reply) => {
      const { limit = LIMIT_DEFAULT, cursor, until } = request.query
      const filters = { schedule: true, until }
      const place = decodeCursor(cursor, filters)
      const rows = await releases.schedule(until, limit + 1, place)
      const shown = pageOf(rows, limit, place, filters, (entry) => ({ at: entry.at, id: entryId(entry) }))
      reply.header('link', pageLinks(request.url, shown.page))
      return { data: shown.rows, page: shown.page }
    },
  )
}

/** The pieces that a release has planned something for, or had: each is told in the audit, where people look for a piece. */
const piecesOf =
  (action: string) =>
  ({ items }: schema.Release): Followed[] =>
    items.map((item) => ({
      action,
      subject: {
        ...(item.kind === 'article' ? { kind: 'article', id: item.id } : { kind: 'rail', id: item.key }),
        ...(item.currentVersion !== null && { version: item.currentVersion }),
        changed: ['scheduled'],
      },
    }))
