import { TomlDate } from 'smol-toml'

/**
 * An instant in UTC of a date as archives write it; undefined for what is none. Without a zone it is UTC, whatever the machine has;
 * without a time, midnight. A zone whose name is not known makes it no date, as any guess could be hours off.
 */
export function instantOf(value: unknown): string | undefined {
  // TOML has times of no day, which its parser hands over as dates too.
  if (value instanceof TomlDate && value.isTime()) return undefined
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString()
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const iso = ISO.exec(text)
  const ms = iso ? fromParts(iso) : fromMail(text)
  // What RFC 3339 can say: the years 0 to 9999.
  return ms >= EARLIEST && ms <= LATEST ? new Date(ms).toISOString() : undefined
}

const EARLIEST = Date.parse('0000-01-01T00:00:00Z')
const LATEST = Date.parse('9999-12-31T23:59:59.999Z')
const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?$/i
/** RFC 5322 and RFC 822, as feeds have it: "Tue, 18 Mar 2019 13:00:00 -0500", "18 Mar 19 13:00 EST". */
const MAIL =
  /^(?:[A-Za-z]{3,9}\.?,?\s+)?(\d{1,2})(?:\s+|-)([A-Za-z]{3})[a-z]{0,6}\.?(?:\s+|-)(\d{4}|\d{2})\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([A-Za-z]{1,4}|[+-]\d{2}:?\d{2})?$/
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const ZONES: Record<string, string> = {
  ...{ UT: 'Z', UTC: 'Z', GMT: 'Z', Z: 'Z' },
  ...{ EST: '-0500', EDT: '-0400', CST: '-0600', CDT: '-0500', MST: '-0700', MDT: '-0600', PST: '-0800', PDT: '-0700' },
}

function fromMail(text: string): number {
  const parts = MAIL.exec(text)
  if (!parts) return Number.NaN
  const [, day, name = '', written = '', hour, minute, second, zone = 'Z'] = parts
  const month = MONTHS.indexOf(name.toLowerCase()) + 1
  const offset = /\d/.test(zone) ? zone : ZONES[zone.toUpperCase()]
  if (month === 0 || offset === undefined) return Number.NaN
  // As RFC 5322 (4.3) reads two digits.
  const year = written.length === 4 ? written : String(Number(written) + (Number(written) < 50 ? 2000 : 1900))
  return fromParts(['', year, String(month), day ?? '', hour, minute, second, undefined, offset])
}

function fromParts([, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z']: (
  | string
  | undefined
)[]): number {
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
  if (at.getUTCMonth() !== mo - 1 || at.getUTCDate() !== d || h > 24 || mi > 59 || s > 60) return Number.NaN
  if (h === 24 && mi + s > 0) return Number.NaN
  at.setUTCHours(h, mi, s, Number(`0.${fraction || 0}`) * 1_000)
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone)
  if (!offset) return at.getTime()
  const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0)
  if (minutes > 24 * 60 || Number(offset[3] ?? 0) > 59) return Number.NaN
  return at.getTime() - (offset[1] === '-' ? -minutes : minutes) * 60_000
}
