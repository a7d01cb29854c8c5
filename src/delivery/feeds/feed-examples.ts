import { wholeArticle } from '../examples.ts'
import { entryOfArticle, newestOf } from './feed.ts'
import { type FeedName, feedFormats } from './feed-formats.ts'
import { toNewsSitemap, toSitemap, toSitemapIndex } from './sitemap-xml.ts'

// The example of each feed and sitemap is what the program makes of the example of the article.

const origin = 'http://127.0.0.1:3000'

export function feedExample(name: FeedName): unknown {
  const entries = [entryOfArticle(wholeArticle())]
  const text = feedFormats[name].write({
    title: 'Dateline News',
    description: 'The latest of Dateline News',
    homeUrl: 'https://news.example',
    selfUrl: `${origin}/v1/feeds/${name}`,
    id: `${origin}/v1/feeds/${name}`,
    nextUrl: undefined,
    language: 'en',
    updatedAt: newestOf(entries),
    entries,
  })
  return name === 'feed.json' ? JSON.parse(text) : text
}

export const sitemapIndex = () =>
  toSitemapIndex([{ loc: `${origin}/v1/sitemaps/2026-11-1.xml`, lastmod: wholeArticle().updatedAt }])
export const sitemap = () => toSitemap([{ loc: wholeArticle().url, lastmod: wholeArticle().updatedAt }])
export function newsSitemap(): string {
  const { url: loc, language, publishedAt, headline: title } = wholeArticle()
  return toNewsSitemap('Dateline News', [{ loc, language, publishedAt, title }])
}
