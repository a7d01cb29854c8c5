import { library, onFirstUse } from '../../shared/first-use.ts'
import { writable } from './feed.ts'

// Sitemaps (sitemaps.org 0.9) and Google's news sitemap. The addresses are those of the public site.

const xml = library<typeof import('fast-xml-parser')>('fast-xml-parser')
const builder = onFirstUse(
  () => new (xml().XMLBuilder)({ ignoreAttributes: false, attributeNamePrefix: '@', format: true }),
)
const document = (root: object): string => `<?xml version="1.0" encoding="UTF-8"?>\n${builder().build(root)}`
const XMLNS = 'http://www.sitemaps.org/schemas/sitemap/0.9'

interface Entry {
  loc: string
  lastmod: string
}

/** The sitemaps that there are. */
export const toSitemapIndex = (sitemaps: Entry[]): string =>
  document({ sitemapindex: { '@xmlns': XMLNS, sitemap: sitemaps } })

export const toSitemap = (urls: Entry[]): string => document({ urlset: { '@xmlns': XMLNS, url: urls } })

export interface NewsEntry {
  loc: string
  language: string
  publishedAt: string
  title: string
}

/** Google wants the language alone, but for Chinese, where the script decides. */
function newsLanguage(tag: string): string {
  const { language, script, region } = new Intl.Locale(tag).maximize()
  if (language !== 'zh') return language
  return script === 'Hant' || region === 'TW' || region === 'HK' ? 'zh-tw' : 'zh-cn'
}

/** The articles of the last two days. */
export const toNewsSitemap = (publisher: string, entries: NewsEntry[]): string =>
  document({
    urlset: {
      '@xmlns': XMLNS,
      '@xmlns:news': 'http://www.google.com/schemas/sitemap-news/0.9',
      url: entries.map(({ loc, language, publishedAt, title }) => ({
        loc,
        'news:news': {
          'news:publication': { 'news:name': writable(publisher), 'news:language': newsLanguage(language) },
          'news:publication_date': publishedAt,
          'news:title': writable(title),
        },
      })),
    },
  })
