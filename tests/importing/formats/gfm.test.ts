import { describe, expect, it } from 'vitest'
import { toText } from '../../../src/body/to-text.ts'
import { makeReady } from '../../../src/importing/ready.ts'
import { article } from './reading.ts'

// What GFM and its neighbours can say. What a body has no element for is text that can be read, and told once.

const ready = async (markdown: string) =>
  makeReady(await article('a.md', `---\ntitle: T\ndate: 2019-02-03\n---\n${markdown}\n`))
const boxes = 'The boxes of its tasks are kept as "[x]" and "[ ]".'
const footnotes = 'Its footnotes stand at its end; their numbers are no links.'
const definitions = 'Its definitions are kept as paragraphs.'
const alerts = 'The kinds of its notes are kept as words.'
const elements = (...names: string[]) => `Of its ${names.join(', ')} the text is kept.`

describe('a Markdown document', () => {
  const cases: [string, string, string, string[]][] = [
    ['with words that are struck out', 'It is ~~gone~~ here.', 'It is gone here.', []],
    ['with a table', '| a | b |\n|---|---|\n| 1 | 2 |', 'a\tb\n1\t2', []],
    ['with an address', 'See https://a.example.', 'See https://a.example.', []],
    ['with tasks', '- [x] done\n- [ ] open\n- [x] too', '- [x] done\n- [ ] open\n- [x] too', [boxes]],
    ['with footnotes', 'A[^1] b[^note].\n\n[^1]: One.\n[^note]: Two.', 'A1 b2.\n\n1. One.\n2. Two.', [footnotes]],
    [
      'with definitions',
      'Ferry\n: A ship\n: A boat\n\nQuay\n\n:   A wall',
      'Ferry\n\nA ship\n\nA boat\n\nQuay\n\nA wall',
      [definitions],
    ],
    ['with marked words', 'A <mark>b</mark> <mark>c</mark>.', 'A b c.', [elements('<mark>')]],
    ['with details', '<details><summary>S</summary>\n\nText\n\n</details>', 'S\n\nText', [elements('<details>')]],
    ['with a note', '> [!NOTE]\n> Mind this.', 'Note\n\nMind this.', [alerts]],
    ['with a scale', 'From 1: 2, and\nso: on.', 'From 1: 2, and so: on.', []],
  ]
  it.each(cases)('%s', async (_, markdown, text, warnings) => {
    const found = await ready(markdown)
    expect(toText(found.body)).toBe(text)
    expect(found.warnings).toEqual(warnings)
  })

  it('keeps what is struck out as such', async () => {
    const { body } = await ready('It is ~~gone~~ here.')
    expect(body).toMatchObject([{ children: [{}, { text: 'gone', marks: ['strike-through'] }, {}] }])
  })

  it('in code says what it says', async () => {
    const { body, warnings } = await ready('```\n- [x] a\n[^1] <mark>\nb\n: c\n```\n\nAnd `<mark>` or `[^1]`.')
    expect(toText(body)).toBe('- [x] a\n[^1] <mark>\nb\n: c\n\nAnd <mark> or [^1].')
    expect(warnings).toEqual([])
  })

  it('with a comment that has no end loses nothing in silence', async () => {
    const { body, warnings, fields } = await ready('Seen.\n\n- <!-- open\n\nText after.')
    expect(toText(body)).toBe('Seen.')
    expect(warnings).toEqual([expect.stringContaining('comment')])
    expect(fields.notes).toContain('Text after.')
    expect(toText((await ready('Seen <!-- open\n\nText after.')).body)).toBe('Seen <!-- open\n\nText after.')
  })
})

it('a page of HTML tells of its elements and comments too', async () => {
  const page = '<article><h1>T</h1><p>A <mark>b</mark> <q>c</q>.</p><!-- secret --><!-- secret --></article>'
  const record = await article('a.html', `<meta property="article:published_time" content="2019-02-03">${page}`)
  const { body, warnings } = makeReady(record)
  expect(toText(body)).toBe('A b c.')
  expect(warnings).toEqual([elements('<mark>', '<q>'), 'Its comments are left out: 2.'])
})
