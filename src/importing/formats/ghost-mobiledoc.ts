import { isObject } from '../../shared/json.ts'
import { cardHtml, escaped, type Saying } from './ghost-cards.ts'

// Ghost's editor before version 5: Mobiledoc 0.3, lists of numbers that point at marks, atoms and cards, as HTML.

const MARKUP = 1
const IMAGE = 2
const LIST = 3
const CARD = 10
const ATOM = 1

const TAGS = new Set(['a', 'b', 'strong', 'i', 'em', 'u', 's', 'strike', 'del', 'code', 'sub', 'sup', 'mark', 'span'])
const SECTIONS = /^(?:p|h[1-6]|blockquote|aside|pull-quote)$/

/** The document as HTML; undefined where it is not one of version 0.3. */
export function mobiledocHtml(document: unknown, say: Saying): string | undefined {
  if (!isObject(document) || !Array.isArray(document.sections)) return undefined
  // Version 0.2 has other numbers; what other systems make may not say which it is.
  if (document.version !== undefined && !String(document.version).startsWith('0.3')) return undefined
  const at = (list: unknown, place: unknown): unknown[] => {
    const entry = Array.isArray(list) ? list[Number(place)] : undefined
    return Array.isArray(entry) ? entry : []
  }

  const hrefs = (Array.isArray(document.markups) ? document.markups : []).map(hrefOf)
  // A card that is pointed at often is still converted once.
  const cards = new Map<number, string>()

  /** Marks may begin in one marker and end in a later one, always in the order of a stack. */
  const markers = (list: unknown): string => {
    const open: string[] = []
    let out = ''
    for (const marker of Array.isArray(list) ? list : []) {
      if (!Array.isArray(marker)) continue
      const [kind, opens, closes, value] = marker
      for (const place of Array.isArray(opens) ? opens : []) {
        const [tag] = at(document.markups, place)
        const name = TAGS.has(String(tag)) ? String(tag) : 'span'
        const href = name === 'a' ? hrefs[Number(place)] : undefined
        open.push(name)
        out += href === undefined ? `<${name}>` : `<${name} href="${escaped(String(href))}">`
      }
      out += kind === ATOM ? atom(at(document.atoms, value)) : escaped(String(value ?? ''))
      if (out.length > HTML_MAX) throw tooLong()
      for (let left = Math.min(Number(closes) || 0, open.length); left > 0; left--) out += `</${open.pop()}>`
    }
    while (open.length > 0) out += `</${open.pop()}>`
    return out
  }

  const atom = ([name, text]: unknown[]): string => {
    if (name === 'soft-return') return '<br>'
    say.warn(`An atom of the kind "${String(name).slice(0, 60)}" is not known: its text is kept.`)
    return escaped(String(text ?? ''))
  }

  const section = (each: unknown): string => {
    if (!Array.isArray(each)) return ''
    const [kind, what, inside] = each
    if (kind === MARKUP) {
      const tag = SECTIONS.test(String(what)) ? String(what) : 'p'
      const name = tag === 'aside' || tag === 'pull-quote' ? 'blockquote' : tag
      return `<${name}>${markers(inside)}</${name}>`
    }
    if (kind === IMAGE) return `<img src="${escaped(String(what))}" alt="">`
    if (kind === LIST) {
      const name = what === 'ol' ? 'ol' : 'ul'
      const items = Array.isArray(inside) ? inside.map((item) => `<li>${markers(item)}</li>`) : []
      return `<${name}>${items.join('')}</${name}>`
    }
    if (kind === CARD) {
      const [name, payload] = at(document.cards, what)
      const known = cards.get(Number(what))
      if (known !== undefined) return known
      const made = cardHtml(String(name), isObject(payload) ? payload : {}, say)
      cards.set(Number(what), made)
      return made
    }
    say.warn('A part of a kind that is not known is left out.')
    return ''
  }

  let out = ''
  for (const each of document.sections) {
    out += section(each)
    if (out.length > HTML_MAX) throw tooLong()
  }
  return out
}

/** Far more than an article holds: what points at the same part again and again would else fill the memory. */
const HTML_MAX = 10_000_000
const tooLong = () => new Error('its text is longer than any article is')

function hrefOf(markup: unknown): string | undefined {
  const attributes: unknown = Array.isArray(markup) ? markup[1] : undefined
  if (!Array.isArray(attributes)) return undefined
  const at = attributes.indexOf('href')
  const href = at < 0 ? undefined : String(attributes[at + 1])
  return href !== undefined && href.length <= 4_000 ? href : undefined
}
