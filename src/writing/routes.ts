import { setImmediate as loopTurn } from 'node:timers/promises'
import { callerOf, requireScope } from '../access/guard.ts'
import type { EditorialWrites, WriteContext } from '../access/writes.ts'
import { answerOf, faultOf, type Prepared, prepareAll } from '../http/batch.ts'
import { type App, json } from '../http/operation.ts'
import { DryRunQuery, give, IdempotencyKey, REPEATED } from '../http/writes.ts'
import { Problem } from '../shared/problem.ts'
import type { Written } from '../shared/write.ts'
import * as example from './examples.ts'
import { Batch, BatchResults, type Result } from './schema.ts'
import type { Work, WritingService } from './service.ts'
import { askedBy } from './writes.ts'

/** The answers of a small batch can be long, as a patch of one word answers the whole text: they have a limit together. */
const ANSWER_LENGTH_MAX = 16 * 1024 * 1024

/** Several writes as one. Added last: it takes every write that is known by then. */
export function batchRoute(app: App, { known }: EditorialWrites, writing: WritingService): void {
  const address = `${app.prefix}/batch`
  app.post(
    '/batch',
    {
      // Whoever may write anything; each operation asks for its own scope.
      config: { scope: [...new Set(known.flatMap(({ scope }) => scope))] },
      schema: {
        operationId: 'batch',
        summary: 'Do several writes, all or none',
        description:
          'Up to 100 writes of this API in one transaction, in order: what one has done the next one sees. Where one is refused, none is done, and the refusal says which: `#/operations/7/body/headline`. `dryRun` and `Idempotency-Key` go with the whole batch. What answers a secret is sent by itself.',
        tags: ['Batch'],
        headers: IdempotencyKey,
        querystring: DryRunQuery,
        body: Batch,
        bodyExample: example.batch,
        response: { 200: json('All is done: the answer to each', BatchResults, example.results) },
        problems: [...new Set([...REPEATED, ...known.flatMap(({ problems }) => problems)])],
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const asked = { ...askedBy(request, true), isBatch: true }
      const door = { known, address, allow: (scope: (typeof known)[number]['scope']) => requireScope(caller, scope) }
      const prepared = await prepareAll(request.body.operations, door, request)
      return give(reply, await writing.carryOut(asked, (each) => doAll(prepared, each)))
    },
  )
}

/** Does all operations in one transaction. Readers are served between them. */
async function doAll(prepared: Prepared<WriteContext>[], each: Parameters<Work>[0]): Promise<Written> {
  const results: Result[] = []
  let erases = false
  let length = 0
  for (const [n, operation] of prepared.entries()) {
    await loopTurn()
    const written = await each(operation.write.operationId, operation.ready).catch((error: unknown) => {
      throw faultOf(n, error)
    })
    const result = answerOf(operation.write, written)
    length += JSON.stringify(result).length
    if (length > ANSWER_LENGTH_MAX) {
      throw new Problem(
        'payload-too-large',
        `Up to operations/${n} the answers together are larger than ${ANSWER_LENGTH_MAX} characters. Nothing was done: send fewer operations at once.`,
      )
    }
    results.push(result)
    erases ||= written.erases === true
  }
  return { body: { results }, subject: { kind: 'batch', id: '' }, erases }
}
