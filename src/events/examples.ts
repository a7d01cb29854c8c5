import type * as z from 'zod'
import type { ChangeEvent, DeskEvent } from './feed-schema.ts'

// Examples for the OpenAPI document: the source document's article, published and later withdrawn.

const subject = { kind: 'article', id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02' }
/** Its cache tags. */
const tags = ['a-AZsPYSxEfRCKVQpvPx-bAg', 'articles']
const published: ChangeEvent = {
  id: '019b0f61-2c50-7a11-9c01-1f2e3d4c5b6a',
  kind: 'article.published',
  at: '2026-11-22T18:04:05.000Z',
  subject,
  version: 1,
  slug: 'us-russia-istanbul-talks',
  headline: 'U.S. and Russian officials met for six hours in Istanbul on Thursday to address diplomatic issues',
  url: 'https://news.example/us-russia-istanbul-talks',
  language: 'en',
  sections: ['world'],
  tags,
}
const withdrawn: ChangeEvent = {
  id: '019b0f75-9a02-7c44-8d10-2a3b4c5d6e7f',
  kind: 'article.withdrawn',
  at: '2026-11-22T18:26:11.000Z',
  subject,
  version: 1,
  tags,
}
export const changePage = { data: [published, withdrawn], page: { limit: 20, next: 'cHVibGljOjI' } }

export const streamed = `retry: 2000
id: cHVibGljOjE

id: cHVibGljOjI
data: ${JSON.stringify(withdrawn)}

:

`

const saved: z.input<typeof DeskEvent> = {
  seq: 41,
  id: '019b0f60-0a11-7b21-8c02-3d4e5f607182',
  kind: 'desk.patchArticle',
  at: '2026-11-22T18:03:40.000Z',
  subject,
  version: 3,
  changed: ['body', 'headline'],
}
const told: z.input<typeof DeskEvent> = {
  seq: 42,
  id: published.id,
  kind: published.kind,
  at: published.at,
  subject,
  version: 1,
  slug: 'us-russia-istanbul-talks',
  headline: 'U.S. and Russian officials met for six hours in Istanbul on Thursday to address diplomatic issues',
  language: 'en',
  sections: ['world'],
  tags,
}
export const deskPage = { data: [saved, told], page: { limit: 20, next: 'ZGVzazo0Mg' } }
