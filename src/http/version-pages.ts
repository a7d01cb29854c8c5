import * as z from 'zod'
import type { Place } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'
import { decodeCursor, NO_TIME, pageOf } from './paging.ts'

// Histories: versions by number, newest first, in pages.

/** The number of a version, as a part of an address: nine digits at most, which both engines can look for. */
export const versionNumber = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number)
  .meta({ override: { type: 'integer', minimum: 1, maximum: 999_999_999 }, description: 'A version', example: 2 })

/** The place that a cursor stands for, as the number of a version. */
export function versionPlace(cursor: string | undefined, filters: unknown) {
  const place = decodeCursor(cursor, filters)
  const number = versionNumber.safeParse(place?.id)
  if (place && !number.success) throw new Problem('invalid-cursor', 'This cursor was not given out by this API.')
  return { place, from: place && number.success ? { direction: place.direction, version: number.data } : undefined }
}

export const versionPage = <Row extends { version: number }>(
  rows: Row[],
  limit: number,
  place: Place | undefined,
  filters: unknown,
) => pageOf(rows, limit, place, filters, ({ version }) => ({ at: NO_TIME, id: String(version) }))
