import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import type { PgTransactionConfig } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { columns } from './columns.postgres.ts'
import { type Database, type Db, guardNestedWrite, nothingAtEnd } from './database.ts'
import { sqlState } from './failure.ts'
import { migrationsFolder } from './migrations.ts'
import { defineTables } from './tables.ts'

/** Any number will do, as long as every migrator of this program takes the same. */
const MIGRATION_LOCK = 7_220_411
const WRITE_TRIES = 5

interface PostgresOptions {
  url: string
  connectionsMax: number
  statementTimeoutMs: number
  /** Called when a connection is lost. */
  onConnectionLost: (error: Error) => void
}

/** Brings the schema up to date; several nodes may call it at once, one works and the others wait. */
export async function migratePostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK])
    await migrate(drizzle(client), { migrationsFolder: migrationsFolder('postgres') })
  } finally {
    await client.end()
  }
}

export function openPostgres(options: PostgresOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connectionsMax,
    connectionTimeoutMillis: 3_000,
    statement_timeout: options.statementTimeoutMs,
    // The server's own limit does not help when the network hangs, so the client has one a little later.
    query_timeout: options.statementTimeoutMs + 1_000,
    idle_in_transaction_session_timeout: 30_000,
    keepAlive: true,
  })
  // Without a listener the loss of a connection would end the process. The pool has one only for those that nobody uses,
  // and a transaction between two of its statements waits for no answer that could fail instead.
  pool.on('connect', (client) => client.on('error', options.onConnectionLost))
  pool.on('error', () => undefined)
  const db = drizzle(pool)

  const atEnd = nothingAtEnd()
  async function inTransaction<T>(tx: Db, work: (tx: Db) => Promise<T>): Promise<T> {
    try {
      const result = await work(tx)
      // Before the log, for which others wait.
      await atEnd.last(tx)
      await atEnd.commit(tx)
      return result
    } catch (error) {
      atEnd.rollback(tx)
      atEnd.undone(tx)
      throw error
    }
  }

  const drizzled = new WeakMap<pg.PoolClient, NodePgDatabase>()
  /** A transaction on a connection whose statements are built once for all of its transactions (prepared.ts). */
  async function transaction<T>(work: (tx: NodePgDatabase) => Promise<T>, how?: PgTransactionConfig): Promise<T> {
    const client = await pool.connect()
    // Where nobody knows how the transaction ended, as an answer did not come, no other may follow it on the connection.
    let isOver = false
    let failure: { error: unknown } | undefined
    try {
      const own = drizzled.get(client) ?? drizzle(client)
      drizzled.set(client, own)
      const watched = () =>
        work(own).catch((error: unknown) => {
          failure = { error }
          throw error
        })
      const result = await own.transaction(watched, how)
      isOver = true
      return result
    } catch (error) {
      // What the work threw comes out only where the rollback was answered.
      isOver = failure?.error === error
      throw error
    } finally {
      client.release(!isOver)
    }
  }

  return {
    engine: 'postgres',
    atEnd,
    tables: defineTables(columns),
    read: db as unknown as Db,
    stretch: stretchOn(pool),
    // Two more round trips.
    isSnapshotCheap: false,
    snapshot: (work) =>
      transaction((tx) => work(tx as unknown as Db, () => stateOf(tx)), {
        isolationLevel: 'repeatable read',
        accessMode: 'read only',
      }),
    instant: (work) =>
      transaction(
        async (tx) => {
          // Who reads slowly is waited for longer than a request that was forgotten.
          await tx.execute(sql`set local idle_in_transaction_session_timeout = '10min'`)
          return work(tx as unknown as Db)
        },
        { isolationLevel: 'repeatable read', accessMode: 'read only' },
      ),
    write: (work) =>
      guardNestedWrite(() => retryConflicts(() => transaction((tx) => inTransaction(tx as unknown as Db, work)))),
    // Its own housekeeping does that (autovacuum), when nobody can see the old rows any more.
    tidy: async () => undefined,
    ping: async () => {
      await pool.query('select 1')
    },
    close: () => pool.end(),
  }
}

/** In one statement, and so of one instant; by the driver alone, as each request of a reader waits for it. */
function stretchOn(pool: pg.Pool): Database['stretch'] {
  const text =
    'select pg_current_snapshot()::text, (select max(at) from instants where at <= $1), (select min(at) from instants where at > $1)'
  return async (at) => {
    const { rows } = await pool.query<[string, Date | null, Date | null]>({
      ...{ name: 'stretch', text, rowMode: 'array' as const, values: [at] },
    })
    const [state, since, until] = rows[0] ?? ['', null, null]
    return { name: since === null ? undefined : `${state} ${since.getTime()}`, until: until?.toISOString() ?? null }
  }
}

/** Which transactions are seen: their numbers, up to the last one and without those that are still open. */
async function stateOf(tx: Pick<NodePgDatabase, 'execute'>): Promise<string> {
  const { rows } = await tx.execute<{ state: string }>(sql`select pg_current_snapshot()::text as state`)
  return rows[0]?.state ?? ''
}

/** A deadlock or a serialisation failure has rolled back completely, so the same work can be done again. */
async function retryConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      const state = sqlState(error)
      if ((state !== '40001' && state !== '40P01') || tries === WRITE_TRIES) throw error
      await sleep(Math.random() * 20 * tries)
    }
  }
}
