import Sqlite from 'better-sqlite3'
import pg from 'pg'

type Method = (this: unknown, ...given: unknown[]) => unknown

const statement = Object.getPrototypeOf(new Sqlite(':memory:').prepare('select 1')) as Record<string, Method>
const client = pg.Client.prototype as unknown as Record<string, Method>

/**
 * The texts of the statements that the database is sent while `work` is done, in this process by whichever way, on either
 * engine. The begin and the end of transactions do not count.
 */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = []
  const note = (text: string) => {
    if (!/^(begin|commit|rollback)/i.test(text)) sent.push(text)
  }
  const restore = [
    ...['all', 'get', 'run', 'iterate'].map((name) =>
      watch(statement, name, (self) => (self as Sqlite.Statement).source, note),
    ),
    watch(
      client,
      'query',
      (_self, query) => (typeof query === 'string' ? query : (query as { text: string }).text),
      note,
    ),
  ]
  try {
    await work()
  } finally {
    for (const each of restore) each()
  }
  return sent
}

function watch(
  owner: Record<string, Method>,
  name: string,
  textOf: (self: unknown, first: unknown) => string,
  note: (text: string) => void,
): () => void {
  const original = owner[name] as Method
  owner[name] = function (...given) {
    note(textOf(this, given[0]))
    return original.apply(this, given)
  }
  return () => {
    owner[name] = original
  }
}
