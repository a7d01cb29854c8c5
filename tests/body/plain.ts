import type { Nodes } from 'hast'
import { fromHtml as parseDocument } from 'hast-util-from-html'

// Written apart from the converters on purpose: what a reader sees of a page, as one line of words.
const LINES = new Set(
  `address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure footer
  form h1 h2 h3 h4 h5 h6 header hgroup hr iframe audio embed legend li listing main menu nav ol optgroup option p
  plaintext pre search section summary table tbody td tfoot th thead tr ul video xmp`.split(/\s+/),
)
const UNSEEN = new Set(`script style template title iframe noembed noframes video audio annotation`.split(' '))

/** The text of an HTML fragment as one line, blocks parted by a space; nothing of scripts, styles or embeds. */
export function plain(html: string): string {
  return fold(textOf(parseDocument(`<!doctype html><body>${html}`)))
}

export const fold = (text: string): string => text.replace(/[ \t\n\f\r]+/g, ' ').replace(/^ | $/g, '')

function textOf(node: Nodes): string {
  if (node.type === 'text') return node.value
  if (!('children' in node)) return ''
  if (node.type === 'root') return node.children.map(textOf).join('')
  if (node.properties.dataEmbed !== undefined || UNSEEN.has(node.tagName)) return LINES.has(node.tagName) ? ' ' : ''
  // Where there is no picture to see, a reader is told what it would show.
  if (node.tagName === 'img') {
    return /^(?:https?:|\/)/.test(String(node.properties.src ?? '')) ? ' ' : String(node.properties.alt ?? '')
  }
  const inside = node.children.map(textOf).join('')
  return LINES.has(node.tagName) ? ` ${inside} ` : inside
}
