import * as z from 'zod'
import { canonical, isDeeperThan, JSON_DEPTH_MAX } from './json.ts'
import { locate, type Place, shown } from './json-pointer.ts'
import { invalidField, Problem } from './problem.ts'

// JSON Patch, RFC 6902. Our own, because the packages are loose where the standard is strict: one has had no release for
// years, the other takes "/tags/length" or "/tags/01" for an entry, and changes another one than was named.

const pointerText = z
  .string()
  .max(2000)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, {
    error: 'Must be a JSON Pointer (RFC 6901), as in "/tags/0/name"; "~" in a name is written "~0", "/" is "~1"',
  })
const path = pointerText.meta({ description: 'The place, as a JSON Pointer (RFC 6901); "-" is the end of an array' })
const from = pointerText.meta({ description: 'The place that the value is taken from' })
const value = z.unknown().meta({ description: 'Any JSON value' })

const operations = [
  z
    .strictObject({ op: z.literal('add'), path, value })
    .meta({ id: 'JsonPatchAdd', description: 'Puts a value into an array before an entry, or sets a member' }),
  z
    .strictObject({ op: z.literal('remove'), path })
    .meta({ id: 'JsonPatchRemove', description: 'Takes away what is there' }),
  z
    .strictObject({ op: z.literal('replace'), path, value })
    .meta({ id: 'JsonPatchReplace', description: 'Sets another value in place of what is there' }),
  z
    .strictObject({ op: z.literal('move'), from, path })
    .meta({ id: 'JsonPatchMove', description: 'Takes a value away from one place and adds it at another' }),
  z
    .strictObject({ op: z.literal('copy'), from, path })
    .meta({ id: 'JsonPatchCopy', description: 'Adds the value of one place at another' }),
  z
    .strictObject({ op: z.literal('test'), path, value })
    .meta({ id: 'JsonPatchTest', description: 'Refuses the whole patch unless the value there is this one' }),
] as const

/** The most operations of one patch. */
const OPERATIONS_MAX = 200
/** The most characters of JSON that the copies of one patch may have together: copies of copies double each time. */
const COPIED_MAX = 1_000_000

export const JsonPatch = z
  .array(z.discriminatedUnion('op', operations))
  .max(OPERATIONS_MAX)
  .meta({ id: 'JsonPatch', description: 'A JSON Patch (RFC 6902): carried out in order, all of it or nothing' })
export type JsonPatch = z.output<typeof JsonPatch>

/**
 * What the patch makes of `target`, which stays as it is. Throws 422 for a place that is not there or a result out of
 * bounds, and 409 for a test that fails, be it that its place is not there: to find that out is what tests are for.
 */
export function applyJsonPatch(target: unknown, patch: JsonPatch): unknown {
  // A member of something, so that the whole is a place like any other.
  const holder = { whole: structuredClone(target ?? null) }
  let copied = 0
  let lastDeeper: string | undefined
  for (const [index, operation] of patch.entries()) {
    const { op, path } = operation
    const at = `#/${index}/path`
    const fitting = (value: unknown) => requireRoom(value, path, at)
    const add = (value: unknown) => found(locate(holder, path, 'new'), at).add(value)
    switch (op) {
      case 'add':
        add(structuredClone(fitting(operation.value)))
        break
      case 'remove':
        if (path === '') throw invalidField(at, 'not-allowed', 'The whole cannot be removed. Replace it instead.')
        found(locate(holder, path, 'there'), at).remove()
        break
      case 'replace':
        found(locate(holder, path, 'there'), at).replace(structuredClone(fitting(operation.value)))
        break
      case 'move': {
        const place = found(locate(holder, operation.from, 'there'), `#/${index}/from`)
        if (path === operation.from) break
        if (path.startsWith(`${operation.from}/`)) {
          throw invalidField(at, 'not-allowed', `${shown(operation.from)} cannot be moved into itself.`)
        }
        place.remove()
        add(place.value)
        if (depthOf(path) > depthOf(operation.from)) lastDeeper = at
        break
      }
      case 'copy': {
        const place = found(locate(holder, operation.from, 'there'), `#/${index}/from`)
        copied += JSON.stringify(place.value).length
        if (copied > COPIED_MAX) {
          const detail = `The copies of one patch must have at most ${COPIED_MAX} characters of JSON together.`
          throw invalidField(`#/${index}`, 'too-big', detail)
        }
        add(structuredClone(fitting(place.value)))
        break
      }
      case 'test': {
        const place = locate(holder, path, 'there')
        if (typeof place === 'string') throw testFailed(at, place)
        if (!isSame(place.value, operation.value)) {
          throw testFailed(`#/${index}/value`, `${shown(path)} has another value than this one.`)
        }
      }
    }
  }
  // Once for all moves: each alone would walk the same value again. Paths are too short to get very deep in between.
  if (lastDeeper !== undefined) requireRoom(holder.whole, '', lastDeeper)
  return holder.whole
}

/** Compared as JSON values. What is too deep to be in any document is not walked. */
const isSame = (one: unknown, other: unknown) =>
  !isDeeperThan(JSON_DEPTH_MAX, other) && canonical(one) === canonical(other)

function found(place: Place | string, at: string): Place {
  if (typeof place === 'string') throw invalidField(at, 'unknown-place', place)
  return place
}

/** How many arrays and objects a place stands in. */
const depthOf = (path: string) => path.split('/').length - 1

/** `value`, unless it would stand too deep at `path`. */
function requireRoom(value: unknown, path: string, at: string): unknown {
  if (!isDeeperThan(JSON_DEPTH_MAX - depthOf(path), value)) return value
  throw invalidField(at, 'too-deep', `The result must not be nested more than ${JSON_DEPTH_MAX} levels deep.`)
}

const testFailed = (pointer: string, detail: string) =>
  new Problem('patch-test-failed', detail, { errors: [{ pointer, code: 'test-failed', detail }] })
