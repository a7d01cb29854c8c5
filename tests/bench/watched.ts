import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { allSentTo } from '../support/statements.ts'

// Loaded into a server before its own program (`node --import`), so that the bench can ask it what it costs. Nothing of this is in src.

/** What a server used from one question to the next. */
export interface Used {
  cpuMs: number
  wallMs: number
  rssBytes: number
  /** How late the event loop was, at the 99th percentile and at most. */
  delayP99Ms: number
  delayMaxMs: number
  /** The statements sent while they were counted, 0 while they were not. */
  statements: number
}

const RESOLUTION_MS = 10
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delay.enable()
let cpu = process.cpuUsage()
let from = performance.now()
let stopCounting: (() => Promise<number>) | undefined

async function used(): Promise<Used> {
  const { user, system } = process.cpuUsage(cpu)
  const beyond = (ns: number) => Math.max(0, ns / 1e6 - RESOLUTION_MS)
  const answer = {
    cpuMs: (user + system) / 1_000,
    wallMs: performance.now() - from,
    rssBytes: process.memoryUsage.rss(),
    delayP99Ms: beyond(delay.percentile(99)),
    delayMaxMs: beyond(delay.max),
    statements: (await stopCounting?.()) ?? 0,
  }
  stopCounting = undefined
  delay.reset()
  cpu = process.cpuUsage()
  from = performance.now()
  return answer
}

/** Counts what is sent to any database from now on. */
function count(): void {
  let end: () => void = () => undefined
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const sent = allSentTo(process.env.DATABASE_URL ?? '', () => ended)
  stopCounting = async () => {
    end()
    return (await sent).length
  }
}

process.on('message', (message: { ask: 'used' | 'count'; id: number }) => {
  if (message.ask === 'count') count()
  const answer = message.ask === 'count' ? Promise.resolve(null) : used()
  void answer.then((answer) => process.send?.({ id: message.id, answer }))
})
// Who only watches keeps nobody alive.
process.channel?.unref()
