import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDocument } from '../../src/importing/rules.ts'
import { rounds } from '../support/rounds.ts'
import { anyCharacter } from '../support/texts.ts'

const numRuns = 500 * rounds
const lineEnds = ['\n', '\r\n', '\r', '\f', '\u0085', '\u2028', '\u2029']

// Lines as documents have them, and any others: sentences, headlines, blanks of all kinds, bylines, lists.
const usual = ['He left.', 'Rates Rise', 'By Jane Doe', '- bread', '“Go.” He went', 'In the U.S.', '###', '雨。']
const oneLine = fc
  .string({
    unit: fc.oneof(
      fc.constantFrom(' ', '\u00a0', '.', '’', '–', '\ufeff', '\u200b'),
      fc.string({ unit: anyCharacter }),
    ),
  })
  .map((text) => text.replace(/[\n\r\f\u0085\u2028\u2029]/g, ''))
const line = fc.oneof(fc.constantFrom(...usual), fc.constantFrom('', '', ' ', '\u00a0\t'), oneLine)
const documentLines = fc.array(line, { maxLength: 20 })
const mode = fc.constantFrom('derive' as const, 'first-line' as const)

// Written apart from the code on purpose: what is left of a line once blanks at its ends are gone.
const isSeen = (text: string) => [...text].some((character) => !/[\s\p{Cf}\u0085]/u.test(character))
const seen = (lines: string[]) => lines.filter(isSeen).map((text) => text.replace(/^\s+/, '').replace(/\s+$/, ''))

it('no line of a document is lost, doubled, moved or changed', () => {
  fc.assert(
    fc.property(documentLines, mode, (lines, headline) => {
      const parsed = parseDocument(lines.join('\n'), { headline })
      const title = parsed.headline === undefined ? [] : [parsed.headline]
      expect([...title, ...parsed.paragraphs, ...parsed.headlines]).toEqual(seen(lines))
      expect(title).toHaveLength(headline === 'first-line' && seen(lines).length > 0 ? 1 : 0)
    }),
    { numRuns },
  )
})

it('a document reads the same whatever ends its lines', () => {
  fc.assert(
    fc.property(documentLines, fc.constantFrom(...lineEnds), mode, (lines, end, headline) => {
      expect(parseDocument(lines.join(end), { headline })).toEqual(parseDocument(lines.join('\n'), { headline }))
    }),
    { numRuns },
  )
})

it('headlines are short, follow a gap, and come alone only after the one wide gap', () => {
  fc.assert(
    fc.property(documentLines, (lines) => {
      const { paragraphs, headlines } = parseDocument(lines.join('\n'))
      if (headlines.length === 0) return
      expect(headlines.every((headline) => headline.length <= 200)).toBe(true)
      if (paragraphs.length === 0) {
        expect(headlines.length).toBeGreaterThan(1)
        return
      }
      const indexes = lines.flatMap((text, index) => (isSeen(text) ? [index] : []))
      const blanks = indexes.map((index, at) => index - (indexes[at - 1] ?? index - 1) - 1)
      expect(blanks[paragraphs.length]).toBeGreaterThan(0)
      if (headlines.length === 1) expect(blanks.filter((count) => count > 1)).toHaveLength(1)
    }),
    { numRuns },
  )
})
