import { isUtf8 } from 'node:buffer'
import { type Source, SourceFault } from './format.ts'

// How bytes become text: exactly, or not at all. A byte order mark comes first, then what the source or the user says, then UTF-8. What is
// not valid in that encoding is refused with its line: a replacement character would be text that nobody wrote.

/** More than any article has: what is read whole is refused beyond it. */
export const WHOLE_BYTES_MAX = 20_000_000

/** By its byte order mark, or undefined. */
export function markedEncoding(head: Uint8Array): string | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8'
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be'
  return undefined
}

function decoderFor(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(label, { fatal: true })
  } catch {
    throw new SourceFault(`its encoding "${label}" is not known`)
  }
}

/**
 * The text of a source, piece by piece, without its byte order mark. `declared` is what the source says of its encoding.
 * Throws SourceFault where bytes are not valid in it, with the line of the first.
 */
export async function* decoded(
  source: Source,
  { declared, encoding }: { declared?: string | undefined; encoding?: string | undefined } = {},
): AsyncIterable<string> {
  const label = markedEncoding(source.head) ?? declared ?? encoding ?? 'utf-8'
  const decoder = decoderFor(label)
  let line = 1
  const refusal = () =>
    new SourceFault(
      declared || encoding
        ? `it has bytes that are not valid in ${label}`
        : 'it is not in UTF-8: save it as UTF-8, or name its encoding',
      line,
    )
  for await (const bytes of source.open()) {
    let text: string
    try {
      text = decoder.decode(bytes, { stream: true })
    } catch {
      line += linesBefore(bytes, label)
      throw refusal()
    }
    line += linesIn(text)
    if (text !== '') yield text
  }
  try {
    const rest = decoder.decode()
    if (rest !== '') yield rest
  } catch {
    throw refusal()
  }
}

/** All of a source's text at once. Throws SourceFault where it is larger than any article. */
export async function wholeText(
  source: Source,
  options: { declared?: string | undefined; encoding?: string | undefined } = {},
): Promise<string> {
  if ((source.size ?? 0) > WHOLE_BYTES_MAX) throw tooLarge()
  const parts: string[] = []
  let length = 0
  for await (const part of decoded(source, options)) {
    length += part.length
    if (length > WHOLE_BYTES_MAX) throw tooLarge()
    parts.push(part)
  }
  return parts.join('')
}

/** What Dateline cannot store exactly, as a reason; undefined where all of the text can be. */
export function unstorable(text: string): string | undefined {
  if (text.includes('\u0000')) return 'it has a NUL character'
  if (!text.isWellFormed()) return 'it has half of a surrogate pair, which is no character'
  return undefined
}

const tooLarge = () => new SourceFault(`it is larger than ${WHOLE_BYTES_MAX / 1_000_000} MB, which no article is`)

const linesIn = (text: string): number => text.split('\n').length - 1

/** How many lines of the piece are sound; only UTF-8 can be looked at line by line. */
function linesBefore(bytes: Uint8Array, label: string): number {
  if (label !== 'utf-8') return 0
  let lines = 0
  let start = 0
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    if (!isUtf8(bytes.subarray(start, end))) return lines
    lines++
    start = end + 1
  }
  return lines
}
