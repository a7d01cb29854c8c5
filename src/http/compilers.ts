import type { FastifySchemaCompiler } from 'fastify'
import type { FastifySerializerCompiler } from 'fastify/types/schema.js'
import type * as z from 'zod'
import { type FieldError, Problem } from '../shared/problem.ts'
import { fieldErrors, invalidFields } from '../shared/validation.ts'

/** Checks a part of a request with its zod schema: 422 for the body, 400 for the query, 404 for an impossible path. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema, httpPart }) =>
  (value: unknown) => {
    const result = schema.safeParse(value)
    if (result.success) return { value: result.data }
    const errors = fieldErrors(schema, value, result.error.issues)
    if (httpPart === 'params') return { error: new Problem('not-found', 'There is nothing at this address.') }
    return { error: httpPart === 'body' ? invalidFields(errors) : invalidParameters(errors, value) }
  }

function invalidParameters(errors: FieldError[], given: unknown): Problem {
  const named = errors.slice(0, 20).map((each) => {
    const name = each.pointer.replace(/^#\//, '')
    const code = each.code.replace('unknown-field', 'unknown-parameter')
    const times = code === 'unknown-parameter' ? 1 : timesGiven(given, name)
    const detail =
      times === 1
        ? each.detail.replace('is not a field here', 'is not a parameter here')
        : `Is given ${times === 2 ? 'twice' : `${times} times`}: send it once.`
    return { ...each, pointer: name, code, detail }
  })
  const detail = named
    .slice(0, 3)
    .map((each) => `${each.pointer}: ${each.detail}`)
    .join(' ')
  return new Problem('invalid-parameter', detail, { errors: named })
}

/** A parameter that is there several times comes as an array, of which its sender knows nothing. */
function timesGiven(parameters: unknown, name: string): number {
  const value = (parameters as Record<string, unknown>)[name]
  return Array.isArray(value) ? value.length : 1
}

/** An answer that does not match its own schema is a fault of ours: it is not sent, so that no column can slip out. */
export const serializerCompiler: FastifySerializerCompiler<z.ZodType> =
  ({ schema, method, url }) =>
  (value: unknown) => {
    const result = schema.safeParse(value)
    if (!result.success) throw new Error(`${method} ${url} gave an answer unlike its schema`, { cause: result.error })
    return JSON.stringify(result.data)
  }
