import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { startApp, type TestApp } from '../support/app.ts'
import { type Desk, published } from '../support/builders.ts'
import { findings } from '../support/examine.ts'
import { rounds } from '../support/rounds.ts'

// A search against a model that knows neither engine: lists of words, compared one by one.

let app: TestApp
let desk: Desk
beforeAll(async () => {
  app = await startApp()
  desk = await app.withRole('editor')
})

/** As it is written, and as it is looked for. */
const written: Record<string, string> = {
  Élection: 'election',
  elections: 'elections',
  ELECT: 'elect',
  Ελλάς: 'ελλασ',
  ελλάδα: 'ελλαδα',
  Straße: 'strasse',
  strassen: 'strassen',
  Žižek: 'zizek',
  Россия: 'россия',
  Россий: 'россии',
  'U.S.': 'us',
  use: 'use',
  '2026': '2026',
  '202': '202',
  a: 'a',
}
const word = fc.constantFrom(...Object.keys(written))
const gap = fc.constantFrom(' ', ', ', ' – ', '! ', ' / ')
const text = (most: number) =>
  fc.array(fc.tuple(word, gap), { minLength: 1, maxLength: most }).map((parts) =>
    parts
      .map(([each, after]) => each + after)
      .join('')
      .trim(),
  )
const foldedWords = (of: string): string[] =>
  of
    .split(/[ ,–!/]+/)
    .filter((each) => each !== '')
    .map((each) => written[each] ?? 'unknown')

type Part = { kind: 'word' | 'begins' | 'phrase'; not: boolean; words: string[] }
const part: fc.Arbitrary<Part> = fc.record({
  kind: fc.constantFrom('word', 'word', 'begins', 'phrase'),
  not: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  words: fc.array(word, { minLength: 1, maxLength: 3 }),
}) as fc.Arbitrary<Part>
const asked = ({ kind, not, words: [first = '', ...more] }: Part): string => {
  const said =
    kind === 'phrase' ? `"${[first, ...more].join(' ')}"` : kind === 'begins' ? `${first.slice(0, 3)}*` : first
  return `${not ? '-' : ''}${said}`
}
interface Wanted {
  words: string[]
  begins: boolean
}
const wantedBy = ({ kind, words: [first = '', ...more] }: Part): Wanted => {
  const one = written[first] ?? ''
  if (kind === 'phrase') return { words: [one, ...more.map((each) => written[each] ?? '')], begins: false }
  if (kind === 'word') return { words: [one], begins: [...one].length >= 3 }
  return { words: [first === 'U.S.' ? 'us' : one.slice(0, 3)], begins: true }
}
const stands = (fields: string[][], { words, begins }: Wanted): boolean =>
  fields.some((field) =>
    field.some((_, at) =>
      words.every((each, n) => {
        const found = field[at + n] ?? ''
        return begins && n === words.length - 1 ? found.startsWith(each) : found === each
      }),
    ),
  )

it('finds what has the words, whichever the script and case, in the order of where they stand, on both engines', async () => {
  let run = 0
  const piece = fc.record({ headline: text(4), standfirst: text(5), bodyText: text(8) })
  const world = fc.record({
    pieces: fc.array(piece, { minLength: 1, maxLength: 6 }),
    questions: fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { minLength: 4, maxLength: 8 }),
  })
  await fc.assert(
    fc.asyncProperty(world, async ({ pieces, questions }) => {
      const tag = `run-${++run}`
      const stories = []
      for (const fields of pieces) {
        const { id } = await published(desk, { ...fields, tags: [{ slug: tag, name: 'Run' }] })
        const [headline, standfirst, body] = [fields.headline, fields.standfirst, fields.bodyText].map(foldedWords)
        stories.unshift({ id, fields: [headline ?? [], standfirst ?? [], body ?? []] })
      }
      for (const parts of questions) {
        const [wanted, not] = [false, true].map((is) => parts.filter((each) => each.not === is).map(wantedBy))
        const q = encodeURIComponent(parts.map(asked).join(' '))
        const answer = await app.nobody.get(`/v1/search?q=${q}&tag=${tag}`)
        if (wanted?.length === 0) {
          expect(answer.status).toBe(400)
          continue
        }
        const all = (fields: string[][], exact = false) =>
          wanted?.every((each) => stands(fields, exact ? { ...each, begins: false } : each)) ?? false
        const tierOf = ({ fields }: { fields: string[][] }) => {
          if (not?.some((each) => stands(fields, each))) return -1
          const tiers = [all(fields.slice(0, 1), true), all(fields.slice(0, 1)), all(fields.slice(0, 2)), all(fields)]
          return tiers.indexOf(true)
        }
        const expected = stories.filter((each) => tierOf(each) >= 0).sort((a, b) => tierOf(a) - tierOf(b))
        const found = answer.body.data.map(({ id }: { id: string }) => id)
        expect(found, decodeURIComponent(q)).toEqual(expected.map(({ id }) => id))
        expect(answer.body.found).toEqual({ articles: expected.length, isExact: true })
        for (const { highlights } of answer.body.data) expect(JSON.stringify(highlights)).toContain('<mark>')
      }
    }),
    { numRuns: 12 * rounds },
  )
})

it('what all of that has left is sound, says the doctor', async () => {
  expect(await findings(app)).toEqual({})
})
