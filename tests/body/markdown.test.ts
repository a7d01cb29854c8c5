import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHtml } from '../../src/body/from-html.ts'
import { fromMarkdown } from '../../src/body/from-markdown.ts'
import { type Block, Body } from '../../src/body/schema.ts'
import { toHtml } from '../../src/body/to-html.ts'
import { toMarkdown } from '../../src/body/to-markdown.ts'
import { runs } from '../support/rounds.ts'
import { anyCharacter } from '../support/texts.ts'
import { body, text } from './arbitraries.ts'
import { plain } from './plain.ts'

// An embed and a caption that went through Markdown are a link and a paragraph: they are compared as such.
const asMarkdownHolds = (blocks: Block[]) => blocks.filter((block) => block._type !== 'embed')

describe('a story in Markdown', () => {
  test('keeps every word on the way out and in again', () => {
    fc.assert(
      fc.property(body, (blocks) => {
        const held = asMarkdownHolds(blocks)
        expect(plain(toHtml(fromMarkdown(toMarkdown(held))))).toBe(plain(toHtml(held)))
      }),
      runs(250),
    )
  })

  test('becomes a body that the schema takes', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: anyCharacter })), (source) => {
        expect(Body.safeParse(fromMarkdown(source)).error).toBeUndefined()
      }),
      runs(200),
    )
  })

  test('is read alike, be something else around that has other signs or not', () => {
    // What a text has no sign of is not looked for in it.
    const signs = '# a@b.org ~~x~~ [^1] | :-\n\n'
    const first = toHtml(fromMarkdown(signs))
    fc.assert(
      fc.property(text, (source) => {
        // A note of the text would be that of the heading too.
        fc.pre(!source.includes('[^1]'))
        expect(toHtml(fromMarkdown(signs + source))).toBe(first + toHtml(fromMarkdown(source)))
      }),
      runs(400),
    )
    expect(toHtml(fromMarkdown('a\n:-:\nb'))).toContain('<table>')
    expect(toHtml(fromMarkdown('~~a~~ b@c.org'))).toContain('<s>a</s> <a href="mailto:b@c.org">')
  })

  test('keeps headings, lists, quotations, code, tables, links and marks', () => {
    const source = `## Vote

The *council* **voted** ~~twice~~ on [the budget](https://example.org/b "PDF") with \`care\`,\\
H<sub>2</sub>O.

> Quoted

1. one
   - nested
2. two

\`\`\`ts
a < b
\`\`\`

| A | B |
| - | - |
| 1<br>2 | x |

***

![The mayor](/i.jpg)
`
    expect(toHtml(fromMarkdown(source))).toBe(
      '<h2>Vote</h2><p>The <em>council</em> <strong>voted</strong> <s>twice</s> on ' +
        '<a href="https://example.org/b" title="PDF">the budget</a> with <code>care</code>,<br>H<sub>2</sub>O.</p>' +
        '<blockquote><p>Quoted</p></blockquote><ol><li>one<ul><li>nested</li></ul></li><li>two</li></ol>' +
        '<pre><code class="language-ts">a &#x3C; b</code></pre>' +
        '<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1<br>2</td><td>x</td></tr></tbody></table>' +
        '<hr><figure><img src="/i.jpg" alt="The mayor"></figure>',
    )
    expect(toHtml(fromMarkdown(toMarkdown(fromMarkdown(source))))).toBe(toHtml(fromMarkdown(source)))
  })

  test('reads the HTML that stands in it, even where it begins and ends in different paragraphs', () => {
    expect(toHtml(fromMarkdown('<div>\n\n**a** <u>b</u>\n\n</div>\n\n<script>\n\nx\n\n</script>c'))).toBe(
      '<p><strong>a</strong> <u>b</u></p><p>c</p>',
    )
  })

  test('keeps footnotes as numbers and a list, and task boxes as text', () => {
    expect(toHtml(fromMarkdown('a[^n] b\n\n- [x] done\n\n[^n]: note'))).toBe(
      '<p>a<sup>1</sup> b</p><ul><li>[x] done</li></ul><hr><ol><li>note</li></ol>',
    )
  })

  test('keeps a note that no number leads to, where it was written, and a second one of the same name', () => {
    expect(toHtml(fromMarkdown('a\n\n[^n]: note [^m]\n\n[^m]: more\n\n> [^o]: cited'))).toBe(
      '<p>a</p><p>note <sup>1</sup></p><blockquote><p>cited</p></blockquote><hr><ol><li>more</li></ol>',
    )
    expect(toHtml(fromMarkdown('a[^n]\n\n[^n]: note\n\n[^N]: second'))).toBe(
      '<p>a<sup>1</sup></p><p>second</p><hr><ol><li>note</li></ol>',
    )
    expect(toHtml(fromMarkdown('a\n\n[^n]: round [^m]\n\n[^m]: and round [^n]'))).toMatch(/round .*and round /)
  })

  test('keeps the cells of a row that is longer than the header, and makes no column of empty ones', () => {
    expect(toHtml(fromMarkdown('| A |\n| - |\n| 1 | two | *three* |\n| 4 |\n'))).toBe(
      '<table><thead><tr><th>A</th><th></th><th></th></tr></thead><tbody>' +
        '<tr><td>1</td><td>two</td><td><em>three</em></td></tr><tr><td>4</td><td></td><td></td></tr></tbody></table>',
    )
    expect(toHtml(fromMarkdown('| A |\n| - |\n| 1 | | |\n'))).toBe(
      '<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>',
    )
  })

  test('keeps what a picture shows as text where its address is not one that a body may hold', () => {
    expect(toHtml(fromMarkdown('At ![The mayor](javascript:x) work'))).toBe('<p>At The mayor work</p>')
    expect(toHtml(fromMarkdown(`![The mayor][m]\n\n[m]: /${'x'.repeat(3_000)}`))).toBe('<p>The mayor</p>')
    expect(toHtml(fromMarkdown('![The mayor](rel.png)'))).toBe('<figure><img src="rel.png" alt="The mayor"></figure>')
  })

  test('keeps underline, sub, sup and lines in cells as inline HTML', () => {
    expect(toMarkdown(fromHtml('<p><u>a</u><sub>b</sub><sup>c</sup></p>'))).toBe('<u>a</u><sub>b</sub><sup>c</sup>\n')
    expect(toMarkdown(fromHtml('<table><tr><th>a<br>b</table>'))).toBe('| a<br>b |\n| ------ |\n')
  })

  test('writes captions, credits and embeds as paragraphs', () => {
    expect(
      toMarkdown([
        { _type: 'image', url: '/i.jpg', alt: 'Mayor', caption: 'At work', credit: 'AP' },
        { _type: 'embed', url: 'https://v.example/1', title: 'Debate' },
        { _type: 'embed', url: 'https://v.example/2' },
      ]),
    ).toBe('![Mayor](/i.jpg)\n\nAt work AP\n\n[Debate](https://v.example/1)\n\n<https://v.example/2>\n')
  })

  test('writes emphasis that ends in a space so that it is still emphasis', () => {
    expect(toMarkdown(fromHtml('<p><strong>By </strong>Ann, <em>Paris</em>ian</p>'))).toBe('**By** Ann, *Paris*ian\n')
  })
})

test('what is written the quick way is what is written with every sign looked for', () => {
  fc.assert(
    fc.property(body, (blocks) => {
      expect(toMarkdown(blocks)).toBe(toMarkdown(blocks, 'careful'))
    }),
    runs(300),
  )
})
