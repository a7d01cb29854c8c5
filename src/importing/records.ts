import { createHash } from 'node:crypto'
import { formatOf, formats } from './formats/all.ts'
import { WHOLE_BYTES_MAX } from './formats/encoding.ts'
import { type Format, type ImportRecord, type ReadOptions, type Source, SourceFault } from './formats/format.ts'

/** A record with the name of the source that it stood in. */
export interface Placed {
  record: ImportRecord
  file: string
  /** A digest of where the file is, for what is known by its file alone and by no name of its site: a path may have words of a headline. */
  origin?: string | undefined
}

/** A file that is one record as a whole, and is still to be read (`readNow`). */
export interface Unread {
  file: string
  origin?: string | undefined
  bytes: Uint8Array
  format: string
  options: RecordOptions
}

export interface RecordOptions extends ReadOptions {
  /** How the site is called that files come from, so that those of another with the same names are others. */
  site?: string | undefined
  /** Nobody has said how the file is called: what would be known by that cannot be taken. */
  isUnnamed?: boolean
}

type Sources = AsyncIterable<Source> | Iterable<Source>

/** The format of that name; undefined for "auto" and for what is none. */
export const formatNamed = (name: string): Format | undefined => formats.find((each) => each.name === name)

/**
 * The records of several sources, one after another. `format` is a name, or "auto" for what each looks like. What cannot be read is a
 * failed record; what no format knows is a skipped one.
 */
export async function* recordsOf(sources: Sources, format: string, options: RecordOptions): AsyncIterable<Placed> {
  for await (const source of sources) {
    const found = foundIn(source, format)
    if ('record' in found) yield found
    else yield* recordsIn(source, found, options)
  }
}

/** The same, but files that are one record each are left to whoever has time to read them, as to parse them takes long. */
export async function* partsOf(
  sources: Sources,
  format: string,
  options: RecordOptions,
): AsyncIterable<Placed | Unread> {
  for await (const source of sources) {
    const found = foundIn(source, format)
    if ('record' in found) yield found
    else if (!found.isOneRecord || (source.size ?? Number.POSITIVE_INFINITY) > WHOLE_BYTES_MAX)
      yield* recordsIn(source, found, options)
    else yield await bytesIn(source, found, options)
  }
}

/** Reads what was left. */
export async function readNow({ file, origin, bytes, format, options }: Unread): Promise<Placed> {
  const open = async function* () {
    yield bytes
  }
  const source = { name: file, origin, size: bytes.length, head: bytes.subarray(0, 65_536), open }
  const [first] = await Array.fromAsync(recordsOf([source], format, options))
  return first ?? { file, record: { kind: 'skipped', why: 'There is nothing in it.' } }
}

function foundIn(source: Source, format: string): Format | Placed {
  const file = source.name
  if (source.instead !== undefined) return { file, record: source.instead }
  const found = format === 'auto' ? formatOf(source) : formatNamed(format)
  const why = 'It is of no format that is known: name one with --format.'
  return found ?? { file, record: { kind: 'skipped', why } }
}

async function* recordsIn(source: Source, format: Format, options: RecordOptions): AsyncIterable<Placed> {
  try {
    for await (const record of format.read(source, options)) yield placed(record, source, options)
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error
    const why = `From here on nothing can be read: ${error.message}.`
    yield { file: source.name, record: { kind: 'failed', line: error.line, why } }
  }
}

async function bytesIn(source: Source, { name }: Format, options: RecordOptions): Promise<Placed | Unread> {
  const { name: file, origin } = source
  try {
    return { file, origin, bytes: Buffer.concat(await Array.fromAsync(source.open())), format: name, options }
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error
    return { file, record: { kind: 'failed', why: `It cannot be read: ${error.message}.` } }
  }
}

/** What such an id begins with, which is a file's path below what was named. */
const BY_FILE = 'file:'

function placed(record: ImportRecord, { name: file, origin }: Source, { site, isUnnamed }: RecordOptions): Placed {
  // What Dateline wrote has the id by which it was known, in whatever file that comes: it says nothing of this one.
  if (record.kind !== 'article' || record.articleId !== undefined || !record.externalId.startsWith(BY_FILE))
    return { record, file }
  if (isUnnamed) {
    const why = 'It is known again by the name of its file: say how that is called (`file`).'
    return { file, record: { kind: 'failed', line: record.line, why } }
  }
  if (site === undefined)
    return { record, file, origin: origin && createHash('sha256').update(origin).digest('base64url') }
  return { record: { ...record, externalId: `${BY_FILE}${site}/${record.externalId.slice(BY_FILE.length)}` }, file }
}
