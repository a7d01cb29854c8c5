import { decodeHTMLStrict } from 'entities'
import { stringify } from 'yaml'
import { Image } from '../../articles/schema.ts'
import type { ArticleRecord } from './format.ts'

// What the usual fields of front matter mean. Names count in any case; what is not known goes into the notes.

type Fields = ArticleRecord['fields']

/** One line or more of text; numbers and booleans as they are written. */
export function text(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim()
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

/** Several, whether there is one, a list, or a text with commas. */
export function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.filter((each) => each !== null && each !== '')
  return value === undefined || value === null || value === '' ? [] : [value]
}

/** A term by its name; one that is written as a slug gets a name that can be read. */
export function nameOf(written: string): { name: string; slug?: string } {
  const isSlug = /^[a-z0-9]+(?:-[a-z0-9]+)+$/.test(written)
  if (!isSlug) return { name: written }
  const name = written.replaceAll('-', ' ').replaceAll(/(?<=^| )\p{Ll}/gu, (letter) => letter.toUpperCase())
  return { slug: written, name }
}

/** A picture, if it has a web address; else it is told and goes into the notes. */
export function imageOf(value: unknown, notes: string[], warnings: string[]): Fields['image'] {
  if (value === undefined || value === null || value === '') return undefined
  const given = typeof value === 'object' ? (value as Record<string, unknown>) : { src: value }
  const { src, url, path, alt, caption, title, credit } = given
  const image = {
    url: text(src ?? url ?? path),
    alt: text(alt) ?? '',
    ...(text(caption ?? title) && { caption: text(caption ?? title) }),
    ...(text(credit) && { credit: text(credit) }),
  }
  const checked = Image.safeParse(image)
  if (checked.success) return checked.data
  warnings.push('Its image has no web address; it is in the notes.')
  notes.push(stringify({ image: value }).trim())
  return undefined
}

const plain = (value: unknown, name: string, warnings: string[]): string | undefined => {
  const given = text(value)
  if (given === undefined || !/&(?:#\d+|#x[\da-f]+|\w+);/i.test(given)) return given
  const decoded = decodeHTMLStrict(given)
  if (decoded !== given)
    warnings.push(`${name} has HTML entities, which are read as the characters that they stand for.`)
  return decoded
}

/** The fields of a head: what is taken by its meaning, and what is left. */
export function known(values: Record<string, unknown>, warnings: string[]) {
  const left = new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), { name, value }]))
  /** The first of these that says something. */
  const first = (...names: string[]): { name: string; value: unknown } | undefined => {
    const name = names.find((each) => !isNothing(left.get(each)?.value))
    return name === undefined ? undefined : { name, value: left.get(name)?.value }
  }
  /** What the first of these says, which is taken. What others say besides stays, for the notes. */
  const take = (...names: string[]): unknown => {
    const found = first(...names)
    for (const name of names) {
      const { value } = left.get(name) ?? {}
      if (isNothing(value) || JSON.stringify(value) === JSON.stringify(found?.value)) left.delete(name)
    }
    return found?.value
  }
  const words = (name: string, ...names: string[]) => plain(take(...names), name, warnings)
  const terms = (...names: string[]) =>
    names
      .flatMap((name) => list(take(name)))
      .flatMap((each) => {
        const given =
          typeof each === 'object'
            ? text((each as { name?: unknown; title?: unknown }).name ?? (each as { title?: unknown }).title)
            : text(each)
        return given === undefined ? [] : [nameOf(given)]
      })

  return {
    first,
    take,
    fields(derived: string[]): { fields: Fields; notes: string[] } {
      const notes: string[] = []
      const categories = terms('categories')
      const [section = categories[0]] = terms('section', 'category')
      const tags = [
        ...terms('tags', 'tag', 'topics', 'topic', 'keywords'),
        ...categories.filter((each) => each !== section),
      ]
      const authors = terms('authors', 'author', 'byline')
      if (authors.some(({ slug }) => slug !== undefined)) derived.push('authors')
      if (tags.some(({ slug }) => slug !== undefined)) derived.push('tags')
      // A standfirst is what stands above the text; what there is besides is said in the notes.
      const [standfirst, ...summaries] = ['deck', 'standfirst', 'summary', 'excerpt', 'description', 'subtitle', 'lead']
        .map((name) => words(name, name))
        .filter((each, n, all) => each !== undefined && all.indexOf(each) === n) as string[]
      for (const summary of summaries) notes.push(`summary: ${summary}`)
      const [name, url] = [words('source', 'source'), text(take('source_url', 'sourceurl'))]
      const weight = take('weight')
      if (weight !== undefined) notes.push(`weight: ${text(weight) ?? ''}`)
      return {
        notes,
        fields: {
          headline: words('title', 'title', 'headline') ?? '',
          ...optional('kicker', words('kicker', 'kicker')),
          ...optional('standfirst', standfirst),
          ...optional('language', text(take('language', 'lang', 'locale'))),
          ...optional('canonicalUrl', text(take('canonical', 'canonical_url', 'canonicalurl'))),
          ...optional('section', section),
          ...optional(
            'source',
            name === undefined && url === undefined
              ? undefined
              : { name: name ?? URL.parse(url ?? '')?.host ?? url, ...optional('url', url) },
          ),
          tags,
          authors,
        } as Fields,
      }
    },
    /** What nobody has taken, for the notes; its names are told. */
    rest(): string[] {
      const unknown = [...left.values()].filter(({ value }) => value !== null && value !== '')
      if (unknown.length === 0) return []
      warnings.push(`Not known here, and kept in the notes: ${unknown.map(({ name }) => name).join(', ')}.`)
      return unknown.map(({ name, value }) => stringify({ [name]: value }).trim())
    },
  }
}

const isNothing = (value: unknown): boolean => value === undefined || value === null || value === ''

const optional = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value })
