import type { Element, Nodes as HastNodes } from 'hast'
import type { Root } from 'mdast'
import { library, onFirstUse } from '../shared/first-use.ts'
import { footnoteHandlers } from './footnotes.ts'
import { fromHtml } from './from-html.ts'
import { refuseCostlyMarkdown, tameMarkdownTree } from './markdown-limits.ts'
import { htmlOfPlain } from './plain-markdown.ts'
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
  return fromHtml(htmlOfPlain(text) ?? htmlOfAny(text))
}

/** The HTML of any Markdown; raw HTML in it stays as it is. */
export const htmlOfAny = (text: string): string => withoutOverflow(() => toHtml(parseMarkdown(text)))

type Syntax = ReturnType<typeof import('micromark-extension-gfm').gfm>

/** Put together once: it takes a tenth of the time of a text. */
const syntaxes = onFirstUse(() => {
  const withMail = gfmSyntax().gfm({ singleTilde: false })
  return {
    withMail,
    // Each construct is asked at each of its signs, and the one for addresses of e-mail at the beginning of each word: a quarter of the time.
    plain: { ...withMail, text: without('emailAutolink', withMail.text ?? {}) },
    // The only transform looks for addresses a second time, by patterns that take quadratic time.
    trees: gfmTrees()
      .gfmFromMarkdown()
      .map((each) => ({ ...each, transforms: [] })),
  }
})

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
  const { plain, withMail, trees } = syntaxes()
  const extensions = [text.includes('@') ? withMail : plain, { disable: { null: absentIn(text) } }]
  const tree = parser().fromMarkdown(text, { extensions, mdastExtensions: trees })
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
