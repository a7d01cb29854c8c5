import { readdirSync, readFileSync } from 'node:fs'
import {
  generateDrizzleJson,
  generateMigration,
  generateSQLiteDrizzleJson,
  generateSQLiteMigration,
} from 'drizzle-kit/api'
import { describe, expect, it } from 'vitest'
import { columns as postgresColumns } from '../../src/db/columns.postgres.ts'
import * as postgres from '../../src/db/schema.postgres.ts'
import * as sqlite from '../../src/db/schema.sqlite.ts'
import { defineTables } from '../../src/db/tables.ts'

const engines = ['sqlite', 'postgres'] as const
const folder = (engine: string) => new URL(`../../migrations/${engine}/`, import.meta.url)
const filesOf = (engine: string) =>
  readdirSync(folder(engine))
    .filter((name) => name.endsWith('.sql'))
    .sort()
const jsonOf = (engine: string, name: string) =>
  JSON.parse(readFileSync(new URL(`meta/${name}`, folder(engine)), 'utf8'))
const newest = (engine: string) =>
  jsonOf(
    engine,
    readdirSync(new URL('meta/', folder(engine)))
      .filter((name) => name.endsWith('_snapshot.json'))
      .sort()
      .at(-1) ?? '',
  )

it('both engines have migrations of the same names', () => {
  expect(filesOf('sqlite')).toEqual(filesOf('postgres'))
  expect(filesOf('sqlite').length).toBeGreaterThan(0)
})

describe.each(engines)('the migrations of %s', (engine) => {
  const { entries } = jsonOf(engine, '_journal.json') as { entries: { idx: number; when: number; tag: string }[] }

  it('are in the journal, one after the other, or a later one would be left out', () => {
    expect(entries.map(({ tag }) => `${tag}.sql`)).toEqual(filesOf(engine))
    for (const [at, { idx, tag, when }] of entries.entries()) {
      expect(idx).toBe(at)
      expect(tag).toMatch(new RegExp(`^${String(at).padStart(4, '0')}_[a-z0-9_]+$`))
      if (at > 0) expect(when).toBeGreaterThan(entries[at - 1]?.when ?? 0)
    }
  })

  it('are complete: from the tables as defined no further one would be made', async () => {
    const further =
      engine === 'sqlite'
        ? await generateSQLiteMigration(newest(engine), await generateSQLiteDrizzleJson({ ...sqlite }))
        : await generateMigration(newest(engine), generateDrizzleJson({ ...postgres }))
    expect(further).toEqual([])
  })

  it('are made from all tables', () => {
    const exported = engine === 'sqlite' ? sqlite : postgres
    expect(Object.keys(exported).sort()).toEqual(Object.keys(defineTables(postgresColumns)).sort())
  })
})
