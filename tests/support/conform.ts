import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Response } from 'supertest'
import { NDJSON } from '../../src/http/content-types.ts'
import { pathOf } from '../../src/http/methods.ts'

type Json = Record<string, unknown>
interface Documents {
  delivery: object
  editorial: object
}

/** What was compiled of a document. */
interface Compiled {
  ajv: Ajv2020
  validators: Map<string, ValidateFunction>
  /** Its paths, the most literal first. */
  paths: { template: string; verbs: string[]; pattern: RegExp }[]
}

const compiled = new WeakMap<object, Compiled>()
// Each app of a test makes its documents anew, mostly the same ones, and compiling takes longer than most tests.
const compiledOfText = new Map<string, Compiled>()

/**
 * Throws unless the response is one that the OpenAPI document of its door describes: a known operation, a described
 * status and media type, and a body that matches the schema. Addresses outside the documents must be refusals or pages.
 */
export function conform(documents: Documents, method: string, url: string, response: Response): void {
  const path = pathOf(url)
  if (!path.startsWith('/v1') || method === 'options') return
  const document = path.startsWith('/v1/editorial') ? documents.editorial : documents.delivery
  const verb = method === 'head' ? 'get' : method
  const template = templateOf(document, url, verb)
  if (template === undefined) {
    if (response.status === 404 || response.status === 405) return
    throw new Error(`${method} ${path} answered ${response.status}, but no document describes it`)
  }
  // Faults, and refusals from before the operation is known, may come from everywhere.
  if (
    [400, 405, 408, 413, 414, 431, 500, 503, 507].includes(response.status) &&
    !describes(document, template, verb, response.status)
  )
    return
  if (!describes(document, template, verb, response.status)) {
    throw new Error(
      `${method} ${template} answered ${response.status}, which its document does not describe: ${response.text}`,
    )
  }
  if (method === 'head' || response.status === 304 || response.status === 204) {
    if (response.text) throw new Error(`${method} ${path} answered ${response.status} with a body`)
    return
  }
  const described = at(document, ['paths', template, verb, 'responses', String(response.status)])
  const content = described.content as Record<string, Json> | undefined
  if (content === undefined) return
  const given = String(response.headers['content-type']).replace(/; charset=utf-8$/, '')
  const type = given in content ? given : (given.split(';')[0] ?? '')
  if (!content[type])
    throw new Error(`${method} ${template} answered ${response.status} as ${type}, which is not described`)
  const texts = type === NDJSON ? linesOf(response.text) : [response.text]
  const bodies: unknown[] = texts.map((text) => (/\bjson\b|ndjson/.test(type) ? JSON.parse(text) : text))
  const validate = validatorOf(document, [
    'paths',
    template,
    verb,
    'responses',
    String(response.status),
    'content',
    type,
    'schema',
  ])
  // Who names fields is told in the document that the others, required or not, are left out.
  const isLeftOut = ({ keyword, instancePath }: ErrorObject) =>
    /[?&]fields=/.test(url) && keyword === 'required' && /^(\/data\/\d+)?$/.test(instancePath)
  if (!bodies.every((body) => validate(body) || validate.errors?.every(isLeftOut))) {
    throw new Error(
      `${method} ${template} answered ${response.status} unlike its document: ${JSON.stringify(validate.errors)}\n${response.text}`,
    )
  }
}

/** An answer of many bodies, each on a line; a client that was not told to keep the text has none. */
const linesOf = (text: string | undefined): string[] => text?.split('\n').slice(0, -1) ?? []

const describes = (document: object, template: string, verb: string, status: number): boolean =>
  at(document, ['paths', template, verb, 'responses', String(status)]) !== undefined

/** The most literal path of the document that matches and has the method, so that a word wins over a parameter. */
export function templateOf(document: object, path: string, verb: string): string | undefined {
  const wanted = pathOf(path)
  return compiledOf(document).paths.find(({ verbs, pattern }) => verbs.includes(verb) && pattern.test(wanted))?.template
}

// biome-ignore lint/suspicious/noExplicitAny: a walk through a document of unknown shape
const at = (document: object, path: string[]): any => path.reduce<any>((node, key) => node?.[key], document)

function validatorOf(document: object, path: string[]): ValidateFunction {
  const pointer = `#/${path.map((each) => encodeURIComponent(each.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`
  const { ajv, validators } = compiledOf(document)
  const made = validators.get(pointer) ?? ajv.compile({ $ref: `dateline:document${pointer}` })
  validators.set(pointer, made)
  return made
}

function compiledOf(document: object): Compiled {
  const known = compiled.get(document)
  if (known) return known
  // Where the server is, which is another for each, says nothing of its answers.
  const text = JSON.stringify({ ...document, servers: [] })
  const made = compiledOfText.get(text) ?? compile(document)
  compiledOfText.set(text, made)
  compiled.set(document, made)
  return made
}

function compile(document: object): Compiled {
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false })
  addFormats.default(ajv)
  ajv.addSchema({ ...document, $id: 'dateline:document' })
  const paths = Object.entries((document as { paths: Record<string, Json> }).paths)
    .map(([template, item]) => ({
      template,
      verbs: Object.keys(item),
      pattern: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`),
    }))
    .sort((a, b) => a.template.split('{').length - b.template.split('{').length)
  return { ajv, validators: new Map(), paths }
}
