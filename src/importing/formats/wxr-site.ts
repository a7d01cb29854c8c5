import { decodeHTML } from 'entities'
import { fromHtml } from '../../body/from-html.ts'
import { toText } from '../../body/to-text.ts'
import type { ReadOptions, Source } from './format.ts'
import type { Attachment } from './wordpress-parts.ts'
import { childrenOf, childText, type XmlElement, xmlElements } from './xml-items.ts'

// What the posts of a WordPress export are joined with, which may stand anywhere in it.

export interface Site {
  /** The address of the site, without a slash at its end. */
  base: string
  language: string | undefined
  /** Names by login, and by the slug that Co-Authors Plus makes of one. */
  authors: Map<string, string>
  attachments: Map<string, Attachment>
  /** Attachments by the post to which they belong. */
  byParent: Map<string, Attachment[]>
  /** By their slugs, with that of the one that each is a part of. */
  categories: Map<string, Category>
  /** Those that say more than their names. */
  tags: Category[]
}

export interface Category {
  slug: string
  name: string
  parent: string
  description: string
  line: number
}

const WANTED = [
  'wp:base_site_url',
  'wp:base_blog_url',
  'wp:author',
  'wp:category',
  'wp:tag',
  'language',
  'link',
  'image',
  'item',
]

export async function siteOf(source: Source, options: ReadOptions): Promise<Site> {
  const site: Site = {
    base: '',
    language: undefined,
    authors: new Map(),
    attachments: new Map(),
    byParent: new Map(),
    categories: new Map(),
    tags: [],
  }
  const addresses = new Map<string, string>()
  for await (const element of xmlElements(source, new Set(WANTED), options)) {
    const { name, text } = element
    if (name === 'language' && /^[a-z]{2,3}(-[A-Za-z]{2,4})?$/.test(text.trim()))
      site.language = Intl.getCanonicalLocales(text.trim())[0]
    else if (name === 'wp:author')
      nameAuthor(site, childText(element, 'wp:author_login'), childText(element, 'wp:author_display_name'))
    else if (name === 'wp:category') {
      const category = categoryOf(element, 'category_nicename', 'cat_name', 'category')
      if (category.name !== '') site.categories.set(category.slug, category)
    } else if (name === 'wp:tag') {
      const tag = categoryOf(element, 'tag_slug', 'tag_name', 'tag')
      if (tag.name !== '' && tag.description !== '') site.tags.push(tag)
    } else if (name === 'item') join(site, element)
    else if (text.trim() !== '' && !addresses.has(name)) addresses.set(name, text.trim().replace(/\/+$/, ''))
  }
  site.base = addresses.get('wp:base_blog_url') ?? addresses.get('wp:base_site_url') ?? addresses.get('link') ?? ''
  return site
}

function nameAuthor({ authors }: Site, login: string, name: string): void {
  if (login === '') return
  authors.set(login, name || login)
}

/** WordPress says the same of categories and tags under other names. */
function categoryOf(element: XmlElement, slug: string, name: string, prefix: string): Category {
  const textOf = (child: string) => childText(element, `wp:${child}`).trim()
  return {
    slug: safelyDecoded(textOf(slug)),
    name: decodeHTML(textOf(name)),
    parent: safelyDecoded(textOf(`${prefix}_parent`)),
    description: toText(fromHtml(textOf(`${prefix}_description`))).trim(),
    line: element.line,
  }
}

/** Takes in what belongs to posts and is an item like them: pictures, and guest authors of Co-Authors Plus. */
function join(site: Site, item: XmlElement): void {
  const type = childText(item, 'wp:post_type')
  if (type === 'guest-author') {
    const meta = metaOf(item)
    nameAuthor(
      site,
      meta.get('cap-user_login') ?? childText(item, 'wp:post_name'),
      meta.get('cap-display_name') ?? childText(item, 'title'),
    )
  }
  if (type !== 'attachment') return
  const attachment: Attachment = {
    url: childText(item, 'wp:attachment_url') || childText(item, 'guid'),
    alt: metaOf(item).get('_wp_attachment_image_alt') ?? '',
    caption: childText(item, 'excerpt:encoded'),
    parent: childText(item, 'wp:post_parent'),
  }
  site.attachments.set(childText(item, 'wp:post_id'), attachment)
  const { parent } = attachment
  if (parent === '' || parent === '0') return
  const siblings = site.byParent.get(parent)
  if (siblings) siblings.push(attachment)
  else site.byParent.set(parent, [attachment])
}

/** The values of its custom fields, the first of each name. */
export const metaOf = (item: XmlElement): Map<string, string> => {
  const meta = new Map<string, string>()
  for (const each of childrenOf(item, 'wp:postmeta')) {
    const key = childText(each, 'wp:meta_key')
    if (!meta.has(key)) meta.set(key, childText(each, 'wp:meta_value'))
  }
  return meta
}

export const safelyDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
