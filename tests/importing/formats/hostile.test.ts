import { expect, it } from 'vitest'
import { makeReady } from '../../../src/importing/ready.ts'
import { readAll } from './reading.ts'

// Input that would take a careless pattern hours. What is to be seen is that each ends.

const MANY = 300_000
const wxr = (text: string) =>
  `<rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>T</title><wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type><content:encoded><![CDATA[${text}]]></content:encoded></item></channel></rss>`
const post = (text: string) => `---\ntitle: T\n---\n${text}`
const own = (text: string) => `---\ntitle: "T"\ndateline_id: "019b0f5e-7a1c-7c3e-9d2a-5b1f0c8e4a77"\n---\n${text}`
const cases: [string, string, string][] = [
  ...[
    '[a ',
    '[a',
    '[caption]',
    '[caption',
    '[embed ',
    '<!-- wp:',
    '<pre',
    '<pre>',
    '<div ',
    '[gallery ids="1"]',
    '[video src="https://a.example"]',
    '[embed]https://a.example',
    '[x a=b',
    '[x a = b]',
    '[[x]]',
    '[caption caption="a"]',
    ' ',
    '\n ',
    '[[',
    '<p',
  ].map(
    (part) => [`WordPress: ${part}`, 'a.xml', wxr(`x${part.repeat(MANY / part.length)}`)] as [string, string, string],
  ),
  ...[
    ...[
      '{{< ',
      '{{<',
      '{% ',
      '`',
      '``` ',
      '---\n',
      '{{% a',
      ' ',
      '{{/* ',
      '{{< highlight go >}}',
      '{% raw %}',
      '{% comment %}',
    ],
    ...[
      '{% highlight a %}\n',
      '<!-- ',
      ' <!---->',
      '{: .a',
      '{#a',
      '{a=b ',
      '{::comment}',
      '{{ ',
      '](',
      '](a.md',
      '](a#.md ',
    ],
    ...['{{< a="', '{{<a >}}', '{{</a>}}', '`a``b', '~~~ ', '> ', '{{<\n', '*/'],
  ].map((part) => [`Markdown: ${part}`, 'a.md', post(part.repeat(MANY / part.length))] as [string, string, string]),
  // As Dateline would have written it itself.
  ...[
    '{{< figure src="',
    '{{< ',
    '`{{< `',
    '`',
    '```\n{{<\n',
    '\\',
    '{{< figure src="a" caption="b" >}}\n',
    '[a](https://a.example "Embed")\n\n',
  ].map((part) => [`own Markdown: ${part}`, 'a.md', own(part.repeat(MANY / part.length))] as [string, string, string]),
  ...['<a>', '<a/>', '<!--x-->', '&amp;', 'x'].map(
    (part) =>
      [`feed: ${part}`, 'a.xml', `<rss><channel><item><title>T</title>${part.repeat(MANY / part.length)}`] as [
        string,
        string,
        string,
      ],
  ),
  ['nested bases', 'a.xml', `<rss>${'<a xml:base="b/">'.repeat(10_000)}`],
  ['blank lines before a head', 'a.md', '\n'.repeat(MANY)],
  ...['<script></script>', '<nav></nav>', '<meta name="a" content="b">', '<a', '<!--'].map(
    (part) =>
      [`HTML: ${part}`, 'a.html', `<article><h1>T</h1>${part.repeat(20_000 / part.length)}</article>`] as [
        string,
        string,
        string,
      ],
  ),
  ...['<!-- a -->', '<?a ?>', ' ', '<!DOCTYPE '].map(
    (part) => [`the beginning of XML: ${part}`, 'a.xml', part.repeat(60_000 / part.length)] as [string, string, string],
  ),
]

it.each(cases)('%s', async (_, name, text) => {
  for (const record of await readAll(name, text, {}, 'auto', 100_000)) {
    try {
      if (record.kind === 'article') makeReady(record)
    } catch (error) {
      expect((error as Error).message).toMatch(/\.$/)
    }
  }
})
