import type * as z from 'zod'
import type { ImportedRecord, ImportJob } from './job-schema.ts'

const id = '019b0f70-1a2b-7c3d-8e4f-5a6b7c8d9e0f'
export const job: z.input<typeof ImportJob> = {
  id,
  state: 'running',
  file: 'site.xml',
  format: 'auto',
  dryRun: false,
  bytes: 48_211_904,
  bytesRead: 12_058_624,
  counts: { created: 1_204, updated: 3, unchanged: 0, conflict: 1, skipped: 318, failed: 2 },
  error: null,
  createdAt: '2026-11-22T18:04:05.000Z',
  createdBy: { id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77', name: 'News desk' },
  finishedAt: null,
}
const page = { limit: 20, next: null, previous: null }
export const jobPage = { data: [job], page }

const record: z.input<typeof ImportedRecord> = {
  number: 7,
  result: 'created',
  source: 'site.xml',
  line: 412,
  sourceId: '12',
  articleId: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02',
  railKey: null,
  why: null,
  warnings: ['Its 3 comments are not taken.'],
}
export const recordPage = { data: [record], page }

export const upload =
  '<rss version="2.0"><channel><item><guid>1</guid><title>Ferry sails</title><description>Text</description></item></channel></rss>'
