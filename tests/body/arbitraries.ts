import fc from 'fast-check'
import { DECORATORS } from '../../src/body/decorators.ts'
import type { Block, LinkMark, Span, TableCell, TextBlock } from '../../src/body/schema.ts'

const words = [
  'Council',
  'votes',
  'a',
  '12',
  'www.a.org',
  'https://a.org/x_y',
  'b@c.org',
  '一部',
  '東京',
  '😀',
  'naïve',
  'www.[x].org',
]
const signs = [
  ' ',
  ' ',
  '  ',
  '\n',
  '\t',
  '\u00a0',
  '*',
  '_',
  '**',
  '`',
  '[',
  ']',
  '(',
  ')',
  '<',
  '>',
  '&',
  '&amp;',
  '#',
  '- ',
  '1. ',
]
const more = [
  '+ ',
  '> ',
  '~~',
  '|',
  '\\',
  '!',
  '"',
  "'",
  ':',
  '.',
  '=',
  '-',
  '---',
  '```',
  '<b>',
  '</p>',
  '<!--',
  '“',
  '”',
  '&#x6a;',
  '\r',
]
const part = fc.constantFrom(...words, ...words, ...signs, ...more)

/** Text such as people and machines write, with the signs of HTML and Markdown. */
export const text: fc.Arbitrary<string> = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''))
const line = fc.array(fc.constantFrom(...words, ' ', '&', '<b>', '*'), { maxLength: 5 }).map((parts) => parts.join(''))

const href = fc.constantFrom(
  'https://example.org/a?b=c&d=e',
  'mailto:desk@example.org',
  'tel:+12025550100',
  '/local',
  '#part',
  'a(b)_c',
)
const webUrl = fc.constantFrom('https://video.example/1', 'http://maps.example/x?y=1&z=(2)')

const marked: fc.Arbitrary<{ children: Span[]; markDefs: LinkMark[] }> = fc
  .array(fc.record({ href, title: fc.option(line, { nil: undefined }) }), { maxLength: 2 })
  .map((links) => links.map((link, i): LinkMark => ({ _type: 'link', _key: `k${i}`, ...link })))
  .chain((markDefs) => {
    const marks = fc.uniqueArray(fc.constantFrom<string>(...DECORATORS, ...markDefs.map((def) => def._key)), {
      maxLength: 3,
    })
    const span = fc.record({ _type: fc.constant('span' as const), text, marks })
    return fc.record({ children: fc.array(span, { maxLength: 5 }), markDefs: fc.constant(markDefs) })
  })

/** Any text block, list items included. */
export const textBlock: fc.Arbitrary<TextBlock> = fc.oneof(
  fc
    .tuple(
      marked,
      fc.constantFrom('normal' as const, 'h2' as const, 'h4' as const, 'h6' as const, 'blockquote' as const),
    )
    .map(([rest, style]): TextBlock => ({ _type: 'block', style, ...rest })),
  fc
    .tuple(
      marked,
      fc.constantFrom('normal' as const, 'blockquote' as const),
      fc.constantFrom('bullet' as const, 'number' as const),
      fc.integer({ min: 1, max: 8 }),
    )
    .map(([rest, style, listItem, level]): TextBlock => ({ _type: 'block', style, listItem, level, ...rest })),
)

const cell: fc.Arbitrary<TableCell> = fc
  .tuple(marked, fc.boolean())
  .map(([rest, header]): TableCell => ({ _type: 'cell', ...(header ? { header } : {}), ...rest }))
const rows = fc.array(
  fc.array(cell, { minLength: 1, maxLength: 3 }).map((cells) => ({ _type: 'row' as const, cells })),
  { minLength: 1, maxLength: 3 },
)

const optional = fc.option(line, { nil: undefined })
const block: fc.Arbitrary<Block> = fc.oneof(
  { weight: 6, arbitrary: textBlock },
  fc.record({
    _type: fc.constant('image' as const),
    url: fc.constantFrom('https://example.org/i.jpg', '/i.jpg'),
    alt: line,
    caption: optional,
    credit: optional,
  }),
  fc.record({ _type: fc.constant('code' as const), code: text, language: fc.constantFrom(undefined, 'ts', 'c++') }),
  fc.constant({ _type: 'divider' as const }),
  fc.record({ _type: fc.constant('table' as const), rows, caption: optional }),
  fc.record({ _type: fc.constant('embed' as const), url: webUrl, title: optional }),
)

/** Any valid body. */
export const body: fc.Arbitrary<Block[]> = fc.array(block, { maxLength: 6 })

const tags = `p div section article span b em i u s sub sup code kbd a h1 h2 h3 h6 blockquote ul ol li dl dt dd table thead tbody
  tr td th caption figure figcaption pre details summary header custom-card unknown center font button label q cite svg math
  mi noscript form fieldset legend select option textarea address small mark time ruby rt menu object marquee xmp main`
const tag = fc.constantFrom(...tags.split(/\s+/))
const attributes = fc.constantFrom(
  '',
  '',
  ' class="x"',
  ' href="https://example.org/"',
  ' onclick="alert(1)"',
  ' style="x:y"',
  ' href="javascript:alert(1)"',
)
const htmlText = fc.constantFrom(
  'Council ',
  ' votes',
  'x',
  '\n',
  '  ',
  '&amp;',
  '&lt;b&gt;',
  '&nbsp;',
  '&#x4e00;',
  '東京',
  'a&b',
  '&copy',
  '<',
)
const atom = fc.constantFrom(
  ...[
    '<br>',
    '<hr>',
    '<!-- note -->',
    '<script>alert(1)</script>',
    '<style>p{}</style>',
    '<img src="https://e.org/i.jpg" alt="z">',
  ],
  ...[
    '<img src="data:x" alt="z">',
    '<img alt="no picture">',
    '<iframe src="https://e.org/v">old</iframe>',
    '<video src="https://e.org/v">old</video>',
  ],
  ...[
    '<template>x</template>',
    '<wbr>',
    '<input value="v">',
    '<title>t</title>',
    '<col>',
    '<source src="x">',
    '<![CDATA[x]]>',
  ],
)
const leaf = fc.oneof({ weight: 3, arbitrary: htmlText }, atom)

const { tree } = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium' },
    leaf,
    fc
      .tuple(tag, attributes, fc.array(tie('tree'), { maxLength: 5 }))
      .map(([t, a, c]) => `<${t}${a}>${c.join('')}</${t}>`),
  ),
}))
const soup = fc.oneof(
  leaf,
  tag.chain((t) => attributes.map((a) => `<${t}${a}>`)),
  tag.map((t) => `</${t}>`),
)

/** HTML as it comes: well-formed trees of known and unknown elements, and soups of tags that match nothing. */
export const html: fc.Arbitrary<string> = fc
  .oneof(fc.array(tree, { maxLength: 4 }), fc.array(soup, { maxLength: 25 }))
  .map((parts) => parts.join(''))
