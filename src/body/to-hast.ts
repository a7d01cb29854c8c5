import type { Element, ElementContent, Properties } from 'hast'
import { type Decorator, ELEMENT_OF } from './decorators.ts'
import { type Link, type Run, toRuns } from './inline.ts'
import type { Block, EmbedBlock, ImageBlock, TableBlock, TableCell, TextBlock } from './schema.ts'
import { isEmptyTable, tidyCode, tidyLine } from './tidy.ts'

/** What is done to the runs of each block or cell before they are rendered. */
export type Prepare = (runs: Run[]) => Run[]

/**
 * The HTML tree for a body. Blocks without any text or address leave nothing behind; white space is folded as a
 * browser shows it.
 */
export function toHast(blocks: readonly Block[], prepare: Prepare = (runs) => runs): ElementContent[] {
  // What leaves nothing behind must be gone before neighbours are looked for.
  const pieces = blocks.map((block) => pieceOf(block, prepare)).filter(({ content }) => content.length > 0)
  return groupsOf(pieces, isQuote).flatMap((group) => {
    const content = flow(group)
    return group[0] && isQuote(group[0]) ? element('blockquote', {}, content) : content
  })
}

interface Piece {
  block: Block
  content: ElementContent[]
}

function pieceOf(block: Block, prepare: Prepare): Piece {
  if (block._type === 'block') return { block, content: inline(prepare(toRuns(block))) }
  const rendered = special(block, prepare)
  return { block, content: rendered ? [rendered] : [] }
}

function element(tagName: string, properties: Properties, children: ElementContent[]): Element {
  return { type: 'element', tagName, properties, children }
}

const text = (value: string): ElementContent => ({ type: 'text', value })
const isQuote = ({ block }: Piece) => block._type === 'block' && block.style === 'blockquote'

// Neighbours for which `test` says the same.
function groupsOf<T>(parts: readonly T[], test: (part: T) => unknown): T[][] {
  const groups: T[][] = []
  parts.forEach((part, i) => {
    const before = parts[i - 1]
    const group = groups.at(-1)
    if (group && before !== undefined && test(before) === test(part)) group.push(part)
    else groups.push([part])
  })
  return groups
}

function flow(pieces: readonly Piece[]): ElementContent[] {
  const out: ElementContent[] = []
  let lists: OpenList[] = []
  for (const { block, content } of pieces) {
    if (block._type === 'block' && block.listItem) {
      lists = openList(lists, block.listItem, block.level ?? 1, out)
      lists.at(-1)?.list.children.push(element('li', {}, content))
      continue
    }
    lists = []
    if (block._type === 'block') out.push(element(tagOf(block), {}, content))
    else for (const each of content) out.push(each)
  }
  return out
}

interface OpenList {
  kind: string
  list: Element
}

// Leaves exactly `level` lists open, the innermost of this kind, each inside the last item of the one around it.
function openList(lists: OpenList[], kind: string, level: number, out: ElementContent[]): OpenList[] {
  const open = lists.slice(0, level)
  if (open.length === level && open.at(-1)?.kind !== kind) open.pop()
  while (open.length < level) {
    const list = element(kind === 'number' ? 'ol' : 'ul', {}, [])
    const around = open.at(-1)?.list
    if (around) itemOf(around).children.push(list)
    else out.push(list)
    open.push({ kind, list })
  }
  return open
}

function itemOf(list: Element): Element {
  const last = list.children.at(-1)
  if (last?.type === 'element') return last
  const item = element('li', {}, [])
  list.children.push(item)
  return item
}

const tagOf = ({ style = 'normal' }: TextBlock) => (style === 'normal' || style === 'blockquote' ? 'p' : style)

function special(block: Exclude<Block, TextBlock>, prepare: Prepare): Element | undefined {
  switch (block._type) {
    case 'image':
      return image(block)
    case 'embed':
      return embed(block)
    case 'table':
      return table(block, prepare)
    case 'divider':
      return element('hr', {}, [])
    case 'code': {
      const code = tidyCode(block.code)
      const properties = block.language ? { className: [`language-${block.language}`] } : {}
      return code === '' ? undefined : element('pre', {}, [element('code', properties, [text(code)])])
    }
  }
}

function image({ url, alt, caption, credit }: ImageBlock): Element {
  const said = tidyLine(caption)
  const by = tidyLine(credit)
  const inside = [
    ...(said ? [text(said)] : []),
    ...(said && by ? [text(' ')] : []),
    ...(by ? [element('cite', { dataCredit: '' }, [text(by)])] : []),
  ]
  const picture = element('img', { src: url, alt: tidyLine(alt) }, [])
  return element('figure', {}, inside.length > 0 ? [picture, element('figcaption', {}, inside)] : [picture])
}

function embed({ url, title }: EmbedBlock): Element {
  return element('figure', { dataEmbed: url }, [element('a', { href: url }, [text(tidyLine(title) || url)])])
}

function table({ rows, caption }: TableBlock, prepare: Prepare): Element | undefined {
  const said = tidyLine(caption)
  const lines = rows.map(({ cells }) =>
    element(
      'tr',
      {},
      cells.map((cell) => cellElement(cell, prepare)),
    ),
  )
  if (isEmptyTable(lines)) return said ? element('p', {}, [text(said)]) : undefined
  const headed = rows[0]?.cells.every((cell) => cell.header) ? 1 : 0
  const head = headed ? [element('thead', {}, lines.slice(0, 1))] : []
  const body = lines.length > headed ? [element('tbody', {}, lines.slice(headed))] : []
  return element('table', {}, [...(said ? [element('caption', {}, [text(said)])] : []), ...head, ...body])
}

const cellElement = (cell: TableCell, prepare: Prepare) =>
  element(cell.header ? 'th' : 'td', {}, inline(prepare(toRuns(cell))))

type Format = Link | Decorator
const formats = ({ link, decorators }: Run): Format[] => (link ? [link, ...decorators] : [...decorators])

// Neighbours with the same outermost format share one element, so that each link is one link.
function inline(runs: readonly Run[], depth = 0): ElementContent[] {
  return groupsOf(runs, (run) => formats(run)[depth]).flatMap((group) => {
    const format = group[0] && formats(group[0])[depth]
    if (format === undefined) return group.flatMap(({ text }) => withBreaks(text))
    const inside = inline(group, depth + 1)
    if (typeof format === 'string') return element(ELEMENT_OF[format], {}, inside)
    const title = tidyLine(format.title)
    return element('a', { href: format.href, ...(title ? { title } : {}) }, inside)
  })
}

function withBreaks(value: string): ElementContent[] {
  if (value !== '' && !value.includes('\n')) return [text(value)]
  return value
    .split('\n')
    .flatMap((line, i) => [...(i > 0 ? [element('br', {}, [])] : []), ...(line === '' ? [] : [text(line)])])
}
