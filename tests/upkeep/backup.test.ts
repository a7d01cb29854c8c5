import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { runHere } from '../support/command.ts'
import { engine } from '../support/database.ts'
import { makeKey, runCli, startServer } from '../support/process.ts'
import { rounds } from '../support/rounds.ts'

const folder = mkdtempSync(join(tmpdir(), 'dateline-backup-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
const urlOf = (name: string) => `file:${at(name)}`
const run = (name: string, ...args: string[]) => runHere(args, { DATABASE_URL: urlOf(name) }, folder)
const runAlone = (name: string, ...args: string[]) => runCli(args, { DATABASE_URL: urlOf(name) }, folder)
const story = (n: number) => ({ headline: `Story ${n}`, bodyText: 'Text.', publish: true })

describe.runIf(engine === 'sqlite')('a backup', () => {
  it('is taken while others write all the time, has all that was acknowledged before, and answers alike when it is restored', async () => {
    const server = await startServer({ DATABASE_URL: urlOf('live.db') })
    const key = await makeKey(urlOf('live.db'), 'editor')
    for (let n = 0; n < 30; n++)
      expect((await server.call('/v1/editorial/articles', key, { body: story(n) })).status).toBe(201)
    const before = await server.read<object>('/v1/articles?limit=20&sort=publishedAt')
    let isWriting = true
    let written = 30
    const writer = (async () => {
      while (isWriting)
        if ((await server.call('/v1/editorial/articles', key, { body: story(written) })).status === 201) written++
    })()
    const { code, stdout, stderr } = await runAlone('live.db', 'backup', 'copy.db')
    isWriting = false
    await writer
    expect({ code, stderr }, stderr).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('bytes, checked')
    expect(statSync(at('copy.db')).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder).filter((name) => name.startsWith('copy.db'))).toEqual(['copy.db'])
    expect((await run('live.db', 'backup', 'copy.db')).stderr).toContain('is there already')
    // The server has it open: nothing is replaced under it.
    const refused = await run('live.db', 'restore', 'copy.db')
    expect({ code: refused.code, says: refused.stderr }).toEqual({
      code: 1,
      says: 'A process has the database open: end the server first\n',
    })
    await server.kill('SIGTERM')

    const restored = await runAlone('live.db', 'restore', 'copy.db')
    expect(restored).toMatchObject({ code: 0, stderr: '' })
    const aside = /before is (.*)\n/.exec(restored.stdout)?.[1] ?? ''
    expect(existsSync(aside)).toBe(true)
    const again = await startServer({ DATABASE_URL: urlOf('live.db') })
    expect(await again.read('/v1/articles?limit=20&sort=publishedAt')).toMatchObject({
      data: (before as { data: object[] }).data,
    })
    expect((await again.call('/v1/editorial/articles', key, { body: story(1_000) })).status).toBe(201)
    await again.kill('SIGTERM')
    expect((await run('live.db', 'doctor')).code).toBe(0)
  })

  it('is never written over the database, and no other log is taken for its own', async () => {
    expect((await run('self.db', 'migrate')).code).toBe(0)
    await makeKey(urlOf('self.db'), 'admin')
    for (const name of ['self.db', './self.db']) {
      const { code, stderr } = await run('self.db', 'backup', '--force', name)
      expect({ code, says: stderr.includes('is the database itself') }).toEqual({ code: 1, says: true })
    }
    expect(await run('self.db', 'backup', 'self-copy.db')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('up to event'),
    })
    // The database is gone, and its log is still there.
    const server = await startServer({ DATABASE_URL: urlOf('self.db') })
    const key = await makeKey(urlOf('self.db'), 'editor')
    expect((await server.call('/v1/editorial/articles', key, { body: story(1) })).status).toBe(201)
    await server.kill('SIGKILL')
    rmSync(at('self.db'))
    expect(existsSync(at('self.db-wal'))).toBe(true)
    expect((await run('self.db', 'restore', 'self-copy.db')).code).toBe(0)
    expect((await run('self.db', 'doctor')).code).toBe(0)
    expect((await run('self.db', 'keys', 'list')).stdout).not.toContain('editor')
    expect(readdirSync(folder).filter((name) => /\.(part|restoring)/.test(name))).toEqual([])
  })

  it('has nothing of what was erased', async () => {
    const server = await startServer({ DATABASE_URL: urlOf('erased.db') })
    const key = await makeKey(urlOf('erased.db'), 'admin')
    const made = (await (
      await server.call('/v1/editorial/articles', key, { body: { ...story(1), headline: 'zyxcanary' } })
    ).json()) as { id: string }
    const post = (act: string, body: object) =>
      server.call(`/v1/editorial/articles/${made.id}/${act}`, key, { body, headers: { 'if-match': '*' } })
    expect((await post('kill', { reason: 'legal' })).status).toBe(200)
    expect((await post('erase', { confirm: made.id })).status).toBe(204)
    expect((await run('erased.db', 'backup', 'erased-copy.db')).code).toBe(0)
    await server.kill('SIGTERM')
    expect(readFileSync(at('erased-copy.db')).includes('zyxcanary')).toBe(false)
  })

  it('that is none, is damaged or is of a later version is refused, and nothing is changed', async () => {
    expect((await run('base.db', 'migrate')).code).toBe(0)
    expect((await run('base.db', 'backup', 'base-copy.db')).code).toBe(0)
    const before = readFileSync(at('base.db'))
    writeFileSync(at('text.db'), 'This is no database. '.repeat(100))
    const bytes = readFileSync(at('base-copy.db'))
    bytes.fill(0xff, 4096 * 3, 4096 * 6)
    writeFileSync(at('damaged.db'), bytes)
    writeFileSync(at('later.db'), readFileSync(at('base-copy.db')))
    const later = new Sqlite(at('later.db'))
    later.exec("insert into __drizzle_migrations (hash, created_at) values ('x', 9999999999999), ('y', 99999999999999)")
    later.close()
    for (const name of ['text.db', 'damaged.db', 'later.db', 'missing.db']) {
      const { code, stderr } = await run('base.db', 'restore', name)
      expect(code, name).toBe(1)
      expect(stderr, name).toMatch(/not sound|later version|no file/)
    }
    expect(readFileSync(at('base.db')).equals(before)).toBe(true)
    expect((await run('base.db', 'doctor')).code).toBe(0)
    writeFileSync(at('broken.db'), bytes)
    expect(await run('broken.db', 'doctor')).toMatchObject({ code: 1, stdout: expect.stringContaining('WRONG') })
  })

  it('takes the place of a database that is damaged, which is kept as it was, with its rights', async () => {
    expect((await run('whole.db', 'migrate')).code).toBe(0)
    expect((await run('whole.db', 'backup', 'whole-copy.db')).code).toBe(0)
    const damages = [
      Buffer.from('no database at all, and longer than a head of one'.repeat(20)),
      readFileSync(at('whole.db')).subarray(0, 100),
    ]
    for (const [n, bytes] of damages.entries()) {
      const name = `damaged-${n}.db`
      writeFileSync(at(name), bytes, { mode: 0o640 })
      writeFileSync(at(`${name}-wal`), 'left over')
      const { code, stdout, stderr } = await run(name, 'restore', 'whole-copy.db')
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      const aside = /what was there before is (.*)$/m.exec(stdout)?.[1] ?? ''
      expect(readFileSync(aside).equals(bytes)).toBe(true)
      expect(statSync(at(name)).mode & 0o777).toBe(0o640)
      expect((await run(name, 'doctor')).code).toBe(0)
    }
  })

  it('restored and killed at any moment leaves the old database or the new one, and a second try ends it', async () => {
    for (const name of ['old.db', 'new.db']) {
      expect((await run(name, 'migrate')).code).toBe(0)
      await makeKey(urlOf(name), name === 'old.db' ? 'reader' : 'admin')
    }
    expect((await run('new.db', 'backup', 'new-copy.db')).code).toBe(0)
    const role = async () => (await run('old.db', 'keys', 'list')).stdout
    for (let round = 0; round < 2 * rounds; round++) {
      const child = spawn(process.execPath, ['src/cli.ts', 'restore', at('new-copy.db')], {
        env: { PATH: process.env.PATH, DATABASE_URL: urlOf('old.db') },
        stdio: 'ignore',
      })
      await sleep(250 + Math.random() * 500)
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      expect(await role()).toMatch(/reader|admin/)
      expect((await run('old.db', 'doctor')).code).toBe(0)
    }
    expect((await run('old.db', 'restore', 'new-copy.db')).code).toBe(0)
    expect(await role()).toContain('admin')
  })
})

describe.runIf(engine === 'postgres')('a backup of PostgreSQL', () => {
  it('is left to its own tools, which are named', async () => {
    const { code, stderr } = await runCli(['backup', 'x'], { DATABASE_URL: 'postgres://a@127.0.0.1/b' }, folder)
    expect({ code, says: stderr.includes('docs/backup.md') }).toEqual({ code: 1, says: true })
  })
})
