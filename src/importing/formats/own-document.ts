import { BodyTooDeep } from '../../body/too-deep.ts'
import { isUuid } from '../../shared/fields.ts'
import { isObject } from '../../shared/json.ts'
import { instantOf } from './dates.ts'
import type { ArticleRecord, Publication, SourceBody } from './format.ts'
import { headOf, text } from './front-head.ts'
import { frontMatterOf } from './front-matter.ts'
import { ownBlocks } from './own-markdown.ts'

// A document of Markdown that Dateline wrote (src/exporting/markdown.ts). It comes back as the article that it was, with what has been
// changed in it since.

type Head = ReturnType<typeof taking>
/** The head as something from which whole values are taken. */
const taking = (values: Record<string, unknown>) => {
  const head = headOf(values)
  return { rest: head.rest, take: (name: string): unknown => head.read([name], (value) => value) }
}
const list = (value: unknown): unknown[] =>
  Array.isArray(value) ? value.filter((each) => each !== null && each !== '') : value === undefined ? [] : [value]
type Fields = ArticleRecord['fields']

/** Such a document as a record; undefined for what Dateline did not write. Throws SourceFault as `frontMatterOf` does. */
export function ownDocument(name: string, document: string): ArticleRecord | undefined {
  if (!document.startsWith('---\n') || !/^dateline_id: /m.test(document.slice(0, 100_000))) return undefined
  const { values, text: below, line } = frontMatterOf(document)
  const warnings: string[] = []
  const head = taking(values)
  const articleId = text(head.take('dateline_id')) ?? ''
  if (!isUuid(articleId)) return undefined
  const fields = fieldsIn(head)
  const externalId = text(head.take('externalid')) ?? `dateline:${articleId}`
  const publication = publicationIn(head, warnings)
  const addresses = ['aliases', 'dateline_addresses'].flatMap((each) => list(head.take(each)).map(String))
  const notes = [fields.notes, ...head.rest(warnings)].filter((each) => each != null).join('\n')
  return {
    kind: 'article',
    line,
    id: name,
    externalId,
    articleId,
    fields: { ...fields, notes: notes === '' ? null : notes },
    body: bodyOf(below.replace(/^\n/, '').replace(/\n$/, '')),
    derived: [],
    publication,
    formerAddresses: addresses,
    links: [],
    warnings,
  }
}

function bodyOf(markdown: string): SourceBody {
  try {
    return { blocks: ownBlocks(markdown) }
  } catch (error) {
    if (!(error instanceof BodyTooDeep)) throw error
    // It cannot be kept for that reason, which is told where it is converted.
    return { markdown }
  }
}

function fieldsIn(head: Head): Fields {
  const words = (name: string): string | null => text(head.take(name)) ?? null
  const terms = head.take('dateline_terms')
  const listed = (name: string): Record<string, unknown>[] => {
    const all = isObject(terms) ? terms[name] : undefined
    return Array.isArray(all) ? all.filter(isObject) : []
  }
  // Names count as they are written now; slugs and addresses are those that belong to them.
  const named = (from: string, value: unknown): { name: string }[] =>
    list(value).map((each) => ({ ...listed(from).find(({ name }) => name === each), name: String(each) }))
  const [source, sourceUrl] = [words('source'), words('source_url')]
  const language = words('language')
  const slug = words('slug')
  return {
    headline: words('title') ?? '',
    ...(slug !== null && { slug }),
    ...(language !== null && { language }),
    alternativeHeadline: words('alternativeheadline'),
    kicker: words('kicker'),
    standfirst: words('description'),
    byline: words('byline'),
    dateline: words('dateline'),
    section: named('section', head.take('section'))[0] ?? null,
    tags: named('tags', head.take('tags')),
    authors: named('authors', head.take('authors')),
    image: imageOf(head.take('image')),
    source: source === null ? null : { name: source, ...(sourceUrl !== null && { url: sourceUrl }) },
    canonicalUrl: words('canonical'),
    notes: words('notes'),
  }
}

function imageOf(value: unknown): Fields['image'] {
  if (!isObject(value)) return null
  const { src: url, ...rest } = value
  return { url, alt: '', ...rest } as Fields['image']
}

function publicationIn(head: Head, warnings: string[]): Publication {
  const dateIn = (name: string): string | undefined => {
    const value = head.take(name)
    const at = instantOf(value)
    if (value !== undefined && at === undefined)
      warnings.push(`Its ${name} "${String(value).slice(0, 100)}" is no date that is known.`)
    return at
  }
  const [publishedAt, updatedAt, liveUntil] = [dateIn('date'), dateIn('lastmod'), dateIn('expirydate')]
  const draft = head.take('draft')
  if (draft !== undefined && draft !== false) return { state: 'draft' }
  if (publishedAt === undefined) {
    warnings.push('It has no date: it comes as a draft.')
    return { state: 'draft' }
  }
  return { state: 'published', publishedAt, updatedAt, ...(liveUntil !== undefined && { liveUntil }) }
}
