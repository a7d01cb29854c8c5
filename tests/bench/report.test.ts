import { expect, it } from 'vitest'
import { chartOf } from './chart.ts'
import { lostIn } from './guard.ts'
import type { Row } from './measure.ts'
import { checksOf, medianOf, ratioOf } from './report.ts'

const row = (perSecond: number, cpuUs: number): Row => ({
  ...{ perSecond, cpuUs, p50Ms: 1, p99Ms: 2, aloneP50Ms: 1, aloneP99Ms: 2 },
  ...{ bytes: 1, delayP99Ms: 0, rssMb: 100 },
})
const B = '(b) stored JSON by slug'

it('a ratio is that of the same round, so that a slow round changes nothing', () => {
  const measured = {
    [B]: [row(1_000, 10), row(100, 90), row(1_000, 10)],
    'an article by slug': [row(900, 20), row(90, 180), row(100, 20)],
  }
  expect(ratioOf(measured, 'an article by slug', B)).toEqual({ rate: 0.9, cpu: 0.5 })
  const [check] = checksOf(measured)
  expect(check).toMatchObject({ value: 0.9, wanted: '≥ 0.8', isMet: true })
})

it('a target that is not reached is missed, and so is too much memory', () => {
  const measured = { [B]: [row(1_000, 10)], 'an article by slug': [{ ...row(700, 10), rssMb: 151 }] }
  expect(checksOf(measured).map(({ isMet }) => isMet)).toEqual([false, true, false])
})

it('the guard lets noise pass and stops what lost more than 15 %', () => {
  const before = { list: 0.5, rail: 0.4 }
  expect(lostIn({ list: 0.43, rail: 0.8, fresh: 0.1 }, before)).toEqual([])
  expect(lostIn({ list: 0.42, rail: 0.8 }, before)).toEqual(['list'])
})

it('the median of an even number is one of them', () => {
  expect(medianOf([4, 1, 3, 2])).toBe(2)
})

it('a chart has a line with a point for each size', () => {
  const lines = [{ name: 'a list', points: [10_000, 100_000].map((x) => ({ x, y: 500 })) }]
  const svg = chartOf([{ title: 'rate', lines }])
  expect(svg.match(/<circle/g)).toHaveLength(2)
  expect(svg).not.toMatch(/NaN|undefined/)
})
