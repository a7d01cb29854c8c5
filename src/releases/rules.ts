import type * as z from 'zod'
import type { ArticleState } from '../articles/schema.ts'
import type { RailPlan } from '../headlines/schema.ts'
import { applyJsonPatch, type JsonPatch } from '../shared/json-patch.ts'
import { type FieldError, invalidField, Problem } from '../shared/problem.ts'
import { checked } from '../shared/validation.ts'
import { ReleaseFields, type ReleasePatch, type ReleaseState } from './schema.ts'

interface Standing {
  state: 'open' | 'scheduled' | 'cancelled'
  liveFrom: string | null
}

/** Where a release stands at `now`: that it has come is computed from the clock, as everything that readers see. */
export const stateOf = ({ state, liveFrom }: Standing, now: string): ReleaseState =>
  state === 'scheduled' && liveFrom !== null && liveFrom <= now ? 'released' : state

/** A merge patch, which is an object, or a JSON Patch, which is a list. */
export type Patch = z.output<typeof ReleasePatch> | JsonPatch

/** What a release says of itself, as a patch makes it. */
export const patched = ({ title }: { title: string }, patch: Patch): z.output<typeof ReleaseFields> =>
  checked(ReleaseFields, Array.isArray(patch) ? applyJsonPatch({ title }, patch) : { title, ...patch })

/** A piece as it was added, and where it stands now; `present` is null where it is gone. */
export interface Piece {
  kind: 'article' | 'rail'
  subject: string
  version: number
  plan: RailPlan | null
  position: number
  present: Present | null
}

export interface Present {
  version: number
  /** The headline of an article, the title of a rail. */
  name: string
  /** Null for a rail, which is always public. */
  state: ArticleState | null
  /** The release that has planned it. */
  releaseId: string | null
}

/** Whether somebody has written it since. A plan of a rail that has come is a version of its own, and nobody's write. */
export const hasChanged = ({ kind, version, present }: Piece, state: ReleaseState): boolean =>
  present?.version !== (kind === 'rail' && state === 'released' ? version + 1 : version)

/** Pieces with their places, in the order in which they are planned: what is pending in a rail comes alive with an article. */
export const railsFirst = (pieces: Piece[]): { at: number; piece: Piece }[] =>
  pieces
    .map((piece, at) => ({ at, piece }))
    .toSorted((a, b) => Number(a.piece.kind === 'article') - Number(b.piece.kind === 'article'))

/** The 409 for pieces that no release could take, each by name and with its place. */
export function refuseUnfit(pieces: Piece[], releaseId: string, pointer: (piece: Piece, at: number) => string): void {
  const errors = pieces.flatMap((piece, at): FieldError[] => {
    const fault = faultOf(piece, releaseId)
    return fault ? [{ pointer: pointer(piece, at), ...fault }] : []
  })
  if (errors.length > 0)
    throw new Problem('invalid-transition', errors.map(({ detail }) => detail).join(' '), { errors })
}

function faultOf({ kind, subject, present }: Piece, releaseId: string): { code: string; detail: string } | undefined {
  if (present === null) return { code: 'gone', detail: `The ${kind} ${subject} is gone.` }
  const { name, state } = present
  if (state === 'killed') return { code: 'killed', detail: `"${name}" was killed.` }
  if (state === 'trashed') return { code: 'trashed', detail: `"${name}" is in the trash.` }
  if (present.releaseId === null || present.releaseId === releaseId) return undefined
  return {
    code: 'in-another-release',
    detail: `"${name}" is scheduled by another release, ${present.releaseId}. Take it out of that one first.`,
  }
}

/** The 409 for pieces that are not what was looked at, each with the version that stands. */
export function refuseChanged(
  pieces: Piece[],
  state: ReleaseState,
  pointer: (piece: Piece, at: number) => string,
): void {
  const errors = pieces.flatMap((piece, at): FieldError[] => {
    if (!hasChanged(piece, state)) return []
    const { name, version } = piece.present ?? { name: piece.subject, version: 0 }
    const detail = `"${name}" is at version ${version} now; version ${piece.version} was looked at.`
    return [{ pointer: pointer(piece, at), code: 'changed', detail }]
  })
  if (errors.length > 0) throw new Problem('piece-changed', errors.map(({ detail }) => detail).join(' '), { errors })
}

/** What has come is done: readers have seen it. */
export function refuseReleased(release: Standing, now: string, verb: string): void {
  if (stateOf(release, now) !== 'released') return
  throw new Problem('invalid-transition', `The release came at ${release.liveFrom}: nobody can ${verb} it any more.`)
}

/**
 * A rail that has its plan no more has been given it: only then does a scheduled release lose one. The clock has been set
 * back since, and what is left of the release must not be taken back alone.
 */
export function refuseCome(state: Standing['state'], { kind, present }: Piece): void {
  if (state !== 'scheduled' || kind !== 'rail' || present === null) return
  throw new Problem('invalid-transition', `The release has come already: "${present.name}" holds what it brought.`)
}

/** The 422 for a time that cannot be meant. */
export function refusePast(liveFrom: string | undefined, now: string): void {
  if (liveFrom === undefined || liveFrom > now) return
  const detail = `${liveFrom} has passed: it is ${now} now. Leave liveFrom out to release now.`
  throw invalidField('#/liveFrom', 'in-the-past', detail)
}
