import { afterAll, beforeAll, expect, it } from 'vitest'
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

  const before = await keys('list')
  expect(before.stdout).toMatch(new RegExp(`^${me.id} +editor +…${key.slice(-4)} +\\S+Z +valid +News desk\n$`))
  expect(before.stdout + before.stderr).not.toContain(key.slice(7))
  expect(await status(key)).toBe(200)

  const revoked = await keys('revoke', me.id)
  expect([revoked.code, revoked.stdout]).toEqual([0, 'The key of News desk is revoked.\n'])
  expect(await status(key)).toBe(401)
  const after = await keys('list')
  expect(after.stdout).toMatch(/ revoked \S+Z +News desk\n$/)
  expect(after.stdout).not.toContain(key.slice(7))
})

it('revoking a key that nobody has ends with 1', async () => {
  const { code, stdout, stderr } = await keys('revoke', '00000000-0000-7000-8000-000000000000')
  expect([code, stdout, stderr]).toEqual([1, '', 'There is no such key.\n'])
})
