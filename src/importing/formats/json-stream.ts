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
 * twice, is nested too deep or is too large comes as a fault; where the text is no JSON, SourceFault is thrown with its line,
 * after all that stands before it.
 */
export async function* pickedValues(
  source: Source,
  pick: Pick,
  { encoding }: { encoding?: string | undefined } = {},
): AsyncIterable<PickedValue> {
  const reading = new Reading(pick)
  for await (const text of decoded(source, { encoding })) {
    for (const piece of piecesOf(text)) {
      const sound = reading.read
      reading.give(piece)
      if (reading.isBroken) await reading.giveAgain(decoded(source, { encoding }), sound, piece.length)
      yield* reading.taken()
      if (reading.fault) throw reading.fault
    }
  }
  reading.end()
  yield* reading.taken()
  if (reading.fault) throw reading.fault
}

/** One whole text that must be a single JSON value, read as strictly. Throws SourceFault where it is none. */
export function strictJson(text: string): unknown {
  const reading = new Reading((path) => path.length === 0)
  reading.give(text)
  if (!reading.fault) reading.end()
  if (reading.fault) throw reading.fault
  const found = reading.taken()
  const [first] = found
  if (first === undefined || found.length > 1) throw new SourceFault('it is not one JSON value')
  if ('fault' in first) throw new SourceFault(first.fault.replace(/^It/, 'it').replace(/\.$/, ''))
  return first.value
}

/** One reading of a text, until its end or its first fault. */
class Reading {
  readonly #reader: JsonReader
  #parse = newParser()
  #line = 1
  #lastToken = 0
  /** How many characters have been given. */
  read = 0
  /** Why nothing more can be read. */
  fault: SourceFault | undefined
  /** Whether that is because it is no JSON: what the parser had found in the last piece is lost then. */
  isBroken = false

  constructor(pick: Pick) {
    this.#reader = new JsonReader(pick)
  }

  taken(): PickedValue[] {
    return this.#reader.taken()
  }

  give(piece: string): void {
    this.read += piece.length
    this.#feed(piece)
    if (this.read - this.#lastToken > RECORD_LENGTH_MAX) this.#stop('it has a text that is larger than any may be')
    // A broken piece is given again, on the same line.
    if (!this.fault && piece.endsWith('\n')) this.#line++
  }

  end(): void {
    this.#feed(none)
    if (this.#reader.depth > 0) this.#stop('it ends before its JSON does')
  }

  /**
   * Gives the broken piece once more, character by character, so that what stands before the fault is not lost. For that a
   * new parser is brought to where the piece begins, by all of the text before it: that happens once, at the end.
   */
  async giveAgain(all: AsyncIterable<string>, sound: number, length: number): Promise<void> {
    this.#parse = newParser()
    let at = 0
    for await (const text of all) {
      const before = text.slice(0, Math.max(0, sound - at))
      if (before !== '') this.#parse(before)
      for (const character of text.slice(before.length, sound + length - at)) {
        const tokens = this.#tokensOf(character)
        if (tokens === undefined) return
        this.#take(tokens)
      }
      at += text.length
      if (at >= sound + length) return
    }
  }

  #feed(piece: string | typeof none): void {
    const tokens = this.#tokensOf(piece)
    if (tokens) this.#take(tokens)
    else {
      this.isBroken = true
      this.#stop('it is not valid JSON')
    }
  }

  #tokensOf(piece: string | typeof none): JsonToken[] | undefined {
    try {
      const made: unknown = this.#parse(piece as string)
      return (isMany(made) ? getManyValues(made) : []) as JsonToken[]
    } catch {
      return undefined
    }
  }

  #take(tokens: JsonToken[]): void {
    for (const token of tokens) {
      this.#reader.take(token, this.#line, this.read)
      if (this.#reader.depth > NESTING_MAX) {
        this.#stop(`it is deeper than ${NESTING_MAX} levels`)
        break
      }
    }
    if (tokens.length > 0) this.#lastToken = this.read
  }

  #stop(why: string): void {
    this.fault ??= new SourceFault(why, this.#line)
  }
}

const newParser = () => jsonParser({ packValues: true, streamValues: false, jsonStreaming: true })

function* piecesOf(text: string): Iterable<string> {
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    yield text.slice(start, end + 1)
    start = end + 1
  }
  if (start < text.length) yield text.slice(start)
}
