import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ListDiff } from '../../src/headlines/history-schema.ts'
import type { StoredLink } from '../../src/headlines/link-schema.ts'
import { diffLists } from '../../src/headlines/list-diff.ts'
import type { ListContent } from '../../src/headlines/schema.ts'
import { runs } from '../support/rounds.ts'
import { applyListDiff } from './apply-list-diff.ts'

/** The id of the link that a letter stands for. */
const idOf = (letter: string) => `019b0f61-2c6e-7000-b2a1-0000000000${letter.charCodeAt(0).toString(16)}`
const plain = (letter: string): StoredLink => ({
  ...{ id: idOf(letter), headline: letter, kicker: null, summary: null, byline: null, image: null, hideImage: false },
  ...{ label: null, prominence: 'normal', pin: null, startsAt: null, endsAt: null, target: null, sublinks: [] },
  ...{ note: null, followsStory: true },
})
const list = (letters: string, items = [...letters].map(plain)): ListContent => ({
  ...{ title: 'Top', description: null, language: null, followsStories: true, maxItems: null, backfill: null },
  items,
})

const maybe = fc.option(fc.constantFrom('Ferry', 'Ferry Resumes', ''))
const target = fc.option(
  fc.constantFrom('a', 'b').map((at) => ({ kind: 'url' as const, url: `https://${at}.example/` })),
)
const fields = fc.record(
  {
    ...{ headline: maybe, kicker: maybe, summary: maybe, byline: maybe, label: maybe, note: maybe, target },
    image: fc.option(fc.record({ url: fc.constant('https://a.example/a.jpg'), alt: fc.constantFrom('', 'A ferry') })),
    hideImage: fc.boolean(),
    prominence: fc.constantFrom('low' as const, 'normal' as const, 'high' as const, 'max' as const),
    pin: fc.option(fc.nat(9)),
    startsAt: fc.option(fc.constant('2026-11-22T12:00:00.000Z')),
    endsAt: fc.option(fc.constant('2026-11-23T12:00:00.000Z')),
    sublinks: fc.array(
      fc.record({ id: fc.constantFrom(idOf('x'), idOf('y')), headline: maybe, kicker: maybe, target }),
      {
        maxLength: 2,
      },
    ),
    followsStory: fc.boolean(),
  },
  { requiredKeys: [] },
)
/** Few links that are often the same, in any order. */
const items = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...'abcdefgh'), fc.option(fields)), { selector: ([letter]) => letter })
  .map((all) => all.map(([letter, more]): StoredLink => ({ ...plain(letter), ...more })))
const content: fc.Arbitrary<ListContent> = fc.record({
  ...{
    title: maybe,
    description: maybe,
    language: fc.option(fc.constantFrom('en', 'de')),
    followsStories: fc.boolean(),
  },
  maxItems: fc.option(fc.nat(9)),
  backfill: fc.option(fc.record({ section: fc.constantFrom('world', 'sport') })),
  items,
})

/** Through JSON, as it is answered. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value))
const ids = ({ items }: ListContent) => items.map(({ id }) => id)
/** What a comparison says of links by their letters, as in "move b 1 2". */
const told = (before: string, after: string) =>
  diffLists(list(before), list(after)).items.map((change) => {
    const letter = String.fromCharCode(Number.parseInt(change.id.slice(-2), 16))
    const place =
      change.kind === 'move' ? ` ${change.from} ${change.to}` : 'item' in change ? ` ${change.item.position}` : ''
    return `${change.kind} ${letter}${place}`
  })

it('what a comparison says of two lists leads from the one to the other, also after it was sent', () => {
  fc.assert(
    fc.property(content, content, (a, b) => {
      const diff = sent(diffLists(a, b))
      expect(applyListDiff(diff, a)).toEqual(sent(b))
      expect(ListDiff.parse(diff)).toEqual(diff)
    }),
    runs(1000),
  )
})

it('a list compared with itself shows nothing', () => {
  fc.assert(
    fc.property(content, (a) => {
      expect(diffLists(a, sent(a))).toEqual({ fields: [], items: [] })
    }),
    runs(200),
  )
})

/** Written apart from the code on purpose: how many of these stand in both, in the same order. */
function common([first, ...rest]: string[], other: string[]): number {
  if (first === undefined) return 0
  const at = other.indexOf(first)
  return Math.max(common(rest, other), at < 0 ? 0 : 1 + common(rest, other.slice(at + 1)))
}

it('comes, goes, moves and changes are just what differs, and no more links have moved than must', () => {
  fc.assert(
    fc.property(content, content, (a, b) => {
      const { items: changes } = diffLists(a, b)
      const of = (kind: string) => changes.filter((change) => change.kind === kind).map(({ id }) => id)
      const inBoth = ids(b).filter((id) => ids(a).includes(id))
      expect(of('remove')).toEqual(ids(a).filter((id) => !ids(b).includes(id)))
      expect(of('add')).toEqual(ids(b).filter((id) => !ids(a).includes(id)))
      expect(inBoth.length - of('move').length).toBe(common(ids(a), ids(b)))
      const textIn = (list: ListContent, id: string) => JSON.stringify(list.items.find((link) => link.id === id))
      expect(of('change')).toEqual(inBoth.filter((id) => textIn(a, id) !== textIn(b, id)))
      for (const change of changes) {
        if (change.kind === 'move') expect([ids(a)[change.from], ids(b)[change.to]]).toEqual([change.id, change.id])
      }
    }),
    runs(500),
  )
})

it('a headline that goes to the top has moved, and those that it pushed down have not', () => {
  expect(told('abcd', 'dabc')).toEqual(['move d 3 0'])
  expect(told('abcd', 'bcda')).toEqual(['move a 0 3'])
  expect(told('abcd', 'xabcd')).toEqual(['add x 0'])
  expect(told('abcd', 'bcd')).toEqual(['remove a 0'])
})

it('what goes is told first, then the others in their new order', () => {
  expect(told('abcde', 'xeac')).toEqual(['remove b 1', 'remove d 3', 'add x 0', 'move e 4 1'])
})

it('a headline that has moved and was rewritten is named for each', () => {
  const after = list('cab')
  const [first, ...rest] = after.items as [StoredLink, ...StoredLink[]]
  const { items: changes } = diffLists(list('abc'), { ...after, items: [{ ...first, label: 'live', pin: 0 }, ...rest] })
  const changed = [
    { field: 'label', before: null, after: 'live' },
    { field: 'pin', before: null, after: 0 },
  ]
  expect(changes).toEqual([
    { kind: 'move', id: first.id, from: 2, to: 0 },
    { kind: 'change', id: first.id, fields: changed },
  ])
})

it('lists as long as they can be are compared when nothing of them stays, and when they are turned round', () => {
  const long = (from: number) => Array.from({ length: 500 }, (_, n) => ({ ...plain('a'), id: `${from + n}` }))
  expect(diffLists(list('', long(0)), list('', long(500))).items).toHaveLength(1000)
  expect(diffLists(list('', long(0)), list('', long(0).reverse())).items).toHaveLength(499)
})
