import { boolean, customType, index, integer, json, pgTable, primaryKey, uniqueIndex } from 'drizzle-orm/pg-core'

/** A UTC instant. The driver's own text form is not ISO 8601, so it is converted here, to the millisecond. */
const instant = customType<{ data: string; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  fromDriver: (value) => new Date(value).toISOString(),
})

/** Sorted by code point whatever the database's locale is, as SQLite sorts; otherwise pages would differ. */
const text = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' })

/** `json`, not `jsonb`: it keeps the order of keys, as SQLite does, and nothing is queried inside. */
export const columns = { table: pgTable, text, integer, boolean, instant, json, index, uniqueIndex, primaryKey }

/** The whole vocabulary of table definitions. A new kind of column is a decision made in both kits, side by side. */
export type Columns = typeof columns
