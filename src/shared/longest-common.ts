/** Something that two lists have, by its place in each. */
export interface Pair {
  inA: number
  inB: number
}

/** The longest common subsequence of two lists, exact: the most that both have in the same order. */
export function longestCommon(a: string[], b: string[]): Pair[] {
  // Entries become numbers. Those that only one list has are left out.
  const numbers = new Map(b.map((entry, i) => [entry, i]))
  const numbered = (entries: string[]) =>
    entries.flatMap((entry, at) => {
      const number = numbers.get(entry)
      return number === undefined ? [] : [{ at, number }]
    })
  const left = numbered(a)
  const used = new Set(left.map(({ number }) => number))
  const right = numbered(b).filter(({ number }) => used.has(number))
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
 * At i * width + j: how long the longest subsequence is that `left` from i on and `right` from j on have in common. The
 * longest lists, bodies, have at most 2,000 entries, so this is at most 8 MB, filled in some 20 ms.
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
