import { Image } from '../../articles/schema.ts'
import { HeadlineLinkCreate, LINKS_MAX, type LinkFields } from '../../headlines/link-schema.ts'
import { isObject } from '../../shared/json.ts'
import { type Item, membersOf, string, wordsOf } from './ninjs-words.ts'

// What stands beside the text of a ninjs item: pictures and related texts.

interface Rendition {
  name: string
  href: string
  width: number
  poi: { x: number; y: number } | undefined
  height: number
}

/** A list with names, or in version 1 a map by names. */
const named = (value: unknown): Item[] => {
  if (Array.isArray(value)) return value.filter(isObject)
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([name, each]) => (isObject(each) ? [Object.assign({ name }, each)] : []))
}

function renditionsOf(value: unknown): Rendition[] {
  return named(value).flatMap((each) => {
    const href = string(each.href)
    const { x, y } = isObject(each.poi) ? each.poi : {}
    const poi = typeof x === 'number' && typeof y === 'number' ? { x, y } : undefined
    const size = { width: Number(each.width) || 0, height: Number(each.height) || 0 }
    return href === undefined ? [] : [{ name: string(each.name) ?? '', href, poi, ...size }]
  })
}

/** The original, else the largest. */
function bestOf(renditions: Rendition[]): Rendition | undefined {
  const original = renditions.find(({ name }) => name.toLowerCase() === 'original')
  return original ?? renditions.toSorted((a, b) => b.width - a.width)[0]
}

function pictureOf(item: Item): unknown {
  const members = membersOf(item)
  const best = bestOf(renditionsOf(members.take('renditions')))
  const descriptions = members.take('descriptions')
  const said = Array.isArray(descriptions) ? descriptions.filter(isObject) : []
  const byRole = (...roles: string[]) =>
    string(said.find(({ role }) => roles.includes(string(role)?.toLowerCase() ?? 'main'))?.value)
  const caption = byRole('caption', 'main', 'summary') ?? string(members.take('description_text'))
  const alt = byRole('alt', 'alttext', 'alt_text') ?? string(members.take('body_text'))
  const credit = string(members.take('by', 'byline')) ?? string(members.take('copyrightholder', 'source'))
  const { width = 0, height = 0, poi } = best ?? {}
  const isInside = poi && width > 0 && height > 0 && poi.x >= 0 && poi.y >= 0 && poi.x <= width && poi.y <= height
  return {
    url: best?.href ?? string(members.take('uri')),
    alt: alt?.trim() ?? '',
    ...(caption !== undefined && { caption: caption.trim() }),
    ...(credit !== undefined && { credit: credit.trim() }),
    ...(Number.isInteger(width) && width > 0 && { width }),
    ...(Number.isInteger(height) && height > 0 && { height }),
    ...(isInside && { focalPoint: { x: poi.x / width, y: poi.y / height } }),
  }
}

/** A headline below the article: pending, if it has no address. */
function linkOf(item: Item): LinkFields {
  const members = membersOf(item)
  const { headline } = wordsOf(members, [], [])
  const renditions = renditionsOf(members.take('renditions'))
  const url = (renditions.find(({ name }) => name === 'web') ?? renditions[0])?.href ?? webUri(members.take('uri'))
  return {
    headline: headline || (string(members.take('name')) ?? ''),
    ...(url !== undefined && { target: { kind: 'url', url } }),
  }
}

const webUri = (uri: unknown) => (/^https?:/.test(string(uri) ?? '') ? string(uri) : undefined)

const MAIN = /^(?:main|feature.*|hero|lead)$/i

/** The picture and the headlines among what is associated; what has no place here goes into the notes. */
export function associatedWith(value: unknown, bodyHtml: string, notes: string[], warnings: string[]) {
  const all = named(value)
  const isPicture = ({ type }: Item) => type === 'picture' || type === 'image'
  const pictures = all.filter(isPicture)
  // A main picture of the article is named as such; one that stands in the text is not taken out of it.
  const main = pictures.find(({ name }) => MAIN.test(string(name) ?? '')) ?? pictures[0]
  const checked = main && Image.safeParse(pictureOf(main))
  const links: LinkFields[] = []
  const keep = (each: Item, what: string) => {
    notes.push(`${what}: ${JSON.stringify(each).slice(0, NOTE_MAX)}`)
    warnings.push(`${what.charAt(0).toUpperCase()}${what.slice(1)} beside the text is kept in the notes.`)
  }
  let looked = 0
  for (const each of all) {
    if (each === main && checked?.success) continue
    if (isPicture(each)) {
      const { url } = pictureOf(each) as { url?: string }
      const isInText =
        looked++ < LOOKED_MAX &&
        renditionsOf(each.renditions).some(({ href }) => bodyHtml.includes(href.replaceAll('&', '&amp;')))
      if (url === undefined || !isInText) keep(each, 'a picture')
    } else if (each.type === 'text' || each.type === undefined) {
      const link = linkOf(each)
      if (links.length < LINKS_MAX && HeadlineLinkCreate.safeParse(link).success) links.push(link)
      else keep(each, 'a text')
    } else keep(each, 'something')
  }
  return { image: checked?.success ? checked.data : undefined, links }
}

const NOTE_MAX = 2_000
/** For so many pictures the text is searched; no item has more, and searching for each of a million would take hours. */
const LOOKED_MAX = 200
