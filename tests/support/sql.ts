import Sqlite from 'better-sqlite3'
import pg from 'pg'
import type { Sent } from './statements.ts'

/** Does something to a test database behind the program's back. */
export async function execute(url: string, statement: string): Promise<void> {
  if (url.startsWith('file:')) {
    const client = new Sqlite(url.slice('file:'.length))
    client.exec(statement)
    client.close()
    return
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** How the engine would find what a statement asks for: the steps of its plan, one to a line. */
export async function planOf(url: string, { text, values }: Sent): Promise<string> {
  if (url.startsWith('file:')) {
    const client = new Sqlite(url.slice('file:'.length), { readonly: true })
    const steps = client.prepare(`explain query plan ${text}`).all(...values) as { detail: string }[]
    client.close()
    return steps.map(({ detail }) => detail).join('\n')
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    // It may put a few rows in order where that is cheaper: what is shown is that it need not, however many there are.
    await client.query('set enable_sort = off; set enable_incremental_sort = off; set enable_bitmapscan = off')
    const { rows } = await client.query(`explain ${text}`, values)
    return rows.map((row) => row['QUERY PLAN']).join('\n')
  } finally {
    await client.end()
  }
}
