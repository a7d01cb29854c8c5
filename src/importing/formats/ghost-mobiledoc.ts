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
  if (!String(document.version).startsWith('0.3')) return undefined
  const at = (list: unknown, place: unknown): unknown[] => {
    const entry = Array.isArray(list) ? list[Number(place)] : undefined
    return Array.isArray(entry) ? entry : []
  }

  /** Marks may begin in one marker and end in a later one, always in the order of a stack. */
  const markers = (list: unknown): string => {
    const open: string[] = []
    let out = ''
    for (const marker of Array.isArray(list) ? list : []) {
      if (!Array.isArray(marker)) continue
      const [kind, opens, closes, value] = marker
      for (const place of Array.isArray(opens) ? opens : []) {
        const [tag, attributes] = at(document.markups, place)
        const name = TAGS.has(String(tag)) ? String(tag) : 'span'
        const href = name === 'a' && Array.isArray(attributes) ? attributes[attributes.indexOf('href') + 1] : undefined
        open.push(name)
        out += href === undefined ? `<${name}>` : `<${name} href="${escaped(String(href))}">`
      }
      out += kind === ATOM ? atom(at(document.atoms, value)) : escaped(String(value ?? ''))
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
      return cardHtml(String(name), isObject(payload) ? payload : {}, say)
    }
    say.warn('A part of a kind that is not known is left out.')
    return ''
  }

  return document.sections.map(section).join('')
}
