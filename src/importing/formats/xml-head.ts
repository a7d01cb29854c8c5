import { markedEncoding } from './encoding.ts'
import type { Source } from './format.ts'

// What the first bytes of a document tell: in which encoding it is, and what it is the document of.

/** How much of it is looked at. */
const HEAD_BYTES = 65_536

/** The encoding that a document of XML says it is in; undefined where it says none, and UTF-8 is meant. */
export function declaredEncoding({ head }: Pick<Source, 'head'>): string | undefined {
  // "<?" in two bytes each: UTF-16, though without its mark.
  if (head[0] === 0x3c && head[1] === 0 && head[2] === 0x3f && head[3] === 0) return 'utf-16le'
  if (head[0] === 0 && head[1] === 0x3c && head[2] === 0 && head[3] === 0x3f) return 'utf-16be'
  const begin = Buffer.from(head.subarray(0, 1_000)).toString('latin1')
  const label = /^\s*(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)/.exec(begin)?.[1]
  // What can be read a byte a character is not UTF-16: programs write that of files that were saved otherwise later.
  return label !== undefined && /^(?:utf-?16|ucs-?2|iso-10646-ucs-2)/i.test(label) ? undefined : label
}

/** Its beginning as text; signs that are not of ASCII may be wrong. */
export function headText(source: Pick<Source, 'head'>): string {
  const bytes = source.head.subarray(0, HEAD_BYTES)
  const label = markedEncoding(bytes) ?? declaredEncoding(source)
  const text = label?.startsWith('utf-16')
    ? new TextDecoder(label).decode(bytes)
    : Buffer.from(bytes)
        .toString('latin1')
        .replace(/^\xef\xbb\xbf/, '')
  return text
}

/** The name of the element that a document is, without its prefix; undefined for what does not look like XML. */
export function rootOf(source: Pick<Source, 'head'>): string | undefined {
  const text = headText(source)
  let at = 0
  for (;;) {
    while (/\s/.test(text.charAt(at))) at++
    const end = endOfPrologue(text, at)
    if (end === undefined) break
    if (end < 0) return undefined
    at = end
  }
  return /^<(?:[\w.-]+:)?([\w.-]+)[\s/>]/.exec(text.slice(at, at + 200))?.[1]
}

/** Where what stands before the root and begins here ends, or -1; undefined where no such thing begins. */
function endOfPrologue(text: string, at: number): number | undefined {
  const after = (mark: string, from = at): number => {
    const found = text.indexOf(mark, from)
    return found < 0 ? -1 : found + mark.length
  }
  if (text.startsWith('<?', at)) return after('?>')
  if (text.startsWith('<!--', at)) return after('-->', at + 4)
  if (!/^<!doctype\s/i.test(text.slice(at, at + 10))) return undefined
  // It may declare things of its own, in brackets.
  const [end, inside] = [after('>'), text.indexOf('[', at)]
  if (inside < 0 || (end >= 0 && end < inside)) return end
  const close = after(']', inside)
  return close < 0 ? -1 : after('>', close)
}
