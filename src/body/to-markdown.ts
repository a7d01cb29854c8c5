import { gfmToMarkdown } from 'mdast-util-gfm'
import { type Options, toMarkdown as stringify } from 'mdast-util-to-markdown'
import { edgesOutside } from './inline.ts'
import type { Block } from './schema.ts'
import { toHast } from './to-hast.ts'
import { toMdast } from './to-mdast.ts'

// "www." followed by anything but a space makes a link (GFM 6.9), of which the extension knows only a part.
const linkless: Options = {
  unsafe: [{ character: '.', before: '[Ww]', inConstruct: 'phrasing', notInConstruct: ['autolink', 'link', 'image'] }],
}

/**
 * Renders a body as GitHub Flavored Markdown. What Markdown has no sign for (underline, sub, sup, lines in cells)
 * stays as inline HTML.
 */
export function toMarkdown(blocks: readonly Block[]): string {
  const children = toMdast(toHast(blocks, edgesOutside))
  return stringify({ type: 'root', children }, { extensions: [gfmToMarkdown(), linkless], bullet: '-' })
}
