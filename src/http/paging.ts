import { createHash } from 'node:crypto'
import * as z from 'zod'
import { slug, uuid } from '../shared/fields.ts'
import type { Place } from '../shared/place.ts'
import { Problem } from '../shared/problem.ts'

export const LIMIT_DEFAULT = 20
export const LIMIT_MAX = 100

/** How many entries a page has. Read as decimal digits only: not "0x10", not "1e2", not "". */
export const limit = z
  .string()
  .refine((value) => /^[1-9]\d{0,2}$/.test(value) && Number(value) <= LIMIT_MAX, {
    error: `Must be a whole number from 1 to ${LIMIT_MAX}`,
  })
  .transform(Number)
  .optional()
  .meta({
    description: 'Entries on a page',
    override: { type: 'integer', minimum: 1, maximum: LIMIT_MAX, default: LIMIT_DEFAULT },
    example: 20,
  })

export const cursor = z
  .string()
  .max(1000)
  .optional()
  .meta({ description: '`page.next` or `page.previous` of an earlier answer to the same question. Opaque' })

/** The question of a list that has no filters. */
export const PageQuery = z.strictObject({ limit, cursor })

export const Page = z
  .strictObject({
    limit: z.int(),
    next: z.string().nullable().meta({ description: 'Cursor of the next page; null on the last' }),
    previous: z.string().nullable().meta({ description: 'Cursor of the page before; null on the first' }),
    total: z.int().optional().meta({ description: 'How many there are on all pages; with `count=exact` only' }),
  })
  .meta({ id: 'Page', description: 'Where a page stands' })
export type Page = z.output<typeof Page>

/** Nothing but what was given out: PostgreSQL has no year 0, and neither engine an id that is none. */
const encoded = z.tuple([
  z.enum(['after', 'before']),
  z.iso.datetime({ precision: 3 }).refine((at) => at >= '0001'),
  z.union([uuid, slug]),
  z.string(),
  z.tuple([z.int().min(0).max(9), z.int().min(0)]).optional(),
])

/** The time in the cursors of lists that are not ordered by time. */
export const NO_TIME = '0001-01-01T00:00:00.000Z'

/** Ties a cursor to the question that it belongs to, so that it is refused with another one. */
const fingerprint = (filters: unknown): string =>
  createHash('sha256').update(JSON.stringify(filters)).digest('base64url').slice(0, 8)

export const encodeCursor = (place: Place, filters: unknown): string =>
  Buffer.from(JSON.stringify([place.direction, place.at, place.id, fingerprint(filters), ...hitOf(place)])).toString(
    'base64url',
  )

const hitOf = ({ hit }: Place) => (hit ? [[hit.tier, hit.nth]] : [])

/** Answers undefined for no cursor; 400 for one that was made up, or that came from other filters. */
export function decodeCursor(cursor: string | undefined, filters: unknown): Place | undefined {
  if (cursor === undefined) return undefined
  const parsed = encoded.safeParse(jsonOf(Buffer.from(cursor, 'base64url').toString()))
  if (!parsed.success) throw new Problem('invalid-cursor', 'This cursor was not given out by this API.')
  const [direction, at, id, print, hit] = parsed.data
  if (print !== fingerprint(filters)) {
    throw new Problem('invalid-cursor', 'This cursor belongs to other filters. Start again without a cursor.')
  }
  return { direction, at, id, ...(hit && { hit: { tier: hit[0], nth: hit[1] } }) }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * One page out of the rows of a query that asked for `limit + 1` from `place` on, in reading order or, going back, in
 * the opposite one. The row too many only tells whether there is more.
 */
export function pageOf<Row>(
  rows: Row[],
  limit: number,
  place: Place | undefined,
  filters: unknown,
  key: (row: Row) => Omit<Place, 'direction'>,
): { rows: Row[]; page: Page } {
  const back = place?.direction === 'before'
  const isMore = rows.length > limit
  const shown = back ? rows.slice(0, limit).reverse() : rows.slice(0, limit)
  const cursorAt = (row: Row | undefined, direction: Place['direction']) =>
    row === undefined ? null : encodeCursor({ direction, ...key(row) }, filters)
  return {
    rows: shown,
    page: {
      limit,
      next: back || isMore ? cursorAt(shown.at(-1), 'after') : null,
      previous: (back ? isMore : place !== undefined) ? cursorAt(shown[0], 'before') : null,
    },
  }
}

/** The `Link` field of a page (RFC 8288), with the question's own parameters kept. */
export function pageLinks(url: string, page: Page): string {
  const [start = '', ...rest] = url.split('?')
  // The path alone, also where a client sends the whole address.
  const path = start.replace(/^https?:\/\/[^/]*/i, '')
  const query = rest.join('?')
  const link = (cursor: string | null, rel: string): string[] => {
    if (cursor === null && rel !== 'first') return []
    const parameters = new URLSearchParams(query)
    if (cursor === null) parameters.delete('cursor')
    else parameters.set('cursor', cursor)
    const search = parameters.toString()
    return [`<${path}${search && `?${search}`}>; rel="${rel}"`]
  }
  return [...link(page.next, 'next'), ...link(page.previous, 'prev'), ...link(null, 'first')].join(', ')
}
