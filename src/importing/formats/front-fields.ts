import { decodeHTMLStrict } from 'entities'
import { Image } from '../../articles/schema.ts'
import { fromMarkdown } from '../../body/from-markdown.ts'
import { toText } from '../../body/to-text.ts'
import type { ArticleRecord } from './format.ts'
import { type Head, type Reader, text } from './front-head.ts'

// What the usual fields of front matter mean.

type Fields = ArticleRecord['fields']
type Term = { name: string; slug?: string }

/** A term by its name; one that is written as a slug gets a name that can be read. */
export function nameOf(written: string): Term {
  const isSlug = /^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(written) && /[a-z]/.test(written)
  if (!isSlug) return { name: written }
  const name = written.replaceAll('-', ' ').replaceAll(/(?<=^| )\p{Ll}/gu, (letter) => letter.toUpperCase())
  return { slug: written, name }
}

const optional = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value })

/** The fields of an article. Names of those that were made up go to `derived`, what has no field of its own to `notes`. */
export function fieldsOf(
  head: Head,
  { warnings, derived, notes }: { warnings: string[]; derived: string[]; notes: string[] },
): Fields {
  const words = (name: string, ...names: string[]) => plain(head.read(names, text), name, warnings)
  const terms = (...names: string[]) => names.flatMap((name) => termsOf(head, name, warnings))
  const [section, ...others] = [...terms('section', 'category'), ...terms('categories')]
  const tags = [...terms('tags', 'tag', 'topics', 'topic', 'keywords'), ...others.filter((each) => each !== section)]
  const authors = head.readEach(['authors', 'author', 'byline'], termOf)
  if (authors.some(({ slug }) => slug !== undefined)) derived.push('authors')
  if (tags.some(({ slug }) => slug !== undefined)) derived.push('tags')
  // A standfirst is what stands above the text; what there is besides is said in the notes.
  const [standfirst, ...summaries] = ['deck', 'standfirst', 'summary', 'excerpt', 'description', 'subtitle', 'lead']
    .map((name) => words(name, name))
    .filter((each, n, all) => each !== undefined && all.indexOf(each) === n) as string[]
  for (const summary of summaries) notes.push(`summary: ${summary}`)
  const weight = head.read(['weight'], text)
  if (weight !== undefined) notes.push(`weight: ${weight}`)
  const source = head.read(['source'], sourceOf)
  const url = source?.url ?? head.read(['source_url', 'sourceurl'], text)
  return {
    headline: words('title', 'title', 'headline') ?? '',
    ...optional('kicker', words('kicker', 'kicker')),
    ...optional('standfirst', standfirst),
    ...optional('language', head.read(['language', 'lang', 'locale'], text)),
    ...optional('canonicalUrl', head.read(['canonical', 'canonical_url', 'canonicalurl'], text)),
    ...optional('section', section),
    ...optional('source', namedSource(source?.name && plain(source.name, 'source', warnings), url)),
    ...optional('image', firstImage(head)),
    tags,
    authors,
  } as Fields
}

const sourceOf: Reader<{ name?: string | undefined; url?: string | undefined }> = (value, leave) => {
  if (!isMap(value)) return text(value) === undefined ? undefined : { name: text(value) }
  const source = { name: text(value.name), url: text(value.url) }
  if (source.name === undefined && source.url === undefined) return undefined
  if (!isAll(value, Object.values(source))) leave(value)
  return source
}

/** Whether a map says nothing but these. */
const isAll = (map: Record<string, unknown>, said: unknown[]): boolean =>
  Object.values(map).every(
    (each) => each === null || each === '' || (text(each) !== undefined && said.includes(text(each))),
  )

function namedSource(name: string | undefined, url: string | undefined) {
  if (name === undefined && url === undefined) return undefined
  return { name: name ?? URL.parse(url ?? '')?.host ?? url, ...optional('url', url) }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

/** With HTML entities as the characters that they stand for. */
function plain(given: string | undefined, name: string, warnings: string[]): string | undefined {
  if (given === undefined) return undefined
  // Some write Markdown or HTML where it is shown as such.
  if (/\*\*\S|<\/?(?:strong|em|b|i|a|br|span|p|code)\b/i.test(given)) {
    const said = toText(fromMarkdown(given)).trim()
    warnings.push(`${name} has marks of Markdown or HTML, and is taken without them.`)
    return said
  }
  if (!/&(?:#\d+|#x[\da-f]+|\w+);/i.test(given)) return given
  const decoded = decodeHTMLStrict(given)
  if (decoded !== given)
    warnings.push(`${name} has HTML entities, which are read as the characters that they stand for.`)
  return decoded
}

/** Fields of several terms, which some write as one text: apart at its commas or, as Jekyll reads two of them, at its spaces. */
const SEVERAL: Record<string, RegExp> = { tags: /\s+/, categories: /\s+/, topics: /$/, keywords: /$/ }

function termsOf(head: Head, name: string, warnings: string[]): Term[] {
  const whole = head.first(name)?.value
  const apart = SEVERAL[name]
  if (typeof whole !== 'string' || apart === undefined) return head.readEach([name], termOf)
  const parts = whole.split(whole.includes(',') ? ',' : apart)
  const names = parts.map((part) => part.trim()).filter((part) => part !== '')
  if (names.length > 1) warnings.push(`${name} is one text, and was read as ${names.length}: ${names.join(', ')}.`)
  head.drop(name)
  return names.map(nameOf)
}

/** A name, or a map that has one. */
const termOf: Reader<Term> = (value, leave) => {
  if (!isMap(value)) return text(value) === undefined ? undefined : nameOf(text(value) ?? '')
  const given = text(value.name) ?? text(value.title)
  if (given !== undefined && !isAll(value, [given])) leave(value)
  return given === undefined ? undefined : nameOf(given)
}

const IMAGES = ['featured_image', 'image', 'cover', 'primary_image', 'thumbnail', 'images']

/** The first picture that has a web address; all others are left. */
function firstImage(head: Head): Fields['image'] {
  let found: Fields['image']
  head.readEach(IMAGES, (value, leave) => {
    if (found) return undefined
    found = imageOf(value, leave)
    return found
  })
  return found
}

const imageOf: Reader<NonNullable<Fields['image']>> = (value, leave) => {
  const map = isMap(value) ? value : { src: value }
  const { src, url, path, image, alt, caption, title, credit } = map as Record<string, unknown>
  const checked = Image.safeParse({
    url: text(src ?? url ?? path ?? image),
    alt: text(alt) ?? '',
    ...optional('caption', text(caption ?? title)),
    ...optional('credit', text(credit)),
  })
  if (checked.success && !isAll(map, Object.values(checked.data))) leave(value)
  return checked.success ? checked.data : undefined
}
