import { stringify } from 'yaml'
import { ownMarkdown } from '../importing/formats/own-markdown.ts'
import type { Document } from './schema.ts'
import { filled, standingOf } from './standings.ts'

/**
 * A document as a file of Markdown with front matter that Hugo builds and that comes back as the same article
 * (src/importing/formats/own-document.ts); the name of the file is safe on every system. `addressOf` says where it is under a slug.
 * Undefined for what is in the trash.
 */
export function markdownFile(
  document: Document,
  at: string,
  addressOf: (slug: string) => string,
): { name: string; text: string } | undefined {
  const { article, content, updatedAt, formerSlugs, formerPaths } = document
  const { state, date, ends } = standingOf(document, at)
  if (state === 'trashed') return undefined
  const { section, tags, authors, image, source } = content
  // Where Hugo had it before, and where readers found it here.
  const aliases = [...formerSlugs.map((slug) => `/${slug}/`), ...formerPaths.filter((each) => IS_PATH.test(each))]
  const addresses = [content.slug, ...formerSlugs].map(addressOf)
  const head = filled({
    title: content.headline,
    slug: content.slug,
    // Of what was never public nobody knows one.
    date,
    lastmod: updatedAt === date ? null : updatedAt,
    expiryDate: ends,
    draft: state === 'draft' ? true : null,
    language: content.language,
    kicker: content.kicker,
    alternativeHeadline: content.alternativeHeadline,
    description: content.standfirst,
    byline: content.byline,
    dateline: content.dateline,
    section: section?.name,
    tags: tags.map(({ name }) => name),
    authors: authors.map(({ name }) => name),
    image: image && { src: image.url, ...filled({ ...image, url: null }) },
    source: source?.name,
    source_url: source?.url,
    canonical: content.canonicalUrl,
    aliases,
    notes: content.notes,
    externalId: content.externalId,
    dateline_id: article.id,
    dateline_addresses: [...addresses, ...formerPaths.filter((each) => !IS_PATH.test(each))],
    dateline_terms: filled({ section: section && [section], tags, authors }),
  })
  const body = ownMarkdown(content.body)
  return {
    name: `${fileNameOf(content.slug)}.md`,
    text: `---\n${yamlOf(head)}---\n\n${body}${body === '' ? '' : '\n'}`,
  }
}

/** Hugo makes a file of each alias. */
const IS_PATH = /^\/[^?#\p{Cc}]*$/u

/** A file "index.md" would be a folder's to Hugo, and some names are devices to Windows. */
const fileNameOf = (slug: string): string =>
  /^(?:index|con|prn|aux|nul|(?:com|lpt)\d)$/.test(slug) ? `${slug}_` : slug

/**
 * Every text in quotes, as JSON has it, so that none is a number, a date or a sign to any version of YAML; what YAML cannot print by
 * its number.
 */
const yamlOf = (head: object): string =>
  stringify(head, {
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
    doubleQuotedAsJSON: true,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  }).replaceAll(
    /[^\P{Cc}\n]|[\u2028\u2029\ufeff\ufffe\uffff]/gu,
    (sign) => `\\u${(sign.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
