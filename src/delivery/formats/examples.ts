import * as z from 'zod'
import { article, wholeArticle } from '../examples.ts'
import { Article, type FormatName } from '../schema.ts'
import { formats, mediaTypes } from './choice.ts'
import { NewsArticle, Ninjs } from './schema.ts'

// The example of each format is what the program makes of the example of the article.

const schemas: Record<FormatName, z.ZodType> = {
  json: Article,
  html: z.string().meta({ description: 'A document of its own, in which nothing runs' }),
  markdown: z.string().meta({ description: 'GitHub Flavored Markdown below YAML front matter' }),
  text: z.string().meta({ description: 'Plain text' }),
  jsonld: NewsArticle,
  ninjs: Ninjs,
}

const publisher = { name: 'Dateline News', url: 'https://news.example/' }

/** What a successful answer holds, by media type. */
export const contentIn = Object.fromEntries(
  Object.entries(mediaTypes).map(([mediaType, name]) => {
    const example = () => {
      const text = name === 'json' ? JSON.stringify(article()) : formats[name].render(wholeArticle(), { publisher })
      return mediaType.includes('json') ? JSON.parse(text) : text
    }
    return [mediaType, { schema: schemas[name], example }]
  }),
)
