import { getTableColumns } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { columns } from '../../src/db/columns.postgres.ts'
import { defineTables } from '../../src/db/tables.ts'
import { shapes } from '../../src/upkeep/shapes.ts'

it('the doctor knows what every column of JSON has to hold', () => {
  const known = new Set(shapes.flatMap(({ table, columns: own }) => Object.keys(own).map((name) => `${table}.${name}`)))
  const all = Object.entries(defineTables(columns)).flatMap(([table, definition]) =>
    Object.entries(getTableColumns(definition))
      .filter(([, column]) => column.dataType === 'json')
      .map(([name]) => `${table}.${name}`),
  )
  expect(all.length).toBeGreaterThan(10)
  expect(all.filter((each) => !known.has(each))).toEqual([])
})
