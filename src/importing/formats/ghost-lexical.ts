import { isObject } from '../../shared/json.ts'
import { cardHtml, escaped, type Saying } from './ghost-cards.ts'

// Ghost's editor since version 5: a tree of Lexical's nodes, as HTML.

type Node = Record<string, unknown>

/** The document as HTML; undefined where it is not one. */
export function lexicalHtml(document: unknown, say: Saying): string | undefined {
  const root = isObject(document) ? document.root : undefined
  return isObject(root) && Array.isArray(root.children) ? childrenOf(root, say) : undefined
}

const childrenOf = (node: Node, say: Saying): string =>
  Array.isArray(node.children)
    ? node.children.map((child) => (isObject(child) ? nodeHtml(child, say) : '')).join('')
    : ''

function nodeHtml(node: Node, say: Saying): string {
  const type = String(node.type)
  const inside = () => childrenOf(node, say)
  switch (type) {
    case 'text':
    case 'extended-text':
    case 'code-highlight':
      return marked(String(node.text ?? ''), Number(node.format ?? 0))
    case 'linebreak':
      return '<br>'
    case 'tab':
      return '\t'
    case 'zwnj':
      return ''
    case 'link':
    case 'autolink':
    case 'at-link':
      return `<a href="${escaped(String(node.url ?? ''))}">${inside()}</a>`
    case 'paragraph':
      return `<p>${inside()}</p>`
    case 'heading':
    case 'extended-heading':
      return element(/^h[1-6]$/.test(String(node.tag)) ? String(node.tag) : 'h2', inside())
    case 'quote':
    case 'extended-quote':
    case 'aside':
      return element('blockquote', inside())
    case 'list':
      return element(node.listType === 'number' || node.tag === 'ol' ? 'ol' : 'ul', inside())
    case 'listitem':
      return element('li', inside())
    case 'table':
      return element('table', inside())
    case 'tablerow':
      return element('tr', inside())
    case 'tablecell':
      return element(node.headerState ? 'th' : 'td', inside())
    default:
      return otherHtml(type, node, say)
  }
}

/** A card, or a container of a kind that is not known: what is in it is kept. */
function otherHtml(type: string, node: Node, say: Saying): string {
  if (!Array.isArray(node.children)) return cardHtml(type, node, say)
  say.warn(`A part of the kind "${type.slice(0, 60)}" is not known: its text is kept.`)
  return `<div>${childrenOf(node, say)}</div>`
}

const element = (tag: string, inside: string) => `<${tag}>${inside}</${tag}>`

/** Lexical keeps marks as bits. */
const MARKS: [number, string][] = [
  [1, 'strong'],
  [2, 'em'],
  [4, 's'],
  [8, 'u'],
  [16, 'code'],
  [32, 'sub'],
  [64, 'sup'],
  [128, 'mark'],
]

const marked = (text: string, format: number): string =>
  MARKS.reduce(
    (inner, [bit, tag]) => (format & bit ? element(tag, inner) : inner),
    escaped(text).replaceAll('\n', '<br>'),
  )
