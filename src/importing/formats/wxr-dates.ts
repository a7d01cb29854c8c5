import { instantOf } from './dates.ts'
import type { Publication } from './format.ts'
import { childText, type XmlElement } from './xml-items.ts'

/** For the desk alone, and nothing that is worth a word. */
const AT_THE_DESK = new Set(['draft', 'pending'])

/**
 * Whether readers had a post, and since when. Only "publish" was public: what is scheduled without an instant, or of a status that is not
 * known, is a draft.
 */
export function publicationOf(item: XmlElement, status: string, warnings: string[]): Publication {
  const dateOf = (name: string): string | undefined => instantOf(childText(item, name))
  if (status === 'trash') return { state: 'trashed' }
  if (childText(item, 'wp:post_password') !== '') {
    warnings.push('It was behind a password: it comes as a draft, or everybody could read it.')
    return { state: 'draft' }
  }
  const exact = dateOf('wp:post_date_gmt') ?? dateOf('pubDate')
  // By the clock of the site, and exports do not tell in which zone that is.
  const local = dateOf('wp:post_date')
  if (status === 'publish') {
    const publishedAt = exact ?? local
    if (publishedAt === undefined) {
      warnings.push('It has no date: it comes as a draft.')
      return { state: 'draft' }
    }
    if (exact === undefined) warnings.push('Its date is known without a zone only, and taken for UTC.')
    const updatedAt = dateOf('wp:post_modified_gmt')
    return { state: 'published', publishedAt, updatedAt }
  }
  if (status === 'future' && exact !== undefined) return { state: 'scheduled', liveFrom: exact }
  if (status === 'future')
    warnings.push(
      local === undefined
        ? 'It was scheduled without a date: it comes as a draft.'
        : `It was scheduled for ${local.slice(0, 19)} in a zone that is not told: it comes as a draft.`,
    )
  else if (status === 'private') warnings.push('It was private: it comes as a draft.')
  else if (status === '') warnings.push('It has no status: it comes as a draft.')
  else if (!AT_THE_DESK.has(status))
    warnings.push(`Its status "${status.slice(0, 60)}" is not known: it comes as a draft.`)
  return { state: 'draft' }
}
