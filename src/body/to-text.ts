import { isBlank } from './from-text.ts'
import type { Block, Span, TableBlock, TextBlock } from './schema.ts'

/**
 * Renders a body as plain text: blocks parted by one blank line, list items one per line, table cells by tabs.
 * Pictures leave their caption, embeds their title or address, dividers nothing.
 */
export function toText(blocks: readonly Block[]): string {
  const number = numbering()
  let out = ''
  let inList = false
  for (const block of blocks) {
    const item = block._type === 'block' && block.listItem !== undefined
    const text = block._type === 'block' && item ? listLine(block, number(block)) : textOf(block)
    if (!item) number(undefined)
    if (text.split('\n').every(isBlank)) continue
    out += `${out === '' ? '' : item && inList ? '\n' : '\n\n'}${text}`
    inList = item
  }
  return out
}

/** The text of spans as it stands. */
export const spanText = (spans: readonly Span[]): string => spans.map((span) => span.text).join('')

function textOf(block: Block): string {
  switch (block._type) {
    case 'block':
      return spanText(block.children)
    case 'image':
      return block.caption ?? ''
    case 'code':
      return block.code
    case 'table':
      return tableText(block)
    case 'embed':
      return block.title || block.url
    case 'divider':
      return ''
  }
}

function tableText({ rows, caption }: TableBlock): string {
  const lines = rows.map(({ cells }) => cells.map((cell) => spanText(cell.children).replace(/\s+/g, ' ')).join('\t'))
  return [...(caption ? [caption] : []), ...lines].join('\n')
}

function listLine({ level = 1, listItem, children }: TextBlock, number: number): string {
  const text = spanText(children)
  if (text.split('\n').every(isBlank)) return ''
  const indent = '  '.repeat(level - 1)
  const mark = listItem === 'number' ? `${number}. ` : '- '
  const pad = ' '.repeat(indent.length + mark.length)
  // Further lines of an item stand under its first, or they would read as paragraphs of their own.
  return text
    .split('\n')
    .map((line, i) => `${i === 0 ? indent + mark : pad}${line}`)
    .join('\n')
}

// Counts the items of each level; a shallower item or another kind of list begins the count anew.
function numbering(): (item: TextBlock | undefined) => number {
  let counts: { kind: string | undefined; count: number }[] = []
  return (item) => {
    const level = item?.level ?? 1
    const before = counts[level - 1]
    const count = item && before?.kind === item.listItem ? (before?.count ?? 0) + 1 : 1
    counts = item ? counts.slice(0, level - 1) : []
    if (item) counts[level - 1] = { kind: item.listItem, count }
    return count
  }
}
