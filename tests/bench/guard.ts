import { readFileSync, writeFileSync } from 'node:fs'
import { newsroomOf } from './data.ts'
import { type Measured, measure } from './measure.ts'
import { targets } from './report.ts'

// `npm run bench -- --quick`: whether something has become slower than it was when the baseline was written. Ratios of what requests cost
// the processor are compared, to those of a bare server in the same rounds: other work on the machine changes them least.

const BASELINE = new URL('./baseline.json', import.meta.url)
const ARTICLES = 1_000
const LOSS_MOST = 0.15
const how = { rounds: 3, manyMs: 300, aloneMs: 50 }

type Ratios = Record<string, number>

/** What a request costs in the best of the rounds: other work on the machine only ever adds to it. */
const leastOf = (measured: Measured, name: string) => Math.min(...(measured[name] ?? []).map(({ cpuUs }) => cpuUs))

const ratiosOf = (measured: Measured): Ratios =>
  Object.fromEntries(
    targets
      .filter(([name, to]) => measured[name] && measured[to])
      .map(([name, to]) => [name, Number((leastOf(measured, to) / leastOf(measured, name)).toFixed(4))]),
  )

/** What has lost more than it may, beside what it was. */
export const lostIn = (now: Ratios, before: Ratios): string[] =>
  Object.keys(now).filter((name) => (now[name] ?? 0) < (before[name] ?? 0) * (1 - LOSS_MOST))

/** Answers what the process ends with. What seems to be lost is looked at a second time, alone, before it is said. */
export async function guard(folder: string, isWriting: boolean): Promise<number> {
  const newsroom = await newsroomOf(ARTICLES, folder)
  const now = ratiosOf(await measure(newsroom, folder, how))
  if (isWriting) {
    writeFileSync(BASELINE, `${JSON.stringify(now, null, 2)}\n`)
    return 0
  }
  const before = JSON.parse(readFileSync(BASELINE, 'utf8')) as Ratios
  const suspects = lostIn(now, before)
  if (suspects.length > 0) {
    const needed = targets.flatMap(([name, to]) => (suspects.includes(name) ? [name, to] : []))
    const again = ratiosOf(await measure(newsroom, folder, { ...how, rounds: 5 }, needed))
    for (const name of suspects) now[name] = Math.max(now[name] ?? 0, again[name] ?? 0)
  }
  const lost = lostIn(now, before)
  for (const [name, ratio] of Object.entries(now)) {
    const was = before[name]
    const change = was === undefined ? 'new' : `${was.toFixed(3)} before`
    process.stdout.write(
      `${(lost.includes(name) ? 'LOST' : 'kept').padEnd(6)}${name.padEnd(26)}${ratio.toFixed(3)}  ${change}\n`,
    )
  }
  return lost.length === 0 ? 0 : 1
}
