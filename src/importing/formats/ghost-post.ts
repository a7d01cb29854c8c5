import { fromHtml } from '../../body/from-html.ts'
import { toText } from '../../body/to-text.ts'
import { isWebAddress } from '../../shared/fields.ts'
import { isDeeperThan } from '../../shared/json.ts'
import { instantOf } from './dates.ts'
import type { ArticleRecord, ImportRecord, Publication, SourceBody } from './format.ts'
import type { Saying } from './ghost-cards.ts'
import { lexicalHtml } from './ghost-lexical.ts'
import { mobiledocHtml } from './ghost-mobiledoc.ts'
import { type GhostTables, SITE } from './ghost-tables.ts'
import { authorsOf, termsOf } from './ghost-terms.ts'

// One post of a Ghost export as a record.

/** The members of a post that are read; any other is not. */
export const POST_MEMBERS: ReadonlySet<string> = new Set(
  (
    'id uuid title slug html lexical mobiledoc plaintext custom_excerpt feature_image feature_image_alt feature_image_caption ' +
    'image status visibility type page published_at updated_at created_at author_id canonical_url locale language ' +
    'codeinjection_head codeinjection_foot meta_title meta_description email_only'
  ).split(' '),
)
const NESTING_MAX = 200

type Post = Record<string, unknown>

export function postRecord(post: Post, tables: GhostTables, line: number): ImportRecord {
  const id = text(post.uuid) ?? text(post.id)
  const place = { line, ...(id !== undefined && { id }) }
  if (id === undefined) return { kind: 'failed', ...place, why: 'It has neither an id nor a uuid.' }
  try {
    return { ...place, ...articleOf(post, id, tables) }
  } catch (error) {
    // Of the converters of texts: too deep, too much, too dear to read.
    return { kind: 'failed', ...place, why: error instanceof Error ? sentence(error.message) : 'It cannot be read.' }
  }
}

function articleOf(post: Post, id: string, tables: GhostTables): ArticleRecord {
  const key = text(post.id) ?? ''
  const warnings = new Set<string>()
  const notes: string[] = []
  let isGated = false
  const say: Saying = {
    warn: (warning) => warnings.add(warning),
    note: (note) => notes.push(note),
    gated: () => {
      isGated = true
    },
  }
  const placed = (value: string): string => withSite(value, tables, say)
  const meta = { ...ownMeta(post), ...tables.meta.get(key) }
  const body = bodyOf(post, say, placed)
  if ('html' in body && /kg-gated-block:begin[^>]{0,200}nonMember:false/.test(body.html)) isGated = true
  const image = imageOf(post, meta, say, placed)
  const canonicalUrl = webAddress('canonical_url', post.canonical_url, say, placed)
  const more = [
    'meta_title',
    'meta_description',
    'og_title',
    'og_description',
    'twitter_title',
    'twitter_description',
    'email_subject',
  ]
  const extra = more.filter((name) => meta[name] !== undefined)
  for (const name of extra) notes.push(`${name}: ${meta[name]}`)
  if (extra.length > 0) say.warn(`What other sites and e-mails were told is kept in the notes: ${extra.join(', ')}.`)
  if (text(post.codeinjection_head) !== undefined || text(post.codeinjection_foot) !== undefined)
    say.warn('Code that was put into its page is left out.')
  if (post.type === 'page' || post.page === true || post.page === 1) say.warn('It was a page, and is an article here.')
  const publication = publicationOf(post, isGated, say)
  const slug = text(post.slug)
  const wasPublic = post.status === 'published' && slug !== undefined
  const standfirst = text(post.custom_excerpt)
  const language = languageOf(post, tables, say)
  return {
    kind: 'article',
    externalId: `ghost:${id}`,
    fields: {
      headline: text(post.title) ?? '',
      ...(slug !== undefined && { slug }),
      ...(standfirst !== undefined && { standfirst }),
      ...(language !== undefined && { language }),
      ...(image && { image }),
      ...(canonicalUrl !== undefined && { canonicalUrl }),
      ...termsOf(key, tables, say),
      authors: authorsOf(text(post.author_id), key, tables, say),
      ...(notes.length > 0 && { notes: notes.join('\n') }),
    },
    body,
    derived: [],
    publication,
    formerAddresses: wasPublic ? [addressOf(post, slug, key, tables)] : [],
    links: [],
    warnings: [...warnings],
  }
}

/** HTML as Ghost rendered it; else what the editors kept; else plain text. */
function bodyOf(post: Post, say: Saying, placed: (value: string) => string): SourceBody {
  const rendered = text(post.html)
  if (rendered !== undefined) {
    if (/<script\b/i.test(rendered)) say.warn('A script in its text is left out.')
    return { html: placed(rendered) }
  }
  const lexical = parsed(post.lexical, 'lexical')
  const mobiledoc = lexical === undefined ? parsed(post.mobiledoc, 'mobiledoc') : undefined
  const html = lexical === undefined ? mobiledocHtml(mobiledoc, say) : lexicalHtml(lexical, say)
  const plain = text(post.plaintext)
  if (html === undefined && (lexical ?? mobiledoc) !== undefined && plain === undefined)
    throw new Error('its text is in a form of the editor that is not known')
  if (html === undefined) {
    if (plain !== undefined) say.warn('It has its text as plain text only.')
    return { text: placed(plain ?? '') }
  }
  if (/<script\b/i.test(html)) say.warn('A script in its text is left out.')
  return { html: placed(html) }
}

function parsed(value: unknown, name: string): unknown {
  const written = text(value)
  if (written === undefined) return undefined
  let document: unknown
  try {
    document = JSON.parse(written)
  } catch {
    throw new Error(`its ${name} is not valid JSON`)
  }
  if (isDeeperThan(NESTING_MAX, document)) throw new Error(`its ${name} is nested more than ${NESTING_MAX} levels deep`)
  return document
}

/** Ghost writes a word where the address of the site belongs. */
function withSite(value: string, { site }: GhostTables, say: Saying): string {
  if (!value.includes(SITE)) return value
  if (site === undefined)
    say.warn('The export does not say where the site was: addresses on it are kept as paths ("/content/…").')
  return value.replaceAll(SITE, site ?? '')
}

function webAddress(name: string, value: unknown, say: Saying, placed: (value: string) => string): string | undefined {
  const given = text(value)
  if (given === undefined) return undefined
  const address = placed(given)
  if (isWebAddress(address)) return address
  say.warn(`Its ${name} is no web address; it is in the notes.`)
  say.note(`${name}: ${address}`)
  return undefined
}

function imageOf(post: Post, meta: Record<string, string>, say: Saying, placed: (value: string) => string) {
  const url = webAddress('feature_image', post.feature_image ?? post.image, say, placed)
  const written = meta.feature_image_caption
  const caption = written === undefined ? '' : toText(fromHtml(placed(written))).trim()
  if (url === undefined) {
    for (const each of [meta.feature_image_alt, caption]) if (each) say.note(`feature_image: ${each}`)
    return undefined
  }
  if (written !== undefined && /<a\s/i.test(written)) say.warn('The caption of its image is kept without its links.')
  return { url, alt: meta.feature_image_alt ?? '', ...(caption !== '' && { caption }) }
}

function publicationOf(post: Post, hasGate: boolean, say: Saying): Publication {
  const status = text(post.status) ?? 'draft'
  const visibility = text(post.visibility) ?? 'public'
  const dateOf = (name: string): string | undefined => {
    const at = instantOf(post[name])
    if (at === undefined && text(post[name]) !== undefined)
      say.warn(`Its ${name} is no date that is known, and is left out.`)
    return at
  }
  const publishedAt = dateOf('published_at')
  const updatedAt = dateOf('updated_at')
  const draft = (why?: string): Publication => {
    if (why !== undefined) say.warn(`${why}: it is a draft here.`)
    return { state: 'draft' }
  }
  if (status === 'draft') return draft()
  if (visibility !== 'public') return draft(`Not everybody could read it (visibility "${visibility.slice(0, 60)}")`)
  if (hasGate) return draft('A part of it was for members only')
  if (status === 'sent' || post.email_only === true || post.email_only === 1) return draft('It was sent by e-mail only')
  if (status === 'published')
    return publishedAt === undefined
      ? draft('It was published without a date that can be read')
      : { state: 'published', publishedAt, updatedAt }
  if (status !== 'scheduled') return draft(`Its status "${status.slice(0, 60)}" is not known`)
  return publishedAt === undefined
    ? draft('It was scheduled without a date')
    : { state: 'scheduled', liveFrom: publishedAt }
}

function languageOf(post: Post, tables: GhostTables, say: Saying): string | undefined {
  const given = text(post.locale) ?? text(post.language) ?? tables.language
  if (given === undefined) return undefined
  try {
    return Intl.getCanonicalLocales(given.replaceAll('_', '-'))[0]
  } catch {
    say.warn(`Its language "${given.slice(0, 40)}" is not known, and is left out.`)
    return undefined
  }
}

/** Under which path it was: what routes.yaml changed is not in the export. */
function addressOf(post: Post, slug: string, key: string, tables: GhostTables): string {
  const at = instantOf(post.published_at) ?? ''
  const [tag] = (tables.tagsOf.get(key) ?? []).flatMap((id) => tables.tags.get(id) ?? [])
  const [author] = (tables.authorsOf.get(key) ?? [text(post.author_id) ?? '']).flatMap(
    (id) => tables.users.get(id) ?? [],
  )
  const parts: Record<string, string | undefined> = {
    ...{ slug, id: key, year: at.slice(0, 4), month: at.slice(5, 7), day: at.slice(8, 10) },
    ...{ author: author?.slug, primary_author: author?.slug, primary_tag: tag?.slug },
  }
  const isPage = post.type === 'page' || post.page === true || post.page === 1
  const pattern = isPage ? '/:slug/' : tables.permalinks
  const path = pattern.replaceAll(/:([a-z_]+)/g, (_, name: string) => parts[name] ?? 'all')
  return (tables.site ?? '') + path
}

/** Version 2 and before kept in the post what is in posts_meta now. */
const ownMeta = (post: Post): Record<string, string> =>
  Object.fromEntries(
    ['feature_image_alt', 'feature_image_caption', 'meta_title', 'meta_description'].flatMap((name) => {
      const value = text(post[name])
      return value === undefined ? [] : [[name, value]]
    }),
  )

function text(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

const sentence = (message: string) => `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, '')}.`
