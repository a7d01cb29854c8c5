import { decodeHTML } from 'entities'
import { termSlug } from '../../shared/slug.ts'
import type { TermRecord } from './format.ts'
import { definition, type Named, named } from './term-records.ts'
import { type Category, type Site, safelyDecoded } from './wxr-site.ts'
import { childrenOf, childText, type XmlElement } from './xml-items.ts'

// The categories, tags and authors of a WordPress post.

interface Term {
  name: string
  domain: string
  nicename: string
}

const KNOWN = new Set(['category', 'post_tag', 'author', 'post_format'])

/**
 * Its section is the first category that is a part of none of its others; what that is a part of is no tag, as it is that of the section
 * (`definedIn`). `isOwn` says that Dateline wrote it, where authors have slugs.
 */
export function termsOf(item: XmlElement, site: Site, isOwn: boolean, warnings: string[]) {
  const terms: Term[] = childrenOf(item, 'category')
    .map(({ text, attributes: { domain = 'category', nicename = '' } }) => ({
      name: decodeHTML(text.trim()),
      domain,
      nicename: safelyDecoded(nicename),
    }))
    .filter(({ name }) => name !== '')
  const isNothing = ({ domain, nicename, name }: Term) =>
    !isOwn && domain === 'category' && (nicename === 'uncategorized' || (nicename === '' && name === 'Uncategorized'))
  if (terms.some(isNothing))
    warnings.push('Its category "Uncategorized" is not taken: it is what WordPress says of what has none.')
  const categories = terms.filter((each) => each.domain === 'category' && !isNothing(each))
  const aboveOf = (of: Term) => above(site, of.nicename)
  const around = new Set(categories.flatMap(aboveOf).map(({ slug }) => slug))
  const section = categories.find(({ nicename }) => !around.has(nicename)) ?? categories[0]
  const isAbove = new Set(section && aboveOf(section).map(({ slug }) => slug))
  const others = categories.filter((each) => each !== section && !isAbove.has(each.nicename))
  for (const { domain, name } of terms)
    if (!KNOWN.has(domain)) warnings.push(`The term "${name}" of "${domain}" is kept as a tag.`)
  const further = terms.filter(({ domain }) => !['category', 'author', 'post_format'].includes(domain))
  return {
    section: section && namedBy(section),
    tags: [...others, ...further].map(namedBy),
    authors: authorsOf(item, terms, site, isOwn, warnings),
  }
}

const namedBy = ({ name, nicename }: Term): Named => named({ name, slug: nicename })

/** Categories and tags that say more than their names, or that others are a part of; what one is a part of comes before it. */
export function definedIn({ categories, tags }: Site): TermRecord[] {
  const parents = new Set(Array.from(categories.values(), ({ parent }) => parent))
  const sections = [...categories.values()]
    .filter(({ slug, parent, description }) => parent !== '' || description !== '' || parents.has(slug))
    .map((category) => ({ category, depth: above({ categories }, category.slug).length }))
    .sort((one, other) => one.depth - other.depth)
    .map(({ category }) => defined('section', category, categories.get(category.parent)))
  return [...sections, ...tags.map((tag) => defined('tag', tag))]
}

function defined(term: 'section' | 'tag', of: Category, around?: Category): TermRecord {
  const { description } = of
  return definition(term, of, {
    ...(description !== '' && { description }),
    ...(around && { parent: termSlug(named(around)) }),
  })
}

/** What a category is a part of, the nearest first. */
function above({ categories }: Pick<Site, 'categories'>, slug: string): { slug: string; name: string }[] {
  const found: { slug: string; name: string }[] = []
  for (
    let at = categories.get(slug)?.parent;
    at !== undefined && at !== '' && found.length < 10;
    at = categories.get(at)?.parent
  ) {
    const name = categories.get(at)?.name || at
    if (at === slug || found.some((each) => each.slug === at)) break
    found.push({ slug: at, name })
  }
  return found
}

/** Those of Co-Authors Plus, which knows them by login, or who wrote it in WordPress. */
function authorsOf(item: XmlElement, terms: Term[], { authors }: Site, isOwn: boolean, warnings: string[]): Named[] {
  const guests = terms.filter(({ domain }) => domain === 'author')
  const login = childText(item, 'dc:creator')
  const logins = guests.length > 0 ? guests : login === '' ? [] : [{ name: login, nicename: '' }]
  return logins.map(({ name, nicename }) => {
    const found = authors.get(name) ?? authors.get(nicename.replace(/^cap-/, ''))
    if (found === undefined && /^[a-z0-9._@-]+$/.test(name))
      warnings.push(`Of its author only the login "${name}" is known.`)
    return isOwn ? named({ name: found ?? name, slug: name }) : { name: found ?? name }
  })
}
