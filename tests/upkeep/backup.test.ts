import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { sayUnreadable, settle } from '../../src/db/files.ts'
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
  it(
    'has every write that was acknowledged before it began, while several others write all the time',
    async () => {
      const server = await startServer({ DATABASE_URL: urlOf('busy.db') })
      const key = await makeKey(urlOf('busy.db'), 'editor')
      const acknowledged: { id: string; version: number }[] = []
      let isWriting = true
      const writers = [1, 2, 3, 4].map(async (n) => {
        while (isWriting) {
          const made = await server.call('/v1/editorial/articles', key, { body: story(n) })
          const { id } = (await made.json()) as { id: string }
          acknowledged.push({ id, version: 2 })
          const headers = { 'if-match': '*' }
          const changed = await server.call(`/v1/editorial/articles/${id}`, key, {
            method: 'PATCH',
            body: { kicker: 'On' },
            headers,
          })
          if (changed.status === 200) acknowledged.push({ id, version: 3 })
        }
      })
      for (let round = 0; round < 2 * rounds; round++) {
        while (acknowledged.length < 40 * (round + 1)) await sleep(20)
        const before = [...acknowledged]
        const { code, stdout, stderr } = await runAlone('busy.db', 'backup', `busy-${round}.db`)
        expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' })
        expect(acknowledged.length).toBeGreaterThan(before.length)
        const copy = new Sqlite(at(`busy-${round}.db`), { readonly: true })
        const held = new Map(
          (copy.prepare('select id, version from articles').all() as typeof before).map((row) => [row.id, row.version]),
        )
        const lost = before.filter(({ id, version }) => (held.get(id) ?? 0) < version)
        copy.close()
        expect(lost).toEqual([])
      }
      // What goes on being written is sound at any instant, too.
      expect(await run('busy.db', 'doctor')).toMatchObject({ code: 0, stderr: '' })
      isWriting = false
      await Promise.all(writers)
      await server.kill('SIGTERM')
    },
    90_000 * rounds,
  )

  it(
    'is taken while the server runs, and answers alike when it is restored',
    async () => {
      const server = await startServer({ DATABASE_URL: urlOf('live.db') })
      const key = await makeKey(urlOf('live.db'), 'editor')
      for (let n = 0; n < 15; n++)
        expect((await server.call('/v1/editorial/articles', key, { body: story(n) })).status).toBe(201)
      const LIST = '/v1/articles?limit=100'
      const before = await server.read<object>(LIST)
      const { code, stdout, stderr } = await run('live.db', 'backup', 'copy.db')
      expect({ code, stderr }, stderr).toEqual({ code: 0, stderr: '' })
      expect(stdout).toContain('bytes, checked, up to event')
      expect(statSync(at('copy.db')).mode & 0o777).toBe(0o600)
      expect(readdirSync(folder).filter((name) => name.startsWith('copy.db'))).toEqual(['copy.db'])
      expect((await run('live.db', 'backup', 'copy.db')).stderr).toContain('is there already')
      expect((await server.call('/v1/editorial/articles', key, { body: story(999) })).status).toBe(201)
      // The server has it open: nothing is replaced under it.
      expect(await run('live.db', 'restore', 'copy.db')).toMatchObject({
        code: 1,
        stderr: 'A process has the database open: end the server first\n',
      })
      await server.kill('SIGTERM')
      const restored = await runAlone('live.db', 'restore', 'copy.db')
      expect(restored).toMatchObject({ code: 0, stderr: '' })
      expect(existsSync(/before is (.*)\n/.exec(restored.stdout)?.[1] ?? '')).toBe(true)
      const again = await startServer({ DATABASE_URL: urlOf('live.db') })
      expect(await again.read(LIST)).toEqual(before)
      expect((await again.call('/v1/editorial/articles', key, { body: story(1_000) })).status).toBe(201)
      await again.kill('SIGTERM')
      expect((await run('live.db', 'doctor')).code).toBe(0)
    },
    90_000 * rounds,
  )

  it('of a database with a fault is kept, and the fault is told', async () => {
    expect((await run('faulty.db', 'migrate')).code).toBe(0)
    const client = new Sqlite(at('faulty.db'))
    client.exec("insert into vocabulary values ('ferry', 'x', 9, 'nobody', 0)")
    client.close()
    expect(await run('faulty.db', 'backup', 'faulty-copy.db')).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('faulty-copy.db:'),
      stderr: expect.stringContaining('(orphan-row, vocabulary-row): npx dateline doctor'),
    })
    expect(existsSync(at('faulty-copy.db'))).toBe(true)
  })

  it('has its name also where a file cannot have two', () => {
    const noLinks = () => {
      throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' })
    }
    writeFileSync(at('whole.new'), 'whole')
    settle(at('whole.new'), at('whole'), false, noLinks)
    expect([readFileSync(at('whole'), 'utf8'), existsSync(at('whole.new'))]).toEqual(['whole', false])
    writeFileSync(at('whole.new'), 'other')
    expect(() => settle(at('whole.new'), at('whole'), false, noLinks)).toThrow('is there already')
    expect(readFileSync(at('whole'), 'utf8')).toBe('whole')
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
})

describe.runIf(engine === 'sqlite')('what this user may not read or write', () => {
  it('is called that, and not unsound', async () => {
    const fault = (code: string) => Object.assign(new Error('attempt to write a readonly database'), { code })
    for (const code of ['SQLITE_READONLY', 'SQLITE_READONLY_DIRECTORY', 'SQLITE_CANTOPEN', 'EACCES'])
      expect(() => sayUnreadable('x.db', fault(code))).toThrow(/^x.db cannot be read by this user/)
    expect(() => sayUnreadable('x.db', fault('SQLITE_CORRUPT'))).toThrow(/^attempt/)
    expect((await run('read.db', 'migrate')).code).toBe(0)
    expect(await run('read.db', 'backup', 'no/folder/x.db')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^No backup can be written in no\/folder: ENOENT/),
    })
    expect(await run('read.db', 'restore', '.')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('. is a folder'),
    })
  })

  const nobody = 65_534
  it.runIf(process.getuid?.() === 0)(
    'is not in the way of a restore where the folder of the backup is for reading only',
    async () => {
      expect((await run('for-all.db', 'migrate')).code).toBe(0)
      const [from, to] = [at('from'), at('to')]
      mkdirSync(from)
      mkdirSync(to)
      chownSync(to, nobody, nobody)
      chmodSync(folder, 0o755)
      expect((await run('for-all.db', 'backup', 'from/copy.db')).code).toBe(0)
      // As earlier programs made them: SQLite would write beside it to read it.
      const client = new Sqlite(at('from/copy.db'))
      client.pragma('journal_mode = WAL')
      client.close()
      chmodSync(at('from/copy.db'), 0o444)
      const as = (args: string[], database: string) =>
        runCli(args, { DATABASE_URL: `file:${database}` }, to, { uid: nobody, gid: nobody })
      expect(await as(['restore', at('from/copy.db')], join(to, 'mine.db'))).toMatchObject({ code: 0, stderr: '' })
      expect(await as(['doctor'], join(to, 'mine.db'))).toMatchObject({ code: 0, stderr: '' })
      const { code, stdout, stderr } = await as(['doctor'], at('from/copy.db'))
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('cannot be read by this user')
    },
    90_000 * rounds,
  )
})

describe.runIf(engine === 'sqlite')('the doctor', () => {
  it('changes no byte of the file, in whichever mode that is', async () => {
    expect((await run('still.db', 'migrate')).code).toBe(0)
    for (const mode of ['WAL', 'DELETE']) {
      const client = new Sqlite(at('still.db'))
      client.pragma(`journal_mode = ${mode}`)
      client.close()
      const before = readFileSync(at('still.db'))
      expect((await run('still.db', 'doctor')).code).toBe(0)
      expect(readFileSync(at('still.db')).equals(before)).toBe(true)
    }
    expect(readdirSync(folder).filter((name) => /^still\.db.*(journal|part)/.test(name))).toEqual([])
  })
})

describe.runIf(engine === 'postgres')('a backup of PostgreSQL', () => {
  it('is left to its own tools, which are named', async () => {
    const { code, stderr } = await runCli(['backup', 'x'], { DATABASE_URL: 'postgres://a@127.0.0.1/b' }, folder)
    expect({ code, says: stderr.includes('docs/backup.md') }).toEqual({ code: 1, says: true })
  })
})
