import { isDeepStrictEqual } from 'node:util'
import { invalidFields } from '../shared/validation.ts'
import type { FrontContent, FrontFields, PlacedRail } from './schema.ts'

/** The fields of a front as they are stored: what was left out is empty. Throws 422 for a rail that is there twice. */
export function contentOf({ title, description = null, language = null, rails }: FrontFields): FrontContent {
  const keys = rails.map(({ key }) => key)
  refuse(rails, ({ key }, at) => keys.indexOf(key) < at, 'duplicate', 'This rail is on the page already.')
  return { title, description, language, rails: rails.map(({ key, priority = 0 }) => ({ key, priority })) }
}

/** 422 for rails that there are not. New ones only: a rail that was deleted since may stay until somebody takes it away. */
export function refuseUnknown(before: PlacedRail[], after: PlacedRail[], there: Set<string | null>): void {
  const isUnknown = ({ key }: PlacedRail) => !there.has(key) && !before.some((each) => each.key === key)
  refuse(after, isUnknown, 'unknown-rail', 'There is no rail with this key.')
}

function refuse<Each>(rails: Each[], isFault: (each: Each, at: number) => boolean, code: string, detail: string) {
  const errors = rails.flatMap((each, at) =>
    isFault(each, at) ? [{ pointer: `#/rails/${at}/key`, code, detail }] : [],
  )
  if (errors.length > 0) throw invalidFields(errors)
}

/** The names of what differs between two contents of a front; of one that is new, what it has at all. */
export const changedIn = (before: FrontContent | undefined, after: FrontContent): string[] =>
  (['title', 'description', 'language', 'rails'] as const).filter(
    (each) => !isDeepStrictEqual((before ?? nothing)[each], after[each]),
  )

const nothing = { title: null, description: null, language: null, rails: [] }
