import * as z from 'zod'
import { type App, json } from '../http/operation.ts'
import { callerOf } from './guard.ts'
import * as schema from './schema.ts'
import type { AccessService } from './service.ts'
import type { EditorialWrites } from './writes.ts'

const key: schema.Key = {
  id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77',
  name: 'News desk',
  role: 'editor',
  scopes: [],
  hint: 'x9Qa',
  createdAt: '2026-11-22T17:55:00.000Z',
  revokedAt: null,
}
const created = { ...key, key: 'dl_live_EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLEx9Qa' }
const KeyId = z.object({ id: z.string().max(200).meta({ description: 'The id of a key', example: key.id }) })

/** API keys. The secret of a new one is in the answer to its creation, and nowhere else ever again. */
export function accessRoutes(app: App, writes: EditorialWrites, access: AccessService): void {
  app.get(
    '/keys',
    {
      config: { scope: 'keys:write' },
      schema: {
        operationId: 'listKeys',
        summary: 'List all keys, newest first',
        description: 'Revoked ones too. The secrets are nowhere.',
        tags: ['Keys'],
        response: { 200: json('The keys, without their secrets', schema.KeyList, { data: [key] }) },
      },
    },
    async () => ({ data: await access.list() }),
  )

  writes.route(app, {
    method: 'POST',
    url: '/keys',
    scope: 'keys:write',
    isSecret: true,
    schema: {
      operationId: 'createKey',
      summary: 'Make a key',
      description: 'The answer has the secret, this once: only a hash of it is stored.',
      tags: ['Keys'],
      body: schema.KeyCreate,
      bodyExample: { name: 'News desk', role: 'editor' },
      response: { 201: json('The key, with its secret', schema.KeyCreated, created) },
    },
    work: async ({ tx }, { body }) => {
      const made = await access.createIn(tx, body.name, body.role, body.scopes ?? [])
      return { status: 201, body: made, subject: { kind: 'key', id: made.id } }
    },
  })

  writes.route(app, {
    method: 'DELETE',
    url: '/keys/:id',
    scope: 'keys:write',
    schema: {
      operationId: 'revokeKey',
      summary: 'Revoke a key',
      description: 'It is refused from the next request on. Revoking it again changes nothing.',
      tags: ['Keys'],
      params: KeyId,
      response: { 200: json('The key as revoked', schema.Key, { ...key, revokedAt: '2026-11-23T09:00:00.000Z' }) },
      problems: ['not-found'],
    },
    work: async ({ tx }, { params }) => {
      const revoked = await access.revokeIn(tx, params.id)
      return { body: revoked, subject: { kind: 'key', id: revoked.id, changed: ['revokedAt'] } }
    },
  })
}

/** For whoever has a key, whatever it may do. It stands behind the open door, where partners look. */
export function meRoute(app: App): void {
  app.get(
    '/me',
    {
      config: { isAlwaysSent: true },
      schema: {
        operationId: 'getMe',
        summary: 'Whose key this is and what it may do',
        description: 'For checking a key, and for showing only what it allows.',
        tags: ['Keys'],
        response: {
          200: json('The key that asks', schema.Me, {
            id: key.id,
            name: key.name,
            role: 'editor',
            scopes: [...schema.roles.editor],
          }),
        },
      },
    },
    async (request, reply) => {
      const { id, name, role, scopes } = callerOf(request)
      reply.header('cache-control', 'private, no-store').header('vary', 'Authorization')
      return { id, name, role, scopes: [...scopes] }
    },
  )
}
