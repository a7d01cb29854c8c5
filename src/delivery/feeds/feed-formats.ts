import { library } from '../../shared/first-use.ts'
import { type Feed, type FeedEntry, writable } from './feed.ts'

// RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1, written by a library that knows what goes where.

const feedsmith = library<typeof import('feedsmith')>('feedsmith')

/** Every text of a feed as XML can hold it. */
function forXml<Value>(value: Value): Value {
  if (typeof value === 'string') return writable(value) as Value
  if (Array.isArray(value)) return value.map(forXml) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, forXml(each)])) as Value
}

/** Sections of CDATA without the indentation around them, which some readers show as a part of a title. */
const tight = (xml: string): string => xml.replaceAll(/\s*(<!\[CDATA\[[\s\S]*?\]\]>)\s*(?=<)/g, '$1')

/** The picture with what is known of it; plain `<category>` and one creator each, as most readers expect. */
const rssImage = ({ image }: FeedEntry) =>
  image === null
    ? {}
    : {
        media: {
          contents: [
            {
              url: image.url,
              medium: 'image',
              ...(image.width && { width: image.width }),
              ...(image.height && { height: image.height }),
              ...((image.caption || image.alt) && { description: { value: image.caption ?? image.alt } }),
              ...(image.credit && { credits: [{ value: image.credit }] }),
            },
          ],
        },
      }

function toRss(given: Feed): string {
  const feed = forXml(given)
  const xml = feedsmith().generateRssFeed({
    title: feed.title,
    link: feed.homeUrl,
    description: feed.description,
    ...(feed.language && { language: feed.language }),
    ...(feed.entries.length > 0 && { lastBuildDate: new Date(feed.updatedAt) }),
    atom: {
      links: [
        { href: feed.selfUrl, rel: 'self', type: 'application/rss+xml' },
        ...(feed.nextUrl ? [{ href: feed.nextUrl, rel: 'next', type: 'application/rss+xml' }] : []),
      ],
    },
    items: feed.entries.map((entry) => ({
      title: entry.title,
      link: entry.url,
      guid: { value: entry.id, isPermaLink: false },
      ...(entry.publishedAt && { pubDate: new Date(entry.publishedAt) }),
      ...(entry.summary && { description: entry.summary }),
      ...(entry.topics.length > 0 && { categories: entry.topics.map(({ name }) => ({ name })) }),
      ...(entry.authors.length > 0 && { dc: { creators: entry.authors.map(({ name }) => name) } }),
      dcterms: { modified: [new Date(entry.updatedAt)] },
      ...(entry.html && { content: { encoded: entry.html } }),
      ...rssImage(entry),
    })),
  })
  return tight(xml)
}

function toAtom(given: Feed): string {
  const feed = forXml(given)
  const xml = feedsmith().generateAtomFeed({
    id: feed.id,
    title: { value: feed.title },
    subtitle: { value: feed.description },
    updated: new Date(feed.updatedAt),
    links: [
      { href: feed.selfUrl, rel: 'self', type: 'application/atom+xml' },
      { href: feed.homeUrl, rel: 'alternate', type: 'text/html' },
      ...(feed.nextUrl ? [{ href: feed.nextUrl, rel: 'next', type: 'application/atom+xml' }] : []),
    ],
    // Entries without an author have that of the feed.
    authors: [{ name: feed.title, uri: feed.homeUrl }],
    entries: feed.entries.map((entry) => ({
      id: entry.id,
      title: { value: entry.title },
      updated: new Date(entry.updatedAt),
      ...(entry.publishedAt && { published: new Date(entry.publishedAt) }),
      authors: entry.authors.map(({ name, url }) => ({ name, ...(url && { uri: url }) })),
      links: [{ href: entry.url, rel: 'alternate' }],
      ...(entry.summary && { summary: { value: entry.summary } }),
      ...(entry.html && { content: { value: entry.html, type: 'html' } }),
      categories: entry.topics.map(({ slug, name }) => ({ term: slug, label: name })),
      ...rssImage(entry),
    })),
  })
  return tight(xml)
}

/** A page of somebody else's is what an entry is about, and not where it is read. */
function toJson(feed: Feed): string {
  const written = feedsmith().generateJsonFeed({
    title: feed.title,
    description: feed.description,
    home_page_url: feed.homeUrl,
    feed_url: feed.selfUrl,
    ...(feed.nextUrl && { next_url: feed.nextUrl }),
    ...(feed.language && { language: feed.language }),
    items: feed.entries.map((entry) => ({
      id: entry.id,
      ...(entry.isExternal ? { external_url: entry.url } : { url: entry.url }),
      title: entry.title,
      ...(entry.html ? { content_html: entry.html } : { content_text: entry.summary ?? entry.title }),
      ...(entry.summary && { summary: entry.summary }),
      ...(entry.image && { image: entry.image.url }),
      ...(entry.publishedAt && { date_published: new Date(entry.publishedAt) }),
      date_modified: new Date(entry.updatedAt),
      ...(entry.authors.length > 0 && {
        authors: entry.authors.map(({ name, url }) => ({ name, ...(url && { url }) })),
      }),
      ...(entry.topics.length > 0 && { tags: entry.topics.map(({ name }) => name) }),
      ...(entry.language && { language: entry.language }),
    })),
  }) as object
  // The library leaves out a list of nothing, which the format needs.
  return JSON.stringify({ ...written, ...(feed.entries.length === 0 && { items: [] }) })
}

/** The name in the address, how it is written, and the version of that, to be raised by whoever changes it. */
export const feedFormats = {
  'rss.xml': { mediaType: 'application/rss+xml', version: 1, write: toRss },
  'atom.xml': { mediaType: 'application/atom+xml', version: 1, write: toAtom },
  'feed.json': { mediaType: 'application/feed+json', version: 1, write: toJson },
} as const
export type FeedName = keyof typeof feedFormats
export const feedNames = Object.keys(feedFormats) as FeedName[]
