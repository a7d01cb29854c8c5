/** The longest address a body may hold, in characters. */
export const MAX_URL = 2048

// White space, control and format characters and the backslash: the means by which one program reads a scheme where
// another reads a path ("java\tscript:", "https:\\example.org").
const AMBIGUOUS = /[\s\p{Cc}\p{Cf}\\]/u
const SCHEME = /^[a-z][a-z0-9+.-]*:/i

/** True for an absolute http or https address with a host (WHATWG URL), at most `MAX_URL` characters. */
export function isWebUrl(value: string): boolean {
  return (
    value.length <= MAX_URL &&
    !AMBIGUOUS.test(value) &&
    /^https?:\/\/[^/?#]/i.test(value) &&
    URL.canParse(value) &&
    value.isWellFormed()
  )
}

/** True for an http(s) address or a relative reference (RFC 3986) that no reader could take for another scheme. */
export function isImageUrl(value: string): boolean {
  if (isWebUrl(value)) return true
  // A colon before the first slash makes a scheme; an ampersand there could be a colon once entities are decoded
  // twice.
  const firstSegment = /^[^/?#]*/.exec(value)?.[0] ?? ''
  return (
    value !== '' &&
    value.length <= MAX_URL &&
    !AMBIGUOUS.test(value) &&
    !/[:&]/.test(firstSegment) &&
    value.isWellFormed()
  )
}

/** True for what a link may point at: http, https, mailto, tel, or a relative reference. */
export function isHref(value: string): boolean {
  const scheme = SCHEME.exec(value)?.[0].toLowerCase()
  if (scheme !== 'mailto:' && scheme !== 'tel:') return isImageUrl(value)
  return value.length > scheme.length && value.length <= MAX_URL && !AMBIGUOUS.test(value) && value.isWellFormed()
}

/**
 * Reads an address as a browser reads an attribute (WHATWG URL: trimmed, no tab or newline), escaping what is
 * ambiguous.
 */
export function cleanUrl(raw: string): string {
  if (raw.length > 2 * MAX_URL) return ''
  const first = raw.search(/[^\0- ]/)
  if (first < 0) return ''
  let end = raw.length
  while (raw.charCodeAt(end - 1) <= 0x20) end--
  return raw
    .slice(first, end)
    .toWellFormed()
    .replace(/[\t\n\r]/g, '')
    .replace(/[\s\p{Cc}\p{Cf}\\]/gu, encodeURIComponent)
}

/** As `cleanUrl`, for what must be absolute: "//host/path" becomes https. */
export function cleanWebUrl(raw: string): string {
  const url = cleanUrl(raw)
  return url.startsWith('//') ? `https:${url}` : url
}
