import { createHash } from 'node:crypto'

// By which names an answer can be taken out of a shared cache again. Names of 32 characters at most, and 32 of them, of
// letters, digits, hyphens and underscores: so much every cache takes (RFC 9875 promises no more).

const TAGS_MAX = 32
const LENGTH_MAX = 32

/** Whatever shows several articles: purged with each publication. */
export const ARTICLES = 'articles'
/** Whatever shows several rails. */
export const RAILS = 'rails'
/** Whatever shows several fronts. */
export const FRONTS = 'fronts'
/** Whatever shows sections, tags or authors. */
export const TAXONOMY = 'taxonomy'

/** One article: 22 characters for its id. */
export const articleTag = (id: string): string =>
  `a-${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}`

/** The id of the article that a tag is of; undefined for any other. */
export function articleIn(tag: string): string | undefined {
  if (!/^a-[\w-]{22}$/.test(tag)) return undefined
  const hex = Buffer.from(tag.slice(2), 'base64url').toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

const named = (prefix: string, key: string): string => {
  const tag = `${prefix}-${key}`
  if (tag.length <= LENGTH_MAX && /^[\w-]+$/.test(tag)) return tag
  return `${prefix}-${createHash('sha256').update(key).digest('base64url').slice(0, 22)}`
}
export const railTag = (key: string): string => named('r', key)
export const frontTag = (key: string): string => named('f', key)

/** The spellings that there are, each with how it is written. */
export const tagFields = {
  'surrogate-key': (tags: string[]) => tags.join(' '),
  'cache-tag': (tags: string[]) => tags.join(','),
  'cache-groups': (tags: string[]) => tags.map((tag) => `"${tag}"`).join(', '),
} as const
export type TagField = keyof typeof tagFields

/** Without those that are too many: what is left out must be among what stands for several. */
export const fewest = (tags: string[]): string[] => tags.slice(0, TAGS_MAX)
