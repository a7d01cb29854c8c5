import * as z from 'zod'

const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:\d{2})$/

/** What is wrong with an instant that somebody wrote, or the instant in UTC with milliseconds. */
function readInstant(value: string): { utc: string } | { fault: string } {
  const match = pattern.exec(value)
  if (!match) {
    const hasNoZone = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?$/i.test(value)
    const isDecoded = /T.* \d{2}:?\d{2}$/.test(value)
    if (isDecoded) return { fault: 'Has a blank where its offset begins: in an address a plus sign is written %2B' }
    return {
      fault: !hasNoZone
        ? 'Must be an instant as in "2026-11-22T18:00:00Z" or "2026-11-22T19:00:00+01:00" (RFC 3339)'
        : 'Must say its offset from UTC, as in "2026-11-22T18:00:00Z" or "2026-11-22T19:00:00+01:00": a time of day alone is twice or never where clocks change',
    }
  }
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '00', fraction = '', zone = ''] = match
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  // A date that does not exist is moved on without a word: 30 February becomes 2 March.
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) {
    return { fault: `There is no ${year}-${month}-${day}` }
  }
  if (Number(hour) > 23 || Number(minute) > 59) return { fault: 'Must have a time of day from 00:00:00 to 23:59:59' }
  // A leap second has no number of its own in the time that computers count.
  if (Number(second) > 59) return { fault: 'Must have seconds from 00 to 59; a leap second has no instant of its own' }
  if (/[1-9]/.test(fraction.slice(3))) return { fault: 'Must not be finer than a millisecond' }
  const [, sign = '+', zoneHour = '0', zoneMinute = '0'] = /^([+-])(\d{2}):(\d{2})$/.exec(zone) ?? []
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) return { fault: 'Must have an offset from -23:59 to +23:59' }
  const offsetMin = (Number(zoneHour) * 60 + Number(zoneMinute)) * (sign === '-' ? -1 : 1)
  date.setUTCHours(
    Number(hour),
    Number(minute) - offsetMin,
    Number(second),
    Number(fraction.slice(0, 3).padEnd(3, '0')),
  )
  const utc = date.toISOString()
  // Both engines sort these as text: one length, from the year 1 to before what stands for "no end".
  if (utc.length !== 24 || utc < '0001' || utc >= '9999') return { fault: 'Must be in the years 1 to 9998' }
  return { utc }
}

/** An instant as it is taken in: RFC 3339 with any offset. Normalised to UTC with milliseconds, so that text sorts as time. */
export const instantInput = z
  .string()
  .transform((value, context) => {
    const read = readInstant(value)
    if ('utc' in read) return read.utc
    context.addIssue({ code: 'custom', message: read.fault, input: value })
    return z.NEVER
  })
  .meta({ override: { type: 'string', format: 'date-time' }, example: '2026-11-23T06:00:00+01:00' })
