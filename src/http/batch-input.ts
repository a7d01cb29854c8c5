import type * as z from 'zod'
import { type FieldError, Problem } from '../shared/problem.ts'
import { fieldErrors, nearest } from '../shared/validation.ts'
import { parseTags, versionTag } from './etag.ts'
import type { KnownWrite, WriteInput } from './writes.ts'

// One operation of a batch: the write that it means, and its input, checked as it would be alone. Pointers start at the
// operation: `#/path`, `#/body/headline`.

/** One operation as it was sent. */
export interface Operation {
  method: string
  path: string
  ifMatch?: number | string | undefined
  ifNoneMatch?: '*' | undefined
  body?: unknown
}

export interface Door<Context> {
  known: KnownWrite<Context>[]
  /** The address of batches themselves. */
  address: string
  /** Throws where the caller may not do what needs this scope. */
  allow: (scope: KnownWrite<Context>['scope']) => void
}

type Input = WriteInput<unknown, unknown, unknown>

interface Match<Context> {
  write: KnownWrite<Context>
  params: Record<string, string>
  query: string
  errors?: undefined
}
/** What an operation was found to mean, or what is wrong with its method or path. */
export type Found<Context> = Match<Context> | { write?: undefined; errors: FieldError[] }

/** The write that an operation means, or what is wrong with its method or path. */
export function findWrite<Context>({ method, path }: Operation, { known, address }: Door<Context>): Found<Context> {
  const [at = '', ...queries] = path.split('?')
  const fault = (pointer: string, code: string, detail: string, more: Partial<FieldError> = {}) => ({
    errors: [{ pointer, code, detail, ...more }],
  })
  if (at === address) return fault('#/path', 'not-in-a-batch', 'A batch cannot hold a batch.')
  let matching: { write: KnownWrite<Context>; params: Record<string, string> }[]
  try {
    matching = known.flatMap((write) => {
      const params = write.matches(at)
      return params ? [{ write, params }] : []
    })
  } catch (error) {
    if (error instanceof Problem) return fault('#/path', 'wrong-format', error.message)
    throw error
  }
  // Where a word and a parameter both fit, the word is meant, as it is to the router.
  matching.sort((a, b) => Object.keys(a.params).length - Object.keys(b.params).length)
  if (matching.length === 0) return fault('#/path', 'unknown-path', ...unknownPath(at, known))
  const match = matching.find(({ write }) => write.method === method)
  if (match === undefined) {
    const allowed = [...new Set(matching.map(({ write }) => write.method))]
    const detail = `${method} is not taken at this path; ${allowed.join(', ')} ${allowed.length === 1 ? 'is' : 'are'}.`
    return fault('#/method', 'not-allowed', detail, { allowed })
  }
  const { schema } = match.write
  const isImpossible = Object.values(match.params).some((value) => value.includes('\0'))
  if (isImpossible || schema.params?.safeParse(match.params).success === false) {
    return fault('#/path', 'unknown-path', 'There is nothing at this address.')
  }
  return { ...match, query: queries.join('?') }
}

/** What to say of a path that no write has, with the nearest that one has. */
function unknownPath(path: string, known: { url: string }[]): [detail: string, more: Partial<FieldError>] {
  const sent = path.split('/')
  const patterns = new Map<string, string>()
  for (const { url } of known) {
    const parts = url.split('/')
    if (parts.length !== sent.length) continue
    // Its parameters take what was sent in their places, so that only the words count.
    patterns.set(parts.map((part, i) => (part.startsWith(':') ? sent[i] : part)).join('/'), url)
  }
  const near = patterns.get(nearest(path, [...patterns.keys()]) ?? '')
  const didYouMean = near?.replaceAll(/:([A-Za-z]+)/g, '{$1}')
  const hint = didYouMean ? ` Did you mean "${didYouMean}"?` : ' Give the path of one write, as it is sent alone.'
  return [`No write has this path.${hint}`, didYouMean ? { didYouMean } : {}]
}

/** The checked input of an operation, or what is wrong with it. */
export function readInput<Context>(
  operation: Operation,
  found: Match<Context>,
): { input?: Input; errors: FieldError[] } {
  const { schema, isSecret, operationId } = found.write
  const errors: FieldError[] = []
  if (isSecret) {
    const detail = `The answer to ${operationId} is a secret, given once: send it by itself.`
    return { errors: [{ pointer: '#/path', code: 'not-in-a-batch', detail }] }
  }
  const ifMatch = typeof operation.ifMatch === 'number' ? versionTag(operation.ifMatch) : operation.ifMatch
  if (ifMatch !== undefined && parseTags(ifMatch) === undefined) {
    const detail = 'Must be the number of a version, or an ETag as it was given, quotes included, as in "\\"3\\"".'
    errors.push({ pointer: '#/ifMatch', code: 'wrong-format', detail })
  }
  const take: Take = (part, value, place) => {
    const result = part.safeParse(value)
    if (!result.success) errors.push(...fieldErrors(part, value, result.error.issues).map(place))
    return result.data
  }
  const params = schema.params === undefined ? found.params : schema.params.parse(found.params)
  const query = readQuery(found, take, errors)
  const body = readBody(operation.body, schema, take, errors)
  if (errors.length > 0) return { errors }
  return { errors, input: { params, query, body, ifMatch, ifNoneMatch: operation.ifNoneMatch } }
}

type Take = (part: z.ZodType, value: unknown, place: (error: FieldError) => FieldError) => unknown

function readQuery<Context>(found: Match<Context>, take: Take, errors: FieldError[]): unknown {
  const sent: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of new URLSearchParams(found.query)) {
    const before = sent[name]
    sent[name] = before === undefined ? value : [before, value].flat()
  }
  const names = Object.keys(sent)
  const own = found.write.schema.query
  const inPath = (each: FieldError) => ({
    ...each,
    pointer: '#/path',
    code: each.code.replace('unknown-field', 'unknown-parameter'),
    detail: `${each.pointer.replace(/^#\//, '')}: ${each.detail.replace('is not a field here', 'is not a parameter here')}`,
  })
  if (names.includes('dryRun')) {
    const detail = 'dryRun: A dry run is one of the whole batch: send it with the address of the batch.'
    errors.push({ pointer: '#/path', code: 'unknown-parameter', detail })
  } else if (own !== undefined) return take(own, { ...sent }, inPath)
  else if (names.length > 0) {
    const detail = `${names[0]?.slice(0, 100)}: This operation takes no parameters.`
    errors.push({ pointer: '#/path', code: 'unknown-parameter', detail })
  }
  return {}
}

function readBody(
  sent: unknown,
  { body, bodyOptional }: KnownWrite<never>['schema'],
  take: Take,
  errors: FieldError[],
): unknown {
  const isEmpty = sent === undefined || sent === null
  if (body !== undefined) {
    if (bodyOptional && isEmpty) return {}
    return take(body, sent, (each) => ({ ...each, pointer: `#/body${each.pointer.slice(1)}` }))
  }
  if (!isEmpty && !(typeof sent === 'object' && Object.keys(sent).length === 0)) {
    errors.push({ pointer: '#/body', code: 'needless-body', detail: 'This operation takes no body.' })
  }
  return {}
}
