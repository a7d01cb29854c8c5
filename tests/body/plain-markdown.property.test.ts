import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHtml } from '../../src/body/from-html.ts'
import { fromMarkdown, htmlOfAny } from '../../src/body/from-markdown.ts'
import { htmlOfPlain } from '../../src/body/plain-markdown.ts'
import { runs } from '../support/rounds.ts'
import { anyText } from '../support/texts.ts'

// Two parsers read Markdown: one that is quick, for what both read alike, and one for all else.

const words = ['a', 'b c', 'word', 'A.', '1', 'é', '“', '”', '€', '—', '世', '😀', '\u00a0', '\u2028', '\u0301']
const blanks = [' ', '  ', '    ', '\n', '\n\n', '\t', '\r\n', '\r', '\f']
const emphasis = ['*', '**', '***', '_', '__', '**b**', '*i*', '_i_', '`', '``', '`c`']
const blocks = ['> ', '>', '- ', '+ ', '* ', '1. ', '2) ', '10. ', '# ', '###### ', '---', '===', '\n===\n', '\n***\n']
const code = ['```', '```\n', '``` js\n', '    code', '\n    ']
const beginnings = ['\n- ', '\n> ', '\n1. ', '\n  ', '\n# ']
const links = [
  '[',
  ']',
  '](',
  ')',
  '![',
  '[a]',
  '[a](b)',
  '[a](<b c>)',
  '[x] ',
  '(/c)',
  '[a](b&c)',
  '[a](http://x.example/a)',
]
const more = [
  '](https://x.example/b "t")',
  '(a&amp;b)',
  'www.x.example',
  'a@x.example',
  'https://x.example',
  '<b>',
  '<!--',
]
const signs = [...'"\'(!.,~&\\+$=:;{}%|<', '%41', '&lt;', '&copy;', '&#35;', '&nbsp;', '&#0;', '&#x1F600;', '\\*']
const all = [words, blanks, emphasis, blocks, code, beginnings, links, more, signs].flat()
const text = fc
  .array(fc.oneof({ weight: 30, arbitrary: fc.constantFrom(...all) }, { weight: 1, arbitrary: anyText(5) }), {
    maxLength: 30,
  })
  .map((pieces) => pieces.join(''))

describe('Markdown that is read the quick way', () => {
  it('becomes the same blocks as by the parser that reads all of it', () => {
    let quick = 0
    fc.assert(
      fc.property(text, (markdown) => {
        const html = htmlOfPlain(markdown)
        if (html === undefined) return
        quick++
        expect(fromHtml(html)).toEqual(fromHtml(htmlOfAny(markdown)))
      }),
      runs(3_000),
    )
    expect(quick).toBeGreaterThan(300)
  })

  it('is what prose is made of, and what GFM adds is not', () => {
    const post =
      '## Head\n\nA *b* **c** [d](https://e.example/f_g?h=1&i=2 "j").\n\n- k\n- l\n\n> m `n`\n\n1. o\n2. p\n\n```js\nq\n```\n'
    expect(htmlOfPlain(post)).toBeDefined()
    expect(fromMarkdown(post)).toEqual(fromHtml(htmlOfAny(post)))
    const gfm = ['~~a~~', '|a|\n|-|', 'a\n-:', '[^1]', 'www.a.example', 'https://a.example', 'a@b.example', '<b>a</b>']
    expect(gfm.map(htmlOfPlain)).toEqual(gfm.map(() => undefined))
  })

  it('and nests too deep for it is read whole', () => {
    const deep = (many: number) => Array.from({ length: many }, (_, n) => `${'  '.repeat(n)}- ${n}`).join('\n')
    for (const many of [5, 9, 12, 40]) {
      const blocks = fromMarkdown(deep(many))
      expect(blocks).toHaveLength(many)
      expect(blocks).toEqual(fromHtml(htmlOfAny(deep(many))))
    }
  })
})
