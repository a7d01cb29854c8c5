import Sqlite from 'better-sqlite3'
import pg from 'pg'

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
