import * as z from 'zod'

/** The kinds of field that several schemas share. Each says in its message what would be right. */

/** One line of text: no line breaks, not blank, at most `max` UTF-16 code units. */
export const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((value) => !/[\n\r\u2028\u2029]/.test(value), { error: 'Must be one line, without line breaks' })
    // The empty text is too short already: one fault, one finding.
    .refine((value) => value === '' || value.trim() !== '', { error: 'Must not be blank' })

/** Text that may have several lines. */
export const prose = (max: number) => z.string().min(1).max(max)

export const SLUG_LENGTH_MAX = 120
const slugPattern = /^[a-z0-9]+(-[a-z0-9]+)*$/
const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const isUuid = (value: string): boolean => uuidPattern.test(value)

/** What the field `slug` takes. */
export const isSlug = (value: string): boolean =>
  value.length <= SLUG_LENGTH_MAX && slugPattern.test(value) && !isUuid(value)

export const slug = z
  .string()
  .max(SLUG_LENGTH_MAX)
  .regex(slugPattern, { error: 'Must be lower-case letters, digits and single hyphens, as in "talks-in-istanbul"' })
  .refine((value) => !isUuid(value), { error: 'Must not have the form of an id' })

/** An id that this API made, or that a client made in the same form. */
export const uuid = z
  .string()
  .refine(isUuid, { error: 'Must be a UUID in lower case' })
  .meta({ override: { type: 'string', format: 'uuid' } })

/** BCP 47, in its canonical form. */
export const language = z
  .string()
  .max(35)
  .refine((value) => canonicalLanguage(value) === value, {
    error: 'Must be a language tag in its usual spelling (BCP 47), as in "en", "en-GB" or "zh-Hant"',
  })
  .meta({ description: 'BCP 47 language tag', example: 'en' })

function canonicalLanguage(value: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(value)[0]
  } catch {
    return undefined
  }
}

/** An absolute http or https address without credentials. */
export const webAddress = z
  .string()
  .max(2000)
  .refine(isWebAddress, {
    error:
      'Must be a complete http or https address (RFC 3986), other characters percent-encoded, without a user name or password',
  })
  .meta({ override: { type: 'string', format: 'uri', maxLength: 2000 } })

export function isWebAddress(value: string): boolean {
  // "https:host" and "https:\\host" are an address to one program and a path to another.
  // An empty name before an "@" is one all the same.
  return /^https?:\/\/[^/?#@]+(?:[/?#]|$)/i.test(value) && uriPattern.test(value) && URL.canParse(value)
}

/** The characters of RFC 3986; a percent sign only before two hexadecimal digits. */
const uriPattern = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[\da-f]{2})+$/i

/** An instant as it is given out: ISO 8601, UTC, milliseconds. */
export const instant = z.string().meta({ override: { type: 'string', format: 'date-time' } })
