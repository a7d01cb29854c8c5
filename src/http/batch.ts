import { setImmediate as loopTurn } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { type FieldError, Problem } from '../shared/problem.ts'
import { invalidFields } from '../shared/validation.ts'
import type { Ready, Written } from '../shared/write.ts'
import { type Door, type Found, findWrite, type Operation, readInput } from './batch-input.ts'
import type { KnownWrite } from './writes.ts'

// How the operations of a batch become the writes that they would be alone: found, allowed, checked and prepared, with
// every fault told at its place in the batch.

export interface Prepared<Context> {
  write: KnownWrite<Context>
  ready: Ready<Context>
}

/**
 * The operations, ready to be done. What the caller may not do is told before what is wrong with the rest, and of that
 * everything at once. Preparing takes time, so the event loop turns before each.
 */
export async function prepareAll<Context>(
  operations: Operation[],
  door: Door<Context>,
  request: FastifyRequest,
): Promise<Prepared<Context>[]> {
  const found = operations.map((operation) => findWrite(operation, door))
  refuseForbidden(found, door)
  const prepared: Prepared<Context>[] = []
  const faults: FieldError[] = []
  for (const [n, operation] of operations.entries()) {
    const place = found[n]
    const { input, errors } = place?.write ? readInput(operation, place) : { errors: place?.errors ?? [] }
    faults.push(...errors.map((each) => ({ ...each, pointer: inside(n, each.pointer) })))
    if (!place?.write || input === undefined) continue
    await loopTurn()
    try {
      prepared.push({ write: place.write, ready: await place.write.ready(input, request) })
    } catch (error) {
      const problem = faultOf(n, error)
      if (!(problem instanceof Problem) || problem.code !== 'validation-failed') throw problem
      faults.push(...(problem.errors ?? []))
    }
  }
  if (faults.length > 0) throw invalidFields(faults)
  return prepared
}

const inside = (n: number, pointer: string): string => `#/operations/${n}${pointer.slice(1)}`

/** What went wrong with one operation, as a fault of the batch. What is no refusal stays what it is. */
export function faultOf(n: number, error: unknown): unknown {
  if (!(error instanceof Problem)) return error
  const placed = ({ pointer }: FieldError) =>
    pointer.startsWith('#') ? `#/body${pointer.slice(1)}` : pointer === 'If-Match' ? '#/ifMatch' : '#/path'
  const errors = error.errors?.map((each) => ({ ...each, pointer: inside(n, placed(each)) }))
  // The tag is that of something else than the address of the batch.
  const { etag: _etag, ...headers } = error.headers
  const counted =
    error.code === 'version-mismatch' && n > 0
      ? ' Versions are counted with the operations before it, which were not carried out either.'
      : ''
  return new Problem(error.code, `operations/${n}: ${error.message}${counted}`, {
    errors: errors ?? [{ pointer: inside(n, '#'), code: error.code, detail: error.message }],
    headers,
    members: error.members,
    cause: error.cause,
  })
}

/** The answer to one operation as it would be sent alone: one unlike its schema is a fault of ours, and undoes all. */
export function answerOf(
  write: Pick<KnownWrite<unknown>, 'operationId' | 'response'>,
  { status = 200, headers = {}, body }: Written,
) {
  const { etag, location } = headers
  const told = { ...(etag !== undefined && { etag }), ...(location !== undefined && { location }) }
  if (body === undefined) return { status, headers: told }
  const result = write.response[status]?.content?.['application/json']?.schema.safeParse(body)
  if (!result?.success) {
    throw new Error(`${write.operationId} gave an answer unlike its schema`, { cause: result?.error })
  }
  return { status, headers: told, body: result.data as Record<string, unknown> }
}

function refuseForbidden<Context>(found: Found<Context>[], { allow }: Door<Context>): void {
  let first: Problem | undefined
  const errors = found.flatMap((each, n) => {
    if (!each.write) return []
    try {
      allow(each.write.scope)
      return []
    } catch (error) {
      const problem = faultOf(n, error)
      if (!(problem instanceof Problem)) throw error
      first ??= problem
      return problem.errors ?? []
    }
  })
  if (first === undefined) return
  const { code, message, headers, members } = first
  throw new Problem(code, message, { errors: errors.slice(0, 50), headers, members })
}
