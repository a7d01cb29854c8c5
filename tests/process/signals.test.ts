import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { freshDatabase } from '../support/database.ts'
import { withServices } from '../support/process.ts'

const wrapper = fileURLToPath(new URL('../../bin/dateline.js', import.meta.url))

it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
  '%s to the command line ends its work, which would else go on without anybody',
  async (signal) => {
    const { url, drop } = await freshDatabase()
    // More than a pipe holds of which nobody reads: the export waits in the midst of it.
    await withServices(url, async ({ articles }, db) => {
      const caller = { id: '019b0f61-2c44-7d10-8a55-0a6f3f1f9b02', name: 'Desk', role: 'admin' as const, scopes: [] }
      const fields = { headline: 'Long', notes: 'x'.repeat(20_000) }
      await db.write(async (tx) => {
        for (let n = 0; n < 40; n++) await articles.createIn(tx, caller, fields)
      })
    })
    const child = spawn(process.execPath, [wrapper, 'export', '-'], {
      env: { PATH: process.env.PATH, DATABASE_URL: url },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    // Without a listener Node would read what comes, and forget it, at the end of the process.
    child.stdout.on('readable', () => undefined)
    // It has begun.
    await once(child.stdout, 'readable')
    const exit = once(child, 'exit')
    child.kill(signal)
    // Time for a signal, and none for the work, of which nobody reads.
    await sleep(500)
    let text = ''
    for await (const part of child.stdout.setEncoding('utf8')) text += part
    expect(await exit).toEqual([null, signal])
    expect(text).toContain('"kind":"archive"')
    expect(text).not.toContain('"kind":"end"')
    await drop()
  },
)

it('the exit code of the command line is that of its work', async () => {
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, [wrapper, ...args], { stdio: 'ignore' })
    return (await once(child, 'exit'))[0]
  }
  expect([await run('--version'), await run('nothing')]).toEqual([0, 2])
})
