import type * as z from 'zod'
import type { PieceWrite, Release, ReleaseCreate, ReleaseSummary, ScheduleEntry } from './schema.ts'

// Examples for the OpenAPI document: the morning after an election.

const desk = { id: '019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77', name: 'News desk' }
const articleId = '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02'
const liveFrom = '2026-11-23T05:00:00.000Z'
const items = [{ target: { kind: 'article' as const, id: articleId } }]

export const summary: ReleaseSummary = {
  id: '019b0f70-11d0-7c44-8a10-3c2f6a0e5b01',
  title: 'Election night, the results',
  state: 'scheduled',
  version: 4,
  liveFrom,
  itemCount: 2,
  createdAt: '2026-11-22T17:58:40.112Z',
  createdBy: desk,
  updatedAt: '2026-11-22T18:04:05.000Z',
  updatedBy: desk,
}
const planned = { hasChanged: false, isPlanned: true }
export const release: Release = {
  ...summary,
  items: [
    {
      kind: 'article',
      id: articleId,
      headline: 'Ferry Service to the Islands Resumes',
      state: 'scheduled',
      version: 2,
      currentVersion: 2,
      ...planned,
    },
    { kind: 'rail', key: 'home-top', title: 'Top stories', version: 4, currentVersion: 4, ...planned, items },
  ],
}
export const list = { data: [summary], page: { limit: 20, next: null, previous: null } }
export const pieceWrite: z.input<typeof PieceWrite> = { kind: 'rail', key: 'home-top', items, version: 3 }
export const create: z.input<typeof ReleaseCreate> = {
  title: summary.title,
  items: [{ kind: 'article', id: articleId, version: 1 }, pieceWrite],
}
const entries: ScheduleEntry[] = [
  {
    at: liveFrom,
    kind: 'publish',
    articleId,
    headline: 'Ferry Service to the Islands Resumes',
    edition: 1,
    version: 1,
    embargo: false,
    releaseId: summary.id,
  },
  { at: liveFrom, kind: 'release', title: summary.title, releaseId: summary.id },
  { at: liveFrom, kind: 'railChange', railKey: 'home-top', title: 'Top stories', version: 4, releaseId: summary.id },
]
export const schedule = { data: entries, page: { limit: 20, next: null, previous: null } }
