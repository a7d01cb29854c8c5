import Sqlite from 'better-sqlite3'
import { getTableConfig } from 'drizzle-orm/pg-core'
import pg from 'pg'
import { columns } from '../../src/db/columns.postgres.ts'
import { defineTables } from '../../src/db/tables.ts'

/** A table in words that belong to neither engine. */
export interface TableShape {
  columns: Record<string, { type: string; nullable: boolean; standard: string | null }>
  primaryKey: string[]
  indexes: Record<string, { unique: boolean; columns: string[] }>
  foreignKeys: string[]
}
type Shapes = Record<string, TableShape>

const kinds: Record<string, string> = {
  'text COLLATE "C"': 'text',
  'timestamp (3) with time zone': 'instant',
  integer: 'integer',
  bigint: 'long',
  tsvector: 'words',
  boolean: 'boolean',
  json: 'json',
}

/** The tables as src/db/tables.ts defines them. */
export function definedTables(): Shapes {
  const named = Object.values(defineTables(columns)).map((table) => {
    const config = getTableConfig(table)
    const inline = config.columns.filter((column) => column.primary).map((column) => column.name)
    const composite = config.primaryKeys.flatMap((key) => key.columns.map((column) => column.name))
    const shape: TableShape = {
      columns: Object.fromEntries(
        config.columns.map((column) => [
          column.name,
          {
            type: kinds[column.getSQLType()] ?? `unknown: ${column.getSQLType()}`,
            nullable: !column.notNull && !inline.includes(column.name),
            standard: column.hasDefault ? String(column.default) : null,
          },
        ]),
      ),
      primaryKey: [...inline, ...composite],
      indexes: Object.fromEntries(
        config.indexes.map(({ config: index }) => [
          index.name ?? '',
          {
            unique: index.unique,
            columns: index.columns.map((column) => ('name' in column ? String(column.name) : '')),
          },
        ]),
      ),
      foreignKeys: config.foreignKeys.map((key) => {
        const { columns: from, foreignTable, foreignColumns } = key.reference()
        const to = getTableConfig(foreignTable).name
        return `${from.map(({ name }) => name)} -> ${to}(${foreignColumns.map(({ name }) => name)})`
      }),
    }
    return [config.name, shape] as const
  })
  return Object.fromEntries(named)
}

/** The tables as the database at `url` has them. */
export const storedTables = (url: string): Promise<Shapes> =>
  url.startsWith('file:') ? sqliteTables(url.slice('file:'.length)) : postgresTables(url)

async function sqliteTables(file: string): Promise<Shapes> {
  const client = new Sqlite(file, { readonly: true })
  const rows = <T>(sql: string) => client.prepare(sql).all() as T[]
  const names = rows<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name <> '__drizzle_migrations' and name not like 'edition_words_index%'",
  )
  const shapes = names.map(({ name }) => {
    const info = rows<{ name: string; type: string; notnull: number; dflt_value: string | null; pk: number }>(
      `pragma table_info(${name})`,
    )
    const indexes = rows<{ name: string; unique: number; origin: string }>(`pragma index_list(${name})`)
    const shape: TableShape = {
      columns: Object.fromEntries(
        info.map((each) => [each.name, { type: each.type, nullable: each.notnull === 0, standard: each.dflt_value }]),
      ),
      primaryKey: info
        .filter(({ pk }) => pk > 0)
        .sort((a, b) => a.pk - b.pk)
        .map((each) => each.name),
      indexes: Object.fromEntries(
        indexes
          .filter(({ origin }) => origin === 'c')
          .map((index) => [
            index.name,
            {
              unique: index.unique === 1,
              columns: rows<{ name: string }>(`pragma index_info(${index.name})`).map((each) => each.name),
            },
          ]),
      ),
      foreignKeys: rows<{ from: string; table: string; to: string }>(`pragma foreign_key_list(${name})`).map(
        ({ from, table, to }) => `${from} -> ${table}(${to})`,
      ),
    }
    return [name, shape] as const
  })
  client.close()
  return Object.fromEntries(shapes)
}

async function postgresTables(url: string): Promise<Shapes> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows: all } = await client.query(`
    select c.relname as name,
      (select json_object_agg(a.attname, json_build_object(
         'type', format_type(a.atttypid, a.atttypmod) || coalesce(' ' || quote_ident(l.collname), ''),
         'nullable', not a.attnotnull, 'standard', pg_get_expr(d.adbin, d.adrelid)))
       from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       left join pg_collation l on l.oid = a.attcollation
       where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      (select json_object_agg(i.relname, json_build_object('unique', x.indisunique, 'primary', x.indisprimary, 'columns',
         (select json_agg(a.attname order by k.n) from unnest(x.indkey) with ordinality k(at, n)
          join pg_attribute a on a.attrelid = c.oid and a.attnum = k.at)))
       from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = c.oid) as indexes,
      (select json_agg(pg_get_constraintdef(f.oid)) from pg_constraint f where f.conrelid = c.oid and f.contype = 'f') as keys
    from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'`)
  await client.end()
  type Index = { unique: boolean; primary: boolean; columns: string[] }
  return Object.fromEntries(
    all.map(({ name, columns, indexes, keys }) => {
      const made = Object.entries((indexes ?? {}) as Record<string, Index>)
      const shape: TableShape = {
        columns,
        primaryKey: made.find(([, index]) => index.primary)?.[1].columns ?? [],
        indexes: Object.fromEntries(
          made
            .filter(([, index]) => !index.primary)
            .map(([key, { unique, columns: of }]) => [key, { unique, columns: of }]),
        ),
        foreignKeys: ((keys ?? []) as string[]).map((each) =>
          each.replace(/^FOREIGN KEY \((.+)\) REFERENCES (.+)$/, '$1 -> $2'),
        ),
      }
      return [name, shape]
    }),
  )
}
