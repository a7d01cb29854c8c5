import type * as z from 'zod'
import { summary as article } from '../articles/examples.ts'
import { rail, railItems } from '../headlines/examples.ts'
import type { PieceWrite, Release, ReleaseCreate, ReleaseSummary, ScheduleEntry } from './schema.ts'

// Examples for the OpenAPI document: the morning after the talks.

const desk = { id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77', name: 'News desk' }
const liveFrom = '2026-11-23T05:00:00.000Z'

export const summary: ReleaseSummary = {
  id: '019b0f70-11d0-7c44-8a10-3c2f6a0e5b01',
  title: 'The morning after the talks',
  state: 'scheduled',
  version: 4,
  liveFrom,
  itemCount: 2,
  createdAt: '2026-11-22T18:12:40.112Z',
  createdBy: desk,
  updatedAt: '2026-11-22T18:14:05.000Z',
  updatedBy: desk,
}
const planned = { hasChanged: false, isPlanned: true }
export const release: Release = {
  ...summary,
  items: [
    {
      kind: 'article',
      id: article.id,
      headline: article.headline,
      state: 'liveWithChanges',
      version: 4,
      currentVersion: 4,
      ...planned,
    },
    {
      kind: 'rail',
      key: rail.key,
      title: rail.title,
      version: rail.version + 1,
      currentVersion: rail.version + 1,
      ...planned,
      items: railItems,
    },
  ],
}
export const list = { data: [summary], page: { limit: 20, next: null, previous: null } }
export const pieceWrite: z.input<typeof PieceWrite> = {
  kind: 'rail',
  key: rail.key,
  items: railItems,
  version: rail.version,
}
export const create: z.input<typeof ReleaseCreate> = {
  title: summary.title,
  items: [{ kind: 'article', id: article.id, version: 3 }, pieceWrite],
}
const entries: ScheduleEntry[] = [
  {
    at: liveFrom,
    kind: 'update',
    articleId: article.id,
    headline: article.headline,
    edition: 2,
    version: 3,
    embargo: false,
    releaseId: summary.id,
  },
  { at: liveFrom, kind: 'release', title: summary.title, releaseId: summary.id },
  {
    at: liveFrom,
    kind: 'railChange',
    railKey: rail.key,
    title: rail.title,
    version: rail.version + 1,
    releaseId: summary.id,
  },
]
export const schedule = { data: entries, page: { limit: 20, next: null, previous: null } }
