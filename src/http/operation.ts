import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, FastifyTypeProvider, RawServerDefault } from 'fastify'
import * as z from 'zod'
import type { ProblemCode } from '../shared/problem.ts'

/** An example, or what makes it: the program itself, say, which need not do so before somebody reads the document. */
export type Example = unknown | (() => unknown)

/** What a response of one status is, for the document and for the check before it is sent. */
export interface Answer {
  description: string
  headers?: z.ZodObject
  content?: Record<
    string,
    { schema: z.ZodType; example?: Example; examples?: Record<string, { summary?: string; value: unknown }> }
  >
}

declare module 'fastify' {
  /** A route's schema is its description too: the OpenAPI documents are made of these (http/openapi.ts). */
  interface FastifySchema {
    hide?: boolean
    /** It needs no key, even where its door does. */
    needsNoKey?: boolean
    operationId?: string
    summary?: string
    description?: string
    tags?: string[]
    /** Refusals besides those that every operation can give. */
    problems?: ProblemCode[]
    /** Further media types of the body, and an example of it. */
    consumes?: string[]
    /** The body is a file of any kind, and no JSON. */
    isFile?: boolean
    bodyExample?: unknown
    /** The body as it is documented, where what is checked first is looser (a merge patch, say). */
    bodyDocumented?: z.ZodType
    /** The body may be left out as a whole. */
    bodyOptional?: boolean
  }
}

/** An operation that takes no parameters says so: one that it does not know would otherwise be taken in silence. */
export function refuseUnknownParameters(door: FastifyInstance): void {
  door.addHook('onRoute', ({ schema }) => {
    if (schema) schema.querystring ??= z.strictObject({})
  })
}

/** Lets handlers know the types that the schemas promise. */
export interface ZodProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
  serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown
}

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodProvider>

/** A JSON answer with its schema and an example. */
export const json = (description: string, schema: z.ZodType, example: Example, headers?: z.ZodObject): Answer => ({
  description,
  content: { 'application/json': { schema, example } },
  ...(headers && { headers }),
})
