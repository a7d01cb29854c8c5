import type { ArticleRecord, SourceBody } from './format.ts'

// The parts of a ninjs item, which each version calls a little differently.

export type Item = Record<string, unknown>

export const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Several items: a list, or as in version 1 an object with names. */
export const list = (value: unknown): Item[] =>
  Array.isArray(value) ? value.filter(isItem) : isItem(value) ? Object.values(value).filter(isItem) : []

/** Texts by their roles; the first without one by "". */
export function worded(value: unknown): Map<string, string> {
  const found = new Map<string, string>()
  for (const each of list(value)) {
    const role = text(each.role)
    const words = text(each.value)
    if (words !== '' && !found.has(role)) found.set(role, words)
  }
  return found
}

/** The text in the form that keeps most. */
export function textOf(item: Item): SourceBody {
  const bodies = list(item.bodies)
  const ofType = (pattern: RegExp) =>
    bodies.find((each) => pattern.test(text(each.contentType) || text(each.contenttype)))
  const html = ofType(/html/i)?.value ?? item.body_html ?? item.body_xhtml
  if (typeof html === 'string' && html !== '') return { html }
  const plain = ofType(/plain/i)?.value ?? bodies[0]?.value ?? item.body_text
  return { text: typeof plain === 'string' ? plain : '' }
}

type Fields = ArticleRecord['fields']

const termOf = ({ name, literal, uri }: Item) => {
  const slug = text(literal)
  const address = text(uri)
  return {
    name: text(name),
    ...(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug) && { slug }),
    ...(/^https?:\/\//.test(address) && { uri: address }),
  }
}

export function subjectsOf(item: Item): { section: Fields['section']; tags: NonNullable<Fields['tags']> } {
  const all = [
    ...list(item.subjects),
    ...list(item.subject),
    ...list(item.genres),
    ...list(item.places),
    ...list(item.place),
    ...list(item.organisation),
    ...list(item.event),
  ].filter(({ name }) => text(name) !== '')
  const isSection = ({ rel }: Item) => text(rel) === 'section'
  const own = all.find(isSection) ?? list(item.service)[0]
  const { uri: _, ...section } = own ? termOf(own) : { name: '' }
  const words = Array.isArray(item.keywords)
    ? item.keywords.map((each) => text(each) || text((each as Item)?.name))
    : []
  const tags = [
    ...all.filter((each) => !isSection(each)).map(termOf),
    ...words.filter((name) => name !== '').map((name) => ({ name })),
  ]
  return { section: section.name === '' ? undefined : section, tags }
}

export function authorsOf(item: Item): NonNullable<Fields['authors']> {
  const sources = list(item.infoSources).filter(({ role }) => text(role) !== 'source')
  const people = [...list(item.people), ...list(item.person)].filter(({ rel }) =>
    ['author', 'creator'].includes(text(rel)),
  )
  return [...sources, ...list(item.authors), ...people].flatMap(({ name, uri }) =>
    text(name) === '' ? [] : [{ name: text(name), ...(/^https?:\/\//.test(text(uri)) && { url: text(uri) }) }],
  )
}

/** The main picture: what is called so, or else the first. */
export function imageOf(item: Item): Fields['image'] {
  const named = isItem(item.associations)
    ? Object.entries(item.associations).map(([name, each]) => ({ name, ...(each as Item) }) as Item)
    : list(item.associations)
  const pictures = named.filter(({ type }) => text(type) === 'picture')
  const picture = pictures.find(({ name }) => ['main', 'featuremedia'].includes(text(name))) ?? pictures[0]
  if (picture === undefined) return undefined
  const renditions = list(picture.renditions)
  const best =
    renditions.find(({ name }) => text(name) === 'original') ??
    renditions.toSorted((a, b) => Number(b.width ?? 0) - Number(a.width ?? 0))[0]
  const url = text(best?.href) || text(picture.href)
  if (!/^https?:\/\//.test(url)) return undefined
  const words = worded(picture.descriptions)
  const caption = words.get('caption') ?? words.get('') ?? text(picture.description_text)
  const credit =
    text(picture.by) || text(picture.byline) || text(picture.copyrightHolder) || text(picture.copyrightholder)
  const [width, height] = [Number(best?.width), Number(best?.height)]
  return {
    url,
    alt: words.get('alt') ?? text(picture.body_text),
    ...(caption !== '' && { caption }),
    ...(credit !== '' && { credit }),
    ...(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0 && { width, height }),
  }
}

/** A language that is spelt in another case is the same one. */
export function languageOf({ language }: Item): Pick<Fields, 'language'> {
  try {
    const [canonical] = Intl.getCanonicalLocales(text(language).replace('_', '-'))
    return canonical === undefined ? {} : { language: canonical }
  } catch {
    return {}
  }
}
