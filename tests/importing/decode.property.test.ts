import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DocumentError, decodeDocument } from '../../src/importing/decode.ts'
import { rounds } from '../support/rounds.ts'

const numRuns = 500 * rounds
const bytesMax = 1_000_000
const bytesOf = (text: string) => new TextEncoder().encode(text)
const isSeen = (text: string) => [...text].some((character) => !/[\s\p{Cf}\u0085]/u.test(character))

function refusal(bytes: Uint8Array, max = bytesMax) {
  try {
    decodeDocument(bytes, { bytesMax: max })
  } catch (error) {
    if (error instanceof DocumentError) return { code: error.code, line: error.line, message: error.message }
    throw error
  }
  return undefined
}

describe('a document that cannot be read', () => {
  it.each([
    ['an empty file', '', 'empty', undefined],
    ['a file of blanks', '\ufeff \t\u00a0\r\n\u2028\u200b\f', 'empty', undefined],
    ['a NUL on the second line', 'One\nTwo\0', 'binary', 2],
    ['an escape after old Mac line ends', 'One\rTwo\r\r\u001b[1m', 'binary', 4],
    ['a DEL after CRLF', 'One\r\nTwo\u007f', 'binary', 2],
  ] as const)('is refused: %s', (_, text, code, line) => {
    expect(refusal(bytesOf(text))).toMatchObject({ code, line })
  })

  it('is refused with the line where another encoding shows', () => {
    const latin1 = Buffer.from('One “ok”\nTwo\n', 'utf8')
    expect(refusal(Buffer.concat([latin1, Buffer.from('Caf\u00e9\nFour\u00e9', 'latin1')]))).toMatchObject({
      code: 'invalid-utf-8',
      line: 3,
    })
    expect(refusal(Uint8Array.of(0x41, 0x0a, 0xe2, 0x80))).toMatchObject({ code: 'invalid-utf-8', line: 2 })
  })

  it('is told to be saved as UTF-8 if it is UTF-16', () => {
    for (const mark of [
      [0xff, 0xfe],
      [0xfe, 0xff],
    ]) {
      const { code, line, message } = refusal(Uint8Array.of(...mark, 0x41, 0x00)) ?? {}
      expect({ code, line }).toEqual({ code: 'invalid-utf-8', line: 1 })
      expect(message).toContain('saved as UTF-8')
    }
  })

  it('is refused above the size limit, and not at it', () => {
    expect(refusal(bytesOf('é!'), 3)).toBeUndefined()
    expect(refusal(bytesOf('é!!'), 3)).toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('at most 3 bytes'),
    })
  })
})

it('bytes are read exactly if they are UTF-8 without controls, and then as UTF-8 says', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text, 'utf8')),
    fc.constantFrom('\n', '\r\n', '\ufeff', '\u0085', ' ').map((text) => Buffer.from(text, 'utf8')),
    fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const bytes = Buffer.concat(pieces)
      const expected = decodedByThePlatform(bytes)
      const unread = expected === undefined || [...expected].some((c) => c < ' ' && !'\t\n\r\f'.includes(c))
      if (unread || expected.includes('\u007f') || !isSeen(expected)) {
        expect(() => decodeDocument(bytes, { bytesMax: 1000 })).toThrow(DocumentError)
      } else {
        expect(decodeDocument(bytes, { bytesMax: 1000 })).toBe(expected)
      }
    }),
    { numRuns },
  )
})

it('a refusal names the line of the first bad byte', () => {
  const good = fc.array(fc.constantFrom('One', 'Zwölf', '雨', ''), { maxLength: 6 })
  const bad = fc.constantFrom([0x00], [0x1b], [0x7f], [0xff], [0xc3], [0xe2, 0x80], [0xed, 0xa0, 0x80])
  fc.assert(
    fc.property(good, bad, good, fc.constantFrom('\n', '\r\n', '\r'), (before, byte, after, end) => {
      const text = (lines: string[]) => Buffer.from(lines.map((text) => text + end).join(''), 'utf8')
      const bytes = Buffer.concat([text(before), Buffer.from('x'), Buffer.from(byte), Buffer.from(end), text(after)])
      const refused = expect.objectContaining({ line: before.length + 1 })
      expect(() => decodeDocument(bytes, { bytesMax: 1000 })).toThrow(refused)
    }),
    { numRuns },
  )
})

function decodedByThePlatform(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
