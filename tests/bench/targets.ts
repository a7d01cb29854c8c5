import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { chartOf } from './chart.ts'
import { type Newsroom, newsroomIn, newsroomOf } from './data.ts'
import { guard } from './guard.ts'
import { type Measured, measure, type Rounds } from './measure.ts'
import { mixedOf } from './mixed.ts'
import { FLAGS, MALLOC, timeOf } from './processes.ts'
import { type Check, checksOf, checksTable, isRead, medianOf, mediansOf, tableOf } from './report.ts'

// `npm run bench`: what Dateline does beside what the platform can do, in one run. Prints tables, and writes figures and a chart.

const { values: given } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    large: { type: 'boolean', default: false },
    postgres: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    sizes: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '5' },
    /** How long each row has its turn in a round; half as long with one connection. */
    ms: { type: 'string', default: '2000' },
    out: { type: 'string', default: 'bench' },
  },
})
const how: Rounds = { rounds: Number(given.rounds), manyMs: Number(given.ms), aloneMs: Number(given.ms) / 2 }
const say = (text: string) => process.stdout.write(text)

/** The largest loss of a read from the smallest newsroom to the largest. */
function lossChecks(sizes: Map<number, Measured>): Check[] {
  const [first, ...later] = [...sizes.entries()]
  const last = later.at(-1)
  if (!first || !last) return []
  const names = Object.keys(first[1]).filter(isRead)
  return names.map((name) => {
    // Beside (b) of the same run, as the machine may have been slower.
    const B = '(b) stored JSON by slug'
    const of = (measured: Measured) => mediansOf(measured[B] ?? []).cpuUs / mediansOf(measured[name] ?? []).cpuUs
    const value = of(last[1]) / of(first[1])
    const what = `${name}: ${last[0].toLocaleString('en')} : ${first[0].toLocaleString('en')} articles`
    return { what, value, wanted: '≥ 0.8', isMet: value >= 0.8 }
  })
}

async function startCheck({ url }: Newsroom): Promise<Check> {
  const ours: number[] = []
  const nothing: number[] = []
  for (let n = 0; n < 5; n++) {
    nothing.push(await timeOf(['-e', '0'], {}))
    ours.push(
      await timeOf(
        [...FLAGS, 'src/main.ts'],
        { ...MALLOC, NODE_ENV: 'production', DATABASE_URL: url, PORT: '0' },
        'istening at',
      ),
    )
  }
  const value = medianOf(ours) / medianOf(nothing)
  const size = url.startsWith('file:') ? `${Math.round(statSync(url.slice(5)).size / 1_048_576)} MB` : 'PostgreSQL'
  const what = `start with ${size} (${Math.round(medianOf(ours))} ms) : node -e 0`
  return { what, value, wanted: '≤ 8', isMet: value <= 8 }
}

async function withPostgres<T>(work: (url: string) => Promise<T>): Promise<T> {
  const { startPostgres } = await import('../support/postgres.ts')
  const { url, end } = await startPostgres([])
  try {
    return await work(`${url}/postgres`)
  } finally {
    await end()
  }
}

async function all(folder: string): Promise<void> {
  const sizes = [...given.sizes.split(',').map(Number), ...(given.large ? [1_000_000] : [])].sort((a, b) => a - b)
  const measured = new Map<number, Measured>()
  const checks: Check[] = []
  for (const size of sizes) {
    const run = async (newsroom: Newsroom) => {
      const result = await measure(newsroom, folder, how)
      measured.set(size, result)
      say(
        `\n${size.toLocaleString('en')} articles with 16 links each, on ${newsroom.url.split(':')[0]}\n${tableOf(result)}`,
      )
      const mixed = await mixedOf(newsroom, how)
      const some = [...checksOf(result), mixed, await startCheck(newsroom)]
      say(`\n${checksTable(some)}`)
      checks.push(...some.map((check) => ({ ...check, what: `${size}: ${check.what}` })))
    }
    if (given.postgres) await withPostgres(async (url) => run(await newsroomIn(url, size)))
    else await run(await newsroomOf(size, folder))
  }
  const losses = lossChecks(measured)
  if (losses.length > 0) say(`\n${checksTable(losses)}`)
  mkdirSync(given.out, { recursive: true })
  const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version }
  const figures = {
    machine,
    how,
    engine: given.postgres ? 'postgres' : 'sqlite',
    sizes: Object.fromEntries(measured),
    checks: [...checks, ...losses],
  }
  writeFileSync(join(given.out, 'bench.json'), `${JSON.stringify(figures, null, 1)}\n`)
  const names = Object.keys(measured.values().next().value ?? {})
  const lines = (yOf: (of: ReturnType<typeof mediansOf>) => number) =>
    names.map((name) => ({ name, points: sizes.map((x) => ({ x, y: yOf(mediansOf(measured.get(x)?.[name] ?? [])) })) }))
  const chart = chartOf([
    { title: 'requests a second, 32 connections', lines: lines((row) => row.perSecond) },
    { title: 'latency in ms, p50, 1 connection', lines: lines((row) => row.aloneP50Ms) },
  ])
  writeFileSync(join(given.out, 'bench.svg'), chart)
  say(`\nFigures and a chart are in ${given.out}/\n`)
}

export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-bench-run-'))
  try {
    if (given.quick) process.exitCode = await guard(folder, given.write)
    else await all(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
