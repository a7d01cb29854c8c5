import { isDeepStrictEqual } from 'node:util'
import { applyJsonPatch, type JsonPatch } from '../shared/json-patch.ts'
import { mergePatch } from '../shared/merge-patch.ts'
import { invalidFields } from '../shared/validation.ts'
import { type ArticleContent, bodyFormNames } from './schema.ts'

/** A JSON Merge Patch (RFC 7396), which is an object, or a JSON Patch (RFC 6902), which is a list. */
export type Patch = Record<string, unknown> | JsonPatch

/** The fields of an article as a patch makes them, still unchecked, and whether its text is among what changed. */
export function applyPatch(content: ArticleContent, patch: Patch): { fields: unknown; givesBody: boolean } {
  const { provenance: _provenance, ...written } = content
  if (Array.isArray(patch)) return applyOperations(written, patch)
  const { body, ...rest } = written
  const base = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null))
  const givesBody = bodyFormNames.some((form) => form in patch)
  const fields = mergePatch(patchBase(givesBody ? base : { ...base, body }, patch), patch)
  return { fields, givesBody }
}

/** The text may be patched as blocks, or given anew in one of the other forms, which then takes the place of the blocks. */
function applyOperations(written: Omit<ArticleContent, 'provenance'>, operations: JsonPatch) {
  const fields = applyJsonPatch(written, operations)
  if (typeof fields !== 'object' || fields === null) return { fields, givesBody: false }
  const { body, ...rest } = fields as Record<string, unknown>
  const isSame = isDeepStrictEqual(body, written.body)
  const givesForm = bodyFormNames.some((form) => form in rest)
  return { fields: givesForm && isSame ? rest : fields, givesBody: givesForm || !isSame }
}

/**
 * What a merge patch of an article is applied to. A section by its name alone is another section: the old slug would
 * leave the article in the old one under the new name. `slug` and `language` have no empty value, so null is refused.
 */
function patchBase(fields: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const errors = ['slug', 'language'].flatMap((name) =>
    patch[name] === null ? [{ pointer: `#/${name}`, code: 'wrong-type', detail: 'This field cannot be emptied.' }] : [],
  )
  if (errors.length > 0) throw invalidFields(errors)
  const section = patch.section as { name?: unknown; slug?: unknown } | null | undefined
  return section?.name !== undefined && section.slug === undefined ? { ...fields, section: null } : fields
}
