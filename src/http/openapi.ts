import type { FastifyInstance, FastifySchema, RouteOptions } from 'fastify'
import * as z from 'zod'
import { createDocument, type ZodOpenApiObject, type ZodOpenApiOperationObject } from 'zod-openapi'
import { type ProblemCode, problems } from '../shared/problem.ts'
import { openResponses, plainSchema } from './openapi-schemas.ts'
import type { Answer } from './operation.ts'
import { ProblemDocument, problemExample } from './problem-schema.ts'

export interface DoorDocument {
  title: string
  description: string
  version: string
  serverUrl: string
  tags: { name: string; description: string }[]
  /** Whether every operation needs a key. */
  isClosed: boolean
}

/** A message that this server sends by itself, by the name of its kind. */
export type Messages = Record<string, { summary: string; schema: z.ZodType; headers: z.ZodObject; example: unknown }>

/** The routes of one door, in the order in which they were added; call before the routes are. */
export function collectRoutes(door: FastifyInstance): RouteOptions[] {
  const routes: RouteOptions[] = []
  door.addHook('onRoute', (route) => {
    // HEAD is added to each GET by Fastify and needs no entry of its own.
    if (route.schema?.operationId && route.method !== 'HEAD') routes.push(route)
  })
  return routes
}

/**
 * The OpenAPI 3.1 document of one door, made from the schemas that check its requests and answers. Each shared schema is
 * one named component. (@fastify/swagger does the same by way of JSON Schema; this is shorter and loses nothing.)
 */
export function buildDocument(about: DoorDocument, routes: RouteOptions[], messages: Messages = {}): object {
  const paths: ZodOpenApiObject['paths'] = {}
  for (const route of routes) {
    const path = route.url.replaceAll(/:([A-Za-z]+)/g, '{$1}')
    const operation = describe(route, about.isClosed)
    paths[path] = { ...paths[path], [String(route.method).toLowerCase()]: operation }
  }
  const document = createDocument(
    {
      openapi: '3.1.1',
      info: {
        title: about.title,
        version: about.version,
        description: about.description,
        license: { name: 'MIT', identifier: 'MIT' },
        contact: { name: 'The Dateline authors', url: `${about.serverUrl}/docs` },
      },
      servers: [{ url: about.serverUrl, description: 'This server' }],
      security: about.isClosed ? [{ key: [] }] : [{}, { key: [] }],
      tags: about.tags,
      paths,
      ...(Object.keys(messages).length > 0 && { webhooks: describeMessages(messages) }),
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'A key of the form `dl_<environment>_<random>`' },
        },
      },
    },
    { override: plainSchema, allowEmptySchema: { unknown: true } },
  )
  return openResponses(document)
}

function describe(route: RouteOptions, isClosed: boolean): ZodOpenApiOperationObject {
  const schema: FastifySchema = route.schema ?? {}
  const parameters = {
    ...(schema.params instanceof z.ZodObject && { path: schema.params }),
    ...(schema.querystring instanceof z.ZodObject && { query: schema.querystring }),
    ...(schema.headers instanceof z.ZodObject && { header: schema.headers }),
  }
  const body = schema.bodyDocumented ?? schema.body
  return {
    operationId: schema.operationId ?? '',
    summary: schema.summary ?? '',
    ...(schema.description && { description: schema.description }),
    tags: schema.tags ?? [],
    ...(schema.needsNoKey && { security: [{}, { key: [] }] }),
    ...(Object.keys(parameters).length > 0 && { requestParams: parameters }),
    ...(body instanceof z.ZodType && { requestBody: requestBody(body, schema) }),
    responses: {
      ...answers(schema.response),
      ...(route.method === 'GET' &&
        !route.config?.isAlwaysSent && { 304: { description: 'Not modified: you have it' } }),
      ...refusals(refusalsOf(schema, isClosed && !schema.needsNoKey, route.method !== 'GET')),
    },
  }
}

/** What receivers get, and what their answers mean. */
const describeMessages = (messages: Messages): NonNullable<ZodOpenApiObject['webhooks']> =>
  Object.fromEntries(
    Object.entries(messages).map(([kind, { summary, schema, headers, example }]) => [
      kind,
      {
        post: {
          operationId: `receive${kind.replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
          summary,
          description: 'Sent to endpoints that ask for it, at least once, and those of one subject in order.',
          tags: ['Webhooks'],
          security: [{}],
          requestParams: { header: headers },
          requestBody: { required: true, content: { 'application/json': { schema, example } } },
          responses: {
            '2XX': { description: 'It has arrived. Anything else, and no answer within the time, is tried again' },
            '410': { description: 'Nothing is wanted here any more: the endpoint is switched off' },
          },
        },
      },
    ]),
  )

const requestBody = (body: z.ZodType, schema: FastifySchema) => ({
  required: schema.bodyOptional !== true,
  content: Object.fromEntries(
    [...(schema.isFile ? [] : ['application/json']), ...(schema.consumes ?? [])].map((type) => [
      type,
      { schema: body, ...(schema.bodyExample !== undefined && { example: schema.bodyExample }) },
    ]),
  ),
})

const answers = (response: unknown) =>
  Object.fromEntries(
    Object.entries((response ?? {}) as Record<string, Answer>).map(([status, { description, headers, content }]) => [
      status,
      { description, ...(headers && { headers }), ...(content && { content: withExamples(content) }) },
    ]),
  )

const withExamples = (content: NonNullable<Answer['content']>) =>
  Object.fromEntries(
    Object.entries(content).map(([type, { example, ...rest }]) => [
      type,
      { ...rest, ...(example !== undefined && { example: typeof example === 'function' ? example() : example }) },
    ]),
  )

/** What the parts of an operation make possible besides what it names itself. */
function refusalsOf(schema: FastifySchema, isClosed: boolean, takesBody: boolean): ProblemCode[] {
  const body: ProblemCode[] = ['malformed-json', 'payload-too-large', 'unsupported-media-type', 'validation-failed']
  return [
    'unauthenticated',
    'not-acceptable',
    'unavailable',
    ...(isClosed ? (['forbidden'] as const) : []),
    ...(schema.querystring ? (['invalid-parameter'] as const) : []),
    ...(takesBody ? body : []),
    ...(schema.problems ?? []),
  ]
}

function refusals(codes: ProblemCode[]) {
  const byStatus = new Map<number, Set<ProblemCode>>()
  for (const code of codes) {
    const status = problems[code][0]
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(code))
  }
  return Object.fromEntries(
    [...byStatus].map(([status, each]) => [
      String(status),
      {
        description: [...each].map((code) => `${problems[code][1]} (\`${code}\`)`).join('; '),
        content: {
          'application/problem+json': {
            schema: ProblemDocument,
            example: problemExample([...each][0] ?? 'internal-error'),
          },
        },
      },
    ]),
  )
}
