import { expect, it } from 'vitest'
import { findings } from '../support/sources.ts'

// What only few may touch, so that tests can hand it in.

it('only the settings are read from the environment, and only where the process begins', () => {
  const entries = ['src/main.ts', 'src/commands/session.ts', 'src/commands/migrate.ts']
  expect(findings(/process\.env\b/g, ({ path }) => entries.includes(path))).toEqual([])
  for (const each of findings(/process\.env.*/g)) expect(each).toContain('process.env)')
  expect(findings(/readConfig\(process\.env\)/g)).toHaveLength(entries.length)
})

it('only the process ends itself, and only it and the commands print', () => {
  expect(findings(/process\.exit\(/g, ({ path }) => path === 'src/main.ts')).toEqual([])
  const prints = /process\.(stdout|stderr)|\bconsole\./g
  expect(
    findings(prints, ({ path, folder }) => folder === 'commands' || path === 'src/main.ts' || path === 'src/cli.ts'),
  ).toEqual([])
})

it('only the clock knows the time', () => {
  const clocks = /\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bprocess\.hrtime/g
  // The Date of an answer that is written without Node's help is the time of the machine, as in all others.
  const allowed = ['src/http/errors.ts: new Date()']
  expect(
    findings(clocks, ({ path }) => path === 'src/shared/clock.ts').filter((each) => !allowed.includes(each)),
  ).toEqual([])
})

it('only ids and secrets are random, and the pause before a database is tried again', () => {
  const chance = /\bMath\.random\(|\brandomBytes\(|\brandomUUID\(|\bgetRandomValues\(|\buuidv[47]\b/g
  const allowed = ['src/access/rules.ts', 'src/shared/ids.ts', 'src/db/turns.ts', 'src/db/postgres.ts']
  expect(findings(chance, ({ path }) => allowed.includes(path))).toEqual([])
})

it('only one file connects to servers of others, after it has looked where they are', () => {
  const ways = /\bfetch\(|\bhttps?\.(request|get)\b|from 'node:(tls|dgram)'/g
  expect(findings(ways, ({ path }) => path === 'src/webhooks/outgoing.ts')).toEqual([])
})

it('only src/db knows which engine runs; the settings say which there are', () => {
  const engines = /sqlite|postgres|better-sqlite3|'pg'|\bengine\b/gi
  const isTable = (path: string) => /^src\/\w+\/tables\.ts$/.test(path)
  const found = findings(engines, ({ folder, path }) => folder === 'db' || path === 'src/config.ts' || isTable(path))
  expect(found).toEqual([])
  // Tables name the kit that gives the words, as a type.
  for (const each of findings(engines, ({ path }) => !isTable(path)))
    expect(each).toMatch(/^src\/\w+\/tables\.ts: postgres$/)
})

it('no text of a request becomes a statement', () => {
  expect(findings(/\bsql\.raw\b|\.\$client\b/g)).toEqual([])
  expect(
    findings(/\.(exec|pragma|query)\(/g, ({ folder }) => folder === 'db').filter((each) => !each.includes('.exec(')),
  ).toEqual([])
})
