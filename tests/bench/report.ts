import type { Measured, Row } from './measure.ts'

// What was measured, as medians and as ratios to what stands in the same round; and which of the targets were met.

export const medianOf = (list: number[]): number =>
  list.toSorted((a, b) => a - b)[Math.floor((list.length - 1) / 2)] ?? Number.NaN

/** The medians of a row. */
export const mediansOf = (rounds: Row[]): Row =>
  Object.fromEntries(
    Object.keys(rounds[0] ?? {}).map((name) => [
      name,
      medianOf(rounds.map((row) => row[name as keyof Row] ?? Number.NaN)),
    ]),
  ) as unknown as Row

/** How one row stands to another: the median of the ratios of rounds, of rates, and of what a request costs the processor. */
export function ratioOf(measured: Measured, name: string, to: string): { rate: number; cpu: number } {
  const pairs = (measured[name] ?? []).flatMap((row, round) => {
    const other = measured[to]?.[round]
    return other ? [{ rate: row.perSecond / other.perSecond, cpu: other.cpuUs / row.cpuUs }] : []
  })
  return { rate: medianOf(pairs.map(({ rate }) => rate)), cpu: medianOf(pairs.map(({ cpu }) => cpu)) }
}

const A = '(a) a constant buffer'
const B = '(b) stored JSON by slug'
const C = '(c) one row committed'

/** Which row is held against which, and what is wanted. */
export const targets: [name: string, to: string, least: number][] = [
  ['an article by slug', B, 0.8],
  ['the same, 304', A, 0.95],
  ['a list of 20', B, 0.6],
  ['a page deep in it', 'a list of 20', 0.95],
  ['a rail of 20', B, 0.6],
  ['a search', B, 0.15],
  ['an article made anew', B, 0.8],
  ['a list made anew', B, 0.6],
  ['a rail made anew', B, 0.6],
  ['a search made anew', B, 0.15],
  ['POST of an article', C, 0.3],
  ['an article published', C, 0.25],
  ['one of a batch of 100', 'POST of an article', 5],
]
export const TAIL_MOST = 3

export interface Check {
  what: string
  value: number
  wanted: string
  isMet: boolean
  /** The same by processor time, where it is a ratio of rates. */
  cpu?: number
}

/** Whether a row is one of what readers ask us for. */
export const isRead = (name: string): boolean => !name.startsWith('(') && !/publish|POST|PATCH|batch/.test(name)

/** The targets that ratios and latencies say something of. */
export function checksOf(measured: Measured): Check[] {
  const ratios = targets
    .filter(([name, to]) => measured[name] && measured[to])
    .map(([name, to, least]): Check => {
      const { rate, cpu } = ratioOf(measured, name, to)
      return { what: `${name} : ${to}`, value: rate, cpu, wanted: `≥ ${least}`, isMet: rate >= least }
    })
  const tails = Object.entries(measured)
    .filter(([name]) => isRead(name))
    .map(([name, rounds]): Check => {
      const value = medianOf(rounds.map(({ p99Ms, p50Ms }) => p99Ms / p50Ms))
      return { what: `${name}: p99 : p50`, value, wanted: `≤ ${TAIL_MOST}`, isMet: value <= TAIL_MOST }
    })
  const rss = Math.max(
    0,
    ...Object.entries(measured).flatMap(([name, all]) => (name.startsWith('(') ? [] : all.map(({ rssMb }) => rssMb))),
  )
  return [...ratios, ...tails, { what: 'memory in MB', value: rss, wanted: '≤ 150', isMet: rss <= 150 }]
}

const column = (value: number | undefined, digits: number, width: number) =>
  (value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits)).padStart(width)

/** All rows as a table. `spread` is between the slowest and the quickest round. */
export function tableOf(measured: Measured): string {
  const head = `${''.padEnd(26)}${'per s'.padStart(8)}${'spread'.padStart(8)}${'CPU µs'.padStart(8)}${'p50 ms'.padStart(9)}${'p99'.padStart(8)}${'alone p50'.padStart(11)}${'p99'.padStart(8)}${'loop p99'.padStart(10)}${'RSS MB'.padStart(8)}${'stmts'.padStart(7)}`
  const lines = Object.entries(measured).map(([name, rounds]) => {
    const row = mediansOf(rounds)
    const rates = rounds.map(({ perSecond }) => perSecond)
    const spread = `±${Math.round((50 * (Math.max(...rates) - Math.min(...rates))) / row.perSecond)} %`
    return `${name.padEnd(26)}${column(row.perSecond, 0, 8)}${spread.padStart(8)}${column(row.cpuUs, 0, 8)}${column(row.p50Ms, 2, 9)}${column(row.p99Ms, 2, 8)}${column(row.aloneP50Ms, 2, 11)}${column(row.aloneP99Ms, 2, 8)}${column(row.delayP99Ms, 1, 10)}${column(row.rssMb, 0, 8)}${column(row.statements, 0, 7)}`
  })
  return `${[head, ...lines].join('\n')}\n`
}

export function checksTable(checks: Check[]): string {
  const lines = checks.map(({ what, value, wanted, isMet, cpu }) => {
    const byCpu = cpu === undefined ? '' : `  (by processor time ${cpu.toFixed(2)})`
    return `${(isMet ? 'met' : 'missed').padEnd(8)}${what.padEnd(50)}${value.toFixed(2).padStart(9)}  ${wanted}${byCpu}`
  })
  return `${lines.join('\n')}\n`
}
