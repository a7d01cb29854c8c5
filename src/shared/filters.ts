import * as z from 'zod'

const filter = (description: string, example: string) =>
  z.string().min(1).max(200).optional().meta({ description, example })

/** What an edition is found by, each a word that it has or has not. */
export const termKinds = ['tag', 'author', 'section', 'language'] as const
export type TermKind = (typeof termKinds)[number]
/** Those that have names. */
export type NamedKind = Exclude<TermKind, 'language'>

/** What articles are found by, in the list of articles and where a rail fills up with the newest: one grammar for both. */
export const articleFilters = {
  section: filter('Slug of a section', 'world'),
  tag: filter('Slug of a tag', 'diplomacy'),
  author: filter('Slug of an author', 'jane-doe'),
  language: filter('BCP 47 tag of a language, in any case; "en" does not find "en-GB"', 'en'),
} satisfies Record<TermKind, z.ZodType>
const ArticleFilters = z.strictObject(articleFilters)
export type ArticleFilters = z.output<typeof ArticleFilters>

/** What a list is narrowed by besides: times, from the first to before the last, and the articles themselves. */
export interface ListFilters extends ArticleFilters {
  publishedAfter?: string | undefined
  publishedBefore?: string | undefined
  updatedAfter?: string | undefined
  ids?: string[] | undefined
}

/** The orders that a list may have. */
export const sorts = ['-publishedAt', 'publishedAt', '-updatedAt', 'relevance'] as const
export type Sort = (typeof sorts)[number]

/** The newest articles that match, and how many of them. */
export interface Wanted {
  filters: ArticleFilters
  most: number
}

/** The same for the same filters. */
export const keyOf = (filters: ArticleFilters): string => JSON.stringify(Object.entries(filters).sort())

/** A language as it is stored: as BCP 47 spells it, in whichever case it was asked for. */
export function wantedLanguage(value: string): string {
  try {
    return Intl.getCanonicalLocales(value)[0] ?? value
  } catch {
    return value
  }
}
