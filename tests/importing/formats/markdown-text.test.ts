import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromMarkdown } from '../../../src/body/from-markdown.ts'
import { toText } from '../../../src/body/to-text.ts'
import { partsOf } from '../../../src/importing/formats/markdown-parts.ts'
import { makeReady } from '../../../src/importing/ready.ts'
import { rounds } from '../../support/rounds.ts'
import { article } from './reading.ts'

// What only the program of a site understands becomes what its readers saw; what nobody was to see stays unseen.

const of = async (markdown: string, name = 'content/news/a.md') => {
  const record = await article(name, `---\ntitle: T\ndate: 2019-02-03\n---\n${markdown}\n`)
  const { body, warnings, fields } = makeReady(record)
  return { body, warnings, text: toText(body), notes: fields.notes ?? '', links: linksIn(body) }
}
const linksIn = (body: unknown): string[] =>
  [...JSON.stringify(body).matchAll(/"href":"([^"]*)"/g)].map(([, to]) => to ?? '')

describe('code between two shortcodes keeps its lines', () => {
  const lines = 'func main() {\n\n\tfmt.Println("a < b") // {{ x }}\n  if *p { `x` }\n}'
  const cases: [string, string, string | undefined][] = [
    ['Hugo', `{{< highlight go "linenos=table" >}}\n${lines}\n{{< /highlight >}}`, 'go'],
    ['Hugo with Markdown', `{{% highlight go %}}\n${lines}\n{{% /highlight %}}`, 'go'],
    ['a site of its own', `{{< code lang="go" >}}\n${lines}\n{{< /code >}}`, 'go'],
    ['no language', `{{< highlight >}}\n${lines}\n{{< / highlight >}}`, undefined],
    ['Jekyll', `{% highlight go linenos %}\n${lines}\n{% endhighlight %}`, 'go'],
    ['Jekyll with its spaces taken', `{%- highlight go -%}\n${lines}\n{%- endhighlight -%}`, 'go'],
    ['Octopress', `{% codeblock lang:go %}\n${lines}\n{% endcodeblock %}`, 'go'],
  ]
  it.each(cases)('%s', async (_, markdown, language) => {
    const { body } = await of(`Before.\n\n${markdown}\n\nAfter.`)
    expect(body).toMatchObject([
      { _type: 'block' },
      { _type: 'code', code: lines, ...(language && { language }) },
      { _type: 'block' },
    ])
  })

  it('also with fences of its own, within a list, and right behind a sentence', async () => {
    const fence = '```\ninner\n```\n````'
    const { body } = await of(`{{< highlight md >}}\n${fence}\n{{< /highlight >}}`)
    expect(body).toMatchObject([{ _type: 'code', code: fence }])
    const inList = await of('1. One:\n\n   {{< highlight sh >}}\n   a\n     b\n   {{< /highlight >}}\n\n2. Two')
    expect(inList.body).toMatchObject([
      { listItem: 'number' },
      { _type: 'code', code: 'a\n  b' },
      { listItem: 'number' },
    ])
    const open = await of('- ```\n  {{< a >}}\n\n{{< b text="said" >}}')
    expect(open.body).toMatchObject([{ _type: 'code', code: '{{< a >}}' }, { children: [{ text: 'said' }] }])
    const quoted = await of('> {{< highlight js >}}\n> a\n>   b\n>\n> c\n> {{< /highlight >}}')
    expect(quoted.body).toMatchObject([{ _type: 'code', code: 'a\n  b\n\nc' }])
    const behind = await of('So: {% highlight sh %}\na\n{% endhighlight %} And on.')
    expect(behind.body).toMatchObject([{ _type: 'block' }, { _type: 'code', code: 'a' }, { _type: 'block' }])
  })

  it('but words that a site marks in its text stay text', async () => {
    expect((await of('Use {{< highlight >}}a **good** name{{< /highlight >}}.')).text).toBe('Use a good name.')
  })

  it('property: whatever the lines say', async () => {
    const line = fc.stringMatching(/^[ \t]{0,4}[a-z{}<>`~*_#%"'\\[\]().!:-]{1,20}$/)
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 6 }), fc.boolean(), async (some, isHugo) => {
        const code = some.join('\n').trimEnd()
        const markdown = isHugo
          ? `{{< highlight go >}}\n${code}\n{{< /highlight >}}`
          : `{% highlight go %}\n${code}\n{% endhighlight %}`
        const { body } = await of(`Before.\n\n${markdown}\n\nAfter.`)
        expect(body).toMatchObject([{}, { _type: 'code', code, language: 'go' }, {}])
      }),
      { numRuns: 100 * rounds },
    )
  })
})

it('lines may end as Windows ends them', async () => {
  const lines = 'A `b`\n\n{% highlight sh %}\na\n\nb\n{% endhighlight %}\n\n> [!NOTE]\n> Mind.\n\n{{< a\n  text="c" >}}'
  const found = await of(lines.replaceAll('\n', '\r\n'))
  expect(found).toEqual(await of(lines))
  expect(found.text).toBe('A b\n\na\n\nb\n\nNote\n\nMind.\n\nc')
})

it('the words of a picture are not glued to the word before it, also where they are a link', async () => {
  const { text } = await of(
    '## Slow pages[{{< img src="a.png" alt="dial" >}}](https://x.example/a.png)\n\nEnd.{{< img src="b.png" alt="Map" >}}',
  )
  expect(text).toBe('Slow pages dial\n\nEnd. Map')
})

describe('a table that is written in HTML', () => {
  const rows = (...cells: string[]) =>
    cells
      .map(
        (cell) =>
          `  <tr>\n    <td width="9">\n      ${cell}\n    </td>\n    \n    <td>\n      1\n    </td>\n  </tr>\n  \n`,
      )
      .join('')

  it('is one table, whatever blank lines and blanks stand in it', async () => {
    const { body, text } = await of(`Before.\n\n<table>\n${rows('<b>Ferry</b>', 'Tram')}</table>\n\nAfter.`)
    expect(body.map(({ _type }) => _type)).toEqual(['block', 'table', 'block'])
    expect(text).toBe('Before.\n\nFerry\t1\nTram\t1\n\nAfter.')
  })

  it('leaves code as it is, be it shown with a table in it or after one', async () => {
    const code = `<table>\n\n    <tr>\n\n</table>`
    const fenced = await of(`\`\`\`html\n${code}\n\`\`\`\n\nx\n\n    indented`)
    expect(fenced.body).toMatchObject([
      { _type: 'code', code },
      { _type: 'block' },
      { _type: 'code', code: 'indented' },
    ])
    const after = await of(`<table><tr><td>x</td></tr></table>\n\n    indented`)
    expect(after.body).toMatchObject([{ _type: 'table' }, { _type: 'code', code: 'indented' }])
    const told = await of(`The sign <table> opens one.\n\n    indented`)
    expect(told.body.at(-1)).toMatchObject({ _type: 'code', code: 'indented' })
  })
})

it('what is raw stays text, in code too', async () => {
  expect((await of('A {% raw %}{{ page.title }} {% if x %}{% endraw %} b.')).text).toBe(
    'A {{ page.title }} {% if x %} b.',
  )
  const { body, warnings } = await of('```liquid\n{% raw %}\n{{ page.title }}\n{% endraw %}\n```')
  expect(body).toMatchObject([{ _type: 'code', code: '{{ page.title }}' }])
  expect(warnings).toEqual([expect.stringContaining('"raw"')])
  expect((await of('`{% raw %}` begins it.')).text).toBe('{% raw %} begins it.')
})

it('a shortcode that a page only shows, as one on writing pages does, is shown as it is written', async () => {
  const { text, warnings, notes } = await of(
    'Write {{</* youtube w7Ft_a_B "x" */>}} or {{%/* note */%}}.\n\n```\n{{</* figure src="a.png" */>}}\n```\n\nAnd `{{%/* x */%}}`.',
  )
  expect(text).toBe(
    'Write {{< youtube w7Ft_a_B "x" >}} or {{% note %}}.\n\n{{< figure src="a.png" >}}\n\nAnd {{% x %}}.',
  )
  expect({ warnings, notes }).toEqual({ warnings: [], notes: '' })
})

describe('a comment is not public, and is told and kept for the desk', () => {
  const comments = [
    '{% comment %}secret {% if x %}{{ y }}{% endif %}{% endcomment %}',
    '{%- comment -%}\nsecret\n\nsecret\n{%- endcomment -%}',
    '{% comment %}secret, and no end',
    '{{< comment >}}secret{{< /comment >}}',
    '{{% comment %}}\nsecret\n{{% /comment %}}',
    '{{< /* secret */ >}}',
    '{{/* secret\n\nsecret */}}',
    '{{- /* secret */ -}}',
    '<!-- secret -->',
    '<!--\nsecret\n\n{{< youtube secret >}}\n-->',
    '{::comment}\nsecret\n{:/comment}',
    '{::comment}secret{:/}',
  ]
  it.each(comments)('%s', async (comment) => {
    for (const markdown of [`Seen.\n\n${comment}`, `Seen. ${comment}`]) {
      const { text, warnings, notes } = await of(markdown)
      expect(text).toBe('Seen.')
      expect(warnings).toEqual(['A comment is left out of its text; it is in the notes.'])
      expect(notes).toContain('secret')
    }
  })

  it('and what stands around it stays', async () => {
    expect((await of('One <!-- secret\n\nsecret --> two.\n\n<!-- a --> *Three*')).text).toBe('One two.\n\nThree')
    const inCode = await of('```\n<!-- shown -->\n{{</* shown */>}}\n```\n\n`<!-- shown -->`\n\n    <!-- shown -->')
    expect(inCode.text.match(/shown/g)).toHaveLength(4)
    const inList = await of('- One\n\n    <!-- secret -->\n\n    Two')
    expect(inList).toMatchObject({ text: '- One\n  Two', notes: '<!-- secret -->' })
    const summary = await of('One.\n\n<!--more-->\n\nTwo.')
    expect(summary).toMatchObject({ text: 'One.\n\nTwo.', warnings: [] })
  })
})

describe('braces do not stand in the text', () => {
  const cases: [string, string, string][] = [
    ['a shortcode with a picture that has no address', 'A {{< img src="uid-1" >}} b.', 'A b.'],
    ['one with words for it', '{{< img src="uid-1" alt="A ferry" caption="By Kim" >}}', 'By Kim — A ferry'],
    ['one over several lines', '{{< card\n  title="A ferry"\n  id="x"\n>}}', 'A ferry'],
    ['words and who said them', '{{< quote-block text="We sail." cite="Jane Doe" >}}', 'We sail. — Jane Doe'],
    ['a shortcode that is called as an end is', 'Text {{< endless >}} more.', 'Text more.'],
    ['a name that begins as an end does', '{{< endorsement text="We sail." >}}', 'We sail.'],
    [
      'what plays elsewhere',
      '{{< gist kim 12 >}}\n\n{{< instagram a1 >}}',
      'https://gist.github.com/kim/12\n\nhttps://www.instagram.com/p/a1/',
    ],
    ['a player of Jekyll', '{% include video id="a1" provider="youtube" %}', 'https://www.youtube.com/watch?v=a1'],
    ['a file with a label', 'See {{< asset file="a.pdf" label="the plan (PDF)" >}}.', 'See the plan (PDF).'],
    ['attributes of a paragraph', '{: .note #one}\nText.', 'Text.'],
    ['attributes below a paragraph', 'Text.\n{: .note title="a b"}', 'Text.'],
    ['attributes of words', 'Some *words*{: .big} here.', 'Some words here.'],
    ['attributes of a link', 'A [link](https://a.example){.external} here.', 'A link here.'],
    ['the name of a heading', '## Why {#why}\n\nText.', 'Why\n\nText.'],
    ['the classes of a heading', '## Why {#why.a.b}\n\nText.', 'Why\n\nText.'],
    ['the name of a heading with a picture', '## Why {#why}<img src="https://a.example/1.jpg" alt="">', 'Why'],
    ['the place of a table of contents', '* TOC\n{:toc}\n\nText.', 'TOC\n\nText.'],
    ['what a program of the site does', '{% assign a = "b" %}{% include ad.html %}Text.', 'Text.'],
  ]
  it.each(cases)('%s', async (_, markdown, text) => {
    const found = await of(markdown)
    expect(found.text.replace('- TOC', 'TOC')).toBe(text)
    expect(found.warnings.length).toBeGreaterThan(0)
  })

  it('but words in braces do, and what is not known is kept as text and told', async () => {
    for (const markdown of ['A {note} b {a: 1}.', 'f({x}) {.net} is.', 'Set {1, 2}.', '{"a": 1}'])
      expect(await of(markdown), markdown).toMatchObject({ text: markdown, warnings: [] })
    const broken = await of('Text {{< odd and {% if.')
    expect(broken.text).toBe('Text {{< odd and {% if.')
    expect(broken.warnings).toEqual([expect.stringContaining('{{< odd')])
    const unknown = await of('{{< odd one two >}} and {{ page.title }}.')
    expect(unknown.text).toBe('{odd one two} and {{ page.title }}.')
    expect(unknown.warnings).toEqual([expect.stringContaining('"odd"'), expect.stringContaining('{{ page.title }}')])
  })

  it('what a shortcode says and is not shown is in the notes', async () => {
    const { notes, warnings } = await of('{{< img src="uid-1" alt="A ferry" class="big" >}}')
    expect(notes).toBe('{{< img src="uid-1" alt="A ferry" class="big" >}}')
    expect(warnings).toEqual([expect.stringContaining('in the notes')])
    const shown = await of('{{< figure src="/img/a.jpg" alt="A ferry" class="big" >}}')
    expect(shown).toMatchObject({ notes: '', body: [{ _type: 'image', url: '/img/a.jpg', alt: 'A ferry' }] })
    const bundled = await of('{{< figure src="a.jpg" alt="A ferry" >}}')
    expect(bundled.body).toMatchObject([{ _type: 'image', url: 'a.jpg', alt: 'A ferry' }])
    const pair = await of('{{< note >}}Mind **this**.{{< /note >}}')
    expect(pair).toMatchObject({ text: 'Mind this.', warnings: [expect.stringContaining('"note"')] })
  })
})

it('a comment that is longer than notes can be is told as left out', async () => {
  const { text, notes, warnings } = await of(`Seen. <!-- short -->\n\n<!--${'long '.repeat(5_000)}-->`)
  expect(text).toBe('Seen.')
  expect(notes).toBe('<!-- short -->')
  expect(warnings).toEqual([expect.stringContaining('2 comments'), expect.stringContaining('1 of 2 are left out')])
})

it('a link to a document leads where that document is found', async () => {
  const cases: [string, string][] = [
    ['[a]({{< ref "news/2018/ferry.md" >}})', '/news/2018/ferry'],
    ['[a]({{< relref "/news/2018/ferry.md#fares" >}})', '/news/2018/ferry#fares'],
    ['[a]({{% ref "ferry.md" %}})', '/ferry.md'],
    ['[a]({{< ref "../ferry.md" >}})', '/ferry'],
    ['[a]({{< ref "2018-01-02-ferry.md" >}} "Title")', '/2018-01-02-ferry'],
    ['<a href="{{< ref "news/ferry/index.md" >}}">a</a>', '/news/ferry'],
    ['[a]({% post_url 2018-01-02-ferry %})', '/2018-01-02-ferry'],
    ['[a]({{ site.baseurl }}{% link _posts/2018-01-02-ferry.md %})', '/_posts/2018-01-02-ferry'],
    ['[a]({{ site.url }}/ferry/)', '/ferry/'],
    ['[a]({{ "/ferry/" | relative_url }})', '/ferry/'],
    ['[a]({{< button "https://a.example/x" >}})', 'https://a.example/x'],
    ['[a](ferry.md)', '/news/ferry'],
    ['[a](../2018/ferry.md#fares)', '/2018/ferry#fares'],
    ['[a](https://a.example/ferry.md)', 'https://a.example/ferry.md'],
  ]
  for (const [markdown, to] of cases) expect((await of(markdown)).links, markdown).toEqual([to])
})

it('property: the parts of a document are the document, and one without braces is as it was', async () => {
  const piece = fc.constantFrom(
    ...[
      '{{<',
      '>}}',
      '{{%',
      '%}}',
      '{%',
      '%}',
      '{{',
      '}}',
      '{:',
      '}',
      '`',
      '```',
      '~~~',
      '\n',
      '\n\n',
      '    ',
      '<!--',
      '-->',
    ],
    ...['raw', 'endraw', '/highlight', 'highlight go', 'comment', 'a b', '/*', '*/', '{#a}', '\\', '# ', '> ', '- '],
  )
  const plain = fc.constantFrom(
    'a',
    'b *c*',
    '\n',
    '\n\n',
    '`',
    '```',
    '    ',
    '# ',
    '> ',
    '- ',
    '\\',
    '[a](b)',
    '| a |',
  )
  await fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('')
      expect([...partsOf(text)].map(({ source }) => source).join('')).toBe(text)
    }),
    { numRuns: 500 * rounds },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(plain, { maxLength: 20 }), async (pieces) => {
      const text = `x${pieces.join('')}`
      expect((await of(text)).text).toBe(toText(fromMarkdown(text)))
    }),
    { numRuns: 100 * rounds },
  )
})

it('property: every word of a document is in its text, its addresses or its notes', async () => {
  const mark = fc.constantFrom(
    ...[
      '{{< ',
      ' >}}',
      '{{% ',
      ' %}}',
      '{% ',
      ' %}',
      '{{ ',
      ' }}',
      '`',
      '```\n',
      '\n',
      '\n\n',
      '\n- ',
      '<!-- ',
      ' -->',
      ' ',
    ],
    ...['{% raw %}', '{% endraw %}', '{{< highlight go >}}', '{{< /highlight >}}', '{% comment %}', '{% endcomment %}'],
    ...[
      '{{/* ',
      ' */}}',
      '{{< img src="',
      '" alt="',
      '" >}}',
      '{{< ref "',
      '" >}}',
      '](',
      ')',
      '[',
      '> ',
      '{{< quote text="',
    ],
  )
  const word = fc.stringMatching(/^q[b-df-hj-np-tv-z]{6}$/)
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(word, mark), { maxLength: 25 }), async (pieces) => {
      const text = pieces.join('')
      const { body, notes, warnings } = await of(text)
      const found = JSON.stringify([body, notes, warnings])
      for (const [each] of text.matchAll(/q[b-df-hj-np-tv-z]{6}/g)) expect(found, text).toContain(each)
    }),
    { numRuns: 300 * rounds },
  )
})
