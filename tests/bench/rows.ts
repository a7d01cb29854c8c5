import { encodeCursor } from '../../src/http/paging.ts'
import type { Newsroom } from './data.ts'
import type { Load } from './load.ts'
import { storyOf } from './newsroom.ts'

// What the bench asks for, each under a name of its own.

export type Requests = Load['requests']

const get = (path: string, headers?: Record<string, string>) => ({
  method: 'GET' as const,
  path,
  ...(headers && { headers }),
})

/** The two that reading is measured against. */
export const bareReads = ({ sample }: Newsroom): Record<string, Requests> => ({
  '(a) a constant buffer': [get('/constant')],
  '(b) stored JSON by slug': sample.map(({ slug }) => get(`/stored/${slug}`)),
})

/** What readers ask for. `tags` are the ETags of the articles of the sample. */
export function reads({ sample, middle, key }: Newsroom, tags: string[]): Record<string, Requests> {
  const authorization = { authorization: `Bearer ${key}` }
  const words = ['harbour', 'council', 'ferry', 'vaccine', 'harbour budget', 'tariffs', 'mayor', 'snowfall']
  const cursor = encodeCursor({ direction: 'after', at: middle.at, id: middle.id }, {})
  return {
    'an article by slug': sample.map(({ slug }) => get(`/v1/articles/${slug}`)),
    'the same, 304': sample.map(({ slug }, n) => get(`/v1/articles/${slug}`, { 'if-none-match': tags[n] ?? '' })),
    'a list of 20': [get('/v1/articles?limit=20')],
    'a page deep in it': [get(`/v1/articles?limit=20&cursor=${cursor}`)],
    'a rail of 20': Array.from({ length: 6 }, (_, n) => get(`/v1/rails/rail-${n}`)),
    'a front of 6 × 20': [get('/v1/fronts/home')],
    'a search': words.map((word) => get(`/v1/search?q=${encodeURIComponent(word)}`)),
    // With a key, as nothing is kept for that.
    'an article made anew': sample.map(({ slug }) => get(`/v1/articles/${slug}`, authorization)),
    'a list made anew': [get('/v1/articles?limit=20', authorization)],
    'a rail made anew': Array.from({ length: 6 }, (_, n) => get(`/v1/rails/rail-${n}`, authorization)),
    'a search made anew': words.map((word) => get(`/v1/search?q=${encodeURIComponent(word)}`, authorization)),
  }
}

const { bodyText, headline, ...story } = storyOf(1_000_003)
const article = { ...story, headline: `${headline} #n#`, bodyText }
const json = { 'content-type': 'application/json' }

/** The one that writing is measured against: one row of the same size. */
export const bareWrites = (): Record<string, Requests> => ({
  '(c) one row committed': [{ method: 'POST', path: '/rows', body: JSON.stringify(article), headers: json }],
})

const articles = '/v1/editorial/articles'

export const creating = (headers: Record<string, string>): Requests => [
  { method: 'POST', path: articles, body: JSON.stringify(article), headers },
]
export const batchOf = (headers: Record<string, string>, many: number): Requests => {
  const operations = Array.from({ length: many }, () => ({ method: 'POST', path: articles, body: article }))
  return [{ method: 'POST', path: '/v1/editorial/batch', body: JSON.stringify({ operations }), headers }]
}
export const changing = (headers: Record<string, string>, ids: string[]): Requests =>
  ids.map((id) => ({
    method: 'PATCH',
    path: `${articles}/${id}`,
    body: JSON.stringify({ standfirst: 'Another one, #n#.' }),
    headers: { ...headers, 'if-match': '*', 'content-type': 'application/merge-patch+json' },
  }))
export const publishing = (headers: Record<string, string>, ids: string[]): Requests =>
  ids.map((id) => ({ method: 'POST', path: `${articles}/${id}/publish`, headers: { ...headers, 'if-match': '*' } }))

export const withKey = ({ key }: Newsroom) => ({ ...json, authorization: `Bearer ${key}` })
