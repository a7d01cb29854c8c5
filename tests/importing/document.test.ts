import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { decodeDocument } from '../../src/importing/decode.ts'
import { deriveHeadline } from '../../src/importing/derive.ts'
import { parseDocument } from '../../src/importing/rules.ts'

const source = readFileSync(new URL('../../seeds/us-russia-istanbul-talks.txt', import.meta.url))
const bytesMax = 1_000_000
const bytesOf = (text: string) => new TextEncoder().encode(text)

describe('the Istanbul document', () => {
  const document = parseDocument(decodeDocument(source, { bytesMax }))

  it('is six paragraphs and sixteen headlines, each line as it stands in the file', () => {
    const lines = source
      .toString()
      .split('\n')
      .filter((line) => line !== '')
    expect(lines).toHaveLength(22)
    expect(document.paragraphs).toEqual(lines.slice(0, 6))
    expect(document.headlines).toEqual([
      'Trump Backs Nexstar–Tegna Merger Amid Shifting U.S. Media Landscape',
      'Japan Election 2026: Sanae Takaichi Poised for Landslide Win Despite Record Snowfall',
      'China Warns US Arms Sales to Taiwan Could Disrupt Trump’s Planned Visit',
      'Ohio Man Indicted for Alleged Threat Against Vice President JD Vance, Faces Additional Federal Charges',
      'Federal Judge Restores Funding for Gateway Rail Tunnel Project',
      'Iran–U.S. Nuclear Talks in Oman Face Major Hurdles Amid Rising Regional Tensions',
      'Trump Signs “America First Arms Transfer Strategy” to Prioritize U.S. Weapons Sales',
      'U.S. to Begin Paying UN Dues as Financial Crisis Spurs Push for Reforms',
      'Trump Says “Very Good Talks” Underway on Russia-Ukraine War as Peace Efforts Continue',
      'TrumpRx Website Launches to Offer Discounted Prescription Drugs for Cash-Paying Americans',
      'U.S.-India Trade Framework Signals Major Shift in Tariffs, Energy, and Supply Chains',
      'TrumpRx.gov Highlights GLP-1 Drug Discounts but Offers Limited Savings for Most Americans',
      'Netanyahu to Meet Trump in Washington as Iran Nuclear Talks Intensify',
      'US Pushes Ukraine-Russia Peace Talks Before Summer Amid Escalating Attacks',
      'Trump Allows Commercial Fishing in Protected New England Waters',
      'South Korea Assures U.S. on Trade Deal Commitments Amid Tariff Concerns',
    ])
    expect(document).not.toHaveProperty('headline')
  })

  it('gets its headline from the clause that the lead opens with', () => {
    expect(deriveHeadline(document.paragraphs[0] ?? '')).toBe(
      'U.S. and Russian officials met for six hours in Istanbul on Thursday to address diplomatic issues',
    )
  })

  it('reads the same when Windows saved it, with CRLF and a byte order mark', () => {
    const windows = bytesOf(`\ufeff${source.toString('utf8').replaceAll('\n', '\r\n')}`)
    expect(parseDocument(decodeDocument(windows, { bytesMax }))).toEqual(document)
  })
})

describe('text and headlines', () => {
  // In these, " / " is a line end and " | " is where the headlines begin.
  const parse = (lines: string, headline: 'derive' | 'first-line' = 'derive') => {
    const parsed = parseDocument(lines.split(' / ').join('\n'), { headline })
    const title = parsed.headline === undefined ? '' : `${parsed.headline} = `
    return `${title}${parsed.paragraphs.join(' / ')} | ${parsed.headlines.join(' / ')}`
  }

  it.each([
    ['a story alone has no headlines', 'He came. /  /  / He left.', 'He came. / He left. | '],
    ['a list of headlines alone has no story', ' / Rates Rise / It Rains', ' | Rates Rise / It Rains'],
    ['a document of one line is a story', 'Rates Rise / ', 'Rates Rise | '],
    ['one blank line is enough before a list', 'Go. /  / Rates Rise / It Rains', 'Go. | Rates Rise / It Rains'],
    ['the wide gap wins over one blank line', 'Go. /  / After /  /  / A Win / A Loss', 'Go. / After | A Win / A Loss'],
    ['the list may have gaps of its own', 'Go. /  /  / Rates Rise /  /  / It Rains', 'Go. | Rates Rise / It Rains'],
    ['a sub-heading stays in the story', 'Go. /  /  / After /  / It rained.', 'Go. / After / It rained. | '],
    ['a lone line after the only wide gap is a headline', 'Go. /  /  / Rates Rise', 'Go. | Rates Rise'],
    ['a last paragraph without its stop is text', 'Go. /  / Stay. /  / He left', 'Go. / Stay. / He left | '],
    ['so it is where every gap is wide', 'Go. /  /  / Stay. /  /  / He left', 'Go. / Stay. / He left | '],
    ['a byline is text', 'Go. /  /  / By Jane Doe /  /  / A Win / A Loss', 'Go. / By Jane Doe | A Win / A Loss'],
    ['credits and end marks are text', 'Go. /  /  / (Reporting by Jo) / ###', 'Go. / (Reporting by Jo) / ### | '],
    ['the list that ends a story is text', 'Go. /  / - bread / - food', 'Go. / - bread / - food | '],
    ['two sentences are no headline', 'Go. /  /  / It rained. He left / A Win', 'Go. / It rained. He left / A Win | '],
    ['a stop behind quotation marks is seen', 'Go. /  /  / A Win / “It rains.”', 'Go. / A Win / “It rains.” | '],
    ['headlines ask and shout', 'Go. /  /  / Why? Ask Doe Jr. / A Storm!', 'Go. | Why? Ask Doe Jr. / A Storm!'],
    ['headlines abbreviate and trail off', 'Go. /  /  / Made in the U.S. / So…', 'Go. | Made in the U.S. / So…'],
    ['a Japanese stop ends a sentence', '答えた。 /  / 可決。次は参院 / 雨', '答えた。 / 可決。次は参院 / 雨 | '],
    ['no-break spaces stay inside a line', '\u00a0\u3000Ran 10\u00a0km.\u00a0', 'Ran 10\u00a0km. | '],
    ['a line of no-break spaces is blank', 'Go. / \u00a0 / \u200b / A\u00a0Win', 'Go. | A\u00a0Win'],
  ])('%s', (_, lines, expected) => {
    expect(parse(lines)).toBe(expected)
  })

  it('the first line is the headline if the editor says so', () => {
    expect(parse(' / Talks. At Last. / Go. /  /  / A Win / A Loss', 'first-line')).toBe(
      'Talks. At Last. = Go. | A Win / A Loss',
    )
    expect(parse('Rates Rise', 'first-line')).toBe('Rates Rise =  | ')
    expect(parse('Rates Rise / He left', 'first-line')).toBe('Rates Rise = He left | ')
  })

  it('a line of more than 200 characters is no headline', () => {
    const long = 'x'.repeat(200)
    expect(parse(`Go. /  /  / ${long} / A Win`)).toBe(`Go. | ${long} / A Win`)
    expect(parse(`Go. /  /  / ${long}x / A Win`)).toBe(`Go. / ${long}x / A Win | `)
  })
})
