import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deriveHeadline } from '../../src/importing/derive.ts'
import { rounds } from '../support/rounds.ts'
import { anyCharacter } from '../support/texts.ts'

const numRuns = 500 * rounds
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })
const lengthOf = (text: string) => [...segmenter.segment(text)].length
const withoutMarks = (text: string) => text.replace(/[\s\p{P}]+$/u, '')
const table = (rows: string) => rows.split('\n').flatMap((row) => (row.trim() ? [row.trim().split(/ +\| +/)] : []))

describe('the headline of a lead', () => {
  it.each(
    table(`
      passes over titles and initials  | Mr. Roe met J.D. Vance on Jan. 5. It rained. | Mr. Roe met J.D. Vance on Jan. 5
      passes over numbers              | He won No. 10 by 3.5 points. It rained.      | He won No. 10 by 3.5 points
      passes over an ellipsis          | He waited... And left. It rained.            | He waited... And left
      keeps an abbreviation's stop     | He moved to the U.S. The move was quick.     | He moved to the U.S.
      keeps its closing quotation mark | “We won.” The crowd left.                    | “We won”
      keeps a question mark            | Who won? It rained.                          | Who won?
      has no colon at its end          | Here is what we know:                        | Here is what we know
      ends at a Japanese stop          | 首相は金曜日、国会で答えた。次は月曜日。     | 首相は金曜日、国会で答えた
      passes over a Japanese quotation | 首相は「行く。」と答えた。次は月曜日。       | 首相は「行く。」と答えた
    `),
  )('%s', (_, lead = '', headline = '') => {
    expect(deriveHeadline(lead)).toBe(headline)
  })

  it.each(
    table(`
      ends at a dash                  | 42 | The chiefs of both countries met – and left | The chiefs of both countries met
      does not end with "and"         | 40 | The chiefs of both countries met and left | The chiefs of both countries met
      does not end with a title       | 38 | The chiefs of both countries met Mr. Roe today | The chiefs of both countries met
      does not end after too little   | 40 | Rome: the chiefs of both countries met Roe | Rome: the chiefs of both countries met
      does not end after an opening   | 40 | After many hours of talks in Rome, both countries | After many hours of talks in Rome, both
      does not end within a number    | 40 | The chiefs of both countries paid 1,000 euros | The chiefs of both countries paid 1,000
      does not end within a series    | 50 | The chiefs of both countries met, ate, slept, and left | The chiefs of both countries met, ate, slept
      does not end within a quotation | 46 | The chiefs of both countries said “it is done” today | The chiefs of both countries said “it is done”
      does not open a quotation       | 44 | The chiefs of both countries said “it is done” today | The chiefs of both countries said
      keeps "10 km" together          | 39 | The chiefs of both countries all ran 10\u00a0km | The chiefs of both countries all ran
      ends at a Japanese comma        | 24 | 首相は金曜日に国会で新しい予算案について、野党の質問に答えた | 首相は金曜日に国会で新しい予算案について
      counts an emoji family once     | 2  | 👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦 | 👨‍👩‍👧‍👦👨‍👩‍👧‍👦
      does not count its full stop    | 17 | The ministers met. | The ministers met
      ends before an endless word     | 20 | Talks, xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx | Talks
      ends at a word without blanks   | 4  | 首相は国会で説明した | 首相は
      keeps what dangles if all does  | 5  | and talks | and
    `),
  )('when it must be short %s', (_, charactersMax, lead = '', headline = '') => {
    expect(deriveHeadline(lead, Number(charactersMax))).toBe(headline)
  })

  const words = 'talks and the U.S. Mr. Roe 1,000 so, – “hope” naïve e\u0301tude 👩‍🚀 …'.split(' ')
  const word = fc.constantFrom(...words, 'x'.repeat(40))
  const sentence = fc.array(word, { minLength: 1, maxLength: 40 }).map((parts) => parts.join(' '))
  const anyText = fc.oneof(
    sentence,
    fc.string({ unit: anyCharacter, maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...'。、首相？」「 .”Aa👩', '\ud83d', '👩‍🚀'), maxLength: 80 }),
  )
  const charactersMax = fc.integer({ min: 1, max: 120 })

  it('is never longer than allowed, never cuts a character, and never empty where there is a lead', () => {
    fc.assert(
      fc.property(anyText, charactersMax, (lead, max) => {
        const headline = deriveHeadline(lead, max)
        const text = lead.trim()
        expect(lengthOf(headline)).toBeLessThanOrEqual(max)
        expect(headline === '').toBe(text === '')
        const cuts = Array.from(segmenter.segment(text), (part) => part.index)
        if (text.startsWith(headline)) expect([...cuts, text.length]).toContain(headline.length)
      }),
      { numRuns },
    )
  })

  it('is the beginning of the lead, but for marks at its end', () => {
    fc.assert(
      fc.property(anyText, charactersMax, (lead, max) => {
        expect(lead.trim().startsWith(withoutMarks(deriveHeadline(lead, max)))).toBe(true)
      }),
      { numRuns },
    )
  })

  it('ends with a whole word wherever the first word fits', () => {
    fc.assert(
      fc.property(sentence, charactersMax, (lead, max) => {
        fc.pre(lengthOf(lead.split(' ')[0] ?? '') <= max)
        const headline = withoutMarks(deriveHeadline(lead, max))
        expect(headline === '' || !/^[\p{L}\p{M}\p{N}]/u.test(lead.slice(headline.length))).toBe(true)
      }),
      { numRuns },
    )
  })

  it('goes no further than the first sentence', () => {
    const parts = fc.constantFrom('talks', 'Roe', 'U.S.', 'Mr. Roe', 'No. 10', '3.5')
    const plain = fc.array(parts, { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(plain, fc.constantFrom('.', '?', '!', '.”'), charactersMax, (beginning, stop, max) => {
        const first = `${beginning.join(' ')} ended${stop}`
        expect(deriveHeadline(`${first} Second sentence.`, max)).toBe(deriveHeadline(first, max))
        expect(deriveHeadline(first, 300)).toBe(first.replace('.”', '”').replace(/\.$/, ''))
      }),
      { numRuns },
    )
  })
})

it('a line of dots, as in a table of contents, does not keep the import busy', () => {
  for (const mark of ['.', '…', ':', '-', '"', '.…', '. ']) {
    expect(deriveHeadline(`Chapter one ${mark.repeat(5_000)} 5 and so on`)).toMatch(/^Chapter one/)
  }
})
