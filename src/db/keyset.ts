import { type Column, type SQL, sql } from 'drizzle-orm'
import type { Place } from '../shared/place.ts'

/**
 * What lies beyond a place in a list that is ordered newest first by `at`, then `id`. One comparison of row values, which
 * both engines look up in an index, where two conditions joined by "or" make them walk over all that comes before.
 */
export const beyond = (at: Column, id: Column, place: Place): SQL =>
  place.direction === 'before'
    ? sql`(${at}, ${id}) > (${place.at}, ${place.id})`
    : sql`(${at}, ${id}) < (${place.at}, ${place.id})`
