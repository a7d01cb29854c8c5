import * as z from 'zod'
import { Page } from '../http/paging.ts'
import { Article } from './schema.ts'

const html = (description: string) => z.string().meta({ description })

const Highlights = z
  .strictObject({
    headline: html('The headline'),
    kicker: html('The kicker, where it has some of the words').optional(),
    standfirst: html('The standfirst, where it has some of the words').optional(),
    byline: html('The byline, where it has some of the words').optional(),
    body: html('The part of the text that has most of the words').optional(),
  })
  .meta({ id: 'Highlights', description: 'HTML that is safe to insert: escaped text with the words in `<mark>`' })

const Found = Article.extend({ highlights: Highlights }).meta({
  id: 'FoundArticle',
  description: 'An article that matches, and where it has the words',
})

const Facet = z
  .strictObject({ slug: z.string(), name: z.string(), articles: z.int() })
  .meta({ id: 'Facet', description: 'How many of the articles have this section, tag or author' })
const YearFacet = z
  .strictObject({ year: z.int(), articles: z.int() })
  .meta({ id: 'YearFacet', description: 'How many of the articles were first published in this year, by UTC' })

export const SearchPage = z
  .strictObject({
    data: z.array(Found),
    page: Page,
    found: z
      .strictObject({
        articles: z.int(),
        isExact: z.boolean().meta({
          description: 'false where there may be more: only the newest 300 that have the words were looked at',
        }),
      })
      .meta({ description: 'How many articles match' }),
    facets: z
      .strictObject({
        section: z.array(Facet),
        tag: z.array(Facet),
        author: z.array(Facet),
        year: z.array(YearFacet),
      })
      .meta({ description: 'What they have in common, the ten most common of each kind' }),
    didYouMean: z
      .string()
      .nullable()
      .meta({ description: 'What may have been meant, where nothing was found; null otherwise' }),
  })
  .meta({ id: 'SearchPage', description: 'What was found' })
