import { createHash } from 'node:crypto'
import type { Caller } from '../access/schema.ts'
import { may } from '../access/schema.ts'
import { SLUG_LENGTH_MAX } from '../shared/fields.ts'
import { slugFrom } from '../shared/slug.ts'
import { invalidFields } from '../shared/validation.ts'
import type { ArticleContent, ArticleFields, ArticleState } from './schema.ts'

/** The columns that say where an article stands. */
export interface Standing {
  trashedAt: string | null
  firstPublishedAt: string | null
  liveFrom: string | null
  liveUntil: string | null
  contentVersion: number
  publishedContentVersion: number | null
}

/** Where an article stands at `now`: computed from the clock, never stored, so it cannot be out of date. */
export function stateOf(article: Standing, now: string): ArticleState {
  if (article.trashedAt !== null) return 'trashed'
  if (article.firstPublishedAt === null || article.liveFrom === null) return 'draft'
  const isLive = article.liveFrom <= now && (article.liveUntil === null || now < article.liveUntil)
  if (!isLive) return 'withdrawn'
  return article.contentVersion === article.publishedContentVersion ? 'live' : 'liveWithChanges'
}

/** A contributor sees and writes drafts of their own, until they are first published; an editor sees everything. */
export const mayAccess = (caller: Caller, article: Standing & { createdById: string }): boolean =>
  may(caller, 'articles:write') ||
  (may(caller, 'articles:write-own') && article.createdById === caller.id && article.firstPublishedAt === null)

/**
 * What a merge patch of an article is applied to. A section by its name alone is another section: the old slug would
 * leave the article in the old one under the new name. `slug` and `language` have no empty value, so null is refused.
 */
export function patchBase(fields: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  const errors = ['slug', 'language'].flatMap((name) =>
    patch[name] === null ? [{ pointer: `#/${name}`, code: 'wrong-type', detail: 'This field cannot be emptied.' }] : [],
  )
  if (errors.length > 0) throw invalidFields(errors)
  const section = patch.section as { name?: unknown; slug?: unknown } | null | undefined
  return section?.name !== undefined && section.slug === undefined ? { ...fields, section: null } : fields
}

type Written = Omit<ArticleContent, 'slug' | 'externalId' | 'body' | 'provenance'>

/** The fields of an article as they are stored: what was left out is empty, terms have their slugs. 422 for twins. */
export function contentOf(fields: ArticleFields & { headline: string }, languageDefault: string): Written {
  return {
    headline: fields.headline,
    language: fields.language ?? languageDefault,
    alternativeHeadline: fields.alternativeHeadline ?? null,
    kicker: fields.kicker ?? null,
    standfirst: fields.standfirst ?? null,
    byline: fields.byline ?? null,
    dateline: fields.dateline ?? null,
    section: fields.section ? withSlug(fields.section) : null,
    tags: distinct('tags', (fields.tags ?? []).map(withSlug)),
    authors: distinct('authors', (fields.authors ?? []).map(withSlug)),
    image: fields.image ?? null,
    source: fields.source ?? null,
    canonicalUrl: fields.canonicalUrl ?? null,
    notes: fields.notes ?? null,
  }
}

/** A term's slug, where none is given: its name's, or for a name that cannot be transliterated one made of its bytes. */
const withSlug = <Term extends { slug?: string | undefined; name: string }>({ slug, ...term }: Term) => ({
  slug: slug ?? slugFrom(term.name, bytesSlug(term.name.normalize('NFC'))),
  ...term,
})

/** The bytes of a name, or of a long one their digest, so that two that begin alike stay two. */
function bytesSlug(name: string): string {
  const bytes = Buffer.from(name).toString('hex')
  if (bytes.length <= SLUG_LENGTH_MAX) return bytes
  return createHash('sha256').update(name).digest('hex')
}

/** Terms are told apart by their slugs: two with the same one are refused, because dropping one would be silent. */
function distinct<Term extends { slug: string; name: string }>(field: string, terms: Term[]): Term[] {
  const errors = terms.flatMap((term, at) => {
    const first = terms.findIndex((each) => each.slug === term.slug)
    const detail = `"${term.name}" has the same slug as "${terms[first]?.name}": ${term.slug}. Leave one out, or give it another slug.`
    return first === at ? [] : [{ pointer: `#/${field}/${at}`, code: 'duplicate', detail }]
  })
  if (errors.length > 0) throw invalidFields(errors)
  return terms
}

/** The slugs to try for an article without one of its own, in order: the headline's, then numbered, then with its id. */
export function* slugCandidates(headline: string, articleId: string): Generator<string> {
  const tail = articleId.slice(-8)
  const base = slugFrom(headline, `article-${tail}`)
  yield base
  for (let number = 2; number <= 20; number++) yield `${base}-${number}`
  yield `${base}-${tail}`
  yield `${base}-${articleId}`
}

/** The fields of an article in the form in which they are written: the base that a merge patch is applied to. */
export function writtenForm(content: ArticleContent): Record<string, unknown> {
  const { provenance: _provenance, ...fields } = content
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}
