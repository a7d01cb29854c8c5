/**
 * A path of a site that is no more, in the one form in which it is kept and looked for: decoded, without its host and the slash at
 * its end. A query stays only where the path says nothing, as in "/?s=12", or where it is the number of a page, as WordPress has it
 * ("/blog/?p=12"): without it, that would be the address of all of them. Undefined for what names no page.
 */
export function formerPathOf(address: string): string | undefined {
  // A base that nobody has, so that a path alone is understood too.
  const url = URL.parse(address, 'http://former.invalid')
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined
  const path = decoded(url.pathname).replace(/\/+$/, '')
  const number = ['p', 'page_id'].flatMap((name) => {
    const value = url.searchParams.get(name) ?? ''
    return /^\d{1,15}$/.test(value) ? `${path}?${name}=${value}` : []
  })[0]
  const named = number ?? (path === '' ? url.search : path)
  return named === '' || named.length > PATH_LENGTH_MAX ? undefined : named
}

const PATH_LENGTH_MAX = 2_000

function decoded(path: string): string {
  try {
    const text = decodeURIComponent(path)
    return text.includes('\0') ? path : text.normalize('NFC')
  } catch {
    return path
  }
}
