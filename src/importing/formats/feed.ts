import { jsonItems } from './feed-json.ts'
import { xmlFeedItems } from './feed-xml.ts'
import type { Format, Source } from './format.ts'
import { headText, rootOf } from './xml-head.ts'

// Feeds as archives of somebody else's articles: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed 1 and 1.1. An item with a date is a published
// article, and its own address is that of the original.

const isJson = (source: Source): boolean =>
  /^\s*\{/.test(headText(source)) &&
  /"version"\s*:\s*"https?:\/\/(?:www\.)?jsonfeed\.org\/version\//.test(headText(source))

export const feed: Format = {
  name: 'feed',
  description: 'Feeds: RSS, Atom and JSON Feed',
  recognises: (source) => isJson(source) || ['rss', 'feed', 'RDF'].includes(rootOf(source) ?? ''),
  read: (source, options) => (isJson(source) ? jsonItems(source, options) : xmlFeedItems(source, options)),
}
