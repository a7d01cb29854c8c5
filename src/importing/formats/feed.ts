import { decodeHTML } from 'entities'
import { instantOf } from './dates.ts'
import { wholeText } from './encoding.ts'
import { type ArticleRecord, type Format, type ImportRecord, type Source, SourceFault } from './format.ts'
import { childrenOf, childText, rootOf, type XmlElement, xmlElements } from './xml-items.ts'

// Feeds as archives of somebody else's articles: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed 1 and 1.1. An item is a published article, and
// its own address is that of the original.

const latin = ({ head }: Source): string => Buffer.from(head.subarray(0, 2_000)).toString('latin1')
const isJson = (source: Source): boolean => /"version"\s*:\s*"https:\/\/jsonfeed\.org\/version\//.test(latin(source))

export const feed: Format = {
  name: 'feed',
  description: 'Feeds: RSS, Atom and JSON Feed',
  recognises: (source) => isJson(source) || ['rss', 'feed', 'RDF'].includes(rootOf(source) ?? ''),
  async *read(source) {
    if (isJson(source)) yield* fromJson(source)
    else for await (const item of xmlElements(source, new Set(['item', 'entry']))) yield fromXml(item)
  },
}

interface Item {
  id: string
  title: string
  link: string
  html: string | undefined
  summary: string
  published: string | undefined
  updated: string | undefined
  authors: string[]
  tags: string[]
  image: string | undefined
}

function articleOf(
  { id, title, link, html, summary, published, updated, authors, tags, image }: Item,
  line?: number,
): ImportRecord {
  const key = id || link
  if (key === '' && title === '') return { kind: 'failed', line, why: 'It has no id, no address and no title.' }
  const warnings = html === undefined ? ['The feed has no whole text of it: what it says in short is its text.'] : []
  const publishedAt = instantOf(published) ?? instantOf(updated)
  const standfirst = plain(summary)
  const isAddress = /^https?:\/\//.test(link)
  const record: ArticleRecord = {
    kind: 'article',
    line,
    id: key || title,
    externalId: `feed:${key || title}`,
    fields: {
      headline: plain(title),
      ...(html !== undefined && standfirst !== '' && { standfirst }),
      ...(isAddress && { canonicalUrl: link }),
      ...(image !== undefined && { image: { url: image, alt: '' } }),
      tags: [...new Set(tags.map(plain))].filter((name) => name !== '').map((name) => ({ name })),
      authors: [...new Set(authors.map(plain))].filter((name) => name !== '').map((name) => ({ name })),
    },
    body: { html: html ?? summary },
    derived: [],
    publication: { state: 'published', publishedAt, updatedAt: instantOf(updated) },
    formerAddresses: [],
    links: [],
    warnings,
  }
  return record
}

const plain = (html: string): string =>
  decodeHTML(html.replaceAll(/<\/?[a-zA-Z][^<>]*>/g, ''))
    .replaceAll(/\s+/g, ' ')
    .trim()

function fromXml(item: XmlElement): ImportRecord {
  if (item.fault !== undefined)
    return { kind: 'failed', line: item.line, why: `${item.fault.charAt(0).toUpperCase()}${item.fault.slice(1)}.` }
  return articleOf(item.name === 'entry' ? fromAtom(item) : fromRss(item), item.line)
}

function fromRss(item: XmlElement): Item {
  const text = (name: string) => childText(item, name)
  const image = [
    ...childrenOf(item, 'enclosure'),
    ...childrenOf(item, 'media:content'),
    ...childrenOf(item, 'media:thumbnail'),
  ].find(
    ({ name, attributes }) =>
      name === 'media:thumbnail' || attributes.type?.startsWith('image/') || attributes.medium === 'image',
  )
  // "name@example.org (The Name)" is how RSS has it.
  const author = text('author').replace(/^\S+@\S+\s*\((.*)\)$/, '$1')
  const whole = item.children.find(({ name }) => name === 'content:encoded')?.text
  return {
    id: text('guid'),
    title: text('title'),
    link: text('link') || text('guid'),
    html: whole,
    summary: text('description'),
    published: text('pubDate') || text('dc:date') || undefined,
    updated: undefined,
    authors: [...childrenOf(item, 'dc:creator').map((each) => each.text), author],
    tags: [...childrenOf(item, 'category'), ...childrenOf(item, 'dc:subject')].map((each) => each.text),
    image: image?.attributes.url,
  }
}

function fromAtom(entry: XmlElement): Item {
  const links = childrenOf(entry, 'link')
  const link = links.find(({ attributes }) => (attributes.rel ?? 'alternate') === 'alternate')
  const content = entry.children.find(({ name }) => name === 'content')
  const summary = entry.children.find(({ name }) => name === 'summary')
  const title = entry.children.find(({ name }) => name === 'title')
  return {
    id: childText(entry, 'id'),
    title: title ? atomHtml(title) : '',
    link: link?.attributes.href ?? '',
    html: content && atomHtml(content),
    summary: summary ? atomHtml(summary) : '',
    published: childText(entry, 'published') || undefined,
    updated: childText(entry, 'updated') || undefined,
    authors: childrenOf(entry, 'author').map((each) => childText(each, 'name')),
    tags: childrenOf(entry, 'category').map(({ attributes }) => attributes.label ?? attributes.term ?? ''),
    image: links.find(({ attributes }) => attributes.rel === 'enclosure' && attributes.type?.startsWith('image/'))
      ?.attributes.href,
  }
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** A text construct of Atom (RFC 4287, 3.1) as HTML. */
function atomHtml(element: XmlElement): string {
  const { type = 'text' } = element.attributes
  if (type === 'html' || type === 'text/html') return element.text
  if (type === 'xhtml') return element.parts.map(written).join('')
  return escaped(element.text)
}

/** Elements of HTML that have no end. */
const EMPTY = new Set(['br', 'hr', 'img', 'source', 'track', 'wbr', 'col', 'embed', 'input'])

function written(part: string | XmlElement): string {
  if (typeof part === 'string') return escaped(part)
  const attributes = Object.entries(part.attributes).map(
    ([name, value]) => ` ${name}="${escaped(value).replaceAll('"', '&quot;')}"`,
  )
  const begin = `<${part.name}${attributes.join('')}>`
  // "<br></br>" would be two of them.
  return part.parts.length === 0 && EMPTY.has(part.name)
    ? begin
    : `${begin}${part.parts.map(written).join('')}</${part.name}>`
}

async function* fromJson(source: Source): AsyncIterable<ImportRecord> {
  const text = await wholeText(source)
  let items: unknown
  try {
    items = (JSON.parse(text) as { items?: unknown }).items
  } catch (error) {
    throw new SourceFault(`it is no valid JSON: ${(error as Error).message}`)
  }
  if (!Array.isArray(items)) throw new SourceFault('it has no list of items')
  for (const item of items)
    yield typeof item === 'object' && item !== null
      ? articleOf(fromJsonItem(item))
      : { kind: 'failed', why: 'It is no object.' }
}

function fromJsonItem(item: Record<string, unknown>): Item {
  const text = (name: string): string =>
    typeof item[name] === 'string' || typeof item[name] === 'number' ? String(item[name]) : ''
  const authors = [item.authors, item.author].flat().flatMap((each) => {
    const name = (each as { name?: unknown } | undefined)?.name
    return typeof name === 'string' ? [name] : []
  })
  const html = text('content_html') || (text('content_text') && paragraphs(text('content_text')))
  return {
    id: text('id'),
    title: text('title'),
    link: text('external_url') || text('url'),
    html: html || undefined,
    summary: text('summary') && escaped(text('summary')),
    published: text('date_published') || undefined,
    updated: text('date_modified') || undefined,
    authors,
    tags: Array.isArray(item.tags) ? item.tags.map(String) : [],
    image: text('image') || text('banner_image') || undefined,
  }
}

const paragraphs = (text: string): string =>
  text
    .split(/\n{2,}/)
    .map((each) => `<p>${escaped(each).replaceAll('\n', '<br>')}</p>`)
    .join('')
