import { JSONParser } from '@streamparser/json'
import { decoded } from './encoding.ts'
import { type Source, SourceFault } from './format.ts'

// Large JSON, value by value: only the one at hand is in memory.

export interface Found {
  value: unknown
  /** The name of the list that it stands in: the last step of its path that is no "*". */
  list: string
  line: number
}

const DEPTH_MAX = 200
/** How much is parsed before the depth is looked at. */
const SLICE = 8_192

/**
 * The values at these paths ("$.db.*.data.posts.*") in the order of the source. Throws SourceFault with the line where it is no
 * valid JSON, or deeper than any export.
 */
export async function* jsonValues(source: Source, paths: string[]): AsyncIterable<Found> {
  const parser = new JSONParser({ paths, keepStack: false })
  let ready: Found[] = []
  let line = 1
  let fault: Error | undefined
  parser.onError = (error) => {
    fault ??= error
  }
  parser.onValue = ({ value, key, stack }) => {
    const named = [...stack.map((each) => each.key), key].filter((each) => typeof each === 'string')
    ready.push({ value, list: String(named.at(-1) ?? ''), line })
  }
  let isOver = false
  for await (const text of decoded(source)) {
    for (let from = 0, slice = ''; from < text.length; from += slice.length) {
      // Never past the end of a line, so that it is known in which one a value ends.
      const end = text.indexOf('\n', from) + 1
      slice = text.slice(from, Math.min(end === 0 ? text.length : end, from + SLICE))
      const rest = slice.trim()
      if (isOver && rest !== '') throw new SourceFault(`it is no valid JSON: Unexpected "${rest[0]}"`, line)
      if (!isOver) parser.write(slice)
      isOver = parser.isEnded
      if (fault) {
        yield* ready
        throw new SourceFault(`it is no valid JSON: ${fault.message.replace(/ at chunk position[\s\S]*/, '')}`, line)
      }
      if (depthOf(parser) > DEPTH_MAX) throw new SourceFault(`it is deeper than ${DEPTH_MAX} levels`, line)
      if (slice.endsWith('\n')) line++
    }
    yield* ready
    ready = []
  }
  if (!isOver) throw new SourceFault('it breaks off: its end is missing', line)
}

const depthOf = (parser: JSONParser): number =>
  (parser as unknown as { tokenParser: { stack: unknown[] } }).tokenParser.stack.length

/** The lines of a source that are not empty, each with its number. Throws SourceFault for one that is too long. */
export async function* linesOf(source: Source, lengthMax: number): AsyncIterable<{ line: number; text: string }> {
  let rest = ''
  let line = 0
  for await (const text of decoded(source)) {
    const parts = (rest + text).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) {
      line++
      if (part.length > lengthMax) throw new SourceFault(`a line has more than ${lengthMax} characters`, line)
      if (part.trim() !== '') yield { line, text: part }
    }
    if (rest.length > lengthMax) throw new SourceFault(`a line has more than ${lengthMax} characters`, line + 1)
  }
  if (rest.trim() !== '') yield { line: line + 1, text: rest }
}
