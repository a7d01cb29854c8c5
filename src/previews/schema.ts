import * as z from 'zod'
import { Actor } from '../articles/schema.ts'
import { ArticleQuery } from '../delivery/query-schema.ts'
import { Article, Rail } from '../delivery/schema.ts'
import { RailKey } from '../headlines/link-schema.ts'
import { Page } from '../http/paging.ts'
import { instant, prose, uuid } from '../shared/fields.ts'
import { instantInput } from '../shared/instant.ts'

export const EXPIRES_IN_S = { min: 60, max: 2_592_000, standard: 86_400 }

export const PreviewCreate = z
  .strictObject({
    articleId: uuid.optional().meta({ description: 'The article to show. Either this or `railKey`' }),
    railKey: RailKey.optional().meta({ description: 'The rail to show' }),
    at: instantInput.optional().meta({
      description:
        'Shows what will be public at this instant, as it is planned whenever somebody looks. Without it an article is shown as it stands on the desk. Needs `preview:read`',
    }),
    expiresInS: z
      .int()
      .min(EXPIRES_IN_S.min)
      .max(EXPIRES_IN_S.max)
      .optional()
      .meta({ description: `Seconds until the address ends. ${EXPIRES_IN_S.standard}, which is a day, if left out` }),
    note: prose(2000).optional().meta({ description: 'For the desk: whom it is for. Never shown there' }),
  })
  .refine(({ articleId, railKey }) => (articleId === undefined) !== (railKey === undefined), {
    error: 'Must name an article or a rail, and not both',
    path: ['articleId'],
  })
  .meta({ id: 'PreviewCreate', description: 'What an address is to show that is not public, and for how long' })
export type PreviewCreate = z.output<typeof PreviewCreate>

const fields = {
  id: uuid,
  articleId: uuid.nullable(),
  railKey: z.string().nullable(),
  at: instant.nullable().meta({ description: 'The instant that it shows; null for what stands on the desk' }),
  note: z.string().nullable(),
  createdAt: instant,
  createdBy: Actor,
  expiresAt: instant,
}
export const Preview = z.strictObject(fields).meta({ id: 'Preview', description: 'A preview, without its address' })
export const PreviewCreated = z
  .strictObject({
    ...fields,
    url: z.string().meta({ description: 'The address. Whoever has it needs no key. Shown this once' }),
  })
  .meta({ id: 'PreviewCreated', description: 'A new preview with its address' })
export const PreviewPage = z
  .strictObject({ data: z.array(Preview), page: Page })
  .meta({ id: 'PreviewPage', description: 'Previews that are open, newest first' })
export type Preview = z.output<typeof Preview>
export type PreviewCreated = z.output<typeof PreviewCreated>

export const PreviewId = z.object({
  id: z.string().max(200).meta({ description: 'The id of a preview', example: '019b0f72-5d10-7a4e-8c31-2f6b9e0d4c55' }),
})

export const Token = z.object({
  token: z.string().max(200).meta({
    description: 'The secret part of the address',
    example: 'dl_preview_EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-x9Q',
  }),
})
export const PreviewQuery = ArticleQuery.pick({ body: true })
export const Previewed = z
  .union([Article, Rail])
  .meta({ id: 'Previewed', description: 'An article or a rail, in the form in which readers would get it' })
