import type { ChangeEvent } from './feed-schema.ts'

// Examples for the OpenAPI document: the source document's article, published and later withdrawn.

const subject = { kind: 'article', id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02' }
const published: ChangeEvent = {
  id: '019b0f61-2c50-7a11-9c01-1f2e3d4c5b6a',
  kind: 'article.published',
  at: '2026-11-22T18:04:05.000Z',
  subject,
  version: 1,
}
const withdrawn: ChangeEvent = {
  id: '019b0f75-9a02-7c44-8d10-2a3b4c5d6e7f',
  kind: 'article.withdrawn',
  at: '2026-11-22T18:26:11.000Z',
  subject,
}
export const changePage = { data: [published, withdrawn], page: { limit: 20, next: 'cHVibGljOjI' } }
