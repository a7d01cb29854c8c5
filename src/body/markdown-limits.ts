import type { Nodes, Root, Table } from 'mdast'
import { BodyTooDeep, MAX_DEPTH, MAX_ELEMENTS } from './too-deep.ts'
import { MAX_URL } from './url.ts'

// micromark pairs the signs of one paragraph with each other, and looks for the end of a comment or of code up to
// the end of the paragraph: its time grows with the product. Each of these products stands for about one second; prose
// stays below by a factor of a thousand.
const MAX_PAIRS = { emphasis: 4e7, bracket: 4e8, markup: 1.5e8 }
const MAX_LINES = 20_000
const MAX_MARKERS = 100
// Each two columns may be a list that the line is inside of, and every line asks each of its lists.
const MAX_INDENT = 200_000

/**
 * Throws `BodyTooDeep` for Markdown whose parse would take many seconds although it is short. Linear in the length of
 * the text.
 */
export function refuseCostlyMarkdown(text: string): void {
  const lines = text.split(/\r\n?|\n/)
  if (lines.length > MAX_LINES) throw new BodyTooDeep(`The text has more than ${MAX_LINES} lines`)
  let indent = 0
  const pairs = { emphasis: 0, bracket: 0, markup: 0 }
  const nothing = { emphasis: 0, bracket: 0, markup: 0, length: 0 }
  let here = { ...nothing }
  const ticks = new Set<number>()
  const close = () => {
    pairs.emphasis += here.emphasis ** 2
    pairs.bracket += here.bracket ** 2
    pairs.markup += (here.markup + ticks.size) * here.length
    here = { ...nothing }
    ticks.clear()
  }
  for (const line of lines) {
    // Only what surely parts paragraphs may part them here: blank lines, and bullets with text that are not indented.
    if (/^[ \t>]*$/.test(line) || /^ {0,3}[-+*] +[^ \t]/.test(line)) close()
    if (containerMarkers(line) > MAX_MARKERS)
      throw new BodyTooDeep(`A line opens more than ${MAX_MARKERS} quotes or lists`)
    for (const space of /^[ \t]*/.exec(line)?.[0] ?? '') indent += space === '\t' ? 4 : 1
    // An underscore inside a word is no sign of emphasis.
    here.emphasis += count(line, /(?<![\p{L}\p{N}_])_|_(?![\p{L}\p{N}_])|(?<=_)_(?=_)|[*~]/gu)
    here.bracket += count(line, /[[\]]/g)
    here.markup += count(line, /<[!?]/g)
    // Backticks look for as many others, in vain at most once for each number.
    for (const [run] of line.matchAll(/`+/g)) ticks.add(run.length)
    here.length += line.length
  }
  close()
  if (indent > MAX_INDENT) throw new BodyTooDeep(`The lines are indented by more than ${MAX_INDENT} columns in all`)
  if (pairs.emphasis > MAX_PAIRS.emphasis || pairs.bracket > MAX_PAIRS.bracket || pairs.markup > MAX_PAIRS.markup) {
    throw new BodyTooDeep('A paragraph has too many signs of emphasis, brackets or comments')
  }
}

const count = (line: string, pattern: RegExp) => line.match(pattern)?.length ?? 0

function containerMarkers(line: string): number {
  const prefix = /^(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])|[ \t])*/.exec(line)?.[0] ?? ''
  return count(prefix, />|[-+*]|\d[.)]/g)
}

/**
 * Throws `BodyTooDeep` for a tree that is too deep or would grow too large as HTML, empties addresses too long to keep,
 * and widens tables to their longest row.
 */
export function tameMarkdownTree(tree: Root): void {
  let cells = 0
  const open: { node: Nodes; depth: number }[] = [{ node: tree, depth: 0 }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, depth } = next
    if (depth > MAX_DEPTH) throw new BodyTooDeep(`The text nests deeper than ${MAX_DEPTH} elements`)
    // One definition may serve many links, each with the whole address.
    if ('url' in node && node.url.length > MAX_URL) node.url = ''
    if (node.type === 'table') cells += node.children.length * widen(node)
    if (cells > MAX_ELEMENTS) throw new BodyTooDeep(`The tables have more than ${MAX_ELEMENTS} cells`)
    if ('children' in node) for (const child of node.children) open.push({ node: child, depth: depth + 1 })
  }
}

// Rows are cut and filled up to as many cells as there are alignments: GFM has those of the header, and loses the rest.
function widen(table: Table): number {
  const align = table.align ?? []
  for (const { children } of table.children) {
    const width = children.findLastIndex((cell) => cell.children.length > 0) + 1
    while (align.length < width) align.push(null)
  }
  table.align = align
  return align.length
}
