import { getManyValues, isMany, none } from 'stream-chain/defs.js'
import { jsonParser } from 'stream-json/core/parser.js'
import { decoded } from './encoding.ts'
import { type Source, SourceFault } from './format.ts'
import { JsonReader, type JsonToken, type Pick, type PickedValue, RECORD_LENGTH_MAX } from './json-reader.ts'

// JSON of any size, read as a stream. The text is given to the parser line by line, so that the line of each value and fault is known.

/** Deeper than this nothing is followed, not even to pass over it. */
const NESTING_MAX = 1_000

/**
 * The values that are picked, in their order; also of several documents one after the other. A value that has a member
 * twice, is nested too deep or is too large comes as a fault; where the text is no JSON, SourceFault is thrown with its line.
 */
export async function* pickedValues(
  source: Source,
  pick: Pick,
  { encoding }: { encoding?: string | undefined } = {},
): AsyncIterable<PickedValue> {
  const run = parsing(pick)
  for await (const text of decoded(source, { encoding })) {
    for (const piece of piecesOf(text)) yield* run.give(piece)
  }
  yield* run.end()
}

/** One whole text that must be a single JSON value, read as strictly. Throws SourceFault where it is none. */
export function strictJson(text: string): unknown {
  const run = parsing((path) => path.length === 0)
  const found = [...run.give(text), ...run.end()]
  const [first] = found
  if (first === undefined || found.length > 1) throw new SourceFault('it is not one JSON value')
  if ('fault' in first) throw new SourceFault(first.fault.replace(/^It/, 'it').replace(/\.$/, ''))
  return first.value
}

function parsing(pick: Pick) {
  const parse = jsonParser({ packValues: true, streamValues: false, jsonStreaming: true })
  const reader = new JsonReader(pick)
  let line = 1
  let read = 0
  let lastToken = 0
  const feed = (piece: string | typeof none): PickedValue[] => {
    let tokens: JsonToken[]
    try {
      const made: unknown = parse(piece as string)
      tokens = (isMany(made) ? getManyValues(made) : []) as JsonToken[]
    } catch {
      throw new SourceFault('it is not valid JSON', line)
    }
    for (const token of tokens) {
      reader.take(token, line, read)
      if (reader.depth > NESTING_MAX) throw new SourceFault(`it is nested more than ${NESTING_MAX} levels deep`, line)
    }
    if (tokens.length > 0) lastToken = read
    return reader.taken()
  }
  return {
    *give(piece: string): Iterable<PickedValue> {
      read += piece.length
      yield* feed(piece)
      if (read - lastToken > RECORD_LENGTH_MAX)
        throw new SourceFault('it has a text that is larger than any may be', line)
      if (piece.endsWith('\n')) line++
    },
    *end(): Iterable<PickedValue> {
      yield* feed(none)
      if (reader.depth > 0) throw new SourceFault('it ends before its JSON does', line)
    },
  }
}

function* piecesOf(text: string): Iterable<string> {
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    yield text.slice(start, end + 1)
    start = end + 1
  }
  if (start < text.length) yield text.slice(start)
}
