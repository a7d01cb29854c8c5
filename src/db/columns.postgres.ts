import {
  bigint,
  boolean,
  customType,
  index,
  integer,
  json,
  pgTable,
  primaryKey,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { type Words, wordFields } from '../shared/words.ts'
import { vectorOf } from './vector.ts'

/** A UTC instant. The driver's own text form is not ISO 8601, so it is converted here, to the millisecond. */
const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  fromDriver: (value) => new Date(value).toISOString(),
})

/** Sorted by code point whatever the database's locale is, as SQLite sorts; otherwise pages would differ. */
const text = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' })

/** A whole number up to 2^53, for what outgrows 32 bits. */
const long = (name: string) => bigint(name, { mode: 'number' })

/** Words to be searched for, by field. Written only: what an engine makes of them is its own. */
const words = customType<{ data: Words; driverData: string }>({
  dataType: () => 'tsvector',
  toDriver: (value) => vectorOf(wordFields.map((field) => value[field])),
})

/** `json`, not `jsonb`: it keeps the order of keys, as SQLite does, and nothing is queried inside. */
export const columns = {
  table: pgTable,
  text,
  integer,
  long,
  boolean,
  instant,
  json,
  words,
  index,
  uniqueIndex,
  primaryKey,
}

/** The whole vocabulary of table definitions. A new kind of column is a decision made in both kits, side by side. */
export type Columns = typeof columns
