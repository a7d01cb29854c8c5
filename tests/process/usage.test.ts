import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { keys } from '../../src/commands/keys.ts'
import { openapi } from '../../src/commands/openapi.ts'
import { seed } from '../../src/commands/seed.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { runCli, withServices } from '../support/process.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.drop())

it('the command line works as well without what makes it start sooner', async () => {
  const plainly = await promisify(execFile)(process.execPath, ['src/cli.ts', 'help'])
  expect(plainly.stdout).toContain('Usage')
  expect((await runCli(['help'], {})).stdout).toBe(plainly.stdout)
})

// The functions behind the commands, without a process for each, because a process takes a second.
it.each([
  ['keys', keys, []],
  ['keys', keys, ['create']],
  ['keys', keys, ['create', '--role', 'chief', '--name', 'News desk']],
  ['keys', keys, ['create', '--role', 'editor']],
  ['keys', keys, ['create', '--role', 'editor', '--name', ' ']],
  ['keys', keys, ['create', '--role', 'editor', '--name', 'x'.repeat(101)]],
  ['keys', keys, ['create', '--role', 'editor', '--name', 'News\ndesk']],
  ['keys', keys, ['create', '--role', 'editor', '--name', 'News desk\r\n']],
  ['keys', keys, ['create', '--role', 'editor', '--name', 'News\u2028desk']],
  ['keys', keys, ['create', '--role', 'editor', '--name', 'Desk', '--forever']],
  ['keys', keys, ['create', '--role', 'editor', '--name', 'Desk', 'extra']],
  ['keys', keys, ['list', 'all']],
  ['keys', keys, ['revoke']],
  ['keys', keys, ['revoke', 'News desk']],
  ['keys', keys, ['rotate']],
  ['seed', seed, []],
  ['seed', seed, ['--publish']],
  ['seed', seed, ['--headline', 'none', 'x.txt']],
  ['seed', seed, ['--headline']],
  ['seed', seed, ['--force', 'x.txt']],
  ['openapi', openapi, ['delivery']],
])('%s that is called wrongly does nothing and says what would be right', async (_, command, args) => {
  await expect(command(args)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('Usage: ') })
})

it('a wrong call ends with 2, and its standard output stays empty for the script that reads it', async () => {
  const wrong: [string[], RegExp][] = [
    [['keys', 'create', '--role', 'chief', '--name', 'Desk'], /^--role must be one of: reader, partner, .*\nUsage: /],
    [['publish'], /^There is no command "publish"\.\nUsage: npx dateline COMMAND/],
    [['constructor'], /^There is no command/],
  ]
  for (const [args, words] of wrong) {
    const { code, stdout, stderr } = await runCli(args, { DATABASE_URL: database.url })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(words)
  }
  expect(await withServices(database.url, ({ access }) => access.list())).toEqual([])
})
