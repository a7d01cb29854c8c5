import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { contentOf, untouched } from '../../src/articles/rules.ts'
import { fromHtml } from '../../src/body/from-html.ts'
import { toHtml } from '../../src/body/to-html.ts'
import { toText } from '../../src/body/to-text.ts'
import { toNinjs } from '../../src/delivery/formats/ninjs.ts'
import type { Article } from '../../src/delivery/schema.ts'
import { markdownFile } from '../../src/exporting/markdown.ts'
import type { Document } from '../../src/exporting/schema.ts'
import { tarOf } from '../../src/exporting/tar.ts'
import { wxrWriter } from '../../src/exporting/wxr.ts'
import type { ImportRecord } from '../../src/importing/formats/format.ts'
import { ownBlocks, ownMarkdown } from '../../src/importing/formats/own-markdown.ts'
import { isSaid, ownIdOf } from '../../src/importing/own.ts'
import { makeReady } from '../../src/importing/ready.ts'
import { bylineOf } from '../../src/publishing/edition.ts'
import { slugFrom } from '../../src/shared/slug.ts'
import { readAll } from '../importing/formats/reading.ts'
import { runs } from '../support/rounds.ts'
import { AT, document } from './documents.ts'

// What was written and is read again is the same article.

const site = { name: 'The <Harbour> & ]]> News', url: 'https://h.example', language: 'en' }

function wxrOf(documents: Document[]): string {
  const wxr = wxrWriter(site)
  const items = documents.map((each) => wxr.item(each, AT, (slug) => `https://h.example/${slug}`))
  return (
    wxr.head +
    items.join('') +
    wxr.foot([
      { kind: 'section', slug: 'a', name: 'A & <A>', parent: 'b', description: 'All of <A>' },
      { kind: 'tag', slug: 't', name: 'T', parent: null, description: 'Of T' },
    ])
  )
}

const folded = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value, (_, each) => (typeof each === 'string' ? each.replaceAll(/\s+/gu, ' ').trim() : each)),
  )
const date = (at: string | null | undefined) => (at == null ? undefined : at)

function isSame(record: ImportRecord | undefined, from: Document): void {
  if (record?.kind !== 'article') throw new Error(JSON.stringify(record))
  const ready = makeReady(record)
  const { body, slug, externalId, provenance: _, ...fields } = from.content
  expect(folded(contentOf(ready.fields, 'xx'))).toEqual(folded(fields))
  expect(ready.slug).toBe(slug)
  expect(folded(ready.externalId)).toBe(folded(externalId ?? `dateline:${from.article.id}`))
  expect(ownIdOf(ready)).toBe(from.article.id)
  expect(isSaid(ready, from.content)).toBe(true)
  expect(ready.warnings).toEqual([])
  expect(ready.formerPaths).toEqual(expect.arrayContaining(['/2014/05/old', '?p=12']))
  const { publication } = ready
  const { article } = from
  // Only what readers have, had until its end, or will have, is anything but a draft.
  if (from.publishedAt !== null)
    expect(publication).toEqual({
      state: 'published',
      publishedAt: from.publishedAt,
      ...(date(from.updatedAt) && { updatedAt: publication.state === 'published' ? publication.updatedAt : '' }),
      ...(from.liveUntil?.startsWith('9999') ? {} : { liveUntil: from.liveUntil }),
    })
  else if (article.scheduledFrom !== null)
    expect(
      publication.state === 'scheduled'
        ? publication.liveFrom
        : publication.state === 'published'
          ? publication.publishedAt
          : '',
    ).toBe(article.scheduledFrom)
  else if (article.liveUntil !== null && !article.withdrawn)
    expect(publication).toMatchObject({ state: 'published', publishedAt: article.firstPublishedAt, liveUntil: AT })
  else expect(publication).toEqual({ state: 'draft' })
}

describe('as WordPress', () => {
  it('is the same articles when it comes back, whatever they say', async () => {
    await fc.assert(
      fc.asyncProperty(document, fc.integer({ min: 5, max: 5_000 }), async (from, piece) => {
        const records = await readAll('site.xml', wxrOf([from]), {}, 'auto', piece)
        const record = records.find(({ kind }) => kind !== 'term')
        isSame(record, from)
        if (record?.kind === 'article') expect(toHtml(makeReady(record).body)).toBe(toHtml(from.content.body))
      }),
      runs(150),
    )
  })

  it('has all that WordPress itself asks for: authors by login, categories with what they are a part of, states that leak nothing', () => {
    const [from] = fc.sample(document, { numRuns: 1, seed: 1 })
    if (from === undefined) throw new Error('no document')
    const content = {
      ...from.content,
      section: { slug: 'a', name: 'A & <A>' },
      tags: [{ slug: 't', name: 'T' }],
      authors: [{ slug: 'jane-doe', name: 'Jane "J" Doe' }],
      body: fromHtml('<p>[gallery] &lt;!-- wp:x --></p>'),
    }
    const live = { ...from, content, publishedAt: AT, updatedAt: AT, liveUntil: null }
    const ended = {
      ...from,
      content,
      publishedAt: null,
      article: {
        ...from.article,
        firstPublishedAt: AT,
        liveFrom: AT,
        liveUntil: AT,
        scheduledFrom: null,
        withdrawn: false,
      },
    }
    const xml = wxrOf([live, ended])
    for (const part of [
      '<dc:creator><![CDATA[jane-doe]]></dc:creator>',
      '<category domain="author" nicename="cap-jane-doe"><![CDATA[jane-doe]]></category>',
      '<wp:author_login><![CDATA[jane-doe]]></wp:author_login><wp:author_display_name><![CDATA[Jane &quot;J&quot; Doe]]>',
      '<wp:category_nicename>a</wp:category_nicename><wp:category_parent>b</wp:category_parent><wp:cat_name><![CDATA[A &amp; &lt;A&gt;]]></wp:cat_name><wp:category_description><![CDATA[All of &lt;A&gt;]]>',
      '<wp:tag_slug>t</wp:tag_slug><wp:tag_name><![CDATA[T]]></wp:tag_name><wp:tag_description><![CDATA[Of T]]>',
      '<!-- wp:html -->\n<p>&#91;gallery] &#x3C;!-- wp:x --></p>\n<!-- /wp:html -->',
    ])
      expect(xml).toContain(part)
    expect(
      [...xml.matchAll(/<wp:status>(\w+)/g)].map(([, status]) => status).filter((each) => each !== 'inherit'),
    ).toEqual(['publish', 'draft'])
    expect(xml.match(/<wp:post_date_gmt>2026-11-22 12:00:00</g)).toHaveLength(2)
  })

  it('is well-formed, and no two articles or pictures have one number', () => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: 4 }), (documents) => {
        const parser = new SaxesParser({ xmlns: true })
        parser.on('error', (error) => {
          throw error
        })
        const xml = wxrOf(documents)
        parser.write(xml).close()
        const numbers = [...xml.matchAll(/<wp:post_id>(\d+)</g)].map(([, number]) => number)
        expect(new Set(numbers).size).toBe(numbers.length)
      }),
      runs(50),
    )
  })
})

describe('as ninjs', () => {
  it('is what readers had of the same articles, whatever they say', async () => {
    await fc.assert(
      fc.asyncProperty(document, async ({ content, article }) => {
        const { body, notes: _, provenance: __, externalId: ___, slug, ...fields } = content
        // It has no slugs of authors: two whose names make the same one are one.
        const names = content.authors.map(({ name }) => slugFrom(name.trim(), name.trim()))
        fc.pre(new Set(names).size === names.length)
        const byline = content.byline ?? bylineOf(content)
        const shown = {
          ...{ ...fields, id: article.id, slug, url: 'https://h.example/a', byline, edition: 1, corrections: [] },
          ...{ publishedAt: article.createdAt, updatedAt: article.updatedAt, wordCount: 1, readingMinutes: 1 },
          ...{ bodyHtml: toHtml(body), bodyText: toText(body) },
        } as unknown as Article
        const [record] = await readAll('a.ninjs.ndjson', `${toNinjs(shown)}\n`, {}, 'ninjs')
        if (record?.kind !== 'article') throw new Error(JSON.stringify(record))
        const ready = makeReady(record)
        expect(ownIdOf(ready)).toBe(article.id)
        expect(toHtml(ready.body)).toBe(toHtml(body))
        expect(isSaid(ready, content)).toBe(true)
      }),
      runs(150),
    )
  })
})

describe('as Markdown', () => {
  it('is the same articles when it comes back, whatever they say', async () => {
    await fc.assert(
      fc.asyncProperty(document, async (from) => {
        const file = markdownFile(from, AT, (slug) => `https://h.example/${slug}`)
        const [record] = await readAll(file?.name ?? '', file?.text ?? '', {}, 'auto', 1_000)
        isSame(record, from)
      }),
      runs(150),
    )
  })

  it('has a head that any YAML reads alike, and no sign of a shortcode but of our own', async () => {
    fc.assert(
      fc.property(document, (from) => {
        const { text = '' } = markdownFile(from, AT, (slug) => `https://h.example/${slug}`) ?? {}
        const end = text.indexOf('\n---\n', 3)
        const head = text.slice(4, end + 1)
        for (const version of ['1.1', '1.2'] as const)
          expect(parseYaml(head, { version })).toMatchObject({
            title: from.content.headline,
            dateline_id: from.article.id,
          })
        // What Go's reader of YAML refuses.
        expect(head).not.toMatch(/[^\P{Cc}\n]|[\ufffe\uffff\ufeff]/u)
        expect(head).not.toMatch(/^(?:---|\.\.\.)/m)
      }),
      runs(100),
    )
  })

  it('invents no date for what was never public, is no draft to Hugo that has ended, and has a name of its own', () => {
    const [from] = fc.sample(document, { numRuns: 1, seed: 1 })
    if (from === undefined) throw new Error('no document')
    const { content } = from
    const fileOf = (standing: object, slug = 'a') => {
      const article = { ...from.article, ...untouched, contentVersion: 1, ...standing }
      const made = markdownFile(
        { ...from, article, content: { ...content, slug }, publishedAt: null },
        AT,
        (each) => each,
      )
      return { name: made?.name, head: made && parseYaml(made.text.split('\n---\n')[0] ?? '') }
    }
    expect(fileOf({}).head).toMatchObject({ draft: true })
    expect(fileOf({}).head).not.toHaveProperty('date')
    const was = { firstPublishedAt: '2020-01-01T00:00:00.000Z', liveFrom: '2020-01-01T00:00:00.000Z', liveUntil: AT }
    expect(fileOf(was).head).toMatchObject({ date: was.firstPublishedAt, expiryDate: AT })
    expect(fileOf(was).head).not.toHaveProperty('draft')
    expect(fileOf({ ...was, withdrawn: true }).head).toMatchObject({ draft: true, date: was.firstPublishedAt })
    expect(fileOf({ ...was, trashedAt: AT }).name).toBeUndefined()
    for (const slug of ['index', 'con', 'nul', 'com1']) expect(fileOf({}, slug).name).toBe(`${slug}_.md`)
    expect(fileOf({}, 'indexes').name).toBe('indexes.md')
  })

  it('keeps captions, credits and what is shown from elsewhere, and the signs of shortcodes', () => {
    const picture = {
      _type: 'image' as const,
      url: 'https://a.example/i.jpg?a=1&b=2',
      alt: 'A "b" \\ `c`',
      caption: 'At *sea* >}} {{< x',
      credit: 'Kim & <Lee>',
    }
    const embed = { _type: 'embed' as const, url: 'https://v.example/1', title: 'Debate [live]' }
    const words = (text: string, marks: string[] = []) => ({
      _type: 'block' as const,
      style: 'normal' as const,
      children: [{ _type: 'span' as const, text, marks }],
    })
    const blocks = [
      words('See {{< ref "a" >}} and {{% b %}} and \\{{< c >}}'),
      picture,
      embed,
      words('{{< ref "code" >}} {{</* x */>}}', ['code']),
      { _type: 'code' as const, code: '{{% y %}}\n```\n{{< z >}}' },
      { ...picture, alt: '' },
    ]
    const markdown = ownMarkdown(blocks)
    expect(toHtml(ownBlocks(markdown))).toBe(toHtml(blocks))
    expect(markdown.match(/\{\{[<%](?!\/\*)[^\n]*/g)?.every((each) => each.startsWith('{{< figure src='))).toBe(true)
  })
})

it('a tar of files ends where nobody reads it any more, and where a file cannot be made', async () => {
  const text = 'x'.repeat(200_000)
  const add = async (add: (name: string, text: string, at: string) => Promise<void>) => {
    for (let n = 0; n < 50; n++) await add(`${n}.md`, text, AT)
  }
  let parts = 0
  const gone = () => {
    if (++parts > 3) throw new Error('gone away')
  }
  await expect(tarOf(add, gone)).rejects.toThrow('gone away')
  expect(parts).toBe(4)
  await expect(
    tarOf(
      async () => {
        throw new Error('no database')
      },
      () => undefined,
    ),
  ).rejects.toThrow('no database')
})
