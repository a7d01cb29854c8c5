import { Problem } from '../shared/problem.ts'

/** What a failed statement was, in words that are the same on both engines. Everything else is a fault of ours. */

interface DriverError {
  code?: unknown
  constraint?: unknown
  table?: unknown
  message?: unknown
}

/** drizzle wraps the error of `pg` and keeps it as `cause`; better-sqlite3's comes as it is. */
function* causes(error: unknown): Generator<DriverError> {
  for (let each: unknown = error; each instanceof Error; each = each.cause) yield each as DriverError
}

/** The code that the driver or the system gave it, or ''. */
export const codeOf = (error: unknown): string => {
  for (const { code } of causes(error)) if (typeof code === 'string') return code
  return ''
}

/** The SQLSTATE of a PostgreSQL failure, or ''. */
export const sqlState = (error: unknown): string => (/^[0-9A-Z]{5}$/.test(codeOf(error)) ? codeOf(error) : '')

/**
 * The name of the unique index that a failed write hit, by the rule that all of ours follow: `<table>_<column>_key`, and
 * `<table>_pkey` for primary keys; undefined for other failures. SQLite names the columns, so the name is rebuilt.
 */
export function conflictOf(error: unknown): string | undefined {
  for (const { code, constraint, table, message } of causes(error)) {
    // drizzle names a primary key of several columns in a way of its own, ending in "_pk".
    if (code === '23505') return /_pk$/.test(String(constraint)) ? `${table}_pkey` : String(constraint)
    if (code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY') {
      const failed = /constraint failed: (.+)$/.exec(String(message))?.[1]?.split(', ') ?? []
      const name = failed[0]?.split('.')[0] ?? ''
      if (code === 'SQLITE_CONSTRAINT_PRIMARYKEY') return `${name}_pkey`
      return `${name}_${failed.map((each) => each.split('.')[1]).join('_')}_key`
    }
  }
  return undefined
}

/** Whether the database has refused what was to be stored, and not the moment: the same would be refused again. */
export const isRefusedValue = (error: unknown): boolean =>
  /^(?:2[23]|54)/.test(sqlState(error)) || /^SQLITE_(?:CONSTRAINT|TOOBIG|MISMATCH|RANGE)/.test(codeOf(error))

const away =
  /^(08|57P0|53[2-4]|55P03|25006|57014|58)|^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)|^SQLITE_(BUSY|LOCKED|IOERR|READONLY|CANTOPEN)/
/** Rolled back as a whole, and tried again in vain (db/postgres.ts). */
const undone = /^(40001|40P01)$/
const full = /^(53100|SQLITE_FULL|ENOSPC)/

/** The refusal for a database that is away, busy or full; undefined where the failure is a fault of the program. */
export function databaseProblem(error: unknown): Problem | undefined {
  const code = codeOf(error)
  const timedOut = /timeout exceeded when trying to connect|Query read timeout|Connection terminated|is not queryable/
  if (full.test(code)) {
    return new Problem('storage-full', 'The storage is full. Nothing was changed.', { cause: error })
  }
  if (undone.test(code)) {
    const detail = 'Too many were writing the same at once. Nothing was changed: try again.'
    return new Problem('unavailable', detail, { cause: error, headers: { 'retry-after': '1' } })
  }
  if (away.test(code) || (error instanceof Error && [...causes(error)].some((e) => timedOut.test(String(e.message))))) {
    const detail =
      'The database does not answer. If this was a write, it may have been done: read before you try again.'
    return new Problem('unavailable', detail, { cause: error, headers: { 'retry-after': '2' } })
  }
  return undefined
}
