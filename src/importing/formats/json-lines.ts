import { isUtf8 } from 'node:buffer'
import { type Source, SourceFault } from './format.ts'

// Newline-delimited JSON as lines: each is a document of its own, so that a broken one does not stop those after it.

/** More than any record has. */
export const LINE_BYTES_MAX = 20_000_000

/** One line that is not blank, with its number from 1; `fault` instead of a text where it cannot be read. */
export type SourceLine = { line: number } & ({ text: string } | { fault: string })

/** The lines of a source in UTF-8, with memory for one of them. One that is too long or not in UTF-8 comes as a fault. */
export async function* ndjsonLines(
  source: Source,
  { bytesMax = LINE_BYTES_MAX }: { bytesMax?: number } = {},
): AsyncIterable<SourceLine> {
  const [first, second] = source.head
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new SourceFault('it is in UTF-16: lines of JSON must be in UTF-8', 1)
  let line = 1
  let parts: Uint8Array[] = []
  let length = 0
  const add = (part: Uint8Array) => {
    length += part.length
    if (length > bytesMax) parts = []
    // A copy, because whoever gave the bytes may use their memory again.
    else if (part.length > 0) parts.push(Uint8Array.from(part))
  }
  const take = (): SourceLine | undefined => {
    const found = read(line, length > bytesMax ? undefined : Buffer.concat(parts), bytesMax)
    line++
    parts = []
    length = 0
    return found
  }
  for await (const bytes of source.open()) {
    let start = 0
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
      add(bytes.subarray(start, end))
      start = end + 1
      const found = take()
      if (found) yield found
    }
    add(bytes.subarray(start))
  }
  const last = take()
  if (last) yield last
}

function read(line: number, bytes: Buffer | undefined, bytesMax: number): SourceLine | undefined {
  if (bytes === undefined) return { line, fault: `It has more than ${bytesMax} bytes.` }
  if (!isUtf8(bytes)) return { line, fault: 'It is not in UTF-8.' }
  const text = bytes.toString('utf8').replace(line === 1 ? /^\uFEFF/ : /^(?!)/, '')
  return /^[ \t\r]*$/.test(text) ? undefined : { line, text }
}
