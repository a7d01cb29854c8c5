import { decodeHTML } from 'entities'
import { instantOf } from './dates.ts'
import type { ArticleRecord, Format, ImportRecord, Publication, Source } from './format.ts'
import { type Attachment, htmlOfPost } from './wordpress-text.ts'
import { headText, rootOf } from './xml-head.ts'
import { childrenOf, childText, type XmlElement, xmlElements } from './xml-items.ts'

// WordPress eXtended RSS, 1.0 to 1.2, as WordPress exports it. Read twice: what posts are joined with (authors, pictures) may
// stand anywhere.

export const wxr: Format = {
  name: 'wxr',
  description: 'WordPress exports (WXR 1.0 to 1.2)',
  recognises: (source) =>
    rootOf(source) === 'rss' && /xmlns:\w+\s*=\s*["']http:\/\/wordpress\.org\/export\//.test(headText(source)),
  async *read(source) {
    const site = await siteOf(source)
    for await (const item of xmlElements(source, new Set(['item']))) yield recordOf(item, site)
  },
}

interface Site {
  /** The address of the site, without a slash at its end. */
  base: string
  language: string | undefined
  authors: Map<string, string>
  attachments: Map<string, Attachment>
}

async function siteOf(source: Source): Promise<Site> {
  const site: Site = { base: '', language: undefined, authors: new Map(), attachments: new Map() }
  const wanted = new Set(['wp:base_site_url', 'wp:base_blog_url', 'wp:author', 'language', 'item'])
  for await (const element of xmlElements(source, wanted)) {
    const { name, text } = element
    if (name === 'language' && /^[a-z]{2,3}(-[A-Za-z]{2,4})?$/.test(text.trim()))
      site.language = Intl.getCanonicalLocales(text.trim())[0]
    else if (name === 'wp:base_blog_url' || (name === 'wp:base_site_url' && site.base === ''))
      site.base = text.trim().replace(/\/+$/, '')
    else if (name === 'wp:author') {
      const login = childText(element, 'wp:author_login')
      site.authors.set(login, childText(element, 'wp:author_display_name') || login)
    } else if (name === 'item' && childText(element, 'wp:post_type') === 'attachment') {
      const url = childText(element, 'wp:attachment_url') || childText(element, 'guid')
      const alt = metaOf(element).get('_wp_attachment_image_alt') ?? ''
      site.attachments.set(childText(element, 'wp:post_id'), {
        url,
        alt,
        caption: childText(element, 'excerpt:encoded'),
      })
    }
  }
  return site
}

const metaOf = (item: XmlElement): Map<string, string> =>
  new Map(
    childrenOf(item, 'wp:postmeta').map((meta) => [childText(meta, 'wp:meta_key'), childText(meta, 'wp:meta_value')]),
  )

function recordOf(item: XmlElement, site: Site): ImportRecord {
  const id = childText(item, 'wp:post_id')
  const place = { line: item.line, id }
  const type = childText(item, 'wp:post_type') || 'post'
  if (item.fault !== undefined)
    return { kind: 'failed', ...place, why: `${item.fault.charAt(0).toUpperCase()}${item.fault.slice(1)}.` }
  if (type === 'attachment')
    return { kind: 'skipped', ...place, why: 'Attachments are taken as the pictures of posts.' }
  if (type !== 'post' && type !== 'page') return { kind: 'skipped', ...place, why: `It is a "${type}" and no article.` }
  const status = childText(item, 'wp:status') || 'publish'
  if (status === 'auto-draft' || status === 'inherit')
    return { kind: 'skipped', ...place, why: `Its status is "${status}".` }
  return articleOf(item, { ...place, type, status }, site)
}

function articleOf(
  item: XmlElement,
  { line, id, type, status }: { line: number; id: string; type: string; status: string },
  site: Site,
): ArticleRecord {
  const warnings: string[] = []
  const meta = metaOf(item)
  const link = childText(item, 'link')
  const guid = item.children.find(({ name }) => name === 'guid')
  const permalinks = [link, ...(guid?.attributes.isPermaLink === 'true' ? [guid.text.trim()] : [])]
  const old = childrenOf(item, 'wp:postmeta')
    .filter((each) => childText(each, 'wp:meta_key') === '_wp_old_slug')
    .map((each) => childText(each, 'wp:meta_value'))
  const base = link.replace(/[^/]*\/?$/, '')
  const slug = safelyDecoded(childText(item, 'wp:post_name'))
  const image = site.attachments.get(meta.get('_thumbnail_id') ?? '')
  if (meta.has('_thumbnail_id') && image === undefined) warnings.push('Its featured image is not in the export.')
  const terms = childrenOf(item, 'category').map((each) => ({ name: decodeHTML(each.text.trim()), ...each.attributes }))
  const inDomain = (...domains: string[]) =>
    terms.filter((each) => domains.includes((each as { domain?: string }).domain ?? 'category') && each.name !== '')
  const [section, ...more] = inDomain('category').filter(({ name }) => name !== 'Uncategorized')
  const guests = inDomain('author')
  const login = childText(item, 'dc:creator')
  const authors =
    guests.length > 0
      ? guests.map(({ name }) => ({ name }))
      : login === ''
        ? []
        : [{ name: site.authors.get(login) ?? login }]
  const standfirst = plainText(childText(item, 'excerpt:encoded'))
  const known = new Set(['category', 'post_tag', 'author', 'post_format', undefined])
  for (const each of terms) {
    const { domain } = each as { domain?: string }
    if (!known.has(domain)) warnings.push(`The term "${each.name}" of "${domain}" is kept as a tag.`)
  }
  if (childText(item, 'wp:is_sticky') === '1') warnings.push('It was sticky: put it into a rail.')
  const comments = childrenOf(item, 'wp:comment').length
  if (comments > 0) warnings.push(`Its ${comments} comment${comments === 1 ? ' is' : 's are'} not taken.`)
  if (type === 'page') warnings.push('It was a page, and comes as an article.')
  const content = item.children.find(({ name }) => name === 'content:encoded')?.text ?? ''
  return {
    kind: 'article',
    line,
    id,
    externalId: `wordpress:${site.base}?p=${id}`,
    fields: {
      headline: plainText(childText(item, 'title')),
      ...(slug !== '' && { slug }),
      ...(standfirst !== '' && { standfirst }),
      ...(site.language !== undefined && { language: site.language }),
      ...(section && { section: termOf(section) }),
      ...(image && {
        image: { url: image.url, alt: image.alt, ...(image.caption !== '' && { caption: plainText(image.caption) }) },
      }),
      tags: [
        ...more,
        ...terms.filter(
          (each) => !['category', 'author', 'post_format'].includes((each as { domain?: string }).domain ?? 'category'),
        ),
      ].map(termOf),
      authors,
    },
    body: { html: htmlOfPost(content, site.attachments, warnings) },
    derived: [],
    publication: publicationOf(item, status, warnings),
    formerAddresses: [...permalinks.filter((each) => each !== ''), ...old.map((each) => `${base}${each}/`)],
    links: [],
    warnings,
  }
}

const termOf = (term: { name: string; nicename?: string }) => {
  const slug = safelyDecoded(term.nicename ?? '')
  return { name: term.name, ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) && slug.length <= 120 && { slug }) }
}

const safelyDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Titles and excerpts are HTML to WordPress: their marks go, and what stands for a character is that. */
const plainText = (html: string): string => decodeHTML(html.replaceAll(/<\/?[a-zA-Z][^<>]*>/g, '')).trim()

function publicationOf(item: XmlElement, status: string, warnings: string[]): Publication {
  const dateOf = (name: string): string | undefined => {
    const text = childText(item, name)
    return text.startsWith('0000') ? undefined : instantOf(text)
  }
  const at = dateOf('wp:post_date_gmt') ?? dateOf('pubDate') ?? dateOf('wp:post_date')
  if (childText(item, 'wp:post_password') !== '') {
    warnings.push('It was behind a password: it comes as a draft, or everybody could read it.')
    return { state: 'draft' }
  }
  if (status === 'publish') return { state: 'published', publishedAt: at, updatedAt: dateOf('wp:post_modified_gmt') }
  if (status === 'future' && at !== undefined) return { state: 'scheduled', liveFrom: at }
  if (status === 'trash') return { state: 'trashed' }
  if (status === 'private') warnings.push('It was private: it comes as a draft.')
  return { state: 'draft' }
}
