import { isWebAddress } from '../../shared/fields.ts'
import { isObject } from '../../shared/json.ts'
import type { Source } from './format.ts'
import type { JsonPath, Pick } from './json-reader.ts'
import { pickedValues } from './json-stream.ts'

// What the posts of a Ghost export refer to, which may stand before or after them: read first, in a pass of its own. Of each
// table only the members named here are read, so keys, digests of passwords and the addresses of members are never put
// together; a setting is dropped at once where its name is not one of those below.

export interface GhostTag {
  name: string
  slug: string
  isInternal: boolean
  description: string
}
export interface GhostUser {
  name: string
  slug: string
  website: string | undefined
  /** A few sentences about them, and the address of their picture. */
  bio: string
  image: string
}

export interface GhostTables {
  tags: Map<string, GhostTag>
  users: Map<string, GhostUser>
  tagsOf: Map<string, string[]>
  authorsOf: Map<string, string[]>
  meta: Map<string, Record<string, string>>
  /** Where the site was, without a "/" at its end, where the export says so. */
  site: string | undefined
  /** "/:slug/", or what old versions had. */
  permalinks: string
  language: string | undefined
  /** Whether there is code that was put into every page. */
  hasInjection: boolean
}

/** What Ghost writes in place of the address of the site. */
export const SITE = '__GHOST_URL__'

export const META = [
  'feature_image_alt',
  'feature_image_caption',
  'meta_title',
  'meta_description',
  'og_title',
  'og_description',
  'twitter_title',
  'twitter_description',
  'email_subject',
] as const

const MEMBERS = new Map<string, ReadonlySet<string>>([
  ['tags', new Set(['id', 'name', 'slug', 'visibility', 'description'])],
  ['users', new Set(['id', 'name', 'slug', 'website', 'bio', 'profile_image'])],
  ['posts_tags', new Set(['post_id', 'tag_id', 'sort_order'])],
  ['posts_authors', new Set(['post_id', 'author_id', 'sort_order'])],
  ['posts_meta', new Set(['post_id', ...META])],
  ['settings', new Set(['key', 'value'])],
])

/** The table of a row: `{db:[{data}]}`, `{data}` and bare tables are the same. */
export function tableOf(path: JsonPath): string | undefined {
  const first = path[0] === 'db' && path[1] === '*' ? 2 : 0
  const at = path[first] === 'data' ? first + 1 : first
  return path.length === at + 2 && path[at + 1] === '*' ? path[at] : undefined
}

const pick: Pick = (path) => {
  if (path.at(-1) === 'url' && path.at(-2) === 'meta') return true
  const table = tableOf(path)
  return table === undefined ? false : (MEMBERS.get(table) ?? false)
}

/** A text of its own: a piece of the text of the file would keep all of that in memory. */
const own = (value: unknown): string => Buffer.from(scalar(value), 'utf16le').toString('utf16le')

/** Ids are texts or, in old versions, numbers; nothing else is made a text. */
const scalar = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '')

export async function tablesOf(source: Source, encoding: string | undefined): Promise<GhostTables> {
  const tables: GhostTables = {
    tags: new Map(),
    users: new Map(),
    tagsOf: new Map(),
    authorsOf: new Map(),
    meta: new Map(),
    site: undefined,
    permalinks: '/:slug/',
    language: undefined,
    hasInjection: false,
  }
  const orders = { tags: new Map<string, Placed[]>(), authors: new Map<string, Placed[]>() }
  for await (const found of pickedValues(source, pick, { encoding })) {
    if ('fault' in found) continue
    const { path, value: row } = found
    if (typeof row === 'string') setSite(tables, row)
    if (isObject(row)) take(tables, orders, tableOf(path), row)
  }
  tables.tagsOf = sorted(orders.tags)
  tables.authorsOf = sorted(orders.authors)
  return tables
}

interface Placed {
  id: string
  order: number
}

type Orders = { tags: Map<string, Placed[]>; authors: Map<string, Placed[]> }

function take(tables: GhostTables, orders: Orders, table: string | undefined, row: Record<string, unknown>): void {
  const { id, name, slug } = row
  const place = (map: Map<string, Placed[]>, other: unknown) => {
    const post = own(row.post_id)
    const list = map.get(post) ?? []
    list.push({ id: own(other), order: typeof row.sort_order === 'number' ? row.sort_order : list.length })
    map.set(post, list)
  }
  if (table === 'tags') {
    const isInternal = row.visibility === 'internal' || scalar(name).startsWith('#')
    tables.tags.set(own(id), { name: own(name), slug: own(slug), isInternal, description: own(row.description) })
  } else if (table === 'users') {
    const website = typeof row.website === 'string' && isWebAddress(row.website) ? own(row.website) : undefined
    const [bio, image] = [own(row.bio), own(row.profile_image)]
    tables.users.set(own(id), { name: own(name), slug: own(slug), website, bio, image })
  } else if (table === 'posts_tags') place(orders.tags, row.tag_id)
  else if (table === 'posts_authors') place(orders.authors, row.author_id)
  else if (table === 'posts_meta') {
    const said = META.flatMap((each) =>
      typeof row[each] === 'string' && row[each] !== '' ? [[each, own(row[each])]] : [],
    )
    if (said.length > 0) tables.meta.set(own(row.post_id), Object.fromEntries(said))
  } else if (table === 'settings') set(tables, scalar(row.key), row.value)
}

/** Of the settings only these are looked at; among the others are passwords and keys. */
function set(tables: GhostTables, key: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') return
  if (key === 'url' || key === 'site_url') setSite(tables, value)
  else if (key === 'permalinks' && value.startsWith('/')) tables.permalinks = own(value)
  else if (key === 'locale' || key === 'lang' || key === 'default_locale') tables.language = own(value)
  else if (/^(?:codeinjection|ghost)_(?:head|foot)$/.test(key)) tables.hasInjection = true
}

function setSite(tables: GhostTables, address: string): void {
  if (isWebAddress(address)) tables.site = own(address.replace(/\/$/, ''))
}

const sorted = (orders: Map<string, Placed[]>): Map<string, string[]> =>
  new Map(Array.from(orders, ([post, list]) => [post, list.sort((a, b) => a.order - b.order).map(({ id }) => id)]))
