/** What can be said of any JSON value, whatever it means. */

/** Deeper than any document of ours, and shallow enough for every recursive reader behind it. */
export const JSON_DEPTH_MAX = 64

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * One text for each value: what is equal has the same text, whatever the order of its members. A member that is
 * undefined is not there, as in JSON.
 */
export const canonical = (value: unknown): string => JSON.stringify(sorted(value)) ?? 'null'

// The engine's own writer is by far the fastest, so it gets a copy with the members in order.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!isObject(value)) return value
  const members: Record<string, unknown> = {}
  for (const name of Object.keys(value).sort()) {
    // Not assigned, which would set the prototype: it is a member like any other here.
    if (name === '__proto__') Object.defineProperty(members, name, { value: sorted(value[name]), enumerable: true })
    else members[name] = sorted(value[name])
  }
  return members
}

/** Whether arrays and objects stand inside each other on more than `levels` levels. Looks no deeper than that. */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels <= 0) return true
  for (const each of Array.isArray(value) ? value : Object.values(value)) {
    if (typeof each === 'object' && each !== null && isDeeperThan(levels - 1, each)) return true
  }
  return false
}
