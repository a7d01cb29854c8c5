import type { Block } from '../body/schema.ts'
import { canonical } from '../shared/json.ts'
import { longestCommon, type Pair } from '../shared/longest-common.ts'
import { type BodyChange, everyField, type FieldChange, type VersionDiff } from './history-schema.ts'
import type { ArticleContent } from './schema.ts'

// Two blocks are the same if they say the same, whatever their `_key`: keys that nobody gave follow the position
// (body/normalise.ts), so a paragraph put on top as HTML would make others of all below it. Keys are part of a block all
// the same, so what is kept under another key says so.

const fieldNames = Object.keys(everyField) as (keyof ArticleContent)[]

const plainNames = fieldNames.filter((name) => name !== 'body')

/** What a write leaves as it was is mostly the very same, and to put a long text in order takes a while. */
const isEqual = (a: unknown, b: unknown) => a === b || canonical(a) === canonical(b)

/** The names of the fields that differ, in their order. A field that is not there is null. */
export const changedFields = (a: ArticleContent, b: ArticleContent): (keyof ArticleContent)[] =>
  fieldNames.filter((name) => !isEqual(a[name], b[name]))

/** Those fields of these names that differ, as they were and as they are. */
export function fieldChanges<Name extends string>(
  names: Name[],
  a: { [name in Name]?: unknown },
  b: { [name in Name]?: unknown },
): FieldChange[] {
  const differing = names.filter((name) => !isEqual(a[name], b[name]))
  return differing.map((field) => ({ field, before: a[field] ?? null, after: b[field] ?? null }))
}

/** What leads from `a` to `b`. */
export function diffContents(
  { body: bodyA, ...a }: ArticleContent,
  { body: bodyB, ...b }: ArticleContent,
): VersionDiff {
  const fields = fieldChanges(plainNames, a, b)
  const body = diffBodies(bodyA, bodyB)
  const isUnchanged = body.every((change) => change.kind === 'keep' && !change.keys)
  return { fields, body: isUnchanged ? [] : body }
}

function diffBodies(a: Block[], b: Block[]): BodyChange[] {
  const changes: BodyChange[] = []
  let from = 0
  let to = 0
  const replaceUntil = (nextFrom: number, nextTo: number) => {
    changes.push(...replaced(a.slice(from, nextFrom), b.slice(to, nextTo)))
  }
  for (const { inA, inB, count } of runs(longestCommon(a.map(said), b.map(said)))) {
    replaceUntil(inA, inB)
    from = inA + count
    to = inB + count
    const before = a.slice(inA, from).map(({ _key }) => _key ?? null)
    const keys = b.slice(inB, to).map(({ _key }) => _key ?? null)
    changes.push({ kind: 'keep', count, ...(!isEqual(before, keys) && { keys }) })
  }
  replaceUntil(a.length, b.length)
  return changes
}

function replaced(removed: Block[], added: Block[]): BodyChange[] {
  if (removed.length > 0 && removed.length === added.length) {
    const pairs = removed.flatMap((before, i) => (added[i] ? [{ before, after: added[i] }] : []))
    return [{ kind: 'change', blocks: pairs }]
  }
  return [
    ...(removed.length > 0 ? [{ kind: 'remove' as const, blocks: removed }] : []),
    ...(added.length > 0 ? [{ kind: 'add' as const, blocks: added }] : []),
  ]
}

const said = ({ _key, ...block }: Block) => canonical(block)

/** Pairs that follow each other in both bodies, taken together. */
function runs(pairs: Pair[]): (Pair & { count: number })[] {
  const found: (Pair & { count: number })[] = []
  for (const { inA, inB } of pairs) {
    const last = found.at(-1)
    if (last && last.inA + last.count === inA && last.inB + last.count === inB) last.count++
    else found.push({ inA, inB, count: 1 })
  }
  return found
}
