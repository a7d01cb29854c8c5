import * as z from 'zod'
import { digestOf } from '../headlines/edition.ts'
import { nearest } from '../shared/validation.ts'
import { Article, type BodyForm, bodyFields, bodyForms } from './schema.ts'

// `?fields=headline,slug`: which fields of an article come.

const known = Object.keys(Article.shape)

function faultOf(value: string, known: string[]): string | undefined {
  const names = value.split(',')
  const wrong = names.find((name) => !known.includes(name))
  if (wrong === undefined) return new Set(names).size === names.length ? undefined : 'Names a field twice'
  const near = nearest(wrong, known)
  const hint = near ? `Did you mean "${near}"?` : `There are: ${known.join(', ')}`
  return `"${wrong.slice(0, 50)}" is no field of an article. ${hint}`
}

const fieldsAmong = (known: string[], description: string) =>
  z
    .string()
    .max(1000)
    .superRefine((value, context) => {
      const fault = faultOf(value, known)
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
    })
    .optional()
    .meta({ description, example: 'id,headline,url' })

const chosen = 'Fields of an article, joined by commas: these come, and the others do not, required or not.'
export const fieldsParameter = fieldsAmong(
  known,
  `${chosen} A field of the text or \`headlines\` comes because it is named here, without \`body\` or \`include\``,
)
/** The same where neither text nor links come along. */
export const cardFieldsParameter = fieldsAmong(
  known.filter((name) => name !== 'headlines' && !Object.values<string>(bodyFields).includes(name)),
  `${chosen} Neither text nor links are among them`,
)

export const fieldsOf = (value: string | undefined): string[] | undefined => value?.split(',')

/** The forms of the body that come: those that are asked for, or else those whose fields are named, or else `standard`. */
export function formsFor(body: string | undefined, fields: string[] | undefined, standard: BodyForm[]): BodyForm[] {
  const chosen = body?.split(',')
  if (fields === undefined) return chosen ? bodyForms.filter((form) => chosen.includes(form)) : standard
  return bodyForms.filter((form) => fields.includes(bodyFields[form]) && (chosen?.includes(form) ?? true))
}

/** An article's JSON text with these of its fields alone, in their usual order. */
export function picked(json: string, fields: string[] | undefined): string {
  if (fields === undefined) return json
  const entries = Object.entries(JSON.parse(json) as object).filter(([name]) => fields.includes(name))
  return JSON.stringify(Object.fromEntries(entries))
}

/** The tag of an answer with these fields alone. */
export const fieldsTag = (etag: string, fields: string[] | undefined): string =>
  fields === undefined ? etag : `${etag.slice(0, -1)}.${digestOf(fields.join()).slice(0, 6)}"`
