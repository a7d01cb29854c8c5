import { columnsOf } from '../../db/pages.ts'
import { type Check, type Fault, type Look, pagesOf, RESTORE } from '../look.ts'
import { shapes } from '../shapes.ts'

export const json: Check = {
  kind: 'json',
  says: 'what is kept as JSON can be read and has its fields',
  advice: RESTORE,
  async *find(look: Look): AsyncGenerator<Fault> {
    for (const { table, key, many, columns } of shapes) {
      const kept = columnsOf(look.tables, table)
      for await (const page of pagesOf(look, table, { key, many })) {
        for (const row of page) {
          for (const [name, shape] of Object.entries(columns)) {
            const why = faultIn(row[name], kept[name]?.dataType === 'json', shape)
            if (why === undefined) continue
            const id = key.map((each) => String(row[each])).join(' ')
            yield { id, what: `has a ${name} in ${table} that ${why}` }
          }
        }
      }
    }
  },
}

type Shape = (typeof shapes)[number]['columns'][string]

function faultIn(value: unknown, isJson: boolean, shape: Shape): string | undefined {
  let read = value
  if (isJson && typeof value === 'string') {
    try {
      read = JSON.parse(value)
    } catch {
      return 'is no JSON'
    }
  }
  const result = shape.safeParse(read)
  if (result.success) return undefined
  const [issue] = result.error.issues
  return `does not fit at ${issue?.path.join('.') || 'its beginning'}: ${issue?.message}`
}
