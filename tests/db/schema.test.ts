import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrateDatabase } from '../../src/db/open.ts'
import { definedTables, storedTables } from '../support/columns.ts'
import { emptyDatabase, engine, type TestDatabase } from '../support/database.ts'

// Each engine is held against the one definition, and so against the other.

const storedAs: Record<string, string> =
  engine === 'postgres'
    ? {
        text: 'text "C"',
        instant: 'timestamp(3) with time zone',
        integer: 'integer',
        long: 'bigint',
        words: 'tsvector',
        boolean: 'boolean',
        json: 'json',
      }
    : {
        text: 'TEXT',
        instant: 'TEXT',
        integer: 'INTEGER',
        long: 'INTEGER',
        words: 'TEXT',
        boolean: 'INTEGER',
        json: 'TEXT',
      }

let database: TestDatabase
beforeAll(async () => {
  database = await emptyDatabase()
  await migrateDatabase(database.url)
})
afterAll(() => database.drop())

it('a fresh database has the tables, columns, keys and indexes that are defined, and no others', async () => {
  const wanted = definedTables()
  for (const { columns } of Object.values(wanted)) {
    for (const column of Object.values(columns)) column.type = storedAs[column.type] ?? `no kind: ${column.type}`
  }
  const found = await storedTables(database.url)
  for (const { columns } of Object.values(found)) {
    for (const column of Object.values(columns)) if (engine === 'sqlite') column.type = column.type.toUpperCase()
  }
  // The index of words is made by a step of its own, as each engine has it; searches show that it is there.
  delete found.edition_words?.indexes.edition_words_words_idx
  // So is the count that says whether what is kept for readers still holds (stretch.test.ts).
  delete found.published
  expect(Object.keys(found).sort()).toEqual(Object.keys(wanted).sort())
  expect(Object.keys(found).length).toBeGreaterThan(10)
  for (const [name, shape] of Object.entries(wanted)) expect(found[name], name).toEqual(shape)
})

it('names of unique indexes are made of their columns, so that a conflict can be told from its name', () => {
  for (const [table, { indexes }] of Object.entries(definedTables())) {
    for (const [name, { unique, columns }] of Object.entries(indexes)) {
      if (unique) expect(name).toBe(`${table}_${columns.join('_')}_key`)
      else expect(name).toMatch(/_idx$/)
      // PostgreSQL would cut it without a word.
      expect(name.length).toBeLessThan(64)
    }
  }
})
