import { library } from '../shared/first-use.ts'
import type { Block } from './schema.ts'
import { toHast } from './to-hast.ts'

const writer = library<typeof import('hast-util-to-html')>('hast-util-to-html')

/** Renders a body as an HTML fragment, all text and attributes escaped: safe to insert into a page as it is. */
export function toHtml(blocks: readonly Block[]): string {
  return writer().toHtml({ type: 'root', children: toHast(blocks) })
}
