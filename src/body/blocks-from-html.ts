import type { Element, ElementContent } from 'hast'
import { BLOCKS, EMBEDS } from './elements.ts'
import { toSpans } from './inline.ts'
import { type Block, type CodeBlock, type EmbedBlock, type ImageBlock, MAX_LINE } from './schema.ts'
import { tidyCode, tidyLine } from './tidy.ts'
import { cleanUrl, cleanWebUrl, isImageUrl, isWebUrl } from './url.ts'

/** The text of a node (or a string) on one line; undefined where it is empty or too long for a caption. */
export function captionText(from: ElementContent | string): string | undefined {
  const text = tidyLine(typeof from === 'string' ? from : lines(from))
  return text === '' || text.length > MAX_LINE ? undefined : text
}

function lines(node: ElementContent): string {
  if (node.type === 'text') return node.value
  if (node.type !== 'element' || node.tagName === 'iframe') return ''
  if (node.tagName === 'br') return ' '
  const inside = node.children.map(lines).join('')
  return BLOCKS.includes(node.tagName) ? ` ${inside} ` : inside
}

/** The image block for an `<img>`; undefined where its address is not one a body may hold. */
export function imageOf(node: Element): ImageBlock | undefined {
  const url = cleanUrl(String(node.properties.src ?? ''))
  if (node.tagName !== 'img' || !isImageUrl(url)) return undefined
  const alt = altOf(node)
  return { _type: 'image', url, alt: alt.length > MAX_LINE ? '' : alt }
}

/** What an `<img>` says that no image block holds: its alternative text, where there is none or where it is too long. */
export function altBesideImage(node: Element): string {
  const alt = altOf(node)
  return alt.length > MAX_LINE || !imageOf(node) ? alt : ''
}

const altOf = ({ tagName, properties }: Element) => (tagName === 'img' ? tidyLine(String(properties.alt ?? '')) : '')

/** The embed block for an iframe, embed, video or audio element; undefined where none of its addresses is http(s). */
export function embedOf(node: Element): EmbedBlock | undefined {
  const sources = [node, ...node.children.filter((child) => child.type === 'element' && child.tagName === 'source')]
  const url = sources
    .map((each) => cleanWebUrl('properties' in each ? String(each.properties.src ?? '') : ''))
    .find(isWebUrl)
  const title = captionText(String(node.properties.title ?? ''))
  return url === undefined ? undefined : { _type: 'embed', url, ...(title && title !== url ? { title } : {}) }
}

/** The embed block for `<figure data-embed="url">`, as `toHtml` writes it; undefined for other figures. */
export function embedFigure(node: Element): EmbedBlock | undefined {
  const url = cleanWebUrl(String(node.properties.dataEmbed ?? ''))
  const title = captionText(node)
  if (!isWebUrl(url) || !title || hasMedia(node)) return undefined
  return { _type: 'embed', url, ...(title !== url ? { title } : {}) }
}

/**
 * The image block for a figure of one picture and at most one caption; undefined where that would leave text behind.
 */
export function imageFigure(node: Element): ImageBlock | undefined {
  const all = descendants(node, MAX_INSIDE) ?? []
  const media = all.filter(isMedia)
  const captions = all.filter(({ tagName }) => tagName === 'figcaption')
  const image = media[0] && imageOf(media[0])
  if (!media[0] || !image || media.length > 1 || captions.length > 1 || altBesideImage(media[0])) return undefined
  const caption = captions[0]
  if (!caption) return tidyLine(lines(node)) === '' ? image : undefined
  if (tidyLine(lines(node)) !== tidyLine(lines(caption)) || hasMedia(caption)) return undefined
  const last = caption.children.at(-1)
  const creditNode = last?.type === 'element' && last.properties.dataCredit !== undefined ? last : undefined
  const credit = creditNode && captionText(creditNode)
  const uncredited = { ...caption, children: credit ? caption.children.slice(0, -1) : caption.children }
  const rest = captionText(uncredited)
  if (!rest && tidyLine(lines(uncredited)) !== '') return undefined
  return { ...image, ...(rest ? { caption: rest } : {}), ...(credit ? { credit } : {}) }
}

/** The code block for a preformatted element, and the media found inside it. */
export function codeBlock(node: Element): { block: CodeBlock | undefined; media: Block[] } {
  const all = [node, ...(descendants(node, Infinity) ?? [])]
  const classes = all.flatMap(({ properties }) => [properties.className ?? []].flat()).map(String)
  const language = /^lang(?:uage)?-([A-Za-z0-9_+#.-]{1,40})$/.exec(classes[0] ?? '')?.[1]
  const code = tidyCode(preformatted(node))
  const media = all.flatMap((each) =>
    each.tagName === 'img' ? picture(each) : isMedia(each) ? (embedOf(each) ?? []) : [],
  )
  return { block: code === '' ? undefined : { _type: 'code', code, ...(language ? { language } : {}) }, media }
}

// An alternative text without a picture stands in the code itself, where a browser shows it.
function picture(node: Element): Block[] {
  const image = imageOf(node)
  const text = altBesideImage(node)
  if (!image) return []
  return text === '' ? [image] : [image, { _type: 'block', ...toSpans([{ text, decorators: [] }]) }]
}

// Editors paste each line of code as an element of its own.
function preformatted(root: Element): string {
  let out = ''
  const newLine = () => {
    if (out !== '' && !out.endsWith('\n')) out += '\n'
  }
  const visit = (node: ElementContent) => {
    if (node.type === 'text') out += node.value
    if (node.type !== 'element') return
    if (node.tagName === 'br') out += '\n'
    const shown = isMedia(node) && (imageOf(node) ?? embedOf(node))
    const apart = shown || BLOCKS.includes(node.tagName)
    if (apart) newLine()
    if (!shown) out += altBesideImage(node)
    if (!shown && node.tagName !== 'iframe') node.children.forEach(visit)
    if (apart) newLine()
  }
  root.children.forEach(visit)
  return out
}

/** True where a picture or an embed is somewhere inside, or where there is too much inside for a caption. */
export const hasMedia = (node: Element): boolean => descendants(node, MAX_INSIDE)?.some(isMedia) ?? true

const isMedia = ({ tagName }: Element) => tagName === 'img' || EMBEDS.includes(tagName)

// Figures may stand in figures: looking through all of each would take quadratic time.
const MAX_INSIDE = 60

// In the order of the document; undefined where there are more than `max`.
function descendants(node: Element, max: number): Element[] | undefined {
  const out: Element[] = []
  const collect = (from: Element): boolean =>
    from.children.every((child) => child.type !== 'element' || (out.push(child) <= max && collect(child)))
  return collect(node) ? out : undefined
}
