import { and, asc, type Column, desc, gt, lte, type SQL, sql } from 'drizzle-orm'
import type { Place, Span } from '../shared/place.ts'

/**
 * What lies beyond a place in a list that is ordered newest first by `at`, then `id`. One comparison of row values, which
 * both engines look up in an index, where two conditions joined by "or" make them walk over all that comes before.
 */
export const beyond = (at: Column, id: Column, place: Pick<Place, 'direction'> & { at: unknown; id: unknown }): SQL =>
  place.direction === 'before'
    ? sql`(${at}, ${id}) > (${place.at}, ${place.id})`
    : sql`(${at}, ${id}) < (${place.at}, ${place.id})`

/** The part of a span that is asked for, and its order: soonest first, or going back latest first. */
export function ahead(at: Column, id: Column, { now, until, place }: Span) {
  const back = place?.direction === 'before'
  const opposite = place && ({ ...place, direction: back ? 'after' : 'before' } as const)
  return {
    condition: and(gt(at, now), until === undefined ? undefined : lte(at, until), opposite && beyond(at, id, opposite)),
    order: back ? [desc(at), desc(id)] : [asc(at), asc(id)],
  }
}
