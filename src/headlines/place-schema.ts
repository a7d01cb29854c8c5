import * as z from 'zod'
import { uuid } from '../shared/fields.ts'
import { below, EditorialHeadlineLink } from './link-schema.ts'

const ListPlace = z
  .strictObject({
    articleId: uuid.nullable(),
    railKey: z.string().nullable(),
    title: z.string().meta({ description: "The article's headline, or the title of the rail" }),
    version: z.int().meta({ description: 'What If-Match is compared with' }),
  })
  .meta({ id: 'ListPlace', description: 'The list in which a link stands: of an article, or a rail' })

export const PlacedLink = z
  .strictObject({ ...EditorialHeadlineLink.shape, ...below, list: ListPlace })
  .meta({ id: 'PlacedHeadlineLink', description: 'A headline link, and the list in which it stands' })

export const Placement = z
  .strictObject({ linkId: uuid, position: below.position, list: ListPlace })
  .meta({ id: 'Placement', description: 'One link that points at an article' })

export const LinkState = z.enum(['pending']).meta({
  id: 'HeadlineLinkState',
  description: '`pending`: its story is still to come, whatever its times are. States may be added',
})

export type PlacedLink = z.output<typeof PlacedLink>
export type Placement = z.output<typeof Placement>
