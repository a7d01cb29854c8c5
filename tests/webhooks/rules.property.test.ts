import { array, assert, constantFrom, integer, option, property, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FOREVER, later } from '../../src/shared/clock.ts'
import { keptAnswer, nextAttempt, retryAfterOf, turns } from '../../src/webhooks/rules.ts'
import { runs } from '../support/rounds.ts'

const NOW = '2026-11-22T12:00:00.000Z'
const pending = array(
  record({
    subjectKind: constantFrom('article', 'rail'),
    subjectId: constantFrom('a', 'b'),
    nextAt: constantFrom(later(NOW, -5), later(NOW, 5_000), FOREVER),
    claimedUntil: option(constantFrom(later(NOW, -1), later(NOW, 60_000))),
  }),
  { maxLength: 12 },
).map((rows) => rows.map((row, n) => ({ id: `${n}`, ...row })))

describe('turns', () => {
  it('are given so that of each subject the oldest alone is due, and none while one is on its way', () => {
    assert(
      property(pending, (rows) => {
        const { wake, hold } = turns(rows, 'standard', NOW)
        const after = rows.map((row) => ({
          ...row,
          nextAt: wake.includes(row.id) ? NOW : hold.includes(row.id) ? FOREVER : row.nextAt,
        }))
        for (const of of new Set(rows.map(({ subjectKind, subjectId }) => `${subjectKind} ${subjectId}`))) {
          const same = after.filter(({ subjectKind, subjectId }) => `${subjectKind} ${subjectId}` === of)
          const isBusy = (row: (typeof same)[number]) => (row.claimedUntil ?? '') > NOW
          const due = same.filter((row) => !isBusy(row) && row.nextAt !== FOREVER).map(({ id }) => id)
          expect(due).toEqual(same.some(isBusy) ? [] : [same[0]?.id])
        }
        // What is on its way is let alone, and a second look changes nothing.
        for (const { id, claimedUntil } of rows)
          if ((claimedUntil ?? '') > NOW) expect([...wake, ...hold]).not.toContain(id)
        expect(turns(after, 'standard', NOW)).toEqual({ wake: [], hold: [] })
      }),
      runs(300),
    )
  })

  it('are given at once to whatever purges a cache: a killed article must not wait for what was before', () => {
    assert(
      property(pending, (rows) => {
        const { wake, hold } = turns(rows, 'fastly', NOW)
        expect(hold).toEqual([])
        const waits = rows.filter(({ nextAt, claimedUntil }) => nextAt === FOREVER && (claimedUntil ?? '') <= NOW)
        expect(wake).toEqual(waits.map(({ id }) => id))
      }),
      runs(100),
    )
  })
})

describe('the next attempt', () => {
  it('is later than planned by a tenth at most, the same whenever it is asked for, and after Retry-After', () => {
    const plan = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    assert(
      property(integer({ min: 1, max: 12 }), integer({ min: 0, max: 90_000 }), (attempts, seconds) => {
        const next = nextAttempt('an id', attempts, NOW)
        expect(next === undefined).toBe(attempts > plan.length)
        if (next === undefined) return
        const pause = ((plan[attempts - 1] ?? 0) - (plan[attempts - 2] ?? 0)) * 1_000
        const waited = Date.parse(next) - Date.parse(NOW)
        expect(waited).toBeGreaterThanOrEqual(pause)
        expect(waited).toBeLessThanOrEqual(pause * 1.1 + 1)
        expect(nextAttempt('an id', attempts, NOW)).toBe(next)
        const asked = retryAfterOf(`${seconds}`, NOW)
        const later = nextAttempt('an id', attempts, NOW, asked)
        expect(later).toBe(asked !== undefined && asked > next ? asked : next)
      }),
      runs(200),
    )
  })

  it.each([
    ['120', 120],
    [' 120 ', 120],
    ['Sun, 22 Nov 2026 12:02:00 GMT', 120],
    ['99999999', 86_400],
    ['Fri, 31 Dec 2100 23:59:59 GMT', 86_400],
  ])('comes when Retry-After says: %s', (field, seconds) => {
    expect(retryAfterOf(field, NOW)).toBe(later(NOW, seconds * 1_000))
  })

  it.each([undefined, '', '0', '-5', 'soon', '1e3', 'Sun, 22 Nov 2026 11:00:00 GMT'])(
    'does not wait for a Retry-After that says nothing: %s',
    (field) => {
      expect(retryAfterOf(field, NOW)).toBeUndefined()
    },
  )
})

it('of an answer is kept what any database takes, in whole characters, without our secrets', () => {
  const bytes = Buffer.concat([
    Buffer.from('a\0whsec_x token '),
    Buffer.of(0xff, 0xed, 0xa0, 0x80),
    Buffer.alloc(5_000, 'ä'),
  ])
  const kept = keptAnswer(bytes, ['whsec_x', 'token', null])
  expect(kept.startsWith('a\uFFFD[secret] [secret] \uFFFD')).toBe(true)
  expect(kept.isWellFormed()).toBe(true)
  expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(2_048)
  expect(kept.at(-1)).toBe('ä')
})
