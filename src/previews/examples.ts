import type { Preview, PreviewCreated } from './schema.ts'

export const preview: Preview = {
  id: '019b0f72-5d10-7a4e-8c31-2f6b9e0d4c55',
  articleId: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02',
  railKey: null,
  at: null,
  note: 'For the lawyer',
  createdAt: '2026-11-22T18:20:00.000Z',
  createdBy: { id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77', name: 'News desk' },
  expiresAt: '2026-11-23T18:20:00.000Z',
}
export const created: PreviewCreated = {
  ...preview,
  url: 'http://127.0.0.1:3000/v1/previews/dl_preview_EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-EXAMPLE-x9Q',
}
export const page = { data: [preview], page: { limit: 20, next: null, previous: null } }
