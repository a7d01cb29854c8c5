import * as z from 'zod'
import { Note } from '../articles/schema.ts'
import { line, prose } from '../shared/fields.ts'
import { instantInput } from '../shared/instant.ts'

/** A correction that readers are told of, as an edition keeps it. */
export interface Correction {
  kind: 'correction'
  text: string
  publishedAt: string
}

const { note } = Note.shape

export const Publish = z
  .strictObject({
    liveFrom: instantInput.nullish().meta({ description: 'From when readers see it. Now, if left out' }),
    liveUntil: instantInput.nullish().meta({
      description: 'When it is taken from the readers again; null for never. Left out, an end that stands stays',
    }),
    embargo: z
      .boolean()
      .optional()
      .meta({ description: 'Partners whose key has `embargo:read` may read it before `liveFrom`' }),
    kind: z
      .enum(['update', 'minor', 'correction'])
      .optional()
      .meta({ description: '`minor` leaves `updatedAt` as it is; `correction` adds `text` to `corrections`' }),
    text: prose(2000).optional().meta({ description: 'What is corrected, for readers. Goes with `kind: correction`' }),
    note,
  })
  .refine(({ kind, text }) => (kind === 'correction') === (text !== undefined), {
    error: 'A correction needs its text, and only a correction has one',
    path: ['text'],
  })
  .refine(({ embargo, liveFrom }) => embargo !== true || (liveFrom !== undefined && liveFrom !== null), {
    error: 'An embargo needs its end: give liveFrom',
    path: ['embargo'],
  })
  .meta({ id: 'Publish', description: 'When and as what an article is published' })
export type Publish = z.output<typeof Publish>

/** Why a piece was killed. Readers get the code with the 410. */
export const killReasons = ['legal', 'privacy', 'incorrect', 'plagiarism', 'safety', 'other'] as const

export const Kill = z
  .strictObject({
    reason: z.enum(killReasons).meta({ description: 'A code that readers and partners are given' }),
    note,
  })
  .meta({ id: 'Kill', description: 'Why a piece is killed' })
export type Kill = z.output<typeof Kill>

export const Erase = z
  .strictObject({
    confirm: line(200).meta({ description: 'The id of the article once more, so that nothing is erased by a slip' }),
  })
  .meta({ id: 'Erase', description: 'That it is meant' })

/** One thing that will happen to an article by the clock. */
export interface ArticleAhead {
  at: string
  kind: 'publish' | 'update' | 'expire'
  articleId: string
  headline: string
  edition: number
  version: number
  embargo: boolean
  releaseId: string | null
}
