import { toHtml as stringify } from 'hast-util-to-html'
import type { Block } from './schema.ts'
import { toHast } from './to-hast.ts'

/** Renders a body as an HTML fragment, all text and attributes escaped: safe to insert into a page as it is. */
export function toHtml(blocks: readonly Block[]): string {
  return stringify({ type: 'root', children: toHast(blocks) })
}
