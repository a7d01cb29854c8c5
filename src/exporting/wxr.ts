import { toHtml } from '../body/to-html.ts'
import type { Document, ExportedTerm } from './schema.ts'
import { filled, standingOf } from './standings.ts'
import { cdata, element, htmlEscaped, withReferences } from './xml-text.ts'

// WordPress eXtended RSS 1.2, which WordPress and most others import. Written item by item; who wrote them and what they are filed
// under comes after them, as only then all of that is known. What WordPress has no place for is in a custom field of ours that it keeps and
// does not show, so that the file is the same articles when it comes back.

const gmt = (instant: string | null): string =>
  instant === null ? '0000-00-00 00:00:00' : instant.slice(0, 19).replace('T', ' ')

export interface WxrSite {
  name: string
  url: string
  language: string
}

interface Term {
  slug: string
  name: string
}

/** What writes one export, part after part: it counts, and remembers terms. */
export function wxrWriter({ name, url, language }: WxrSite) {
  /** WordPress knows posts and pictures by numbers. */
  let last = 0
  const terms = {
    category: new Map<string, string>(),
    post_tag: new Map<string, string>(),
    author: new Map<string, string>(),
  }
  const filedUnder = (domain: keyof typeof terms, { slug, name }: Term): string => {
    if (!terms[domain].has(slug)) terms[domain].set(slug, name)
    // Co-Authors Plus, as WordPress itself, knows authors by login.
    const [nicename, said] = domain === 'author' ? [`cap-${slug}`, slug] : [slug, name]
    return `<category domain="${domain}" nicename="${nicename}">${cdata(htmlEscaped(said))}</category>\n`
  }

  return {
    head: `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
${element('title', name)}${element('link', url)}${element('language', language)}${element('wp:wxr_version', '1.2')}${element('wp:base_site_url', url)}${element('wp:base_blog_url', url)}`,

    /** One article as an item; its picture is an attachment, an item of its own after it. `addressOf` says where it is under a slug. */
    item(document: Document, at: string, addressOf: (slug: string) => string): string {
      const { article, content, formerSlugs, updatedAt } = document
      const { headline, standfirst, section, tags, authors, image } = content
      const { state, date } = standingOf(document, at)
      const number = ++last
      const picture = image === null ? undefined : ++last
      const status = { live: 'publish', planned: 'future', trashed: 'trash', ended: 'draft', draft: 'draft' }[state]
      const meta = [
        ...formerSlugs.map((slug) => ['_wp_old_slug', slug] as const),
        ...(picture === undefined ? [] : [['_thumbnail_id', String(picture)] as const]),
        ['_dateline_id', article.id] as const,
        [
          '_dateline',
          JSON.stringify(restOf(document, at, addressOf)).replaceAll(/[\ufffe\uffff]/g, (sign) =>
            sign === '\ufffe' ? '\\ufffe' : '\\uffff',
          ),
        ] as const,
      ]
      const filed = [
        ...(section === null ? [] : [filedUnder('category', section)]),
        ...tags.map((tag) => filedUnder('post_tag', tag)),
        ...authors.map((author) => filedUnder('author', author)),
      ]
      return `<item>
<title>${cdata(htmlEscaped(headline))}</title>
${element('link', addressOf(content.slug))}<dc:creator>${cdata(authors[0]?.slug ?? '')}</dc:creator>
<guid isPermaLink="false">urn:uuid:${article.id}</guid>
<content:encoded>${cdata(htmlOf(document))}</content:encoded>
<excerpt:encoded>${cdata(htmlEscaped(standfirst ?? ''))}</excerpt:encoded>
<wp:post_id>${number}</wp:post_id>
<wp:post_date_gmt>${gmt(date)}</wp:post_date_gmt>
<wp:post_modified_gmt>${gmt(updatedAt ?? article.updatedAt)}</wp:post_modified_gmt>
<wp:post_name>${cdata(content.slug)}</wp:post_name>
<wp:status>${status}</wp:status>
<wp:post_type>post</wp:post_type>
${filed.join('')}${meta.map(postMeta).join('')}</item>
${image === null || picture === undefined ? '' : attachment(picture, number, image)}`
    },

    /** `defined` are sections, and tags that say more than their names. */
    foot(defined: ExportedTerm[]): string {
      const said = { category: new Map<string, ExportedTerm>(), post_tag: new Map<string, ExportedTerm>() }
      for (const term of defined) {
        const domain = term.kind === 'section' ? 'category' : 'post_tag'
        said[domain].set(term.slug, term)
        if (!terms[domain].has(term.slug)) terms[domain].set(term.slug, term.name)
      }
      const authors = [...terms.author].map(
        ([slug, name]) =>
          `<wp:author><wp:author_login>${cdata(slug)}</wp:author_login><wp:author_display_name>${cdata(htmlEscaped(name))}</wp:author_display_name></wp:author>\n`,
      )
      const categories = [...terms.category].map(
        ([slug, name]) =>
          `<wp:category><wp:category_nicename>${slug}</wp:category_nicename><wp:category_parent>${said.category.get(slug)?.parent ?? ''}</wp:category_parent><wp:cat_name>${cdata(htmlEscaped(name))}</wp:cat_name>${described('category', said.category.get(slug))}</wp:category>\n`,
      )
      const tags = [...terms.post_tag].map(
        ([slug, name]) =>
          `<wp:tag><wp:tag_slug>${slug}</wp:tag_slug><wp:tag_name>${cdata(htmlEscaped(name))}</wp:tag_name>${described('tag', said.post_tag.get(slug))}</wp:tag>\n`,
      )
      return `${authors.join('')}${categories.join('')}${tags.join('')}</channel>\n</rss>\n`
    },
  }
}

const described = (name: 'category' | 'tag', term: ExportedTerm | undefined): string =>
  term === undefined || term.description === ''
    ? ''
    : `<wp:${name}_description>${cdata(htmlEscaped(term.description))}</wp:${name}_description>`

/** A block of HTML, which WordPress shows as it is; no bracket in it begins a shortcode. */
const htmlOf = ({ content }: Document): string => {
  const html = withReferences(toHtml(content.body).replaceAll('[', '&#91;'))
  return html === '' ? '' : `<!-- wp:html -->\n${html}\n<!-- /wp:html -->`
}

/** What WordPress has no place for, and what it keeps less exactly. */
function restOf(document: Document, at: string, addressOf: (slug: string) => string): Record<string, unknown> {
  const { content, updatedAt } = document
  const formerPaths = [...document.formerSlugs.map(addressOf), ...document.formerPaths]
  const { language, alternativeHeadline, kicker, byline, dateline, source, canonicalUrl, externalId, notes } = content
  const { section, tags, authors, image } = content
  const { state, date, ends } = standingOf(document, at)
  return filled({
    ...{ language, alternativeHeadline, kicker, byline, dateline, source, canonicalUrl, externalId, notes },
    ...{ section, tags, authors, image, formerPaths, date, updatedAt },
    // What readers have until then, and what they had: that must not become the other.
    ...(state === 'ended' ? { ended: ends } : { ends }),
  })
}

const postMeta = ([key, value]: readonly [string, string]): string =>
  `<wp:postmeta><wp:meta_key>${key}</wp:meta_key><wp:meta_value>${cdata(value)}</wp:meta_value></wp:postmeta>\n`

function attachment(number: number, parent: number, image: NonNullable<Document['content']['image']>): string {
  return `<item>
<title>${cdata(htmlEscaped(image.alt))}</title>
<wp:post_id>${number}</wp:post_id>
<wp:post_parent>${parent}</wp:post_parent>
<wp:status>inherit</wp:status>
<wp:post_type>attachment</wp:post_type>
${element('wp:attachment_url', image.url)}<excerpt:encoded>${cdata(htmlEscaped(image.caption ?? ''))}</excerpt:encoded>
${postMeta(['_wp_attachment_image_alt', image.alt])}</item>
`
}
