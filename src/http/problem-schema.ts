import * as z from 'zod'
import { type ProblemCode, problems } from '../shared/problem.ts'

const FieldErrorDocument = z
  .strictObject({
    pointer: z.string().meta({ description: 'A JSON Pointer fragment into the body, or the name of a parameter' }),
    code: z.string(),
    detail: z.string().meta({ description: 'What is wrong and what would be right' }),
    allowed: z.array(z.string()).optional(),
    didYouMean: z.string().optional(),
  })
  .meta({ id: 'FieldError', description: 'One field at fault' })

/** Every answer that is not a success, RFC 9457. */
export const ProblemDocument = z
  .strictObject({
    type: z
      .string()
      .meta({ description: 'The page that explains the code', override: { type: 'string', format: 'uri-reference' } }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().meta({ description: 'The id of the request, as in the log' }),
    code: z.string().meta({ description: 'Stable; codes may be added' }),
    errors: z.array(FieldErrorDocument).optional(),
    currentVersion: z.int().optional().meta({ description: 'With version-mismatch: the version that stands now' }),
    updatedAt: z.string().optional().meta({ description: 'With version-mismatch: when it was written' }),
    updatedBy: z
      .strictObject({ id: z.string(), name: z.string() })
      .nullable()
      .optional()
      .meta({ description: 'With version-mismatch: who wrote it; null where nobody has, which is version 0' }),
    changed: z
      .array(z.string())
      .optional()
      .meta({ description: 'With version-mismatch: the fields that differ from the version that was sent' }),
    reason: z
      .string()
      .optional()
      .meta({ description: 'With gone: why, as a code; missing where it was erased and not killed before' }),
    lockedBy: z.looseObject({}).optional().meta({ description: 'With locked: who is at work on it, and until when' }),
    available: z
      .array(z.strictObject({ format: z.string(), mediaType: z.string() }))
      .optional()
      .meta({ description: 'With not-acceptable: what there is, where there are several formats' }),
    scope: z.string().optional().meta({ description: 'With forbidden: the scope that is missing' }),
  })
  .meta({ id: 'Problem', description: 'Why the request was refused (RFC 9457)' })

export const problemExample = (code: ProblemCode): unknown => ({
  type: `/docs/problems/${code}`,
  title: problems[code][1],
  status: problems[code][0],
  detail: `${problems[code][1]}.`,
  instance: 'urn:request:019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77',
  code,
})
