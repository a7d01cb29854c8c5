import { standingAt } from '../articles/rules.ts'
import type { Document } from './schema.ts'

/** Where an article stands at the instant of an export, as other systems know it. */
export interface DocumentStanding {
  state: 'live' | 'planned' | 'ended' | 'trashed' | 'draft'
  /** When readers got it, or will get it; null for what nobody knows. */
  date: string | null
  /** Until when they have it, or had it. */
  ends: string | null
}

/** After every end that is meant. */
const FAR = '9000'

export function standingOf({ article, publishedAt, liveUntil }: Document, at: string): DocumentStanding {
  const end = (until: string | null) => (until !== null && until < FAR ? until : null)
  if (publishedAt !== null) return { state: 'live', date: publishedAt, ends: end(liveUntil) }
  const now = standingAt(article, at)
  const first = now.firstPublishedAt
  if (now.trashedAt !== null) return { state: 'trashed', date: first, ends: null }
  if (now.scheduledFrom !== null) return { state: 'planned', date: now.scheduledFrom, ends: end(now.scheduledUntil) }
  // Taken back by hand is not ended: that is a draft.
  const isOver = first !== null && !now.withdrawn && now.liveUntil !== null && now.liveUntil <= at
  return isOver ? { state: 'ended', date: first, ends: now.liveUntil } : { state: 'draft', date: first, ends: null }
}

/** Without what says nothing. */
export const filled = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  )
