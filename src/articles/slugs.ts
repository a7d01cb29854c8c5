import { Problem } from '../shared/problem.ts'
import type { ArticleRow, articleStore } from './store.ts'

// How an article comes by its slug. The primary key of the table decides every race; nothing here asks first.

type Store = ReturnType<typeof articleStore>

export async function takeSlug(store: Store, slug: string, id: string): Promise<string> {
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

export async function takeFirstFree(store: Store, candidates: Iterable<string>, id: string): Promise<string> {
  for (const candidate of candidates) if (await store.takeSlug(candidate, id)) return candidate
  throw new Error('No slug is free, not even the one with the id')
}
