import { isWebAddress } from '../../shared/fields.ts'
import { isObject } from '../../shared/json.ts'
import { instantOf } from './dates.ts'
import type { ArticleRecord, ImportRecord, Publication } from './format.ts'
import { associatedWith } from './ninjs-media.ts'
import { bodyIn, type Item, type Members, membersOf, string, wordsOf } from './ninjs-words.ts'

// One item of ninjs 1, 2 or 3, or of Superdesk, as a record.

/** Known, and without a meaning for an article: which form the item has, and what its parts are counted as. */
const OF_THE_FORM = [
  ...['standard', 'representationtype', 'version', 'profile', 'charcount', 'wordcount', 'readtime', 'mimetype', 'type'],
  ...['evolvedfrom', 'renditions', '_id', '_etag', '_links', '_created', '_updated', '_type', 'guid', 'uri'],
]

/** As they are called in the notes. */
const NAMES = new Map([
  ['usageterms', 'usage terms'],
  ['copyrightholder', 'copyright holder'],
  ['copyrightnotice', 'copyright notice'],
  ['rightsinfo', 'rights'],
])
const called = (name: string): string => NAMES.get(name) ?? name.slice(0, 60)

export function itemRecord(item: unknown, line: number): ImportRecord {
  if (!isObject(item)) return { kind: 'failed', line, why: 'It is no item of ninjs.' }
  const members = membersOf(item)
  const id = string(members.take('uri')) ?? string(members.take('guid', '_id'))
  const place = { line, ...(id !== undefined && { id }) }
  if (id === undefined) return { kind: 'failed', ...place, why: 'It has neither a uri nor a guid.' }
  const status = string(members.take('pubstatus'))?.toLowerCase() ?? 'usable'
  if (status === 'canceled' || status === 'cancelled') return { kind: 'skipped', ...place, why: 'It was canceled.' }
  try {
    const type = string(item.type) ?? 'text'
    const hasText = ['headline', 'headlines', 'bodies', 'body_html', 'body_xhtml', 'body_text'].some(
      (name) => name in item,
    )
    if (type !== 'text' && !(type === 'composite' && hasText))
      return { kind: 'skipped', ...place, why: `It is no text, but of the type "${type.slice(0, 60)}".` }
    return { ...place, ...articleOf(id, members, status, type) }
  } catch (error) {
    // Of the readers of HTML: too deep, too much.
    const why = error instanceof Error ? error.message : 'It cannot be read'
    return { kind: 'failed', ...place, why: `${why.replace(/\.$/, '')}.` }
  }
}

function articleOf(id: string, members: Members, status: string, type: string): ArticleRecord {
  const notes: string[] = []
  const warnings: string[] = []
  if (type !== 'text') warnings.push(`It is of the type "${type}", and is an article here.`)
  const words = wordsOf(members, notes, warnings)
  const body = bodyIn(members, notes, warnings) ?? { text: '' }
  const publication = publicationOf(members, status, warnings)
  const { image, links } = associatedWith(
    members.take('associations'),
    'html' in body ? body.html : '',
    notes,
    warnings,
  )
  const edNote = string(members.take('ednote'))
  if (edNote !== undefined) notes.push(edNote)
  const byline = string(members.take('by', 'byline'))
  const dateline = members.take('dateline')
  const located = string(members.take('located')) ?? string(isObject(dateline) ? dateline.text : dateline)
  const { section, tags } = termsOf(members, notes, warnings)
  const { authors, source } = peopleOf(members, notes, warnings)
  const slugline = string(members.take('slugline'))
  const isSlug = slugline !== undefined && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(slugline)
  if (slugline !== undefined && !isSlug) notes.push(`slugline: ${slugline}`)
  const canonicalUrl = canonicalIn(members, notes)
  const language = string(members.take('language'))
  members.take(...OF_THE_FORM)
  const rest = members.left()
  for (const [name, value] of rest)
    notes.push(`${called(name)}: ${(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 4_000)}`)
  if (rest.length > 0)
    warnings.push(`No field here has ${rest.map(([name]) => called(name)).join(', ')}: kept in the notes.`)
  return {
    kind: 'article',
    externalId: `ninjs:${id}`,
    fields: {
      ...words,
      ...(isSlug && { slug: slugline }),
      ...(language !== undefined && { language: languageOf(language) }),
      ...(byline !== undefined && { byline: byline.trim() }),
      ...(located !== undefined && { dateline: located.trim() }),
      ...(section && { section }),
      tags,
      authors,
      ...(image && { image }),
      ...(source && { source }),
      ...(canonicalUrl !== undefined && { canonicalUrl }),
      ...(notes.length > 0 && { notes: notes.join('\n') }),
    },
    body,
    derived: [],
    publication,
    formerAddresses: [],
    links,
    warnings,
  }
}

function publicationOf(members: Members, status: string, warnings: string[]): Publication {
  const dateIn = (...names: string[]): string | undefined => {
    const given = names.map((name) => members.take(name)).find((value) => value !== undefined)
    const at = instantOf(given)
    if (at === undefined && given !== undefined)
      warnings.push(`Its ${names[0]} is no date that is known, and is left out.`)
    return at
  }
  const updatedAt = dateIn('versioncreated')
  const publishedAt = dateIn('firstpublished') ?? dateIn('firstcreated')
  const createdAt = dateIn('contentcreated')
  members.take('firstcreated')
  const embargo = dateIn('embargoeduntil', 'embargoed')
  const liveUntil = dateIn('expires')
  const until = liveUntil === undefined ? {} : { liveUntil }
  // Dateline, for one, calls what is under embargo withheld.
  if (embargo !== undefined && (updatedAt === undefined || embargo > updatedAt))
    return { state: 'scheduled', liveFrom: embargo, isCertain: true, ...until }
  if (status === 'withheld') return { state: 'draft' }
  if (status !== 'usable') {
    warnings.push(`Its status "${status.slice(0, 60)}" is not known: it is a draft here.`)
    return { state: 'draft' }
  }
  const date = publishedAt ?? createdAt ?? updatedAt
  if (date === undefined) {
    warnings.push('It was published without a date that can be read: it is a draft here.')
    return { state: 'draft' }
  }
  return { state: 'published', publishedAt: date, updatedAt, ...until }
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value])

/** Subjects, keywords, and whom and what it is about. */
function termsOf(members: Members, notes: string[], warnings: string[]) {
  const names = ['subjects', 'subject', 'keywords', 'keyword', 'organisations', 'organisation', 'places', 'place']
  const all = [...names, 'events', 'event', 'objects', 'object'].flatMap((name) => list(members.take(name)))
  let section: { name: string; slug?: string } | undefined
  const tags: { name: string; slug?: string; uri?: string }[] = []
  const seen = new Set<string>()
  for (const each of all) {
    const given: Item = isObject(each) ? each : { name: each }
    const name = string(given.name)?.trim() ?? string(given.literal) ?? string(given.code)
    if (name === undefined) continue
    const literal = string(given.literal)
    const slug = literal !== undefined && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(literal) ? { slug: literal } : {}
    if (given.rel === 'section' && section === undefined) {
      section = { name, ...slug }
      continue
    }
    const uri = string(given.uri) ?? string(given.qcode) ?? (literal === undefined ? string(given.code) : undefined)
    const isWeb = uri !== undefined && isWebAddress(uri)
    if (uri !== undefined && !isWeb && uri !== name) {
      notes.push(`${name}: ${uri}`)
      warnings.push(`The id of the subject "${name.slice(0, 100)}" is no web address; it is in the notes.`)
    }
    const key = JSON.stringify([name, isWeb ? uri : undefined])
    if (seen.has(key)) continue
    seen.add(key)
    tags.push({ name, ...slug, ...(isWeb && { uri }) })
  }
  return { section, tags }
}

/** Who wrote it, where it comes from, and who is in it. */
function peopleOf(members: Members, notes: string[], warnings: string[]) {
  const authors: { name: string; url?: string }[] = []
  let source: { name: string; url?: string } | undefined
  const seen = new Set<string>()
  const url = (uri: unknown) => (isWebAddress(string(uri) ?? '') ? { url: string(uri) as string } : {})
  const add = (who: unknown, role: string | undefined) => {
    const given: Item = isObject(who) ? who : { name: who }
    const name = (string(given.name) ?? string(given.literal))?.trim()
    if (name === undefined) return
    const kind = role ?? (string(given.role) ?? string(given.rel))?.toLowerCase().replace(/^.*:/, '')
    if (kind === undefined || /^(?:author|writer|creator|byline|reporter)$/.test(kind)) {
      if (!seen.has(name)) authors.push({ name, ...url(given.uri) })
      seen.add(name)
    } else if (kind === 'source' && source === undefined) source = { name, ...url(given.uri) }
    else {
      notes.push(`${kind}: ${name}`)
      warnings.push(`"${name.slice(0, 100)}" (${kind.slice(0, 60)}) is kept in the notes.`)
    }
  }
  for (const each of list(members.take('authors'))) add(each, undefined)
  for (const each of list(members.take('infosources'))) add(each, undefined)
  for (const each of list(members.take('infosource'))) add(each, isObject(each) && each.role ? undefined : 'source')
  for (const each of [...list(members.take('people')), ...list(members.take('person'))])
    add(each, isObject(each) && (each.rel || each.role) ? undefined : 'about')
  add(members.take('source'), 'source')
  return { authors, source }
}

/** Where the original is; other ids go into the notes. */
function canonicalIn(members: Members, notes: string[]): string | undefined {
  let canonical: string | undefined
  for (const each of list(members.take('altids', 'altid'))) {
    const { role, value } = isObject(each) ? each : { role: undefined, value: each }
    const id = string(value)
    if (role === 'canonical' && id !== undefined && isWebAddress(id)) canonical = id
    else if (id !== undefined) notes.push(`other id: ${id}`)
  }
  return canonical
}

function languageOf(given: string): string {
  try {
    return Intl.getCanonicalLocales(given.replaceAll('_', '-'))[0] ?? given
  } catch {
    return given
  }
}
