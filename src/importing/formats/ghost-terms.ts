import { isWebAddress } from '../../shared/fields.ts'
import type { TermRecord } from './format.ts'
import type { Saying } from './ghost-cards.ts'
import { type GhostTables, SITE } from './ghost-tables.ts'
import { definition, named } from './term-records.ts'

// The tags and authors of Ghost: what a post has of them, and what they say of themselves.

/** Ghost's first tag is its primary one, by which sites are built: it is the section here. */
export function termsOf(post: string, tables: GhostTables, say: Saying) {
  const all = (tables.tagsOf.get(post) ?? []).flatMap((id) => tables.tags.get(id) ?? missing('tag', say))
  const internal = all.filter(({ isInternal }) => isInternal)
  if (internal.length > 0) say.warn(`Internal tags are left out: ${internal.map(({ name }) => name).join(', ')}.`)
  const [section, ...tags] = all.filter(({ isInternal }) => !isInternal).map(named)
  return { ...(section && { section }), tags }
}

export function authorsOf(legacyId: string | undefined, key: string, tables: GhostTables, say: Saying) {
  const ids = tables.authorsOf.get(key) ?? (legacyId === undefined ? [] : [legacyId])
  return ids
    .flatMap((id) => tables.users.get(id) ?? missing('author', say))
    .map((user) => ({ ...named(user), ...(user.website !== undefined && { url: user.website }) }))
}

function missing(what: string, say: Saying): [] {
  say.warn(`It has a ${what} that is not in the export.`)
  return []
}

/** What tags and the authors of posts say of themselves besides their names. Who has written nothing is nobody's business. */
export function definedIn(tables: GhostTables): TermRecord[] {
  const isPublic = (id: string) => tables.tags.get(id)?.isInternal === false
  const lists = Array.from(tables.tagsOf.values(), (ids) => ids.filter(isPublic))
  const used = {
    section: new Set(lists.flatMap(([first]) => first ?? [])),
    tag: new Set(lists.flatMap(([, ...rest]) => rest)),
  }
  const terms = (['section', 'tag'] as const).flatMap((term) =>
    [...used[term]].flatMap((id) => {
      const tag = tables.tags.get(id)
      const description = tag?.description.trim()
      return tag && description ? definition(term, tag, { description }) : []
    }),
  )
  const writers = new Set([...tables.authorsOf.values()].flat())
  const authors = [...writers].flatMap((id) => {
    const user = tables.users.get(id)
    if (user === undefined) return []
    const warnings: string[] = []
    const [bio, picture] = [user.bio.trim(), user.image.trim().replace(SITE, tables.site ?? '')]
    const hasPicture = isWebAddress(picture)
    if (picture !== '' && !hasPicture) warnings.push(`Its picture is at no web address, and is left out: ${picture}`)
    const fields = {
      ...(bio !== '' && { description: bio }),
      ...(user.website !== undefined && { url: user.website }),
      ...(hasPicture && { image: { url: picture, alt: '' } }),
    }
    return Object.keys(fields).length + warnings.length === 0 ? [] : definition('author', user, fields, warnings)
  })
  return [...terms, ...authors]
}
