import type { FastifyReply, FastifyRequest, FastifySchema, HTTPMethods } from 'fastify'
import * as z from 'zod'
import { Problem, type ProblemCode } from '../shared/problem.ts'
import type { Ready, Written } from '../shared/write.ts'
import type { Answer, App } from './operation.ts'

// One way for every write to come in. A route says what it does as a function of its input and of the transaction that it
// is given; the transaction, safe repetition, dry runs and the audit are the same for all, and so is a batch of them.

/** What a client sends with a write, whether alone or in a batch. */
export interface WriteInput<Params, Query, Body> {
  params: Params
  query: Query
  body: Body
  ifMatch: string | undefined
  ifNoneMatch: string | undefined
}

interface WriteSchema<Params extends z.ZodType, Query extends z.ZodObject, Body extends z.ZodType> {
  operationId: string
  summary: string
  description: string
  tags: string[]
  params?: Params
  querystring?: Query
  headers?: z.ZodObject
  /** Left out where the operation takes none. */
  body?: Body
  /** A body may be left out as a whole. */
  bodyOptional?: boolean
  response: Record<number, Answer>
  problems?: FastifySchema['problems']
  consumes?: string[]
  bodyExample?: unknown
  bodyDocumented?: z.ZodType
}

export interface WriteRoute<
  Context,
  Params extends z.ZodType,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Early,
> {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  scope: NonNullable<FastifyRequest['routeOptions']['config']['scope']>
  schema: WriteSchema<Params, Query, Body>
  /** An answer that holds a secret is not kept for a repetition under the same Idempotency-Key, and not given in a batch. */
  isSecret?: boolean
  /** What is slow, so that nobody waits for it inside the transaction. */
  prepare?: (
    input: WriteInput<z.output<Params>, z.output<Query>, z.output<Body>>,
    request: FastifyRequest,
  ) => Early | Promise<Early>
  work: (
    context: Context,
    input: WriteInput<z.output<Params>, z.output<Query>, z.output<Body>>,
    early: Early,
  ) => Promise<Written>
}

/** One operation as a batch looks for it. */
export interface KnownWrite<Context> {
  method: string
  /** Its whole path, with `:id` and the like in it. */
  url: string
  matches: (path: string) => Record<string, string> | undefined
  operationId: string
  scope: WriteRoute<Context, z.ZodType, z.ZodObject, z.ZodType, unknown>['scope']
  isSecret: boolean
  schema: { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType; bodyOptional: boolean }
  response: Record<number, Answer>
  problems: ProblemCode[]
  ready: (input: WriteInput<unknown, unknown, unknown>, request: FastifyRequest) => Promise<Ready<Context>>
}

/** How a write is carried out, once its input is ready; the answer may be that of an earlier request. */
export type Run<Context> = (
  request: FastifyRequest,
  operation: { operationId: string; isSecret: boolean },
  ready: Ready<Context>,
) => Promise<Written>

export interface Writes<Context> {
  route<Params extends z.ZodType, Query extends z.ZodObject, Body extends z.ZodType, Early = undefined>(
    app: App,
    route: WriteRoute<Context, Params, Query, Body, Early>,
  ): void
  known: KnownWrite<Context>[]
}

const DryRun = z
  .enum(['true', 'false'])
  .optional()
  .meta({ description: '`true`: the same checks and the same answer, and nothing is changed', example: 'false' })
export const DryRunQuery = z.strictObject({ dryRun: DryRun })

/** What the repetition of a write can be refused with. */
export const REPEATED: ProblemCode[] = ['idempotency-key-reused', 'already-done']

export const IdempotencyKey = z.object({
  'idempotency-key': z.string().optional().meta({
    description:
      'Makes it safe to send the request again: the same key has one effect and the same answer for 24 hours. Bare or quoted, up to 255 visible ASCII characters',
    example: '8e03978e-40d5-43dd-bc93-6894a57f9324',
  }),
})

export function writeDoor<Context>(run: Run<Context>): Writes<Context> {
  const known: KnownWrite<Context>[] = []
  return {
    known,
    route(app, { method, url, scope, schema, isSecret = false, prepare, work }) {
      const { body, bodyOptional = false, headers, querystring, ...rest } = schema
      const ready = async (input: WriteInput<never, never, never>, request: FastifyRequest) => {
        const early = (await prepare?.(input, request)) as never
        return (context: Context) => work(context, input, early)
      }
      known.push({
        method,
        url: app.prefix + url,
        matches: matcherOf(app.prefix + url),
        operationId: schema.operationId,
        scope,
        isSecret,
        schema: {
          ...(schema.params && { params: schema.params }),
          ...(querystring && { query: querystring }),
          ...(body && { body }),
          bodyOptional,
        },
        response: schema.response,
        problems: schema.problems ?? [],
        ready: ready as KnownWrite<Context>['ready'],
      })
      app.route({
        method: method as HTTPMethods,
        url,
        config: { scope },
        schema: {
          ...rest,
          ...(body && {
            body: bodyOptional ? body.nullish() : body,
            bodyOptional,
            bodyDocumented: schema.bodyDocumented ?? body,
          }),
          headers: headers ? IdempotencyKey.extend(headers.shape) : IdempotencyKey,
          querystring: querystring ? querystring.extend({ dryRun: DryRun }) : DryRunQuery,
          problems: [...REPEATED, ...(schema.problems ?? [])],
        } as FastifySchema,
        handler: async (request, reply) => {
          const work = await ready(inputOf(request) as WriteInput<never, never, never>, request)
          return give(reply, await run(request, { operationId: schema.operationId, isSecret }, work))
        },
      })
    },
  }
}

function inputOf({ params, query, body, headers }: FastifyRequest): WriteInput<unknown, unknown, unknown> {
  const { dryRun: _dryRun, ...rest } = query as Record<string, unknown>
  const ifNoneMatch = headers['if-none-match']
  return { params, query: rest, body: body ?? {}, ifMatch: headers['if-match'], ifNoneMatch }
}

export function give(reply: FastifyReply, { status = 200, headers = {}, body }: Written): FastifyReply {
  return reply.code(status).headers(headers).send(body)
}

/** The parameters of a path of this pattern, or undefined for another path. */
function matcherOf(url: string): KnownWrite<unknown>['matches'] {
  const names = [...url.matchAll(/:([A-Za-z]+)/g)].map(([, name = '']) => name)
  const pattern = new RegExp(`^${url.replaceAll(/:[A-Za-z]+/g, '([^/]+)')}$`)
  return (path) => {
    const match = pattern.exec(path)
    if (!match) return undefined
    return Object.fromEntries(names.map((name, at) => [name, decoded(match[at + 1] ?? '')]))
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Problem('malformed-request', 'The address holds a broken percent-encoding.')
  }
}
