import { describe, expect, it } from 'vitest'
import { toText } from '../../../src/body/to-text.ts'
import { formats } from '../../../src/importing/formats/all.ts'
import { makeReady } from '../../../src/importing/ready.ts'
import { importFormats } from '../../../src/importing/schema.ts'
import { article, nameOfFormat, readAll } from './reading.ts'

it('the API offers every format that there is, in the order in which they are tried', () => {
  expect(importFormats).toEqual(formats.map(({ name }) => name))
})

const post = `---
title: "Budget &amp; ferry"
slug: budget
date: 2019-03-18 13:00:00 -0500
lastmod: 2019-03-19
summary: In short.
deck: Above the text.
kicker: Council
authors: [jane-doe, "Kim Q."]
topics: [public-money, Ferries]
featured_image: { src: "https://news.example/a.jpg", alt: "A ferry" }
source: Harbour News
source_url: https://harbour.example/1
aliases: [/old/budget/, "https://former.example/2019/budget"]
weight: 3
mystery: { deep: [1, 2] }
---
The *budget* has a [part]({{< ref "news/2018/01/ferry.md" >}}) for ferries.

{{< youtube dQw4 >}}

\`{{< shown >}}\`
`

describe('a Markdown document', () => {
  it('becomes an article with its date, authors, topics and text', async () => {
    const found = await article('content/news/2019/budget.md', post)
    expect(found).toMatchObject({
      externalId: 'file:content/news/2019/budget.md',
      publication: {
        state: 'published',
        publishedAt: '2019-03-18T18:00:00.000Z',
        updatedAt: '2019-03-19T00:00:00.000Z',
      },
      formerAddresses: ['/old/budget/', 'https://former.example/2019/budget'],
      filePaths: ['/news/2019/budget', '/budget.md'],
      fields: {
        headline: 'Budget & ferry',
        slug: 'budget',
        standfirst: 'Above the text.',
        kicker: 'Council',
        authors: [{ slug: 'jane-doe', name: 'Jane Doe' }, { name: 'Kim Q.' }],
        tags: [{ slug: 'public-money', name: 'Public Money' }, { name: 'Ferries' }],
        section: { name: 'news' },
        image: { url: 'https://news.example/a.jpg', alt: 'A ferry' },
        source: { name: 'Harbour News', url: 'https://harbour.example/1' },
      },
    })
    expect(found.fields.notes).toMatch(/summary: In short\.[\s\S]*weight: 3[\s\S]*mystery:\n\s+deep:/)
    expect(found.warnings.join(' ')).toMatch(/mystery.*|"ref".*|"youtube"/)
    expect(found.derived).toEqual(['authors', 'tags', 'section'])
    const { body } = makeReady(found)
    expect(toText(body)).toBe(
      'The budget has a part for ferries.\n\nhttps://www.youtube.com/watch?v=dQw4\n\n{{< shown >}}',
    )
    expect(JSON.stringify(body)).toContain('/news/2018/01/ferry')
  })

  it('may have its head in TOML, its date in its name, or be a draft', async () => {
    const toml = await article(
      '2014-05-06-told.md',
      '+++\ntitle = "Told"\ntags = ["a b"]\ndate = 2014-05-06T07:08:09Z\n+++\nText.\n',
    )
    expect(toml).toMatchObject({ fields: { headline: 'Told', slug: 'told', tags: [{ name: 'a b' }] } })
    expect(toml.publication).toMatchObject({ publishedAt: '2014-05-06T07:08:09.000Z' })
    const dated = await article('_posts/2014-05-06-told.md', '---\ntitle: Told\n---\nText.')
    expect(dated.publication).toMatchObject({ state: 'published', publishedAt: '2014-05-06T00:00:00.000Z' })
    expect((await article('a.md', '---\ntitle: A\ndraft: true\ndate: 2014-05-06\n---\n')).publication).toEqual({
      state: 'draft',
    })
    expect((await article('README.md', '# A file\n\nThat is no post.\n')).publication).toEqual({ state: 'draft' })
  })

  it('is reported with the line of what is wrong in its head', async () => {
    const cases: [string, number | undefined][] = [
      ['---\ntitle: "open\n---\nText', 3],
      ['---\ntitle: a\ntitle: b\n---\nText', 3],
      ['+++\ntitle = \n+++\nText', 2],
      ['---\n- a\n- b\n---\nText', undefined],
    ]
    for (const [document, line] of cases) {
      const [record] = await readAll('bad.md', document)
      expect(record, document).toMatchObject({ kind: 'failed' })
      if (line !== undefined) expect(record?.line, document).toBe(line)
    }
    const bomb = `---\na: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
      .split('')
      .map((name, n) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[n]}`)}]`)
      .join('\n')}\ntitle: x\n---\n`
    expect((await readAll('bomb.md', bomb))[0]).toMatchObject({ kind: 'failed' })
  })

  it('is read in its encoding, or refused: never altered', async () => {
    const latin = Buffer.from('---\ntitle: Caf\xe9\n---\nText', 'latin1')
    expect((await readAll('a.md', latin))[0]).toMatchObject({
      kind: 'failed',
      line: 2,
      why: expect.stringContaining('UTF-8'),
    })
    expect((await article('a.md', latin, { encoding: 'windows-1252' })).fields.headline).toBe('Café')
    const wide = Buffer.from('\ufeff---\ntitle: Café\n---\nText', 'utf16le')
    expect((await article('a.md', wide)).fields.headline).toBe('Café')
    const nul = await article('a.md', '---\ntitle: A\n---\nText\u0000more')
    expect(() => makeReady(nul)).toThrow('NUL')
  })
})

describe('a page of HTML', () => {
  const page = `<!doctype html><html lang="en-GB"><head><meta charset="windows-1252"><title>Site | Ferry</title>
<meta name="description" content="In short."><meta property="og:image" content="https://news.example/f.jpg">
<meta property="article:tag" content="Ferries"><link rel="canonical" href="https://news.example/2020/ferry-sails">
<script type="application/ld+json">{"@graph":[{"@type":"NewsArticle","headline":"Ferry sails","datePublished":"2020-02-03T04:05:06Z","author":[{"name":"Jane Doe"}],"articleSection":"World"}]}</script>
</head><body><nav>Menu</nav><article><h1>Ferry sails</h1><p>It sails \xa3 <b>today</b>.</p><script>bad()</script></article><p>Beside it.</p><footer>Foot</footer></body></html>`

  it('becomes an article by what its head says and the text of <article>', async () => {
    const found = await article('ferry.html', Buffer.from(page, 'latin1'))
    expect(found).toMatchObject({
      fields: {
        headline: 'Ferry sails',
        slug: 'ferry-sails',
        standfirst: 'In short.',
        language: 'en-GB',
        section: { name: 'World' },
        image: { url: 'https://news.example/f.jpg' },
        tags: [{ name: 'Ferries' }],
        authors: [{ name: 'Jane Doe' }],
      },
      publication: { state: 'published', publishedAt: '2020-02-03T04:05:06.000Z' },
      formerAddresses: ['https://news.example/2020/ferry-sails'],
    })
    expect(found.warnings.join()).toContain('more around it')
    expect(toText(makeReady(found).body)).toBe('It sails £ today.')
  })

  it('is a draft where it says no date, and nothing of it is code', async () => {
    const found = await article(
      'a.html',
      '<p onclick="x()">One<script>two()</script> <a href="javascript:three()">four</a></p>',
    )
    expect(found.publication).toEqual({ state: 'draft' })
    const { body } = makeReady(found)
    expect(toText(body)).toBe('One four')
    expect(JSON.stringify(body)).not.toMatch(/script|onclick|two|three/)
  })
})

describe('plain text', () => {
  it('is an article with the headlines below it, or a rail where it has only those', async () => {
    const found = await article('a.txt', 'The ferry sails today. It is full.\n\n\nA first headline\nA second one\n')
    expect(found).toMatchObject({
      derived: ['headline'],
      links: [{ headline: 'A first headline' }, { headline: 'A second one' }],
    })
    expect((await readAll('Home Top.txt', 'A first headline\nA second one\n'))[0]).toMatchObject({
      kind: 'rail',
      title: 'Home Top',
    })
  })
})

it('each document is known by its looks', () => {
  const cases: [string, string, string | undefined][] = [
    ['a.md', '# About <rss version="2.0"> and {"db": [', 'markdown'],
    ['a.xml', '<?xml version="1.0"?><!-- c --><rss version="2.0"><channel/></rss>', 'feed'],
    ['a.xml', '<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel/></rss>', 'wxr'],
    ['a.xml', '<feed xmlns="http://www.w3.org/2005/Atom"/>', 'feed'],
    ['feed.json', '{"version": "https://jsonfeed.org/version/1.1", "items": []}', 'feed'],
    ['a.json', '{"db":[{"meta":{},"data":{}}]}', 'ghost'],
    ['a.json', '{"uri":"urn:1","pubStatus":"usable","headlines":[]}', 'ninjs'],
    ['a.htm', '<p>x', 'html'],
    ['a.txt', 'Text', 'text'],
    ['a.png', '\u0089PNG\u0000', undefined],
    ['a.json', '{"other": 1}', undefined],
  ]
  for (const [name, content, format] of cases) expect(nameOfFormat(name, content), name + content).toBe(format)
})

it('shortcodes become what they stand for, or words that can be read; in code they are left alone', async () => {
  const cases: [string, string][] = [
    ['{{< note variant="alert" >}}Mind **this**.{{< /note >}}', 'Mind this.'],
    ['See [it]({{< tmp "deadlink" >}}) and [that]({{% relref "a/b.md" %}}).', 'See it and that.'],
    ['{{< img src="uid-1" alt="A ferry" >}}', 'A ferry'],
    ['{{< odd one two >}}', '{odd one two}'],
    ['{% post_url 2014-05-06-told %}', '/2014-05-06-told'],
    ['```\n{{< note >}}\n```', '{{< note >}}'],
    ['{{< tweet user="a" id="1" >}}', 'https://twitter.com/a/status/1'],
  ]
  for (const [markdown, text] of cases) {
    const found = await article('a.md', `---\ntitle: T\n---\n${markdown}\n`)
    expect(toText(makeReady(found).body), markdown).toBe(text)
  }
})
