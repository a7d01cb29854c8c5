import { distance } from 'fastest-levenshtein'
import * as z from 'zod'
import { type FieldError, Problem } from './problem.ts'

/** `value` as `schema` gives it out, or a 422 that names every field at fault. */
export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw invalidFields(fieldErrors(schema, value, result.error.issues))
}

/** More findings than this help nobody, and an answer must not be many times its request. */
const ERRORS_MAX = 50

export function invalidFields(found: FieldError[]): Problem {
  const errors = found.slice(0, ERRORS_MAX)
  const detail = errors.length === 1 && errors[0] ? errors[0].detail : `${errors.length} fields are not valid.`
  return new Problem('validation-failed', detail, { errors })
}

/** zod's findings as field errors: all of them, each with its place and with what would be right. */
export function fieldErrors(schema: z.ZodType, value: unknown, issues: z.core.$ZodIssue[]): FieldError[] {
  return issues.slice(0, ERRORS_MAX).flatMap((issue) => {
    const path = issue.path
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(schema, value, path)
      return issue.keys.slice(0, ERRORS_MAX).map((key) => unknownField(pointer([...path, key]), key, known))
    }
    if (issue.code === 'invalid_union' && !issue.discriminator && issue.errors.length > 0) {
      const nested = closestBranch(issue.errors)
      return fieldErrors(
        schema,
        value,
        nested.map((each) => ({ ...each, path: [...path, ...each.path] })),
      )
    }
    return [fieldError(issue, valueAt(value, path))]
  })
}

/** The union member that came nearest: one of the same type, and of these the one whose findings are fewest. */
const closestBranch = (branches: z.core.$ZodIssue[][]): z.core.$ZodIssue[] =>
  branches.reduce((best, each) => (farness(each) < farness(best) ? each : best))

const farness = (issues: z.core.$ZodIssue[]): number =>
  issues.some(({ code, path }) => code === 'invalid_type' && path.length === 0) ? Infinity : issues.length

/** A JSON Pointer (RFC 6901) in its fragment form. */
export const pointer = (path: PropertyKey[]): string =>
  `#${path.map((each) => `/${String(each).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')}`

export function unknownField(at: string, name: string, known: string[]): FieldError {
  const didYouMean = nearest(name, known)
  const hint = didYouMean
    ? ` Did you mean "${didYouMean}"?`
    : known.length > 0
      ? ` Known are: ${known.join(', ')}.`
      : ''
  return {
    pointer: at,
    code: 'unknown-field',
    detail: `"${name.slice(0, 100)}" is not a field here.${hint}`,
    ...(didYouMean && { didYouMean }),
  }
}

/** The known word that `word` is most likely a misspelling of. */
export function nearest(word: string, known: string[]): string | undefined {
  if (word.length > 100) return undefined
  const near = known
    .map((each) => ({ each, steps: distance(word.toLowerCase(), each.toLowerCase()) }))
    .filter(({ each, steps }) => steps <= Math.max(1, Math.floor(Math.min(word.length, each.length) / 3)))
  return near.sort((a, b) => a.steps - b.steps)[0]?.each
}

function fieldError(issue: z.core.$ZodIssue, input: unknown): FieldError {
  const at = pointer(issue.path)
  const give = (code: string, detail: string, more: Partial<FieldError> = {}): FieldError => ({
    pointer: at,
    code,
    detail,
    ...more,
  })
  switch (issue.code) {
    case 'invalid_type':
      return input === undefined
        ? give('required', `This field is required (${words(issue.expected)}).`)
        : give('wrong-type', `Must be ${words(issue.expected)}, not ${kindOf(input)}.`)
    case 'too_small':
      return give('too-small', `Must ${sized('least', issue.minimum, issue.origin)}.`)
    case 'too_big':
      return give('too-big', `Must ${sized('most', issue.maximum, issue.origin)}.`)
    case 'invalid_value':
      return notAllowed(at, input, issue.values.map(String))
    case 'invalid_union': {
      const allowed = issue.discriminator && 'options' in issue ? ((issue.options as unknown[]) ?? []).map(String) : []
      const name = issue.discriminator
      const given =
        name && typeof input === 'object' && input !== null ? (input as Record<string, unknown>)[name] : input
      return notAllowed(name && input !== undefined && !at.endsWith(`/${name}`) ? `${at}/${name}` : at, given, allowed)
    }
    case 'invalid_format':
      return give('wrong-format', sentence(issue.message))
    default:
      return give('invalid', sentence(issue.message))
  }
}

function notAllowed(at: string, input: unknown, allowed: string[]): FieldError {
  const didYouMean = typeof input === 'string' ? nearest(input, allowed) : undefined
  const detail = allowed.length === 0 ? 'This is not allowed here.' : `Must be one of: ${allowed.join(', ')}.`
  return {
    pointer: at,
    code: input === undefined ? 'required' : 'not-allowed',
    detail,
    ...(allowed.length > 0 && { allowed }),
    ...(didYouMean && { didYouMean }),
  }
}

const sentence = (message: string): string => (/[.?]$/.test(message) ? message : `${message}.`)
const kindOf = (value: unknown): string =>
  typeof value === 'number' && !Number.isInteger(value)
    ? 'a fraction'
    : value === null
      ? 'null'
      : Array.isArray(value)
        ? 'an array'
        : `a ${typeof value}`
const words = (expected: string): string =>
  ({
    string: 'text',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'an array',
    object: 'an object',
    nonoptional: 'any value',
  })[expected] ?? expected
const units: Record<string, [one: string, many: string]> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
}
/** Numbers have a size of their own; text and lists are counted. */
function sized(bound: 'least' | 'most', limit: number | bigint, origin: string): string {
  const unit = units[origin]
  return unit ? `have at ${bound} ${limit} ${unit[Number(limit) === 1 ? 0 : 1]}` : `be at ${bound} ${limit}`
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  let at = value
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined
    at = (at as Record<PropertyKey, unknown>)[key]
  }
  return at
}

/** The names of the fields that `schema` knows at `path`, following the value where a union has to be decided. */
function keysAt(schema: z.ZodType, value: unknown, path: PropertyKey[]): string[] {
  const inner = unwrap(schema, value)
  const [first, ...rest] = path
  if (inner instanceof z.ZodObject) {
    if (first === undefined) return Object.keys(inner.shape)
    const next: unknown = inner.shape[String(first)]
    return next instanceof z.ZodType ? keysAt(next, valueAt(value, [first]), rest) : []
  }
  if (inner instanceof z.ZodArray && first !== undefined) {
    return keysAt(inner.element as z.ZodType, valueAt(value, [first]), rest)
  }
  return []
}

function unwrap(schema: z.ZodType, value: unknown): z.ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return unwrap(schema.unwrap() as z.ZodType, value)
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType, value)
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { discriminator, options } = schema.def
    const kind = valueAt(value, [discriminator])
    const match = (options as z.ZodType[]).find((option) => {
      const literal: unknown = option instanceof z.ZodObject ? option.shape[discriminator] : undefined
      return literal instanceof z.ZodLiteral && literal.values.has(kind as z.core.util.Literal)
    })
    return match ?? schema
  }
  return schema
}
