import * as z from 'zod'
import { Image } from '../articles/schema.ts'
import { cursor, limit, Page } from '../http/paging.ts'

const own = {
  slug: z.string(),
  name: z.string(),
  description: z.string().optional(),
}
const articles = z.int().meta({ description: 'How many articles have it that readers see' })

const ParentSection = z
  .strictObject({ slug: z.string(), name: z.string() })
  .meta({ id: 'ParentSection', description: 'The section that another one is a part of' })

export const TermSection = z
  .strictObject({
    ...own,
    parent: ParentSection.nullable().meta({ description: 'The section that this one is a part of' }),
    articles: articles.meta({
      description: 'How many articles readers see in it and in the sections that are parts of it',
    }),
  })
  .meta({ id: 'PublishedSection', description: 'A section that articles are in' })
export const TermTag = z
  .strictObject({
    ...own,
    uri: z.string().optional().meta({ description: 'Names the subject in a vocabulary such as IPTC Media Topics' }),
    articles,
  })
  .meta({ id: 'PublishedTag', description: 'A tag that articles have' })
export const TermAuthor = z
  .strictObject({
    ...own,
    jobTitle: z.string().optional(),
    url: z.string().optional(),
    image: Image.optional(),
    sameAs: z.array(z.string()).optional().meta({ description: 'Other pages that are about them' }),
    articles,
  })
  .meta({ id: 'PublishedAuthor', description: 'The public profile of an author of articles' })

const pageOf = (name: string, entry: z.ZodType, description: string) =>
  z.strictObject({ data: z.array(entry), page: Page }).meta({ id: name, description })
export const SectionPage = pageOf('PublishedSectionPage', TermSection, 'Sections, by slug')
export const TagPage = pageOf('PublishedTagPage', TermTag, 'Tags, by slug')
export const AuthorPage = pageOf('PublishedAuthorPage', TermAuthor, 'Authors, by slug')

export const TermListQuery = z.strictObject({ limit, cursor })
