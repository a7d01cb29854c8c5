/** The path of an address, percent-encoding undone, or undefined for what is none. */
export function pathOf(address: string): string | undefined {
  try {
    return decodeURIComponent(new URL(address, 'http://none.example').pathname)
  } catch {
    return undefined
  }
}

/**
 * The slug or id that a path of the public site names, by the pattern of its addresses; undefined for another path. A
 * section in the pattern may be any: an article is known by its slug or id alone, so a former section leads to it too.
 */
export function pathTo(pattern: string, path: string): string | undefined {
  const template = pathOf(pattern.replaceAll(/\{(\w+)\}/g, '__$1__'))
  const escaped = template?.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&') ?? ''
  const match = new RegExp(`^${escaped.replaceAll(/__\w+?__/g, '([^/]+)')}/?$`).exec(path)
  const names = [...(template ?? '').matchAll(/__(\w+?)__/g)].map(([, name]) => name)
  const at = Math.max(names.indexOf('id'), names.indexOf('slug'))
  return at < 0 ? undefined : match?.[at + 1]
}
