import { cardHtml, escaped, type Values } from './ghost-cards.ts'

// Ghost's two editors' own formats as HTML: Lexical, and Mobiledoc before it.

const marks = ['strong', 'em', 's', 'u', 'code', 'sub', 'sup']
const DEPTH_MAX = 100

interface Node extends Values {
  type?: string
  children?: Node[]
}

/** Throws SyntaxError where it is no JSON. */
export function htmlOfLexical(document: string, warnings: string[]): string {
  const { root } = JSON.parse(document) as { root?: Node }
  return insideOf(root ?? {}, 0, warnings)
}

const insideOf = ({ children }: Node, depth: number, warnings: string[]): string =>
  depth > DEPTH_MAX || !Array.isArray(children)
    ? ''
    : children.map((each) => htmlOf(each, depth + 1, warnings)).join('')

function htmlOf(node: Node, depth: number, warnings: string[]): string {
  const type = (node.type ?? '').replace(/^extended-/, '')
  const inside = () => insideOf(node, depth, warnings)
  const tag = String(node.tag ?? '')
  switch (type) {
    case 'text':
      return marked(escaped(String(node.text ?? '')), Number(node.format ?? 0))
    case 'linebreak':
      return '<br>'
    case 'tab':
      return ' '
    case 'paragraph':
      return `<p>${inside()}</p>`
    case 'heading':
      return /^h[1-6]$/.test(tag) ? `<${tag}>${inside()}</${tag}>` : `<p>${inside()}</p>`
    case 'quote':
    case 'aside':
      return `<blockquote><p>${inside()}</p></blockquote>`
    case 'link':
    case 'autolink':
      return `<a href="${escaped(String(node.url ?? ''))}">${inside()}</a>`
    case 'list':
      return node.listType === 'number' ? `<ol>${inside()}</ol>` : `<ul>${inside()}</ul>`
    case 'listitem':
      return `<li>${inside()}</li>`
    default:
      return Array.isArray(node.children) ? inside() : cardHtml(type, node, warnings)
  }
}

const marked = (html: string, format: number): string =>
  marks.reduce((inner, mark, bit) => (format & (1 << bit) ? `<${mark}>${inner}</${mark}>` : inner), html)

const inlineTags = new Set(['a', 'b', 'strong', 'i', 'em', 's', 'u', 'code', 'sub', 'sup'])

interface Mobiledoc {
  markups?: [string, string[]?][]
  atoms?: [string, string, Values][]
  cards?: [string, Values][]
  sections?: unknown[][]
}

/** Throws SyntaxError where it is no JSON. */
export function htmlOfMobiledoc(document: string, warnings: string[]): string {
  const { markups = [], atoms = [], cards = [], sections = [] } = JSON.parse(document) as Mobiledoc
  const inline = (markers: unknown): string => {
    if (!Array.isArray(markers)) return ''
    const open: string[] = []
    const parts = markers.map((marker) => {
      const [kind, opening = [], closing = 0, value] = marker as [number, number[]?, number?, unknown?]
      const begin = opening.map((at) => {
        const [tag = '', attributes = []] = markups[at] ?? []
        open.push(inlineTags.has(tag) ? tag : '')
        if (!inlineTags.has(tag)) return ''
        return tag === 'a' ? `<a href="${escaped(attributes[attributes.indexOf('href') + 1] ?? '')}">` : `<${tag}>`
      })
      const [atom, words] = kind === 1 ? (atoms[Number(value)] ?? []) : []
      const inner = kind === 1 ? (atom === 'soft-return' ? '<br>' : escaped(words ?? '')) : escaped(String(value ?? ''))
      const ends = Array.from({ length: closing }, () => open.pop()).map((tag) => (tag ? `</${tag}>` : ''))
      return begin.join('') + inner + ends.join('')
    })
    return (
      parts.join('') +
      open
        .reverse()
        .map((tag) => (tag ? `</${tag}>` : ''))
        .join('')
    )
  }
  return sections
    .map(([kind, first, second]) => {
      if (kind === 1) {
        const tag = /^(?:h[1-6]|blockquote|aside|pull-quote)$/.test(String(first)) ? String(first) : 'p'
        return /^h/.test(tag) || tag === 'p'
          ? `<${tag}>${inline(second)}</${tag}>`
          : `<blockquote><p>${inline(second)}</p></blockquote>`
      }
      if (kind === 2) return `<img src="${escaped(String(first))}" alt="">`
      if (kind === 3) {
        const items = Array.isArray(second) ? second.map((each) => `<li>${inline(each)}</li>`).join('') : ''
        return first === 'ol' ? `<ol>${items}</ol>` : `<ul>${items}</ul>`
      }
      const [name, payload] = cards[Number(first)] ?? []
      return kind === 10 && name !== undefined ? cardHtml(name, payload ?? {}, warnings) : ''
    })
    .join('')
}
