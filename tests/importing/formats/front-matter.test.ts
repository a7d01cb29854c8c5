import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { frontMatterOf } from '../../../src/importing/formats/front-matter.ts'
import { rounds } from '../../support/rounds.ts'
import { article } from './reading.ts'

// A head says things in many ways. What is sensible is used; what is not used is told by the name of its field, and in the notes.

const of = (head: string) =>
  article('a.md', `---\n${/^title/i.test(head) ? '' : 'title: T\n'}date: 2019-02-03\n${head}\n---\nText.\n`)
const names = (terms: { name: string }[] = []) => terms.map(({ name }) => name)

it('a title may be a number, a date or a truth, as it is written', async () => {
  for (const title of ['2019', '1.50', '007', '0x10', '12345678901234567890', 'True', '2019-02-03', '1e3'])
    expect((await of(`title: ${title}`)).fields.headline).toBe(title)
  const toml = await article('a.md', '+++\ntitle = 2019-02-03\ndate = 2019-02-03\n+++\nText.')
  expect(toml.fields.headline).toBe('2019-02-03')
})

it('a head of YAML may end with dots', async () => {
  const found = await article('a.md', '---\ntitle: T\ndate: 2019-02-03\n...\nText.')
  expect(found).toMatchObject({ fields: { headline: 'T' }, body: { markdown: 'Text.' }, line: 5 })
})

describe('terms', () => {
  const cases: [string, string, string[]][] = [
    ['a list', 'tags: [a b, "c, d", 1, {name: e}]', ['a b', 'c, d', '1', 'e']],
    ['a text, apart at its spaces as Jekyll has it', 'tags: a b  c', ['a', 'b', 'c']],
    ['a text with commas', 'tags: "one two, three"', ['one two', 'three']],
    ['one that Jekyll does not take apart', 'tag: a b', ['a b']],
    ['keywords', 'keywords: "one two, three"', ['one two', 'three']],
    ['a single topic', 'topics: Public money', ['Public money']],
    ['categories, of which the first is the section', 'categories: sport ferries', ['ferries']],
    ['a date, as it is', 'tags: [2019-02-03]', ['2019-02-03']],
  ]
  it.each(cases)('%s', async (_, head, tags) => {
    const { fields, warnings } = await of(head)
    expect(names(fields.tags)).toEqual(tags)
    expect(fields.section?.name).toBe(head.startsWith('categories') ? 'sport' : undefined)
    // A text that was taken apart might have been one name.
    const [, name] = /^(tags|categories|keywords): [^[]* /.exec(head) ?? []
    expect(warnings).toEqual(name ? [expect.stringContaining(`${name} is one text, and was read as`)] : [])
  })
})

describe('authors and pictures', () => {
  it('may be texts, lists, maps and lists of maps', async () => {
    for (const head of [
      'author: Jane Doe',
      'authors: [Jane Doe]',
      'author: {name: Jane Doe}',
      'byline: [{name: Jane Doe}]',
    ])
      expect(names((await of(head)).fields.authors), head).toEqual(['Jane Doe'])
    const more = await of('author: [{name: Jane, email: j@a.example}, Kim]')
    expect(names(more.fields.authors)).toEqual(['Jane', 'Kim'])
    expect(more.fields.notes).toContain('j@a.example')
  })

  it('the first picture with an address is that of the article, the others are in the notes', async () => {
    const url = 'https://a.example/1.jpg'
    for (const head of [`image: ${url}`, `images: [${url}]`, `images: [{src: ${url}}]`, `cover: {image: ${url}}`])
      expect((await of(head)).fields.image, head).toEqual({ url, alt: '' })
    const more = await of(`images: [/a.jpg, ${url}, https://a.example/2.jpg]`)
    expect(more.fields.image?.url).toBe(url)
    expect(more.fields.notes).toBe('images:\n  - /a.jpg\n  - https://a.example/2.jpg')
    expect(more.warnings).toEqual([expect.stringContaining('kept in the notes: images.')])
  })
})

it('what cannot be used is told by its name and kept', async () => {
  const heads = [
    'title: [one, two]',
    'tags: {one: 1}',
    'author: {one: 1}',
    'image: {one: 1}',
    'slug: [one]',
    'source: [one]',
  ]
  heads.push(
    'aliases: {one: 1}',
    'permalink: /:one/:title/',
    'language: [one]',
    'kicker: {one: 1}',
    'Kicker: one\nkicker: two',
  )
  for (const head of heads) {
    const { fields, warnings } = await of(head)
    const [, name] = /^(\w+)/.exec(head) ?? []
    expect(warnings.join(), head).toContain(`kept in the notes: ${name?.replace('Kicker', 'kicker')}.`)
    expect(fields.notes, head).toMatch(/one|two/)
  }
})

it('property: every word of a head is somewhere, whatever its kind', async () => {
  const known = [
    'title',
    'tags',
    'categories',
    'section',
    'author',
    'authors',
    'image',
    'images',
    'slug',
    'summary',
    'deck',
  ]
  known.push('source', 'source_url', 'aliases', 'url', 'language', 'canonical', 'weight', 'keywords', 'kicker', 'other')
  const word = fc.stringMatching(/^q[b-df-hj-np-tv-z]{6}$/)
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      word,
      fc.tuple(word, word).map((two) => two.join(' ')),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('name', 'url', 'src', 'alt', 'title', 'image', 'other'), tie('value'), {
        maxKeys: 3,
      }),
    ),
  }))
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...known), value, { maxKeys: 6 }), async (head) => {
      const lines = Object.entries(head).map(([name, each]) => `${name}: ${JSON.stringify(each)}`)
      const record = await article('a.md', `---\n${['date: 2019-02-03', ...lines].join('\n')}\n---\nText.`)
      const found = JSON.stringify([record.fields, record.formerAddresses]).toLowerCase()
      for (const [each] of JSON.stringify(head).matchAll(/q[b-df-hj-np-tv-z]{6}/g)) expect(found).toContain(each)
    }),
    { numRuns: 300 * rounds },
  )
})

it('a head of many fields is read in the time that it is long', () => {
  const many = Array.from({ length: 20_000 }, (_, n) => `a${n}: 1`)
  const started = performance.now()
  expect(Object.keys(frontMatterOf(`---\n${many.join('\n')}\n---\n`).values)).toHaveLength(20_000)
  expect(() => frontMatterOf(`---\n${[...many, 'a7: 2'].join('\n')}\n---\n`)).toThrow('unique')
  expect(performance.now() - started).toBeLessThan(6_000)
})
