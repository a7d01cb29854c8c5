import { createHash } from 'node:crypto'
import { isObject } from '../shared/json.ts'

// How an archive is written down: one JSON object a line, and a last line that says how many there were and what all bytes before it
// add up to. A file that was cut, joined to another or changed is recognised. It knows nothing of what the records mean.

/** More than any version of an article has, in bytes: a longer line is refused before it fills the memory. */
export const LINE_BYTES_MAX = 64_000_000

const NEWLINE = 0x0a
const END = 'end'

/** Why an archive cannot be read, and the line (from 1) where that is known. */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault'
  readonly line: number | undefined

  constructor(message: string, line?: number) {
    super(message)
    this.line = line
  }
}

/** The lines of an archive of these records, the last one with their number and the SHA-256 of all bytes before it. */
export async function* sealed(
  records: AsyncIterable<Record<string, unknown>> | Iterable<Record<string, unknown>>,
): AsyncGenerator<string> {
  const digest = createHash('sha256')
  let count = 0
  for await (const record of records) {
    if (record.kind === END) throw new Error('A record cannot be called as the last line is.')
    // Members stay in their order: texts are kept as JSON in which the order is part of what was written.
    const line = `${JSON.stringify(record)}\n`
    digest.update(line)
    count++
    yield line
  }
  yield `${JSON.stringify({ kind: END, records: count, sha256: digest.digest('hex') })}\n`
}

/**
 * The records of an archive, one at a time. Whether it is whole is known only at its end: who must not act on a part of it reads it
 * through once beforehand. Throws ArchiveFault.
 */
export async function* unsealed(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Record<string, unknown>> {
  const digest = createHash('sha256')
  let count = 0
  let end: Record<string, unknown> | undefined
  for await (const line of linesOf(bytes)) {
    if (end) throw new ArchiveFault('something comes after its last line', count + 2)
    const record = parsed(line, count + 1)
    if (record.kind === END) {
      end = record
      continue
    }
    digest.update(line)
    count++
    yield record
  }
  if (!end) throw new ArchiveFault('it has no last line: the file was cut', count + 1)
  if (end.records !== count) throw new ArchiveFault(`it has ${count} records and says ${String(end.records)}`)
  if (end.sha256 !== digest.digest('hex')) throw new ArchiveFault('its digest is another one: the file was changed')
}

function parsed(line: Buffer, number: number): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line))
  } catch {
    throw new ArchiveFault('it has a line that is not JSON in UTF-8', number)
  }
  if (!isObject(value)) throw new ArchiveFault('it has a line that is not an object', number)
  return value
}

/** Each line with its newline; pieces are joined once, however many a line came in. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let pieces: Uint8Array[] = []
  let length = 0
  let number = 1
  for await (const chunk of bytes) {
    let start = 0
    while (start < chunk.length) {
      const newline = chunk.indexOf(NEWLINE, start)
      const piece = chunk.subarray(start, newline < 0 ? chunk.length : newline + 1)
      length += piece.length
      if (length > LINE_BYTES_MAX) throw new ArchiveFault('it has a line that is longer than any record', number)
      pieces.push(piece)
      start += piece.length
      if (newline < 0) continue
      yield Buffer.concat(pieces)
      pieces = []
      length = 0
      number++
    }
  }
  if (length > 0) throw new ArchiveFault('its last line does not end: the file was cut', number)
}
