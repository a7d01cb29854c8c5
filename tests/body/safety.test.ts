import fc from 'fast-check'
import type { Nodes } from 'hast'
import { fromHtml as parseDocument } from 'hast-util-from-html'
import { describe, expect, test } from 'vitest'
import { fromHtml } from '../../src/body/from-html.ts'
import { fromMarkdown } from '../../src/body/from-markdown.ts'
import { fromText } from '../../src/body/from-text.ts'
import { type Block, Body, BodyTooDeep } from '../../src/body/schema.ts'
import { toHtml } from '../../src/body/to-html.ts'
import { toMarkdown } from '../../src/body/to-markdown.ts'
import { runs } from '../support/rounds.ts'
import { body, html } from './arbitraries.ts'

const ELEMENTS = new Set(
  `p h2 h3 h4 h5 h6 blockquote ul ol li pre code hr figure img figcaption cite a br strong em u s sub sup table caption thead
  tbody tr th td`.split(/\s+/),
)
const ATTRIBUTES = new Set(['href', 'title', 'src', 'alt', 'className', 'dataEmbed', 'dataCredit'])
const ADDRESSES = new Set(['href', 'src', 'dataEmbed'])

/** What a browser would find in a rendition that has no place there: elements, attributes, and addresses that act. */
function harm(rendered: string): string[] {
  const found: string[] = []
  const visit = (node: Nodes) => {
    if (node.type === 'comment') found.push('comment')
    if (node.type === 'element') {
      if (!ELEMENTS.has(node.tagName)) found.push(`<${node.tagName}>`)
      for (const [name, value] of Object.entries(node.properties)) {
        if (!ATTRIBUTES.has(name)) found.push(`${node.tagName} ${name}`)
        if (
          ADDRESSES.has(name) &&
          !/^(?:https?|mailto|tel):$/.test(new URL(String(value), 'https://base.example').protocol)
        ) {
          found.push(`${name}=${value}`)
        }
      }
    }
    if ('children' in node) node.children.forEach(visit)
  }
  parseDocument(rendered, { fragment: true }).children.forEach(visit)
  return found
}

const vectors = [
  '<script>alert(1)</script>',
  '<SCRIPT SRC=https://evil.example/xss.js></SCRIPT>',
  '<scr<script>ipt>alert(1)</scr</script>ipt>',
  '<IMG SRC="javascript:alert(1);">',
  '<IMG SRC=JaVaScRiPt:alert(1)>',
  '<IMG SRC=`javascript:alert("x")`>',
  '<IMG """><SCRIPT>alert(1)</SCRIPT>"\\>',
  '<IMG SRC=x onerror=alert(1)>',
  '<IMG SRC=/ onerror="alert(String.fromCharCode(88))"></img>',
  '<img src=x onerror="&#0000106&#0000097vascript:alert(1)">',
  '<a href="&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)">x</a>',
  '<a href=&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)>x</a>',
  '<a href="jav\tascript:alert(1);">x</a>',
  '<a href="jav&#x09;ascript:alert(1);">x</a>',
  '<a href="jav&#x0A;ascript:alert(1);">x</a>',
  '<a href="java\0script:alert(1)">x</a>',
  '<a href=" &#14;  javascript:alert(1);">x</a>',
  '<a href="&Tab;java&NewLine;script&colon;alert(1)">x</a>',
  '<a href="java&amp;#115;cript:alert(1)">x</a>',
  '<a href="\u00a0javascript:alert(1)">x</a>',
  '<a href="\u200bjavascript:alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
  '<a href="javascript://https://example.org/%0Aalert(1)">x</a>',
  '<a href="https:javascript:alert(1)" onclick=alert(1) target=_blank>x</a>',
  '<a href="x" style="background:url(javascript:alert(1))">x</a>',
  '<BODY ONLOAD=alert(1)>x',
  '<svg onload=alert(1)><g/onload=alert(2)//<p>',
  '<svg><script>alert(1)</script><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
  '<svg><animate onbegin=alert(1) attributeName=x dur=1s><set attributeName=href to=javascript:alert(1)>',
  '<svg><style><img src=x onerror=alert(1)></style></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<math href="javascript:alert(1)">x</math><math><maction actiontype="statusline#" xlink:href="javascript:alert(1)">x',
  '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
  '<template><img src=x onerror=alert(1)></template><template shadowrootmode=open><script>alert(1)</script></template>',
  '<img srcset="javascript:alert(1) 1x, https://evil.example/x 2x" src="https://ok.example/i.png">',
  '<picture><source srcset="x" onerror=alert(1)><img src=x onerror=alert(1)></picture>',
  '<p style="expression(alert(1))" id="document" name="cookie">x</p>',
  '<style>@import "javascript:alert(1)";</style><link rel=stylesheet href=javascript:alert(1)>',
  '<iframe src="javascript:alert(1)"></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<iframe src="https://v.example/&quot;onload=alert(1)" onload=alert(1)></iframe>',
  '<object data="javascript:alert(1)"><embed src="javascript:alert(1)"></object>',
  '<video src=x onerror=alert(1)><source onerror=alert(1) src="javascript:alert(1)"></video>',
  '<audio src="data:audio/x,1" onplay=alert(1)>x</audio>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)"><base href="javascript:alert(1)//">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<textarea></textarea><script>alert(1)</script>',
  '<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>',
  '<!--<img src="--><img src=x onerror=alert(1)//">',
  '<![CDATA[<script>alert(1)</script>]]><?php echo "<script>alert(1)</script>" ?>',
  '<figure data-embed="javascript:alert(1)"><a href="javascript:alert(1)">x</a></figure>',
  '<figure data-embed="https://v.example/"><a href="javascript:alert(1)">&lt;script&gt;alert(1)&lt;/script&gt;</a></figure>',
  '<pre class="language-x&quot; onload=alert(1)"><code class=\'lang-"><script>\'>&lt;script&gt;</code></pre>',
  '<details open ontoggle=alert(1)><summary>x</summary></details><marquee onstart=alert(1)>x</marquee>',
  '<input autofocus onfocus=alert(1)><button formaction="javascript:alert(1)">x</button>',
  '<a href="https://a.example/\\" onmouseover=alert(1) x="">x</a>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<img src="https://a.example/i.png" alt="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">',
]

const markdownVectors = [
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt&#58;alert(1))',
  '[x](<java\tscript:alert(1)>)',
  '[x]: javascript:alert(1)\n\n[x]',
  '<javascript:alert(1)>',
  '![x](javascript:alert(1))',
  '![x](https://a.example/"onerror="alert(1))',
  '[x](https://a.example "\\"onmouseover=alert(1)")',
  '[<script>alert(1)</script>](https://a.example)',
  '`<script>alert(1)</script>`',
  '```"><script>alert(1)</script>\n</code><script>alert(1)</script>\n```',
  '[^1]\n\n[^1]: <img src=x onerror=alert(1)>',
]

describe('nothing harmful comes through', () => {
  test.each(vectors)('of the HTML %j', (vector) => {
    const blocks = fromHtml(`<p>before</p>${vector}`)
    expect(Body.safeParse(blocks).error).toBeUndefined()
    expect(harm(toHtml(blocks))).toEqual([])
    expect(harm(toHtml(fromMarkdown(toMarkdown(blocks))))).toEqual([])
    expect(JSON.stringify(blocks).replaceAll(/"(?:text|alt|title|code)":"(?:[^"\\]|\\.)*"/g, '')).not.toMatch(
      /script:/i,
    )
  })

  test.each([...markdownVectors, ...vectors])('of the Markdown %j', (vector) => {
    const blocks = fromMarkdown(vector)
    expect(Body.safeParse(blocks).error).toBeUndefined()
    expect(harm(toHtml(blocks))).toEqual([])
  })

  test('of text that only looks like HTML', () => {
    for (const vector of vectors) expect(harm(toHtml(fromText(vector)))).toEqual([])
  })

  test.each([fromHtml, fromMarkdown, fromText])('of characters that no database takes: %o', (convert) => {
    const blocks = convert('a\ud83d b\0c')
    expect(Body.safeParse(blocks).error).toBeUndefined()
    expect(JSON.stringify(blocks)).toContain('a\ufffd b')
  })

  test('of any page or body', () => {
    const anyBody = fc.oneof(html.map(fromHtml), body)
    fc.assert(
      fc.property(anyBody, (blocks) => {
        expect(harm(toHtml(blocks))).toEqual([])
      }),
      runs(500),
    )
  })
})

describe('a text built to keep the program busy', () => {
  const tooDeep: [string, () => Block[]][] = [
    ['100,000 nested elements', () => fromHtml('<div>'.repeat(100_000))],
    ['100,000 nested marks', () => fromHtml('<b>'.repeat(100_000))],
    [
      'more and more open marks in every paragraph',
      () => fromHtml(Array.from({ length: 8_000 }, (_, i) => `<p><b id=${i}>`).join('')),
    ],
    [
      'marks that every paragraph repeats',
      () => fromHtml(`<p>${'<b><i><u><s><tt><em>'.repeat(3)}${'<p>x'.repeat(60_000)}`),
    ],
    ['50,000 quotation signs', () => fromMarkdown('>'.repeat(50_000))],
    ['50,000 list signs on one line', () => fromMarkdown('1) '.repeat(50_000))],
    ['100,000 brackets', () => fromMarkdown('['.repeat(100_000))],
    ['100,000 asterisks around a letter', () => fromMarkdown(`${'*'.repeat(50_000)}a${'*'.repeat(50_000)}`)],
    ['emphasis that never closes', () => fromMarkdown('*a_'.repeat(50_000))],
    ['comments that never end', () => fromMarkdown('x<!--a'.repeat(50_000))],
    ['code that never ends', () => fromMarkdown(Array.from({ length: 1_000 }, (_, i) => '`'.repeat(i + 1)).join(' '))],
    [
      'a list inside a list, 500 times',
      () => fromMarkdown(Array.from({ length: 500 }, (_, i) => `${' '.repeat(2 * i)}- x`).join('\n')),
    ],
    [
      'a table that is wide in its first row and long',
      () => fromMarkdown(`${'|a'.repeat(3000)}\n${'|-'.repeat(3000)}\n${'|\n'.repeat(3000)}`),
    ],
    [
      'a table that is wide in its last row and long',
      () => fromMarkdown(`|a\n|-\n${'|\n'.repeat(3000)}${'|a'.repeat(3000)}`),
    ],
    ['too many lines', () => fromMarkdown('- x\n'.repeat(250_000))],
  ]
  test.each(tooDeep)('is refused in time: %s', (_name, convert) => {
    const start = performance.now()
    expect(convert).toThrow(BodyTooDeep)
    expect(performance.now() - start).toBeLessThan(20_000)
  })

  const harmless: [string, () => Block[]][] = [
    ['300 nested elements', () => fromHtml(`${'<div>'.repeat(300)}x`)],
    ['100,000 links that never close', () => fromHtml('<a>'.repeat(100_000))],
    ['figures in figures', () => fromHtml(`${'<figure>'.repeat(300)}${'<img src=a>'.repeat(10_000)}`)],
    ['one long link used many times', () => fromMarkdown(`[a]: /${'x'.repeat(100_000)}\n\n${'[a]\n\n'.repeat(2_000)}`)],
    ['90 quotations inside each other', () => fromMarkdown(`${'>'.repeat(90)} x`)],
    ['a million letters', () => fromMarkdown('x'.repeat(1_000_000))],
  ]
  test.each(harmless)('is read in time: %s', (_name, convert) => {
    const start = performance.now()
    convert()
    expect(performance.now() - start).toBeLessThan(20_000)
  })
})
