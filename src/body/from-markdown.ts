import type { Element, Nodes as HastNodes } from 'hast'
import type { Root } from 'mdast'
import { library } from '../shared/first-use.ts'
import { footnoteHandlers } from './footnotes.ts'
import { fromHtml } from './from-html.ts'
import { refuseCostlyMarkdown, tameMarkdownTree } from './markdown-limits.ts'
import type { Block } from './schema.ts'
import { isEmptyTable } from './tidy.ts'
import { BodyTooDeep, MAX_DEPTH } from './too-deep.ts'

const parser = library<typeof import('mdast-util-from-markdown')>('mdast-util-from-markdown')
const gfmSyntax = library<typeof import('micromark-extension-gfm')>('micromark-extension-gfm')
const gfmTrees = library<typeof import('mdast-util-gfm')>('mdast-util-gfm')
const toHastOf = library<typeof import('mdast-util-to-hast')>('mdast-util-to-hast')
const writer = library<typeof import('hast-util-to-html')>('hast-util-to-html')

/**
 * Converts Markdown (CommonMark with GFM, footnotes and raw HTML) to normalised blocks. Task boxes stay as the text
 * "[x]". Throws `BodyTooDeep`.
 */
export function fromMarkdown(markdown: string): Block[] {
  const text = markdown.toWellFormed()
  refuseCostlyMarkdown(text)
  return fromHtml(withoutOverflow(() => toHtml(parseMarkdown(text))))
}

function parseMarkdown(text: string): Root {
  // A task box would become an <input>, which a body cannot hold.
  const plainBoxes = { disable: { null: ['tasklistCheck'] } }
  // The only transform looks for addresses a second time, by patterns that take quadratic time.
  const extensions = gfmTrees()
    .gfmFromMarkdown()
    .map((each) => ({ ...each, transforms: [] }))
  const syntax = [gfmSyntax().gfm({ singleTilde: false }), plainBoxes]
  const tree = parser().fromMarkdown(text, { extensions: syntax, mdastExtensions: extensions })
  tameMarkdownTree(tree)
  return tree
}

// Through a string, not node by node: raw HTML may begin in one node and end in another, and this way one bounded
// parser reads it all.
function toHtml(tree: Root): string {
  const handlers = footnoteHandlers(tree)
  const footnotes = { footnoteBackContent: () => '', footnoteLabelTagName: 'hr' }
  const hast = toHastOf().toHast(tree, { allowDangerousHtml: true, ...footnotes, handlers })
  tidy(hast)
  return writer().toHtml(hast, { allowDangerousHtml: true })
}

function tidy(node: HastNodes): void {
  if (!('children' in node)) return
  // `toMarkdown` writes an empty header for a table that has none.
  node.children = node.children.filter(
    (child) => !(child.type === 'element' && child.tagName === 'thead' && isEmptyHead(child)),
  )
  // Blocks have no anchors: a number that linked to a footnote would lead nowhere.
  if (node.type === 'element' && node.properties.dataFootnoteRef !== undefined) node.properties = {}
  if (node.type === 'element' && node.properties.id === 'footnote-label') node.children = []
  node.children.forEach(tidy)
}

const isEmptyHead = ({ children }: Element) =>
  isEmptyTable(
    children
      .filter((row) => row.type === 'element')
      .map((row) => ({ ...row, children: row.children.filter((cell) => cell.type === 'element') })),
  )

// The libraries walk trees by recursion, and some nesting shows only while they do.
function withoutOverflow<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new BodyTooDeep(`The text nests deeper than ${MAX_DEPTH} elements`, { cause: error })
  }
}
