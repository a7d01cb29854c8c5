import { expect, it } from 'vitest'
import { columns as postgres } from '../../src/db/columns.postgres.ts'
import { columns as sqlite } from '../../src/db/columns.sqlite.ts'
import type { Db } from '../../src/db/database.ts'
import { defineTables } from '../../src/db/tables.ts'
import { FORMAT_VERSION, leftOut, parts } from '../../src/exporting/parts.ts'
import { exportingStore } from '../../src/exporting/store.ts'

const tables = defineTables(postgres)

it('every table is in an archive, or left out for a reason that is written down', () => {
  const known = [...parts.map(([name]) => name), ...Object.keys(leftOut)]
  expect(known.toSorted()).toEqual(Object.keys(tables).sort())
  expect(Object.values(leftOut).filter((reason) => reason.length < 20)).toEqual([])
})

it('a change of what archives hold is another version of the format', () => {
  const digest = (of: typeof tables) => exportingStore({} as Db, of).schemaDigest()
  // Whoever changes a column that is exported counts the version on, and writes the new digest here.
  expect([FORMAT_VERSION, digest(tables)]).toEqual([
    1,
    '13e746962d16bc8beaa9869187aa32fc0dd321c7cd4df2b6cd08ce67dc5f93dd',
  ])
  expect(digest(defineTables(sqlite))).toBe(digest(tables))
})
