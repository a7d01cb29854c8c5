import { vi } from 'vitest'
import type { Ended, Settings } from './process.ts'

let times = 0

/**
 * Runs the real command line, `src/cli.ts`, in this process, with the settings, the folder and the arguments that it would
 * have in its own: a process takes half a second to start. One at a time. What is about processes (several at once, one
 * that is killed, one that must end by itself) takes `runCli`.
 */
export async function runHere(args: string[], settings: Settings, folder = process.cwd()): Promise<Ended> {
  const before = { argv: process.argv, env: process.env, exitCode: process.exitCode, folder: process.cwd() }
  const printed = (stream: NodeJS.WriteStream) => vi.spyOn(stream, 'write').mockReturnValue(true)
  const [stdout, stderr] = [printed(process.stdout), printed(process.stderr)]
  try {
    process.argv = [process.execPath, 'src/cli.ts', ...args]
    process.env = { PATH: before.env.PATH, NODE_ENV: 'test', ...settings }
    process.exitCode = undefined
    process.chdir(folder)
    // Another address each time: what it does, it does when it is loaded.
    await import(/* @vite-ignore */ `../../src/cli.ts?${++times}`)
    const said = (calls: unknown[][]) => calls.map(([text]) => String(text)).join('')
    return {
      code: Number(process.exitCode ?? 0),
      signal: null,
      stdout: said(stdout.mock.calls),
      stderr: said(stderr.mock.calls),
    }
  } finally {
    stdout.mockRestore()
    stderr.mockRestore()
    process.argv = before.argv
    process.env = before.env
    process.exitCode = before.exitCode
    process.chdir(before.folder)
  }
}
