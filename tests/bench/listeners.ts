import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { migrateDatabase, openDatabase } from '../../src/db/open.ts'
import { buildServices } from '../../src/services.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { newId } from '../../src/shared/ids.ts'

// What listeners of the stream cost: the memory of a server of its own before and with them, and how long a publication
// takes to reach them all. `node tests/bench/listeners.ts [how many]`. The memory is that of the process as the system counts it.

const many = Number(process.argv[2] ?? 1_000)
const folder = mkdtempSync(join(tmpdir(), 'dateline-bench-'))
const url = process.env.BENCH_DATABASE_URL ?? `file:${join(folder, 'bench.db')}`
const settings = {
  NODE_ENV: 'production',
  DATABASE_URL: url,
  PORT: '0',
  LOG_LEVEL: 'info',
  STREAM_LISTENERS_MAX: '20000',
}
await migrateDatabase(url)
const db = await openDatabase({ url, connectionsMax: 2, statementTimeoutMs: 30_000 }, () => undefined)
const { access } = buildServices({ config: readConfig(settings), db, clock: systemClock, ids: newId })
const { key } = await access.create('The bench', 'editor')

const server = spawn(process.execPath, ['src/main.ts'], {
  env: { PATH: process.env.PATH, ...settings },
  stdio: ['ignore', 'pipe', 'inherit'],
})
let log = ''
server.stdout.on('data', (part: Buffer) => {
  log += part
})
while (!/listening at http:\/\/127\.0\.0\.1:(\d+)/i.test(log)) await once(server.stdout, 'data')
const port = Number(/listening at http:\/\/127\.0\.0\.1:(\d+)/i.exec(log)?.[1])
const origin = `http://127.0.0.1:${port}`

const residentKb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1])
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
let next = 0
async function publish(): Promise<void> {
  const answer = await fetch(`${origin}/v1/editorial/articles`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ headline: `A publication ${next++}`, bodyText: 'Text.', publish: true }),
  })
  if (answer.status !== 201) throw new Error(await answer.text())
}

const responses: IncomingMessage[] = []
const heard = new Map<IncomingMessage, string>()
async function listen(): Promise<void> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${origin}/v1/stream`, { agent: false }, resolve).on('error', reject)
  })
  responses.push(response)
  heard.set(response, '')
  response.setEncoding('utf8').on('data', (part: string) => heard.set(response, (heard.get(response) ?? '') + part))
}
async function reachesAll(): Promise<number> {
  const before = [...heard.values()].map((text) => text.split('data: ').length)
  await publish()
  const done = performance.now()
  const isMissing = () => [...heard.values()].some((text, n) => text.split('data: ').length === before[n])
  while (isMissing()) await pause(2)
  return performance.now() - done
}

try {
  // What everything needs once is not the listeners': a few come, hear and leave first.
  for (let n = 0; n < 50; n++) await listen()
  for (let n = 0; n < 20; n++) await reachesAll()
  for (const each of responses.splice(0)) each.destroy()
  heard.clear()
  await pause(3_000)
  const before = residentKb()
  for (let n = 0; n < many; n++) await listen()
  await pause(20_000)
  const idle = residentKb()
  const times: number[] = []
  for (let n = 0; n < 20; n++) times.push(await reachesAll())
  times.sort((a, b) => a - b)
  process.stdout.write(
    `${many} listeners: ${before} kB before, ${idle} kB with them idle for 20 s: ${((idle - before) / many).toFixed(1)} kB each\n` +
      `a publication reaches all of them in ${Math.round(times[10] ?? 0)} ms (median of 20), ${Math.round(times.at(-1) ?? 0)} ms at most\n`,
  )
} finally {
  for (const each of responses) each.destroy()
  server.kill('SIGTERM')
  await once(server, 'close')
  await db.close()
  rmSync(folder, { recursive: true })
}
