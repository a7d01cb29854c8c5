import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold, foldedDigest } from '../../src/shared/fold.ts'
import { rounds } from '../support/rounds.ts'
import { anyCharacter } from '../support/texts.ts'

const runs = { numRuns: 300 * rounds }

const quotes = ["'", '"', '‘', '’', '“', '”', '„', '«', '»', '‹', '›', '`', '´', '′', '″', 'ʼ', '＂', '「', '」']
const dashes = ['-', '‐', '‑', '‒', '–', '—', '―', '−', '－', '--', ' – ', '\u2009—\u2009', ' - ']
const blanks = [' ', '  ', '\u00a0', '\u2009', '\u202f', '\t', '\u3000', ' \u200b ']
const unseen = ['\u00ad', '\u200b', '\u200d', '\u2060', '\ufeff', '\ufe0f']

/** A headline in parts: words, and what stands between them, each of which somebody else may write differently. */
const word = fc.string({ unit: fc.constantFrom(...'abcxyzéüñαβгд漢字한ก1'), minLength: 1, maxLength: 8 })
const part = fc.tuple(word, fc.constantFrom('quote', 'dash', 'blank'))
const headline = fc.array(part, { minLength: 1, maxLength: 8 })
const between = { quote: quotes, dash: dashes, blank: blanks }

/** One spelling of a headline, by numbers that choose among what can stand for the same. */
function spelled(parts: [string, keyof typeof between][], choices: number[], change: (word: string) => string): string {
  let at = 0
  const next = () => choices[at++ % choices.length] ?? 0
  const pick = (from: string[]) => from[next() % from.length] ?? ''
  const hidden = () => (next() % 3 === 0 ? pick(unseen) : '')
  const written = parts.map(([each, kind]) => `${hidden()}${change(each)}${hidden()}${pick(between[kind])}`)
  return `${pick(['', ...blanks])}${written.join('')}${pick(['', ...blanks])}`
}
const choices = fc.array(fc.nat(1_000), { minLength: 1, maxLength: 40 })
const change = fc.constantFrom<(word: string) => string>(
  (each) => each,
  (each) => each.toUpperCase(),
  (each) => each.normalize('NFD'),
  (each) => each.normalize('NFD').toUpperCase(),
)

describe('a folded headline', () => {
  it('is the same whatever case, blanks, quotes, dashes and forms of characters somebody chose', () => {
    fc.assert(
      fc.property(headline, choices, choices, change, change, (parts, a, b, one, other) => {
        const [first, second] = [spelled(parts, a, one), spelled(parts, b, other)]
        expect(fold(first)).toBe(fold(second))
        expect(foldedDigest(first)).toBe(foldedDigest(second))
      }),
      runs,
    )
  })

  it('is another one where a letter or a mark is another one', () => {
    fc.assert(
      fc.property(headline, choices, fc.nat(), fc.constantFrom(...'qwß7ж語'), (parts, a, n, letter) => {
        const plain = (each: string) => each
        const at = n % parts.length
        const changed = parts.map(([each, kind], k): [string, keyof typeof between] => [
          k === at ? `${each}${letter}` : each,
          kind,
        ])
        expect(fold(spelled(parts, a, plain))).not.toBe(fold(spelled(changed, a, plain)))
      }),
      runs,
    )
    for (const [a, b] of [
      ['Año nuevo', 'Ano nuevo'],
      ['Über uns', 'Uber uns'],
      ['U.S. Talks', 'US Talks'],
      ['Talks (Live)', 'Talks Live'],
      ['Trump’s Plan', 'Trumps Plan'],
      ['कि', 'की'],
    ] as const)
      expect(fold(a)).not.toBe(fold(b))
  })

  it('folded again stays as it is, whatever characters it has', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 40 }), (text) => {
        const once = fold(text)
        expect(fold(once)).toBe(once)
        expect(fold(text.normalize('NFC'))).toBe(fold(text.normalize('NFD')))
      }),
      { numRuns: 100 * rounds },
    )
  })

  it('is what two desks would call the same headline', () => {
    for (const [a, b] of [
      ['Iran–U.S. Nuclear Talks in Oman', 'iran - u.s.  nuclear talks in Oman '],
      ['Trump Says “Very Good Talks” Underway', "Trump Says 'Very Good Talks' underway"],
      ['« Très bien », dit Macron', '"TRÈS BIEN", dit Macron'],
      ['STRASSENBAHN', 'Straßenbahn'],
      ['ΟΔΥΣΣΕΥΣ', 'Οδυσσευς'],
      ['ﬁnal ﬂight', 'Final flight'],
      ['Ｔｏｋｙｏ', 'Tokyo'],
    ] as const)
      expect(fold(a)).toBe(fold(b))
  })

  it('has a name of one length, unless nothing that can be seen is in it', () => {
    expect(foldedDigest('ﷺ'.repeat(300))).toHaveLength(43)
    for (const nothing of ['', ' ', '\u200b', '\u00ad\u2060 \ufeff']) expect(foldedDigest(nothing)).toBeNull()
  })
})
