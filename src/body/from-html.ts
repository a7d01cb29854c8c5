import type { Element, ElementContent, RootContent } from 'hast'
import {
  altBesideImage,
  captionText,
  codeBlock,
  embedFigure,
  embedOf,
  hasMedia,
  imageFigure,
  imageOf,
} from './blocks-from-html.ts'
import { DECORATOR_OF, type Decorator, inOrder } from './decorators.ts'
import { BLOCKS, CODE, EMBEDS, LISTS } from './elements.ts'
import { type Link, type Run, tidyRuns, toSpans } from './inline.ts'
import { normaliseBody } from './normalise.ts'
import { parseHtml } from './parse-html.ts'
import { type Block, MAX_LEVEL, type TableCell, type TableRow, type TextBlock } from './schema.ts'
import { oneBlank } from './tidy.ts'
import { cleanUrl, isHref } from './url.ts'

/**
 * Converts an HTML fragment or document to normalised blocks. Keeps all text that a browser would show, and what stands
 * in for a picture that is not kept; scripts, styles and handlers vanish. Throws `BodyTooDeep`.
 */
export function fromHtml(html: string): Block[] {
  const sink: Sink = { blocks: [], runs: [], afterTable: [] }
  const place: Place = { style: 'normal', decorators: [], quoted: false, inCell: false, level: 0 }
  walkAll(parseHtml(html).children, place, sink)
  flush(place, sink)
  return normaliseBody(sink.blocks)
}

/** What has been made so far: finished blocks, and the text of the block now open. */
interface Sink {
  blocks: Block[]
  runs: Run[]
  afterTable: Block[]
}

/** What the elements around a node say about it. */
interface Place {
  style: NonNullable<TextBlock['style']>
  decorators: readonly Decorator[]
  link?: Link | undefined
  quoted: boolean
  inCell: boolean
  level: number
  kind?: 'bullet' | 'number' | undefined
  /** The list item around; `used` once it has a block, so that one item never becomes two. */
  item?: { used: boolean } | undefined
}

function walkAll(nodes: readonly (RootContent | ElementContent)[], place: Place, sink: Sink): void {
  for (const node of nodes) {
    if (node.type === 'text') sink.runs.push({ ...format(place), text: oneBlank(node.value) })
    else if (node.type === 'element') walk(node, place, sink)
  }
}

const format = ({ decorators, link }: Place) => ({ decorators, link })

function walk(node: Element, place: Place, sink: Sink): void {
  const { tagName, children } = node
  const decorator = DECORATOR_OF.get(tagName)
  if (decorator) walkAll(children, { ...place, decorators: inOrder([...place.decorators, decorator]) }, sink)
  else if (tagName === 'a') walkAll(children, { ...place, link: linkOf(node) ?? place.link }, sink)
  else if (tagName === 'br') sink.runs.push({ ...format(place), text: '\n' })
  else if (tagName === 'img') picture(node, place, sink)
  else if (tagName === 'hr') divider(place, sink)
  else if (EMBEDS.includes(tagName)) embed(node, place, sink)
  else if (CODE.includes(tagName)) code(node, place, sink)
  else if (LISTS.includes(tagName)) list(node, place, sink)
  else if (tagName === 'li') item(node, place, sink)
  else if (tagName === 'figure') figure(node, place, sink)
  else if (tagName === 'table' && !place.inCell) table(node, place, sink)
  else if (BLOCKS.includes(tagName)) container(node, place, sink)
  else walkAll(children, place, sink)
}

function linkOf({ properties }: Element): Link | undefined {
  const href = cleanUrl(String(properties.href ?? ''))
  const title = properties.title ? captionText(String(properties.title)) : undefined
  return isHref(href) ? { href, title } : undefined
}

function flush(place: Place, sink: Sink): void {
  const runs = tidyRuns(sink.runs)
  sink.runs = []
  if (runs.length === 0) return
  const asItem = place.item?.used === false
  if (place.item) place.item.used = true
  const style = asItem ? (place.quoted ? 'blockquote' : 'normal') : place.style
  const list = asItem ? { listItem: place.kind ?? 'bullet', level: place.level } : {}
  sink.blocks.push({ _type: 'block', style, ...list, ...toSpans(runs) })
}

// A cell holds one text, and so does a list item: paragraphs in them become lines.
function boundary(place: Place, sink: Sink): void {
  if (place.inCell || place.item?.used === false) sink.runs.push({ text: '', decorators: [], edge: true })
  else flush(place, sink)
}

function put(block: Block | undefined, place: Place, sink: Sink): void {
  if (!block) return
  if (place.inCell) {
    sink.afterTable.push(block)
    sink.runs.push({ ...format(place), text: ' ' })
  } else {
    flush(place, sink)
    sink.blocks.push(block)
  }
}

// Without its picture an alternative text is read where the picture would stand, as a browser shows it.
function picture(node: Element, place: Place, sink: Sink): void {
  const image = imageOf(node)
  const text = altBesideImage(node)
  put(image, place, sink)
  if (text === '') return
  if (image) boundary(place, sink)
  sink.runs.push({ ...format(place), text })
  if (image) boundary(place, sink)
}

function divider(place: Place, sink: Sink): void {
  if (place.inCell) boundary(place, sink)
  else put({ _type: 'divider' }, place, sink)
}

function container({ tagName, children }: Element, place: Place, sink: Sink): void {
  const heading = /^h[1-6]$/.test(tagName)
  const inner = { ...place }
  if (tagName === 'blockquote') inner.quoted = true
  if (tagName === 'blockquote') inner.style = 'blockquote'
  if (heading) inner.style = HEADINGS.find((style) => style === tagName) ?? 'h2'
  boundary(place, sink)
  walkAll(children, inner, sink)
  boundary(inner, sink)
}

// The h1 of a page is its headline, which a body does not hold.
const HEADINGS = ['h2', 'h3', 'h4', 'h5', 'h6'] as const

function item(node: Element, place: Place, sink: Sink): void {
  if (place.inCell) {
    container(node, place, sink)
    return
  }
  flush(place, sink)
  const inner: Place = { ...place, item: { used: false }, level: Math.max(1, place.level) }
  walkAll(node.children, inner, sink)
  flush(inner, sink)
}

function list(node: Element, place: Place, sink: Sink): void {
  if (place.inCell) {
    container(node, place, sink)
    return
  }
  flush(place, sink)
  const kind = node.tagName === 'ol' ? 'number' : 'bullet'
  const inner: Place = { ...place, kind, level: Math.min(MAX_LEVEL, place.level + 1), item: undefined }
  walkAll(node.children, inner, sink)
  flush(inner, sink)
}

function embed(node: Element, place: Place, sink: Sink): void {
  const block = embedOf(node)
  if (block) put(block, place, sink)
  // What stands inside an iframe is markup for browsers of long ago, which the parser hands over as text.
  else if (node.tagName !== 'iframe') walkAll(node.children, place, sink)
}

function figure(node: Element, place: Place, sink: Sink): void {
  const block = place.inCell ? undefined : (embedFigure(node) ?? imageFigure(node))
  if (block) put(block, place, sink)
  else container(node, place, sink)
}

function code(node: Element, place: Place, sink: Sink): void {
  const { block, media } = codeBlock(node)
  boundary(place, sink)
  if (!place.inCell) put(block, place, sink)
  else {
    sink.runs.push({ ...format(place), text: block?.code ?? '' })
    boundary(place, sink)
  }
  for (const each of media) put(each, place, sink)
}

// A caption that comes late, or anything that is neither row nor caption, ends one table and begins the next, so that
// no text changes places.
function table(node: Element, place: Place, sink: Sink): void {
  flush(place, sink)
  let rows: TableRow[] = []
  let caption: string | undefined
  const finish = () => {
    const full = rows.filter((row) => row.cells.length > 0)
    const empty = caption === undefined && full.every(({ cells }) => cells.every((cell) => cell.children.length === 0))
    if (!empty && full.length > 0) sink.blocks.push({ _type: 'table', rows: full, ...(caption ? { caption } : {}) })
    else if (caption) sink.blocks.push({ _type: 'block', ...toSpans([{ text: caption, decorators: [] }]) })
    for (const block of sink.afterTable.splice(0)) sink.blocks.push(block)
    rows = []
    caption = undefined
  }
  const visit = (nodes: readonly ElementContent[]) => {
    for (const child of nodes) {
      if (child.type === 'text' && child.value.trim() === '') continue
      const tagName = child.type === 'element' ? child.tagName : ''
      if (child.type === 'element' && /^(?:thead|tbody|tfoot)$/.test(tagName)) visit(child.children)
      else if (child.type === 'element' && tagName === 'tr') {
        rows.push({ _type: 'row', cells: [] })
        visit(child.children)
      } else if (child.type === 'element' && /^t[dh]$/.test(tagName)) {
        if (rows.length === 0) rows.push({ _type: 'row', cells: [] })
        rows.at(-1)?.cells.push(cellOf(child, place, sink))
      } else {
        const first = tagName === 'caption' && rows.length === 0 && caption === undefined
        const text = first && child.type === 'element' && !hasMedia(child) ? captionText(child) : undefined
        if (text !== undefined) caption = text
        else {
          finish()
          walkAll([child], place, sink)
          flush(place, sink)
        }
      }
    }
  }
  visit(node.children)
  finish()
}

function cellOf(node: Element, place: Place, sink: Sink): TableCell {
  const inner: Sink = { blocks: [], runs: [], afterTable: sink.afterTable }
  walkAll(node.children, { ...place, inCell: true, item: undefined }, inner)
  const header = node.tagName === 'th' ? { header: true } : {}
  return { _type: 'cell', ...header, ...toSpans(tidyRuns(inner.runs)) }
}
