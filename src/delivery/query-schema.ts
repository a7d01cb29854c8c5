import * as z from 'zod'
import { cursor, limit } from '../http/paging.ts'
import { isUuid } from '../shared/fields.ts'
import { articleFilters, type Sort, sorts } from '../shared/filters.ts'
import { instantInput } from '../shared/instant.ts'
import { QUESTION_LENGTH_MAX, questionOf, TERMS_MAX } from '../shared/question.ts'
import { cardFieldsParameter, fieldsParameter } from './fields.ts'
import { at, bodyParameter, embargoed, formatNames } from './schema.ts'

/** What can be asked of the list of articles, and of one. */

const IDS_MAX = 100

const ids = z
  .string()
  .transform((value, context) => {
    const all = value.split(',')
    const wrong = all.find((id) => !isUuid(id))
    if (wrong !== undefined)
      context.addIssue({ code: 'custom', message: `"${wrong.slice(0, 50)}" is no id of an article` })
    if (all.length > IDS_MAX) context.addIssue({ code: 'custom', message: `Must be at most ${IDS_MAX} ids` })
    return [...new Set(all)]
  })
  .optional()
  .meta({
    description: `Ids of articles, joined by commas, at most ${IDS_MAX}: those of them that are public, in the order of \`sort\``,
    override: { type: 'string' },
    example: '01a217ad-e6a8-7df3-8ee9-a832ef145f51',
  })

const time = (description: string) => instantInput.optional().meta({ description })

const grammar =
  'All of them must be there: a word also finds those that begin with it, `"two words"` are a phrase and are taken as they are, `diplom*` is the beginning of a word, `-visa` is left out. Case and accents make no difference'

const words = z
  .string()
  .max(QUESTION_LENGTH_MAX)
  .transform((text, context) => {
    const question = questionOf(text)
    const { wanted, unwanted } = question
    if (wanted.length === 0)
      context.addIssue({
        code: 'custom',
        message: 'Must hold a word to look for: one of letters or digits, and not only words that are left out',
      })
    if (wanted.length + unwanted.length > TERMS_MAX)
      context.addIssue({ code: 'custom', message: `Must hold at most ${TERMS_MAX} words and phrases` })
    return { text, ...question }
  })

/** Words in a list that need not have any. */
export const q = (description: string, example: string) =>
  words.optional().meta({ description: `${description} ${grammar}`, override: { type: 'string' }, example })

/** The order of a list. Without words nothing matches better than something else. */
const order = (standard: Sort, names: readonly Sort[]) =>
  z
    .enum(names)
    .optional()
    .meta({
      description:
        'The order: by first publication, newest or oldest first, by the last change of substance, or, with `q`, by where the words stand: in the headline, in the standfirst, anywhere, and the newest first among these',
      override: { type: 'string', enum: [...names], default: standard },
    })

/** What a list of articles is narrowed by: all together. */
export const listFilters = {
  ...articleFilters,
  publishedAfter: time('First published at this instant or later'),
  publishedBefore: time('First published before this instant'),
  updatedAfter: time(
    'Changed in substance at this instant or later; with `sort=-updatedAt` to keep up with what changes',
  ),
  ids,
}

export const ArticleListQuery = z.strictObject({
  ...listFilters,
  q: q('Words that they have.', 'istanbul talks'),
  sort: order('-publishedAt', sorts),
  fields: fieldsParameter,
  include: z
    .enum(['headlines'])
    .optional()
    .meta({ description: '`headlines`: each article comes with its headline links' }),
  body: bodyParameter('none'),
  count: z.enum(['exact']).optional().meta({
    description:
      '`exact`: `page.total` says how many articles match. All of them are counted, so it takes longer the more there are',
  }),
  at,
  embargoed,
  limit,
  cursor,
})

export const ArticleQuery = z.strictObject({
  fields: fieldsParameter,
  body: bodyParameter('html'),
  format: z
    .enum(formatNames)
    .optional()
    .meta({ description: 'The format of the answer, whatever `Accept` says', example: 'html' }),
  at,
  embargoed,
})

export const SearchQuery = z.strictObject({
  q: words.meta({
    description: `Words to look for. ${grammar}`,
    override: { type: 'string', minLength: 1, maxLength: QUESTION_LENGTH_MAX },
    example: 'istanbul talks',
  }),
  ...listFilters,
  sort: order('relevance', sorts),
  fields: cardFieldsParameter,
  count: z.enum(['exact']).optional().meta({ description: '`exact`: `page.total` says how many articles match' }),
  embargoed,
  limit,
  cursor,
})
