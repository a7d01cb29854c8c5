import type { Element, ElementContent } from 'hast'
import type { BlockContent, Heading, ListItem, PhrasingContent, TableRow } from 'mdast'
import { tidyLine } from './tidy.ts'

/** The Markdown tree for what `toHast` makes of a body; it reads only the elements written there. */
export function toMdast(nodes: readonly ElementContent[]): BlockContent[] {
  return elements(nodes).flatMap(block)
}

const elements = (nodes: readonly ElementContent[]) => nodes.filter((node) => node.type === 'element')
const find = (node: Element, tagName: string) => elements(node.children).find((child) => child.tagName === tagName)
const paragraph = (children: PhrasingContent[]): BlockContent => ({ type: 'paragraph', children })

function block(node: Element): BlockContent[] {
  const { tagName, children } = node
  switch (tagName) {
    case 'hr':
      return [{ type: 'thematicBreak' }]
    case 'blockquote':
      return [{ type: 'blockquote', children: toMdast(children) }]
    case 'ul':
    case 'ol':
      return [{ type: 'list', ordered: tagName === 'ol', spread: false, children: elements(children).map(item) }]
    case 'pre': {
      const code = find(node, 'code')
      const lang = /^language-(.+)$/.exec(String([code?.properties.className].flat()[0]))?.[1] ?? null
      return [{ type: 'code', lang, value: rawText(children) }]
    }
    case 'figure': {
      const caption = find(node, 'figcaption')
      const shown = phrasing(children.filter((child) => child !== caption))
      return [paragraph(shown), ...(caption ? [paragraph(phrasing(caption.children))] : [])]
    }
    case 'table':
      return table(node)
    case 'p':
      return [paragraph(phrasing(children))]
    default:
      return [{ type: 'heading', depth: depthOf(tagName), children: phrasing(children) }]
  }
}

function depthOf(tagName: string): Heading['depth'] {
  const depths = [2, 3, 4, 5, 6] as const
  return depths.find((depth) => tagName === `h${depth}`) ?? 2
}

const isList = (node: ElementContent) => node.type === 'element' && (node.tagName === 'ul' || node.tagName === 'ol')

function item({ children }: Element): ListItem {
  const text = phrasing(children.filter((child) => !isList(child)))
  const lists = toMdast(children.filter(isList))
  return { type: 'listItem', spread: false, children: text.length > 0 ? [paragraph(text), ...lists] : lists }
}

function table(node: Element): BlockContent[] {
  const caption = find(node, 'caption')
  const parts = elements(node.children).filter((part) => part !== caption)
  const rows = parts.flatMap((part) => elements(part.children)).map(row)
  // GFM has no table without a header. An empty one is as wide as the widest row once it is written.
  const head: TableRow = parts[0]?.tagName === 'thead' ? (rows.shift() ?? emptyRow()) : emptyRow()
  return [...(caption ? [paragraph(phrasing(caption.children))] : []), { type: 'table', children: [head, ...rows] }]
}

const emptyRow = (): TableRow => ({ type: 'tableRow', children: [] })

function row({ children }: Element): TableRow {
  const cells = elements(children).map((cell) => ({
    type: 'tableCell' as const,
    children: phrasing(cell.children, true),
  }))
  return { type: 'tableRow', children: cells }
}

function phrasing(nodes: readonly ElementContent[], inCell = false): PhrasingContent[] {
  return nodes.flatMap((node): PhrasingContent[] => {
    if (node.type === 'text') return [{ type: 'text', value: node.value }]
    if (node.type !== 'element') return []
    const { tagName, properties } = node
    const inside = () => phrasing(node.children, inCell)
    switch (tagName) {
      case 'br':
        return [inCell ? { type: 'html', value: '<br>' } : { type: 'break' }]
      case 'strong':
        return [{ type: 'strong', children: inside() }]
      case 'em':
        return [{ type: 'emphasis', children: inside() }]
      case 's':
        return [{ type: 'delete', children: inside() }]
      case 'code': {
        const value = tidyLine(rawText(node.children))
        // In a cell, GFM reads a backslash before a bar as the sign for a bar, even in code.
        return inCell && value.includes('\\|') ? asHtml(tagName, inside()) : [{ type: 'inlineCode', value }]
      }
      case 'a': {
        const title = properties.title === undefined ? null : String(properties.title)
        return [{ type: 'link', url: String(properties.href), title, children: inside() }]
      }
      case 'img':
        return [{ type: 'image', url: String(properties.src), alt: String(properties.alt ?? '') }]
      case 'u':
      case 'sub':
      case 'sup':
        return asHtml(tagName, inside())
      default:
        return inside()
    }
  })
}

function asHtml(tagName: string, inside: PhrasingContent[]): PhrasingContent[] {
  return [{ type: 'html', value: `<${tagName}>` }, ...inside, { type: 'html', value: `</${tagName}>` }]
}

function rawText(nodes: readonly ElementContent[]): string {
  return nodes
    .map((node) => {
      if (node.type !== 'element') return node.type === 'text' ? node.value : ''
      return node.tagName === 'br' ? '\n' : rawText(node.children)
    })
    .join('')
}
