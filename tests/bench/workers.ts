import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { newsroomOf } from './data.ts'
import { type Server, startLoad, startOurs } from './processes.ts'
import { medianOf } from './report.ts'
import * as rows from './rows.ts'

// `npm run bench -- workers`: what one process serves, and what DATELINE_WORKERS makes of it. The load takes a share of the same cores,
// so beside the rate stands what a second of processor time of all the server's processes serves: it tells what sharing costs by itself.

const ROUNDS = 5
const MS = 2_000
/** Of the clock that the system counts processor time by. */
const TICKS_PER_SECOND = 100

/** Processor time in seconds of a process and all that it has started (Linux). */
function secondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  const own = (Number(user) + Number(system)) / TICKS_PER_SECOND
  return children.reduce((sum, child) => sum + secondsOf(Number(child)), own)
}

export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dateline-bench-run-'))
  const newsroom = await newsroomOf(Number(process.argv[2] ?? 1_000), folder)
  const counts = [...new Set([1, 2, availableParallelism()])].sort((a, b) => a - b)
  const servers: { many: number; server: Server }[] = []
  for (const many of counts) {
    servers.push({ many, server: await startOurs(newsroom.url, { DATELINE_WORKERS: String(many) }) })
  }
  const load = startLoad()
  try {
    const all = rows.reads(newsroom, [])
    for (const name of ['an article by slug', 'an article made anew', 'a list made anew']) {
      const measured = new Map(counts.map((many) => [many, { rates: [] as number[], perCore: [] as number[] }]))
      for (let round = -1; round < ROUNDS; round++) {
        for (const { many, server } of servers) {
          const from = secondsOf(server.pid)
          const { perSecond, requests } = await load.run({
            origin: server.origin,
            requests: all[name] ?? [],
            connections: 32,
            ms: MS,
          })
          if (round < 0) continue
          measured.get(many)?.rates.push(perSecond)
          measured.get(many)?.perCore.push(requests / (secondsOf(server.pid) - from))
        }
      }
      const [one] = measured.values()
      for (const [many, { rates, perCore }] of measured) {
        const ratio = (list: number[], beside: number[] = []) => medianOf(list) / medianOf(beside)
        process.stdout.write(
          `${name}, ${many} of them: ${Math.round(medianOf(rates))} a second (${ratio(rates, one?.rates).toFixed(2)}), ` +
            `${Math.round(medianOf(perCore))} for a second of processor time (${ratio(perCore, one?.perCore).toFixed(2)})\n`,
        )
      }
    }
  } finally {
    await Promise.all([load.end(), ...servers.map(({ server }) => server.end())])
    rmSync(folder, { recursive: true })
  }
}
