import { isUtf8 } from 'node:buffer'
import { isBlank } from './rules.ts'

export type DocumentErrorCode = 'empty' | 'binary' | 'invalid-utf-8' | 'too-large' | 'conflict'

/** Why a document was refused. `line` (1-based) has the first bad byte; the message names neither file nor line. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError'
  readonly code: DocumentErrorCode
  readonly line?: number

  constructor(code: DocumentErrorCode, message: string, line?: number) {
    super(message)
    this.code = code
    if (line !== undefined) this.line = line
  }
}

/**
 * The text of a document's bytes, without its byte order mark. Accepts UTF-8 of at most `bytesMax` bytes that has
 * something to read in it and no control characters but tab, line ends and form feed; throws DocumentError otherwise.
 */
export function decodeDocument(bytes: Uint8Array, options: { bytesMax: number }): string {
  if (bytes.length > options.bytesMax) {
    throw new DocumentError('too-large', `the document may have at most ${options.bytesMax} bytes, not ${bytes.length}`)
  }
  if (startsAsUtf16(bytes)) {
    throw new DocumentError('invalid-utf-8', 'the document is in UTF-16: it must be saved as UTF-8', 1)
  }
  // Controls come first: a picture or a word processor's file is also invalid UTF-8, but "save it as text" is the
  // advice that helps. UTF-8 never has these bytes inside a longer character, so bytes can be looked at one by one.
  if (bytes.some(isControl)) {
    const line = lineWhere(bytes, (part) => part.some(isControl))
    throw new DocumentError('binary', 'the document has control characters: it must be plain text in UTF-8', line)
  }
  if (!isUtf8(bytes)) {
    const line = lineWhere(bytes, (part) => !isUtf8(part))
    throw new DocumentError('invalid-utf-8', 'the document is in another encoding: it must be saved as UTF-8', line)
  }
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  if (isBlank(text)) {
    throw new DocumentError('empty', 'the document is empty: it must have at least one line of text')
  }
  return text
}

function startsAsUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
}

function isControl(byte: number): boolean {
  const usual = byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d
  return byte === 0x7f || (byte < 0x20 && !usual)
}

/** The number of the first line that `isBad`, counting as editors do: LF, CRLF and CR alone end a line. */
function lineWhere(bytes: Uint8Array, isBad: (line: Uint8Array) => boolean): number {
  let line = 1
  let start = 0
  for (const [index, byte] of bytes.entries()) {
    const ends = byte === 0x0a || (byte === 0x0d && bytes[index + 1] !== 0x0a)
    if (!ends) continue
    if (isBad(bytes.subarray(start, index + 1))) return line
    line += 1
    start = index + 1
  }
  return line
}
