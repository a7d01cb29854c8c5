import Sqlite from 'better-sqlite3'
import pg from 'pg'

type Method = (this: unknown, ...given: unknown[]) => unknown

const statement = Object.getPrototypeOf(new Sqlite(':memory:').prepare('select 1')) as Record<string, Method>
const client = pg.Client.prototype as unknown as Record<string, Method>

/**
 * The texts of the statements that the database at `url` is sent by this process while `work` is done, on either engine.
 * The begin and the end of transactions do not count.
 */
export async function statementsOf(url: string, work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = []
  // What other tests of this process have left going on is not counted.
  const note = (database: string, text: string) => {
    if (url.endsWith(database) && !/^(begin|commit|rollback)/i.test(text)) sent.push(text)
  }
  const restore = [
    ...['all', 'get', 'run', 'iterate'].map((name) =>
      watch(statement, name, (self) => {
        const { database, source } = self as Sqlite.Statement
        note(database.name, source)
      }),
    ),
    watch(client, 'query', (self, query) => {
      note((self as pg.Client).database ?? '', typeof query === 'string' ? query : (query as { text: string }).text)
    }),
  ]
  try {
    await work()
  } finally {
    for (const each of restore) each()
  }
  return sent
}

function watch(owner: Record<string, Method>, name: string, note: (self: unknown, first: unknown) => void): () => void {
  const original = owner[name] as Method
  owner[name] = function (...given) {
    note(this, given[0])
    return original.apply(this, given)
  }
  return () => {
    owner[name] = original
  }
}
