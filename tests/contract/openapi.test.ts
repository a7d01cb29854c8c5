import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeDocuments } from '../../src/commands/openapi.ts'

type Json = Record<string, unknown>
interface Media {
  schema: Json
  example?: unknown
}
interface Operation extends Json {
  operationId: string
  summary: string
  tags: string[]
  parameters?: ({ name: string; in: string; description?: string; schema: Json; example?: unknown } | Json)[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, { description: string; content?: Record<string, Media> }>
}
interface Document {
  openapi: string
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  webhooks?: Record<string, { post: Operation }>
  components: { schemas: Record<string, Json> }
}

const committed = (name: string) => readFileSync(new URL(`../../openapi/${name}`, import.meta.url), 'utf8')
const names = ['delivery.json', 'editorial.json']
let made: Record<string, string>
beforeAll(async () => {
  made = await makeDocuments()
})

it('the committed documents are what the routes make', () => {
  expect(Object.keys(made)).toEqual(names)
  for (const name of names) expect(made[name] === committed(name), `${name}: run "npm run openapi"`).toBe(true)
})

it('no operation has the name of another, in either document', () => {
  const ids = names.flatMap((name) =>
    Object.values((JSON.parse(committed(name)) as Document).paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    ),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

describe.each(names)('%s', (name) => {
  const document = JSON.parse(committed(name)) as Document
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => ({ at: `${verb} ${path}`, path, verb, operation })),
  )
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addSchema({ ...document, $id: 'document' })

  /** Calls `visit` with every object in the document under `node`, references followed once. */
  function walk(node: unknown, visit: (each: Json, at: string) => void, at = '', seen = new Set<string>()): void {
    if (typeof node !== 'object' || node === null) return
    if (!Array.isArray(node)) visit(node as Json, at)
    for (const [key, value] of Object.entries(node)) {
      if (key === 'example' || key === 'examples') continue
      if (key !== '$ref' || typeof value !== 'string') walk(value, visit, `${at}/${key}`, seen)
      else if (!seen.has(value)) {
        seen.add(value)
        const target = document.components.schemas[value.replace('#/components/schemas/', '')]
        expect(target, `${at} points at ${value}`).toBeDefined()
        walk(target, visit, value, seen)
      }
    }
  }

  it('is OpenAPI 3.1 with operations, all of them described', () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(operations.length).toBeGreaterThan(4)
    for (const { at, operation } of operations) {
      expect(operation.operationId, at).toMatch(/^[a-z][A-Za-z]+$/)
      expect(operation.summary, at).toMatch(/^[A-Z].{5,80}[^.]$/)
      expect(operation.description, at).toMatch(/\.$/)
      for (const tag of operation.tags) expect(document.tags.map((each) => each.name)).toContain(tag)
      expect(operation.tags).toHaveLength(1)
      for (const parameter of operation.parameters ?? []) expect(parameter.description, at).toBeTruthy()
    }
  })

  it('has every parameter of a path, and no other', () => {
    for (const { at, path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((each) => each.in === 'path').map((each) => each.name)
      expect(inPath, at).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter))
    }
  })

  it('shows an example of every success and of every body, and the refusals', () => {
    for (const { at, operation } of operations) {
      const statuses = Object.keys(operation.responses)
      expect(
        statuses.some((status) => /^2/.test(status)),
        at,
      ).toBe(true)
      expect(statuses.filter((status) => /^4/.test(status)).length, at).toBeGreaterThanOrEqual(2)
      for (const [status, { content }] of Object.entries(operation.responses)) {
        if (/^(204|301|304)$/.test(status)) expect(content).toBeUndefined()
        else
          for (const media of Object.values(content ?? { none: {} }))
            expect(media, `${at} ${status}`).toHaveProperty('example')
        if (/^[45]/.test(status)) expect(Object.keys(content ?? {})).toEqual(['application/problem+json'])
      }
      for (const media of Object.values(operation.requestBody?.content ?? {}))
        expect(media, at).toHaveProperty('example')
      if (operation.verb === 'post' || operation.requestBody) expect(statuses).toContain('401')
    }
  })

  it('has no example that its own schema refuses', () => {
    let checked = 0
    // Most schemas are those of many operations.
    const compiled = new Map<string, ValidateFunction>()
    const check = (schema: Json | undefined, example: unknown, at: string) => {
      if (schema === undefined || example === undefined) return
      const local = JSON.stringify(schema).replaceAll('"#/components', '"document#/components')
      const validate = compiled.get(local) ?? ajv.compile(JSON.parse(local) as Json)
      compiled.set(local, validate)
      expect(validate(example), `${at}: ${ajv.errorsText(validate.errors)}`).toBe(true)
      checked++
    }
    for (const { at, operation } of operations) {
      for (const media of Object.values(operation.requestBody?.content ?? {})) check(media.schema, media.example, at)
      for (const [status, { content }] of Object.entries(operation.responses)) {
        for (const media of Object.values(content ?? {})) check(media.schema, media.example, `${at} ${status}`)
      }
      for (const each of operation.parameters ?? []) {
        const schema = each.schema as Json | undefined
        check(schema, each.example ?? schema?.example, `${at} ${String(each.name)}`)
      }
    }
    expect(checked).toBeGreaterThan(operations.length * 2)
  })

  it('has no regular expression that nobody can read', () => {
    walk(document, (each, at) => {
      if (typeof each.pattern === 'string')
        expect(each.pattern.length, `${at}: ${each.pattern}`).toBeLessThanOrEqual(60)
    })
  })

  it('leaves every answer open for fields to come', () => {
    for (const { at, operation } of operations) {
      walk(operation.responses, (each, where) => {
        expect(each.additionalProperties, `${at} ${where}`).not.toBe(false)
        expect(each.unevaluatedProperties, `${at} ${where}`).not.toBe(false)
      })
    }
  })

  it('keeps bodies closed, so that a misspelt field is refused and not lost', () => {
    for (const { at, operation } of operations) {
      for (const [type, { schema }] of Object.entries(operation.requestBody?.content ?? {})) {
        // A file is what it is.
        if (type === 'application/octet-stream') continue
        const named = ({ $ref }: Json) => document.components.schemas[String($ref).replace('#/components/schemas/', '')]
        // A body of several kinds is closed in each of them.
        const kinds = (named(schema)?.oneOf as Json[] | undefined) ?? [schema]
        for (const each of kinds) expect(named(each), at).toMatchObject({ type: 'object', additionalProperties: false })
      }
    }
  })

  it('names every component once, and none that nothing uses', () => {
    const used = new Set<string>()
    walk({ ...document.paths, ...document.webhooks }, (each) => {
      if (typeof each.$ref === 'string') used.add(each.$ref.replace('#/components/schemas/', ''))
    })
    expect([...used].toSorted()).toEqual(Object.keys(document.components.schemas).toSorted())
  })
})
