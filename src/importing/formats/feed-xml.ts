import { escaped, type Feed, type Item, languageOf, plain, recordOf } from './feed-item.ts'
import { attachedTo, picturesOf } from './feed-media.ts'
import { type ImportRecord, type ReadOptions, type Source, SourceFault } from './format.ts'
import { childrenOf, childText, type XmlElement, xmlElements } from './xml-items.ts'

// RSS 0.9x, 1.0 and 2.0, and Atom. Read twice: what the feed says of itself may stand after its items.

const ITEMS = ['item', 'entry']

export async function* xmlFeedItems(source: Source, options: ReadOptions): AsyncIterable<ImportRecord> {
  const feed = await feedOf(source, options)
  for await (const item of xmlElements(source, new Set(ITEMS), options)) {
    if (item.fault === undefined)
      yield recordOf(item.name === 'entry' ? atomItem(item) : rssItem(item), feed, item.line)
    else yield { kind: 'failed', line: item.line, why: `${item.fault.charAt(0).toUpperCase()}${item.fault.slice(1)}.` }
  }
}

async function feedOf(source: Source, options: ReadOptions): Promise<Feed> {
  const feed: Feed = { address: '', file: source.name, language: undefined, authors: [] }
  let own = ''
  // Those of a picture or a form of the feed are not its own.
  const wanted = new Set([
    ...ITEMS,
    'image',
    'textinput',
    'textInput',
    'link',
    'language',
    'author',
    'dc:creator',
    'dc:language',
  ])
  try {
    for await (const element of xmlElements(source, wanted, options)) {
      const { name, attributes, base } = element
      if (name === 'language' || name === 'dc:language') feed.language ??= languageOf(element.text)
      if (name === 'dc:creator') feed.authors.push(plain(element.text))
      if (name === 'author') feed.authors.push(childText(element, 'name') || rssName(element.text))
      if (name !== 'link') continue
      const address = whole(attributes.href ?? element.text.trim(), base)
      if (attributes.rel === 'self') own ||= address
      else if ((attributes.rel ?? 'alternate') === 'alternate') feed.address ||= address
    }
  } catch (error) {
    // Where it breaks off is told when its items are read.
    if (!(error instanceof SourceFault)) throw error
  }
  return { ...feed, address: feed.address || own }
}

const whole = (address: string, base: string): string =>
  address === '' ? '' : (URL.parse(address, base === '' ? undefined : base)?.href ?? '')

/** "name@example.org (The Name)" is how RSS has it. */
const rssName = (text: string): string => text.trim().replace(/^\S+@\S+\s*\((.*)\)$/, '$1')

function rssItem(item: XmlElement): Item {
  // Of several, the first that says something: links of Atom have no text.
  const text = (name: string): string =>
    childrenOf(item, name)
      .find((each) => each.text.trim() !== '')
      ?.text.trim() ?? ''
  const guid = item.children.find(({ name }) => name === 'guid')
  const isLink = guid?.attributes.isPermaLink?.toLowerCase() !== 'false' && /^https?:\/\//.test(text('guid'))
  const about = item.attributes.about ?? ''
  const summary = text('description')
  const encoded = item.children.find(({ name }) => name === 'content:encoded')?.text
  return {
    id: text('guid') || about,
    title: plain(text('title')),
    link: whole(text('link'), item.base) || text('link') || (isLink ? text('guid') : about),
    html: encoded ?? summary,
    isWhole: encoded !== undefined,
    summary: plain(summary),
    published: text('pubDate') || text('dc:date') || undefined,
    updated: undefined,
    authors: [...childrenOf(item, 'dc:creator').map((each) => plain(each.text)), rssName(plain(text('author')))].filter(
      Boolean,
    ),
    tags: [...childrenOf(item, 'category'), ...childrenOf(item, 'dc:subject')].map((each) => plain(each.text)),
    image: picturesOf(item)[0],
    base: item.base,
    warnings: attachedTo(item),
  }
}

function atomItem(entry: XmlElement): Item {
  const warnings: string[] = []
  const child = (name: string) => entry.children.find((each) => each.name === name)
  const html = (element: XmlElement | undefined): string => (element ? atomHtml(element, warnings) : '')
  const links = childrenOf(entry, 'link')
  const link = links.find(({ attributes }) => (attributes.rel ?? 'alternate') === 'alternate')
  const content = child('content')
  const source = content?.attributes.src
  if (source !== undefined) warnings.push(`Its text is not in the feed but at ${source.slice(0, 200)}.`)
  const people = childrenOf(entry, 'author')
  const summary = child('summary')
  const within = content !== undefined && source === undefined ? html(content) : undefined
  return {
    id: childText(entry, 'id'),
    title: plain(html(child('title'))),
    link: whole(link?.attributes.href ?? '', link?.base ?? '') || (link?.attributes.href ?? ''),
    html: within ?? html(summary),
    isWhole: within !== undefined,
    summary: plain(html(summary)),
    published: childText(entry, 'published') || undefined,
    updated: childText(entry, 'updated') || undefined,
    authors: (people.length > 0 ? people : childrenOf(child('source') ?? entry, 'author'))
      .map((each) => childText(each, 'name'))
      .filter((name) => name !== ''),
    tags: childrenOf(entry, 'category').map(({ attributes }) => attributes.label ?? attributes.term ?? ''),
    image: picturesOf(entry)[0],
    base: content?.base || entry.base,
    warnings: [...new Set(warnings), ...attachedTo(entry)],
  }
}

/** A text construct of Atom (RFC 4287, 3.1) as HTML, and what content there is besides (4.1.3). */
function atomHtml(element: XmlElement, warnings: string[]): string {
  const type = (element.attributes.type ?? 'text').toLowerCase()
  if (type === 'html' || type === 'text/html') return element.text
  if (type === 'xhtml' || /[+/]xml$/.test(type)) return element.parts.map(written).join('')
  if (type === 'text' || type.startsWith('text/')) return escaped(element.text)
  warnings.push(`Its content of the type "${type.slice(0, 100)}" is no text, and not taken.`)
  return ''
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
