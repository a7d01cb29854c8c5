import type { Block, LinkMark, Span, TableCell, TableRow } from './schema.ts'

/**
 * Fills what is optional on input: `_key` (by position, avoiding taken keys), style, level, marks and markDefs.
 * Changes no text; idempotent.
 */
export function normaliseBody(blocks: readonly Block[]): Block[] {
  return withKeys(blocks, 'b').map((block): Block => {
    switch (block._type) {
      case 'block': {
        const { _type, _key, style, listItem, level, ...marked } = block
        const list = listItem ? { listItem, level: level ?? 1 } : level ? { level } : {}
        return { _type, _key, style: style ?? 'normal', ...list, ...normaliseMarked(marked) }
      }
      case 'table':
        return { ...block, rows: withKeys(block.rows, 'r').map(normaliseRow) }
      default:
        return block
    }
  })
}

function normaliseRow(row: TableRow): TableRow {
  const cells = withKeys(row.cells, 'c').map(
    ({ children, markDefs, ...cell }): TableCell => ({ ...cell, ...normaliseMarked({ children, markDefs }) }),
  )
  return { ...row, cells }
}

function normaliseMarked({ children, markDefs }: { children: Span[]; markDefs?: LinkMark[] | undefined }) {
  const spans = withKeys(children, 's').map((span): Span => ({ ...span, marks: span.marks ?? [] }))
  return { children: spans, markDefs: markDefs ?? [] }
}

// Keys follow the position, so that the same text sent twice has the same keys and a comparison shows no change.
function withKeys<T extends { _type: string; _key?: string | undefined }>(parts: readonly T[], prefix: string): T[] {
  const taken = new Set(parts.map((part) => part._key))
  return parts.map((part, i) => {
    if (part._key !== undefined) return part
    let key = `${prefix}${i + 1}`
    for (let n = 2; taken.has(key); n++) key = `${prefix}${i + 1}-${n}`
    taken.add(key)
    return { ...part, _key: key }
  })
}
