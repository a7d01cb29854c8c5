import type { ElementContent } from 'hast'
import { type Handle, toMdast } from 'hast-util-to-mdast'
import type { PhrasingContent, Root, RootContent } from 'mdast'
import { gfmToMarkdown } from 'mdast-util-gfm'
import { toMarkdown as stringify } from 'mdast-util-to-markdown'
import type { Block } from './schema.ts'
import { element, toHast } from './to-hast.ts'

/** Renders a body as GitHub Flavored Markdown. What Markdown has no sign for (underline, sub, sup, lines in cells) stays as inline HTML. */
export function toMarkdown(blocks: readonly Block[]): string {
  const children = toHast(blocks).flatMap(paragraphs)
  const tree = toMdast({ type: 'root', children }, { handlers: { u: asHtml, sub: asHtml, sup: asHtml } })
  return stringify(tree.type === 'root' ? breaksInCells(tree) : tree, { extensions: [gfmToMarkdown()], bullet: '-' })
}

// Captions have no place in Markdown: they become paragraphs next to what they describe.
function paragraphs(node: ElementContent): ElementContent[] {
  if (node.type !== 'element') return [node]
  if (node.tagName === 'blockquote') return [{ ...node, children: node.children.flatMap(paragraphs) }]
  const captions = node.children.filter((child) => child.type === 'element' && /caption$/.test(child.tagName))
  const rest = node.children.filter((child) => !captions.includes(child))
  const texts = captions.map((each) => element('p', {}, each.type === 'element' ? each.children : []))
  if (node.tagName === 'table') return [...texts, { ...node, children: rest }]
  if (node.tagName === 'figure') return [element('p', {}, rest), ...texts]
  return [node]
}

const asHtml: Handle = (state, node) => {
  const inside = state.all(node).filter(isPhrasing)
  return [{ type: 'html', value: `<${node.tagName}>` }, ...inside, { type: 'html', value: `</${node.tagName}>` }]
}

const isPhrasing = (node: RootContent): node is PhrasingContent => !('children' in node) || node.type !== 'paragraph'

function breaksInCells(tree: Root): Root {
  const visit = (node: RootContent, inCell: boolean): RootContent => {
    if (node.type === 'break' && inCell) return { type: 'html', value: '<br>' }
    if (!('children' in node)) return node
    const children = node.children.map((child) => visit(child, inCell || node.type === 'tableCell'))
    return { ...node, children } as RootContent
  }
  return { ...tree, children: tree.children.map((child) => visit(child, false)) }
}
