import { instantOf } from './dates.ts'
import type { Format, ImportRecord, Publication, Source } from './format.ts'
import type { Values } from './ghost-cards.ts'
import { jsonValues } from './json-stream.ts'
import { htmlOfLexical, htmlOfMobiledoc } from './lexical.ts'

// Exports of Ghost 2 to 6. Read twice, as what posts are joined with may stand anywhere. Of everything else that such a file holds
// (settings, keys, members, hashes of passwords) nothing is read.

const lists = (...names: string[]): string[] =>
  ['$.db.*.data', '$.data', '$'].flatMap((base) => names.map((name) => `${base}.${name}.*`))

export const ghost: Format = {
  name: 'ghost',
  description: 'Ghost exports (JSON, versions 2 to 6)',
  recognises: ({ head }) => {
    const text = Buffer.from(head).toString('utf8')
    return (
      /^\s*\{/.test(text) &&
      (/"db"\s*:\s*\[/.test(text) ||
        (/"exported_on"/.test(text) && /"data"/.test(text)) ||
        /"(?:mobiledoc|lexical)"\s*:/.test(text))
    )
  },
  async *read(source) {
    const joined = await joinedWith(source)
    for await (const { value, line } of jsonValues(source, lists('posts')))
      yield recordOf(value as Values, joined, line)
  },
}

interface Joined {
  tags: Map<string, Values>
  users: Map<string, string>
  tagsOf: Map<string, { id: string; order: number }[]>
  authorsOf: Map<string, { id: string; order: number }[]>
  meta: Map<string, Values>
}

async function joinedWith(source: Source): Promise<Joined> {
  const joined: Joined = { tags: new Map(), users: new Map(), tagsOf: new Map(), authorsOf: new Map(), meta: new Map() }
  const add = (map: Joined['tagsOf'], row: Values, id: unknown) => {
    const key = String(row.post_id)
    map.set(key, [...(map.get(key) ?? []), { id: String(id), order: Number(row.sort_order ?? 0) }])
  }
  for await (const { value, list } of jsonValues(
    source,
    lists('tags', 'users', 'posts_tags', 'posts_authors', 'posts_meta'),
  )) {
    const row = value as Values
    if (list === 'tags') joined.tags.set(String(row.id), { name: row.name, slug: row.slug })
    // The name alone: these rows have passwords and addresses.
    else if (list === 'users') joined.users.set(String(row.id), text(row.name))
    else if (list === 'posts_tags') add(joined.tagsOf, row, row.tag_id)
    else if (list === 'posts_authors') add(joined.authorsOf, row, row.author_id ?? row.user_id)
    else if (list === 'posts_meta') {
      const { feature_image_alt, feature_image_caption } = row
      joined.meta.set(String(row.post_id), { feature_image_alt, feature_image_caption })
    }
  }
  return joined
}

const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
const inOrder = (rows: { id: string; order: number }[] = []): string[] =>
  rows.toSorted((a, b) => a.order - b.order).map(({ id }) => id)

function recordOf(post: Values, { tags, users, tagsOf, authorsOf, meta }: Joined, line: number): ImportRecord {
  const id = String(post.uuid ?? post.id ?? '')
  if (id === '') return { kind: 'failed', line, why: 'It has no id.' }
  const warnings: string[] = []
  let html: string
  try {
    html = htmlOf(post, warnings)
  } catch (error) {
    return { kind: 'failed', line, id, why: `Its text cannot be read: ${(error as Error).message}.` }
  }
  if (html.includes(GHOST_URL) || text(post.feature_image).includes(GHOST_URL)) {
    warnings.push('Addresses of the site that exported it are kept as paths, as the export does not say where it is.')
  }
  const named: Values[] = inOrder(tagsOf.get(String(post.id)))
    .map((tag) => tags.get(tag))
    .filter((tag) => tag !== undefined)
  const internal = named.filter(({ name }) => text(name).startsWith('#'))
  for (const { name } of internal) warnings.push(`The internal tag "${text(name)}" is left out.`)
  const [section, ...others] = named.filter((tag) => !internal.includes(tag)).map(termOf)
  const byId = inOrder(authorsOf.get(String(post.id)))
  const authors = (byId.length > 0 ? byId : [String(post.author_id ?? '')]).flatMap((author) => users.get(author) || [])
  const about = meta.get(String(post.id)) ?? {}
  const image = withoutBase(text(post.feature_image))
  const isAddress = /^https?:/.test(image)
  if (image !== '' && !isAddress) warnings.push('Its picture has no web address; it is in the notes.')
  if (post.type === 'page' || post.page === true || post.page === 1)
    warnings.push('It was a page, and comes as an article.')
  if (text(post.codeinjection_head) !== '' || text(post.codeinjection_foot) !== '')
    warnings.push('Code that it put into the page is not taken.')
  const standfirst = text(post.custom_excerpt)
  const caption = text(about.feature_image_caption).replaceAll(/<[^>]*>/g, '')
  return {
    kind: 'article',
    line,
    id,
    externalId: `ghost:${id}`,
    fields: {
      headline: text(post.title),
      ...(text(post.slug) !== '' && { slug: text(post.slug) }),
      ...(standfirst !== '' && { standfirst }),
      ...(text(post.locale) !== '' && { language: text(post.locale) }),
      ...(text(post.canonical_url) !== '' && { canonicalUrl: withoutBase(text(post.canonical_url)) }),
      ...(section && { section }),
      ...(isAddress && {
        image: { url: image, alt: text(about.feature_image_alt), ...(caption !== '' && { caption }) },
      }),
      ...(image !== '' && !isAddress && { notes: `feature_image: ${image}` }),
      tags: others,
      authors: authors.map((name) => ({ name })),
    },
    body: { html: withoutBase(html) },
    derived: [],
    publication: publicationOf(post, warnings),
    formerAddresses: text(post.slug) === '' ? [] : [`/${text(post.slug)}/`],
    links: [],
    warnings,
  }
}

const GHOST_URL = '__GHOST_URL__'
const withoutBase = (value: string): string => value.replaceAll(GHOST_URL, '')

function htmlOf(post: Values, warnings: string[]): string {
  if (text(post.html) !== '') return text(post.html)
  if (text(post.lexical) !== '') return htmlOfLexical(text(post.lexical), warnings)
  return text(post.mobiledoc) === '' ? '' : htmlOfMobiledoc(text(post.mobiledoc), warnings)
}

const termOf = ({ name, slug }: Values) => ({
  name: text(name),
  ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text(slug)) && { slug: text(slug) }),
})

function publicationOf(post: Values, warnings: string[]): Publication {
  const at = instantOf(post.published_at)
  const visibility = text(post.visibility)
  const isForAll = visibility === '' || visibility === 'public'
  if (!isForAll) warnings.push(`It was for "${visibility}" only: it comes as a draft, or everybody could read it.`)
  if (!isForAll || text(post.status) === 'draft') return { state: 'draft' }
  if (text(post.status) === 'sent') {
    warnings.push('It was sent as a letter only: it comes as a draft.')
    return { state: 'draft' }
  }
  if (text(post.status) === 'scheduled' && at !== undefined) return { state: 'scheduled', liveFrom: at }
  return { state: 'published', publishedAt: at, updatedAt: instantOf(post.updated_at) }
}
