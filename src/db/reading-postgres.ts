import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { drizzle } from 'drizzle-orm/node-postgres'
import { getTableConfig } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { columns } from './columns.postgres.ts'
import type { Db } from './database.ts'
import { migrationsFolder } from './migrations.ts'
import { type OwnCheck, type OwnFault, otherSteps, schemaCheck } from './own-check.ts'
import type { Reading } from './reading.ts'
import { defineTables } from './tables.ts'

/** So long one statement may take: it may go through the whole database. */
const STATEMENT_MS = 3_600_000

export async function readPostgres(url: string): Promise<Reading> {
  const pool = new pg.Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: 10_000,
    statement_timeout: STATEMENT_MS,
    keepAlive: true,
  })
  pool.on('error', () => undefined)
  // Where it cannot be opened that is said here, and not as a fault of a check.
  await pool.query('select 1')
  const db = drizzle(pool)
  return {
    tables: defineTables(columns),
    instant: (work) =>
      db.transaction((tx) => work(tx as unknown as Db, postgresChecks(tx as unknown as Db)), {
        isolationLevel: 'repeatable read',
        accessMode: 'read only',
      }),
    close: () => pool.end(),
  }
}

export const postgresChecks = (read: Db): OwnCheck[] => [schemaCheck(() => schemaFaults(read))]

async function* schemaFaults(read: Db): AsyncGenerator<OwnFault> {
  const known = readMigrationFiles({ migrationsFolder: migrationsFolder('postgres') }).length
  const [there] = await read
    .select({ isThere: sql<boolean>`to_regclass('drizzle.__drizzle_migrations') is not null` })
    .from(sql`(select 1) as one`)
  if (!there?.isThere) {
    yield { id: 'schema', what: 'is none of Dateline' }
    return
  }
  const [row] = await read.select({ steps: sql<number>`count(*)::integer` }).from(sql`drizzle.__drizzle_migrations`)
  if (row?.steps !== known) {
    yield otherSteps(row?.steps, known)
    return
  }
  const found = new Map((await namesIn(read)).map(({ name, form }) => [name, form]))
  for (const [name, form] of wantedNames()) {
    const has = found.get(name)
    if (has === undefined) yield { id: name, what: 'is missing from the schema' }
    else if (has !== form) yield { id: name, what: `is ${has} instead of ${form}` }
  }
}

/** Columns with their types, indexes and keys as far as they are in force, of the tables that are found without a schema. */
const namesIn = (read: Db): Promise<{ name: string; form: string }[]> =>
  read.select({ name: sql<string>`name`, form: sql<string>`form` }).from(sql`(
    select 'column ' || c.relname || '.' || a.attname as name,
      format_type(a.atttypid, a.atttypmod) || coalesce(' COLLATE ' || quote_ident(l.collname), '')
        || case when a.attnotnull then ' not null' else '' end as form
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_collation l on l.oid = a.attcollation
    where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and pg_table_is_visible(c.oid)
    union all
    select 'index ' || i.relname, case when x.indisvalid and x.indisready then 'valid' else 'not valid' end
    from pg_index x join pg_class i on i.oid = x.indexrelid where pg_table_is_visible(x.indrelid)
    union all
    select case f.contype when 'p' then 'key ' || f.conrelid::regclass::text else 'reference ' || f.conname end,
      case when f.convalidated then 'valid' else 'not valid' end
    from pg_constraint f where f.contype in ('p', 'f') and f.conrelid <> 0 and pg_table_is_visible(f.conrelid)
  ) as found`)

function* wantedNames(): Generator<[name: string, form: string]> {
  for (const table of Object.values(defineTables(columns))) {
    const { name, columns: own, indexes, primaryKeys, foreignKeys } = getTableConfig(table)
    const inKey = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)))
    for (const column of own) {
      const type = column.getSQLType().replace('timestamp (3)', 'timestamp(3)')
      const isSet = column.notNull || column.primary || inKey.has(column.name)
      yield [`column ${name}.${column.name}`, `${type}${isSet ? ' not null' : ''}`]
    }
    for (const { config } of indexes) yield [`index ${config.name}`, 'valid']
    for (const key of foreignKeys) yield [`reference ${key.getName()}`, 'valid']
    yield [`key ${name}`, 'valid']
  }
  yield ['index edition_words_words_idx', 'valid']
}
