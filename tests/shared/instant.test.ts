import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { instantInput } from '../../src/shared/instant.ts'
import { rounds } from '../support/rounds.ts'

const read = (value: unknown): string | undefined => {
  const result = instantInput.safeParse(value)
  return result.success ? result.data : undefined
}
const two = (n: number) => String(n).padStart(2, '0')

/** Counts days one after the other, as a calendar on the wall does: no Date, no formula. */
function daysSince1600(year: number, month: number, day: number): number {
  const isLeap = (y: number) => (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0
  let days = 0
  for (let y = 1600; y < year; y++) days += isLeap(y) ? 366 : 365
  const lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  if (day < 1 || day > (lengths[month - 1] ?? 0)) return Number.NaN
  return days + lengths.slice(0, month - 1).reduce((sum, each) => sum + each, 0) + day - 1
}

describe('an instant', () => {
  const parts = fc.record({
    year: fc.integer({ min: 1600, max: 2400 }),
    month: fc.integer({ min: 0, max: 13 }),
    day: fc.integer({ min: 0, max: 32 }),
    hour: fc.integer({ min: 0, max: 25 }),
    minute: fc.integer({ min: 0, max: 61 }),
    second: fc.option(fc.integer({ min: 0, max: 61 })),
    fraction: fc.option(fc.stringMatching(/^[0-9]{1,5}$/)),
    zone: fc.oneof(
      fc.constant('Z'),
      fc.tuple(fc.constantFrom('+', '-'), fc.integer({ min: 0, max: 25 }), fc.integer({ min: 0, max: 61 })),
    ),
  })

  it('is the instant that a count of days, hours and minutes says, or refused where the calendar has none', () => {
    fc.assert(
      fc.property(parts, ({ year, month, day, hour, minute, second, fraction, zone }) => {
        const [sign, zoneHour, zoneMinute] = zone === 'Z' ? ['+', 0, 0] : zone
        const offset = zone === 'Z' ? 'Z' : `${sign}${two(Number(zoneHour))}:${two(Number(zoneMinute))}`
        const seconds = second === null ? '' : `:${two(second)}${fraction === null ? '' : `.${fraction}`}`
        const text = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}${seconds}${offset}`
        const days = daysSince1600(year, month, day)
        const isReal =
          !Number.isNaN(days) &&
          hour <= 23 &&
          minute <= 59 &&
          (second ?? 0) <= 59 &&
          Number(zoneHour) <= 23 &&
          Number(zoneMinute) <= 59 &&
          (second === null || fraction === null || !/[1-9]/.test(fraction.slice(3)))
        expect(read(text) !== undefined, text).toBe(isReal)
        if (!isReal) return
        const east = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1)
        const ms = second === null || fraction === null ? 0 : Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6)
        const sinceEpoch = (days - daysSince1600(1970, 1, 1)) * 86_400_000
        const expected = sinceEpoch + ((hour * 60 + minute - east) * 60 + (second ?? 0)) * 1000 + ms
        expect(Date.parse(read(text) ?? ''), text).toBe(expected)
      }),
      { numRuns: 2_000 * rounds },
    )
  })

  it('is given out in UTC with milliseconds, so that it sorts as time, and reads as itself', () => {
    const instant = fc.date({ min: new Date('0001-01-02'), max: new Date('9998-12-30'), noInvalidDate: true })
    fc.assert(
      fc.property(instant, instant, fc.integer({ min: -1439, max: 1439 }), (a, b, east) => {
        const there = new Date(a.getTime() + east * 60_000).toISOString().slice(0, -1)
        const offset = `${east < 0 ? '-' : '+'}${two(Math.floor(Math.abs(east) / 60))}:${two(Math.abs(east) % 60)}`
        const one = read(`${there}${offset}`)
        expect(one).toBe(a.toISOString())
        expect(read(one)).toBe(one)
        expect((one ?? '') < b.toISOString()).toBe(a < b)
      }),
      { numRuns: 500 * rounds },
    )
  })

  it.each([
    '2026-02-30T06:00:00Z',
    '2026-11-22',
    '2026-11-22T06:00:00',
    '2026-11-22T24:00:00Z',
    '2026-06-30T23:59:60Z',
    '2026-11-22T06:00:00.0001Z',
    '2026-11-22 06:00:00Z',
    '2026-11-22T06:00:00z',
    '2026-11-22T06:00:00+1:00',
    '2026-11-22T06:00:00+0100',
    '2026-11-22T06Z',
    '26-11-22T06:00:00Z',
    '+12026-11-22T06:00:00Z',
    '0000-06-01T00:00:00Z',
    '9999-01-01T00:00:00Z',
    '9998-12-31T23:59:59-00:01',
    '٢٠٢٦-11-22T06:00:00Z',
    ' 2026-11-22T06:00:00Z',
    '2026-11-22T06:00:00Z\n',
    'now',
    '',
    1_800_000_000,
    null,
  ])('is not %j', (value) => {
    expect(read(value)).toBeUndefined()
  })

  it('may be written without seconds, and to the millisecond', () => {
    expect(read('2026-11-22T06:00+01:00')).toBe('2026-11-22T05:00:00.000Z')
    expect(read('2026-11-22T06:00:00.1Z')).toBe('2026-11-22T06:00:00.100Z')
    expect(read('2026-11-22T06:00:00.123000Z')).toBe('2026-11-22T06:00:00.123Z')
    expect(read('2026-03-29T02:30:00+01:00')).toBe('2026-03-29T01:30:00.000Z')
  })
})
