import { decodeHTML } from 'entities'
import type { ArticleRecord } from './format.ts'
import { htmlOfPost } from './wordpress-text.ts'
import { publicationOf } from './wxr-dates.ts'
import { ownOf, withOwn } from './wxr-own.ts'
import { metaOf, type Site, safelyDecoded } from './wxr-site.ts'
import { termsOf } from './wxr-terms.ts'
import { childrenOf, childText, type XmlElement } from './xml-items.ts'

// One post or page of WordPress as a record.

interface Told {
  line: number
  id: string
  type: string
  status: string
}

/** How much of a custom field is kept. */
const META_LENGTH_MAX = 4_000

export function articleOf(item: XmlElement, { line, id, type, status }: Told, site: Site): ArticleRecord {
  const warnings: string[] = []
  const meta = metaOf(item)
  const slug = safelyDecoded(childText(item, 'wp:post_name')).replace(/__trashed(?:-\d+)?$/, '')
  const image = site.attachments.get(meta.get('_thumbnail_id') ?? '')
  if (meta.has('_thumbnail_id') && image === undefined) warnings.push('Its featured image is not in the export.')
  const own = ownOf(meta)
  const { section, tags, authors } = termsOf(item, site, own !== undefined, warnings)
  const headline = plainText(childText(item, 'title'))
  const standfirst = plainText(childText(item, 'excerpt:encoded'))
  if (childText(item, 'wp:is_sticky') === '1') warnings.push('It was sticky: put it into a rail.')
  const comments = childrenOf(item, 'wp:comment').length
  if (comments > 0) warnings.push(`Its ${comments} comment${comments === 1 ? ' is' : 's are'} not taken.`)
  if (type === 'page') warnings.push('It was a page, and comes as an article.')
  const content = item.children.find(({ name }) => name === 'content:encoded')?.text ?? ''
  const html = htmlOfPost(content, { attachments: site.attachments, own: site.byParent.get(id) ?? [] }, warnings)
  let publication = publicationOf(item, status, warnings)
  if (headline === '' && plainText(html) === '' && publication.state !== 'trashed') {
    warnings.push('It has no title and no words: it comes as a draft.')
    publication = { state: 'draft' }
  }
  const notes = customFieldsOf(item, warnings)
  const record: ArticleRecord = {
    kind: 'article',
    line,
    id,
    externalId: `wordpress:${site.base}?p=${id}`,
    fields: {
      headline,
      ...(slug !== '' && { slug }),
      ...(standfirst !== '' && { standfirst }),
      ...(site.language !== undefined && { language: site.language }),
      ...(section && { section }),
      ...(image && {
        image: { url: image.url, alt: image.alt, ...(image.caption !== '' && { caption: plainText(image.caption) }) },
      }),
      tags,
      authors,
      ...(notes !== '' && { notes }),
    },
    body: { html },
    derived: [],
    publication,
    formerAddresses: formerAddressesOf(item, { id, type }, site),
    links: [],
    warnings,
  }
  return own === undefined ? record : withOwn(record, own)
}

/** Where it was found: its address, those with its number, and those with slugs that it had before. */
function formerAddressesOf(item: XmlElement, { id, type }: { id: string; type: string }, { base }: Site): string[] {
  const link = childText(item, 'link')
  const guid = item.children.find(({ name }) => name === 'guid')
  const old = childrenOf(item, 'wp:postmeta')
    .filter((each) => childText(each, 'wp:meta_key') === '_wp_old_slug')
    .map((each) => childText(each, 'wp:meta_value'))
    .filter((each) => each !== '')
  const folder = link.includes('?') ? `${base}/` : link.replace(/[^/]*\/?$/, '')
  const all = [
    link,
    ...(guid?.attributes.isPermaLink === 'true' ? [guid.text.trim()] : []),
    ...(id === '' ? [] : [`${base}/?${type === 'page' ? 'page_id' : 'p'}=${id}`]),
    ...old.map((each) => `${folder}${each}/`),
  ]
  return [...new Set(all)].filter((each) => /^https?:\/\//.test(each))
}

/** Custom fields that editors see, for the notes: those that begin with "_" are of WordPress and its plugins. */
function customFieldsOf(item: XmlElement, warnings: string[]): string {
  const fields = childrenOf(item, 'wp:postmeta')
    .map((each) => [childText(each, 'wp:meta_key'), childText(each, 'wp:meta_value')] as const)
    .filter(([key, value]) => key !== '' && !key.startsWith('_') && value !== '')
  if (fields.length === 0) return ''
  const cut = fields.some(([, value]) => value.length > META_LENGTH_MAX) ? ', cut where they are long' : ''
  warnings.push(`Its custom fields are kept in the notes${cut}: ${fields.map(([key]) => key.slice(0, 60)).join(', ')}.`)
  return fields.map(([key, value]) => `${key}: ${value.slice(0, META_LENGTH_MAX)}`).join('\n')
}

/** Titles and excerpts are HTML to WordPress: their marks go, and what stands for a character is that. */
const plainText = (html: string): string => decodeHTML(html.replaceAll(/<\/?[a-zA-Z][^<>]*>/g, '')).trim()
