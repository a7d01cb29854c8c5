import type { Article, HeadlineLink } from '../schema.ts'

// What a feed says, before it is written in one of the formats.

export interface FeedEntry {
  /** The same for ever: a `urn:uuid:`. */
  id: string
  title: string
  /** Where it leads. */
  url: string
  /** It is a page of somebody else's. */
  isExternal: boolean
  summary: string | undefined
  html: string | undefined
  publishedAt: string | undefined
  updatedAt: string
  authors: { name: string; url?: string | undefined }[]
  /** Names of its section and tags. */
  topics: { slug: string; name: string }[]
  image: Article['image']
  language: string | undefined
}

export interface Feed {
  title: string
  description: string
  /** Of the site. */
  homeUrl: string
  selfUrl: string
  /** The same for all of its pages. */
  id: string
  nextUrl: string | undefined
  language: string | undefined
  /** When the newest of what it shows was changed. */
  updatedAt: string
  entries: FeedEntry[]
}

/** Characters that no XML document may hold, in whatever form; a reader would refuse the feed as a whole. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu
export const writable = (text: string): string => text.replace(UNWRITABLE, '\u{FFFD}')

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? character)

/** The text, and below it what was corrected, as readers of feeds would not be told otherwise. */
function htmlOf({ bodyHtml, corrections }: Article): string | undefined {
  if (bodyHtml === undefined) return undefined
  const notes = corrections.map(({ kind, text }) => `<p><strong>${titled(kind)}:</strong> ${escaped(text)}</p>`)
  return [bodyHtml, ...notes].join('\n')
}
const titled = (kind: string): string => escaped(kind.charAt(0).toUpperCase() + kind.slice(1))

export function entryOfArticle(article: Article): FeedEntry {
  const { section, tags, authors } = article
  return {
    id: `urn:uuid:${article.id}`,
    title: article.headline,
    url: article.url,
    isExternal: false,
    summary: article.standfirst,
    html: htmlOf(article),
    publishedAt: article.publishedAt,
    updatedAt: article.updatedAt,
    authors: authors.length > 0 ? authors : article.byline === null ? [] : [{ name: article.byline }],
    topics: [...(section ? [section] : []), ...tags].map(({ slug = '', name }) => ({ slug, name })),
    image: article.image,
    language: article.language,
  }
}

/** A headline of a rail: the article that it leads to under the headline that the rail gives it, or a page elsewhere. */
export function entryOfLink(
  link: HeadlineLink,
  article: Article | undefined,
  updatedAt: string,
): FeedEntry | undefined {
  if (link.url === null) return undefined
  const whole = article && entryOfArticle(article)
  return {
    ...(whole ?? { html: undefined, authors: [], topics: [], language: undefined, updatedAt }),
    id: whole?.id ?? `urn:uuid:${link.id}`,
    title: link.headline,
    url: link.url,
    isExternal: link.target?.kind === 'url',
    summary: link.summary,
    publishedAt: link.publishedAt ?? whole?.publishedAt,
    // What the rail hides of an article stays hidden.
    image: link.image ?? null,
  }
}

/** When there is nothing in a feed, it has never changed. */
const NEVER = '1970-01-01T00:00:00.000Z'
export const newestOf = (entries: FeedEntry[]): string =>
  entries.reduce((newest, { updatedAt }) => (updatedAt > newest ? updatedAt : newest), NEVER)
