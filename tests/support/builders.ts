import type { EditorialArticle } from '../../src/articles/schema.ts'
import type { EditorialHeadlines } from '../../src/headlines/schema.ts'
import type { Release } from '../../src/releases/schema.ts'
import type { TestApp } from './app.ts'

/** The calls of somebody, as `startApp()` hands them out. */
export type Desk = ReturnType<TestApp['as']>

export const ARTICLES = '/v1/editorial/articles'
export const articleAt = (id: string): string => `${ARTICLES}/${id}`
export const linksOf = (id: string): string => `${ARTICLES}/${id}/headlines`
export const linkAt = (id: string): string => `/v1/editorial/headline-links/${id}`

let stories = 0

/** The fields of a new article: a headline that no other test has, and a short text. */
export const story = (fields: object = {}) => ({
  headline: `Council Votes on Motion ${++stories}`,
  bodyText: 'The council met on Monday.',
  ...fields,
})

/** A draft as the desk gets it back. */
export async function draft(desk: Desk, fields: object = {}): Promise<EditorialArticle> {
  return (await desk.post(ARTICLES, story(fields)).expect(201)).body
}

/** An article that readers see. */
export const published = (desk: Desk, fields: object = {}): Promise<EditorialArticle> =>
  draft(desk, { publish: true, ...fields })

/** The list of an article's links after it was replaced. */
export async function links(desk: Desk, id: string, items: object[], version: number): Promise<EditorialHeadlines> {
  return (await desk.put(linksOf(id), { items }, version).expect(200)).body
}

export const RELEASES = '/v1/editorial/releases'
export const releaseAt = (id: string): string => `${RELEASES}/${id}`
export const RAILS = '/v1/editorial/rails'
export const railAt = (key: string): string => `${RAILS}/${key}`

/** An open release of these pieces. */
export async function release(desk: Desk, items: object[] = []): Promise<Release> {
  return (await desk.post(RELEASES, { title: 'The results', items }).expect(201)).body
}
export const FRONTS = '/v1/editorial/fronts'
export const frontAt = (key: string): string => `${FRONTS}/${key}`
