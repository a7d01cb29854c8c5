import Sqlite from 'better-sqlite3'
import pg from 'pg'

type Method = (this: unknown, ...given: unknown[]) => unknown

const statement = Object.getPrototypeOf(new Sqlite(':memory:').prepare('select 1')) as Record<string, Method>
const client = pg.Client.prototype as unknown as Record<string, Method>

export interface Sent {
  text: string
  values: unknown[]
}

/** The texts of the statements that the database at `url` is sent by this process while `work` is done. */
export const statementsOf = async (url: string, work: () => Promise<unknown>): Promise<string[]> =>
  (await sentTo(url, work)).map(({ text }) => text)

/** The look whether answers that are kept still hold (src/delivery/kept.ts). */
const isLook = ({ text }: Sent): boolean => /from published\b|pg_current_snapshot|from instants/.test(text)

/**
 * The statements that the database at `url` is sent by this process while `work` is done, on either engine. The begin and
 * the end of transactions do not count, nor does the look that each request of a reader begins with.
 */
export const sentTo = async (url: string, work: () => Promise<unknown>): Promise<Sent[]> =>
  (await allSentTo(url, work)).filter((each) => !isLook(each))

/** The same with that look. */
export async function allSentTo(url: string, work: () => Promise<unknown>): Promise<Sent[]> {
  const sent: Sent[] = []
  // What other tests of this process have left going on is not counted.
  const note = (database: string, text: string, values: unknown[]) => {
    if (url.endsWith(database) && !/^(begin|commit|rollback|select total_changes)/i.test(text))
      sent.push({ text, values })
  }
  const restore = [
    ...['all', 'get', 'run', 'iterate'].map((name) =>
      watch(statement, name, (self, ...values) => {
        const { database, source } = self as Sqlite.Statement
        note(database.name, source, values)
      }),
    ),
    watch(client, 'query', (self, query, values) => {
      const { text } = typeof query === 'string' ? { text: query } : (query as { text: string })
      note((self as pg.Client).database ?? '', text, Array.isArray(values) ? values : [])
    }),
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
  note: (self: unknown, ...given: unknown[]) => void,
): () => void {
  const original = owner[name] as Method
  owner[name] = function (...given) {
    note(this, ...given)
    return original.apply(this, given)
  }
  return () => {
    owner[name] = original
  }
}
