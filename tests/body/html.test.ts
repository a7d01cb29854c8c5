import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromHtml } from '../../src/body/from-html.ts'
import { type Block, Body } from '../../src/body/schema.ts'
import { toHtml } from '../../src/body/to-html.ts'
import { runs } from '../support/rounds.ts'
import { anyCharacter } from '../support/texts.ts'
import { body, html } from './arbitraries.ts'
import { plain } from './plain.ts'

/** What the blocks say, without the keys and defaults that normalising adds. */
const gist = (source: string) =>
  fromHtml(source).map((block) => {
    if (block._type !== 'block') return block
    const text = block.children.map((span) => [span.text, ...(span.marks ?? [])].join('|')).join(' + ')
    return `${block.style}${block.listItem ? ` ${block.listItem} ${block.level}` : ''}: ${text}`
  })

describe('a story pasted as HTML', () => {
  test('keeps every word, whatever elements it is made of', () => {
    fc.assert(
      fc.property(html, (source) => {
        expect(plain(toHtml(fromHtml(source)))).toBe(plain(source))
      }),
      runs(700),
    )
  })

  test('becomes a body that the schema takes', () => {
    fc.assert(
      fc.property(fc.oneof(html, fc.string({ unit: anyCharacter })), (source) => {
        expect(Body.safeParse(fromHtml(source)).error).toBeUndefined()
      }),
      runs(300),
    )
  })

  test('looks the same after another trip through blocks', () => {
    fc.assert(
      fc.property(body, (blocks) => {
        const once = toHtml(Body.parse(blocks))
        expect(toHtml(fromHtml(once))).toBe(once)
      }),
      runs(300),
    )
  })

  test('keeps its headings, the headline becoming a section heading', () => {
    expect(gist('<h1>A</h1><h2>B</h2><h6>C</h6>')).toEqual(['h2: A', 'h2: B', 'h6: C'])
  })

  test('keeps text that stands next to elements', () => {
    expect(gist('<div>one<p>two</p>three<section>four</section></div>')).toEqual(
      ['one', 'two', 'three', 'four'].map((text) => `normal: ${text}`),
    )
  })

  test('keeps marks and links apart', () => {
    expect(gist('a <b>b <i>c</i></b><a href="/x">d<u>e</u></a>')).toEqual([
      'normal: a  + b |strong + c|strong|em + d|l1 + e|underline|l1',
    ])
    expect(fromHtml('<a href=" /x\ny ">d</a>')[0]).toMatchObject({ markDefs: [{ _key: 'l1', href: '/xy' }] })
  })

  test('keeps nested lists with their levels, and lines within an item', () => {
    expect(gist('<ul><li><p>a</p><p>b</p><ol><li>c</li></ol></li><li>d<br>e</li></ul>')).toEqual([
      'normal bullet 1: a\nb',
      'normal number 2: c',
      'normal bullet 1: d\ne',
    ])
  })

  test('never makes two list items of one', () => {
    expect(gist('<ol><li>a<pre>x</pre>b</li></ol>')).toMatchObject(['normal number 1: a', { code: 'x' }, 'normal: b'])
  })

  test('keeps quotations, with the lists inside', () => {
    expect(gist('<blockquote><p>a</p><ul><li>b</li></ul></blockquote>')).toEqual([
      'blockquote: a',
      'blockquote bullet 1: b',
    ])
  })

  test('makes a figure one image with its caption and credit', () => {
    const image = { _type: 'image', _key: 'b1', url: '/i.jpg', alt: 'The mayor' }
    const picture = '<img src="/i.jpg" alt="The mayor">'
    expect(
      fromHtml(`<figure>${picture}<figcaption>At <b>work</b> <cite data-credit>AP</cite></figcaption></figure>`),
    ).toEqual([{ ...image, caption: 'At work', credit: 'AP' }])
    expect(fromHtml(`<p>${picture}</p>`)).toEqual([image])
  })

  test('keeps a caption that is too long for one as a paragraph', () => {
    const long = 'x'.repeat(2_001)
    expect(
      gist(`<figure><img src="/i" alt=""><figcaption>${long}<cite data-credit>AP</cite></figcaption></figure>`),
    ).toEqual([expect.objectContaining({ _type: 'image', url: '/i' }), `normal: ${long}AP`])
  })

  test('keeps what a picture shows as text where the picture cannot be kept', () => {
    expect(gist('<p>At <img src="javascript:x" alt="The mayor"> work</p>')).toEqual(['normal: At The mayor work'])
    expect(gist('<a href="/m"><img alt="The mayor"></a>')).toEqual(['normal: The mayor|l1'])
    expect(gist('<figure><img src="" alt="The mayor"><figcaption>At work</figcaption></figure>')).toEqual([
      'normal: The mayor',
      'normal: At work',
    ])
    expect(fromHtml('<pre>a <img alt="The mayor"></pre>')).toMatchObject([{ code: 'a The mayor' }])
    expect(fromHtml('<table><tr><td><img alt="The mayor"></table>')).toMatchObject([
      { rows: [{ cells: [{ children: [{ text: 'The mayor' }] }] }] },
    ])
  })

  test('keeps what a picture shows as a paragraph where it is too long for the picture', () => {
    const long = `${'x'.repeat(2_000)} end`
    const image = { _type: 'image', _key: 'b1', url: '/i', alt: '' }
    expect(gist(`<img src="/i" alt="${long}">`)).toEqual([image, `normal: ${long}`])
    expect(gist(`<figure><img src="/i" alt="${long}"><figcaption>At work</figcaption></figure>`)).toEqual([
      image,
      `normal: ${long}`,
      'normal: At work',
    ])
    expect(gist(`<pre>a<img src="/i" alt="${long}"></pre>`)).toMatchObject([
      { code: 'a' },
      { ...image, _key: 'b2' },
      `normal: ${long}`,
    ])
  })

  test('drops what no browser shows', () => {
    expect(
      gist(
        '<title>a</title><template>b</template><noframes>c</noframes><iframe>d</iframe><script>e</script><p>Boats run.',
      ),
    ).toEqual(['normal: Boats run.'])
  })

  test('takes players and maps as embeds, only from http addresses', () => {
    expect(
      fromHtml('<iframe src="//video.example/1" title="Debate"></iframe><iframe src="javascript:x"></iframe>'),
    ).toEqual([{ _type: 'embed', _key: 'b1', url: 'https://video.example/1', title: 'Debate' }])
    expect(fromHtml('<video><source src="https://a.example/v.mp4">no video</video>')).toMatchObject([
      { url: 'https://a.example/v.mp4' },
    ])
  })

  test('keeps tables with header cells and caption, and pictures found in cells', () => {
    const [table, image] = fromHtml(
      '<table><caption>Seats</caption><tr><th>A<td><p>1</p><p>2</p><img src="/i.png" alt=""></table>',
    )
    expect(table).toMatchObject({
      _type: 'table',
      caption: 'Seats',
      rows: [{ cells: [{ header: true, children: [{ text: 'A' }] }, { children: [{ text: '1\n2' }] }] }],
    })
    expect(image).toMatchObject({ _type: 'image', url: '/i.png' })
  })

  test('keeps code to the character', () => {
    expect(fromHtml('<pre><code class="language-ts">a  &lt;b&gt;\n\n  c\n</code></pre>')).toMatchObject([
      { _type: 'code', code: 'a  <b>\n\n  c', language: 'ts' },
    ])
  })

  test('folds white space as a browser does, and keeps spaces that do not break', () => {
    expect(gist(' a \n b<b> c </b> d&nbsp;&nbsp;e <br> f ')).toEqual(['normal: a b +  c |strong + d\u00a0\u00a0e\nf'])
  })

  test('has an address for each part, the same each time', () => {
    const story = fromHtml('<p>a <b>b</b></p><table><tr><td>c</table>')
    expect(story).toEqual(fromHtml('<p>a <b>b</b></p><table><tr><td>c</table>'))
    expect(story).toMatchObject([
      { _key: 'b1', children: [{ _key: 's1' }, { _key: 's2' }] },
      { _key: 'b2', rows: [{ _key: 'r1', cells: [{ _key: 'c1', children: [{ _key: 's1' }] }] }] },
    ])
  })

  test('cuts a text that is too long for one span without losing any of it', () => {
    const long = `${'x'.repeat(19_999)}😀${'y'.repeat(30_000)}`
    const [block] = Body.parse(fromHtml(`<p>${long}</p>`))
    const texts = block?._type === 'block' ? block.children.map((span) => span.text) : []
    expect(texts.join('')).toBe(long)
    expect(texts.map((text) => text.length)).toEqual([19_999, 20_000, 10_002])
  })
})

describe('a story served as HTML', () => {
  test('groups list items into nested lists and quotations into one', () => {
    const item = (text: string, level: number, listItem: 'bullet' | 'number' = 'bullet'): Block => ({
      _type: 'block',
      listItem,
      level,
      children: [{ _type: 'span', text }],
    })
    expect(toHtml([item('a', 1), item('b', 2, 'number'), item('c', 1), item('d', 3)])).toBe(
      '<ul><li>a<ol><li>b</li></ol></li><li>c<ul><li><ul><li>d</li></ul></li></ul></li></ul>',
    )
    expect(toHtml([item('a', 1), item('b', 1, 'number')])).toBe('<ul><li>a</li></ul><ol><li>b</li></ol>')
    const quote = (text: string): Block => ({
      _type: 'block',
      style: 'blockquote',
      children: [{ _type: 'span', text }],
    })
    expect(toHtml([quote('a'), quote('b')])).toBe('<blockquote><p>a</p><p>b</p></blockquote>')
  })

  test('shows an embed as a link and nothing of the provider', () => {
    expect(toHtml([{ _type: 'embed', url: 'https://v.example/?a=1&b=2', title: '<b>Debate</b>' }])).toBe(
      '<figure data-embed="https://v.example/?a=1&#x26;b=2"><a href="https://v.example/?a=1&#x26;b=2">&#x3C;b>Debate&#x3C;/b></a></figure>',
    )
  })

  test('shows pictures, tables, code and line breaks', () => {
    const span = (text: string, ...marks: string[]) => ({ _type: 'span', text, marks }) as const
    expect(
      toHtml([
        { _type: 'image', url: '/i.jpg', alt: 'A "b"', caption: 'C', credit: 'D' },
        {
          _type: 'block',
          children: [span('a\n'), span('b', 'code', 'strong'), span('c', 'strong', 'k')],
          markDefs: [{ _type: 'link', _key: 'k', href: '/x' }],
        },
        { _type: 'table', rows: [{ _type: 'row', cells: [{ _type: 'cell', header: true, children: [span('h')] }] }] },
        { _type: 'code', code: 'a < b', language: 'ts' },
        { _type: 'divider' },
      ]),
    ).toBe(
      '<figure><img src="/i.jpg" alt="A &#x22;b&#x22;"><figcaption>C <cite data-credit="">D</cite></figcaption></figure>' +
        '<p>a<br><strong><code>b</code></strong><a href="/x"><strong>c</strong></a></p>' +
        '<table><thead><tr><th>h</th></tr></thead></table>' +
        '<pre><code class="language-ts">a &#x3C; b</code></pre><hr>',
    )
  })
})
