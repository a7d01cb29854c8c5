import type { CreateDocumentOptions } from 'zod-openapi'

type Json = Record<string, unknown>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Regular expressions longer than this help nobody who reads the document; `format` and the description say it better. */
const PATTERN_LENGTH_MAX = 60

export const plainSchema: NonNullable<CreateDocumentOptions['override']> = ({ jsonSchema }) => {
  const schema = jsonSchema as Json
  // The bounds of a whole number in JavaScript say nothing about this one.
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (
    typeof schema.pattern === 'string' &&
    (schema.format !== undefined || schema.pattern.length > PATTERN_LENGTH_MAX)
  ) {
    delete schema.pattern
  }
}

/**
 * Opens the schemas of answers: what a request must not have may be added to an answer within v1, and a client that
 * validates answers must not break then. Components that only requests use stay closed, because they are.
 */
export function openResponses(document: object): object {
  const root = document as {
    paths: Record<string, Record<string, Json>>
    webhooks?: Record<string, Json>
    components: { schemas: Record<string, Json> }
  }
  const seen = new Set<string>()
  const open = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(open)
    if (!isObject(node)) return
    if (node.additionalProperties === false) delete node.additionalProperties
    if (typeof node.$ref === 'string' && !seen.has(node.$ref)) {
      seen.add(node.$ref)
      open(root.components.schemas[node.$ref.replace('#/components/schemas/', '')])
    }
    for (const [key, value] of Object.entries(node)) if (key !== 'example' && key !== 'examples') open(value)
  }
  for (const path of Object.values(root.paths)) for (const operation of Object.values(path)) open(operation.responses)
  // What receivers get may grow too.
  for (const message of Object.values(root.webhooks ?? {})) open(message)
  return root
}
