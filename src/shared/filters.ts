import * as z from 'zod'

const filter = (description: string, example: string) =>
  z.string().min(1).max(200).optional().meta({ description, example })

/** What articles are found by, in the list of articles and where a rail fills up with the newest: one grammar for both. */
export const articleFilters = {
  section: filter('Slug of a section', 'world'),
  tag: filter('Slug of a tag', 'diplomacy'),
  author: filter('Slug of an author', 'jane-doe'),
}
const ArticleFilters = z.strictObject(articleFilters)
export type ArticleFilters = z.output<typeof ArticleFilters>

/** The newest articles that match, and how many of them. */
export interface Wanted {
  filters: ArticleFilters
  most: number
}

/** The same for the same filters. */
export const keyOf = (filters: ArticleFilters): string => JSON.stringify(Object.entries(filters).sort())
