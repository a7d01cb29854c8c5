// The addresses of articles on the public site, and the way back from a path to an article. A section may stand in them
// as a segment of its own; what has no section leaves that segment out.

/** The address of an article. Slugs, ids and slugs of sections need no encoding. */
export const addressOf = (pattern: string, { slug, id, section }: { slug: string; id: string; section: string }) =>
  pattern
    .replaceAll('/{section}', section === '' ? '' : `/${section}`)
    .replaceAll('{slug}', slug)
    .replaceAll('{id}', id)

const parts: Record<string, string> = {
  '{slug}': '(?<slug>[a-z0-9-]+)',
  '{id}': '(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})',
}

/**
 * What a path of the public site names, by the pattern of its addresses: the id of an article or, where the pattern has
 * none, its slug; undefined for a path of another shape. The section may be any, or left out: an article is known by its
 * slug or id alone, so that its address of another section leads to it too.
 */
export function nameIn(pattern: string, path: string): string | undefined {
  const wanted = pattern.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  const written = wanted
    .replace(/\/$/, '')
    .replaceAll(/\{\w+\}|[^{]+/g, (part) => (part.startsWith('{') ? part : escaped(decoded(part) ?? part)))
  const seen = new Set<string>()
  const template = written
    .replaceAll('/{section}', '(?:/[a-z0-9-]+)?')
    // A name may be in a pattern twice; the first counts.
    .replaceAll(/\{(?:slug|id)\}/g, (name) => {
      const part = parts[name] ?? ''
      const isSeen = seen.has(name)
      seen.add(name)
      return isSeen ? part.replace(/\?<\w+>/, '?:') : part
    })
  const found = new RegExp(`^${template}/?$`).exec(segmentsOf(path)?.join('/') ?? '')?.groups
  return found?.id ?? found?.slug
}

/** Whether two paths are the same but for the way in which they are percent-encoded. */
export const isSamePath = (address: string, path: string): boolean =>
  segmentsOf(address.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, ''))?.join('/') ===
  segmentsOf(path)?.join('/')

/** The segments of a path, percent-encoding undone; undefined where it is broken, or hides a slash. */
function segmentsOf(path: string): string[] | undefined {
  const segments = path.split('/').map(decoded)
  return segments.every((each) => each !== undefined && !each.includes('/')) ? (segments as string[]) : undefined
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
