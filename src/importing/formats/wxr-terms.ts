import { decodeHTML } from 'entities'
import type { Site } from './wxr-site.ts'
import { childrenOf, childText, type XmlElement } from './xml-items.ts'

// The categories, tags and authors of a WordPress post.

interface Term {
  name: string
  domain: string
  nicename: string
}
interface Named {
  name: string
  slug?: string
}

const KNOWN = new Set(['category', 'post_tag', 'author', 'post_format'])

/**
 * Its section is the first category that is a part of none of its others; what that is a part of becomes a tag. `isOwn` says that Dateline
 * wrote it, where sections know what they are a part of and authors have slugs.
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
  const others = categories.filter((each) => each !== section)
  const parents =
    section && !isOwn ? aboveOf(section).filter(({ slug }) => !others.some(({ nicename }) => nicename === slug)) : []
  if (section && parents[0])
    warnings.push(`Its category "${section.name}" is a part of "${parents[0].name}", which is kept as a tag.`)
  for (const { domain, name } of terms)
    if (!KNOWN.has(domain)) warnings.push(`The term "${name}" of "${domain}" is kept as a tag.`)
  const further = terms.filter(({ domain }) => !['category', 'author', 'post_format'].includes(domain))
  return {
    section: section && named(section.name, section.nicename),
    tags: [
      ...[...others, ...further].map(({ name, nicename }) => named(name, nicename)),
      ...parents.map(({ name, slug }) => named(name, slug)),
    ],
    authors: authorsOf(item, terms, site, isOwn, warnings),
  }
}

/** What a category is a part of, the nearest first. */
function above({ categories }: Site, slug: string): { slug: string; name: string }[] {
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
    return isOwn ? named(found ?? name, name) : { name: found ?? name }
  })
}

const named = (name: string, nicename: string): Named => ({
  name,
  ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(nicename) && nicename.length <= 120 && { slug: nicename }),
})

export const safelyDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
