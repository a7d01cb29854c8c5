import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { isUuid, SLUG_LENGTH_MAX } from './fields.ts'
import { library } from './first-use.ts'

const slugify = library<typeof import('@sindresorhus/slugify')>('@sindresorhus/slugify')

/** Derived slugs are shorter than the limit, so that there is room for the number that tells two of them apart. */
const DERIVED_LENGTH_MAX = 80

/**
 * A slug from a headline or a name: transliterated to lower-case ASCII, cut between words. `fallback` is the answer
 * where nothing can be transliterated (Japanese, say).
 */
export function slugFrom(text: string, fallback: string): string {
  // "U.S." is one word, not two.
  const spoken = text.replaceAll(/(?<!\p{L})(?:\p{L}\.){2,}/gu, (initials) => initials.replaceAll('.', ''))
  const whole = slugify()
    .default(spoken, { decamelize: false })
    .replaceAll(/[^a-z0-9-]/g, '')
  const cut = whole.length <= DERIVED_LENGTH_MAX ? whole : whole.slice(0, DERIVED_LENGTH_MAX + 1).replace(/-[^-]*$/, '')
  const slug = cut
    .slice(0, DERIVED_LENGTH_MAX)
    .replaceAll(/^-+|-+$/g, '')
    .replaceAll(/-{2,}/g, '-')
  return slug === '' || isUuid(slug) ? fallback : slug
}

/** A newsroom has the same sections, tags and authors all day long, and to transliterate one takes longer than to store it. */
const termSlugs = new LRUCache<string, string>({ max: 2_000 })

/** A term's slug, where none is given: its name's, or for a name that cannot be transliterated one made of its bytes. */
export function termSlug({ slug, name }: { slug?: string | undefined; name: string }): string {
  if (slug !== undefined) return slug
  const own = termSlugs.get(name) ?? slugFrom(name, bytesSlug(name.normalize('NFC')))
  termSlugs.set(name, own)
  return own
}

/** The bytes of a name, or of a long one their digest, so that two that begin alike stay two. */
function bytesSlug(name: string): string {
  const bytes = Buffer.from(name).toString('hex')
  if (bytes.length <= SLUG_LENGTH_MAX) return bytes
  return createHash('sha256').update(name).digest('hex')
}
