import { createHash } from 'node:crypto'
import { formatOf, formats } from './formats/all.ts'
import { type Format, type ImportRecord, type ReadOptions, type Source, SourceFault } from './formats/format.ts'

/** A record with the name of the source that it stood in. */
export interface Placed {
  record: ImportRecord
  file: string
  /** A digest of where the file is, for what is known by its file alone and by no name of its site: a path may have words of a headline. */
  origin?: string | undefined
}

export interface RecordOptions extends ReadOptions {
  /** How the site is called that files come from, so that those of another with the same names are others. */
  site?: string | undefined
  /** Nobody has said how the file is called: what would be known by that cannot be taken. */
  isUnnamed?: boolean
}

/** The format of that name; undefined for "auto" and for what is none. */
export const formatNamed = (name: string): Format | undefined => formats.find((each) => each.name === name)

/**
 * The records of several sources, one after another. `format` is a name, or "auto" for what each looks like. What cannot be read is a
 * failed record; what no format knows is a skipped one.
 */
export async function* recordsOf(
  sources: AsyncIterable<Source> | Iterable<Source>,
  format: string,
  options: RecordOptions,
): AsyncIterable<Placed> {
  for await (const source of sources) {
    const file = source.name
    if (source.instead !== undefined) {
      yield { file, record: source.instead }
      continue
    }
    const found = format === 'auto' ? formatOf(source) : formatNamed(format)
    if (found === undefined) {
      yield { file, record: { kind: 'skipped', why: 'It is of no format that is known: name one with --format.' } }
      continue
    }
    try {
      for await (const record of found.read(source, options)) yield placed(record, source, options)
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error
      yield {
        file,
        record: { kind: 'failed', line: error.line, why: `From here on nothing can be read: ${error.message}.` },
      }
    }
  }
}

/** What such an id begins with, which is a file's path below what was named. */
const BY_FILE = 'file:'

function placed(record: ImportRecord, { name: file, origin }: Source, { site, isUnnamed }: RecordOptions): Placed {
  if (record.kind !== 'article' || !record.externalId.startsWith(BY_FILE)) return { record, file }
  if (isUnnamed) {
    const why = 'It is known again by the name of its file: say how that is called (`file`).'
    return { file, record: { kind: 'failed', line: record.line, why } }
  }
  if (site === undefined)
    return { record, file, origin: origin && createHash('sha256').update(origin).digest('base64url') }
  return { record: { ...record, externalId: `${BY_FILE}${site}/${record.externalId.slice(BY_FILE.length)}` }, file }
}
