import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHtml } from '../../src/body/from-html.ts'
import { fromText } from '../../src/body/from-text.ts'
import { normaliseBody } from '../../src/body/normalise.ts'
import { type Block, Body } from '../../src/body/schema.ts'
import { toText } from '../../src/body/to-text.ts'
import { countWords } from '../../src/body/words.ts'
import { runs } from '../support/rounds.ts'
import { anyCharacter } from '../support/texts.ts'
import { body, text } from './arbitraries.ts'

const texts = (blocks: Block[]) =>
  blocks.map((block) => (block._type === 'block' ? block.children.map((span) => span.text).join('') : block._type))

describe('a story in plain text', () => {
  test('has a paragraph for what blank lines part, and keeps single newlines', () => {
    expect(texts(fromText('One\r\ntwo\n\n \t\n\nThree  four\n'))).toEqual(['One\ntwo', 'Three  four'])
    expect(fromText('One')).toEqual([
      {
        _type: 'block',
        _key: 'b1',
        style: 'normal',
        children: [{ _type: 'span', _key: 's1', text: 'One', marks: [] }],
        markDefs: [],
      },
    ])
  })

  test('comes back the same, character by character', () => {
    const paragraph = text.map((value) =>
      value
        .replaceAll('\r', '')
        .replaceAll(/\n[ \t]*(?=\n)/g, '')
        .replace(/^[ \t]*\n|\n[ \t]*$/g, ''),
    )
    const paragraphs = fc.array(paragraph.filter((value) => /[^ \t]/.test(value)))
    fc.assert(
      fc.property(paragraphs, (wanted) => {
        const blocks = wanted.map((value): Block => ({ _type: 'block', children: [{ _type: 'span', text: value }] }))
        expect(texts(fromText(toText(blocks)))).toEqual(wanted)
      }),
      runs(500),
    )
  })

  test('becomes a body that the schema takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (source) => {
        expect(Body.safeParse(fromText(source)).error).toBeUndefined()
      }),
      runs(300),
    )
  })

  test('shows lists, tables, captions and code', () => {
    const story =
      fromHtml(`<h2>Vote</h2><ol><li>one<ul><li>a<br>b</li></ul></li><li>two</li></ol><p>x</p><ol><li>new</li></ol>
      <table><caption>Seats</caption><tr><th>A</th><td>1<br>2</td></tr><tr><td>B</td></tr></table><hr>
      <figure><img src="/i.jpg" alt="not shown"><figcaption>At work</figcaption></figure><pre>a  b</pre>
      <iframe src="https://v.example/1"></iframe>`)
    expect(toText(story)).toBe(
      'Vote\n\n1. one\n  - a\n    b\n2. two\n\nx\n\n1. new\n\nSeats\nA\t1 2\nB\n\nAt work\n\na  b\n\nhttps://v.example/1',
    )
  })
})

describe('counting words', () => {
  test('counts English, French and Japanese by their own rules', () => {
    expect(countWords(fromText('The mayor’s 12-point plan, again.'), 'en')).toBe(6)
    expect(countWords(fromText("L'été à Paris"), 'fr')).toBe(3)
    expect(countWords(fromText('私は東京で新聞を読みます。'), 'ja')).toBe(8)
  })

  test('counts captions and cells, not code, addresses or list numbers', () => {
    const story = fromHtml(
      '<ol><li>one two</ol><pre>x y</pre><figure><img src="/i" alt="z"><figcaption>three</figcaption></figure><table><tr><td>four</table>',
    )
    expect(countWords(story, 'en')).toBe(4)
  })

  test('counts what the dictionary of the language counts, also where it is not asked', () => {
    fc.assert(
      fc.property(
        fc.oneof(text, fc.string({ unit: 'binary' })),
        fc.constantFrom('en', 'fr', 'ja', 'th', 'sv'),
        (said, language) => {
          const blocks = fromText(said)
          const segmenter = new Intl.Segmenter(language, { granularity: 'word' })
          const all = texts(blocks).flatMap((each) => [...segmenter.segment(each)])
          expect(countWords(blocks, language)).toBe(all.filter(({ isWordLike }) => isWordLike).length)
        },
      ),
      runs(300),
    )
  })

  test('does not stumble over a language it has never heard of', () => {
    expect(countWords(fromText('one two'), 'not a language')).toBe(2)
  })
})

describe('normalising a body', () => {
  test('gives every part an address without taking one in use, and changes nothing the second time', () => {
    fc.assert(
      fc.property(body, (blocks) => {
        const once = normaliseBody(blocks)
        expect(Body.parse(once)).toEqual(once)
        expect(normaliseBody(once)).toEqual(once)
        expect(toText(once)).toBe(toText(blocks))
        expect(JSON.stringify(once).match(/"_type"/g)?.length).toBe(JSON.stringify(once).match(/"_key"/g)?.length)
      }),
      runs(200),
    )
  })

  test('leaves given addresses alone', () => {
    const given: Block[] = [
      { _type: 'divider' },
      { _type: 'divider', _key: 'b1' },
      { _type: 'block', _key: 'b3', listItem: 'bullet', children: [] },
    ]
    expect(normaliseBody(given)).toEqual([
      { _type: 'divider', _key: 'b1-2' },
      { _type: 'divider', _key: 'b1' },
      { _type: 'block', _key: 'b3', style: 'normal', listItem: 'bullet', level: 1, children: [], markDefs: [] },
    ])
  })
})
