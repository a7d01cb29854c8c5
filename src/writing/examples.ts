import type * as z from 'zod'
import type { Batch, BatchResults } from './schema.ts'

const id = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'

export const batch: z.input<typeof Batch> = {
  operations: [
    {
      method: 'PATCH',
      path: `/v1/editorial/articles/${id}`,
      ifMatch: 2,
      body: { headline: 'U.S. and Russia to Meet Again After Six Hours of Talks in Istanbul' },
    },
    { method: 'POST', path: `/v1/editorial/articles/${id}/publish`, ifMatch: 3 },
  ],
}

export const results: z.input<typeof BatchResults> = {
  results: [
    { status: 200, headers: { etag: '"3"' }, body: { id, state: 'liveWithChanges', version: 3 } },
    { status: 200, headers: { etag: '"4"' }, body: { id, state: 'live', version: 4 } },
  ],
}
