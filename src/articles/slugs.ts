import { Problem } from '../shared/problem.ts'
import { slugCandidates, slugsLike } from './rules.ts'
import type { ArticleRow, articleStore } from './store.ts'

// How an article comes by its slug. The primary key of the table decides every race; nothing here asks first.

type Store = ReturnType<typeof articleStore>

async function takeSlug(store: Store, slug: string, id: string): Promise<string> {
  if (await store.takeSlug(slug, id)) return slug
  const detail = `The slug "${slug}" belongs to another article, now or from an earlier address. Choose another one.`
  throw new Problem('slug-taken', detail, { errors: [{ pointer: '#/slug', code: 'taken', detail }] })
}

/** An article that has been public keeps its former slugs, for redirects; others give them back. */
export async function moveSlug(store: Store, { id, slug: before, firstPublishedAt }: ArticleRow, slug: string) {
  if (slug === before) return
  await takeSlug(store, slug, id)
  if (firstPublishedAt === null) await store.freeSlug(before, id)
}

/** The slug that an article begins with, and those after it, where nobody has chosen one. */
export interface Slugs {
  first: string
  rest: Iterable<string> | undefined
}

/** `like` is a slug to begin with, where nobody is there to choose another one if it is taken. */
export function slugsFor(
  { slug, headline }: { slug?: string | undefined; headline: string },
  like: string | undefined,
  id: string,
): Slugs {
  if (slug !== undefined) return { first: slug, rest: undefined }
  const candidates = like !== undefined ? slugsLike(like, id) : slugCandidates(headline, id)
  return { first: candidates.next().value ?? '', rest: candidates }
}

/** Takes the first that is free for a new article, whose row has the very first already: that is free as a rule. */
export async function takeOwn(store: Store, { first, rest }: Slugs, id: string): Promise<string> {
  if (rest === undefined) return takeSlug(store, first, id)
  if (await store.takeSlug(first, id)) return first
  const slug = await takeFirstFree(store, rest, id)
  await store.setSlug(id, slug)
  return slug
}

async function takeFirstFree(store: Store, candidates: Iterable<string>, id: string): Promise<string> {
  const all = [...candidates]
  // Of many with one headline all the first are taken: one look tells which.
  const taken = await store.slugsTaken(all)
  for (const candidate of all) if (!taken.has(candidate) && (await store.takeSlug(candidate, id))) return candidate
  throw new Error('No slug is free, not even the one with the id')
}
