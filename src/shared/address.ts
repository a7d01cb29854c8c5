const UNRESERVED = /[\w\-.~]/

/**
 * A web address as it is compared: spellings that RFC 3986 (6.2) calls equivalent are one, as are a host with the dot of
 * the root and without, and an empty query or fragment and none. What stands after # makes another address: entries of
 * a live blog have theirs there.
 */
export function normalisedAddress(address: string): string {
  const url = URL.parse(address)
  if (url === null) return address
  const { protocol, hostname, port, pathname, search, hash } = url
  const rest = `${pathname}${search}${hash}`.replace(/%[\da-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return UNRESERVED.test(character) ? character : code.toUpperCase()
  })
  return `${protocol}//${hostname.replace(/\.$/, '')}${port && `:${port}`}${rest}`
}
