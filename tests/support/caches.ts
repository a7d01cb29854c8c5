import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { root } from './sources.ts'

// Real caches in front of a server, with the settings that docs/caches shows, and other ports.

export type CacheName = 'varnish' | 'nginx'
const programs = { varnish: 'varnishd', nginx: 'nginx' } as const

/** Whether the program is installed here; the run says so where it is not. */
export function isInstalled(name: CacheName): boolean {
  try {
    execFileSync('which', [programs[name]], { stdio: 'ignore', env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin` } })
    return true
  } catch {
    return false
  }
}

const freePort = (): Promise<number> =>
  new Promise((found, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => found(typeof address === 'object' && address ? address.port : 0))
    })
  })

function start(name: CacheName, port: number, origin: number, folder: string): ChildProcess {
  const settings = (file: string) => readFileSync(`${root}docs/caches/${file}`, 'utf8')
  const env = { PATH: `${process.env.PATH}:/usr/sbin:/sbin` }
  const file = join(folder, 'settings')
  if (name === 'varnish') {
    writeFileSync(file, settings('default.vcl').replace('"3000"', `"${origin}"`))
    const args = [
      '-F',
      '-p',
      'http_gzip_support=off',
      '-n',
      join(folder, 'work'),
      '-a',
      `127.0.0.1:${port}`,
      '-f',
      file,
      '-s',
      'malloc,16m',
    ]
    return spawn('varnishd', [...args, '-j', 'none'], { env, stdio: 'ignore' })
  }
  const text = settings('nginx.conf')
    .replace('127.0.0.1:3000', `127.0.0.1:${origin}`)
    .replace('listen 8080', `listen 127.0.0.1:${port}`)
    .replace('/var/cache/nginx/dateline', join(folder, 'copies'))
    .replace('http {', `http { access_log off; client_body_temp_path ${join(folder, 'bodies')};`)
  writeFileSync(file, `daemon off; pid ${join(folder, 'pid')}; error_log ${join(folder, 'log')};\n${text}`)
  return spawn('nginx', ['-p', folder, '-c', file], { env, stdio: 'ignore' })
}

/** A cache in front of the server at `origin`, until `stop` is called. */
export async function startCache(name: CacheName, origin: number) {
  const folder = mkdtempSync(join(tmpdir(), `dateline-${name}-`))
  // Its workers may be another user.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const child = start(name, port, origin, folder)
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  const address = `http://127.0.0.1:${port}`
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  for (let tries = 0; ; tries++) {
    try {
      await fetch(`${address}/health/live`)
      return { address, stop }
    } catch (error) {
      if (tries >= 200 || child.exitCode !== null) {
        await stop()
        throw new Error(`${name} does not answer`, { cause: error })
      }
      await sleep(50)
    }
  }
}
