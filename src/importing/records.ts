import { formatOf, formats } from './formats/all.ts'
import { type Format, type ImportRecord, type ReadOptions, type Source, SourceFault } from './formats/format.ts'

/** A record with the name of the source that it stood in. */
export interface Placed {
  record: ImportRecord
  file: string
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
  options: ReadOptions,
): AsyncIterable<Placed> {
  for await (const source of sources) {
    const file = source.name
    const found = format === 'auto' ? formatOf(source) : formatNamed(format)
    if (found === undefined) {
      yield { file, record: { kind: 'skipped', why: 'It is of no format that is known: name one with --format.' } }
      continue
    }
    try {
      for await (const record of found.read(source, options)) yield { file, record }
    } catch (error) {
      if (!(error instanceof SourceFault)) throw error
      yield {
        file,
        record: { kind: 'failed', line: error.line, why: `From here on nothing can be read: ${error.message}.` },
      }
    }
  }
}
