import fc from 'fast-check'
import { expect, it } from 'vitest'
import { changedFields, diffContents } from '../../src/articles/diff.ts'
import { VersionDiff } from '../../src/articles/history-schema.ts'
import type { ArticleContent } from '../../src/articles/schema.ts'
import { normaliseBody } from '../../src/body/normalise.ts'
import type { Block } from '../../src/body/schema.ts'
import { body } from '../body/arbitraries.ts'
import { runs } from '../support/rounds.ts'
import { applyDiff } from './apply-diff.ts'

const text = fc.constantFrom('Ferry', 'Ferry Resumes', '')
const maybe = fc.option(text)
const named = fc.record({ slug: text, name: text })

// Few different blocks, so that two bodies have many in common; with keys of their own, keys of their place, or none.
const said = (words: string): Block => ({ _type: 'block', style: 'normal', children: [{ _type: 'span', text: words }] })
const fewBlocks = fc.array(
  fc
    .tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom(undefined, 'x', 'y'))
    .map(([words, key]): Block => ({ ...said(words), ...(key && { _key: key }) })),
  { maxLength: 12 },
)
const anyBody = fc.oneof(body, body.map(normaliseBody), fewBlocks, fewBlocks.map(normaliseBody))

const content: fc.Arbitrary<ArticleContent> = fc.record({
  slug: text,
  externalId: maybe,
  headline: text,
  language: text,
  alternativeHeadline: maybe,
  kicker: maybe,
  standfirst: maybe,
  byline: maybe,
  dateline: maybe,
  section: fc.option(named),
  tags: fc.array(fc.oneof(named, fc.record({ slug: text, name: text, uri: fc.option(text, { nil: undefined }) })), {
    maxLength: 2,
  }),
  authors: fc.array(named, { maxLength: 2 }),
  image: fc.option(fc.record({ url: text, alt: text, focalPoint: fc.record({ x: fc.double(), y: fc.double() }) })),
  source: fc.option(fc.record({ name: text })),
  canonicalUrl: maybe,
  notes: maybe,
  provenance: fc.constant(null),
  body: anyBody,
})

const story = (fields: Partial<ArticleContent> = {}): ArticleContent => ({
  ...{ slug: 'ferry', externalId: null, headline: 'Ferry', language: 'en', alternativeHeadline: null, kicker: null },
  ...{
    standfirst: null,
    byline: null,
    dateline: null,
    section: null,
    tags: [],
    authors: [],
    image: null,
    source: null,
  },
  ...{ canonicalUrl: null, notes: null, provenance: null, body: [] },
  ...fields,
})
/** A story with a paragraph for each letter. */
const paragraphs = (letters: string) => story({ body: normaliseBody([...letters].map(said)) })
const bodyDiff = (before: string, after: string) => diffContents(paragraphs(before), paragraphs(after)).body

/** Through JSON, as it is answered. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value))

it('what a comparison says leads from the one version to the other, also after it was sent', () => {
  fc.assert(
    fc.property(content, content, (a, b) => {
      const diff = sent(diffContents(a, b))
      expect(sent(applyDiff(diff, a))).toEqual(sent(b))
      expect(VersionDiff.parse(diff)).toEqual(diff)
    }),
    runs(500),
  )
})

it('a version compared with itself shows nothing, in whatever order its members were stored', () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, each]) => [key, turned(each)])
        .reverse(),
    )
  }
  fc.assert(
    fc.property(content, (a) => {
      expect(diffContents(a, a)).toEqual({ fields: [], body: [] })
      expect(diffContents(a, turned(a) as ArticleContent)).toEqual({ fields: [], body: [] })
      expect(changedFields(a, turned(a) as ArticleContent)).toEqual([])
    }),
    runs(200),
  )
})

it('just the fields that differ are named, each once, as they were and as they are', () => {
  fc.assert(
    fc.property(content, content, (a, b) => {
      const names = Object.keys(story()) as (keyof ArticleContent)[]
      const plainA = sent(a)
      const plainB = sent(b)
      const differing = names.filter((name) => {
        try {
          expect(plainA[name]).toEqual(plainB[name])
          return false
        } catch {
          return true
        }
      })
      const { fields, body: changes } = diffContents(a, b)
      expect(changedFields(a, b)).toEqual(differing)
      expect([...fields.map(({ field }) => field), ...(changes.length > 0 ? ['body'] : [])]).toEqual(differing)
      expect(sent(fields)).toEqual(
        differing
          .filter((name) => name !== 'body')
          .map((field) => ({ field, before: plainA[field], after: plainB[field] })),
      )
    }),
    runs(200),
  )
})

/** Written apart from the code on purpose: how many blocks two bodies have in common, in the same order. */
function common(a: string[], b: string[]): number {
  const known = new Map<string, number>()
  const from = (i: number, j: number): number => {
    if (i === a.length || j === b.length) return 0
    const key = `${i} ${j}`
    const found = known.get(key) ?? (a[i] === b[j] ? 1 + from(i + 1, j + 1) : Math.max(from(i + 1, j), from(i, j + 1)))
    known.set(key, found)
    return found
  }
  return from(0, 0)
}

it('no paragraph that can be kept is shown as new, and no two entries that are one', () => {
  fc.assert(
    fc.property(anyBody, anyBody, (a, b) => {
      const changes = diffContents(story({ body: a }), story({ body: b })).body
      const kept = changes.reduce((sum, change) => sum + (change.kind === 'keep' ? change.count : 0), 0)
      const words = ({ _key, ...block }: Block) => JSON.stringify(block)
      if (changes.length > 0) expect(kept).toBe(common(a.map(words), b.map(words)))
      const kinds = changes.map(({ kind }) => kind)
      expect(kinds.join(' ')).not.toMatch(/\b(\w+) \1\b(?<!keep keep)|add remove|remove change|change (add|remove)/)
      changes.forEach((change, i) => {
        const next = changes[i + 1]
        if (change.kind === 'remove' && next?.kind === 'add') {
          expect(change.blocks.length).not.toBe(next.blocks.length)
        }
      })
    }),
    runs(500),
  )
})

it('a paragraph put on top is one paragraph added, and those below get the keys of their new places', () => {
  expect(bodyDiff('abc', 'xabc')).toEqual([
    { kind: 'add', blocks: paragraphs('x').body },
    { kind: 'keep', count: 3, keys: ['b2', 'b3', 'b4'] },
  ])
})

it('a paragraph that was rewritten is a change, not one taken away and another put there', () => {
  const [before, after] = [paragraphs('abc').body, paragraphs('axc').body]
  expect(bodyDiff('abc', 'axc')).toEqual([
    { kind: 'keep', count: 1 },
    { kind: 'change', blocks: [{ before: before[1], after: after[1] }] },
    { kind: 'keep', count: 1 },
  ])
})

it('two paragraphs for one are one taken away and two added', () => {
  expect(bodyDiff('abc', 'axyc').map(({ kind }) => kind)).toEqual(['keep', 'remove', 'add', 'keep'])
})

it('a text that was emptied or written anew is all taken away or all added', () => {
  expect(bodyDiff('ab', '')).toEqual([{ kind: 'remove', blocks: paragraphs('ab').body }])
  expect(bodyDiff('', 'ab')).toEqual([{ kind: 'add', blocks: paragraphs('ab').body }])
  expect(bodyDiff('', '')).toEqual([])
})

it('the longest texts that there can be are compared in an instant, be they entirely different or turned round', () => {
  const long = (word: string) => normaliseBody(Array.from({ length: 2000 }, (_, i) => said(`${word} ${i}`.repeat(20))))
  const one = long('Ferry')
  const quickest = (other: Block[]) => {
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now()
      diffContents(story({ body: one }), story({ body: other }))
      return performance.now() - start
    })
    return Math.min(...times)
  }
  // Some 20 and 35 ms. The bound is for a machine that does much besides; a slower way of comparing takes minutes.
  expect(quickest(long('Boat'))).toBeLessThan(2_000)
  expect(quickest(one.toReversed())).toBeLessThan(2_000)
})
