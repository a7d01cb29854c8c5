import { TomlDate } from 'smol-toml'

/** An instant in UTC of a date as archives write it; undefined for what is none. Without a zone it is UTC; without a time, midnight. */
export function instantOf(value: unknown): string | undefined {
  // TOML has times of no day, which its parser hands over as dates too.
  if (value instanceof TomlDate && value.isTime()) return undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const parts = ISO.exec(text)
  const ms = parts ? fromParts(parts) : fromMail(text)
  // What RFC 3339 can say: the years 0 to 9999.
  return ms >= EARLIEST && ms <= LATEST ? new Date(ms).toISOString() : undefined
}

const EARLIEST = Date.parse('0000-01-01T00:00:00Z')
const LATEST = Date.parse('9999-12-31T23:59:59.999Z')
const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/i
/** RFC 5322, as feeds have it: "Tue, 18 Mar 2019 13:00:00 -0500". */
const MAIL =
  /^(?:[A-Za-z]{3,9},?\s+)?((\d{1,2})\s+[A-Za-z]{3,9}\s+\d{4})\s+\d{1,2}:\d{2}(?::\d{2})?\s*([A-Z]{1,4}|[+-]\d{4})?$/

function fromMail(text: string): number {
  const [whole, day = '', ofMonth, zone] = MAIL.exec(text) ?? []
  // 30 February would else become 1 March.
  if (whole === undefined || new Date(`${day} UTC`).getUTCDate() !== Number(ofMonth)) return Number.NaN
  return Date.parse(zone === undefined ? `${whole} UTC` : whole)
}

function fromParts([
  ,
  year,
  month,
  day,
  hour = '0',
  minute = '0',
  second = '0',
  fraction = '',
  zone = 'Z',
]: string[]): number {
  const [y, mo, d, h, mi, s] = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const at = new Date(0)
  at.setUTCFullYear(y, mo - 1, d)
  // 30 February would else become 1 March.
  if (at.getUTCMonth() !== mo - 1 || at.getUTCDate() !== d || h > 24 || (h === 24 && mi + s > 0) || mi > 59 || s > 60)
    return Number.NaN
  at.setUTCHours(h, mi, s, Number(`0.${fraction || 0}`) * 1_000)
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (!offset) return at.getTime()
  const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0)
  return at.getTime() - (offset[1] === '-' ? -minutes : minutes) * 60_000
}
