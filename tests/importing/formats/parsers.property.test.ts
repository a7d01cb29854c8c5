import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHtml } from '../../../src/body/from-html.ts'
import { fromMarkdown } from '../../../src/body/from-markdown.ts'
import { toText } from '../../../src/body/to-text.ts'
import { makeReady } from '../../../src/importing/ready.ts'
import { rounds } from '../../support/rounds.ts'
import { allNames, readAll } from './reading.ts'

// Whatever comes in: every parser ends, throws nothing, and what it takes it takes whole.

const bases: Record<string, string> = {
  wxr: '<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><item><title>T</title><wp:post_id>1</wp:post_id><wp:post_type>post</wp:post_type><content:encoded><![CDATA[<p>x</p>\n\n[gallery ids="1"]]]></content:encoded></item></channel></rss>',
  feed: '<rss version="2.0"><channel><item><title>T</title><guid>g</guid><description>d &amp; e</description></item></channel></rss>',
  ghost:
    '{"db":[{"meta":{},"data":{"posts":[{"id":"1","title":"T","lexical":"{\\"root\\":{\\"children\\":[{\\"type\\":\\"paragraph\\",\\"children\\":[{\\"type\\":\\"text\\",\\"text\\":\\"x\\"}]}]}}"}],"tags":[{"id":"1","name":"a"}]}}]}',
  ninjs:
    '[{"uri":"urn:1","pubStatus":"usable","headlines":[{"role":"main","value":"h"}],"bodies":[{"contentType":"text/html","value":"<p>x</p>"}]}]',
  markdown:
    '---\ntitle: T\ntags: [a, b]\ndate: 2020-01-01\n---\nText {{< ref "a.md" >}} and\n\n{{< note >}}\n*b*\n{{< /note >}}\n',
  html: '<!doctype html><html><head><title>T</title><meta property="og:title" content="T"></head><body><article><h1>T</h1><p>x</p></article></body></html>',
  text: 'One. Two.\n\nThree four\nFive six\n',
}

/** A document with parts cut out, doubled, moved and put in. */
const mutated = (base: string) =>
  fc
    .array(
      fc.record({
        at: fc.nat({ max: base.length }),
        length: fc.nat({ max: 20 }),
        put: fc.oneof(
          fc.constantFrom(
            '<',
            '>',
            '&',
            '"',
            ']]>',
            '<![CDATA[',
            '{',
            '}',
            '[',
            ']',
            '\n',
            '\\',
            '---',
            '{{<',
            '\u0000',
            '\ud800',
            'é',
          ),
          fc.string({ maxLength: 5 }),
        ),
      }),
      { maxLength: 6 },
    )
    .map((changes) =>
      changes.reduce((text, { at, length, put }) => text.slice(0, at) + put + text.slice(at + length), base),
    )

describe('every parser', () => {
  it.each(allNames)('%s ends with records or reasons, whatever it is given', async (name) => {
    const given = fc.oneof(mutated(bases[name] ?? ''), fc.string({ maxLength: 200 }))
    await fc.assert(
      fc.asyncProperty(given, fc.integer({ min: 1, max: 50 }), async (text, piece) => {
        const records = await readAll(`a.${name}`, text, {}, name, piece)
        // In however many pieces it comes, the same is read.
        expect(await readAll(`a.${name}`, text, {}, name, 100_000)).toEqual(records)
        for (const record of records) {
          if (record.kind === 'failed' || record.kind === 'skipped') expect(record.why).toMatch(/\.$/)
          if (record.kind !== 'article') continue
          try {
            makeReady(record)
          } catch (error) {
            expect((error as Error).message).toMatch(/\.$/)
          }
        }
      }),
      { numRuns: 60 * rounds },
    )
  })

  it('reads bytes that are no text as what they are: not at all', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...allNames), async (bytes, name) => {
        for (const record of await readAll('a', bytes, {}, name)) expect(JSON.stringify(record)).not.toContain('\ufffd')
      }),
      { numRuns: 100 * rounds },
    )
  })
})

const word = fc.stringMatching(/^[a-zäöß]{1,8}$/)
const inline = fc.oneof(
  word,
  word.map((w) => `<b>${w}</b>`),
  word.map((w) => `<a href="https://a.example/${w}">${w}</a>`),
  word.map((w) => `<em>${w}</em> &amp; <code>${w}</code>`),
)
const block = fc.oneof(
  fc.array(inline, { minLength: 1, maxLength: 6 }).map((all) => `<p>${all.join(' ')}</p>`),
  fc
    .array(inline, { minLength: 1, maxLength: 3 })
    .map((all) => `<ul>${all.map((each) => `<li>${each}</li>`).join('')}</ul>`),
  word.map((w) => `<h2>${w}</h2>`),
  word.map((w) => `<blockquote><p>${w}</p></blockquote>`),
  word.map((w) => `<table><tr><td>${w}</td><td>${w}</td></tr></table>`),
  word.map((w) => `<pre><code>${w}\n\n${w}</code></pre>`),
  word.map((w) => `<script>${w}()</script><p onclick="x()">${w}</p>`),
)
const html = fc.array(block, { minLength: 1, maxLength: 8 }).map((all) => all.join('\n'))
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

it('the text of a record is the text of its source, in every format that carries HTML', async () => {
  await fc.assert(
    fc.asyncProperty(html, async (body) => {
      const expected = toText(fromHtml(body))
      const sources: [string, string][] = [
        ['wxr', bases.wxr?.replace(/<!\[CDATA\[[\s\S]*?\]\]>/, `<![CDATA[<!-- wp:html -->${body}]]>`) ?? ''],
        ['wxr', bases.wxr?.replace(/<!\[CDATA\[[\s\S]*?\]\]>/, escaped(`<!-- wp:html -->${body}`)) ?? ''],
        [
          'feed',
          `<rss><channel><item><guid>1</guid><title>t</title><description>${escaped(body)}</description></item></channel></rss>`,
        ],
        ['ghost', JSON.stringify({ data: { posts: [{ id: '1', title: 't', html: body }] } })],
        ['ninjs', JSON.stringify({ uri: '1', headline: 't', body_html: body })],
        ['html', `<html><body><main>${body}</main></body></html>`],
      ]
      for (const [format, source] of sources) {
        const [record] = await readAll('a', source, {}, format)
        if (record?.kind !== 'article') throw new Error(JSON.stringify(record))
        expect(toText(makeReady(record).body), format).toBe(expected)
      }
    }),
    { numRuns: 60 * rounds },
  )
})

it('the text of a Markdown document is that of its Markdown, whatever its head says', async () => {
  const markdown = fc
    .array(
      fc.oneof(
        word,
        word.map((w) => `**${w}**`),
        word.map((w) => `- ${w}`),
        word.map((w) => `# ${w}`),
        fc.constant(''),
      ),
      { maxLength: 12 },
    )
    .map((lines) => lines.join('\n'))
  await fc.assert(
    fc.asyncProperty(
      markdown,
      fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean()), { maxKeys: 4 }),
      async (text, values) => {
        const head = Object.entries({ title: 'T', ...values }).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
        const [record] = await readAll('a.md', `---\n${head.join('\n')}\n---\n${text}`)
        if (record?.kind !== 'article') throw new Error(JSON.stringify(record))
        expect(toText(makeReady(record).body)).toBe(toText(fromMarkdown(text)))
      },
    ),
    { numRuns: 60 * rounds },
  )
})
