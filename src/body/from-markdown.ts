import type { Element, Nodes as HastNodes } from 'hast'
import { toHtml as stringify } from 'hast-util-to-html'
import type { Root } from 'mdast'
import { fromMarkdown as parse } from 'mdast-util-from-markdown'
import { gfmFromMarkdown } from 'mdast-util-gfm'
import { toHast } from 'mdast-util-to-hast'
import { gfm } from 'micromark-extension-gfm'
import { footnoteHandlers } from './footnotes.ts'
import { fromHtml } from './from-html.ts'
import { refuseCostlyMarkdown, tameMarkdownTree } from './markdown-limits.ts'
import type { Block } from './schema.ts'
import { isEmptyTable } from './tidy.ts'
import { BodyTooDeep, MAX_DEPTH } from './too-deep.ts'

/**
 * Converts Markdown (CommonMark with GFM, footnotes and raw HTML) to normalised blocks. Task boxes stay as the text
 * "[x]". Throws `BodyTooDeep`.
 */
export function fromMarkdown(markdown: string): Block[] {
  const text = markdown.toWellFormed()
  refuseCostlyMarkdown(text)
  return fromHtml(withoutOverflow(() => toHtml(parseMarkdown(text))))
}

type Syntax = ReturnType<typeof gfm>

// Put together once: it takes a tenth of the time of a text.
const syntax = gfm({ singleTilde: false })
// The only transform looks for addresses a second time, by patterns that take quadratic time.
const trees = gfmFromMarkdown().map((each) => ({ ...each, transforms: [] }))

/** Each construct is asked at each of its signs, and the one for addresses of e-mail at the beginning of each word: a quarter of the time. */
const withoutMail: Syntax = { ...syntax, text: without('emailAutolink', syntax.text ?? {}) }

function without(name: string, all: NonNullable<Syntax['text']>): NonNullable<Syntax['text']> {
  const left = Object.entries(all).map(([code, some]) => {
    const constructs = [some].flat().filter((each) => each !== undefined && each.name !== name)
    return [code, constructs] as const
  })
  return Object.fromEntries(left) as NonNullable<Syntax['text']>
}

/** What a text cannot have, as it has none of its signs: it need not be looked for in each line. */
function absentIn(text: string): string[] {
  const footnotes = ['gfmFootnoteDefinition', 'gfmFootnoteCall', 'gfmPotentialFootnoteCall']
  return [
    // A task box would become an <input>, which a body cannot hold.
    'tasklistCheck',
    ...(/\||:-|-:/.test(text) ? [] : ['table']),
    ...(text.includes('~') ? [] : ['strikethrough']),
    ...(text.includes('[^') ? [] : footnotes),
  ]
}

function parseMarkdown(text: string): Root {
  const extensions = [text.includes('@') ? syntax : withoutMail, { disable: { null: absentIn(text) } }]
  const tree = parse(text, { extensions, mdastExtensions: trees })
  tameMarkdownTree(tree)
  return tree
}

// Through a string, not node by node: raw HTML may begin in one node and end in another, and this way one bounded
// parser reads it all.
function toHtml(tree: Root): string {
  const handlers = footnoteHandlers(tree)
  const footnotes = { footnoteBackContent: () => '', footnoteLabelTagName: 'hr' }
  const hast = toHast(tree, { allowDangerousHtml: true, ...footnotes, handlers })
  tidy(hast)
  return stringify(hast, { allowDangerousHtml: true })
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
