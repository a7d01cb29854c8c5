import { fromHtml } from '../body/from-html.ts'
import { fromMarkdown } from '../body/from-markdown.ts'
import { fromText } from '../body/from-text.ts'
import { normaliseBody } from '../body/normalise.ts'
import { type Block, Body } from '../body/schema.ts'
import { BodyTooDeep } from '../body/too-deep.ts'
import { invalidField } from '../shared/problem.ts'
import { fieldErrors, invalidFields } from '../shared/validation.ts'
import { type ArticleFields, ArticlePatch, bodyFormNames } from './schema.ts'

/** The blocks of the body in whichever of the four forms it was given; undefined where none was. */
export function bodyOf(fields: ArticleFields): Block[] | undefined {
  const form = bodyFormNames.find((name) => fields[name] !== undefined)
  if (form === undefined) return undefined
  const blocks = form === 'body' ? normaliseBody(fields.body ?? []) : converted(form, fields[form] ?? '')
  const checked = Body.safeParse(blocks)
  if (checked.success) return blocks
  // What a converter made cannot be pointed at by place: the whole form is named.
  const errors = fieldErrors(Body, blocks, checked.error.issues).map((each) => ({ ...each, pointer: `#/${form}` }))
  throw invalidFields(errors.slice(0, 10))
}

const converters = { bodyHtml: fromHtml, bodyMarkdown: fromMarkdown, bodyText: fromText }

function converted(form: keyof typeof converters, text: string): Block[] {
  try {
    return converters[form](text)
  } catch (error) {
    if (error instanceof BodyTooDeep) throw invalidField(`#/${form}`, 'too-deep', error.message)
    throw error
  }
}

/**
 * The blocks of a text that a merge patch brings, converted before anything else is known. Undefined where it brings none
 * or where it is at fault: then it is looked at again with the rest, so that all faults are told at once.
 */
export function earlyBody(patch: unknown): Block[] | undefined {
  const parsed = ArticlePatch.safeParse(patch)
  try {
    return parsed.success ? bodyOf(parsed.data) : undefined
  } catch {
    return undefined
  }
}
