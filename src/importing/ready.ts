import { createHash } from 'node:crypto'
import { bodyOf } from '../articles/body-form.ts'
import { contentOf } from '../articles/rules.ts'
import { type ArticleFields, ArticleReplace, HEADLINE_LENGTH_MAX } from '../articles/schema.ts'
import type { Block } from '../body/schema.ts'
import { toText } from '../body/to-text.ts'
import { count, type Rendered, renderBody } from '../publishing/edition.ts'
import { formerPathOf } from '../shared/former-path.ts'
import { Problem } from '../shared/problem.ts'
import { slugFrom, termSlug } from '../shared/slug.ts'
import { fieldErrors } from '../shared/validation.ts'
import { deriveHeadline } from './derive.ts'
import { unstorable } from './formats/encoding.ts'
import type { ArticleRecord, ImportRecord, Publication, RecordPlace } from './formats/format.ts'
import { lossesOf } from './losses.ts'
import { type Placed, readNow, type Unread } from './records.ts'

// What a record is before it comes near a database: its text as blocks, its fields as an editor could have sent them. What
// does not fit into a field is kept in the notes and reported, so that nothing is lost and nothing cut in silence.

export interface Ready {
  /** Without its text, and what became of its fields. */
  record: Omit<ArticleRecord, 'body' | 'fields'>
  /** By which it is known: a digest of the id of its source. */
  key: string
  externalId: string
  /** Of all that the source says: another one is another version. */
  digest: string
  /** The slug to begin with. */
  slug: string | undefined
  fields: ArticleFields & { headline: string }
  body: Block[]
  derived: string[]
  publication: Publication
  formerPaths: string[]
  warnings: string[]
}

const EXTERNAL_ID_MAX = 200

/** Throws an Error whose message is the reason, where the record cannot be taken. */
export function makeReady(record: ArticleRecord): Ready {
  const { body: written, fields, ...rest } = record
  const { externalId, derived, publication, formerAddresses, links } = rest
  const fault = faultIn([externalId, fields, written, links, formerAddresses])
  if (fault !== undefined) throw new Error(`The record cannot be stored as it is: ${fault}.`)
  const body = blocksOf(record)
  const warnings = [...record.warnings, ...lossesOf(written)]
  const { headline, isDerived } = headlineOf(fields.headline, body, warnings)
  const { slug, ...others } = fields
  const once = { ...others, tags: distinct(others.tags, warnings), authors: distinct(others.authors, warnings) }
  const kept = fitting({ ...once, headline }, warnings)
  const paths = [...formerAddresses, ...(record.filePaths ?? [])].map(formerPathOf)
  const formerPaths = [...new Set(paths.filter((path) => path !== undefined))]
  // As the source has it: what becomes of it here may be done better one day, and is then no change at the source.
  const said = [fields, written, publication, formerAddresses, links]
  return {
    record: rest,
    key: createHash('sha256').update(externalId).digest('hex'),
    externalId: externalId.length > EXTERNAL_ID_MAX ? shortened(externalId) : externalId,
    digest: createHash('sha256').update(JSON.stringify(said)).digest('base64url'),
    slug: slug === undefined ? undefined : slugFrom(slug, '') || undefined,
    fields: kept,
    body,
    derived: isDerived ? [...new Set([...derived, 'headline'])] : derived,
    publication,
    formerPaths,
    warnings,
  }
}

/** What became of a record: an article that is ready, with what readers will get of it; or something else, which may be a failure. */
export interface Prepared {
  record: Exclude<ImportRecord, ArticleRecord> | Ready['record']
  origin?: string | undefined
  ready?: Ready
  rendered?: Omit<Rendered, 'contentVersion'>
}

/** Reads a record, where that is to be done, and makes it ready. Never throws: what cannot be taken has failed. */
export async function preparedOf(part: Placed | Unread, languageDefault: string): Promise<Prepared> {
  const failed = (error: unknown, place: RecordPlace = {}, warnings?: string[]): Prepared => {
    const why = error instanceof Error ? error.message : String(error)
    return { record: { kind: 'failed', why, warnings, line: place.line, id: place.id } }
  }
  const placed = 'record' in part ? part : await readNow(part).catch((error: unknown) => ({ error }))
  if ('error' in placed) return failed(placed.error)
  const { record, origin } = placed
  if (record.kind !== 'article') return { record }
  try {
    const ready = makeReady(record)
    const body = renderBody(ready.body)
    const content = { ...contentOf(ready.fields, languageDefault), body: ready.body }
    const { section, tags, authors } = content
    // With their slugs, which take long to make.
    const fields = { ...ready.fields, ...(section && { section }), tags, authors }
    const rendered = { body, counted: count(content, body.text) }
    return { record: ready.record, origin, ready: { ...ready, fields }, rendered }
  } catch (error) {
    return failed(error, record, record.warnings)
  }
}

/** A long id, so that two of them stay two. */
const shortened = (id: string): string =>
  `${id.slice(0, EXTERNAL_ID_MAX - 45)}#${createHash('sha256').update(id).digest('base64url')}`

function blocksOf({ body }: ArticleRecord): Block[] {
  const fields =
    'html' in body
      ? { bodyHtml: body.html }
      : 'markdown' in body
        ? { bodyMarkdown: body.markdown }
        : 'text' in body
          ? { bodyText: body.text }
          : { body: body.blocks }
  try {
    return bodyOf(fields) ?? []
  } catch (error) {
    if (error instanceof Problem) throw new Error(`Its text cannot be kept: ${reasonOf(error).replace(/\.$/, '')}.`)
    throw error
  }
}

const reasonOf = ({ message, errors }: Problem): string => errors?.[0]?.detail ?? message

/** One line that fits; the whole one goes to the warnings with what is missing. */
function headlineOf(given: string, body: Block[], warnings: string[]): { headline: string; isDerived: boolean } {
  const line = given.replaceAll(/\s+/gu, ' ').trim()
  if (line === '') {
    const lead = toText(body).trim().split('\n')[0] ?? ''
    const headline = lead === '' ? 'Untitled' : deriveHeadline(lead)
    warnings.push(`It has no headline: "${headline}" was made up.`)
    return { headline, isDerived: true }
  }
  if (line.length <= HEADLINE_LENGTH_MAX) return { headline: line, isDerived: false }
  warnings.push(
    `Its headline has ${line.length} characters, of which ${HEADLINE_LENGTH_MAX} fit; it is whole in the notes.`,
  )
  return { headline: deriveHeadline(line, 200), isDerived: true }
}

/** The fields without those that cannot be taken; these are told, and kept as they were in the notes. */
function fitting(fields: Ready['fields'], warnings: string[]): Ready['fields'] {
  let kept = fields
  const lost: string[] = []
  // Each turn takes something out, so that it ends.
  for (;;) {
    const result = ArticleReplace.safeParse({ ...kept, body: [] })
    if (result.success) break
    const [first] = fieldErrors(ArticleReplace, kept, result.error.issues)
    const [, name = '', place] = (first?.pointer ?? '').split('/')
    if (first === undefined || name === 'headline' || !(name in kept))
      throw new Error(first?.detail ?? 'It is not valid.')
    const { rest, part } = without(kept, name as keyof Ready['fields'], place)
    kept = rest
    lost.push(`${name}: ${typeof part === 'string' ? part : JSON.stringify(part)}`)
    warnings.push(`${name} could not be kept (${first.detail}); it is in the notes.`)
  }
  if (fields.headline.length > HEADLINE_LENGTH_MAX) lost.push(`headline: ${fields.headline}`)
  return lost.length === 0 ? kept : { ...kept, notes: withLost(kept.notes ?? '', lost, warnings) }
}
const NOTES_MAX = 20_000

/** Notes with what did not fit elsewhere, each of it whole; what is too long for them is told. */
function withLost(notes: string, lost: string[], warnings: string[]): string {
  return lost.reduce((before, each) => {
    const all = [before, `Imported ${each}`].filter((part) => part !== '').join('\n\n')
    if (all.length <= NOTES_MAX) return all
    warnings.push(
      `The notes have no room for all of it: ${each.length} characters beginning "${each.slice(0, 80).toWellFormed()}" are not kept.`,
    )
    return before
  }, notes)
}

/** Terms are told apart by their slugs. What is there twice is told where its name was another. */
function distinct<Term extends { slug?: string | undefined; name: string }>(terms: Term[] = [], warnings: string[]) {
  const bySlug = new Map<string, Term>()
  for (const term of terms) {
    const slug = termSlug(term)
    const first = bySlug.get(slug)
    if (first === undefined) bySlug.set(slug, term)
    else if (first.name !== term.name) warnings.push(`"${term.name}" is taken for "${first.name}".`)
  }
  return [...bySlug.values()]
}

/** How many tags or authors an article has at most. */
const TERMS_MAX = 50

/** Without a field or, of a list of terms, without the one at fault. */
function without(fields: Ready['fields'], name: keyof Ready['fields'], place: string | undefined) {
  const value = fields[name]
  if (Array.isArray(value) && place !== undefined) {
    const at = Number(place)
    return { rest: { ...fields, [name]: value.filter((_, n) => n !== at) }, part: value[at] }
  }
  // Too many: the first ones stay.
  if (Array.isArray(value) && value.length > TERMS_MAX)
    return { rest: { ...fields, [name]: value.slice(0, TERMS_MAX) }, part: value.slice(TERMS_MAX) }
  const { [name]: part, ...rest } = fields
  return { rest: rest as Ready['fields'], part }
}

/** Why some text in this cannot be stored; undefined where all can. */
function faultIn(value: unknown): string | undefined {
  if (typeof value === 'string') return unstorable(value)
  if (typeof value !== 'object' || value === null) return undefined
  for (const each of Object.values(value)) {
    const fault = faultIn(each)
    if (fault !== undefined) return fault
  }
  return undefined
}
