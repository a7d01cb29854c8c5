import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { AuditService } from '../audit/service.ts'
import { Problem } from '../shared/problem.ts'
import { bearerToken } from './rules.ts'
import { type Caller, may, type Scope } from './schema.ts'
import type { AccessService } from './service.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the caller's key must allow. */
    scope?: Scope | readonly Scope[]
  }
  interface FastifyRequest {
    /** Who is asking; null where no key was sent. */
    caller: Caller | null
  }
}

const challenge = { 'www-authenticate': 'Bearer realm="dateline"' }

/**
 * The hook in front of a door. A key that is sent must be good, also where none is needed. An operation without a
 * scope of its own is denied to everybody, so that a forgotten line closes a door instead of opening it.
 */
export function guard(access: AccessService, door: 'open' | 'closed') {
  return (request: FastifyRequest, _reply: FastifyReply, done: () => void): Promise<void> | undefined => {
    const field = request.headers.authorization
    if (field === undefined && door === 'open') return void done()
    const enter = async () => {
      request.caller = field === undefined ? null : await identify(access, field)
      if (door === 'closed') requireScope(callerOf(request), request.routeOptions.config.scope)
    }
    return enter()
  }
}

/**
 * Notes each request of a door whose key was not taken, or does not allow what it asked for, wherever that was found out.
 * One without a key is a passer-by, and is not noted.
 */
export function noteRefusals(door: FastifyInstance, audit: AuditService): void {
  door.addHook('onError', async (request, _reply, error) => {
    const isRefusal = error instanceof Problem && (error.code === 'unauthenticated' || error.code === 'forbidden')
    if (!isRefusal || request.headers.authorization === undefined) return
    const { method, routeOptions } = request
    const actor = request.caller && { id: request.caller.id, name: request.caller.name }
    const action = routeOptions.schema?.operationId ?? `${method} ${routeOptions.url}`
    audit.noteRefusal({ actor, requestId: request.id, action })
  })
}

async function identify(access: AccessService, field: string): Promise<Caller> {
  const secret = bearerToken(field)
  const caller = secret === undefined ? undefined : await access.identify(secret)
  if (caller) return caller
  throw new Problem('unauthenticated', 'The key is not valid, or has been revoked.', {
    headers: { 'www-authenticate': `${challenge['www-authenticate']}, error="invalid_token"` },
  })
}

/** Where several scopes are named, one of them is enough. */
export function requireScope(caller: Caller, needed: Scope | readonly Scope[] | undefined): void {
  const anyOf = needed === undefined ? [] : [needed].flat()
  if (anyOf.some((scope) => may(caller, scope))) return
  const scope = anyOf[0] ?? 'none'
  throw new Problem(
    'forbidden',
    `This needs a key with the scope ${scope}; the role ${caller.role} does not have it.`,
    {
      headers: { 'www-authenticate': `${challenge['www-authenticate']}, error="insufficient_scope", scope="${scope}"` },
      members: { scope },
    },
  )
}

/** Who asks, where that must be known: 401 for a request without a key. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller !== null) return request.caller
  throw new Problem('unauthenticated', 'Send a key as "Authorization: Bearer dl_…".', { headers: challenge })
}
