import { DECORATORS } from './decorators.ts'
import type { Block, LinkMark, Span } from './schema.ts'

/** A rule broken at `path` (array indexes and property names), with what would be right. */
export interface BodyIssue {
  path: (string | number)[]
  message: string
}

/** The most characters (UTF-16 code units) that all texts of one body may have together. */
export const MAX_TEXT = 1_000_000

/** The rules that no single field can tell: keys unique in their array, marks that exist, total length, list styles. */
export function bodyIssues(blocks: readonly Block[]): BodyIssue[] {
  const issues: BodyIssue[] = []
  uniqueKeys(blocks, [], issues)
  blocks.forEach((block, i) => {
    if (block._type === 'block') {
      marksExist(block, [i], issues)
      if (block.listItem && block.style && block.style !== 'normal' && block.style !== 'blockquote') {
        issues.push({ path: [i, 'style'], message: "A list item has the style 'normal' or 'blockquote'" })
      }
    }
    if (block._type !== 'table') return
    uniqueKeys(block.rows, [i, 'rows'], issues)
    block.rows.forEach((row, r) => {
      uniqueKeys(row.cells, [i, 'rows', r, 'cells'], issues)
      row.cells.forEach((cell, c) => {
        marksExist(cell, [i, 'rows', r, 'cells', c], issues)
      })
    })
  })
  const total = blocks.reduce((sum, block) => sum + textLength(block), 0)
  if (total > MAX_TEXT)
    issues.push({ path: [], message: `Must hold at most ${MAX_TEXT} characters; it holds ${total}` })
  return issues
}

type Path = (string | number)[]
interface Marked {
  children: Span[]
  markDefs?: LinkMark[] | undefined
}

function uniqueKeys(parts: readonly { _key?: string | undefined }[], path: Path, issues: BodyIssue[]): void {
  const seen = new Map<string, number>()
  parts.forEach(({ _key }, i) => {
    if (_key === undefined) return
    const first = seen.get(_key)
    if (first === undefined) seen.set(_key, i)
    else
      issues.push({ path: [...path, i, '_key'], message: `Must be unique in its array; item ${first} has it already` })
  })
}

function marksExist({ children, markDefs = [] }: Marked, path: Path, issues: BodyIssue[]): void {
  uniqueKeys(children, [...path, 'children'], issues)
  uniqueKeys(markDefs, [...path, 'markDefs'], issues)
  const decorators = new Set<string>(DECORATORS)
  const links = new Set(markDefs.map((def) => def._key))
  markDefs.forEach((def, d) => {
    if (decorators.has(def._key)) {
      issues.push({ path: [...path, 'markDefs', d, '_key'], message: 'Must not be the name of a decorator' })
    }
  })
  children.forEach((span, s) => {
    span.marks?.forEach((mark, m) => {
      if (decorators.has(mark) || links.has(mark)) return
      const message = `Must be one of ${DECORATORS.join(', ')}, or the _key of one of this block's markDefs`
      issues.push({ path: [...path, 'children', s, 'marks', m], message })
    })
  })
}

const lengthOf = (...texts: (string | undefined)[]) => texts.reduce((sum, text) => sum + (text?.length ?? 0), 0)
const spansLength = ({ children, markDefs = [] }: Marked) =>
  children.reduce((sum, span) => sum + span.text.length, 0) +
  markDefs.reduce((sum, def) => sum + lengthOf(def.href, def.title), 0)

function textLength(block: Block): number {
  switch (block._type) {
    case 'block':
      return spansLength(block)
    case 'image':
      return lengthOf(block.url, block.alt, block.caption, block.credit)
    case 'code':
      return block.code.length
    case 'embed':
      return lengthOf(block.url, block.title)
    case 'table':
      return block.rows
        .flatMap((row) => row.cells)
        .reduce((sum, cell) => sum + spansLength(cell), lengthOf(block.caption))
    case 'divider':
      return 0
  }
}
