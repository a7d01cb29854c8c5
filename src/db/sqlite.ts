import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { columns } from './columns.sqlite.ts'
import { type Database, type Db, guardNestedWrite, nothingAtEnd, type Stretch } from './database.ts'
import { migrationsFolder } from './migrations.ts'
import { defineTables } from './tables.ts'
import { turnsOn } from './turns.ts'

const WAL_BYTES_MAX = 64 * 1024 * 1024

/**
 * Every connection, in this order: the time-out first, because switching to WAL takes a lock; FULL on each, because
 * SQLite as built here falls back to NORMAL on every later open of a WAL file, and NORMAL loses acknowledged commits.
 */
function connect(file: string, busyTimeoutMs: number, cacheKb = 4_000): Sqlite.Database {
  mkdirSync(dirname(file), { recursive: true })
  // A new one is nobody else's to read: it holds secrets of webhooks. Its log is made with the same rights.
  if (!existsSync(file)) closeSync(openSync(file, 'a', 0o600))
  const client = new Sqlite(file)
  client.pragma(`busy_timeout = ${busyTimeoutMs}`)
  client.pragma('journal_mode = WAL')
  client.pragma('synchronous = FULL')
  client.pragma('foreign_keys = ON')
  // What is erased is overwritten, instead of standing on free pages until somebody needs them.
  client.pragma('secure_delete = ON')
  client.pragma(`journal_size_limit = ${WAL_BYTES_MAX}`)
  client.pragma('wal_autocheckpoint = 1000')
  // The system keeps pages of the file too, for all processes; more here is memory that only searches gain by.
  client.pragma(`cache_size = ${-cacheKb}`)
  keepStatements(client)
  return client
}

/** How many statements a connection keeps compiled, and how long their text may be: those with many rows are never the same. */
const STATEMENTS_MAX = 500
const STATEMENT_LENGTH_MAX = 4_000

/** drizzle prepares a statement each time that it runs one: the same text is compiled once. */
function keepStatements(client: Sqlite.Database): void {
  const kept = new Map<string, Sqlite.Statement>()
  const prepare = client.prepare.bind(client)
  client.prepare = ((text: string) => {
    const known = kept.get(text)
    if (known !== undefined) {
      // As fresh from the compiler: whoever asked before may have wanted its rows in another form.
      if (known.reader) known.raw(false)
      return known
    }
    const statement = prepare(text)
    if (text.length <= STATEMENT_LENGTH_MAX) {
      const oldest = kept.size >= STATEMENTS_MAX ? kept.keys().next().value : undefined
      if (oldest !== undefined) kept.delete(oldest)
      kept.set(text, statement)
    }
    return statement
  }) as typeof client.prepare
}

/** How long a migrator waits for another one; a large database takes its time. */
const MIGRATION_WAIT_MS = 600_000

/**
 * Brings the schema up to date on a connection of its own, as one transaction. drizzle's own migrator looks which steps
 * are done before it takes the lock, so that two at once do the same step and one of them fails: here the lock comes first.
 * Foreign keys are off while it runs, because a table rebuild drops the parent and would cascade to its children; they
 * are checked at the end.
 */
export function migrateSqlite(file: string): void {
  const client = connect(file, MIGRATION_WAIT_MS)
  try {
    client.pragma('foreign_keys = OFF')
    client.transaction(() => takeSteps(client)).immediate()
  } finally {
    client.close()
  }
}

/** The table and its columns are those of drizzle's migrator, which has made them in databases that exist. */
function takeSteps(client: Sqlite.Database): void {
  client.exec(
    'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)',
  )
  const last = client.prepare('SELECT max(created_at) FROM __drizzle_migrations').pluck().get() as number | null
  const steps = readMigrationFiles({ migrationsFolder: migrationsFolder('sqlite') })
  const missing = steps.filter((step) => last === null || step.folderMillis > last)
  // The check reads every row there is: a start that has nothing to do must not wait for it.
  if (missing.length === 0) return
  const record = client.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)')
  for (const { sql, hash, folderMillis } of missing) {
    for (const statement of sql) client.exec(statement)
    record.run(hash, folderMillis)
  }
  const broken = client.pragma('foreign_key_check') as unknown[]
  if (broken.length > 0) throw new Error(`After the migration ${broken.length} rows would point at nothing`)
}

/** Opens an embedded database: one connection for reading, one for writing, one write at a time. */
export function openSqlite(file: string): Database {
  const reader = connect(file, 1_000, 2_000)
  // The writer must not block the event loop while another process holds the lock: it tries again between turns instead.
  const writer = connect(file, 0)
  // A connection of its own: on the readers', others would read in the same transaction, and might keep it open.
  const snapshots = connect(file, 1_000, 8_000)
  const beginSnapshot = snapshots.prepare('BEGIN')
  const endSnapshot = snapshots.prepare('COMMIT')
  const tables = defineTables(columns)
  const read = drizzle(reader) as unknown as Db
  const still = drizzle(snapshots) as unknown as Db
  const tx = drizzle(writer) as unknown as Db
  const atEnd = nothingAtEnd()
  const turns = turnsOn(writer, tx, atEnd)
  let lastSnapshot: Promise<unknown> = Promise.resolve()

  const stretch = stretchOf(reader)
  const state = async () => String(snapshots.pragma('data_version', { simple: true }))

  async function atOneInstant<T>(work: (read: Db, state: () => Promise<string>) => Promise<T>): Promise<T> {
    beginSnapshot.run()
    try {
      return await work(still, state)
    } finally {
      endSnapshot.run()
    }
  }

  return {
    engine: 'sqlite',
    atEnd,
    tables,
    read,
    stretch,
    isSnapshotCheap: true,
    snapshot: (work) => {
      const turn = lastSnapshot.then(() => atOneInstant(work))
      lastSnapshot = turn.catch(() => undefined)
      return turn
    },
    instant: async (work) => {
      const own = connect(file, 1_000)
      try {
        own.exec('BEGIN')
        // The instant is that of the first look.
        own.prepare('select 1 from taxonomy').get()
        return await work(drizzle(own) as unknown as Db)
      } finally {
        own.close()
      }
    },
    write: (work, mayShare = false) => guardNestedWrite(() => turns.write(work, mayShare)),
    // Between two writes: what was written ahead goes into the file, and the log of it is emptied. Who reads keeps a part of it
    // standing, until the next time.
    tidy: () => guardNestedWrite(() => turns.queue(() => void writer.pragma('wal_checkpoint(TRUNCATE)'))),
    ping: async () => {
      reader.prepare('select 1').get()
    },
    close: async () => {
      await turns.end()
      await lastSnapshot
      snapshots.close()
      writer.close()
      reader.close()
    },
  }
}

/**
 * Every look asks how often anything was written that readers may get. Around which instants that is read again only where it has
 * been, or the time has gone on.
 */
function stretchOf(reader: Sqlite.Database): Database['stretch'] {
  let changes: Sqlite.Statement | undefined
  let last: Stretch & { changes: unknown; since: string | null } = { changes: null, since: null, until: null, name: '' }
  return (at) => {
    changes ??= reader.prepare('select changes from published where id = 1').pluck()
    const now = changes.get()
    const isSame = now === last.changes && last.since !== null && last.since <= at
    if (isSame && (last.until === null || at < last.until)) return last
    const around = reader
      .prepare(
        'select (select max(at) from instants where at <= ?) as since, (select min(at) from instants where at > ?) as until',
      )
      .get(at, at) as { since: string | null; until: string | null }
    last = {
      ...around,
      changes: now,
      name: now === undefined || around.since === null ? undefined : `${now} ${around.since}`,
    }
    return last
  }
}
