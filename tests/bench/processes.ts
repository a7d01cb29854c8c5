import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../support/postgres.ts'
import type { Load, Loaded } from './load.ts'
import type { Used } from './watched.ts'

// The processes of the bench: servers that are watched, and the one that makes the load.

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const root = pathOf('../..')

/** Asks a child by messages, each of which has one answer. */
function asking(child: ChildProcess) {
  const waiting = new Map<number, { resolve: (answer: never) => void; reject: (error: Error) => void }>()
  let next = 0
  child.on('message', ({ id, answer, error }: { id: number; answer: never; error?: string }) => {
    const who = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) who?.resolve(answer)
    else who?.reject(new Error(error))
  })
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`A process of the bench ended with ${code}`))
  })
  return <Answer>(message: object) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.set(++next, { resolve, reject })
      child.send({ ...message, id: next })
    })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

export type Server = Awaited<ReturnType<typeof startServer>>

const answers = (origin: string): Promise<boolean> =>
  fetch(`${origin}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  )

/** Starts `program` and waits until it answers. */
export async function startServer(program: string, env: Record<string, string>, flags: string[] = []) {
  const port = String(await freePort())
  const origin = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [...flags, '--import', pathOf('watched.ts'), program], {
    cwd: root,
    env: { PATH: process.env.PATH, PORT: port, ...env },
    // Its log is written and read by nobody, so that the bench has no part in it.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const ask = asking(child)
  for (let tries = 0; !(await answers(origin)); tries++) {
    if (child.exitCode !== null || tries > 600) throw new Error(`${program} does not answer: ${child.exitCode}`)
    await sleep(50)
  }
  return {
    origin,
    pid: child.pid ?? 0,
    /** What it used since the last time this was asked. */
    used: () => ask<Used>({ ask: 'used' }),
    count: () => ask<null>({ ask: 'count' }),
    end: () => end(child),
  }
}

/** As `npm start` has it. */
export const FLAGS = [
  ...['--max-semi-space-size=4', '--heap-growing-percent=20', '--initial-old-space-size=48'],
  ...['--import', './bin/quick-start.js'],
]
export const MALLOC = { MALLOC_ARENA_MAX: '1' }

/** Ours as in production. */
export const startOurs = (url: string, more: Record<string, string> = {}, flags: string[] = FLAGS) =>
  startServer('src/main.ts', { ...MALLOC, NODE_ENV: 'production', DATABASE_URL: url, ...more }, flags)

/** How long it takes from a command to its first word, or to its end where it says none. */
export async function timeOf(args: string[], env: Record<string, string>, word?: string): Promise<number> {
  const from = performance.now()
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  const ms = await new Promise<number>((resolve) => {
    child.once('exit', () => resolve(performance.now() - from))
    child.stdout.on('data', (part: Buffer) => {
      said += part
      if (word !== undefined && said.includes(word)) resolve(performance.now() - from)
    })
  })
  await end(child)
  return ms
}

/** The process that makes the load. */
export function startLoad() {
  const child = spawn(process.execPath, [pathOf('load.ts')], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const ask = asking(child)
  return { run: (load: Load) => ask<Loaded>({ load }), end: () => end(child) }
}
