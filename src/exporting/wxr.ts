import { createHash } from 'node:crypto'
import { toHtml } from '../body/to-html.ts'
import type { Document } from './schema.ts'

// WordPress eXtended RSS 1.2, which WordPress and most others import. Written item by item.

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
const cdata = (text: string): string => `<![CDATA[${withoutControls(text).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`
/** What XML 1.0 cannot say at all. */
const withoutControls = (text: string): string =>
  text.replaceAll(/\p{Cc}|[\ufffe\uffff]/gu, (each) =>
    (each >= ' ' && each < '\ufffe') || /[\t\n\r]/.test(each) ? each : '',
  )
const gmt = (instant: string): string => instant.slice(0, 19).replace('T', ' ')

export interface WxrSite {
  name: string
  url: string
  language: string
}

export const wxrHead = ({ name, url, language }: WxrSite): string => `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>${escaped(name)}</title>
<link>${escaped(url)}</link>
<language>${escaped(language)}</language>
<wp:wxr_version>1.2</wp:wxr_version>
<wp:base_site_url>${escaped(url)}</wp:base_site_url>
<wp:base_blog_url>${escaped(url)}</wp:base_blog_url>
`

export const wxrFoot = '</channel>\n</rss>\n'

/** WordPress counts its posts: a number that stays the same for an article. */
const numberOf = (id: string): number => createHash('sha256').update(id).digest().readUInt32BE() & 0x7fffffff

const term = (domain: string, { slug, name }: { slug: string; name: string }): string =>
  `<category domain="${domain}" nicename="${escaped(slug)}">${cdata(name)}</category>\n`

/** One article as an item; its picture is an attachment, an item of its own after it. */
export function wxrItem(
  { article, content, publishedAt, updatedAt, formerSlugs }: Document,
  at: string,
  address: string,
): string {
  const { headline, standfirst, section, tags, authors, image, body } = content
  const isPlanned = publishedAt === null && article.scheduledFrom !== null && article.scheduledFrom > at
  const status =
    publishedAt !== null ? 'publish' : article.trashedAt !== null ? 'trash' : isPlanned ? 'future' : 'draft'
  const date = publishedAt ?? (isPlanned ? article.scheduledFrom : article.firstPublishedAt)
  const number = numberOf(article.id)
  const meta = [
    ...formerSlugs.map((slug) => ['_wp_old_slug', slug] as const),
    ...(image ? [['_thumbnail_id', String(numberOf(`${article.id} image`))] as const] : []),
    ['_dateline_id', article.id] as const,
  ]
  const [author] = authors
  return `<item>
<title>${cdata(escaped(headline))}</title>
<link>${escaped(address)}</link>
<dc:creator>${cdata(author?.name ?? '')}</dc:creator>
<guid isPermaLink="false">urn:uuid:${article.id}</guid>
<content:encoded>${cdata(toHtml(body))}</content:encoded>
<excerpt:encoded>${cdata(standfirst === null ? '' : escaped(standfirst))}</excerpt:encoded>
<wp:post_id>${number}</wp:post_id>
<wp:post_date_gmt>${date === null ? '0000-00-00 00:00:00' : gmt(date)}</wp:post_date_gmt>
<wp:post_modified_gmt>${gmt(updatedAt ?? article.updatedAt)}</wp:post_modified_gmt>
<wp:post_name>${cdata(content.slug)}</wp:post_name>
<wp:status>${status}</wp:status>
<wp:post_type>post</wp:post_type>
${section === null ? '' : term('category', section)}${tags.map((tag) => term('post_tag', tag)).join('')}${authors.map((each) => term('author', each)).join('')}${meta
  .map(
    ([key, value]) =>
      `<wp:postmeta><wp:meta_key>${key}</wp:meta_key><wp:meta_value>${cdata(value)}</wp:meta_value></wp:postmeta>\n`,
  )
  .join('')}</item>
${image === null ? '' : attachment(numberOf(`${article.id} image`), number, image)}`
}

function attachment(
  number: number,
  parent: number,
  image: { url: string; alt: string; caption?: string | undefined },
): string {
  return `<item>
<title>${cdata(image.alt)}</title>
<wp:post_id>${number}</wp:post_id>
<wp:post_parent>${parent}</wp:post_parent>
<wp:status>inherit</wp:status>
<wp:post_type>attachment</wp:post_type>
<wp:attachment_url>${escaped(image.url)}</wp:attachment_url>
<excerpt:encoded>${cdata(image.caption === undefined ? '' : escaped(image.caption))}</excerpt:encoded>
<wp:postmeta><wp:meta_key>_wp_attachment_image_alt</wp:meta_key><wp:meta_value>${cdata(image.alt)}</wp:meta_value></wp:postmeta>
</item>
`
}
