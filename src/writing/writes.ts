import type { FastifyRequest } from 'fastify'
import { callerOf } from '../access/guard.ts'
import type { EditorialWrites, WriteContext } from '../access/writes.ts'
import { writeDoor } from '../http/writes.ts'
import { canonical } from '../shared/json.ts'
import { digestOf, idempotencyKeyOf } from './rules.ts'
import type { Asked, WritingService } from './service.ts'

/** The way in which every write of the editorial door comes: see http/writes.ts. */
export const editorialWrites = (writing: WritingService): EditorialWrites =>
  writeDoor<WriteContext>((request, { operationId, isSecret }, ready) =>
    writing.carryOut(askedBy(request, !isSecret), (each) => each(operationId, ready)),
  )

/** Who asks with this request, and how: as a dry run, or under a key that makes it safe to repeat. */
export function askedBy(request: FastifyRequest, keepsAnswer: boolean): Asked {
  const caller = callerOf(request)
  const { dryRun } = request.query as { dryRun?: string }
  const asked = { caller, requestId: request.id, isDryRun: dryRun === 'true' }
  const key = idempotencyKeyOf(onlyField(request, 'idempotency-key'))
  if (key === undefined) return asked
  const digest = digestOf(request.method, request.url.split('?')[0], key)
  const conditions = [header(request, 'if-match') ?? null, header(request, 'if-none-match') ?? null]
  const all = digestOf(request.query, canonical(request.body ?? null), conditions)
  return { ...asked, once: { digest, request: all, keepsAnswer } }
}

const header = ({ headers }: FastifyRequest, name: string): string | undefined => {
  const field = headers[name]
  return Array.isArray(field) ? field.join(', ') : field
}

/** A field that is sent twice is handed over as one text, which could look like a single one: here it is none. */
function onlyField(request: FastifyRequest, name: string): string | undefined {
  const sent = request.raw.rawHeaders.filter((each, at) => at % 2 === 0 && each.toLowerCase() === name)
  return sent.length > 1 ? '' : header(request, name)
}
