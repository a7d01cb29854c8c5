import { serialize, type DefaultTreeAdapterTypes as Tree } from 'parse5'

// A page of HTML as something to look into.

export type Element = Tree.Element
type Node = Tree.ChildNode | Tree.ParentNode

const isElement = (node: Node): node is Element => 'tagName' in node
const childrenOf = (node: Node): Node[] => ('childNodes' in node ? node.childNodes : [])

/** All elements below, in the order of the page. Without recursion: a page may be deep. */
export function* elementsIn(root: Node): Generator<Element> {
  const open = [...childrenOf(root)].reverse()
  for (let next = open.pop(); next; next = open.pop()) {
    if (isElement(next)) yield next
    for (const child of [...childrenOf(next)].reverse()) open.push(child)
  }
}

/** What its comments say. */
export function commentsIn(root: Node): string[] {
  const said = [root, ...elementsIn(root)].flatMap(childrenOf)
  return said.flatMap((each) => (each.nodeName === '#comment' && 'data' in each ? each.data.trim() : []))
}

export const attribute = ({ attrs }: Element, name: string): string | undefined =>
  attrs.find((each) => each.name === name)?.value

/** What can be read of it, as one line. */
export function lineOf(root: Node): string {
  const parts: string[] = []
  const open: Node[] = [root]
  for (let next = open.pop(); next; next = open.pop()) {
    if ('value' in next && next.nodeName === '#text') parts.push(next.value)
    if (isElement(next) && (next.tagName === 'script' || next.tagName === 'style')) continue
    for (const child of [...childrenOf(next)].reverse()) open.push(child)
  }
  return parts.join('').replaceAll(/\s+/g, ' ').trim()
}

/** Takes these elements out of the page. */
export function removeAll(elements: Element[]): void {
  const gone = new Set<Node>(elements)
  for (const parent of new Set(elements.flatMap(({ parentNode }) => parentNode ?? []))) {
    parent.childNodes = parent.childNodes.filter((each) => !gone.has(each))
  }
}

/** Its inside as HTML. */
export const innerHtml = (element: Element): string => serialize(element)
