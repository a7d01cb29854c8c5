import type { Block } from '../body/schema.ts'
import { canonical } from '../shared/json.ts'
import { type BodyChange, everyField, type FieldChange, type VersionDiff } from './history-schema.ts'
import type { ArticleContent } from './schema.ts'

// Two blocks are the same if they say the same, whatever their `_key`: keys that nobody gave follow the position
// (body/normalise.ts), so a paragraph put on top as HTML would make others of all below it. Keys are part of a block all
// the same, so what is kept under another key says so.

const fieldNames = Object.keys(everyField) as (keyof ArticleContent)[]

const isEqual = (a: unknown, b: unknown) => canonical(a) === canonical(b)

/** The names of the fields that differ, in their order. A field that is not there is null. */
export const changedFields = (a: ArticleContent, b: ArticleContent): (keyof ArticleContent)[] =>
  fieldNames.filter((name) => !isEqual(a[name], b[name]))

/** What leads from `a` to `b`. */
export function diffContents(
  { body: bodyA, ...a }: ArticleContent,
  { body: bodyB, ...b }: ArticleContent,
): VersionDiff {
  const fields = fieldNames.flatMap((field): FieldChange[] =>
    field === 'body' || isEqual(a[field], b[field])
      ? []
      : [{ field, before: a[field] ?? null, after: b[field] ?? null }],
  )
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
  for (const { inA, inB, count } of runs(commonBlocks(a, b))) {
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

interface Pair {
  inA: number
  inB: number
}

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

/** The longest common subsequence of two bodies, exact. */
function commonBlocks(a: Block[], b: Block[]): Pair[] {
  const said = ({ _key, ...block }: Block) => canonical(block)
  const textsB = b.map(said)
  // Blocks become numbers. Those that only one body has are left out.
  const numbers = new Map(textsB.map((text, i) => [text, i]))
  const numbered = (texts: string[]) =>
    texts.flatMap((text, at) => {
      const number = numbers.get(text)
      return number === undefined ? [] : [{ at, number }]
    })
  const left = numbered(a.map(said))
  const used = new Set(left.map(({ number }) => number))
  const right = numbered(textsB).filter(({ number }) => used.has(number))
  const { longest, width } = lengths(Uint16Array.from(left, numberOf), Uint16Array.from(right, numberOf))
  const lengthAt = (i: number, j: number) => longest[i * width + j] ?? 0
  const pairs: Pair[] = []
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [one, other] = [left[i], right[j]]
    if (one && other && one.number === other.number) {
      pairs.push({ inA: one.at, inB: other.at })
      i++
      j++
    } else if (lengthAt(i + 1, j) >= lengthAt(i, j + 1)) i++
    else j++
  }
  return pairs
}

const numberOf = ({ number }: { number: number }) => number

/**
 * At i * width + j: how long the longest subsequence is that `left` from i on and `right` from j on have in common. A
 * body has at most 2,000 blocks, so this is at most 8 MB, filled in some 20 ms.
 */
function lengths(left: Uint16Array, right: Uint16Array): { longest: Uint16Array; width: number } {
  const width = right.length + 1
  const longest = new Uint16Array((left.length + 1) * width)
  for (let i = left.length - 1; i >= 0; i--) {
    const number = left[i]
    let diagonal = 0
    let beside = 0
    for (let j = right.length - 1, at = i * width + j; j >= 0; j--, at--) {
      const below = longest[at + width] ?? 0
      beside = right[j] === number ? diagonal + 1 : below > beside ? below : beside
      longest[at] = beside
      diagonal = below
    }
  }
  return { longest, width }
}
