import { isSlug } from '../../shared/fields.ts'
import { termSlug } from '../../shared/slug.ts'
import type { TermRecord } from './format.ts'

// Sections, tags and authors of other systems, which have slugs of their own.

export interface Named {
  name: string
  slug?: string
}

/** A term of an article, by its name, and by its slug where that can be one here. */
export const named = ({ name, slug }: { name: string; slug: string }): Named =>
  isSlug(slug) ? { name, slug } : { name }

/** What a term says of itself besides its name. It is found as articles find it that have it. */
export const definition = (
  term: TermRecord['term'],
  of: { name: string; slug: string; line?: number },
  fields: Omit<TermRecord['fields'], 'name'>,
  warnings: string[] = [],
): TermRecord => ({
  ...{ kind: 'term', term, slug: termSlug(named(of)), fields: { name: of.name, ...fields } },
  ...{ line: of.line, id: of.slug, warnings },
})
