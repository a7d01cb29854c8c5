import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { keys as keysCommand } from '../../src/commands/keys.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { runCli, type Server, startServer } from '../support/process.ts'

interface Me {
  id: string
  name: string
  role: string
}

let database: TestDatabase
let server: Server
const keys = (...args: string[]) => runCli(['keys', ...args], { DATABASE_URL: database.url })
const status = async (key: string) => (await server.call('/v1/me', key)).status

beforeAll(async () => {
  database = await freshDatabase()
  server = await startServer({ DATABASE_URL: database.url })
})
afterAll(async () => {
  await server.kill('SIGKILL')
  await database.drop()
})

it('a key made while the server runs is the only line printed, and works at once; revoked, it is refused at once', async () => {
  const made = await keys('create', '--role', 'editor', '--name', 'News desk')
  expect([made.code, made.stderr]).toEqual([0, ''])
  expect(made.stdout).toMatch(/^dl_dev_[\w-]{43}\n$/)
  const key = made.stdout.trim()
  const me = await server.read<Me>('/v1/me', key)
  expect(me).toMatchObject({ name: 'News desk', role: 'editor' })

  const before = await inProcess('list')
  expect(before).toMatch(new RegExp(`^${me.id} +editor +…${key.slice(-4)} +\\S+Z +valid +News desk\n$`))
  expect(before).not.toContain(key.slice(7))
  expect(await status(key)).toBe(200)

  const revoked = await keys('revoke', me.id)
  expect([revoked.code, revoked.stdout]).toEqual([0, 'The key of News desk is revoked.\n'])
  expect(await status(key)).toBe(401)
  const after = await inProcess('list')
  expect(after).toMatch(/ revoked \S+Z +News desk\n$/)
  expect(after).not.toContain(key.slice(7))
})

it('revoking a key that nobody has says so', async () => {
  await expect(inProcess('revoke', '00000000-0000-7000-8000-000000000000')).rejects.toThrow('There is no such key.')
})

/** The same command without a process of its own, because a process takes a second: what it printed. */
async function inProcess(...args: string[]): Promise<string> {
  vi.stubEnv('DATABASE_URL', database.url)
  vi.stubEnv('NODE_ENV', 'test')
  const printed = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    expect(await keysCommand(args)).toBe(0)
    return printed.mock.calls.join('')
  } finally {
    printed.mockRestore()
    vi.unstubAllEnvs()
  }
}
