import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Role } from '../../src/access/schema.ts'
import { readConfig } from '../../src/config.ts'
import { openDatabase } from '../../src/db/open.ts'
import type { HeadlineLink } from '../../src/delivery/schema.ts'
import { buildServices } from '../../src/services.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { newId } from '../../src/shared/ids.ts'
import { compiled } from './compiled.ts'

const source = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))

const quickStart = new URL('../../bin/quick-start.js', import.meta.url).href

export type Settings = Record<string, string>

/** Who runs a process, where that is not who runs the tests. */
interface User {
  uid?: number
  gid?: number
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

const running = new Set<ChildProcess>()
/** No server outlives the file that started it: see each-file.ts. */
export const killAll = (): void => {
  for (const child of running) child.kill('SIGKILL')
}
process.once('exit', killAll)

/** Only what is named: the settings of whoever runs the tests must not change what is tested. */
function spawnNode(file: string, args: string[], settings: Settings, folder?: string, user: User = {}): ChildProcess {
  const child = spawn(process.execPath, ['--import', quickStart, source(file), ...args], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: compiled, NODE_ENV: 'test', PORT: '0', ...settings },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(folder !== undefined && { cwd: folder }),
    ...user,
  })
  running.add(child)
  child.once('close', () => running.delete(child))
  return child
}

/** Runs the real command line, `src/cli.ts`, as a process of its own until it ends. */
export const runCli = (args: string[], settings: Settings, folder?: string, user?: User): Promise<Ended> =>
  watch(spawnNode('src/cli.ts', args, settings, folder, user)).ended

/** A backup or a restore that is killed when a step of it is done. */
export const runKilledAt = (what: 'backup' | 'restore', step: string, from: string, to: string): Promise<Ended> =>
  watch(spawnNode('tests/support/killed-at.ts', [what, step, from, to], {})).ended

/** Runs the real program where it is expected to end by itself, because something is wrong. */
export const runMain = (settings: Settings, folder?: string): Promise<Ended> =>
  watch(spawnNode('src/main.ts', [], settings, folder)).ended

export type Server = Awaited<ReturnType<typeof startServer>>

/** A running `src/main.ts` on a free port. */
export const startServer = (settings: Settings, folder?: string) =>
  serve(spawnNode('src/main.ts', [], settings, folder))

/** A server that has loaded, and opens its database when `start` is called. */
export function holdServer(settings: Settings): { start: () => Promise<Server> } {
  const child = spawnNode('tests/support/held-main.ts', [], settings)
  return {
    start: () => {
      child.stdin?.write('start\n')
      return serve(child)
    },
  }
}

/** A node that only sends webhooks, with a clock ahead of the real one; `isHeld` for one that loads and waits. */
export const runSender = (settings: Settings, aheadMs: number, isHeld = false) =>
  runAhead('tests/support/sender-main.ts', settings, aheadMs, isHeld)
/** The same, of one that only imports. */
export const runImporter = (settings: Settings, aheadMs: number, isHeld = false) =>
  runAhead('tests/support/importer-main.ts', settings, aheadMs, isHeld)

function runAhead(file: string, settings: Settings, aheadMs: number, isHeld: boolean) {
  const child = spawnNode(file, [String(aheadMs)], settings)
  const { ended, found } = watch(child)
  if (!isHeld) child.stdin?.write('start\n')
  const loaded = found(/loaded/)
  loaded.catch(() => undefined)
  return {
    begun: async () => {
      await loaded
      child.stdin?.write('start\n')
      await found(/sending/)
    },
    kill: (): Promise<Ended> => {
      child.kill('SIGKILL')
      return ended
    },
  }
}

async function serve(child: ChildProcess) {
  const { ended, output, found } = watch(child)
  const [, origin = ''] = await found(/Server listening at (http:\/\/[^"\s]+)/)
  const call = (path: string, key?: string, { method, body, headers }: Call = {}) =>
    fetch(`${origin}${path}`, {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  return {
    origin,
    port: Number(new URL(origin).port),
    ended,
    /** All that it has printed: the log, and what it says to people. */
    printed: () => output.stdout + output.stderr,
    /** Waits until it has printed something of this form. */
    found,
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    /** Sends a signal and waits for the end. */
    kill: (signal: NodeJS.Signals): Promise<Ended> => {
      child.kill(signal)
      return ended
    },
    call,
    /** The body of an answer that is known to be of this form. */
    read: async <T>(path: string, key?: string) => (await (await call(path, key)).json()) as T,
  }
}

/** What the tests of the process look at in an article as readers get it. */
export interface LiveArticle {
  slug: string
  headline: string
  edition: number
  body: object[]
  bodyText: string
  headlines: HeadlineLink[]
}

interface Call {
  method?: string
  body?: unknown
  headers?: Record<string, string>
}

/** Collects what a process prints, and says when it has printed something and how it ended. */
function watch(child: ChildProcess) {
  const output = { stdout: '', stderr: '' }
  const looks = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text
      for (const look of looks) look()
    })
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, ...output }))
  })
  const found = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output.stdout)
        if (!match) return
        looks.delete(look)
        resolve(match)
      }
      looks.add(look)
      look()
      ended.then(({ code, stdout, stderr }) =>
        reject(new Error(`The process ended with ${code} before it printed ${pattern}:\n${stdout}\n${stderr}`)),
      )
    })
  return { output, ended, found }
}

/** The program's services on the database at `url`, in this process: to prepare, and to look. */
export async function withServices<T>(
  url: string,
  work: (services: ReturnType<typeof buildServices>, db: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>,
): Promise<T> {
  const db = await openDatabase({ url, connectionsMax: 2, statementTimeoutMs: 10_000 }, () => undefined)
  try {
    const config = readConfig({ NODE_ENV: 'test', DATABASE_URL: url })
    return await work(buildServices({ config, db, clock: systemClock, ids: newId }), db)
  } finally {
    await db.close()
  }
}

export const makeKey = (url: string, role: Role): Promise<string> =>
  withServices(url, async ({ access }) => (await access.create(`The ${role}`, role)).key)
