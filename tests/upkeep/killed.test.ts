import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf } from '../../src/db/soundness.ts'
import { runHere } from '../support/command.ts'
import { engine } from '../support/database.ts'
import { makeKey, runCli, runKilledAt } from '../support/process.ts'
import { rounds } from '../support/rounds.ts'

const folder = mkdtempSync(join(tmpdir(), 'dateline-killed-'))
afterAll(() => rmSync(folder, { recursive: true }))
const at = (name: string) => join(folder, name)
const urlOf = (name: string) => `file:${at(name)}`
const run = (name: string, ...args: string[]) => runHere(args, { DATABASE_URL: urlOf(name) }, folder)
const left = () => readdirSync(folder).filter((name) => name.includes('.part-'))
/** Whose database it is, by the one key that it has. */
const whose = async (name: string) => /reader|admin/.exec((await run(name, 'keys', 'list')).stdout)?.[0]

describe.runIf(engine === 'sqlite')('killed', () => {
  beforeAll(async () => {
    for (const [name, role] of [
      ['old.db', 'reader'],
      ['new.db', 'admin'],
    ] as const) {
      expect((await run(name, 'migrate')).code).toBe(0)
      await makeKey(urlOf(name), role)
      expect((await run(name, 'backup', `${name}.copy`)).code).toBe(0)
    }
  })

  const restoring = [
    ['copied', 'reader'],
    ['looked', 'reader'],
    ['held', 'reader'],
    ['kept', 'reader'],
    ['replaced', 'admin'],
  ] as const
  it.each(restoring)(
    'when a restore has "%s", it leaves the database of the %s, whole, and the next one ends it',
    async (step, role) => {
      expect((await run('old.db', 'restore', 'old.db.copy')).code).toBe(0)
      expect((await runKilledAt('restore', step, at('new.db.copy'), at('old.db'))).signal).toBe('SIGKILL')
      expect(await whose('old.db')).toBe(role)
      expect((await run('old.db', 'doctor')).code).toBe(0)
      expect((await run('old.db', 'restore', 'new.db.copy')).code).toBe(0)
      expect(await whose('old.db')).toBe('admin')
      expect(left()).toEqual([])
    },
  )

  const backingUp = [
    ['copied', 'reader'],
    ['checked', 'reader'],
    ['named', 'admin'],
  ] as const
  it.each(backingUp)(
    'when a backup has "%s", it leaves the file of the %s, whole, and the next one clears up',
    async (step, role) => {
      expect((await run('old.db', 'restore', 'old.db.copy')).code).toBe(0)
      expect((await run('old.db', 'backup', '--force', 'copy.db')).code).toBe(0)
      expect((await runKilledAt('backup', step, at('new.db'), at('copy.db'))).signal).toBe('SIGKILL')
      expect(faultsOf(at('copy.db'))).toEqual([])
      expect(await whose('copy.db')).toBe(role)
      expect((await run('new.db', 'backup', '--force', 'copy.db')).code).toBe(0)
      expect(left()).toEqual([])
    },
  )

  it('in the midst of copying, a backup has no name yet', async () => {
    expect((await run('large.db', 'migrate')).code).toBe(0)
    const client = new Sqlite(at('large.db'))
    const put = client.prepare('insert into vocabulary values (?, ?, 1, ?, 0)')
    client.transaction(() => {
      for (let n = 0; n < 2_000; n++) put.run(`${n}`.padEnd(30_000, 'x'), 'x', 'x')
    })()
    client.close()
    for (let round = 0; round < 2 * rounds; round++) {
      const child = spawn(process.execPath, ['src/cli.ts', 'backup', at('cut.db')], {
        env: { PATH: process.env.PATH, DATABASE_URL: urlOf('large.db') },
        stdio: 'ignore',
      })
      const grown = () => left().some((name) => statSync(at(name), { throwIfNoEntry: false })?.size)
      while (!grown() && child.exitCode === null) await sleep(1)
      await sleep(Math.random() * 100)
      child.kill('SIGKILL')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      if (existsSync(at('cut.db'))) expect(faultsOf(at('cut.db'))).toEqual([])
      rmSync(at('cut.db'), { force: true })
    }
    expect((await run('new.db', 'backup', '--force', 'copy.db')).code).toBe(0)
    expect(left()).toEqual([])
  })

  it(
    'never: of several restores at once one is whole at the end, and the others have changed nothing',
    async () => {
      for (let round = 0; round < rounds; round++) {
        const names = ['old.db.copy', 'new.db.copy', 'old.db.copy']
        const all = await Promise.all(
          names.map((name) => runCli(['restore', at(name)], { DATABASE_URL: urlOf('target.db') }, folder)),
        )
        expect(all.filter(({ code }) => code === 0).length).toBeGreaterThan(0)
        for (const { code, stderr } of all.filter((each) => each.code !== 0))
          expect([code, stderr]).toEqual([
            1,
            expect.stringMatching(/has the database open|has just replaced|is there already/),
          ])
        expect(await whose('target.db')).toMatch(/reader|admin/)
        expect((await run('target.db', 'doctor')).code).toBe(0)
        expect(left()).toEqual([])
      }
    },
    90_000 * rounds,
  )
})
