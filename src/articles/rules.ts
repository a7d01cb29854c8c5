import type { Caller } from '../access/schema.ts'
import { may } from '../access/schema.ts'
import { Problem } from '../shared/problem.ts'
import { slugFrom, termSlug } from '../shared/slug.ts'
import { invalidFields } from '../shared/validation.ts'
import type { ArticleContent, ArticleFields, ArticleState } from './schema.ts'

/** The columns that say where an article stands. */
export interface Standing {
  trashedAt: string | null
  killedAt: string | null
  firstPublishedAt: string | null
  contentVersion: number
  publishedContentVersion: number | null
  liveFrom: string | null
  liveUntil: string | null
  withdrawn: boolean
  scheduledContentVersion: number | null
  scheduledFrom: string | null
  scheduledUntil: string | null
  scheduledEmbargo: boolean
  releaseId: string | null
}

/** Where nothing is planned. */
export const unscheduled = {
  scheduledContentVersion: null,
  scheduledFrom: null,
  scheduledUntil: null,
  scheduledEmbargo: false,
  releaseId: null,
}

/** Where an article stands that nobody has published yet. */
export const untouched = {
  trashedAt: null,
  killedAt: null,
  killReason: null,
  edition: 0,
  firstPublishedAt: null,
  publishedContentVersion: null,
  liveFrom: null,
  liveUntil: null,
  withdrawn: false,
  ...unscheduled,
}

/** The same as it stands at `now`: what was scheduled for an instant that has passed has taken its place. */
export function standingAt<Each extends Standing>(article: Each, now: string): Each {
  if (article.scheduledFrom === null || now < article.scheduledFrom) return article
  return {
    ...article,
    publishedContentVersion: article.scheduledContentVersion,
    liveFrom: article.scheduledFrom,
    liveUntil: article.scheduledUntil,
    withdrawn: false,
    ...unscheduled,
  }
}

/** Where an article stands at `now`: computed from the clock, never stored, so it cannot be out of date. */
export function stateOf(article: Standing, now: string): ArticleState {
  if (article.killedAt !== null) return 'killed'
  if (article.trashedAt !== null) return 'trashed'
  const at = standingAt(article, now)
  if (isLiveAt(at, now)) return at.contentVersion === at.publishedContentVersion ? 'live' : 'liveWithChanges'
  if (isAhead(at, now)) return 'scheduled'
  return at.firstPublishedAt === null ? 'draft' : 'withdrawn'
}

export const isLiveAt = ({ liveFrom, liveUntil }: Pick<Standing, 'liveFrom' | 'liveUntil'>, now: string): boolean =>
  liveFrom !== null && liveFrom <= now && (liveUntil === null || now < liveUntil)

/** Whether readers will see something later. By a clock that was set back, what has been live may be ahead again. */
const isAhead = ({ scheduledFrom, liveFrom, liveUntil }: Standing, now: string): boolean =>
  (scheduledFrom !== null && now < scheduledFrom) ||
  (liveFrom !== null && now < liveFrom && (liveUntil === null || liveFrom < liveUntil))

/** A contributor sees and writes drafts of their own, until they are published or scheduled; an editor sees everything. */
export const mayAccess = (caller: Caller, article: Standing & { createdById: string }): boolean =>
  may(caller, 'articles:write') ||
  (may(caller, 'articles:write-own') && article.createdById === caller.id && article.firstPublishedAt === null)

/** Whether readers see the article, or have seen it; also by a clock that was set back since. */
export const hasBeenPublic = (article: Standing, now: string): boolean =>
  standingAt(article, now).publishedContentVersion !== null

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

const withSlug = <Term extends { slug?: string | undefined; name: string }>(term: Term) => ({
  ...term,
  slug: termSlug(term),
})

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
export const slugCandidates = (headline: string, articleId: string): Generator<string> =>
  slugsLike(slugFrom(headline, `article-${articleId.slice(-8)}`), articleId)

/** A slug, then the same numbered, then with the id of the article. */
export function* slugsLike(base: string, articleId: string): Generator<string> {
  const tail = articleId.slice(-8)
  yield base
  for (let number = 2; number <= 20; number++) yield `${base}-${number}`
  yield `${base}-${tail}`
  yield `${base}-${articleId}`
}

/** Throws where an article is put away: in the trash it must be restored first, killed it is sealed. */
export function refuseAtRest({ trashedAt, killedAt }: Pick<Standing, 'trashedAt' | 'killedAt'>, verb: string): void {
  if (killedAt !== null)
    throw new Problem('invalid-transition', `The article was killed and is sealed: nobody can ${verb} it.`)
  if (trashedAt !== null) {
    throw new Problem('invalid-transition', `The article is in the trash. Restore it before you ${verb} it.`)
  }
}
