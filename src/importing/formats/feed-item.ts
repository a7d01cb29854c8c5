import { decodeHTML } from 'entities'
import { instantOf } from './dates.ts'
import type { ImportRecord, Publication } from './format.ts'
import { withWholeAddresses } from './relative-links.ts'

// What an item of a feed is, whatever the feed is written in, and what becomes of it.

/** What a feed says of itself. */
export interface Feed {
  /** By which it is told from other feeds: the address of its site or its own; empty where it does not say. */
  address: string
  /** The name of its file, where nothing else tells it from others. */
  file: string
  language: string | undefined
  /** Who wrote what names nobody. */
  authors: string[]
}

/** Titles, names and summaries are text here, and no HTML. */
export interface Item {
  id: string
  title: string
  link: string
  html: string
  /** Whether that is all of it, and not what the feed says in short. */
  isWhole: boolean
  summary: string
  published: string | undefined
  updated: string | undefined
  authors: string[]
  tags: string[]
  image: { url: string; caption?: string; credit?: string } | undefined
  /** What relative addresses in it stand under. */
  base: string
  warnings: string[]
}

export function recordOf(item: Item, feed: Feed, line?: number): ImportRecord {
  const { title, link, html, isWhole, summary, image } = item
  const key = item.id || link || title
  const place = { line, ...(key !== '' && { id: key }) }
  if (title === '' && html.trim() === '') return { kind: 'failed', ...place, why: 'It has neither a title nor a text.' }
  if (key === '') return { kind: 'failed', ...place, why: 'It has no id, no address and no title.' }
  const warnings = [...item.warnings]
  if (!isWhole) warnings.push('The feed has no whole text of it: what it says in short is its text.')
  const base = [item.base, link, feed.address].find((each) => URL.canParse(each)) ?? ''
  const body = withWholeAddresses(html, base)
  if (body.isRelative) warnings.push('It has relative addresses, and the feed does not say to what.')
  const publication = publicationOf(item, warnings)
  const canonicalUrl = wholeAddress(link, base)
  const pictured = image && wholeAddress(image.url, base)
  const named = item.authors.length > 0 ? item.authors : feed.authors
  return {
    kind: 'article',
    ...place,
    externalId: `feed:${isOfTheWorld(key) ? key : `${feed.address || URL.parse(link)?.origin || feed.file}#${key}`}`,
    fields: {
      headline: title,
      ...(feed.language !== undefined && { language: feed.language }),
      ...(isWhole && summary !== '' && { standfirst: summary }),
      ...(canonicalUrl !== undefined && { canonicalUrl }),
      ...(image && pictured !== undefined && { image: { ...image, url: pictured, alt: '' } }),
      tags: distinct(item.tags),
      authors: distinct(named),
    },
    body: { html: body.html },
    derived: [],
    publication,
    formerAddresses: [],
    links: [],
    warnings,
  }
}

/** Whether no other feed has the same id for something else. */
const isOfTheWorld = (id: string): boolean => /^(?:https?:\/\/|urn:|tag:)./i.test(id)

/** What nobody can tell when it was published, or what it is called, waits for somebody who can. */
function publicationOf({ published, updated, title, html }: Item, warnings: string[]): Publication {
  const dateOf = (text: string | undefined): string | undefined => {
    const at = instantOf(text)
    if (at === undefined && text !== undefined) warnings.push(`"${text.slice(0, 100)}" is no date that is known.`)
    return at
  }
  const [first, last] = [dateOf(published), dateOf(updated)]
  const publishedAt = first ?? last
  const hasWords = title !== '' || plain(html) !== ''
  if (publishedAt === undefined) warnings.push('It has no date: it comes as a draft.')
  if (!hasWords) warnings.push('It has no title and no words: it comes as a draft.')
  if (publishedAt === undefined || !hasWords) return { state: 'draft' }
  return { state: 'published', publishedAt, updatedAt: last }
}

/** As a web address; undefined for what is none. */
const wholeAddress = (address: string, base: string): string | undefined => {
  if (address === '') return undefined
  if (/^https?:\/\//i.test(address)) return address
  const url = URL.parse(address, base === '' ? undefined : base)?.href
  return url !== undefined && /^https?:/.test(url) ? url : undefined
}

const distinct = (names: string[]) =>
  [...new Set(names.map((name) => name.replaceAll(/\s+/g, ' ').trim()))]
    .filter((name) => name !== '')
    .map((name) => ({ name }))

/** What HTML says, in one line. */
export const plain = (html: string): string =>
  decodeHTML(html.replaceAll(/<\/?[a-zA-Z][^<>]*>/g, ''))
    .replaceAll(/\s+/g, ' ')
    .trim()

export const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** Text as HTML: a blank line ends a paragraph. */
export const asHtml = (text: string): string =>
  text === ''
    ? ''
    : text
        .split(/\n{2,}/)
        .map((each) => `<p>${escaped(each).replaceAll('\n', '<br>')}</p>`)
        .join('')

/** A language as it is usually written; undefined for what is none. */
export const languageOf = (text: string): string | undefined => {
  try {
    return text.trim() === '' ? undefined : Intl.getCanonicalLocales(text.trim().replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}
