import { library } from '../../shared/first-use.ts'
import type { Article } from '../schema.ts'

const yaml = library<typeof import('yaml')>('yaml')

/**
 * An article as Markdown below YAML front matter. The names are those that makers of sites read (title, date, lastmod,
 * description, tags), and ours for the rest. There is no `url`, which some of them take for a path.
 */
export function toMarkdown(article: Article): string {
  const { bodyMarkdown = '', headlines = [] } = article
  const front = {
    title: article.headline,
    alternativeHeadline: article.alternativeHeadline,
    kicker: article.kicker,
    description: article.standfirst,
    slug: article.slug,
    date: article.publishedAt,
    lastmod: article.updatedAt,
    embargoedUntil: article.embargoedUntil,
    byline: article.byline,
    authors: article.authors.map(({ name }) => name),
    dateline: article.dateline,
    section: article.section?.name,
    tags: article.tags.map(({ name }) => name),
    language: article.language,
    image: article.image,
    corrections: article.corrections,
    source: article.source,
    canonicalUrl: article.canonicalUrl ?? article.url,
    link: article.url,
    id: article.id,
    edition: article.edition,
    wordCount: article.wordCount,
    readingMinutes: article.readingMinutes,
    headlines: headlines.map(({ headline, kicker, url, sublinks }) => ({
      ...entry({ headline, kicker, url }),
      sublinks: sublinks?.map(entry),
    })),
  }
  return `---\n${frontMatter(Object.fromEntries(Object.entries(front).filter(([, value]) => isSaid(value))))}---\n\n${bodyMarkdown}`
}

const entry = ({ headline, kicker, url }: { headline: string; kicker?: string | undefined; url: string | null }) => ({
  headline,
  kicker,
  url: url ?? undefined,
})
const isSaid = (value: unknown) =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)

/**
 * Every text stands in double quotes on one line, so that all versions of YAML read it alike ("no", "2026-11-22", "---"),
 * and so do names that the older ones take for yes (`y`); none can end the front matter. Characters that some take for the end of a line, or for none at all, are escaped.
 */
const frontMatter = (value: object): string =>
  yaml()
    .stringify(value, {
      version: '1.1',
      lineWidth: 0,
      defaultStringType: 'QUOTE_DOUBLE',
      defaultKeyType: 'PLAIN',
    })
    .replaceAll(
      /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
      (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
